//! Dates of columns that are not known to hold any.

use std::collections::{BTreeMap, HashSet};

use super::super::read::read;
use super::super::reading::{Day, Reading};
use super::DateSurvey;

/// The most columns that may hold dates and are not known to.
const MOST_MAYBE_COLUMNS: usize = 50;

/// Columns that may hold dates and are not known to: one counts where each of its values is a
/// date beyond doubt.
#[derive(Debug, Clone, Default)]
pub(crate) struct MaybeDates {
    /// The columns that had values and count so far.
    columns: BTreeMap<usize, DateSurvey>,
    /// The columns that do not count.
    left: HashSet<usize>,
}

impl MaybeDates {
    /// Whether a column counts so far.
    pub fn counts(&self, column: usize) -> bool {
        !self.left.contains(&column)
    }

    /// Takes in a value of a column; `None` is one that can be no date.
    pub fn see(&mut self, column: usize, value: Option<&str>) {
        if !self.counts(column) {
            return;
        }
        let has_room =
            self.columns.contains_key(&column) || self.columns.len() < MOST_MAYBE_COLUMNS;
        match value.filter(|text| has_room && is_beyond_doubt(text)) {
            Some(text) => self.columns.entry(column).or_default().see(text),
            None => {
                self.columns.remove(&column);
                self.left.insert(column);
            }
        }
    }

    /// What the columns say that count.
    pub fn finish(self) -> DateSurvey {
        let mut all = DateSurvey::default();
        for survey in self.columns.values() {
            let votes = all.long.iter_mut().chain(&mut all.short);
            for (votes, more) in votes.zip(survey.long.iter().chain(&survey.short)) {
                votes.add(more);
            }
            all.short_years.not_first += survey.short_years.not_first;
        }
        all
    }
}

/// Whether a text is a date and nothing else: with a year of four digits, with a time, or with
/// slashes. With dots or dashes it may be a version, unless each number has two digits.
fn is_beyond_doubt(text: &str) -> bool {
    match read(text) {
        Some(Reading::Civil(civil)) => match civil.day {
            Day::Short { mark, .. } => {
                let pairs = || {
                    let parts = text.trim().split(mark);
                    parts.clone().count() == 3 && parts.into_iter().all(|part| part.len() == 2)
                };
                text.contains(':') || mark == '/' || pairs()
            }
            _ => true,
        },
        Some(Reading::Instant(_)) | None => false,
    }
}
