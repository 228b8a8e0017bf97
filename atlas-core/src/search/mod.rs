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
    /// Whether the user called a ticket not similar to the asker; both are numbers of tickets,
    /// and free text has none.
    pub fn apart(&self, asker: Option<u32>, other: u32) -> bool {
        asker.is_some_and(|asker| self.not_similar.holds(asker, other))
    }

    /// A filter that leaves out what is apart from the asker, and what Jira no longer has; `None`
    /// where nothing is, because a search without a filter is the faster one.
    pub fn together(&self, asker: Option<u32>) -> Option<Box<dyn Fn(u32) -> bool + '_>> {
        let asker = asker.filter(|&asker| self.not_similar.names(asker));
        if asker.is_none() && !self.tickets.any_gone() {
            return None;
        }
        let gone = |other: u32| self.tickets.rows[other as usize].gone;
        Some(Box::new(move |other| {
            !gone(other) && !self.apart(asker, other)
        }))
    }
}
