//! What is worth asking the tester.

use serde::{Deserialize, Serialize};

use super::TicketKey;

/// A scenario of a stored prediction whose answer would teach much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The ticket.
    pub ticket_key: TicketKey,
    /// Its title.
    pub summary: String,
    /// The scenario.
    pub scenario_name: String,
    /// Its number in the ticket's newest prediction, from 1.
    pub number: usize,
    /// Its row in `predictions`: [`FeedbackTarget::Scenario`](super::FeedbackTarget::Scenario).
    pub prediction_id: i64,
    /// The pattern's row id.
    pub pattern_id: i64,
    /// Confidence when it was predicted, 0 to 100.
    pub confidence: f32,
    /// How unsure that is: entropy in bits, 0 to 1.
    pub uncertainty: f32,
    /// Other tickets whose newest prediction has this scenario without an answer.
    pub others: usize,
    /// For how many scenarios the answer speaks: this one, and the others, each times the likeness
    /// of its ticket.
    pub speaks_for: f32,
    /// Why it is asked, in one line.
    pub reason: String,
}
