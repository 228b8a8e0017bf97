//! Finding tickets and patterns: vectors for meaning, BM25 for words, and their fused ranking.

#[cfg(feature = "hnsw")]
pub mod approximate;
pub mod bundled_vectors;
pub mod documents;
pub mod history;
#[cfg(feature = "hnsw")]
pub mod hnsw;
pub mod lexical;
pub mod load;
pub mod not_similar;
pub mod pattern_index;
pub mod similar;
pub mod text_index;
pub mod text_query;
pub mod ticket_index;
pub mod vectors;
pub mod weights;

use std::sync::Arc;

/// Everything stored that a prediction looks at, in memory; an unchanging snapshot.
#[derive(Debug, Clone)]
pub struct Index {
    /// All tickets.
    pub tickets: Arc<ticket_index::TicketIndex>,
    /// All active patterns.
    pub patterns: Arc<pattern_index::PatternIndex>,
    /// Which patterns were right or wrong for which tickets.
    pub history: Arc<history::History>,
    /// Pairs of tickets that the user called not similar.
    pub not_similar: Arc<not_similar::NotSimilar>,
}

impl Index {
    /// Whether the user called two tickets not similar; both are numbers of tickets, and free text
    /// has none.
    pub fn marked_not_similar(&self, ticket: Option<u32>, other: u32) -> bool {
        ticket.is_some_and(|ticket| self.not_similar.holds(ticket, other))
    }

    /// A filter for a search for tickets like one: it leaves out what the user called not similar to
    /// it, and what Jira no longer has. `None` where nothing is left out, because a search without a
    /// filter is the faster one.
    pub fn filter_for(&self, ticket: Option<u32>) -> Option<Box<dyn Fn(u32) -> bool + '_>> {
        let ticket = ticket.filter(|&ticket| self.not_similar.names(ticket));
        if ticket.is_none() && !self.tickets.any_gone() {
            return None;
        }
        let gone = |other: u32| self.tickets.rows[other as usize].gone;
        Some(Box::new(move |other| {
            !gone(other) && !self.marked_not_similar(ticket, other)
        }))
    }
}
