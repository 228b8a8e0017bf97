//! The kinds of findings and the words by which they are found, from `data/review.toml`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::domain::Severity;
use crate::text::grammar::{GrammarPhrases, Language, Languages};
use crate::{Error, Result};

const FILE: &str = include_str!("../../../data/review.toml");
/// A text of fewer words is taken for what it seems.
const SHORT: usize = 12;
/// The least share of common words by which a longer text is of a language: reports are terse.
const LEAST_COMMON: f32 = 0.06;
/// The same of a language that is not the first: words such as "a" and "no" are in several.
const LEAST_OF_OTHERS: f32 = 0.15;
/// The language of terse texts.
const FIRST: &str = "en";
/// How many words are looked at for that.
const RECOGNIZED_BY: usize = 400;

/// The lists of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WordList {
    Quality,
    /// "and so on": lists that go on.
    #[serde(rename = "open_list")]
    Open,
    Examples,
    Discretion,
    Quantity,
    Unmeasured,
    Too,
    Sizes,
    Definite,
    Harmless,
    Purpose,
    Pronouns,
    BeforeVerb,
    Talk,
    Asks,
    Impersonal,
    Otherwise,
    Exceptional,
    Errors,
    Shown,
    Refused,
    #[serde(rename = "told")]
    ErrorShown,
    Opposites,
    Exclusive,
    Neutral,
    Grants,
    With,
    Unnamed,
    Roles,
    Anybody,
    Leads,
    Documents,
    Files,
    Attached,
    Hearsay,
    Crash,
    Defect,
    Tasks,
    Expected,
    Reproduced,
    Environment,
}

/// A kind of finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleKind {
    pub code: String,
    pub severity: Severity,
    pub question: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Placeholders {
    words: Vec<String>,
    marks: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct ReviewFile {
    #[serde(rename = "finding")]
    kinds: Vec<RuleKind>,
    placeholders: Placeholders,
    stated: Listed,
    others: Listed,
    #[serde(flatten)]
    languages: BTreeMap<String, BTreeMap<WordList, Vec<String>>>,
}

/// Everything by which tickets are reviewed.
#[derive(Debug)]
pub(super) struct ReviewRules {
    /// The most important first.
    pub kinds: Vec<RuleKind>,
    /// What stands where nobody has written yet, in any case.
    pub placeholders: GrammarPhrases,
    /// The same, in capitals only.
    pub marks: Vec<String>,
    /// What announces criteria.
    pub stated: GrammarPhrases,
    /// Common words of languages that are not known.
    others: HashSet<String>,
    languages: &'static Languages,
    words: BTreeMap<String, ReviewWords>,
}

/// The words of a language.
#[derive(Debug, Default)]
pub(super) struct ReviewWords {
    lists: HashMap<WordList, GrammarPhrases>,
    none: GrammarPhrases,
    /// Verbs and states that cannot both hold.
    opposites: Vec<(String, String)>,
}

/// The language that a ticket is written in.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReviewLanguage<'a> {
    pub name: &'a str,
    pub language: &'a Language,
    pub words: &'a ReviewWords,
}

/// The rules that ship, read once.
///
/// # Errors
/// `INVALID_VALUE` where a file that ships is not whole.
pub(super) fn rules() -> Result<&'static ReviewRules> {
    static RULES: OnceLock<ReviewRules> = OnceLock::new();
    if let Some(rules) = RULES.get() {
        return Ok(rules);
    }
    let rules = ReviewRules::shipped()?;
    Ok(RULES.get_or_init(|| rules))
}

impl ReviewRules {
    fn shipped() -> Result<Self> {
        let file: ReviewFile = toml::from_str(FILE).map_err(|error| {
            Error::invalid(
                "review rules",
                error.to_string(),
                "tables as data/review.toml has",
            )
        })?;
        let words = file.languages.into_iter();
        Ok(ReviewRules {
            kinds: file.kinds,
            placeholders: GrammarPhrases::new(&file.placeholders.words),
            marks: file.placeholders.marks,
            stated: GrammarPhrases::new(&file.stated.words),
            others: file.others.words.into_iter().collect(),
            languages: Languages::shipped()?,
            words: words
                .map(|(name, lists)| (name, ReviewWords::new(lists)))
                .collect(),
        })
    }

    /// The languages whose words are known.
    pub fn languages(&self) -> &Languages {
        self.languages
    }

    /// The place of a kind in the order of importance.
    pub fn rank(&self, code: &str) -> usize {
        let found = self.kinds.iter().position(|kind| kind.code == code);
        found.unwrap_or(self.kinds.len())
    }

    /// The language of a text, where it is sure and its words are known.
    pub fn language_of(&self, text: &str) -> Option<ReviewLanguage<'_>> {
        let (name, language) = self.languages.of(text)?;
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
        let words = words.filter(|word| word.chars().any(char::is_alphabetic));
        let words: Vec<String> = words.take(RECOGNIZED_BY).map(str::to_lowercase).collect();
        let of = |language: &Language| {
            let held = words.iter().filter(|word| language.common.contains(*word));
            held.count()
        };
        let count = words.len();
        let is_short = count < SHORT;
        let at_least = |common: usize, share: f32| common as f32 >= share * count as f32;
        let common = of(language);
        let others = words.iter().filter(|word| self.others.contains(*word));
        if others.count() > common {
            return None;
        }
        let own = name == FIRST || is_short || at_least(common, LEAST_OF_OTHERS);
        let (name, language) = match own {
            true => (name, language),
            false => (FIRST, self.languages.named(FIRST)?),
        };
        let sure = is_short || at_least(of(language), LEAST_COMMON);
        Some(ReviewLanguage {
            name,
            language,
            words: self.words.get(name).filter(|_| sure)?,
        })
    }
}

impl ReviewWords {
    fn new(mut lists: BTreeMap<WordList, Vec<String>>) -> Self {
        let pairs = lists.remove(&WordList::Opposites).unwrap_or_default();
        let pairs = pairs.iter().filter_map(|pair| pair.split_once(" / "));
        ReviewWords {
            opposites: pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).collect(),
            lists: lists
                .into_iter()
                .map(|(list, phrases)| (list, GrammarPhrases::new(&phrases)))
                .collect(),
            none: GrammarPhrases::default(),
        }
    }

    /// A list; an empty one where the language has none.
    pub fn list(&self, list: WordList) -> &GrammarPhrases {
        self.lists.get(&list).unwrap_or(&self.none)
    }

    /// Whether two verbs or states cannot both hold.
    pub fn are_opposites(&self, one: &str, other: &str) -> bool {
        let mut pairs = self.opposites.iter();
        pairs.any(|(a, b)| (a == one && b == other) || (a == other && b == one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        let rules = rules().unwrap();
        let mut codes = std::collections::HashSet::new();
        for kind in &rules.kinds {
            assert!(codes.insert(&kind.code), "{} is there twice", kind.code);
            let is_kebab = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(kind.code.chars().all(is_kebab), "{}", kind.code);
            assert!(kind.question.contains('?'), "{}", kind.code);
        }
        assert!(rules.kinds.is_sorted_by(|a, b| a.severity >= b.severity));
        let file: ReviewFile = toml::from_str(FILE).unwrap();
        let english: Vec<&WordList> = file.languages["en"].keys().collect();
        for (name, lists) in &file.languages {
            assert!(rules.languages.named(name).is_some(), "{name}");
            assert_eq!(lists.keys().collect::<Vec<_>>(), english, "{name}");
        }
        assert_eq!(file.languages.len(), 5);
    }

    #[test]
    fn a_language_is_only_taken_where_it_is_sure() {
        let rules = rules().unwrap();
        let of = |text: &str| rules.language_of(text).map(|known| known.name);
        for (text, name) in [
            (
                "As a customer I want to pay with a saved card so that I need not type it again.",
                Some("en"),
            ),
            ("Export is empty", Some("en")),
            (
                "Als Kunde möchte ich mit einer Karte bezahlen, damit ich sie nicht wieder eingeben muss.",
                Some("de"),
            ),
            (
                "En tant que client, je veux payer avec une carte enregistrée pour ne pas la saisir.",
                Some("fr"),
            ),
            (
                "Come cliente voglio pagare con una carta salvata per non doverla inserire di nuovo ogni volta.",
                None,
            ),
            (
                "Jako klient chcę płacić zapisaną kartą, żeby nie musieć wpisywać jej za każdym razem od nowa.",
                None,
            ),
            (
                "Als klant wil ik met een opgeslagen kaart betalen zodat ik hem niet steeds opnieuw hoef te typen.",
                None,
            ),
            (
                "Som kund vill jag betala med ett sparat kort så att jag slipper skriva in det igen varje gång.",
                None,
            ),
            ("保存したカードで支払いたい。", None),
        ] {
            assert_eq!(of(text), name, "{text}");
        }
    }
}
