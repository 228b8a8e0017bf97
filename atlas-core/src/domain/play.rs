//! What play shows: achievements, the day's challenge, experience with its parts.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ChallengeGoal, Outcome, TicketKey};

/// The four types of achievement (specification §3, `achievements`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AchievementType {
    /// How much was done.
    Milestone,
    /// Days in a row.
    Streak,
    /// How well something is known.
    Mastery,
    /// Something done for the first time.
    Discovery,
}

impl AchievementType {
    /// Every one of them.
    pub const ALL: [AchievementType; 4] = [
        AchievementType::Milestone,
        AchievementType::Streak,
        AchievementType::Mastery,
        AchievementType::Discovery,
    ];

    /// The word that results and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            AchievementType::Milestone => "milestone",
            AchievementType::Streak => "streak",
            AchievementType::Mastery => "mastery",
            AchievementType::Discovery => "discovery",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// One achievement and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Achievement {
    /// Its stable key, such as `sessions-10`.
    pub key: String,
    /// Its type.
    #[serde(rename = "type")]
    pub achievement_type: AchievementType,
    /// Its name.
    pub name: String,
    /// What it is given for.
    pub description: String,
    /// One character that stands for it.
    pub icon: String,
    /// How much is needed.
    pub target: u32,
    /// How much there is, at most `target`.
    pub progress: u32,
    /// Experience points that it gives.
    pub xp: u32,
    /// When it was earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earned_at: Option<Timestamp>,
}

/// A day's challenge and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// The tester's day.
    pub day: Date,
    /// What is to be done.
    #[serde(flatten)]
    pub goal: ChallengeGoal,
    /// The same in words.
    pub text: String,
    /// How often it is to be done.
    pub target: u32,
    /// How often it was done, at most `target`.
    pub progress: u32,
    /// What completing it earns.
    pub xp: u32,
    /// When it was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
}

/// Experience points and what they were given for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct XpPart {
    /// What for, in a few words.
    pub label: String,
    /// How many.
    pub xp: u32,
}

/// What deriving everything again from the log did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Rebuilt {
    /// What the log amounts to.
    pub standing: Standing,
    /// Rows of the profile, of achievements and of challenges that were not there or said something
    /// else, and were written. Rows of sessions are written each time.
    pub rows_written: u64,
}

/// What the whole log amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Standing {
    /// Experience points in all.
    pub xp: u32,
    /// The level that they make, from 1.
    pub level: u32,
    /// Points within the level.
    pub xp_in_level: u32,
    /// Points that the level takes in all; what is missing is `xp_to_next - xp_in_level`.
    pub xp_to_next: u32,
    /// Days in a row with a completed session, up to today or yesterday.
    pub current_streak: u32,
    /// The most days in a row so far.
    pub longest_streak: u32,
    /// Freezes that are left for missed days.
    pub freezes: u32,
    /// The day of the last completed session.
    pub last_session_day: Option<Date>,
    /// Every achievement, earned or not, in the order of the catalogue.
    pub achievements: Vec<Achievement>,
    /// Every challenge, by day.
    pub challenges: Vec<Challenge>,
}

/// What the end of a session gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionResult {
    /// The session's row id.
    pub session_id: i64,
    /// The ticket's key when the session began.
    pub ticket_key: TicketKey,
    /// What came of it.
    pub outcome: Outcome,
    /// Minutes of work, breaks left out, rounded to the nearest.
    pub duration_minutes: u32,
    /// Minutes of breaks, rounded to the nearest.
    pub break_minutes: u32,
    /// How many steps were done.
    pub steps_completed: u32,
    /// Experience points of the session itself; those of achievements and the challenge are not in
    /// it, but in `xp_total` and `xp_parts`.
    pub xp_earned: u32,
    /// All experience points that came with it: the sum of `xp_parts`.
    #[serde(default)]
    pub xp_total: u32,
    /// Everything that was earned, and what for.
    pub xp_parts: Vec<XpPart>,
    /// The level before it.
    pub level_before: u32,
    /// The level after it.
    pub level: u32,
    /// Days in a row with a completed session, with this one.
    pub current_streak: u32,
    /// The most days in a row so far.
    pub longest_streak: u32,
    /// Whether it was the first of its day that counts, so that the streak grew.
    pub first_of_day: bool,
    /// Achievements that it earned.
    pub achievements: Vec<Achievement>,
    /// The challenge of its day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// Whether it completed that challenge.
    pub challenge_completed: bool,
    /// What the coach says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coach: Option<String>,
}

/// What was done on one of the tester's days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DayActivity {
    /// The day.
    pub day: Date,
    /// Completed sessions.
    pub sessions: u32,
    /// Different tickets of theirs.
    pub tickets: u32,
    /// Minutes of theirs, breaks left out.
    pub minutes: u32,
    /// Steps of theirs.
    pub steps: u32,
    /// How many passed.
    pub passed: u32,
    /// How many found a defect.
    pub failed: u32,
    /// How many could not be tested.
    pub blocked: u32,
    /// Experience points of the day, for whatever.
    pub xp: u32,
}
