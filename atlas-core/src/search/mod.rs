//! Finding tickets and patterns: vectors for meaning, BM25 for words, and their fused ranking.

pub mod bundled_vectors;
pub mod documents;
pub mod history;
#[cfg(feature = "hnsw")]
pub mod hnsw;
pub mod lexical;
pub mod load;
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
}
