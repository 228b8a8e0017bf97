//! The words that the tickets of a group share and others do not have.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Note;
use crate::text::terms;

/// How many are named.
const MOST: usize = 6;

/// In how many notes each word stands.
pub struct Words {
    notes: usize,
    held_by: HashMap<u32, u32>,
}

impl Words {
    pub fn count(notes: &[Note]) -> Self {
        let mut held_by = HashMap::new();
        for note in notes {
            for hash in of(note).into_keys() {
                *held_by.entry(hash).or_insert(0) += 1;
            }
        }
        Words {
            notes: notes.len(),
            held_by,
        }
    }

    /// The words of the example that at least two thirds of the members have: by share of
    /// members times rarity among all notes, as the example writes them. A word of the title
    /// counts twice.
    pub fn telling(&self, notes: &[Note], members: &[usize], example: usize) -> Vec<String> {
        let mut shared: HashMap<u32, usize> = HashMap::new();
        for &member in members {
            for hash in of(&notes[member]).into_keys() {
                *shared.entry(hash).or_insert(0) += 1;
            }
        }
        let in_title: BTreeSet<u32> = written(&notes[example].title).into_keys().collect();
        let mut found: Vec<(f32, String)> = of(&notes[example])
            .into_iter()
            .filter_map(|(hash, word)| {
                let share = shared.get(&hash).copied().unwrap_or(0) as f32 / members.len() as f32;
                let rarity =
                    (self.notes as f32 / self.held_by.get(&hash).copied().unwrap_or(1) as f32).ln();
                let weight = if in_title.contains(&hash) { 2.0 } else { 1.0 };
                let letters = word.chars().filter(|c| c.is_alphabetic()).count();
                (share >= 0.66 && letters >= 3 && letters == word.chars().count())
                    .then_some((share * rarity * weight, word))
            })
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        found.into_iter().map(|(_, word)| word).take(MOST).collect()
    }
}

/// The first of the telling words that is a name (it has a capital inside, such as `ListView`) and is in the titles of two thirds of the members.
pub fn topic<'a>(telling: &'a [String], notes: &[Note], members: &[usize]) -> Option<&'a str> {
    let in_titles = |word: &str| {
        let wanted = word.to_lowercase();
        let holding = members
            .iter()
            .filter(|&&member| notes[member].title.to_lowercase().contains(&wanted));
        holding.count() * 3 >= members.len() * 2
    };
    let is_name = |word: &str| word.chars().skip(1).any(char::is_uppercase);
    telling
        .iter()
        .map(String::as_str)
        .find(|word| is_name(word) && in_titles(word))
}

/// The words of a note, as written, by hash.
fn of(note: &Note) -> BTreeMap<u32, String> {
    written(&format!("{}\n{}", note.title, note.steps_text()))
}

/// Words as they are written where they stand first, by the hash of their term.
fn written(text: &str) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        // The first term of a word is the word itself.
        let mut first = None;
        terms::for_each(word, &mut |term| {
            first.get_or_insert_with(|| terms::hash(term));
        });
        if let Some(hash) = first {
            found.entry(hash).or_insert_with(|| word.to_owned());
        }
    }
    found
}
