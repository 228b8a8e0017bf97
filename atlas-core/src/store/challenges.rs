//! Daily challenges as play reckons them, mirrored for whoever reads the table
//! `daily_challenges`.

use jiff::civil::Date;
use rusqlite::Row;

use super::profiles::date;
use super::{Repositories, columns};
use crate::domain::{Challenge, ChallengeGoal};
use crate::{Error, Result};

/// Daily challenges. Rows of other programs are left alone; where one has the day, ATLAS's
/// challenge of that day stands in the log only.
#[derive(Debug)]
pub struct Challenges<'r>(pub(super) &'r Repositories<'r>);

const SELECT: &str = "SELECT c.challenge_date, d.goal, c.challenge_goal, c.target,
        c.current_progress, c.xp_reward, c.completed_at
    FROM daily_challenges c JOIN atlas_challenge_details d ON d.challenge_id = c.id
    WHERE c.user_id = ?1";

impl Challenges<'_> {
    /// Makes a user's rows say what `challenges` says, all of them, by day. Rows that say it
    /// already are not written.
    ///
    /// # Errors
    /// Storage errors.
    pub fn replace(&self, user_id: i64, challenges: &[Challenge]) -> Result<()> {
        let stored = self.list(user_id)?;
        for gone in &stored {
            if !challenges.iter().any(|one| one.day == gone.day) {
                self.0.execute(
                    "DELETE FROM daily_challenges WHERE user_id = ?1 AND challenge_date = ?2",
                    (user_id, gone.day.to_string()),
                )?;
            }
        }
        for challenge in challenges.iter().filter(|one| !stored.contains(one)) {
            self.put(user_id, challenge)?;
        }
        Ok(())
    }

    /// Stores one day's challenge.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put(&self, user_id: i64, challenge: &Challenge) -> Result<()> {
        let goal = serde_json::to_value(&challenge.goal)
            .map_err(|error| Error::invalid("challenge", error, "a goal that JSON can hold"))?;
        let day = challenge.day.to_string();
        let Some(id) = self.row(user_id, &day)? else {
            return Ok(());
        };
        self.0.execute(
            "UPDATE daily_challenges SET challenge_type = ?2, challenge_goal = ?3, target = ?4,
                 current_progress = ?5, is_completed = ?6, completed_at = ?7, xp_reward = ?8
             WHERE id = ?1",
            (
                id,
                goal["goal"].as_str().unwrap_or_default(),
                &challenge.text,
                challenge.target,
                challenge.progress,
                challenge.completed_at.is_some(),
                challenge.completed_at.map(columns::time_text),
                challenge.xp,
            ),
        )?;
        self.0.execute(
            "INSERT INTO atlas_challenge_details (challenge_id, goal) VALUES (?1, ?2)
             ON CONFLICT(challenge_id) DO UPDATE SET goal = excluded.goal",
            (id, goal.to_string()),
        )?;
        Ok(())
    }

    /// A day's challenge as it was stored last.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_day(&self, user_id: i64, day: Date) -> Result<Option<Challenge>> {
        let sql = format!("{SELECT} AND c.challenge_date = ?2");
        let params = (user_id, day.to_string());
        let found = self.0.first(&sql, params, |row| Ok(challenge_of(row)))?;
        Ok(found.flatten())
    }

    /// Every challenge of a user as it was stored last, by day.
    ///
    /// # Errors
    /// Storage errors.
    pub fn list(&self, user_id: i64) -> Result<Vec<Challenge>> {
        let mut challenges = Vec::new();
        let sql = format!("{SELECT} ORDER BY c.challenge_date");
        self.0.each(&sql, [user_id], |row| {
            challenges.extend(challenge_of(row));
            Ok(())
        })?;
        Ok(challenges)
    }

    /// The row of a day, made where there is none; `None` where it is another program's.
    fn row(&self, user_id: i64, day: &str) -> Result<Option<i64>> {
        let known = self.0.first(
            "SELECT c.id, d.challenge_id IS NOT NULL FROM daily_challenges c
             LEFT JOIN atlas_challenge_details d ON d.challenge_id = c.id
             WHERE c.user_id = ?1 AND c.challenge_date = ?2",
            (user_id, day),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        match known {
            Some((id, ours)) => Ok(if ours { Some(id) } else { None }),
            None => {
                let id = self.0.insert(
                    "INSERT INTO daily_challenges
                         (user_id, challenge_date, challenge_type, challenge_goal, target)
                     VALUES (?1, ?2, '', '', 0)",
                    (user_id, day),
                )?;
                Ok(Some(id))
            }
        }
    }
}

fn challenge_of(row: &Row<'_>) -> Option<Challenge> {
    Some(Challenge {
        day: date(row, 0)?,
        goal: serde_json::from_str::<ChallengeGoal>(&columns::text(row, 1)?).ok()?,
        text: columns::text(row, 2)?,
        target: columns::count(row, 3).unwrap_or(0),
        progress: columns::count(row, 4).unwrap_or(0),
        xp: columns::count(row, 5).unwrap_or(0),
        completed_at: columns::time(row, 6),
    })
}
