//! Observations: which pattern was right or wrong for which ticket.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether a scenario was right for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The tester used it.
    Right,
    /// The tester refused it.
    Wrong,
}

/// Where an observation came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ObservationOrigin {
    /// An imported link between a past ticket and a test.
    History,
    /// The tester's answer to a prediction.
    Feedback,
    /// A testing session.
    Session,
}

/// One thing learned: for this ticket, this pattern was right or wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The ticket's row id.
    pub ticket_id: i64,
    /// The pattern's row id.
    pub pattern_id: i64,
    /// Right or wrong.
    pub verdict: Verdict,
    /// Where it came from.
    pub origin: ObservationOrigin,
    /// When it happened, if known.
    pub observed_at: Option<Timestamp>,
    /// Minutes it really took, if known.
    pub minutes: Option<u32>,
}
