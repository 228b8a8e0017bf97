//! What ATLAS proposes to do with patterns: scenarios that it found, and patterns that repeat.

use serde::{Deserialize, Serialize};

use super::{Step, TicketKey};

/// A scenario found in the user's tickets, to be kept as a pattern or dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatternProposal {
    /// Eight hexadecimal digits made from the steps: the same as long as the steps are.
    pub id: String,
    /// A name as a tester would say it, from the ticket that stands for the group.
    pub name: String,
    /// The scenario's type, such as `Form Submission`.
    pub pattern_type: String,
    /// The component that at least half of the tickets have.
    pub component: Option<String>,
    /// The steps of the ticket that stands for the group, cleaned.
    pub steps: Vec<Step>,
    /// The ticket that the steps are from.
    pub example: TicketKey,
    /// All tickets that tell the scenario, the example among them, in order.
    pub ticket_keys: Vec<TicketKey>,
    /// The words that most of them share and few others have, most telling first.
    pub words: Vec<String>,
    /// How alike the tickets are, 0 to 1: the mean cosine of the others with the example, by
    /// title and by steps.
    pub cohesion: f32,
    /// How much it is worth a look, 0 to 1: the mean of cohesion, of evidence (1 - 1 / tellings,
    /// where tickets of the same title are one telling), and of clarity (the share of the
    /// example's steps that say what to do or what should be seen).
    pub score: f32,
    /// The stored pattern that says the same, if there is one; such proposals are only made when
    /// they are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownPattern>,
    /// The hashes of the steps of proposals that were merged into this one, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<String>,
}

/// A stored pattern that a proposal repeats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownPattern {
    /// Its row id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// How alike they are, 0 to 1; 1 for equal steps.
    pub similarity: f32,
}

/// What the user changes of a proposal when accepting it; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProposalEdits {
    /// Another name.
    pub name: Option<String>,
    /// Another type.
    pub pattern_type: Option<String>,
    /// Another component; an empty text for none.
    pub component: Option<String>,
}

/// Two patterns that say much the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatternPair {
    /// The one to keep: the one used more often, else the older.
    pub keep: PatternName,
    /// The other.
    pub drop: PatternName,
    /// 0 to 1: the mean of the cosine of their texts and of the share of words that they have in
    /// common; 1 for equal texts.
    pub similarity: f32,
    /// Why, in one readable line.
    pub reason: String,
}

/// What names a stored pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternName {
    /// Its row id.
    pub id: i64,
    /// Its key in its library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The scenario's name.
    pub name: String,
}

/// What merging two patterns did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternMerge {
    /// The pattern that stays.
    pub kept: i64,
    /// The pattern that is retired. Its observations stay with it, and no longer speak.
    pub retired: i64,
    /// Tickets that the kept pattern now names as sources and did not before.
    pub sources_moved: u64,
    /// Observations that stayed with the retired pattern.
    pub observations_left: u64,
}
