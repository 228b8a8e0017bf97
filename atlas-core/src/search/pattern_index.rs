//! Active patterns in memory: what matching needs of each; steps stay in the database.

use std::collections::HashMap;

use super::text_index::TextIndex;
use crate::domain::PatternOrigin;

/// What a pattern is, beside its text.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternRow {
    /// The row id in the database.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The scenario's type.
    pub pattern_type: String,
    /// The component or folder.
    pub component: Option<String>,
    /// Where it came from.
    pub origin: PatternOrigin,
}

/// All active patterns, numbered from 0, searchable.
#[derive(Debug)]
pub struct PatternIndex {
    /// Meaning and words.
    pub text: TextIndex,
    /// The patterns, by number.
    pub rows: Vec<PatternRow>,
    /// How many are the user's own: all that are not of the starter catalogue.
    pub own: usize,
    by_id: HashMap<i64, u32>,
}

impl PatternIndex {
    /// Puts the parts together; `rows` and `text` number the patterns alike.
    pub fn new(text: TextIndex, rows: Vec<PatternRow>) -> Self {
        let by_id = rows
            .iter()
            .zip(0..)
            .map(|(row, number)| (row.id, number))
            .collect();
        let own = rows
            .iter()
            .filter(|row| row.origin != PatternOrigin::Starter)
            .count();
        PatternIndex {
            text,
            rows,
            own,
            by_id,
        }
    }

    /// The number of the pattern with a row id.
    pub fn number(&self, id: i64) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// Whether every pattern has its vectors.
    pub fn encoded(&self) -> bool {
        self.text.encoded()
    }
}
