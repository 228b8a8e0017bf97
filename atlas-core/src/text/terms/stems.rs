//! Stems of words in languages that bend them: German, French, Spanish, Portuguese, Italian, Russian.
//!
//! A stem counts beside its word, never in its place. The language is told by the text's own
//! function words; a text of ASCII alone has none, so that its terms stay what they always were.

use std::borrow::Cow;

use snowball_stemmers_rs::{Algorithm, Stemmer};

use super::{STOP_WORDS, fold};

/// Function words of each language as they are counted, without case and accents. What English
/// writes the same way is left out.
const LANGUAGES: [(Algorithm, &[&str]); 6] = [
    (
        Algorithm::German,
        &[
            "aber", "auch", "auf", "aus", "bei", "beim", "dem", "den", "der", "das", "ein", "eine",
            "einen", "fur", "ich", "ist", "kann", "keine", "mit", "nach", "nicht", "oder", "sich",
            "und", "von", "wenn", "werden", "wird", "zu", "zum", "zur",
        ],
    ),
    (
        Algorithm::French,
        &[
            "apres", "au", "aux", "avec", "ce", "dans", "des", "du", "est", "et", "il", "je", "la",
            "le", "les", "lors", "ne", "pas", "plus", "pour", "qui", "quand", "sont", "sur", "une",
        ],
    ),
    (
        Algorithm::Spanish,
        &[
            "al", "con", "cuando", "de", "del", "el", "en", "es", "esta", "este", "la", "las",
            "los", "mas", "no", "para", "por", "que", "se", "sin", "su", "una", "y",
        ],
    ),
    (
        Algorithm::Portuguese,
        &[
            "ao", "as", "com", "da", "das", "de", "do", "dos", "em", "esta", "foi", "mais", "meu",
            "na", "nao", "no", "os", "para", "por", "quando", "que", "se", "sem", "uma",
        ],
    ),
    (
        Algorithm::Italian,
        &[
            "al", "che", "con", "da", "del", "della", "di", "dopo", "gli", "il", "la", "nel",
            "nella", "non", "per", "piu", "quando", "questo", "si", "sono", "un", "una",
        ],
    ),
    (
        Algorithm::Russian,
        &[
            "бы",
            "в",
            "если",
            "же",
            "за",
            "и",
            "из",
            "к",
            "как",
            "на",
            "не",
            "но",
            "от",
            "по",
            "после",
            "при",
            "с",
            "у",
            "что",
            "это",
            "я",
            "для",
        ],
    ),
];

/// A shorter stem is the stem of too many words.
const LEAST_LETTERS: usize = 3;

/// What finds the stems of a text's words; `None` where its language has none or is not told.
pub(super) fn of(text: &str) -> Option<Stems> {
    if text.is_ascii() {
        return None;
    }
    let mut held = [0_usize; LANGUAGES.len()];
    let mut english = 0;
    let mut word = String::new();
    for written in text.split(|c: char| !fold::is_of_word(c)) {
        word.clear();
        fold::fold(written.chars(), &mut word);
        english += usize::from(STOP_WORDS.binary_search(&word.as_str()).is_ok());
        for (held, (_, words)) in held.iter_mut().zip(&LANGUAGES) {
            *held += usize::from(words.contains(&word.as_str()));
        }
    }
    // The first of the languages that hold the most.
    let most = held.into_iter().max().unwrap_or(0);
    let best = held.iter().position(|one| *one == most)?;
    let (algorithm, _) = LANGUAGES.get(best)?;
    (most > english).then(|| Stems(Stemmer::create(*algorithm)))
}

/// Finds the stems of one language's words.
pub(super) struct Stems(Stemmer);

impl Stems {
    /// The stem of a word, where it is another word.
    pub fn of_word<'a>(&self, word: &'a str) -> Option<Cow<'a, str>> {
        let stem = self.0.stem(word);
        (stem != word && stem.chars().count() >= LEAST_LETTERS).then_some(stem)
    }
}
