//! Running the plugins: order, isolation, and checks of what they answer.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{
    Blended, Blender, Candidate, Predictor, Query, ScenarioRef, Suggestions, Vote, WeightedSum,
};
use crate::domain::{Blend, Degraded, EdgeCase};
use crate::{Error, Result};

/// The specification's limit on edge cases (§4.2).
const MOST_EDGE_CASES: usize = 10;
/// How deep plugins may ask the library that asks them; deeper is without end.
const DEEPEST: u32 = 3;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// A plugin's turn within its thread.
struct PluginTurn;

impl PluginTurn {
    /// None where plugins ask themselves again and again.
    fn begin() -> Option<Self> {
        let depth = DEPTH.get();
        (depth < DEEPEST).then(|| {
            DEPTH.set(depth + 1);
            PluginTurn
        })
    }
}

impl Drop for PluginTurn {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

fn too_deep() -> String {
    format!("is asked within its own answer, {DEEPEST} deep: it asks the library that asks it")
}

/// Plugins in order with their weights, and a blender.
pub struct Pipeline {
    predictors: Vec<(Box<dyn Predictor>, f32)>,
    stand_in: Option<StandIn>,
    blender: Option<Box<dyn Blender>>,
}

/// A plugin whose vote counts in place of another's, with that one's weight, where it has one.
struct StandIn {
    predictor: Box<dyn Predictor>,
    /// The other's place.
    place: usize,
}

/// What the plugins said of one ticket, blended.
#[derive(Debug, Clone, PartialEq)]
pub struct BlendedAnswer {
    /// All scenarios, most confident first.
    pub scenarios: Vec<Blended>,
    /// At most ten, most critical first.
    pub edge_cases: Vec<EdgeCase>,
    /// Plugins that took no part, and why.
    pub degraded: Vec<Degraded>,
    /// Who blended, and how.
    pub blend: Blend,
}

/// What every plugin answered about one ticket, in the plugins' order.
#[derive(Debug)]
pub struct Answers {
    plugins: Vec<Result<Suggestions, String>>,
    /// What the stand-in answered, if it was asked.
    stand_in: Option<Result<Suggestions, String>>,
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
            stand_in: None,
            blender: None,
        })
    }

    /// Lets a plugin vote in place of the one named `instead_of`, with its weight. Where it fails or
    /// names nothing, that one's vote counts. It is asked by
    /// [`ask_with_stand_in`](Self::ask_with_stand_in) alone.
    ///
    /// # Errors
    /// `DUPLICATE_PREDICTOR` for a name that is taken, `INVALID_VALUE` for one that is not there.
    pub fn with_stand_in(
        mut self,
        predictor: Box<dyn Predictor>,
        instead_of: &'static str,
    ) -> Result<Self> {
        let place = |name: &str| self.predictors.iter().position(|(p, _)| p.name() == name);
        if place(predictor.name()).is_some() {
            let name = predictor.name().to_owned();
            return Err(Error::DuplicatePredictor { name });
        }
        let place = place(instead_of).ok_or_else(|| {
            Error::invalid("instead_of", instead_of, "the name of one of the plugins")
        })?;
        self.stand_in = Some(StandIn { predictor, place });
        Ok(self)
    }

    /// Always blends with this one.
    pub fn with_blender(mut self, blender: Box<dyn Blender>) -> Self {
        self.blender = Some(blender);
        self
    }

    /// Replaces weights by the plugins' names; names of none are passed over.
    pub(crate) fn set_weights(&mut self, weights: &BTreeMap<String, f32>) {
        for (predictor, weight) in &mut self.predictors {
            if let Some(set) = weights.get(predictor.name()) {
                *weight = *set;
            }
        }
    }

    /// Whether the blender was fixed by [`with_blender`](Self::with_blender).
    pub fn has_blender(&self) -> bool {
        self.blender.is_some()
    }

    /// The plugins' names and weights, in order.
    pub fn weights(&self) -> impl Iterator<Item = (&str, f32)> {
        self.predictors
            .iter()
            .map(|(predictor, weight)| (predictor.name(), *weight))
    }

    /// Asks every plugin about every ticket and blends. One answer per query, in order.
    ///
    /// # Errors
    /// `CANCELLED` when a plugin or the blender says so.
    pub fn run(&self, queries: &[Query<'_>]) -> Result<Vec<BlendedAnswer>> {
        let answers = self.ask(queries)?;
        answers
            .iter()
            .map(|answers| self.blend(answers, &WeightedSum))
            .collect()
    }

    /// Asks every plugin about every ticket, and no stand-in. One set of answers per query, in
    /// order.
    ///
    /// # Errors
    /// `CANCELLED` when a plugin says so.
    pub fn ask(&self, queries: &[Query<'_>]) -> Result<Vec<Answers>> {
        let none = |_: &Query<'_>| Answers {
            plugins: Vec::with_capacity(self.predictors.len()),
            stand_in: None,
        };
        let mut all: Vec<Answers> = queries.iter().map(none).collect();
        for (predictor, _) in &self.predictors {
            for (answers, answer) in all.iter_mut().zip(ask(predictor.as_ref(), queries)?) {
                answers.plugins.push(answer);
            }
        }
        Ok(all)
    }

    /// The same with the stand-in, if there is one.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn ask_with_stand_in(&self, queries: &[Query<'_>]) -> Result<Vec<Answers>> {
        let mut all = self.ask(queries)?;
        if let Some(stand_in) = &self.stand_in {
            let answered = ask(stand_in.predictor.as_ref(), queries)?;
            for (answers, answer) in all.iter_mut().zip(answered) {
                answers.stand_in = Some(answer);
            }
        }
        Ok(all)
    }

    /// The stand-in with what it named, where it named something.
    fn standing_in<'a>(&'a self, answers: &'a Answers) -> Option<(&'a StandIn, &'a Suggestions)> {
        match (&self.stand_in, &answers.stand_in) {
            (Some(stand_in), Some(Ok(suggestions))) if names(suggestions) => {
                Some((stand_in, suggestions))
            }
            _ => None,
        }
    }

    /// The votes among the answers: of the plugins that named something or have signals.
    pub fn votes<'a>(&'a self, answers: &'a Answers) -> Vec<Vote<'a>> {
        let standing_in = self.standing_in(answers);
        let answered = self.predictors.iter().zip(&answers.plugins).enumerate();
        answered
            .filter_map(|(at, ((predictor, weight), answer))| {
                let (predictor, suggestions) = match standing_in {
                    Some((stand_in, suggestions)) if stand_in.place == at => {
                        (&stand_in.predictor, suggestions)
                    }
                    _ => (predictor, answer.as_ref().ok()?),
                };
                (!suggestions.scenarios.is_empty()).then(|| Vote {
                    predictor: predictor.name(),
                    weight: *weight,
                    suggestions,
                })
            })
            .collect()
    }

    /// One answer from those of the plugins about a ticket, blended by the fixed blender, else by
    /// `usual`; where that fails, by the weighted sum.
    ///
    /// # Errors
    /// `CANCELLED` when the blender says so.
    pub fn blend(&self, answers: &Answers, usual: &dyn Blender) -> Result<BlendedAnswer> {
        let blender = self.blender.as_deref().unwrap_or(usual);
        let votes = self.votes(answers);
        let mut edge_cases = Vec::new();
        let mut degraded = Vec::new();
        let stand_in = self.stand_in.iter().zip(&answers.stand_in);
        let stand_in = stand_in.map(|(stand_in, answer)| (&stand_in.predictor, &1.0, answer));
        let plugins = self.predictors.iter().zip(&answers.plugins);
        let plugins = plugins.map(|((predictor, weight), answer)| (predictor, weight, answer));
        for (predictor, weight, answer) in stand_in.chain(plugins) {
            let missing = match answer {
                Err(reason) => Some(reason.clone()),
                Ok(suggestions) => {
                    edge_cases.extend(suggestions.edge_cases.iter().cloned());
                    let silent = *weight > 0.0 && !names(suggestions);
                    silent.then(|| "had nothing to say about this ticket".to_owned())
                }
            };
            degraded.extend(missing.map(|reason| Degraded {
                predictor: predictor.name().to_owned(),
                reason,
            }));
        }
        let mut seen = HashSet::new();
        edge_cases.retain(|case: &EdgeCase| seen.insert(case.description.clone()));
        edge_cases.sort_by_key(|case| std::cmp::Reverse(case.criticality));
        edge_cases.truncate(MOST_EDGE_CASES);
        let (scenarios, blend) = match blended(blender, &votes)? {
            Ok(blended) => blended,
            Err(reason) => {
                degraded.push(Degraded {
                    predictor: "blender".to_owned(),
                    reason,
                });
                (WeightedSum.sum(&votes), WeightedSum.account(&votes))
            }
        };
        Ok(BlendedAnswer {
            scenarios,
            edge_cases,
            degraded,
            blend,
        })
    }

    /// Adds what the plugins that voted say about the scenarios that are shown. A plugin that fails
    /// here leaves out its reasons.
    pub fn explain(&self, query: &Query<'_>, answers: &Answers, shown: &mut [Blended]) {
        let (places, patterns): (Vec<usize>, Vec<i64>) = shown
            .iter()
            .enumerate()
            .filter_map(|(place, blended)| match blended.scenario {
                ScenarioRef::Pattern(id) => Some((place, id)),
                ScenarioRef::Own(_) => None,
            })
            .unzip();
        let replaced = self
            .standing_in(answers)
            .map(|(stand_in, _)| stand_in.place);
        for (at, (predictor, _)) in self.predictors.iter().enumerate() {
            if Some(at) == replaced {
                continue;
            }
            let explained = catch_unwind(AssertUnwindSafe(|| predictor.explain(query, &patterns)));
            for (place, reasons) in places.iter().zip(explained.unwrap_or_default()) {
                shown[*place].reasons.extend(reasons);
            }
        }
        for blended in shown {
            blended.reasons.sort_by_key(|reason| reason.kind);
        }
    }
}

/// Whether it names a scenario: candidates of no confidence only lend their signals.
fn names(suggestions: &Suggestions) -> bool {
    let named = |candidate: &Candidate| candidate.confidence > 0.0;
    suggestions.scenarios.iter().any(named)
}

type PluginAnswer = Result<Suggestions, String>;

/// One answer per query; a panic, a wrong count or a value out of range is an error of its own.
fn ask(predictor: &dyn Predictor, queries: &[Query<'_>]) -> Result<Vec<PluginAnswer>> {
    let Some(_turn) = PluginTurn::begin() else {
        return Ok(vec![Err(too_deep()); queries.len()]);
    };
    let answers = catch_unwind(AssertUnwindSafe(|| predictor.predict_batch(queries)));
    Ok(match answers {
        Ok(answers) if answers.len() == queries.len() => answers
            .into_iter()
            .zip(queries)
            .map(|(answer, query)| {
                let answer = unless_stopped(answer)?;
                Ok(answer.and_then(|given| checked(given, query)))
            })
            .collect::<Result<_>>()?,
        Ok(answers) => {
            let reason = format!("answered {} of {} tickets", answers.len(), queries.len());
            vec![Err(reason); queries.len()]
        }
        Err(panic) => vec![Err(panicked(panic.as_ref())); queries.len()],
    })
}

/// What a blender answers, with its account; its failure or panic in words.
fn blended(
    blender: &dyn Blender,
    votes: &[Vote<'_>],
) -> Result<Result<(Vec<Blended>, Blend), String>> {
    let Some(_turn) = PluginTurn::begin() else {
        return Ok(Err(too_deep()));
    };
    let answer = catch_unwind(AssertUnwindSafe(|| {
        Ok((blender.blend(votes)?, blender.account(votes)))
    }));
    let answer = answer.map_or_else(|panic| Ok(Err(panicked(panic.as_ref()))), unless_stopped)?;
    Ok(answer.and_then(|(blended, account)| {
        // Rounding may leave the sum of parts a little above.
        let is_wrong = |one: &&Blended| !(0.0..=100.5).contains(&one.confidence);
        match blended.iter().find(is_wrong) {
            Some(one) => Err(format!(
                "gave a confidence of {}, which is not within 0 to 100",
                one.confidence
            )),
            None => Ok((blended, account)),
        }
    }))
}

/// A plugin's failure in words, unless it stops the call.
fn unless_stopped<T>(answer: Result<T>) -> Result<Result<T, String>> {
    match answer {
        Ok(given) => Ok(Ok(given)),
        Err(Error::Cancelled) => Err(Error::Cancelled),
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", said.unwrap_or_default())
}

fn checked(suggestions: Suggestions, query: &Query<'_>) -> Result<Suggestions, String> {
    let mut named = HashSet::new();
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
        // Both confidences would be added up, to more than 100.
        if let ScenarioRef::Pattern(id) = candidate.scenario
            && !named.insert(id)
        {
            return Err(format!("named pattern {id} twice"));
        }
    }
    Ok(suggestions)
}
