//! Numbers that a host may change.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// Who orders the scenarios.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlendPolicy {
    /// The learned blend where it did better on this user's past, else the weighted sum.
    #[default]
    Auto,
    /// Always the specification's weighted sum.
    WeightedSum,
    /// The learned blend as soon as there is one.
    Learned,
}

/// Numbers that a host may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Tokens of a ticket that are encoded, 8 to 512.
    pub ticket_tokens: usize,
    /// Tokens of a pattern that are encoded, 8 to 512.
    pub pattern_tokens: usize,
    /// From so many tickets of different texts on, an approximate index is made in the background
    /// and used by searches without a filter; `usize::MAX` for never. It takes about 2 kB of memory
    /// a ticket, 3 kB after it was read from its file, and 1 kB in a folder beside the database, a
    /// cache that may be deleted. Nothing is made without the feature `hnsw`.
    pub approximate_from: usize,
    /// See [`AtlasBuilder::retrain_after`](crate::AtlasBuilder::retrain_after).
    pub retrain_after: Option<NonZeroU32>,
    /// See [`AtlasBuilder::blend`](crate::AtlasBuilder::blend).
    pub blend: BlendPolicy,
}

/// See [`Settings::approximate_from`]. Measured (`benches/README.md`): up to 50,000 the exact scan
/// is as fast.
const HNSW_FROM: usize = 100_000;

impl Default for Settings {
    /// Chosen from the curves that `evaluate --tokens` prints.
    fn default() -> Self {
        Settings {
            ticket_tokens: 128,
            pattern_tokens: 256,
            approximate_from: HNSW_FROM,
            retrain_after: NonZeroU32::new(20),
            blend: BlendPolicy::Auto,
        }
    }
}
