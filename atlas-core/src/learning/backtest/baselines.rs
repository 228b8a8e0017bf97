//! What one could do instead: simple ways to rank, and each plugin alone.

use std::collections::BTreeMap;

use super::report::FREQUENCY;
use super::score::LOOKED_AT;
use crate::domain::Verdict;
use crate::pipeline::{Answers, Pipeline, Query, ScenarioRef, Vote};
use crate::search::text_index::Match;

/// Lists of pattern ids by name, best first.
pub type BaselineLists = Vec<(String, Vec<i64>)>;

/// Every baseline's list for one ticket, in the same order for all tickets.
pub fn lists(pipeline: &Pipeline, query: &Query<'_>, answers: &Answers) -> BaselineLists {
    let votes = pipeline.votes(answers);
    let mut lists: BaselineLists = pipeline
        .weights()
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(name, _)| {
            let vote = votes.iter().find(|vote| vote.predictor == name);
            (format!("{name} alone"), vote.map_or_else(Vec::new, plugin))
        })
        .collect();
    lists.push((FREQUENCY.to_owned(), most_frequent(query)));
    lists.push(("nearest ticket".to_owned(), nearest_ticket(query)));
    lists.push(("words only".to_owned(), by(query, &|m| m.words)));
    lists.push(("encoder only".to_owned(), by(query, &|m| m.whole)));
    lists
}

fn plugin(vote: &Vote<'_>) -> Vec<i64> {
    let named = vote
        .suggestions
        .scenarios
        .iter()
        .filter(|c| c.confidence > 0.0);
    ranked(named.filter_map(|candidate| match candidate.scenario {
        ScenarioRef::Pattern(id) => Some((id, candidate.confidence)),
        ScenarioRef::Own(_) => None,
    }))
}

/// The patterns that were right most often so far.
fn most_frequent(query: &Query<'_>) -> Vec<i64> {
    let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
    for judged in query.index.history.judged() {
        judged
            .right()
            .for_each(|pattern| *counts.entry(pattern).or_default() += 1.0);
    }
    ranked(
        counts
            .iter()
            .map(|(&pattern, &count)| (id(query, pattern), count)),
    )
}

/// What was right for the nearest past ticket, then for the next.
fn nearest_ticket(query: &Query<'_>) -> Vec<i64> {
    let mut list = Vec::new();
    for similar in query.similar_with_past() {
        for outcome in query.index.history.of(similar.number) {
            let id = id(query, outcome.pattern);
            if outcome.verdict == Verdict::Right && !list.contains(&id) {
                list.push(id);
            }
        }
        if list.len() >= LOOKED_AT {
            break;
        }
    }
    list
}

fn by(query: &Query<'_>, score: &dyn Fn(&Match) -> f32) -> Vec<i64> {
    ranked(
        query
            .pool()
            .iter()
            .map(|m| (id(query, m.document), score(m))),
    )
}

fn id(query: &Query<'_>, pattern: u32) -> i64 {
    query.index.patterns.rows[pattern as usize].id
}

/// The best ids, equal ones by id.
fn ranked(scored: impl Iterator<Item = (i64, f32)>) -> Vec<i64> {
    let mut scored: Vec<(i64, f32)> = scored.collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored
        .into_iter()
        .take(LOOKED_AT)
        .map(|(id, _)| id)
        .collect()
}
