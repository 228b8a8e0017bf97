//! What the tester says of edge cases.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TicketKey;

/// What the tester says of an edge case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EdgeCaseAnswer {
    /// Worth trying: the rule counts for more.
    Kept,
    /// Not for this ticket: it is not shown for it any more, and the rule counts for less.
    Dismissed,
    /// Not for any ticket of this one's components.
    DismissedForComponent,
}

impl EdgeCaseAnswer {
    /// As it is stored and written.
    pub fn as_str(self) -> &'static str {
        match self {
            EdgeCaseAnswer::Kept => "kept",
            EdgeCaseAnswer::Dismissed => "dismissed",
            EdgeCaseAnswer::DismissedForComponent => "dismissed_for_component",
        }
    }

    /// The answer of this name, in any case, with `-` or `_`.
    ///
    /// ```
    /// use atlas_core::domain::EdgeCaseAnswer;
    /// let answer = EdgeCaseAnswer::parse("dismissed-for-component");
    /// assert_eq!(answer, Some(EdgeCaseAnswer::DismissedForComponent));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().replace('-', "_").as_str() {
            "kept" => Some(EdgeCaseAnswer::Kept),
            "dismissed" => Some(EdgeCaseAnswer::Dismissed),
            "dismissed_for_component" => Some(EdgeCaseAnswer::DismissedForComponent),
            _ => None,
        }
    }
}

/// An answer to an edge case, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EdgeCaseReceipt {
    /// For taking it back.
    pub id: i64,
    /// The ticket; absent where its row has no key any more.
    pub ticket_key: Option<TicketKey>,
    /// The rule that had named the edge case.
    pub rule: String,
    /// The answer.
    pub answer: EdgeCaseAnswer,
    /// The ticket's components when it was given.
    pub components: Vec<String>,
    /// When it was given.
    pub given_at: Option<Timestamp>,
}
