//! A prediction: what to test for a ticket, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Part, Step, TicketKey};

/// Which plugins named a scenario.
///
/// In JSON: `neural`, `similarity`, `hybrid` (more than one named it), or a plugin's own name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Source {
    /// The encoder's match of the ticket with the pattern.
    Neural,
    /// Past tickets that were alike.
    Similarity,
    /// More than one plugin.
    Hybrid,
    /// A plugin of the host's.
    Plugin(String),
}

impl Source {
    /// The name that results and the database use.
    pub fn as_str(&self) -> &str {
        match self {
            Source::Neural => "neural",
            Source::Similarity => "similarity",
            Source::Hybrid => "hybrid",
            Source::Plugin(name) => name,
        }
    }
}

impl From<String> for Source {
    fn from(name: String) -> Self {
        match name.as_str() {
            "neural" => Source::Neural,
            "similarity" => Source::Similarity,
            "hybrid" => Source::Hybrid,
            _ => Source::Plugin(name),
        }
    }
}

impl From<Source> for String {
    fn from(source: Source) -> String {
        source.as_str().to_owned()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What kind of thing a reason is, in the order in which reasons are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonKind {
    /// The scenario was right, or wrong, for a past ticket that was alike.
    PastTicket,
    /// The ticket and the pattern share words.
    SharedWords,
    /// The ticket has the pattern's component.
    Component,
    /// The ticket and the pattern mean the same.
    Meaning,
    /// The scenario is like one that was right for a past ticket that was alike.
    LikeChosen,
    /// A rule matched.
    Rule,
    /// A host's plugin says so.
    Plugin,
}

/// Why a scenario was named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reason {
    /// What kind of reason.
    pub kind: ReasonKind,
    /// The reason in one line, for people.
    pub text: String,
    /// The past ticket it speaks of, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_key: Option<TicketKey>,
    /// The words it speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// A number that goes with it, such as a cosine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// The id of the rule of test design that made the scenario; see `data/design.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

impl Reason {
    /// A reason with a kind and a line.
    pub fn new(kind: ReasonKind, text: impl Into<String>) -> Self {
        Reason {
            kind,
            text: text.into(),
            ticket_key: None,
            words: Vec::new(),
            score: None,
            rule: None,
        }
    }
}

/// Where a scenario's steps come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepsOrigin {
    /// The user's own pattern.
    Pattern,
    /// A pattern of the starter catalogue.
    Starter,
    /// The tester's own version of a pattern's steps, from feedback.
    Edited,
    /// The ticket's own test steps or reproduction.
    Ticket,
    /// Made from a sentence of the ticket by a technique of test design.
    Designed,
    /// A host's plugin.
    Plugin,
}

/// Where a scenario's minutes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MinutesOrigin {
    /// Times that testers really took for it, shrunk towards what would have been said otherwise.
    Observed,
    /// The average that the pattern came with, or what a plugin says.
    Pattern,
    /// How long other patterns took: those of its component first, then all.
    Component,
    /// The pattern's text, compared with those whose time is known.
    Text,
    /// Nothing is known: the specification's 45.
    Default,
}

/// One scenario to test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Scenario {
    /// The scenario's name.
    #[serde(rename = "scenario_name")]
    pub name: String,
    /// 0 to 100: the sum of `parts`.
    pub confidence: f32,
    /// Whether confidence was calibrated on this user's own past.
    pub calibrated: bool,
    /// Which plugins named it.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub source: Source,
    /// What each plugin adds, in points of confidence.
    pub parts: Vec<Part>,
    /// Why it was named, in the order of [`ReasonKind`].
    pub reasons: Vec<Reason>,
    /// What to do.
    pub steps: Vec<Step>,
    /// Where the steps come from.
    pub steps_origin: StepsOrigin,
    /// Minutes that it will take.
    #[serde(rename = "estimated_time")]
    pub minutes: u32,
    /// The lower end of the 80 % interval; 0 in predictions stored before there were intervals.
    #[serde(rename = "estimated_time_low", default)]
    pub minutes_low: u32,
    /// The upper end of the 80 % interval; 0 in predictions stored before there were intervals.
    #[serde(rename = "estimated_time_high", default)]
    pub minutes_high: u32,
    /// Where the minutes come from.
    pub minutes_origin: MinutesOrigin,
    /// The pattern's row id; absent for a scenario that is no stored pattern.
    pub pattern_id: Option<i64>,
    /// The pattern's key in its library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern_key: Option<String>,
    /// The scenario's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern_type: Option<String>,
    /// The pattern's component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The row in `predictions`, once stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction_id: Option<i64>,
}

/// How much an edge case matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Criticality {
    /// Nice to have.
    Low,
    /// Worth testing.
    Medium,
    /// Must be tested.
    High,
}

/// An edge case to try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EdgeCase {
    /// What to try.
    pub description: String,
    /// How much it matters.
    pub criticality: Criticality,
    /// The component it is for; absent for a general one.
    pub component: Option<String>,
    /// The rule that named it.
    pub rule: String,
    /// What in the ticket made the rule match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How the plugins' votes became one list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Blend {
    /// Who blended: `weighted sum` (the default), `learned`, or what a host's blender calls itself.
    pub by: String,
    /// The version of the model that was learned from this user's past, if one took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<i64>,
    /// The weights: of the plugins, or where it is learned of their signals.
    pub weights: Vec<Part>,
    /// Whether confidence was calibrated on this user's own past: of scenarios with 70, about 70 in
    /// 100 were right.
    pub calibrated: bool,
    /// How many more judged scenarios calibration needs; 0 when it has enough.
    #[serde(default)]
    pub missing: u32,
}

impl Blend {
    /// A blend by someone, with weights, not calibrated.
    pub fn new(by: impl Into<String>, weights: Vec<Part>) -> Self {
        Blend {
            by: by.into(),
            weights,
            ..Blend::default()
        }
    }
}

/// A plugin that took no part, or the encoder, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Degraded {
    /// The plugin's name, or `encoder`.
    pub predictor: String,
    /// Why its weight went to the others.
    pub reason: String,
}

/// What to test for a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Prediction {
    /// The stored prediction's id; absent for free text.
    #[serde(rename = "prediction_id")]
    pub id: Option<i64>,
    /// The ticket; absent for free text.
    pub ticket_key: Option<TicketKey>,
    /// Most confident first.
    #[serde(rename = "predictions")]
    pub scenarios: Vec<Scenario>,
    /// Most critical first, at most 10.
    pub edge_cases: Vec<EdgeCase>,
    /// Minutes of all scenarios together.
    #[serde(rename = "total_estimated_time")]
    pub total_minutes: u32,
    /// Plugins that took no part; and the encoder, where it knows too little of the ticket's text and
    /// words answered alone.
    pub degraded: Vec<Degraded>,
    /// Who blended the plugins' votes, and how.
    #[serde(default)]
    pub blend: Blend,
    /// Which fields of the ticket have changed since it was made; empty for one that still holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
}
