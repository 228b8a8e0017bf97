//! From the plugins' named signals to columns of numbers.

use std::collections::HashMap;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::pipeline::{Candidate, ScenarioRef, Vote};

/// A column: a plugin's signal, or its confidence where it gives no signals.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Feature {
    /// The plugin's name.
    pub plugin: String,
    /// The signal's name; empty for the plugin's confidence.
    pub signal: String,
    /// Which of the plugin's signals of this name, from 0.
    pub nth: usize,
}

impl Feature {
    /// How it is shown: the signal's name, or the plugin's.
    pub fn label(&self) -> &str {
        if self.signal.is_empty() {
            &self.plugin
        } else {
            &self.signal
        }
    }
}

/// The columns of a table of signals. A signal that is not among them is left out, one that a
/// candidate lacks is 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Features(Vec<Feature>);

/// The patterns that were voted on, and a row of signals for each.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalTable {
    /// Row ids of the patterns, ascending.
    pub patterns: Vec<i64>,
    /// Patterns × features.
    pub signals: Array2<f32>,
}

impl Features {
    /// The columns, in order.
    pub fn columns(&self) -> &[Feature] {
        &self.0
    }

    /// Adds the columns that these votes have and this lacks.
    pub fn extend(&mut self, votes: &[Vote<'_>]) {
        for vote in judging(votes) {
            if let Some(candidate) = vote.suggestions.scenarios.iter().find(is_pattern) {
                for feature in features_of(vote, candidate) {
                    if !self.0.contains(&feature) {
                        self.0.push(feature);
                    }
                }
            }
        }
    }

    /// Whether every plugin that has a column has voted.
    pub fn all_voted(&self, votes: &[Vote<'_>]) -> bool {
        let voted = |plugin: &str| votes.iter().any(|vote| vote.predictor == plugin);
        self.0.iter().all(|feature| voted(&feature.plugin))
    }

    /// The votes as a table.
    pub fn table(&self, votes: &[Vote<'_>]) -> SignalTable {
        let mut patterns: Vec<i64> = judging(votes)
            .flat_map(|vote| vote.suggestions.scenarios.iter())
            .filter_map(pattern_id)
            .collect();
        patterns.sort_unstable();
        patterns.dedup();
        let mut signals = Array2::zeros((patterns.len(), self.0.len()));
        for vote in judging(votes) {
            let mut columns: Vec<Option<usize>> = Vec::new();
            for candidate in &vote.suggestions.scenarios {
                let row = pattern_id(candidate).and_then(|id| patterns.binary_search(&id).ok());
                let Some(row) = row else { continue };
                // All of a plugin's candidates have the same signals, so their columns are looked
                // up once.
                if columns.is_empty() {
                    columns = self.columns_of(vote, candidate);
                }
                let values = candidate.signals.iter().map(|signal| signal.value);
                let confidence = candidate.signals.is_empty().then_some(candidate.confidence);
                for (column, value) in columns.iter().zip(values.chain(confidence)) {
                    if let Some(column) = column.filter(|_| value.is_finite()) {
                        signals[[row, column]] = value;
                    }
                }
            }
        }
        SignalTable { patterns, signals }
    }

    fn columns_of(&self, vote: &Vote<'_>, candidate: &Candidate) -> Vec<Option<usize>> {
        let places: HashMap<&Feature, usize> = self.0.iter().zip(0..).collect();
        features_of(vote, candidate)
            .iter()
            .map(|feature| places.get(feature).copied())
            .collect()
    }
}

/// Plugins with weight 0 judge no pattern.
fn judging<'v, 'a>(votes: &'v [Vote<'a>]) -> impl Iterator<Item = &'v Vote<'a>> {
    votes.iter().filter(|vote| vote.weight > 0.0)
}

fn is_pattern(candidate: &&Candidate) -> bool {
    pattern_id(candidate).is_some()
}

fn pattern_id(candidate: &Candidate) -> Option<i64> {
    match candidate.scenario {
        ScenarioRef::Pattern(id) => Some(id),
        ScenarioRef::Own(_) => None,
    }
}

fn features_of(vote: &Vote<'_>, candidate: &Candidate) -> Vec<Feature> {
    let feature = |signal: &str, nth| Feature {
        plugin: vote.predictor.to_owned(),
        signal: signal.to_owned(),
        nth,
    };
    if candidate.signals.is_empty() {
        return vec![feature("", 0)];
    }
    let names = candidate.signals.iter().map(|signal| signal.name.as_ref());
    let names: Vec<&str> = names.collect();
    let nth = |at: usize| {
        names[..at]
            .iter()
            .filter(|name| **name == names[at])
            .count()
    };
    (0..names.len())
        .map(|at| feature(names[at], nth(at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{Signal, Suggestions};

    fn candidate(id: i64, confidence: f32, signals: Vec<Signal>) -> Candidate {
        Candidate {
            signals,
            ..Candidate::new(ScenarioRef::Pattern(id), confidence)
        }
    }

    #[test]
    fn signals_become_columns_by_plugin_name_and_place() {
        let suggest = |scenarios| Suggestions {
            scenarios,
            edge_cases: Vec::new(),
        };
        let words = |a, b| vec![Signal::new("words", a), Signal::new("words", b)];
        let first = suggest(vec![
            candidate(7, 0.5, words(0.5, 0.25)),
            candidate(3, 0.0, words(f32::NAN, 0.1)),
        ]);
        let second = suggest(vec![candidate(9, 0.8, Vec::new())]);
        let silent = suggest(vec![candidate(1, 0.8, Vec::new())]);
        let vote = |predictor, weight, suggestions| Vote {
            predictor,
            weight,
            suggestions,
        };
        let votes = [
            vote("a", 1.0, &first),
            vote("b", 0.2, &second),
            vote("c", 0.0, &silent),
        ];
        let mut features = Features::default();
        features.extend(&votes);
        features.extend(&votes);
        let labels: Vec<_> = features.columns().iter().map(Feature::label).collect();
        assert_eq!(labels, ["words", "words", "b"]);
        let table = features.table(&votes);
        assert_eq!(table.patterns, [3, 7, 9]);
        let expected = ndarray::array![[0.0, 0.1, 0.0], [0.5, 0.25, 0.0], [0.0, 0.0, 0.8]];
        assert_eq!(table.signals, expected);
        assert!(features.all_voted(&votes) && !features.all_voted(&votes[..1]));
    }
}
