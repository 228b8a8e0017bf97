//! The user: who they are, how ATLAS looks and speaks, and what play has made of their work.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The most characters that a name or an address may have.
const LONGEST_NAME: usize = 200;

/// How the coach speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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

impl FromStr for Personality {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::from_name(name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            Error::invalid("coach_personality", name, format!("one of {names}"))
        })
    }
}

/// Colours of pages and pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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

impl FromStr for Theme {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::from_name(name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            Error::invalid("theme", name, format!("one of {names}"))
        })
    }
}

/// What the user changes of their profile; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ProfileChange {
    /// The name.
    pub username: Option<String>,
    /// The address; an empty one removes it.
    pub email: Option<String>,
    /// How the coach speaks.
    pub coach_personality: Option<Personality>,
    /// Colours.
    pub theme: Option<Theme>,
}

impl ProfileChange {
    /// Makes the change.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a name that is empty, an address without `@`, and either longer than
    /// 200 characters.
    pub fn apply(&self, profile: &mut Profile) -> Result<()> {
        let long = |text: &str| text.chars().count() > LONGEST_NAME;
        if let Some(username) = self.username.as_deref().map(str::trim) {
            if username.is_empty() || long(username) {
                let expected = format!("1 to {LONGEST_NAME} characters");
                return Err(Error::invalid("username", username, expected));
            }
            profile.username = username.to_owned();
        }
        if let Some(email) = self.email.as_deref().map(str::trim) {
            let sound = |(name, host): (&str, &str)| !name.is_empty() && !host.is_empty();
            if !email.is_empty() && (long(email) || !email.split_once('@').is_some_and(sound)) {
                let expected = "an address, such as name@example.com";
                return Err(Error::invalid("email", email, expected));
            }
            profile.email = (!email.is_empty()).then(|| email.to_owned());
        }
        profile.coach_personality = self.coach_personality.unwrap_or(profile.coach_personality);
        profile.theme = self.theme.unwrap_or(profile.theme);
        Ok(())
    }
}

/// Who a user is until they say so.
pub const DEFAULT_USERNAME: &str = "tester";

/// The one user of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Profile {
    /// The row id; 0 while nothing was stored of the user.
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

impl Default for Profile {
    /// The user of whom nothing was stored.
    fn default() -> Self {
        Profile {
            id: 0,
            username: DEFAULT_USERNAME.to_owned(),
            email: None,
            xp_total: 0,
            xp_level: 1,
            current_streak: 0,
            longest_streak: 0,
            last_session_date: None,
            coach_personality: Personality::default(),
            theme: Theme::default(),
            created_at: None,
        }
    }
}
