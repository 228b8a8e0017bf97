//! Lexical terms: the words that the word index counts.
//!
//! A term is a run of letters and digits without its plural ending; `ListView` counts as
//! `listview`, `list` and `view`. Case, width and accents do not count: `ＣＡＦÉ` is `cafe`. Chinese,
//! Japanese, Thai, Khmer, Lao and Burmese are cut into words, Korean particles are taken off. An
//! emoji is a term, too. In German, French, Spanish, Portuguese, Italian and Russian texts a word's
//! stem counts beside it.
//! Terms are kept as 32-bit hashes, so an index needs no dictionary; the words that two texts
//! share are read back from the asker's own text.

mod emoji;
mod fold;
mod scripts;
#[cfg(feature = "languages")]
mod stems;

use std::borrow::Cow;
use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use scripts::Script;

/// Changes when the terms of some text do: stored documents are counted again. Terms of ASCII texts
/// have been the same in all versions.
pub const VERSION: &str = if cfg!(feature = "languages") {
    "4"
} else {
    "3 pairs"
};

/// Longer words are cut: they are hashes and generated names.
const LONGEST: usize = 40;

/// English words so common that they say nothing, sorted.
const STOP_WORDS: &[&str] = &[
    "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but",
    "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "how",
    "if", "in", "into", "is", "it", "its", "just", "me", "my", "no", "not", "of", "on", "or",
    "our", "should", "so", "some", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "to", "was", "we", "were", "what", "when", "where", "which", "while",
    "who", "will", "with", "would", "you", "your",
];

/// The hash under which a term is indexed.
pub fn hash(term: &str) -> u32 {
    xxh3_64(term.as_bytes()) as u32
}

/// A text without case, width and accents, its blanks one each: two such texts are equal where a
/// reader would call them so.
///
/// ```
/// use atlas_core::text::terms::folded;
/// assert_eq!(folded("  CRITÈRES\u{a0}d’acceptation"), folded("critères d'Acceptation"));
/// ```
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(fold::normal_width(text)),
    };
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            let start = out.len();
            out.push_str(word);
            out[start..].make_ascii_lowercase();
            continue;
        }
        let quotes = word.chars().map(|c| match c {
            '’' | '‘' | '´' | 'ʼ' => '\'',
            _ => c,
        });
        fold::fold(quotes, &mut out);
    }
    out
}

/// Calls `each` with every term of the text, words and then emoji, in order, repeated terms
/// repeatedly.
///
/// ```
/// let mut terms = Vec::new();
/// atlas_core::text::terms::for_each("The ListView's rows", &mut |term| terms.push(term.to_owned()));
/// assert_eq!(terms, ["listview", "list", "view", "row"]);
/// ```
pub fn for_each(text: &str, each: &mut dyn FnMut(&str)) {
    for_each_word(text, true, &mut |word| {
        if says_something(word) && STOP_WORDS.binary_search(&word).is_err() {
            each(word);
        }
    });
    emoji::for_each(text, each);
}

/// The same with the stem that counts beside a term, where the text's language has some.
pub fn for_each_with_stem(text: &str, each: &mut dyn FnMut(&str, Option<&str>)) {
    #[cfg(feature = "languages")]
    if let Some(stems) = stems::of(text) {
        for_each(text, &mut |term| each(term, stems.of_word(term).as_deref()));
        return;
    }
    for_each(text, &mut |term| each(term, None));
}

/// One letter says nothing; one digit does (Android 6), and one ideograph.
fn says_something(word: &str) -> bool {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) => one.is_ascii_digit() || scripts::is_ideograph(one),
        (first, _) => first.is_some(),
    }
}

/// The same with the words that say nothing by themselves: "not set" is another phrase than "set".
/// With `pairs` the neighbouring signs of scripts without blanks count as well.
fn for_each_word(text: &str, pairs: bool, each: &mut dyn FnMut(&str)) {
    let text = match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(fold::normal_width(text)),
    };
    let mut lower = String::new();
    for word in text
        .split(|c: char| !fold::is_of_word(c))
        .filter(|w| w.contains(char::is_alphanumeric))
    {
        if scripts::any(word) {
            let mut part = |part: &str| emit(part, &mut lower, each);
            for (script, run) in scripts::runs(word) {
                match script {
                    Script::Unspaced => scripts::unspaced(run, pairs, &mut part),
                    Script::Hangul => scripts::hangul(run, pairs, &mut part),
                    Script::Spaced => {
                        part(run);
                        camel_parts(run).into_iter().for_each(&mut part);
                    }
                }
            }
        } else {
            emit(word, &mut lower, each);
            for part in camel_parts(word) {
                emit(part, &mut lower, each);
            }
        }
    }
}

/// The terms of a text and their stems with how often each occurs, sorted by hash: what an index
/// stores.
pub fn count(text: &str) -> Vec<(u32, u8)> {
    let mut counts: HashMap<u32, u8> = HashMap::new();
    for_each_with_stem(text, &mut |term, stem| {
        for counted in std::iter::once(term).chain(stem) {
            let count = counts.entry(hash(counted)).or_insert(0);
            *count = count.saturating_add(1);
        }
    });
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    counts
}

/// Counted terms as bytes: four of the hash and one of the count, little end first.
pub fn to_bytes(counts: &[(u32, u8)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(counts.len() * 5);
    for (hash, count) in counts {
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.push(*count);
    }
    bytes
}

/// Reads what [`to_bytes`] wrote; an incomplete last entry is left out.
pub fn from_bytes(bytes: &[u8]) -> impl Iterator<Item = (u32, u8)> + '_ {
    bytes
        .chunks_exact(5)
        .map(|b| (u32::from_le_bytes([b[0], b[1], b[2], b[3]]), b[4]))
}

/// A text's words in order, in the form in which phrases are looked for.
#[derive(Debug, Clone, Default)]
pub struct TermLine {
    /// The words, without plural endings, with a blank before and after each.
    line: String,
    /// Their hashes, sorted: most phrases are refused by these alone.
    hashes: Vec<u32>,
}

impl TermLine {
    /// Prepares a text.
    pub fn new(text: &str) -> Self {
        let mut line = String::from(" ");
        let mut hashes = Vec::new();
        for_each_word(text, false, &mut |word| {
            line.push_str(word);
            line.push(' ');
            hashes.push(hash(word));
        });
        hashes.sort_unstable();
        hashes.dedup();
        TermLine { line, hashes }
    }

    /// Whether the text holds no word.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether another text's words stand in this one, in the same order and together.
    ///
    /// ```
    /// use atlas_core::text::terms::TermLine;
    /// let text = TermLine::new("Wrong in some time zones");
    /// assert!(text.holds(&TermLine::new("time zone")));
    /// assert!(!text.holds(&TermLine::new("zone time")));
    /// ```
    pub fn holds(&self, phrase: &TermLine) -> bool {
        !phrase.is_empty()
            && phrase
                .hashes
                .iter()
                .all(|hash| self.hashes.binary_search(hash).is_ok())
            && self.line.contains(&phrase.line)
    }
}

impl TermLine {
    /// The word in front of another text's words where they stand first in this one.
    pub(crate) fn word_before(&self, phrase: &TermLine) -> Option<&str> {
        let at = self.line.find(&phrase.line)?;
        self.line[..at]
            .rsplit(' ')
            .next()
            .filter(|word| !word.is_empty())
    }
}

/// Words or phrases that rules look for.
#[derive(Debug, Clone, Default)]
pub struct Phrases(Vec<(TermLine, String)>);

impl Phrases {
    /// Prepares phrases; one that holds no word is never found.
    pub fn new(phrases: &[String]) -> Self {
        Phrases(
            phrases
                .iter()
                .map(|phrase| (TermLine::new(phrase), phrase.clone()))
                .collect(),
        )
    }

    /// The phrases that a text holds.
    pub fn found(&self, text: &TermLine) -> Vec<&str> {
        let held = self.0.iter().filter(|(phrase, _)| text.holds(phrase));
        held.map(|(_, phrase)| phrase.as_str()).collect()
    }
}

fn emit(word: &str, lower: &mut String, each: &mut dyn FnMut(&str)) {
    lower.clear();
    fold::fold(word.chars().take(LONGEST), lower);
    each(singular(lower));
}

/// Harman's S-stemmer ("How effective is suffixing?", 1991), without its rewriting of `-ies`.
fn singular(word: &str) -> &str {
    let plural = word.len() > 3
        && word.is_ascii()
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is");
    if plural {
        &word[..word.len() - 1]
    } else {
        word
    }
}

/// The parts of a name in camel case, if there are at least two of two letters or more.
fn camel_parts(word: &str) -> Vec<&str> {
    // Most words: nothing to cut and nothing to allocate.
    if !word.chars().skip(1).any(char::is_uppercase) {
        return Vec::new();
    }
    let mut cuts = Vec::new();
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    for window in chars.windows(2) {
        if window[0].1.is_lowercase() && window[1].1.is_uppercase() {
            cuts.push(window[1].0);
        }
    }
    // The last capital of a run opens the next word: HTTPClient is HTTP and Client.
    for window in chars.windows(3) {
        if window[0].1.is_uppercase() && window[1].1.is_uppercase() && window[2].1.is_lowercase() {
            cuts.push(window[1].0);
        }
    }
    if cuts.is_empty() {
        return Vec::new();
    }
    cuts.sort_unstable();
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut start = 0;
    for cut in cuts.into_iter().chain([word.len()]) {
        if cut - start >= 2 {
            parts.push(&word[start..cut]);
        }
        start = cut;
    }
    if parts.len() >= 2 { parts } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for_each(text, &mut |term| found.push(term.to_owned()));
        found
    }

    #[test]
    fn stop_words_are_sorted_for_binary_search() {
        assert!(STOP_WORDS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn names_in_camel_case_count_whole_and_in_parts() {
        assert_eq!(terms("HTTPClient"), ["httpclient", "http", "client"]);
        assert_eq!(
            terms("createWindow()"),
            ["createwindow", "create", "window"]
        );
        assert_eq!(terms("iOS"), ["ios"]);
    }

    #[test]
    fn phrases_keep_the_words_that_turn_their_meaning() {
        let phrases = Phrases::new(&["not set".to_owned(), "android 6".to_owned()]);
        assert!(
            phrases
                .found(&TermLine::new("setUrl on Android 4 sets it"))
                .is_empty()
        );
        assert_eq!(
            phrases
                .found(&TermLine::new("It is not set on Android 6"))
                .len(),
            2
        );
    }

    #[test]
    fn plurals_meet_their_singular_and_short_words_go() {
        assert_eq!(
            terms("errors error a class status"),
            ["error", "error", "class", "status"]
        );
    }

    #[test]
    fn letters_of_any_script_are_kept() {
        assert_eq!(
            terms("Größe 東京 🎉 ❤\u{fe0f}"),
            ["grosse", "東京", "🎉", "❤"]
        );
        assert_eq!(terms("हिन्दी में त्रुटि"), ["हिन्दी", "में", "त्रुटि"]);
        assert_eq!(terms("შესვლა Մուտք"), ["შესვლა", "մուտք"]);
    }

    /// How terms were found before other scripts were looked at.
    fn terms_of_ascii(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for word in text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|w| !w.is_empty())
        {
            for part in std::iter::once(word).chain(camel_parts(word)) {
                let cut: String = part.chars().take(LONGEST).collect();
                let lower = cut.to_ascii_lowercase();
                let word = singular(&lower);
                let long = word.len() >= 2 || word.bytes().all(|b| b.is_ascii_digit());
                if long && STOP_WORDS.binary_search(&word).is_err() {
                    found.push(word.to_owned());
                }
            }
        }
        found
    }

    proptest::proptest! {
        #[test]
        fn terms_of_ascii_texts_are_what_they_always_were(text in "[ -~\n\t]{0,200}") {
            proptest::prop_assert_eq!(terms(&text), terms_of_ascii(&text));
        }
    }

    #[test]
    fn codes_names_and_versions_of_ascii_texts_have_these_terms() {
        let text = "net::ERR_CONNECTION_RESET in C:\\Users\\x\\HTTPClient.java:42 v2.10.1 ORA-00942 C++ 0x1F #7 users' status";
        assert_eq!(
            terms(text),
            [
                "net",
                "err",
                "connection",
                "reset",
                "user",
                "httpclient",
                "http",
                "client",
                "java",
                "42",
                "v2",
                "10",
                "1",
                "ora",
                "00942",
                "0x1f",
                "7",
                "user",
                "status"
            ]
        );
    }

    #[test]
    fn words_are_found_in_scripts_without_blanks_and_beside_latin() {
        let has = |text: &str, word: &str| {
            let found = terms(text);
            assert!(found.iter().any(|term| term == word), "{word} in {found:?}");
        };
        let japanese = "ログイン画面でパスワードを忘れた場合のリンクが動作しない";
        for word in ["ログイン", "画面", "パスワード", "リンク", "動作"] {
            has(japanese, word);
        }
        has("注文履歴のCSV出力が途中で止まる", "csv");
        has("注文履歴のCSV出力が途中で止まる", "出力");
        has("无法连接到扩展商店", "扩展");
        has("mac版本vscode", "vscode");
        has("로그인이 안 됨", "로그인");
        has("비밀번호찾기", "번호");
        #[cfg(feature = "languages")]
        {
            has("ไม่สามารถเข้าสู่ระบบได้", "ระบบ");
            has("サーバーエラー", "サーバ");
        }
    }

    #[test]
    fn phrases_are_found_in_scripts_without_blanks() {
        let line = TermLine::new("ログイン画面でエラー");
        assert!(line.holds(&TermLine::new("ログイン")));
        assert!(line.holds(&TermLine::new("ログイン画面")));
        assert!(!line.holds(&TermLine::new("画面ログイン")));
    }

    #[cfg(feature = "languages")]
    #[test]
    fn forms_of_one_word_share_a_stem_in_six_languages() {
        for (one, other) in [
            (
                "Die Prüfung ist für alle Rechnungen",
                "Die Rechnung ist nicht geprüft",
            ),
            (
                "Le système ne crée pas les factures",
                "La facture est créée",
            ),
            (
                "No se envían las notificaciones",
                "La notificación no llega",
            ),
            ("As permissões não são salvas", "A permissão não é salva"),
            (
                "Non è possibile caricare gli allegati",
                "L'allegato non è più il suo",
            ),
            ("Не работает сброс пароля", "Пароль не принимается"),
        ] {
            let (one_counted, other_counted) = (count(one), count(other));
            let shared = one_counted
                .iter()
                .any(|(hash, _)| other_counted.iter().any(|(other, _)| other == hash));
            assert!(shared, "{one} | {other}");
        }
    }

    #[cfg(feature = "languages")]
    #[test]
    fn english_texts_have_no_stems_even_with_letters_that_are_not_ascii() {
        for text in [
            "The café’s list is not loaded when the user scrolls — it’s empty",
            "Exporting names with umlauts (Größe) fails for all of them",
            "El Niño is in the list",
            "Ошибка",
            "無法連接",
        ] {
            for_each_with_stem(text, &mut |term, stem| {
                assert_eq!(stem, None, "{text}: {term}")
            });
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_counted(text in "(не |der |les |\\PC){0,40}") {
            for (_, times) in count(&text) {
                proptest::prop_assert!(times > 0);
            }
        }
    }

    #[test]
    fn counts_survive_a_round_trip_through_bytes() {
        let counts = count("expired password, expired session");
        assert_eq!(counts.len(), 3);
        assert!(counts.contains(&(hash("expired"), 2)));
        let bytes = to_bytes(&counts);
        assert_eq!(from_bytes(&bytes).collect::<Vec<_>>(), counts);
        assert_eq!(from_bytes(&bytes[..7]).count(), 1);
    }
}
