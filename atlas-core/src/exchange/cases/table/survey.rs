//! A first look at a whole table: what its columns hold decides what they mean.

use super::super::names::{is_word, key, without_step};
use super::super::steps::is_surely_steps;
use crate::exchange::report::shortened;
use crate::exchange::table::Row;

/// So many texts of a column tell whether they are steps, if they are no longer than this.
const TEXTS: usize = 50;
const LONGEST_TEXT: usize = 20_000;

/// What was seen of every column. Without a look at the rows nothing is known.
#[derive(Debug, Default)]
pub(crate) struct CaseSurvey {
    columns: Vec<ColumnSeen>,
    rows: u64,
}

#[derive(Debug, Clone)]
struct ColumnSeen {
    first: Option<String>,
    only_numbers: bool,
    only_verdicts: bool,
    only_ids: bool,
    /// How many texts were looked at for steps, and how many are steps.
    looked_at: usize,
    are_steps: usize,
}

impl CaseSurvey {
    /// A survey of a table with so many columns.
    pub(super) fn new(columns: usize) -> Self {
        let unseen = ColumnSeen {
            first: None,
            only_numbers: true,
            only_verdicts: true,
            only_ids: true,
            looked_at: 0,
            are_steps: 0,
        };
        CaseSurvey {
            columns: vec![unseen; columns],
            rows: 0,
        }
    }

    pub(super) fn see(&mut self, row: &Row) {
        self.rows += 1;
        for (place, seen) in self.columns.iter_mut().enumerate() {
            let Some(text) = row.first(&[place]) else {
                continue;
            };
            seen.only_numbers = seen.only_numbers && is_number(text);
            seen.only_verdicts = seen.only_verdicts && is_word("verdict", text);
            seen.only_ids = seen.only_ids && is_id(text);
            if seen.looked_at < TEXTS && text.len() <= LONGEST_TEXT {
                seen.looked_at += 1;
                seen.are_steps += usize::from(is_surely_steps(text));
            }
            seen.first.get_or_insert_with(|| shortened(text));
        }
    }

    fn of(&self, place: usize) -> Option<&ColumnSeen> {
        let seen = self.columns.get(place)?;
        (self.rows > 0).then_some(seen)
    }

    pub(super) fn is_empty(&self, place: usize) -> bool {
        self.of(place).is_some_and(|seen| seen.first.is_none())
    }

    /// Whether all texts are numbers of steps: `1`, `2.`, `Step 3`.
    pub(super) fn is_numbers(&self, place: usize) -> bool {
        let numbers = |seen: &ColumnSeen| seen.first.is_some() && seen.only_numbers;
        self.of(place).is_some_and(numbers)
    }

    /// Whether all texts say how a test went: `Pass`, `Fail`.
    pub(super) fn is_verdicts(&self, place: usize) -> bool {
        let verdicts = |seen: &ColumnSeen| seen.first.is_some() && seen.only_verdicts;
        self.of(place).is_some_and(verdicts)
    }

    /// Whether all texts are ids: `TC-1`.
    pub(super) fn is_ids(&self, place: usize) -> bool {
        let ids = |seen: &ColumnSeen| seen.first.is_some() && seen.only_ids;
        self.of(place).is_some_and(ids)
    }

    /// Whether at least half of the first texts are surely steps.
    pub(super) fn is_steps(&self, place: usize) -> bool {
        let steps = |seen: &ColumnSeen| seen.are_steps > 0 && 2 * seen.are_steps >= seen.looked_at;
        self.of(place).is_some_and(steps)
    }

    pub(super) fn first(&self, place: usize) -> &str {
        let first = self.of(place).and_then(|seen| seen.first.as_deref());
        first.unwrap_or_default()
    }
}

/// Whether a cell is a step's number and no more: `2`, `2.`, `(2)`, `Step 2:`.
fn is_number(text: &str) -> bool {
    let last = text.trim_end_matches(['.', ')', ':', ' ']);
    let may_be = |c: char| c.is_alphanumeric() || c.is_whitespace() || ".():#-".contains(c);
    if text.len() > 40 || !last.ends_with(|c: char| c.is_ascii_digit()) || !text.chars().all(may_be)
    {
        return false;
    }
    let text = key(text);
    let bare = without_step(&text).unwrap_or(text);
    !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit())
}

fn is_id(text: &str) -> bool {
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    text.len() <= 24 && has_digit && !text.contains(char::is_whitespace)
}
