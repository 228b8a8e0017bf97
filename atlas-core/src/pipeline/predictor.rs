//! The plugin trait and what a plugin answers.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::Result;
use crate::domain::{EdgeCase, Reason, Step, StepsOrigin};

use super::Query;

/// One plugin: names scenarios and edge cases for a ticket.
///
/// Called from several threads. An error or a panic costs the plugin its own vote and nothing
/// else; an empty answer abstains.
///
/// A plugin is waited for, however long it takes: one that may hang, such as a remote service,
/// keeps to a time-out of its own and fails when that is over. Until then the call that asked it
/// does not come back, nor do [`Learning::wait_until_trained`](crate::Learning::wait_until_trained) and the
/// drop of an `Atlas` that trains; other calls go on. It may call the `Atlas` that asks it; where
/// that asks it again within its answer, three deep, its vote is lost. Feedback that it gives each
/// time that it is asked cannot be learned from (`TRAINING_UNSETTLED`).
///
/// ```
/// use atlas_core::Result;
/// use atlas_core::pipeline::{Candidate, OwnScenario, Predictor, Query, Suggestions};
///
/// struct ReleaseRules;
/// impl Predictor for ReleaseRules {
///     fn name(&self) -> &str { "release-rules" }
///     fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
///         let mut suggestions = Suggestions::default();
///         if query.draft.labels.iter().any(|label| label == "release-blocker") {
///             let smoke = OwnScenario::new("Smoke test on the release candidate");
///             suggestions.scenarios.push(Candidate::new(smoke, 0.9));
///         }
///         Ok(suggestions)
///     }
/// }
/// ```
pub trait Predictor: Send + Sync {
    /// A name that is unique in the pipeline, such as `acme-rules`.
    fn name(&self) -> &str;

    /// Scenarios and edge cases for one ticket.
    ///
    /// # Errors
    /// Any; the result's `degraded` will name it. Only `CANCELLED` stops the whole call: the host
    /// wants that.
    fn predict(&self, query: &Query<'_>) -> Result<Suggestions>;

    /// The same for several tickets at once, one answer each, in order. Override it where one
    /// call for all is cheaper than one call each (another language, a remote service).
    fn predict_batch(&self, queries: &[Query<'_>]) -> Vec<Result<Suggestions>> {
        queries.iter().map(|query| self.predict(query)).collect()
    }

    /// Why it named these patterns (row ids), one list each, in order; no list for nothing to say.
    /// Asked once per prediction about the scenarios that are shown. A plugin for which words cost
    /// little puts them on its candidates instead.
    fn explain(&self, query: &Query<'_>, patterns: &[i64]) -> Vec<Vec<Reason>> {
        let _ = (query, patterns);
        Vec::new()
    }
}

/// What a plugin answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suggestions {
    /// Scenarios, in any order.
    pub scenarios: Vec<Candidate>,
    /// Edge cases, most important first.
    pub edge_cases: Vec<EdgeCase>,
}

/// A scenario that a plugin names.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which scenario.
    pub scenario: ScenarioRef,
    /// How sure the plugin is, 0 to 1. With 0 it does not name the scenario; its signals still
    /// tell a learned blender something.
    pub confidence: f32,
    /// The numbers behind it, for learning: the same names in the same order on every candidate.
    /// Of a plugin that gives none, a learned blender takes the confidence.
    pub signals: Vec<Signal>,
    /// The words behind it, for people.
    pub reasons: Vec<Reason>,
}

impl Candidate {
    /// A candidate without signals or reasons.
    pub fn new(scenario: impl Into<ScenarioRef>, confidence: f32) -> Self {
        Candidate {
            scenario: scenario.into(),
            confidence,
            signals: Vec::new(),
            reasons: Vec::new(),
        }
    }
}

/// A stored pattern, or a scenario that the plugin brings along.
#[derive(Debug, Clone, PartialEq)]
pub enum ScenarioRef {
    /// The row id of a stored pattern.
    Pattern(i64),
    /// A scenario of the plugin's own.
    Own(OwnScenario),
}

impl From<OwnScenario> for ScenarioRef {
    fn from(scenario: OwnScenario) -> Self {
        ScenarioRef::Own(scenario)
    }
}

/// A scenario that is no stored pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnScenario {
    /// Its name.
    pub name: String,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Minutes that it takes, if the plugin knows.
    pub minutes: Option<u32>,
    /// Where its steps come from.
    pub steps_origin: StepsOrigin,
}

impl OwnScenario {
    /// A plugin's scenario with a name and no steps.
    pub fn new(name: impl Into<String>) -> Self {
        OwnScenario {
            name: name.into(),
            steps: Vec::new(),
            minutes: None,
            steps_origin: StepsOrigin::Plugin,
        }
    }
}

/// A number that a plugin computed for a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Its name, such as `words`. Signals of one plugin that share a name, such as a number and its
    /// square, are shown as one.
    pub name: Cow<'static, str>,
    /// Its value; about 0 to 1 is usual.
    pub value: f32,
}

impl Signal {
    /// A signal whose name is part of the program.
    pub const fn new(name: &'static str, value: f32) -> Self {
        Signal {
            name: Cow::Borrowed(name),
            value,
        }
    }
}

/// Answers several queries on all cores: for plugins of this crate, which do not mind threads.
pub(super) fn answer_all(
    predictor: &impl Predictor,
    queries: &[Query<'_>],
) -> Vec<Result<Suggestions>> {
    match queries {
        [query] => vec![predictor.predict(query)],
        _ => queries
            .par_iter()
            .map(|query| predictor.predict(query))
            .collect(),
    }
}
