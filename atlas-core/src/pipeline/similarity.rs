//! The plugin `similarity`: what was right for past tickets that were alike.

use super::blender::SIMILARITY;
use super::past::{Past, PatternRecord, Votes};
use super::pool::lenders;
use super::predictor::answer_all;
use super::{Candidate, Predictor, Query, ScenarioRef, Signal, Suggestions};
use crate::Result;
use crate::domain::{ObservationOrigin, Reason, ReasonKind, Verdict};
use crate::search::history::PatternOutcome;
use crate::search::pattern_index::LEAST_LIKENESS;

/// How much of a vote can be borrowed from a pattern that is like this one.
const LENT: f32 = 0.6;
/// How many are named.
const NAMED: usize = 50;
/// How many past tickets are told as reasons for a scenario.
const SHOWN: usize = 2;

// The names of signals that are shown as one.
const SIMILAR_TICKETS: &str = "similar tickets";
const REFUSALS: &str = "refusals";

/// The predictor that reads the past.
#[derive(Debug, Clone, Copy, Default)]
pub struct Similarity;

impl Predictor for Similarity {
    fn name(&self) -> &str {
        SIMILARITY
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        if query.index.history.is_empty() {
            return Ok(Suggestions::default());
        }
        let patterns: Vec<u32> = query.pool().iter().map(|m| m.document).collect();
        let past = query.past();
        let alike = past.likenesses(query.index, &patterns);
        let votes = past.votes(query.index, &patterns, &alike);
        let mut borrowed = vec![0.0; patterns.len()];
        for (lender, share) in lenders(query.index, past) {
            let Ok(column) = past.right.binary_search(&lender) else {
                continue;
            };
            for (i, &pattern) in patterns.iter().enumerate() {
                if pattern != lender {
                    borrowed[i] += share * lent(alike[[i, column]]);
                }
            }
        }
        let record = PatternRecord::of(query.index);
        let confidences: Vec<f32> = votes
            .iter()
            .zip(&borrowed)
            .map(|(votes, borrowed)| confidence(votes, *borrowed))
            .collect();
        let least = least_named(&confidences);
        let scenarios = patterns.iter().enumerate().map(|(i, &pattern)| Candidate {
            scenario: ScenarioRef::Pattern(query.index.patterns.rows[pattern as usize].id),
            confidence: if confidences[i] >= least {
                confidences[i]
            } else {
                0.0
            },
            signals: signals(&votes[i], &record, pattern),
            reasons: Vec::new(),
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
        let past = query.past();
        let reasons = patterns.iter().map(|&id| {
            let Some(pattern) = query.index.patterns.number(id) else {
                return Vec::new();
            };
            let mut reasons = past_tickets(query, past, pattern);
            reasons.extend(like_chosen(query, past, pattern));
            reasons
        });
        reasons.collect()
    }
}

/// How much of a vote a pattern of this likeness borrows.
fn lent(cosine: f32) -> f32 {
    ((cosine - LEAST_LIKENESS) / (1.0 - LEAST_LIKENESS)).clamp(0.0, 1.0)
}

fn confidence(votes: &Votes, borrowed: f32) -> f32 {
    let voted = (votes.right - votes.wrong).clamp(0.0, 1.0);
    let borrowed = if votes.wrong > votes.right {
        0.0
    } else {
        LENT * borrowed.min(1.0)
    };
    1.0 - (1.0 - voted) * (1.0 - borrowed)
}

/// The least confidence that is named.
fn least_named(confidences: &[f32]) -> f32 {
    let mut sorted = confidences.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.get(NAMED).copied().unwrap_or(0.0).max(0.005)
}

fn signals(votes: &Votes, record: &PatternRecord, pattern: u32) -> Vec<Signal> {
    vec![
        Signal::new(SIMILAR_TICKETS, votes.right),
        Signal::new(SIMILAR_TICKETS, votes.component),
        Signal::new(SIMILAR_TICKETS, votes.likeness),
        Signal::new(REFUSALS, votes.wrong),
        Signal::new(REFUSALS, record.often_wrong(pattern)),
        Signal::new("often right", record.often_right(pattern)),
        Signal::new("tested lately", record.near_recent(pattern)),
    ]
}

/// The most similar past tickets where the pattern was judged.
fn past_tickets(query: &Query<'_>, past: &Past, pattern: u32) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for voter in &past.voters {
        let outcomes = query.index.history.of(voter.ticket);
        let Some(outcome) = outcomes.iter().find(|outcome| outcome.pattern == pattern) else {
            continue;
        };
        let tickets = &query.index.tickets;
        let key = tickets.rows[voter.ticket as usize].key.clone();
        let words = tickets
            .text
            .shared_words(&query.question.text, voter.ticket, 4);
        let alike = if words.is_empty() {
            String::new()
        } else {
            format!(": {}", words.join(", "))
        };
        let text = format!(
            "{key} was alike ({:.2}{alike}); {}",
            voter.likeness,
            words_of(outcome)
        );
        reasons.push(Reason {
            ticket_key: Some(key),
            words,
            score: Some(voter.likeness),
            ..Reason::new(ReasonKind::PastTicket, text)
        });
        if reasons.len() == SHOWN {
            break;
        }
    }
    reasons
}

fn words_of(outcome: &PatternOutcome) -> &'static str {
    match (outcome.verdict, outcome.origin) {
        (Verdict::Right, ObservationOrigin::Feedback) => "you kept this scenario there",
        (Verdict::Right, ObservationOrigin::Session) => "you ran this scenario there",
        (Verdict::Right, _) => "this scenario was tested there",
        (Verdict::Wrong, ObservationOrigin::Feedback) => "you refused this scenario there",
        (Verdict::Wrong, _) => "this scenario was wrong there",
    }
}

/// The chosen pattern that this one is like and borrows most from.
fn like_chosen(query: &Query<'_>, past: &Past, pattern: u32) -> Option<Reason> {
    let alike = past.likenesses(query.index, &[pattern]);
    let (lender, amount) = lenders(query.index, past)
        .into_iter()
        .filter(|(lender, _)| *lender != pattern)
        .filter_map(|(lender, share)| {
            let column = past.right.binary_search(&lender).ok()?;
            Some((lender, share * lent(alike[[0, column]])))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .filter(|(_, amount)| *amount > 0.02)?;
    let name = &query.index.patterns.rows[lender as usize].name;
    let text = format!("it is like \"{name}\", which was right for similar tickets");
    Some(Reason {
        score: Some(amount),
        ..Reason::new(ReasonKind::LikeChosen, text)
    })
}
