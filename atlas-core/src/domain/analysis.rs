//! What ATLAS says about a ticket before it predicts: components, scenario types, similar tickets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TicketKey;

/// A named share of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Part {
    /// The signal's name, such as `meaning` or `words`.
    pub name: String,
    /// What it adds to the score, in the score's own unit. May be negative.
    pub value: f32,
}

impl Part {
    /// A part.
    pub fn new(name: impl Into<String>, value: f32) -> Self {
        Part {
            name: name.into(),
            value,
        }
    }
}

/// How alike two tickets are, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Probably about something else.
    Weak,
    /// Worth a look.
    Medium,
    /// Very likely about the same thing.
    Strong,
}

/// A ticket that is like another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SimilarTicket {
    /// The other ticket.
    pub ticket_key: TicketKey,
    /// Its title.
    pub summary: String,
    /// Its status.
    pub status: String,
    /// The score, 0 to 1: the sum of `parts`.
    pub similarity: f32,
    /// The score in words, from calibration on real duplicates.
    pub band: Band,
    /// Cosine of the two texts, -1 to 1.
    pub cosine: f32,
    /// What the score is made of.
    pub parts: Vec<Part>,
    /// The rarest words that both have.
    pub shared_words: Vec<String>,
    /// Why words alone were compared, where they were: the encoder knows too little of one of the two
    /// texts. Such a ticket is never called more than weakly alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded: Option<String>,
}

/// A ticket that is probably the same report as another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicateTicket {
    /// The other ticket.
    pub ticket_key: TicketKey,
    /// Its title.
    pub summary: String,
    /// Its status.
    pub status: String,
    /// How likely it is the same report, 0 to 1, from calibration on a public tracker.
    pub likelihood: f32,
    /// What speaks for it and against it, in logits.
    pub parts: Vec<Part>,
    /// The rarest words that both have.
    pub shared_words: Vec<String>,
    /// Whether the asking ticket already links to it.
    pub linked: bool,
    /// Why words alone were compared, where they were: the encoder knows too little of one of the two
    /// texts. Then it is never likely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded: Option<String>,
}

/// A component that the ticket is probably about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ComponentGuess {
    /// The component's name.
    pub name: String,
    /// 0 to 1; 1 where the ticket names it itself.
    pub confidence: f32,
    /// Where the guess comes from, in words.
    pub reason: String,
}

/// A type of test scenario that the ticket calls for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScenarioTypeGuess {
    /// The type's name, such as `Form Submission`.
    #[serde(rename = "type")]
    pub scenario_type: String,
    /// 0 to 1.
    pub relevance: f32,
    /// The words in the ticket that speak for it.
    pub words: Vec<String>,
}

/// What a ticket is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Analysis {
    /// The ticket; absent for free text.
    pub ticket_key: Option<TicketKey>,
    /// Most confident first.
    pub components: Vec<ComponentGuess>,
    /// Most relevant first.
    pub scenario_types: Vec<ScenarioTypeGuess>,
    /// Most alike first.
    pub similar_tickets: Vec<SimilarTicket>,
}

/// Which tickets may be named as similar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TicketFilter {
    /// Only these projects; empty for all.
    pub projects: Vec<String>,
    /// Only tickets with one of these components; empty for all.
    pub components: Vec<String>,
    /// Only these statuses; empty for all.
    pub statuses: Vec<String>,
    /// Only tickets filed at or after this instant.
    pub created_from: Option<Timestamp>,
    /// Only tickets filed before this instant.
    pub created_before: Option<Timestamp>,
}
