//! Tickets and their keys.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{folded_name, same_name};
use crate::{Error, Result};

/// A Jira ticket key: a project, a hyphen and a number (`WRKA-1234`).
///
/// The project is a capital letter followed by at least one capital, digit or underscore.
/// Lower case is accepted and raised.
///
/// ```
/// use atlas_core::domain::TicketKey;
/// let key = TicketKey::parse(" wrka-1234 ")?;
/// assert_eq!(key.as_str(), "WRKA-1234");
/// assert_eq!(key.project(), "WRKA");
/// assert!(TicketKey::parse("1234").is_err());
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
pub struct TicketKey(String);

impl TicketKey {
    /// Reads a key.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY` when the text is not a key.
    pub fn parse(text: &str) -> Result<Self> {
        let key = text.trim().to_ascii_uppercase();
        let valid = key.len() <= 300
            && key.rsplit_once('-').is_some_and(|(project, number)| {
                let mut chars = project.chars();
                chars.next().is_some_and(|c| c.is_ascii_uppercase())
                    && project.len() >= 2
                    && chars.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
                    && !number.is_empty()
                    && number.chars().all(|c| c.is_ascii_digit())
            });
        if valid {
            Ok(TicketKey(key))
        } else {
            let key = text.chars().take(80).collect();
            Err(Error::InvalidTicketKey { key })
        }
    }

    /// The key as text, in capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The project's key: what stands before the last hyphen.
    pub fn project(&self) -> &str {
        self.0
            .rsplit_once('-')
            .map_or(self.as_str(), |(project, _)| project)
    }

    /// The number within the project: what stands after the last hyphen.
    pub fn number(&self) -> u64 {
        let number = self.0.rsplit_once('-').map_or("", |(_, number)| number);
        // Only digits are left, so what cannot be read is too large.
        number.parse().unwrap_or(u64::MAX)
    }
}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for TicketKey {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        TicketKey::parse(text)
    }
}

impl TryFrom<String> for TicketKey {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        TicketKey::parse(&text)
    }
}

impl From<TicketKey> for String {
    fn from(key: TicketKey) -> String {
        key.0
    }
}

/// How urgent a ticket is, whatever the Jira site calls it.
///
/// Highest, Critical and Blocker count as high; Lowest, Minor and Trivial as low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Low, Lowest, Minor, Trivial.
    Low,
    /// Medium, and every name that is not known.
    Medium,
    /// High, Highest, Major, Critical, Blocker, Urgent.
    High,
}

/// What Jira's own priorities are called in its other languages, by their rank.
const TRANSLATED: [(u8, &[&str]); 4] = [
    (
        1,
        &[
            "höchste",
            "höchster",
            "sehr hoch",
            "kritisch",
            "la plus élevée",
            "le plus élevé",
            "très élevée",
            "critique",
            "más alta",
            "muy alta",
            "crítica",
            "más alto",
            "altíssima",
            "mais alta",
            "muito alta",
            "crítico",
            "massima",
            "più alta",
            "critica",
            "hoogste",
            "kritiek",
            "najwyższy",
            "krytyczny",
            "наивысший",
            "самый высокий",
            "критический",
            "最高",
            "緊急",
            "紧急",
            "가장 높음",
            "nejvyšší",
            "högsta",
            "højeste",
            "høyeste",
            "korkein",
            "en yüksek",
            "найвищий",
            "legmagasabb",
        ],
    ),
    (
        2,
        &[
            "hoch",
            "élevée",
            "élevé",
            "haute",
            "alta",
            "alto",
            "hoog",
            "wysoki",
            "высокий",
            "高",
            "높음",
            "vysoká",
            "hög",
            "høj",
            "høy",
            "korkea",
            "yüksek",
            "високий",
            "magas",
        ],
    ),
    (
        4,
        &[
            "niedrig",
            "gering",
            "faible",
            "basse",
            "baja",
            "bajo",
            "baixa",
            "baixo",
            "bassa",
            "laag",
            "niski",
            "низкий",
            "低",
            "낮음",
            "nízká",
            "låg",
            "lav",
            "matala",
            "düşük",
            "низький",
            "alacsony",
        ],
    ),
    (
        5,
        &[
            "niedrigste",
            "niedrigster",
            "sehr niedrig",
            "la plus faible",
            "le plus faible",
            "très faible",
            "más baja",
            "más bajo",
            "muy baja",
            "mais baixa",
            "baixíssima",
            "muito baixa",
            "minima",
            "più bassa",
            "laagste",
            "najniższy",
            "самый низкий",
            "наименьший",
            "最低",
            "가장 낮음",
            "nejnižší",
            "lägsta",
            "laveste",
            "matalin",
            "en düşük",
            "найнижчий",
            "legalacsonyabb",
        ],
    ),
];

impl Priority {
    /// The class of a priority's name.
    ///
    /// ```
    /// use atlas_core::domain::Priority;
    /// assert_eq!(Priority::of(Some("Blocker")), Priority::High);
    /// assert_eq!(Priority::of(Some("trivial")), Priority::Low);
    /// assert_eq!(Priority::of(Some("Élevée")), Priority::High);
    /// assert_eq!(Priority::of(None), Priority::Medium);
    /// ```
    pub fn of(name: Option<&str>) -> Self {
        match Self::rank(name) {
            0..=2 => Priority::High,
            3 => Priority::Medium,
            _ => Priority::Low,
        }
    }

    /// The order in which testers look at priorities: 0 is the most urgent, 5 the least.
    pub fn rank(name: Option<&str>) -> u8 {
        match folded_name(name.unwrap_or("")).as_str() {
            "blocker" => 0,
            "highest" | "critical" | "urgent" | "p0" => 1,
            "high" | "major" | "p1" => 2,
            "low" | "minor" | "p3" => 4,
            "lowest" | "trivial" | "p4" => 5,
            other => TRANSLATED
                .iter()
                .find(|(_, names)| names.iter().any(|name| same_name(name, other)))
                .map_or(3, |(rank, _)| *rank),
        }
    }

    /// The specification's factor on minutes: 1.2 for high, 0.8 for low.
    pub fn minutes_factor(self) -> f64 {
        match self {
            Priority::High => 1.2,
            Priority::Medium => 1.0,
            Priority::Low => 0.8,
        }
    }
}

/// A link from one ticket to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TicketLink {
    /// The link type's name, such as `Duplicate` or `Relates`.
    pub kind: String,
    /// The ticket at the other end.
    pub key: TicketKey,
}

/// A ticket as ATLAS keeps it, whatever it was read from.
///
/// `description` is plain text with light structure: `#` headings, `-` and `1.` items,
/// `[ ]` tasks, `|` tables and fenced code. Only `key` and `summary` carry meaning for every
/// ticket; the rest may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The key, such as `WRKA-1234`.
    pub key: TicketKey,
    /// Jira's own id of the issue, which survives a move to another project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jira_id: Option<String>,
    /// The title.
    pub summary: String,
    /// Plain text, whole.
    #[serde(default)]
    pub description: Option<String>,
    /// Story, Task, Bug, …
    #[serde(default)]
    pub ticket_type: String,
    /// To Do, In Progress, Done, …
    #[serde(default)]
    pub status: String,
    /// The Jira site's own name for it; see [`Priority::of`].
    #[serde(default)]
    pub priority: Option<String>,
    /// Why it was closed: Fixed, Duplicate, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// Display name.
    #[serde(default)]
    pub assignee: Option<String>,
    /// Display name.
    #[serde(default)]
    pub reporter: Option<String>,
    /// Names, in Jira's order.
    #[serde(default)]
    pub components: Vec<String>,
    /// Labels, in Jira's order.
    #[serde(default)]
    pub labels: Vec<String>,
    /// When it was filed.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// When Jira last changed it.
    #[serde(default)]
    pub updated: Option<Timestamp>,
    /// When it was resolved.
    #[serde(default)]
    pub resolved: Option<Timestamp>,
    /// The epic or parent ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TicketKey>,
    /// Links to other tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<TicketLink>,
}

impl Ticket {
    /// A ticket with a key and a summary, everything else empty.
    ///
    /// ```
    /// use atlas_core::domain::{Ticket, TicketKey};
    /// let ticket = Ticket::new(TicketKey::parse("WMB-7")?, "Export is empty");
    /// assert!(ticket.components.is_empty());
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn new(key: TicketKey, summary: impl Into<String>) -> Self {
        Ticket {
            key,
            jira_id: None,
            summary: summary.into(),
            description: None,
            ticket_type: String::new(),
            status: String::new(),
            priority: None,
            resolution: None,
            assignee: None,
            reporter: None,
            components: Vec::new(),
            labels: Vec::new(),
            created: None,
            updated: None,
            resolved: None,
            parent: None,
            links: Vec::new(),
        }
    }
}

/// A ticket that is not filed: text and facts to ask about.
///
/// ```
/// use atlas_core::domain::Draft;
/// let draft = Draft::new("Login fails with an expired password").component("Login");
/// assert_eq!(draft.components, ["Login"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The title, or the whole text where there is no title.
    pub summary: String,
    /// Plain text.
    pub description: Option<String>,
    /// Story, Task, Bug, …
    pub ticket_type: String,
    /// See [`Priority::of`].
    pub priority: Option<String>,
    /// Component names.
    pub components: Vec<String>,
    /// Labels.
    pub labels: Vec<String>,
    /// Display name.
    pub reporter: Option<String>,
    /// When it was filed, if it was.
    pub created: Option<Timestamp>,
}

impl Draft {
    /// A draft with a title, everything else empty.
    pub fn new(summary: impl Into<String>) -> Self {
        Draft {
            summary: summary.into(),
            ..Draft::default()
        }
    }

    /// Adds a component.
    pub fn component(mut self, name: impl Into<String>) -> Self {
        self.components.push(name.into());
        self
    }

    /// Sets the text.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Sets the priority.
    pub fn priority(mut self, name: impl Into<String>) -> Self {
        self.priority = Some(name.into());
        self
    }
}

impl From<&Ticket> for Draft {
    fn from(ticket: &Ticket) -> Self {
        Draft {
            summary: ticket.summary.clone(),
            description: ticket.description.clone(),
            ticket_type: ticket.ticket_type.clone(),
            priority: ticket.priority.clone(),
            components: ticket.components.clone(),
            labels: ticket.labels.clone(),
            reporter: ticket.reporter.clone(),
            created: ticket.created,
        }
    }
}
