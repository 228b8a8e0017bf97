//! Active patterns in memory: what matching needs of each; steps stay in the database.

use std::collections::HashMap;
use std::sync::OnceLock;

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
    look_alikes: Vec<OnceLock<Box<[u32]>>>,
}

/// How many patterns look like one.
const LOOK_ALIKES: usize = 10;
/// Patterns less alike (cosine of the wholes) are not like each other.
pub const LEAST_LIKENESS: f32 = 0.5;

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
            look_alikes: rows.iter().map(|_| OnceLock::new()).collect(),
            text,
            rows,
            own,
            by_id,
        }
    }

    /// The ten patterns most like one by meaning, in no order; searched once.
    pub fn look_alikes(&self, pattern: u32) -> &[u32] {
        self.look_alikes[pattern as usize].get_or_init(|| {
            let Some(whole) = self.text.whole(pattern) else {
                return Box::default();
            };
            let mut alike: Vec<(u32, f32)> = (0..)
                .zip(self.text.likenesses(&whole))
                .filter(|&(other, cosine)| other != pattern && cosine > LEAST_LIKENESS)
                .collect();
            let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
            if alike.len() > LOOK_ALIKES {
                alike.select_nth_unstable_by(LOOK_ALIKES, order);
                alike.truncate(LOOK_ALIKES);
            }
            alike.into_iter().map(|(other, _)| other).collect()
        })
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
