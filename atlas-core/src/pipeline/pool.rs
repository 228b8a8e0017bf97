//! The patterns that are worth a closer look for a ticket, found once for all plugins.

use super::Query;
use super::past::Past;
use crate::search::text_index::Match;

/// How many by meaning, and as many by words.
const BY_TEXT: usize = 100;
/// How many of the patterns with the most votes bring patterns like them.
const LENDERS: usize = 6;
/// How many each brings.
const BROUGHT: usize = 10;
/// Patterns less alike than this are not brought.
pub const LEAST_PATTERN_LIKENESS: f32 = 0.5;

/// The nearest patterns by meaning and by words, those that were right for past tickets that were
/// alike, and patterns like these; by number, each compared with the ticket.
pub fn find(query: &Query<'_>) -> Vec<Match> {
    let past = query.past();
    let mut wanted = past.right.clone();
    wanted.extend(look_alikes(query, past));
    let question = &query.question.text;
    let patterns = &query.index.patterns.text;
    patterns.matches_and(question, &question.terms, BY_TEXT, &wanted)
}

fn look_alikes(query: &Query<'_>, past: &Past) -> Vec<u32> {
    let text = &query.index.patterns.text;
    let mut brought = Vec::new();
    for (lender, _) in lenders(query, past) {
        let Some((_, whole)) = text.vectors(lender) else {
            continue;
        };
        let mut alike: Vec<(u32, f32)> = (0..)
            .zip(text.likenesses(&whole))
            .filter(|&(pattern, cosine)| pattern != lender && cosine > LEAST_PATTERN_LIKENESS)
            .collect();
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if alike.len() > BROUGHT {
            alike.select_nth_unstable_by(BROUGHT, order);
            alike.truncate(BROUGHT);
        }
        brought.extend(alike.into_iter().map(|(pattern, _)| pattern));
    }
    brought
}

/// The patterns with the most votes, and their share.
pub fn lenders(query: &Query<'_>, past: &Past) -> Vec<(u32, f32)> {
    let mut votes: Vec<(u32, f32)> = past.right.iter().map(|&pattern| (pattern, 0.0)).collect();
    for voter in &past.voters {
        for outcome in query.index.history.of(voter.ticket) {
            if let Ok(at) = past.right.binary_search(&outcome.pattern) {
                votes[at].1 += match outcome.verdict {
                    crate::domain::Verdict::Right => voter.share,
                    crate::domain::Verdict::Wrong => -voter.share,
                };
            }
        }
    }
    votes.retain(|(_, share)| *share > 0.0);
    votes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    votes.truncate(LENDERS);
    votes
}
