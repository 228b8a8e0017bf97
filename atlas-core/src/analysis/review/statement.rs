//! A sentence of a ticket with its place and its words.

use std::collections::BTreeSet;
use std::ops::Range;

use super::rules::{ReviewLanguage, WordList};
use crate::domain::{Quote, TicketPart};
use crate::text::grammar::{GrammarPhrases, Language, Sentence};

/// A longer quote is cut, in characters.
const LONGEST_QUOTE: usize = 500;

/// A sentence of a ticket.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub text: String,
    pub part: TicketPart,
    /// The criterion or the line, from 1.
    pub number: Option<usize>,
    pub role: Role,
    /// Whether it is the first sentence of its item.
    pub is_first: bool,
}

/// What a sentence is in a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The title.
    Summary,
    /// "As a customer I want …".
    Story,
    /// An item under "Acceptance criteria".
    Criterion,
    /// A Given-When-Then scenario.
    Scenario,
    /// Another sentence that says what must be.
    Duty,
    /// Any other sentence.
    Line,
}

impl Role {
    /// Whether a test is made from it.
    pub fn is_tested(self) -> bool {
        matches!(self, Role::Criterion | Role::Scenario | Role::Duty)
    }
}

impl Statement {
    pub fn quote(&self) -> Quote {
        quote(&self.text, self.part, self.number)
    }
}

/// A quote, cut where it is long.
pub(super) fn quote(text: &str, part: TicketPart, number: Option<usize>) -> Quote {
    let text = match text.char_indices().nth(LONGEST_QUOTE) {
        Some(_) => {
            let kept: String = text.chars().take(LONGEST_QUOTE - 1).collect();
            format!("{kept}…")
        }
        None => text.to_owned(),
    };
    Quote { text, part, number }
}

/// A statement with its words; words between quotation marks say nothing themselves.
pub(super) struct Parsed<'a> {
    pub statement: &'a Statement,
    pub sentence: Sentence<'a>,
    /// Whether each word is outside quotation marks.
    free: Vec<bool>,
    /// Whether it quotes something.
    pub has_quotation: bool,
}

impl<'a> Parsed<'a> {
    pub fn new(statement: &'a Statement) -> Self {
        let sentence = Sentence::new(&statement.text);
        let quoted = quotations(&statement.text);
        let inside = |at: usize| quoted.iter().any(|range| range.contains(&at));
        Parsed {
            free: sentence.words.iter().map(|w| !inside(w.start)).collect(),
            has_quotation: !quoted.is_empty(),
            statement,
            sentence,
        }
    }

    /// The places of a list's phrases outside quotation marks.
    pub fn all(&self, phrases: &GrammarPhrases) -> Vec<Range<usize>> {
        let words = &self.sentence.words;
        let mut found = Vec::new();
        let mut place = 0;
        while place < words.len() {
            match phrases.at(words, place).filter(|_| self.free[place]) {
                Some(length) => {
                    found.push(place..place + length);
                    place += length;
                }
                None => place += 1,
            }
        }
        found
    }

    /// The first of them.
    pub fn first(&self, phrases: &GrammarPhrases) -> Option<Range<usize>> {
        let words = &self.sentence.words;
        (0..words.len()).find_map(|place| {
            let length = phrases.at(words, place).filter(|_| self.free[place])?;
            Some(place..place + length)
        })
    }

    /// The phrases of a list that are part of no harmless one, each once, with commas between.
    pub fn vague(&self, list: WordList, known: ReviewLanguage<'_>, until: usize) -> Option<String> {
        let mut harmless = self.all(known.words.list(WordList::Harmless));
        if list == WordList::Quantity {
            // "A few seconds" is a limit.
            harmless.extend(self.all(known.words.list(WordList::Unmeasured)));
        }
        let mut found: Vec<&str> = Vec::new();
        for range in self.all(known.words.list(list)) {
            let is_harmless = harmless
                .iter()
                .any(|h| h.start <= range.start && h.end > range.start && h.len() > range.len());
            let text = self.sentence.slice(&range);
            // "The theme Clean" and "Large File" are names.
            let capitals = text
                .split(' ')
                .filter(|word| word.starts_with(char::is_uppercase));
            let capitals = capitals.count();
            let capitalized = capitals > 1 || capitals == 1 && range.start > 0;
            // Where verbs are not known, nouns may have capitals.
            let is_name = capitalized && known.language.has_verbs();
            // In a title "simple" in front of a noun is one of several.
            let is_kind = self.statement.role == Role::Summary && !self.ends_phrase(&range, known);
            if range.end <= until && !is_harmless && !is_name && !is_kind && !found.contains(&text)
            {
                found.push(text);
            }
        }
        (!found.is_empty()).then(|| found.join(", "))
    }

    /// Whether no noun follows: "faster", "easy to build".
    fn ends_phrase(&self, range: &Range<usize>, known: ReviewLanguage<'_>) -> bool {
        let words = &self.sentence.words;
        let next = words
            .get(range.end)
            .filter(|_| words[range.end - 1].mark.is_none());
        range.start > 0 && next.is_none_or(|next| known.language.ends.contains(&next.lower))
    }

    /// The place where a story or a sentence of prose begins to tell why; else its end.
    pub fn before_purpose(&self, known: ReviewLanguage<'_>) -> usize {
        let end = self.sentence.words.len();
        match self.statement.role {
            Role::Story | Role::Duty => {
                let purpose = self.first(known.words.list(WordList::Purpose));
                purpose.map_or(end, |range| range.start)
            }
            _ => end,
        }
    }

    /// Whether a word in front says that a thing was named before: "the old values".
    pub fn is_definite(&self, at: usize, known: ReviewLanguage<'_>) -> bool {
        let before = at.checked_sub(1);
        let definite = known.words.list(WordList::Definite);
        before.is_some_and(|at| definite.at(&self.sentence.words, at).is_some())
    }

    /// Whether a list has a phrase here.
    pub fn has(&self, phrases: &GrammarPhrases) -> bool {
        self.first(phrases).is_some()
    }

    /// Whether a word outside quotation marks has a digit.
    pub fn has_number(&self) -> bool {
        let mut words = self.sentence.words.iter().zip(&self.free);
        words.any(|(word, free)| *free && word.text.contains(|c: char| c.is_ascii_digit()))
    }

    /// The words of a range that say something, in their plain forms.
    pub fn content(&self, range: Range<usize>, language: &Language) -> BTreeSet<String> {
        let words = self.sentence.words.get(range).unwrap_or_default();
        words
            .iter()
            .map(|word| word.lower.as_str())
            .filter(|word| !is_small(word, language))
            .map(|word| plain_form(word, language))
            .collect()
    }
}

/// Whether a word says nothing by itself.
pub(super) fn is_small(word: &str, language: &Language) -> bool {
    let is_name = language.actors.contains(word);
    !is_name && language.common.contains(word)
        || language.determiners.contains(word)
        || language.pronouns.contains(word)
        || language.ends.contains(word)
        || language.auxiliaries.contains(word)
        || language.negation.contains(word)
        || language.joins.contains(word)
}

/// A verb's plain form, else a noun without its plural's ending.
pub(super) fn plain_form(word: &str, language: &Language) -> String {
    if let Some((_, verb)) = language.verbs(word).first() {
        return verb.clone();
    }
    let ends = |end: &str| word.len() > end.len() + 2 && word.ends_with(end);
    match word {
        _ if ends("ies") => format!("{}y", &word[..word.len() - 3]),
        _ if ends("ss") || ends("us") => word.to_owned(),
        _ if ends("s") => word[..word.len() - 1].to_owned(),
        _ => word.to_owned(),
    }
}

/// The ranges between quotation marks, in bytes.
fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match open {
            Some((closing, start)) => {
                let closes = c == closing || closing == '”' && c == '“';
                let next = text[at + c.len_utf8()..].chars().next();
                // An apostrophe inside a word closes nothing.
                let inside = c == '\'' && next.is_some_and(char::is_alphanumeric);
                if closes && !inside {
                    found.push(start..at);
                    open = None;
                }
            }
            None => {
                let closing = match c {
                    '"' => Some('"'),
                    '“' | '„' => Some('”'),
                    '«' => Some('»'),
                    '`' => Some('`'),
                    '\'' if !before.is_alphanumeric() => Some('\''),
                    _ => None,
                };
                open = closing.map(|closing| (closing, at + c.len_utf8()));
            }
        }
        before = c;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_quotation_marks_is_found() {
        let of = |text: &'static str| -> Vec<&str> {
            quotations(text).into_iter().map(|r| &text[r]).collect()
        };
        assert_eq!(of("the text \"Only a few\" is 'so'"), ["Only a few", "so"]);
        assert_eq!(of("„Sofort“ und “now” et «ici»"), ["Sofort", "now", "ici"]);
        let none: [&str; 0] = [];
        assert_eq!(of("the customer's card isn't shown, 5\" wide"), none);
    }
}
