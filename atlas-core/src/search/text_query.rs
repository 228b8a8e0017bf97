//! A text as it is asked with: its vectors and counted words.

use std::collections::HashSet;

use super::documents::Document;
use super::vectors::Codes;
use crate::text::terms;

/// How often a term of the name counts against one of the body: measured best on duplicates.
const NAME_WEIGHT: u8 = 3;

/// A text as it is asked with: vectors of the name and of the whole, and counted words.
#[derive(Debug, Clone)]
pub struct TextQuery {
    /// Vector of the name (a ticket's summary).
    pub name: Codes,
    /// Vector of name and body.
    pub whole: Codes,
    /// How much of the whole the encoder knows, 0 to 1: the less, the less its vector counts.
    pub known: f32,
    /// Counted terms of name and prose, those of the name three times: what patterns are asked.
    pub terms: Vec<(u32, u8)>,
    /// The same of name and full text, code and logs included: what tickets are asked. Measured:
    /// the encoder reads prose, and a name in a stack trace is what it misses.
    pub all_terms: Vec<(u32, u8)>,
    /// All terms as words, each once, in order of the text, with the hash of the stem that counts
    /// beside it; for explanations.
    pub words: Vec<(String, Option<u32>)>,
}

impl TextQuery {
    /// Prepares a text whose vectors are known, and of which the encoder knows every word.
    pub fn new(document: &Document, name: Codes, whole: Codes) -> Self {
        let name_terms = terms::count(&document.name);
        let mut words = Vec::new();
        let mut seen = HashSet::new();
        let mut each = |term: &str, stem: Option<&str>| {
            if seen.insert(terms::hash(term)) {
                words.push((term.to_owned(), stem.map(terms::hash)));
            }
        };
        terms::for_each_with_stem(&document.name, &mut each);
        terms::for_each_with_stem(&document.full, &mut each);
        TextQuery {
            name,
            whole,
            known: 1.0,
            terms: weighted(&name_terms, &terms::count(&document.body)),
            all_terms: weighted(&name_terms, &terms::count(&document.full)),
            words,
        }
    }
}

/// Merges two sorted term lists, the name's counting [`NAME_WEIGHT`] times.
pub(super) fn weighted(name: &[(u32, u8)], body: &[(u32, u8)]) -> Vec<(u32, u8)> {
    let mut merged = Vec::with_capacity(name.len() + body.len());
    let (mut name, mut body) = (name.iter().peekable(), body.iter().peekable());
    loop {
        let next = match (name.peek(), body.peek()) {
            (None, None) => return merged,
            (Some(n), Some(b)) => n.0.min(b.0),
            (Some(n), None) => n.0,
            (None, Some(b)) => b.0,
        };
        let in_name = name
            .next_if(|n| n.0 == next)
            .map_or(0, |n| n.1.saturating_mul(NAME_WEIGHT));
        let in_body = body.next_if(|b| b.0 == next).map_or(0, |b| b.1);
        merged.push((next, in_name.saturating_add(in_body)));
    }
}
