//! Examples: for one ticket of the past, what the plugins said and what was right.

use std::cmp::Ordering;

use ndarray::{Array1, Axis, concatenate};
use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::features::{Features, SignalTable};
use super::listwise::Group;
use crate::domain::sum;

/// How many of the best scenarios of a fully known ticket count as judged: what a tester looks at.
pub const SHOWN: usize = 10;

/// A ticket of the past, as the plugins saw it before anything was known of it.
#[derive(Debug, Clone)]
pub struct Example {
    /// The oldest observation of the ticket: what was trained before it does not know the ticket.
    pub first_observation: i64,
    /// All observations of the ticket.
    pub observations: usize,
    /// The patterns and their signals.
    pub table: SignalTable,
    /// What the weighted sum said, best first, with its confidence 0 to 100.
    pub weighted_sum: Vec<(i64, f32)>,
    /// The patterns that were right.
    pub right: Vec<i64>,
    /// The patterns that were wrong.
    pub wrong: Vec<i64>,
    /// Whether what is not right is wrong.
    pub complete: bool,
}

/// Examples, oldest first, and what their signals are.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    /// The columns of every table.
    pub features: Features,
    /// The examples.
    pub list: Vec<Example>,
}

/// A score and whether its scenario was right.
pub type JudgedScore = (f64, bool);

impl Example {
    /// One over the rank of the first right pattern among the ten best of a list; 0 beyond.
    pub fn reciprocal_rank(&self, ranked: &[(i64, f64)]) -> f64 {
        let best = ranked.iter().take(SHOWN);
        let mut ranks = best.zip(1..).filter(|((id, _), _)| self.right.contains(id));
        ranks.next().map_or(0.0, |(_, rank)| 1.0 / f64::from(rank))
    }

    /// The scores of a ranked list that were judged: all that were shown where everything right is
    /// known, else those that the tester said something about.
    pub fn judged(&self, ranked: &[(i64, f64)]) -> Vec<JudgedScore> {
        let is_right = |id: &i64| self.right.contains(id);
        if self.complete {
            let shown = ranked.iter().take(SHOWN);
            return shown.map(|(id, score)| (*score, is_right(id))).collect();
        }
        let judged = |id: &i64| is_right(id) || self.wrong.contains(id);
        ranked
            .iter()
            .filter(|(id, _)| judged(id))
            .map(|(id, score)| (*score, is_right(id)))
            .collect()
    }

    /// The weighted sum's list, its scores 0 to 1.
    pub fn weighted_sum_ranking(&self) -> Vec<(i64, f64)> {
        let ranked = self.weighted_sum.iter();
        ranked.map(|&(id, c)| (id, f64::from(c) / 100.0)).collect()
    }

    /// A list by weighted signals, best first, each with the logarithm of its share of the softmax
    /// over all candidates.
    pub fn ranking(&self, weights: &Array1<f64>) -> Vec<(i64, f64)> {
        let scores = log_shares(&self.table, weights);
        let mut ranked: Vec<(i64, f64)> = self.table.patterns.iter().copied().zip(scores).collect();
        ranked.sort_by(best_first);
        ranked
    }

    /// The example for the listwise ranker; `None` where no right pattern is among the candidates.
    pub fn group(&self) -> Option<Group> {
        let row = |id: &i64| self.table.patterns.binary_search(id).ok();
        let right: Vec<usize> = self.right.iter().filter_map(row).collect();
        (!right.is_empty()).then(|| Group {
            signals: self.table.signals.mapv(f64::from),
            right,
        })
    }
}

impl Examples {
    /// Gives every table all columns; for tables that were made when fewer were known.
    pub fn pad(&mut self) {
        let width = self.features.columns().len();
        for example in &mut self.list {
            let signals = &mut example.table.signals;
            let missing = width.saturating_sub(signals.ncols());
            if missing > 0 {
                let zeros = ndarray::Array2::zeros((signals.nrows(), missing));
                if let Ok(padded) = concatenate(Axis(1), &[signals.view(), zeros.view()]) {
                    *signals = padded;
                }
            }
        }
    }
}

/// Highest score first; equal scores by id.
pub fn best_first(a: &(i64, f64), b: &(i64, f64)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

/// The logarithm of every row's share of the softmax over all rows, by weighted signals.
pub fn log_shares(table: &SignalTable, weights: &Array1<f64>) -> Vec<f64> {
    let rows = table.signals.rows();
    let score = |row: ndarray::ArrayView1<'_, f32>| -> f64 {
        let products = row.iter().zip(weights);
        products
            .map(|(&signal, weight)| f64::from(signal) * weight)
            .sum()
    };
    let scores: Vec<f64> = rows.into_iter().map(score).collect();
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = scores.iter().map(|score| (score - top).exp()).sum();
    let total = top + sum.ln();
    scores.iter().map(|score| score - total).collect()
}

/// A sum of something over examples, for means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Scored {
    /// Tickets with at least one right pattern.
    pub tickets: usize,
    /// Mean of one over the first right rank, 0 beyond ten.
    pub mrr: f64,
    /// Mean squared error of the probabilities, in sample for the map's few numbers.
    pub brier: f64,
}

/// Lists of examples, scored.
#[derive(Debug, Clone, Default)]
pub struct Contest {
    /// One over the first right rank of every example with a right pattern, in order.
    pub ranks: Vec<f64>,
    /// The means.
    pub scored: Scored,
}

impl Contest {
    /// Measures lists of examples, calibrated by a map.
    pub fn of(lists: &[(&Example, Vec<(i64, f64)>)], calibration: Option<&Calibration>) -> Self {
        let with_right = lists
            .iter()
            .filter(|(example, _)| !example.right.is_empty());
        let ranks: Vec<f64> = with_right
            .map(|(example, ranked)| example.reciprocal_rank(ranked))
            .collect();
        let judged = lists
            .iter()
            .flat_map(|(example, ranked)| example.judged(ranked));
        let errors: Vec<f64> = judged
            .map(|(score, right)| {
                let p = calibration.map_or(score, |map| map.probability(score));
                (p - f64::from(u8::from(right))).powi(2)
            })
            .collect();
        let mean = |values: &[f64]| sum(values.iter().copied()) / values.len().max(1) as f64;
        let scored = Scored {
            tickets: ranks.len(),
            mrr: mean(&ranks),
            brier: mean(&errors),
        };
        Contest { ranks, scored }
    }
}
