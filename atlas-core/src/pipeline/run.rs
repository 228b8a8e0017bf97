//! Running the plugins: order, isolation, and checks of what they answer.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Blended, Blender, Predictor, Query, ScenarioRef, Suggestions, Vote, WeightedSum};
use crate::domain::{Degraded, EdgeCase};
use crate::{Error, Result};

/// The specification's limit on edge cases (§4.2).
const MOST_EDGE_CASES: usize = 10;

/// Plugins in order with their weights, and a blender.
pub struct Pipeline {
    predictors: Vec<(Box<dyn Predictor>, f32)>,
    blender: Box<dyn Blender>,
}

/// What the plugins said of one ticket, blended.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// All scenarios, most confident first.
    pub scenarios: Vec<Blended>,
    /// At most ten, most critical first.
    pub edge_cases: Vec<EdgeCase>,
    /// Plugins that took no part, and why.
    pub degraded: Vec<Degraded>,
}

impl Pipeline {
    /// A pipeline of plugins with weights (0 or more; 0 for one that judges no stored pattern).
    ///
    /// # Errors
    /// `DUPLICATE_PREDICTOR` for equal names, `INVALID_VALUE` for a weight that is no number of 0
    /// or more.
    pub fn new(predictors: Vec<(Box<dyn Predictor>, f32)>) -> Result<Self> {
        let mut names = HashSet::new();
        for (predictor, weight) in &predictors {
            if !names.insert(predictor.name().to_owned()) {
                return Err(Error::DuplicatePredictor {
                    name: predictor.name().to_owned(),
                });
            }
            if !weight.is_finite() || *weight < 0.0 {
                return Err(Error::invalid("weight", weight, "a number of 0 or more"));
            }
        }
        Ok(Pipeline {
            predictors,
            blender: Box::new(WeightedSum),
        })
    }

    /// Uses another blender.
    pub fn with_blender(mut self, blender: Box<dyn Blender>) -> Self {
        self.blender = blender;
        self
    }

    /// The plugins' names and weights, in order.
    pub fn weights(&self) -> impl Iterator<Item = (&str, f32)> {
        self.predictors
            .iter()
            .map(|(predictor, weight)| (predictor.name(), *weight))
    }

    /// Asks every plugin about every ticket. One opinion per query, in order.
    pub fn run(&self, queries: &[Query<'_>]) -> Vec<Opinion> {
        let answers: Vec<Vec<Result<Suggestions, String>>> = self
            .predictors
            .iter()
            .map(|(predictor, _)| ask(predictor.as_ref(), queries))
            .collect();
        (0..queries.len())
            .map(|q| self.blend(answers.iter().map(|of| &of[q])))
            .collect()
    }

    fn blend<'a>(
        &'a self,
        answers: impl Iterator<Item = &'a Result<Suggestions, String>>,
    ) -> Opinion {
        let mut votes = Vec::new();
        let mut edge_cases = Vec::new();
        let mut degraded = Vec::new();
        for ((predictor, weight), answer) in self.predictors.iter().zip(answers) {
            let name = predictor.name();
            match answer {
                Err(reason) => degraded.push(Degraded {
                    predictor: name.to_owned(),
                    reason: reason.clone(),
                }),
                Ok(suggestions) => {
                    edge_cases.extend(suggestions.edge_cases.iter().cloned());
                    if !suggestions.scenarios.is_empty() {
                        votes.push(Vote {
                            predictor: name,
                            weight: *weight,
                            suggestions,
                        });
                    } else if *weight > 0.0 {
                        let reason = "had nothing to say about this ticket".to_owned();
                        degraded.push(Degraded {
                            predictor: name.to_owned(),
                            reason,
                        });
                    }
                }
            }
        }
        let mut seen = HashSet::new();
        edge_cases.retain(|case: &EdgeCase| seen.insert(case.description.clone()));
        edge_cases.sort_by_key(|case| std::cmp::Reverse(case.criticality));
        edge_cases.truncate(MOST_EDGE_CASES);
        Opinion {
            scenarios: self.blender.blend(&votes),
            edge_cases,
            degraded,
        }
    }
}

/// One answer per query; a panic, a wrong count or a value out of range is an error of its own.
fn ask(predictor: &dyn Predictor, queries: &[Query<'_>]) -> Vec<Result<Suggestions, String>> {
    let answers = catch_unwind(AssertUnwindSafe(|| predictor.predict_batch(queries)));
    match answers {
        Ok(answers) if answers.len() == queries.len() => answers
            .into_iter()
            .zip(queries)
            .map(|(answer, query)| {
                answer
                    .map_err(|error| error.to_string())
                    .and_then(|given| checked(given, query))
            })
            .collect(),
        Ok(answers) => {
            let reason = format!("answered {} of {} tickets", answers.len(), queries.len());
            vec![Err(reason); queries.len()]
        }
        Err(panic) => {
            let said = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            vec![Err(format!("panicked: {said}")); queries.len()]
        }
    }
}

fn checked(suggestions: Suggestions, query: &Query<'_>) -> Result<Suggestions, String> {
    for candidate in &suggestions.scenarios {
        if !(0.0..=1.0).contains(&candidate.confidence) {
            return Err(format!(
                "gave a confidence of {}, which is not within 0 to 1",
                candidate.confidence
            ));
        }
        if let ScenarioRef::Pattern(id) = candidate.scenario
            && query.index.patterns.number(id).is_none()
        {
            return Err(format!(
                "named pattern {id}, which is not an active pattern"
            ));
        }
    }
    Ok(suggestions)
}
