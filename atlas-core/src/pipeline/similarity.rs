//! The plugin `similarity`: what was right for past tickets that were alike.

use std::collections::HashMap;

use super::blender::SIMILARITY;
use super::{Candidate, Predictor, Query, ScenarioRef, Signal, Suggestions};
use crate::Result;
use crate::domain::{Reason, ReasonKind, Verdict};
use crate::search::similar::Similar;

/// Past tickets less alike than this have no say.
const LEAST_LIKENESS: f32 = 0.25;
/// The weight of "none of them": with little likeness in sight, confidence stays low.
const DOUBT: f32 = 0.05;
/// How many of the patterns with the most votes lend them to patterns like them.
const LENDERS: usize = 6;
/// Patterns less alike than this borrow nothing.
const LEAST_PATTERN_LIKENESS: f32 = 0.5;
/// How much of a vote can be borrowed.
const LENT: f32 = 0.6;
/// How many are named.
const NAMED: usize = 50;

/// The predictor that reads the past.
#[derive(Debug, Clone, Copy, Default)]
pub struct Similarity;

/// What past tickets say of one pattern.
#[derive(Debug, Default, Clone)]
struct Tally {
    right: f32,
    wrong: f32,
    /// The past ticket that speaks loudest, its weight, and whether the pattern was right there.
    loudest: Option<(u32, f32, Verdict)>,
    /// The share of votes borrowed from a pattern like it, and which.
    borrowed: f32,
    lender: Option<(u32, f32)>,
}

impl Predictor for Similarity {
    fn name(&self) -> &str {
        SIMILARITY
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        let neighbours = query.similar_with_past();
        let (mut tallies, total) = tally(query, neighbours);
        lend(query, &mut tallies, total);
        let mut named: Vec<(u32, f32, Tally)> = tallies
            .into_iter()
            .map(|(pattern, tally)| (pattern, confidence(&tally, total), tally))
            .filter(|(_, confidence, _)| *confidence > 0.005)
            .collect();
        named.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        named.truncate(NAMED);
        let scenarios = named
            .into_iter()
            .map(|(pattern, confidence, tally)| Candidate {
                scenario: ScenarioRef::Pattern(query.index.patterns.rows[pattern as usize].id),
                confidence,
                signals: signals(&tally, total),
                reasons: reasons(query, neighbours, &tally),
            });
        Ok(Suggestions {
            scenarios: scenarios.collect(),
            edge_cases: Vec::new(),
        })
    }
}

/// Votes of the neighbours for their patterns, and the weight of all neighbours together.
fn tally(query: &Query<'_>, neighbours: &[Similar]) -> (HashMap<u32, Tally>, f32) {
    let mut tallies: HashMap<u32, Tally> = HashMap::new();
    let mut total = DOUBT;
    for neighbour in neighbours {
        let weight = (neighbour.score - LEAST_LIKENESS).max(0.0).powi(2);
        if weight == 0.0 {
            continue;
        }
        total += weight;
        for outcome in query.index.history.of(neighbour.number) {
            let tally = tallies.entry(outcome.pattern).or_default();
            match outcome.verdict {
                Verdict::Right => tally.right += weight,
                Verdict::Wrong => tally.wrong += weight,
            }
            if tally.loudest.is_none_or(|(_, loudest, _)| weight > loudest) {
                tally.loudest = Some((neighbour.number, weight, outcome.verdict));
            }
        }
    }
    (tallies, total)
}

/// Patterns like those that were right borrow from their votes: a past ticket's test is often the
/// neighbour of the one that is needed now.
fn lend(query: &Query<'_>, tallies: &mut HashMap<u32, Tally>, total: f32) {
    let mut lenders: Vec<(u32, f32)> = tallies
        .iter()
        .map(|(&pattern, tally)| (pattern, (tally.right - tally.wrong) / total))
        .filter(|(_, share)| *share > 0.0)
        .collect();
    lenders.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    lenders.truncate(LENDERS);
    let text = &query.index.patterns.text;
    for (lender, share) in lenders {
        let Some((_, whole)) = text.vectors(lender) else {
            continue;
        };
        for (pattern, cosine) in (0..).zip(text.likenesses(&whole)) {
            if pattern == lender || cosine <= LEAST_PATTERN_LIKENESS {
                continue;
            }
            let likeness = (cosine - LEAST_PATTERN_LIKENESS) / (1.0 - LEAST_PATTERN_LIKENESS);
            let lent = share * likeness.min(1.0);
            let tally = tallies.entry(pattern).or_default();
            tally.borrowed += lent;
            if tally.lender.is_none_or(|(_, most)| lent > most) {
                tally.lender = Some((lender, lent));
            }
        }
    }
}

fn confidence(tally: &Tally, total: f32) -> f32 {
    let voted = ((tally.right - tally.wrong) / total).max(0.0);
    let borrowed = if tally.wrong > tally.right {
        0.0
    } else {
        LENT * tally.borrowed.min(1.0)
    };
    1.0 - (1.0 - voted) * (1.0 - borrowed)
}

fn signals(tally: &Tally, total: f32) -> Vec<Signal> {
    vec![
        Signal {
            name: "past votes",
            value: tally.right / total,
        },
        Signal {
            name: "past refusals",
            value: tally.wrong / total,
        },
        Signal {
            name: "like past votes",
            value: tally.borrowed,
        },
    ]
}

fn reasons(query: &Query<'_>, neighbours: &[Similar], tally: &Tally) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Some((number, _, verdict)) = tally.loudest {
        let key = query.index.tickets.rows[number as usize].key.clone();
        let score = neighbours
            .iter()
            .find(|n| n.number == number)
            .map_or(0.0, |n| n.score);
        let words = query
            .index
            .tickets
            .text
            .shared_words(&query.question.text, number, 4);
        let verdict = match verdict {
            Verdict::Right => "was right",
            Verdict::Wrong => "was refused",
        };
        let alike = if words.is_empty() {
            String::new()
        } else {
            format!(": {}", words.join(", "))
        };
        let text = format!("{key} was alike ({score:.2}{alike}); this scenario {verdict} there");
        reasons.push(Reason {
            ticket_key: Some(key),
            words,
            score: Some(score),
            ..Reason::new(ReasonKind::PastTicket, text)
        });
    }
    if let Some((lender, lent)) = tally.lender.filter(|(_, lent)| *lent > 0.02) {
        let name = &query.index.patterns.rows[lender as usize].name;
        let text = format!("it is like \"{name}\", which was right for similar tickets");
        reasons.push(Reason {
            score: Some(lent),
            ..Reason::new(ReasonKind::LikeChosen, text)
        });
    }
    reasons
}
