//! From votes to one ranked list.

use std::collections::HashMap;

use super::{Candidate, ScenarioRef, Suggestions};
use crate::Result;
use crate::domain::{Blend, Part, Reason, Source, sum};

/// The two predictors that the specification names and weighs.
pub const NEURAL: &str = "neural";
/// See [`NEURAL`].
pub const SIMILARITY: &str = "similarity";

/// One plugin's answer with its weight. Plugins that failed or abstained are not among the votes.
#[derive(Debug)]
pub struct Vote<'a> {
    /// The plugin's name.
    pub predictor: &'a str,
    /// Its weight, 0 or more.
    pub weight: f32,
    /// What it answered; checked by the pipeline.
    pub suggestions: &'a Suggestions,
}

/// A scenario after blending.
#[derive(Debug, Clone, PartialEq)]
pub struct Blended {
    /// Which scenario.
    pub scenario: ScenarioRef,
    /// 0 to 100: the sum of `parts`.
    pub confidence: f32,
    /// What each plugin adds.
    pub parts: Vec<Part>,
    /// Which plugins named it.
    pub source: Source,
    /// All plugins' reasons, in the order of [`ReasonKind`](crate::domain::ReasonKind).
    pub reasons: Vec<Reason>,
    /// Whether confidence was calibrated on this user's own past.
    pub calibrated: bool,
}

/// Sums votes into one list, most confident first.
pub trait Blender: Send + Sync {
    /// Blends; every vote's candidates are finite and within 0 to 1.
    ///
    /// # Errors
    /// Any: the [`WeightedSum`] blends then, and the result's `degraded` says why. `CANCELLED`
    /// stops the whole call.
    fn blend(&self, votes: &[Vote<'_>]) -> Result<Vec<Blended>>;

    /// What it is and how it weighs these votes, for the result.
    fn account(&self, votes: &[Vote<'_>]) -> Blend {
        Blend::new("custom", shares(votes))
    }
}

impl Vote<'_> {
    /// Whether the plugin names stored patterns.
    pub fn judges(&self) -> bool {
        self.suggestions.scenarios.iter().any(|candidate| {
            candidate.confidence > 0.0 && matches!(candidate.scenario, ScenarioRef::Pattern(_))
        })
    }
}

/// The weights of the plugins that judge, scaled to sum to 1.
fn shares(votes: &[Vote<'_>]) -> Vec<Part> {
    let judges = || {
        votes
            .iter()
            .filter(|vote| vote.judges() && vote.weight > 0.0)
    };
    let total = sum(judges().map(|vote| vote.weight));
    judges()
        .map(|vote| Part::new(vote.predictor, vote.weight / total))
        .collect()
}

/// The specification's blender (§4.2): a weighted sum over the plugins that voted.
///
/// The weights of the plugins that name stored patterns are scaled to sum to 1, so one that
/// failed or had nothing to say gives its weight to the others. A scenario that a plugin brought
/// along has no other judge and is scored by that plugin alone.
///
/// ```
/// use atlas_core::pipeline::{Candidate, ScenarioRef, Suggestions, Vote, WeightedSum};
/// let says = |confidence| Suggestions {
///     scenarios: vec![Candidate::new(ScenarioRef::Pattern(1), confidence)],
///     ..Suggestions::default()
/// };
/// let (neural, similarity) = (says(0.9), says(0.8));
/// let blended = WeightedSum.sum(&[
///     Vote { predictor: "neural", weight: 0.7, suggestions: &neural },
///     Vote { predictor: "similarity", weight: 0.3, suggestions: &similarity },
/// ]);
/// assert!((blended[0].confidence - 87.0).abs() < 1e-3);
/// assert_eq!(blended[0].source.as_str(), "hybrid");
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct WeightedSum;

impl WeightedSum {
    /// What [`Blender::blend`] answers; it never fails.
    pub fn sum(&self, votes: &[Vote<'_>]) -> Vec<Blended> {
        let judges = votes.iter().filter(|vote| vote.judges());
        let total = sum(judges.map(|vote| vote.weight));
        let mut blended: Vec<Blended> = Vec::new();
        let mut by_pattern: HashMap<i64, usize> = HashMap::new();
        for vote in votes {
            for candidate in &vote.suggestions.scenarios {
                match candidate.scenario {
                    ScenarioRef::Own(_) => {
                        blended.push(first(vote, candidate, 100.0 * candidate.confidence))
                    }
                    ScenarioRef::Pattern(_)
                        if total <= 0.0 || vote.weight <= 0.0 || candidate.confidence <= 0.0 => {}
                    ScenarioRef::Pattern(id) => {
                        let points = 100.0 * candidate.confidence * vote.weight / total;
                        match by_pattern.get(&id) {
                            Some(&at) => join(&mut blended[at], vote, candidate, points),
                            None => {
                                by_pattern.insert(id, blended.len());
                                blended.push(first(vote, candidate, points));
                            }
                        }
                    }
                }
            }
        }
        sort(&mut blended);
        blended
    }
}

impl Blender for WeightedSum {
    fn blend(&self, votes: &[Vote<'_>]) -> Result<Vec<Blended>> {
        Ok(self.sum(votes))
    }

    fn account(&self, votes: &[Vote<'_>]) -> Blend {
        Blend::new("weighted sum", shares(votes))
    }
}

/// Most confident first. Equal confidences are ordered by id or name, so that equal input gives
/// equal output.
pub fn sort(blended: &mut [Blended]) {
    blended.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then_with(|| order(a).cmp(&order(b)))
    });
}

fn first(vote: &Vote<'_>, candidate: &Candidate, points: f32) -> Blended {
    Blended {
        scenario: candidate.scenario.clone(),
        confidence: points,
        parts: vec![Part::new(vote.predictor, points)],
        source: Source::from(vote.predictor.to_owned()),
        reasons: candidate.reasons.clone(),
        calibrated: false,
    }
}

fn join(blended: &mut Blended, vote: &Vote<'_>, candidate: &Candidate, points: f32) {
    blended.parts.push(Part::new(vote.predictor, points));
    blended.confidence = sum(blended.parts.iter().map(|part| part.value));
    blended.source = Source::Hybrid;
    blended.reasons.extend(candidate.reasons.iter().cloned());
    blended.reasons.sort_by_key(|reason| reason.kind);
}

fn order(blended: &Blended) -> (i64, &str) {
    match &blended.scenario {
        ScenarioRef::Pattern(id) => (*id, ""),
        ScenarioRef::Own(own) => (i64::MAX, &own.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::OwnScenario;

    fn says(candidates: &[(i64, f32)]) -> Suggestions {
        let scenarios = candidates
            .iter()
            .map(|&(id, confidence)| Candidate::new(ScenarioRef::Pattern(id), confidence))
            .collect();
        Suggestions {
            scenarios,
            edge_cases: Vec::new(),
        }
    }

    #[test]
    fn confidence_is_the_sum_of_its_parts_and_sources_are_told() {
        let (neural, similarity) = (says(&[(1, 0.9), (2, 0.5)]), says(&[(1, 0.8), (3, 0.4)]));
        let blended = WeightedSum.sum(&[
            Vote {
                predictor: NEURAL,
                weight: 0.7,
                suggestions: &neural,
            },
            Vote {
                predictor: SIMILARITY,
                weight: 0.3,
                suggestions: &similarity,
            },
        ]);
        let told: Vec<_> = blended
            .iter()
            .map(|b| (b.source.as_str(), b.confidence.round()))
            .collect();
        assert_eq!(
            told,
            [("hybrid", 87.0), ("neural", 35.0), ("similarity", 12.0)]
        );
        for scenario in &blended {
            let sum: f32 = scenario.parts.iter().map(|p| p.value).sum();
            assert!((sum - scenario.confidence).abs() < 1e-4);
        }
    }

    #[test]
    fn the_weight_of_an_absent_plugin_goes_to_the_others() {
        let similarity = says(&[(1, 0.8)]);
        let blended = WeightedSum.sum(&[Vote {
            predictor: SIMILARITY,
            weight: 0.3,
            suggestions: &similarity,
        }]);
        assert!((blended[0].confidence - 80.0).abs() < 1e-3);
    }

    #[test]
    fn a_scenario_brought_along_is_scored_by_its_plugin_alone() {
        let neural = says(&[(1, 0.5)]);
        let own = Suggestions {
            scenarios: vec![Candidate::new(OwnScenario::new("Smoke test"), 0.6)],
            ..Suggestions::default()
        };
        let blended = WeightedSum.sum(&[
            Vote {
                predictor: NEURAL,
                weight: 0.7,
                suggestions: &neural,
            },
            Vote {
                predictor: "rules",
                weight: 0.2,
                suggestions: &own,
            },
        ]);
        assert_eq!(blended[0].source.as_str(), "rules");
        assert!((blended[0].confidence - 60.0).abs() < 1e-3);
        assert!(
            (blended[1].confidence - 50.0).abs() < 1e-3,
            "the rules named no pattern: no share"
        );
    }

    #[test]
    fn ties_are_ordered_by_id() {
        let neural = says(&[(9, 0.5), (2, 0.5)]);
        let blended = WeightedSum.sum(&[Vote {
            predictor: NEURAL,
            weight: 0.7,
            suggestions: &neural,
        }]);
        assert_eq!(blended[0].scenario, ScenarioRef::Pattern(2));
    }
}
