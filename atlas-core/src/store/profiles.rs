//! The one user: the table `user_profiles`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use rusqlite::Row;

use super::{Repositories, columns};
use crate::Result;
use crate::domain::{Personality, Profile, Standing, Theme};

pub use crate::domain::DEFAULT_USERNAME;

/// Users. ATLAS has one: the oldest row.
#[derive(Debug)]
pub struct Profiles<'r>(pub(super) &'r Repositories<'r>);

const SELECT: &str = "SELECT id, username, email, xp_total, xp_level, current_streak,
    longest_streak, last_session_date, coach_personality, theme, created_at FROM user_profiles";

impl Profiles<'_> {
    /// The one user, if there is one yet.
    ///
    /// # Errors
    /// Storage errors.
    pub fn current(&self) -> Result<Option<Profile>> {
        let sql = format!("{SELECT} ORDER BY id LIMIT 1");
        self.0.first(&sql, [], profile_of)
    }

    /// The one user; made, called [`DEFAULT_USERNAME`], where there is none yet.
    ///
    /// # Errors
    /// Storage errors.
    pub fn current_or_new(&self, now: Timestamp) -> Result<Profile> {
        if self.current()?.is_none() {
            self.0.execute(
                "INSERT INTO user_profiles (username, created_at) VALUES (?1, ?2)",
                (DEFAULT_USERNAME, columns::time_text(now)),
            )?;
        }
        self.current()?
            .ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
    }

    /// Whether a user other than `id` has this name.
    ///
    /// # Errors
    /// Storage errors.
    pub fn name_is_taken(&self, username: &str, id: i64) -> Result<bool> {
        let sql = "SELECT 1 FROM user_profiles WHERE username = ?1 AND id <> ?2";
        Ok(self.0.first(sql, (username, id), |_| Ok(()))?.is_some())
    }

    /// Stores what the user says of themselves: name, address, personality and theme.
    ///
    /// # Errors
    /// Storage errors, also for a name that another user has.
    pub fn update(&self, profile: &Profile) -> Result<()> {
        self.0.execute(
            "UPDATE user_profiles SET username = ?2, email = ?3, coach_personality = ?4, theme = ?5
             WHERE id = ?1",
            (
                profile.id,
                &profile.username,
                &profile.email,
                profile.coach_personality.as_str(),
                profile.theme.as_str(),
            ),
        )?;
        Ok(())
    }

    /// Stores what the log amounts to: XP, level, streaks, the last day of work.
    ///
    /// # Errors
    /// Storage errors.
    pub fn save_standing(&self, id: i64, standing: &Standing) -> Result<()> {
        self.0.execute(
            "UPDATE user_profiles SET xp_total = ?2, xp_level = ?3, current_streak = ?4,
                 longest_streak = ?5, last_session_date = ?6
             WHERE id = ?1 AND (xp_total, xp_level, current_streak, longest_streak,
                 last_session_date) IS NOT (?2, ?3, ?4, ?5, ?6)",
            (
                id,
                standing.xp,
                standing.level,
                standing.current_streak,
                standing.longest_streak,
                standing.last_session_day.map(|day| day.to_string()),
            ),
        )?;
        Ok(())
    }
}

fn profile_of(row: &Row<'_>) -> rusqlite::Result<Profile> {
    let word = |column| columns::text(row, column).map(|word| word.trim().to_lowercase());
    Ok(Profile {
        id: row.get(0)?,
        username: columns::text(row, 1).unwrap_or_else(|| DEFAULT_USERNAME.to_owned()),
        email: columns::text(row, 2),
        xp_total: columns::count(row, 3).unwrap_or(0),
        xp_level: columns::count(row, 4).unwrap_or(1).max(1),
        current_streak: columns::count(row, 5).unwrap_or(0),
        longest_streak: columns::count(row, 6).unwrap_or(0),
        last_session_date: date(row, 7),
        coach_personality: word(8)
            .and_then(|word| Personality::from_name(&word))
            .unwrap_or_default(),
        theme: word(9)
            .and_then(|word| Theme::from_name(&word))
            .unwrap_or_default(),
        created_at: columns::time(row, 10),
    })
}

/// A day; also the day of a text that goes on with the time.
pub(super) fn date(row: &Row<'_>, column: usize) -> Option<Date> {
    let text = columns::text(row, column)?;
    let text = text.trim();
    let time = || text.parse::<DateTime>().ok().map(|time| time.date());
    text.parse().ok().or_else(time)
}
