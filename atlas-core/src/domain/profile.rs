//! The user: who they are, how ATLAS looks and speaks, and what play has made of their work.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How the coach speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personality {
    /// Encouraging and to the point.
    #[default]
    Coach,
    /// Numbers first.
    Analyst,
    /// Everything is great.
    HypeMan,
    /// Short and strict, never cruel.
    DrillSergeant,
    /// Says nothing.
    Silent,
}

impl Personality {
    /// Every one of them.
    pub const ALL: [Personality; 5] = [
        Personality::Coach,
        Personality::Analyst,
        Personality::HypeMan,
        Personality::DrillSergeant,
        Personality::Silent,
    ];

    /// The word that results and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Personality::Coach => "coach",
            Personality::Analyst => "analyst",
            Personality::HypeMan => "hype_man",
            Personality::DrillSergeant => "drill_sergeant",
            Personality::Silent => "silent",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// Colours of pages and pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
    /// As the system has it.
    System,
}

impl Theme {
    /// Every one of them.
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::System];

    /// The word that results and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// The one user of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The row id.
    pub id: i64,
    /// The name.
    pub username: String,
    /// The address, if given.
    pub email: Option<String>,
    /// Experience points in all.
    pub xp_total: u32,
    /// The level that they make, from 1.
    pub xp_level: u32,
    /// Days in a row with a completed session, up to today or yesterday.
    pub current_streak: u32,
    /// The most days in a row so far.
    pub longest_streak: u32,
    /// The day of the last completed session.
    pub last_session_date: Option<Date>,
    /// How the coach speaks.
    pub coach_personality: Personality,
    /// Colours.
    pub theme: Theme,
    /// When the profile was made.
    pub created_at: Option<Timestamp>,
}
