//! The plugin `neural`: the ticket against every pattern, by meaning and by words.

use super::blender::NEURAL;
use super::{Candidate, Predictor, Query, ScenarioRef, Signal, Suggestions};
use crate::Result;
use crate::domain::{PatternOrigin, Reason, ReasonKind};
use crate::search::pattern_index::PatternRow;
use crate::search::text_index::Match;
use crate::search::weights::{MATCH, MATCH_OFFSET, MATCH_SIGNALS, MATCH_SLOPE};

/// How many candidates by meaning, and as many by words, are scored.
const CANDIDATES: usize = 100;
/// How many are named.
const NAMED: usize = 50;
/// With this many patterns of the user's own, a starter pattern counts half as much as one.
const OWN_ENOUGH: usize = 40;

/// The names of [`signals`], as shown.
pub const MATCH_NAMES: [&str; MATCH_SIGNALS] = [
    "meaning",
    "text to name",
    "summary to text",
    "words",
    "component",
    "scenario type",
];

/// The encoder's predictor. Local: the specification's remote model is a plugin of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Neural;

impl Predictor for Neural {
    fn name(&self) -> &str {
        NEURAL
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        let patterns = &query.index.patterns;
        let mut scored: Vec<(f32, Match, [f32; MATCH_SIGNALS])> = patterns
            .text
            .matches(
                &query.question.text,
                &query.question.text.terms,
                CANDIDATES,
                None,
                None,
            )
            .into_iter()
            .map(|m| {
                let row = &patterns.rows[m.document as usize];
                let signals = signals(&m, row, query);
                let factor = standing(row, patterns.own);
                (confidence(&signals) * factor, m, signals)
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.document.cmp(&b.1.document)));
        scored.truncate(NAMED);
        let scenarios = scored
            .into_iter()
            .map(|(confidence, m, signals)| Candidate {
                scenario: ScenarioRef::Pattern(patterns.rows[m.document as usize].id),
                confidence,
                signals: named(&signals),
                reasons: reasons(&m, &signals, query),
            });
        Ok(Suggestions {
            scenarios: scenarios.collect(),
            edge_cases: Vec::new(),
        })
    }
}

/// What a ticket and a pattern have in common, each 0 to 1.
pub fn signals(m: &Match, row: &PatternRow, query: &Query<'_>) -> [f32; MATCH_SIGNALS] {
    let same = |name: &str| {
        row.component
            .as_deref()
            .is_some_and(|c| c.eq_ignore_ascii_case(name))
            || row.pattern_type.eq_ignore_ascii_case(name)
    };
    let component = query
        .components
        .iter()
        .filter(|(name, _)| same(name))
        .map(|(_, c)| *c);
    let called = |name: &str| row.pattern_type.eq_ignore_ascii_case(name);
    let scenario_type = query
        .scenario_types
        .iter()
        .find(|(name, _)| called(name))
        .map(|(_, r)| *r);
    [
        m.whole.max(0.0),
        m.whole_to_name.max(0.0),
        m.name_to_whole.max(0.0),
        m.words,
        component.fold(0.0, f32::max),
        scenario_type.unwrap_or(0.0),
    ]
}

/// The score of a match, in the unit of the fitted weights.
pub fn score(signals: &[f32; MATCH_SIGNALS]) -> f32 {
    MATCH
        .iter()
        .zip(signals)
        .map(|(weight, signal)| weight * signal)
        .sum()
}

/// The score as a probability, by the logistic curve that was fitted with the weights.
fn confidence(signals: &[f32; MATCH_SIGNALS]) -> f32 {
    1.0 / (1.0 + (-(MATCH_SLOPE * score(signals) + MATCH_OFFSET)).exp())
}

/// A starter pattern steps back as the user's own patterns come: from 1 down to 0.5.
fn standing(row: &PatternRow, own: usize) -> f32 {
    match row.origin {
        PatternOrigin::Starter => 1.0 - 0.5 * (own as f32 / OWN_ENOUGH as f32).min(1.0),
        _ => 1.0,
    }
}

fn named(signals: &[f32; MATCH_SIGNALS]) -> Vec<Signal> {
    MATCH_NAMES
        .iter()
        .zip(signals)
        .map(|(&name, &value)| Signal { name, value })
        .collect()
}

fn reasons(m: &Match, signals: &[f32; MATCH_SIGNALS], query: &Query<'_>) -> Vec<Reason> {
    let patterns = &query.index.patterns;
    let row = &patterns.rows[m.document as usize];
    let mut reasons = Vec::new();
    let words = patterns
        .text
        .shared_words(&query.question.text, m.document, 5);
    if !words.is_empty() {
        let text = format!("ticket and scenario share: {}", words.join(", "));
        reasons.push(Reason {
            words,
            ..Reason::new(ReasonKind::SharedWords, text)
        });
    }
    let meaning = m
        .whole
        .max(m.whole_to_name)
        .max(m.name_to_whole)
        .max(m.name);
    if meaning > 0.3 {
        let text = format!("they mean something alike (cosine {meaning:.2})");
        reasons.push(Reason {
            score: Some(meaning),
            ..Reason::new(ReasonKind::Meaning, text)
        });
    }
    if signals[4] > 0.0 {
        let component = row.component.as_deref().unwrap_or(&row.pattern_type);
        let text = format!("the ticket is about {component}");
        reasons.push(Reason {
            score: Some(signals[4]),
            ..Reason::new(ReasonKind::Component, text)
        });
    }
    reasons
}
