//! What a tester would ask a ticket's author before testing.

use serde::{Deserialize, Serialize};

use super::TicketKey;

/// How much a finding of a review matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The text could be clearer.
    Low,
    /// A test is possible, but its result is open to argument.
    Medium,
    /// Without an answer it cannot be tested.
    High,
}

/// The part of a ticket that a quote is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TicketPart {
    /// The title.
    Summary,
    /// An acceptance criterion.
    Criterion,
    /// A line of the description.
    Description,
}

/// A sentence of the ticket, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quote {
    /// As the ticket has it, at most 500 characters.
    pub text: String,
    /// Where it stands.
    pub part: TicketPart,
    /// Which criterion, or which line of the description, from 1; absent for the summary.
    pub number: Option<usize>,
}

/// Something that a tester would ask the author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Finding {
    /// The kind, such as `no-criteria` or `limit-without-number`; stable. `data/review.toml` has all.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// The question to the author, in English.
    pub question: String,
    /// The sentence that it is about; two where two sentences do not go together, several where
    /// several headings are empty. Never empty: what is missing from the whole quotes the summary.
    pub quotes: Vec<Quote>,
}

/// What a tester would ask a ticket's author before testing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Review {
    /// The ticket; absent for free text.
    pub ticket_key: Option<TicketKey>,
    /// The language by whose words the text was read, such as `en`; absent where none is known.
    pub language: Option<String>,
    /// The most important first, at most 20.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub left_out: usize,
    /// What was not looked at, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
