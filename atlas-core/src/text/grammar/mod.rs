//! Sentences read by their grammar: words, conditions, negations, who does what, limits and lists.
//!
//! The words of each language are in `data/grammar.toml`. What a sentence says is never changed: it
//! is cut into ranges of its own words.

mod language;
mod limits;
mod lists;
mod sentence;
mod word;

pub(crate) use language::{Form, GrammarPhrases, Language, WordLists};
pub(crate) use limits::{Comparison, Limit, LimitKind, limits};
pub(crate) use lists::list;
pub(crate) use sentence::{Clauses, Predicate, Sentence, clauses, predicate};
pub(crate) use word::Word;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::{Error, Result};

/// The words that ship with ATLAS.
const FILE: &str = include_str!("../../../data/grammar.toml");
/// The language that is taken where a text holds as many words of another.
const FIRST: &str = "en";
/// At most so many words of a text are looked at to recognize its language.
const RECOGNIZED_BY: usize = 400;

/// The languages whose words are known.
#[derive(Debug)]
pub(crate) struct Languages(Vec<(String, Language)>);

impl Languages {
    /// The languages that ship, read once in a process.
    ///
    /// # Errors
    /// None in a released version: the file is checked by tests.
    pub fn shipped() -> Result<&'static Self> {
        static SHIPPED: OnceLock<Languages> = OnceLock::new();
        if let Some(languages) = SHIPPED.get() {
            return Ok(languages);
        }
        let languages = Languages::new(Vec::new())?;
        Ok(SHIPPED.get_or_init(|| languages))
    }

    /// The languages that ship, and a user's words, which join them.
    ///
    /// # Errors
    /// `INVALID_VALUE` naming a list that no language has.
    pub fn new(own: Vec<BTreeMap<String, WordLists>>) -> Result<Self> {
        let mut lists: BTreeMap<String, WordLists> = toml::from_str(FILE).map_err(|error| {
            Error::invalid("grammar", error.to_string(), "[xx] tables of word lists")
        })?;
        for (name, words) in own.into_iter().flatten() {
            let known = lists.entry(name).or_default();
            for (list, words) in words {
                known.entry(list).or_default().extend(words);
            }
        }
        let mut languages = Vec::with_capacity(lists.len());
        for (name, lists) in lists {
            let language = Language::new(lists).map_err(|list| {
                let expected = "a list of words that data/grammar.toml has";
                Error::invalid("grammar", format!("{list} of {name}"), expected)
            })?;
            languages.push((name, language));
        }
        languages.sort_by_key(|(name, _)| name != FIRST);
        Ok(Languages(languages))
    }

    /// The languages with their names, English first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Language)> {
        self.0
            .iter()
            .map(|(name, language)| (name.as_str(), language))
    }

    /// A language by its name.
    pub fn named(&self, name: &str) -> Option<&Language> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, language)| language)
    }

    /// The language that a text is written in: the one most of whose common words it holds.
    /// `None` for a text in another script without any of them.
    pub fn of(&self, text: &str) -> Option<(&str, &Language)> {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| !word.is_empty())
            .take(RECOGNIZED_BY)
            .map(str::to_lowercase)
            .collect();
        let held = |language: &Language| {
            let common = words.iter().filter(|word| language.common.contains(*word));
            common.count()
        };
        let counted = self
            .iter()
            .map(|(name, language)| (held(language), name, language));
        // Of equal ones the first: English.
        let (count, name, language) =
            counted.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let mut letters = text.chars().filter(|c| c.is_alphabetic());
        (count > 0 || letters.all(|c| c < '\u{250}')).then_some((name, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_words_join_the_ones_that_ship() {
        let own: BTreeMap<String, WordLists> =
            toml::from_str("[en]\nnouns = [\"pallets\"]\n[nl]\ncommon = [\"het\", \"een\"]")
                .unwrap();
        let languages = Languages::new(vec![own]).unwrap();
        let english = languages.named("en").unwrap();
        assert!(english.nouns.contains("pallets") && english.nouns.contains("rows"));
        assert_eq!(languages.of("Het is een kaart").unwrap().0, "nl");
        assert_eq!(languages.of("A card is shown").unwrap().0, FIRST);
        assert!(languages.of("カードを削除できる").is_none());
        let wrong: BTreeMap<String, WordLists> =
            toml::from_str("[en]\nnoun = [\"pallets\"]").unwrap();
        assert_eq!(
            Languages::new(vec![wrong]).unwrap_err().code(),
            "INVALID_VALUE"
        );
    }
}
