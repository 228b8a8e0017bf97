//! A testing session.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Step, TicketKey};

/// How a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Being worked on.
    Active,
    /// In a break.
    Paused,
    /// Ended with an outcome.
    Completed,
    /// Given up.
    Cancelled,
}

impl SessionStatus {
    /// Every one of them.
    pub const ALL: [SessionStatus; 4] = [
        SessionStatus::Active,
        SessionStatus::Paused,
        SessionStatus::Completed,
        SessionStatus::Cancelled,
    ];

    /// The word that results and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            SessionStatus::Active => "active",
            SessionStatus::Paused => "paused",
            SessionStatus::Completed => "completed",
            SessionStatus::Cancelled => "cancelled",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// What else is known of a session that ends; by default nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SessionEnd {
    /// How many steps were done, from the first on: those that are not ticked off yet are now.
    pub steps_completed: Option<u32>,
    /// Whether it ended when it was last heard of; for one that was left open.
    pub left_open: bool,
}

/// What came of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All was well.
    Passed,
    /// A defect was found.
    Failed,
    /// It could not be tested.
    Blocked,
}

impl Outcome {
    /// Every one of them.
    pub const ALL: [Outcome; 3] = [Outcome::Passed, Outcome::Failed, Outcome::Blocked];

    /// The word that results and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Blocked => "blocked",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// Where a session's plan comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionPlan {
    /// There is none: any step may be done.
    #[default]
    Free,
    /// All scenarios of a stored prediction: [`Prediction::id`](super::Prediction::id).
    Prediction(i64),
    /// Some scenarios: [`Scenario::prediction_id`](super::Scenario::prediction_id), in the order
    /// in which they are to be tested.
    Scenarios(Vec<i64>),
}

/// One scenario that a session sets out to test.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlannedScenario {
    /// Its name.
    pub name: String,
    /// Its row in `predictions`, if it was predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction_id: Option<i64>,
    /// Its pattern's row, if it is a stored one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern_id: Option<i64>,
    /// How many steps it has.
    pub steps: u32,
    /// The steps as they were when the session began: the tester's own where there were some. Empty
    /// in sessions of older versions and of other programs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test_steps: Vec<Step>,
    /// Minutes that it was expected to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_minutes: Option<u32>,
}

/// A session as its events tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Session {
    /// The row id.
    pub id: i64,
    /// The ticket's row id.
    pub ticket_id: i64,
    /// The ticket's key when the session began.
    pub ticket_key: TicketKey,
    /// The ticket's components when the session began.
    pub components: Vec<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was completed or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How it stands.
    pub status: SessionStatus,
    /// What came of it, once completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Seconds of work, breaks left out, up to its end or its last event.
    pub work_seconds: i64,
    /// How many breaks.
    pub breaks: u32,
    /// Seconds of breaks.
    pub break_seconds: i64,
    /// What it set out to test.
    pub plan: Vec<PlannedScenario>,
    /// Numbers of the steps that are done, from 1 through all scenarios of the plan, ascending.
    pub steps_done: Vec<u32>,
    /// What was written down, in order.
    pub notes: Vec<String>,
    /// When it was last heard of.
    pub last_alive: Timestamp,
}

impl Session {
    /// How many steps the plan has; none without a plan.
    pub fn steps_total(&self) -> Option<u32> {
        let add = |sum: u32, scenario: &PlannedScenario| sum.saturating_add(scenario.steps);
        (!self.plan.is_empty()).then(|| self.plan.iter().fold(0, add))
    }

    /// Minutes of work, breaks left out, rounded to the nearest.
    pub fn minutes(&self) -> u32 {
        u32::try_from((self.work_seconds + 30) / 60).unwrap_or(0)
    }

    /// Minutes of breaks, rounded to the nearest.
    pub fn break_minutes(&self) -> u32 {
        u32::try_from((self.break_seconds + 30) / 60).unwrap_or(0)
    }

    /// Whether it can still go on.
    pub fn is_open(&self) -> bool {
        matches!(self.status, SessionStatus::Active | SessionStatus::Paused)
    }
}
