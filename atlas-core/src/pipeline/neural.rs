//! The plugin `neural`: the ticket against every pattern, by meaning and by words.

use super::blender::NEURAL;
use super::predictor::answer_all;
use super::{Candidate, Predictor, Query, ScenarioRef, Signal, Suggestions};
use crate::Result;
use crate::domain::{PatternOrigin, Reason, ReasonKind, same_name, sum};
use crate::search::pattern_index::PatternRow;
use crate::search::text_index::Match;
use crate::search::weights::{MATCH, MATCH_OFFSET, MATCH_SIGNALS, MATCH_SLOPE, STARTER_OFFSET};

/// How many are named.
const NAMED: usize = 50;
/// With this many patterns of the user's own, a starter pattern has stepped back.
const OWN_ENOUGH: usize = 40;
/// How much of its confidence it keeps then.
const STARTER_STANDING: f32 = 0.4;

/// The names of [`signals`]. All cosines are called meaning and all shared words are called words:
/// signals of one name are shown as one, and apart their weights say little.
pub const MATCH_NAMES: [&str; MATCH_SIGNALS] = [
    MEANING,
    MEANING,
    MEANING,
    WORDS,
    "component",
    "scenario type",
];
const MEANING: &str = "meaning";
const WORDS: &str = "words";

/// The encoder's predictor. Local: the specification's remote model is a plugin of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Neural;

impl Predictor for Neural {
    fn name(&self) -> &str {
        NEURAL
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        let patterns = &query.index.patterns;
        let nearest = query.pool().iter().map(|m| m.whole).fold(0.0, f32::max);
        let mut scored: Vec<(f32, &Match, [f32; MATCH_SIGNALS])> = query
            .pool()
            .iter()
            .map(|m| {
                let row = &patterns.rows[m.document as usize];
                let signals = signals(m, row, query);
                (confidence(&signals, row, patterns.own), m, signals)
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.document.cmp(&b.1.document)));
        let named = |place| if place < NAMED { 1.0 } else { 0.0 };
        let scenarios = scored
            .iter()
            .enumerate()
            .map(|(place, (confidence, m, signals))| {
                let row = &patterns.rows[m.document as usize];
                Candidate {
                    scenario: ScenarioRef::Pattern(row.id),
                    confidence: confidence * named(place),
                    signals: all_signals(signals, m, row, nearest),
                    reasons: Vec::new(),
                }
            });
        Ok(Suggestions {
            scenarios: scenarios.collect(),
            edge_cases: Vec::new(),
        })
    }

    fn predict_batch(&self, queries: &[Query<'_>]) -> Vec<Result<Suggestions>> {
        answer_all(self, queries)
    }

    fn explain(&self, query: &Query<'_>, patterns: &[i64]) -> Vec<Vec<Reason>> {
        let pool = query.pool();
        let of = |&id: &i64| {
            let number = query.index.patterns.number(id)?;
            let at = pool.binary_search_by_key(&number, |m| m.document).ok()?;
            Some(reasons(&pool[at], query))
        };
        patterns
            .iter()
            .map(|id| of(id).unwrap_or_default())
            .collect()
    }
}

/// What a ticket and a pattern have in common, each 0 to 1.
pub fn signals(m: &Match, row: &PatternRow, query: &Query<'_>) -> [f32; MATCH_SIGNALS] {
    let same = |name: &str| {
        row.component.as_deref().is_some_and(|c| same_name(c, name))
            || same_name(&row.pattern_type, name)
    };
    let component = query
        .components
        .iter()
        .filter(|(name, _)| same(name))
        .map(|(_, c)| *c);
    let called = |name: &str| same_name(&row.pattern_type, name);
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
    sum(MATCH
        .iter()
        .zip(signals)
        .map(|(weight, signal)| weight * signal))
}

/// The score as a confidence. A starter pattern steps back as the user's own patterns come.
fn confidence(signals: &[f32; MATCH_SIGNALS], row: &PatternRow, own: usize) -> f32 {
    let logistic = |offset: f32| 1.0 / (1.0 + (-(MATCH_SLOPE * score(signals) + offset)).exp());
    match row.origin {
        PatternOrigin::Starter => {
            let come = (own as f32 / OWN_ENOUGH as f32).min(1.0);
            logistic(STARTER_OFFSET) * (1.0 - (1.0 - STARTER_STANDING) * come)
        }
        _ => logistic(MATCH_OFFSET),
    }
}

/// All that is known of a match, for learning. Squares bend a signal's curve.
fn all_signals(
    signals: &[f32; MATCH_SIGNALS],
    m: &Match,
    row: &PatternRow,
    nearest: f32,
) -> Vec<Signal> {
    let mut all = Vec::with_capacity(MATCH_SIGNALS + 10);
    for (&name, &value) in MATCH_NAMES.iter().zip(signals) {
        all.push(Signal::new(name, value));
    }
    let own = row.origin != PatternOrigin::Starter;
    all.extend([
        Signal::new(MEANING, m.whole.max(0.0).powi(2)),
        Signal::new(MEANING, m.whole - nearest),
        Signal::new(MEANING, m.whole_to_name.max(0.0).powi(2)),
        Signal::new(MEANING, m.name.max(0.0)),
        Signal::new(WORDS, m.words.powi(2)),
        Signal::new(WORDS, m.name_words),
        Signal::new(WORDS, m.name_share),
        Signal::new(WORDS, m.question_share),
        Signal::new("your own pattern", if own { 1.0 } else { 0.0 }),
    ]);
    all
}

fn reasons(m: &Match, query: &Query<'_>) -> Vec<Reason> {
    let patterns = &query.index.patterns;
    let row = &patterns.rows[m.document as usize];
    let signals = signals(m, row, query);
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
