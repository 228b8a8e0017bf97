//! The patterns that are worth a closer look for a ticket, found once for all plugins.

use super::past::Past;
use crate::domain::Verdict;
use crate::search::Index;
use crate::search::text_index::Match;
use crate::search::ticket_index::TicketQuestion;

/// How many by meaning, and as many by words.
const BY_TEXT: usize = 100;
/// How many of the patterns with the most votes bring patterns like them.
const LENDERS: usize = 6;

/// The nearest patterns by meaning and by words, those that were right for past tickets that were
/// alike, and patterns like these; by number, each compared with the ticket.
pub fn find(index: &Index, question: &TicketQuestion, past: &Past) -> Vec<Match> {
    let mut wanted = past.right.clone();
    let patterns = &index.patterns;
    for (lender, _) in lenders(index, past) {
        wanted.extend(patterns.look_alikes(lender));
    }
    let question = &question.text;
    patterns
        .text
        .matches_and(question, &question.terms, BY_TEXT, &wanted)
}

/// The patterns with the most votes, and their share.
pub fn lenders(index: &Index, past: &Past) -> Vec<(u32, f32)> {
    let mut votes: Vec<(u32, f32)> = past.right.iter().map(|&pattern| (pattern, 0.0)).collect();
    for voter in &past.voters {
        for outcome in index.history.of(voter.ticket) {
            if let Ok(at) = past.right.binary_search(&outcome.pattern) {
                votes[at].1 += match outcome.verdict {
                    Verdict::Right => voter.share,
                    Verdict::Wrong => -voter.share,
                };
            }
        }
    }
    votes.retain(|(_, share)| *share > 0.0);
    votes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    votes.truncate(LENDERS);
    votes
}
