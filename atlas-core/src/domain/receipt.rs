//! What became of feedback: recorded, taken back, forgotten.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AnswerKind, FeedbackPart, Step, TicketKey};

/// What was recorded of one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FeedbackItem {
    /// The scenario's row in `predictions`; absent for what was missed.
    pub prediction_id: Option<i64>,
    /// The stored pattern, which learns from the answer; absent for a scenario that is none.
    pub pattern_id: Option<i64>,
    /// The scenario's name, where it is still known.
    pub scenario_name: Option<String>,
    /// The answer.
    pub answer: AnswerKind,
    /// The tester's own steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// What the tester has to say.
    pub comments: Option<String>,
    /// Minutes that it took; of a whole prediction, this scenario's share.
    pub actual_minutes: Option<u32>,
    /// What of an earlier answer it cleared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<FeedbackPart>,
    /// Whether the pattern came with this answer.
    pub made_pattern: bool,
}

/// What one call of feedback recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FeedbackReceipt {
    /// For taking it back.
    pub feedback_id: i64,
    /// The ticket; absent where its row has no key any more.
    pub ticket_key: Option<TicketKey>,
    /// When it was given.
    pub given_at: Option<Timestamp>,
    /// The host's own id of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_id: Option<String>,
    /// Whether the host's id was seen before: then this is the receipt of that call, and nothing
    /// has changed.
    pub repeated: bool,
    /// What was recorded, a scenario each, in the order of the prediction.
    pub items: Vec<FeedbackItem>,
}

/// What taking feedback back did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Undone {
    /// What was taken back.
    #[serde(flatten)]
    pub feedback: FeedbackReceipt,
    /// Patterns that had come with it and are gone.
    pub removed_patterns: u64,
    /// Versions of what was learned that had seen it and are withdrawn.
    pub withdrawn_models: u64,
}

/// What forgetting a ticket removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The ticket, which itself stays.
    pub ticket_key: Option<TicketKey>,
    /// Observations: which pattern was right or wrong for it.
    pub observations: u64,
    /// Calls of feedback.
    pub feedback: u64,
    /// Answers in the rows of its stored predictions.
    pub answers: u64,
    /// Pairs that were called not similar.
    pub not_similar: u64,
    /// Answers to its edge cases.
    #[serde(default)]
    pub edge_cases: u64,
    /// Mined patterns that no longer name it as their source.
    pub pattern_sources: u64,
    /// Patterns that had come with its feedback and are gone.
    pub removed_patterns: u64,
    /// Versions of what was learned that had seen it and are withdrawn.
    pub withdrawn_models: u64,
}
