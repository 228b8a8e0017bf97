//! The tester's work as lists show it: tickets to test, notes on them, sessions in short, days.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Outcome, SessionStatus, TicketKey};
use crate::{Error, Result};

/// The most characters that a note may have.
const LONGEST_NOTE: usize = 20_000;

/// What the tester wrote on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TicketNote {
    /// The ticket.
    pub ticket_key: TicketKey,
    /// The note, if there is one.
    pub note: Option<String>,
    /// How hard the ticket is to test, 1 (easy) to 5.
    pub difficulty: Option<u8>,
    /// When either was last changed.
    pub updated_at: Option<Timestamp>,
}

impl TicketNote {
    /// A note as it may be stored: trimmed, not empty, at most 20,000 characters.
    ///
    /// # Errors
    /// `INVALID_VALUE`.
    pub fn check_text(text: &str) -> Result<&str> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST_NOTE {
            let expected = format!("1 to {LONGEST_NOTE} characters");
            return Err(Error::invalid("note", text, expected));
        }
        Ok(text)
    }

    /// Whether a difficulty is one: 1 to 5.
    ///
    /// # Errors
    /// `INVALID_VALUE`.
    pub fn check_difficulty(difficulty: u8) -> Result<()> {
        if (1..=5).contains(&difficulty) {
            Ok(())
        } else {
            Err(Error::invalid("difficulty", difficulty, "1 to 5"))
        }
    }
}

/// Which tickets are to be listed as work. Empty fields ask for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkFilter {
    /// Whose tickets, by display name; upper and lower case are the same.
    pub assignee: Option<String>,
    /// In which status; upper and lower case are the same.
    pub status: Option<String>,
    /// Of which project, by its key.
    pub project: Option<String>,
    /// Only what is open: without a date of resolution, and in no status of Jira's category Done or,
    /// where that is not known, called Done, Closed or Resolved in any of the languages of
    /// `data/statuses.toml`.
    pub unresolved: bool,
    /// With all of these words, or beginnings of a key, in key, title, components, assignee or note;
    /// upper and lower case are the same.
    pub words: Option<String>,
    /// In which order; by priority where none is given.
    pub order: Option<WorkOrder>,
}

/// In which order tickets are listed as work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WorkOrder {
    /// By rank of priority, then newest change first.
    #[default]
    Priority,
    /// Newest change first.
    Updated,
    /// By key: project, then number.
    Key,
    /// The longest to test first, by the newest prediction.
    Minutes,
    /// The hardest first, by the tester's difficulty.
    Difficulty,
}

impl WorkOrder {
    /// Every one of them.
    pub const ALL: [WorkOrder; 5] = [
        WorkOrder::Priority,
        WorkOrder::Updated,
        WorkOrder::Key,
        WorkOrder::Minutes,
        WorkOrder::Difficulty,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkOrder::Priority => "priority",
            WorkOrder::Updated => "updated",
            WorkOrder::Key => "key",
            WorkOrder::Minutes => "minutes",
            WorkOrder::Difficulty => "difficulty",
        }
    }

    /// The order with this word.
    ///
    /// # Errors
    /// `INVALID_VALUE` lists the words.
    ///
    /// ```
    /// use atlas_core::domain::WorkOrder;
    /// assert_eq!(WorkOrder::parse("key")?, WorkOrder::Key);
    /// assert_eq!(WorkOrder::parse("age").unwrap_err().code(), "INVALID_VALUE");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn parse(word: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|order| order.as_str() == word);
        known.ok_or_else(|| {
            let words = Self::ALL.map(WorkOrder::as_str).join(", ");
            Error::invalid("order", word, words)
        })
    }
}

/// What the stored tickets can be filtered by, each list in alphabetical order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WorkChoices {
    /// Names of those who have a ticket; at most a thousand.
    pub assignees: Vec<String>,
    /// Statuses of tickets; at most a thousand.
    pub statuses: Vec<String>,
    /// Keys of projects; at most a thousand.
    pub projects: Vec<String>,
}

/// A ticket to test, with what the tester and ATLAS have on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WorkItem {
    /// The ticket.
    pub ticket_key: TicketKey,
    /// Its title.
    pub summary: String,
    /// Story, Task, Bug, …
    pub ticket_type: String,
    /// To Do, In Progress, Done, …
    pub status: String,
    /// The Jira site's own name for it.
    pub priority: Option<String>,
    /// Display name.
    pub assignee: Option<String>,
    /// Component names.
    pub components: Vec<String>,
    /// When Jira last changed it.
    pub updated: Option<Timestamp>,
    /// The tester's note.
    pub my_note: Option<String>,
    /// The tester's difficulty, 1 to 5.
    pub difficulty: Option<u8>,
    /// The newest stored prediction, in short.
    pub prediction: Option<PredictionSummary>,
    /// The open session, if it is on this ticket.
    pub session: Option<SessionSummary>,
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DataSource {
    /// Jira was asked just now.
    Live,
    /// The database.
    Cached,
}

/// The tester's tickets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyWork {
    /// The page that was asked for.
    pub tickets: Vec<WorkItem>,
    /// How many there are in all.
    pub count: u64,
    /// Where they came from.
    pub data_source: DataSource,
    /// When Jira was last asked.
    pub last_sync: Option<Timestamp>,
    /// Why Jira could not be asked, if it was to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_failed: Option<String>,
}

/// How the tester's day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuickStats {
    /// Different tickets with a session completed today.
    pub tickets_today: u32,
    /// Minutes of these sessions, breaks left out.
    pub minutes_today: u32,
    /// Experience points of today.
    pub xp_today: u32,
    /// Days in a row with a completed session, up to today or yesterday.
    pub current_streak: u32,
    /// The level.
    pub level: u32,
    /// Experience points within the level.
    pub xp_current: u32,
    /// Experience points that the level takes in all.
    pub xp_next: u32,
}

/// A stored prediction in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PredictionSummary {
    /// The row id of the prediction.
    #[serde(rename = "prediction_id")]
    pub id: i64,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// How many scenarios.
    pub scenarios: u32,
    /// How many of them have feedback.
    pub answered: u32,
    /// Minutes that all scenarios are expected to take.
    #[serde(rename = "total_estimated_time")]
    pub total_minutes: u32,
    /// The first scenario's name.
    pub top_scenario: Option<String>,
    /// The first scenario's confidence, 0 to 100.
    pub top_confidence: Option<f32>,
    /// What of the ticket has changed since.
    pub stale: Vec<String>,
}

/// A session as its row tells it. Rows of other programs are read as far as they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionSummary {
    /// The row id.
    pub id: i64,
    /// The ticket, by its present key.
    pub ticket_key: TicketKey,
    /// The ticket's title.
    pub summary: String,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it was completed or given up.
    pub ended_at: Option<Timestamp>,
    /// Minutes of work, breaks left out.
    pub minutes: u32,
    /// How many breaks.
    pub breaks: u32,
    /// Minutes of breaks.
    pub break_minutes: u32,
    /// Steps that are done.
    pub steps_completed: u32,
    /// Steps that were planned, if there was a plan.
    pub steps_total: Option<u32>,
    /// How it stands.
    pub status: SessionStatus,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// What was written down, a note a line.
    pub notes: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_difficulties_are_checked() {
        assert_eq!(TicketNote::check_text("  hard \n").unwrap(), "hard");
        let long = "ä".repeat(LONGEST_NOTE);
        assert!(TicketNote::check_text(&long).is_ok());
        for wrong in ["", "  ", &format!("{long}a")] {
            assert_eq!(
                TicketNote::check_text(wrong).unwrap_err().code(),
                "INVALID_VALUE"
            );
        }
        for (difficulty, good) in [(0, false), (1, true), (5, true), (6, false)] {
            assert_eq!(TicketNote::check_difficulty(difficulty).is_ok(), good);
        }
    }
}
