//! One line with its placeholders.

use super::LINE_LONGEST;
use super::facts::{Fact, Facts, Occasion};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Fact { fact: Fact, bare: bool },
}

/// A line as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    pub id: String,
    pieces: Vec<Piece>,
}

impl Template {
    /// Reads a line; the error says what would be right.
    pub fn parse(id: String, text: &str, occasion: Occasion) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("some words".to_owned());
        }
        if text.chars().count() > LINE_LONGEST {
            return Err(format!("a line of at most {LINE_LONGEST} characters"));
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err("a } for each {".to_owned());
            };
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(placeholder(name, occasion)?);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        if pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Text(text) if text.contains('}')))
        {
            return Err("a { for each }".to_owned());
        }
        Ok(Template { id, pieces })
    }

    fn facts(&self) -> impl Iterator<Item = Fact> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Fact { fact, .. } => Some(*fact),
            Piece::Text(_) => None,
        })
    }

    /// Whether everything that it names is known.
    pub fn can(&self, facts: &Facts) -> bool {
        self.facts().all(|fact| facts.has(fact))
    }

    pub fn needs_only(&self, known: &[Fact]) -> bool {
        self.facts().all(|fact| known.contains(&fact))
    }

    /// The words, with a capital where a sentence begins; none if a fact is not known.
    pub fn text(&self, facts: &Facts) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Fact { fact, bare } => {
                    let words = facts.words(*fact, *bare)?;
                    let begins = text.is_empty() || text.trim_end().ends_with(['.', '!', '?']);
                    // Names keep their letters; "less than a minute" may begin a sentence.
                    match begins && fact.is_duration() {
                        true => text.push_str(&capital(&words)),
                        false => text.push_str(&words),
                    }
                }
            }
        }
        Some(text)
    }
}

fn placeholder(name: &str, occasion: Occasion) -> Result<Piece, String> {
    let (word, bare) = match name.strip_prefix('#') {
        Some(word) => (word, true),
        None => (name, false),
    };
    let (always, sometimes) = occasion.facts();
    let known = || always.iter().chain(sometimes);
    match Fact::from_name(word).filter(|fact| known().any(|one| one == fact)) {
        Some(fact) => Ok(Piece::Fact { fact, bare }),
        None => {
            let names: Vec<&str> = known().map(|fact| fact.as_str()).collect();
            let place = occasion.as_str();
            Err(format!(
                "{place} knows {}; not {{{name}}}",
                names.join(", ")
            ))
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
