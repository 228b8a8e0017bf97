//! What the past says of patterns for one ticket: votes of the tickets that were alike.

use std::collections::BTreeSet;

use ndarray::Array2;

use crate::domain::{Verdict, same_name};
use crate::search::Index;
use crate::search::history::PatternOutcome;
use crate::search::similar::Similar;

/// Past tickets less alike than this have no say.
const LEAST_LIKENESS: f32 = 0.25;
/// The weight of "none of them": with little likeness in sight, votes stay few.
const DOUBT: f32 = 0.05;
/// How many tickets back "lately" reaches.
const LATELY: usize = 100;
/// How far apart in the library two patterns may be to have been written about the same time, as a
/// share of the library.
const NEARBY: f32 = 0.04;

/// A past ticket that votes.
#[derive(Debug, Clone, Copy)]
pub struct Voter {
    /// Its number in the ticket index.
    pub ticket: u32,
    /// How alike it is, 0 to 1.
    pub likeness: f32,
    /// Its share of all votes; what is missing to 1 is doubt.
    pub share: f32,
}

/// The past tickets that have a say about a ticket, most alike first.
#[derive(Debug, Default)]
pub struct Past {
    /// The voters.
    pub voters: Vec<Voter>,
    /// Every pattern that was right for one of them.
    pub right: Vec<u32>,
}

/// What the past says of one pattern; shares are of all votes, 0 to 1.
#[derive(Debug, Default, Clone, Copy)]
pub struct Votes {
    /// Of tickets for which it was right.
    pub right: f32,
    /// Of tickets for which it was wrong.
    pub wrong: f32,
    /// Of tickets for which patterns of its component were right.
    pub component: f32,
    /// Of all tickets, each times its likeness to what was right there.
    pub likeness: f32,
}

impl Past {
    /// Asks the tickets with a past that are most alike, most alike first.
    pub fn of(index: &Index, similar: &[Similar]) -> Self {
        let weight = |score: f32| (score - LEAST_LIKENESS).max(0.0).powi(2);
        let total = DOUBT + similar.iter().map(|s| weight(s.score)).sum::<f32>();
        let voters: Vec<Voter> = similar
            .iter()
            .filter(|similar| weight(similar.score) > 0.0)
            .map(|similar| Voter {
                ticket: similar.number,
                likeness: similar.score,
                share: weight(similar.score) / total,
            })
            .collect();
        let outcomes = voters.iter().flat_map(|v| index.history.of(v.ticket));
        let right: BTreeSet<u32> = outcomes.filter(is_right).map(|o| o.pattern).collect();
        Past {
            voters,
            right: right.into_iter().collect(),
        }
    }

    /// The likeness of patterns (rows) to those that were right (columns).
    pub fn likenesses(&self, index: &Index, patterns: &[u32]) -> Array2<f32> {
        let text = &index.patterns.text;
        text.likenesses_between(patterns, &self.right)
    }

    /// What the voters say of each pattern, given [`likenesses`](Self::likenesses).
    pub fn votes(&self, index: &Index, patterns: &[u32], alike: &Array2<f32>) -> Vec<Votes> {
        let rows = &index.patterns.rows;
        let mut votes = vec![Votes::default(); patterns.len()];
        for voter in &self.voters {
            let outcomes = index.history.of(voter.ticket);
            let columns: Vec<usize> = outcomes
                .iter()
                .filter(is_right)
                .filter_map(|o| self.right.binary_search(&o.pattern).ok())
                .collect();
            let rights = columns.len().max(1) as f32;
            for (i, (&pattern, votes)) in patterns.iter().zip(&mut votes).enumerate() {
                let row = &rows[pattern as usize];
                let same = |column: &&usize| {
                    let theirs = &rows[self.right[**column] as usize].component;
                    let both = row.component.as_deref().zip(theirs.as_deref());
                    both.is_some_and(|(one, other)| same_name(one, other))
                };
                let in_component = columns.iter().filter(same).count() as f32;
                votes.component += voter.share * in_component / rights;
                let alike = columns.iter().map(|&column| alike[[i, column]]);
                votes.likeness += voter.share * alike.fold(0.0, f32::max);
            }
            for outcome in outcomes {
                if let Ok(i) = patterns.binary_search(&outcome.pattern) {
                    match outcome.verdict {
                        Verdict::Right => votes[i].right += voter.share,
                        Verdict::Wrong => votes[i].wrong += voter.share,
                    }
                }
            }
        }
        votes
    }
}

fn is_right(outcome: &&PatternOutcome) -> bool {
    outcome.verdict == Verdict::Right
}

/// What the whole past says of patterns, whatever the ticket.
#[derive(Debug)]
pub struct PatternRecord {
    right: Vec<u32>,
    wrong: Vec<u32>,
    near_recent: Vec<f32>,
}

impl PatternRecord {
    /// Counts the verdicts on every pattern.
    pub fn of(index: &Index) -> Self {
        let judged = index.history.judged();
        let patterns = index.patterns.rows.len();
        let (mut right, mut wrong) = (vec![0; patterns], vec![0; patterns]);
        for judged in judged {
            judged.right().for_each(|p| right[p as usize] += 1);
            judged.wrong().for_each(|p| wrong[p as usize] += 1);
        }
        let recent = &judged[judged.len().saturating_sub(LATELY)..];
        PatternRecord {
            right,
            wrong,
            near_recent: near(patterns, recent.iter().flat_map(|judged| judged.right())),
        }
    }

    /// How often a pattern was right: ln(1 + n).
    pub fn often_right(&self, pattern: u32) -> f32 {
        (self.right[pattern as usize] as f32).ln_1p()
    }

    /// How often it was wrong: ln(1 + n).
    pub fn often_wrong(&self, pattern: u32) -> f32 {
        (self.wrong[pattern as usize] as f32).ln_1p()
    }

    /// How many patterns near it in the library were right lately, nearer ones counting more:
    /// ln(1 + n). Tests of one time are written, and needed, together.
    pub fn near_recent(&self, pattern: u32) -> f32 {
        self.near_recent[pattern as usize].ln_1p()
    }
}

/// For every place in the library, the sum of exp(-distance / scale) over some places: two passes
/// in which the sum so far decays from place to place.
fn near(patterns: usize, places: impl Iterator<Item = u32>) -> Vec<f32> {
    let decay = (-1.0 / (NEARBY * patterns as f32).max(1.0)).exp();
    let mut here = vec![0.0; patterns];
    places.for_each(|place| here[place as usize] += 1.0);
    let mut sums = vec![0.0; patterns];
    let mut sweep = |places: &mut dyn Iterator<Item = usize>| {
        let mut passed = 0.0;
        for place in places {
            sums[place] += passed;
            passed = (passed + here[place]) * decay;
        }
    };
    sweep(&mut (0..patterns));
    sweep(&mut (0..patterns).rev());
    sums.iter()
        .zip(&here)
        .map(|(sum, here)| sum + here)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_falls_with_the_distance_on_both_sides() {
        let sums = near(100, [50, 50, 90].into_iter());
        let scale = NEARBY * 100.0;
        let expected = |place: f32| {
            let at = |other: f32| (-(place - other).abs() / scale).exp();
            2.0 * at(50.0) + at(90.0)
        };
        for place in [0, 49, 50, 51, 70, 90, 99] {
            assert!(
                (sums[place] - expected(place as f32)).abs() < 1e-4,
                "{place}"
            );
        }
    }
}
