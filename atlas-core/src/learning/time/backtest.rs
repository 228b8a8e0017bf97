//! Estimates against what testers then took, in the order in which it came.

use super::{Estimate, PatternTime, TimeModel, Timed};
use crate::domain::MinutesOrigin;

/// Models are fitted so often at most; in between, the last one answers.
const MOST_FITS: usize = 500;

/// How estimates did, each made from what was measured before.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimeBacktest {
    /// Measured times that were estimated.
    pub asked: usize,
    /// Of these, those of patterns that had own times by then.
    pub with_own: usize,
    /// Share inside the 80 % interval, 0 to 1.
    pub covered: f64,
    /// The same for patterns with own times.
    pub covered_with_own: f64,
    /// Median absolute error in minutes.
    pub median_error: f64,
    /// The same for the pattern's average or 45, with the priority: the specification's estimate.
    pub median_error_before: f64,
}

/// Replays measured times, oldest first: each is estimated from those before it. `None` without
/// any. What `patterns` say must be from before the first of them, their texts' minutes too.
///
/// ```
/// use atlas_core::domain::Priority;
/// use atlas_core::learning::time::{PatternTime, Timed, backtest};
/// let patterns = [PatternTime { id: 1, average: Some(60), ..PatternTime::default() }];
/// let took = |minutes| Timed { pattern: 1, minutes, priority: Priority::Medium };
/// let timed: Vec<Timed> = (0..40).map(|n| took(18 + n * 7 % 5)).collect();
/// let found = backtest(&patterns, &timed).unwrap();
/// assert!(found.median_error < 5.0 && found.median_error_before > 35.0);
/// ```
pub fn backtest(patterns: &[PatternTime], timed: &[Timed]) -> Option<TimeBacktest> {
    let timed: Vec<Timed> = timed.iter().copied().filter(|t| t.minutes > 0).collect();
    let every = timed.len().div_ceil(MOST_FITS).max(1);
    let cold = TimeModel::fit(&without_texts(patterns), &[]);
    let mut model = cold.clone();
    let mut tally = MinutesTally::default();
    for (place, timed_now) in timed.iter().enumerate() {
        if place % every == 0 {
            model = TimeModel::fit(patterns, &timed[..place]);
        }
        let estimate = model.estimate(timed_now.pattern, timed_now.priority);
        let before = cold.estimate(timed_now.pattern, timed_now.priority);
        tally.add(estimate, before, timed_now.minutes);
    }
    tally.result()
}

fn without_texts(patterns: &[PatternTime]) -> Vec<PatternTime> {
    let plain = |pattern: &PatternTime| PatternTime {
        text: None,
        ..pattern.clone()
    };
    patterns.iter().map(plain).collect()
}

#[derive(Default)]
struct MinutesTally {
    inside: usize,
    own: usize,
    own_inside: usize,
    errors: Vec<u32>,
    errors_before: Vec<u32>,
}

impl MinutesTally {
    fn add(&mut self, estimate: Estimate, before: Estimate, minutes: u32) {
        let inside = usize::from((estimate.low..=estimate.high).contains(&minutes));
        self.inside += inside;
        if estimate.origin == MinutesOrigin::Observed {
            self.own += 1;
            self.own_inside += inside;
        }
        self.errors.push(estimate.minutes.abs_diff(minutes));
        self.errors_before.push(before.minutes.abs_diff(minutes));
    }

    fn result(self) -> Option<TimeBacktest> {
        let asked = self.errors.len();
        let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
        Some(TimeBacktest {
            asked,
            with_own: self.own,
            covered: share(self.inside, asked),
            covered_with_own: share(self.own_inside, self.own),
            median_error: median(self.errors)?,
            median_error_before: median(self.errors_before)?,
        })
    }
}

fn median(errors: Vec<u32>) -> Option<f64> {
    super::Sorted::new(errors.into_iter().map(f64::from).collect()).median()
}
