//! Observations, and what they make of their patterns.

use rusqlite::Row;

use super::import_rows::OBSERVATIONS;
use super::{Repositories, Stored, columns};
use crate::domain::{Observation, ObservationOrigin, Verdict};
use crate::{Error, Result};

/// What was learned, in the order in which it was stored.
#[derive(Debug)]
pub struct Observations<'r>(pub(super) &'r Repositories<'r>);

pub(super) const COLUMNS: &str = "id, ticket_id, pattern_id, verdict, origin, observed_at, minutes";

impl Observations<'_> {
    /// Stores an observation and counts it in its pattern: frequency, success rate, last use,
    /// and the average of the known minutes.
    ///
    /// `false` when it was there already: the same `host_id`, or the same ticket and pattern for
    /// one from history. Nothing changes then.
    ///
    /// # Errors
    /// `TICKET_NOT_FOUND`, `PATTERN_NOT_FOUND`, storage errors.
    pub fn add(&self, observation: &Observation, host_id: Option<&str>) -> Result<bool> {
        let added = self.add_uncounted(observation, host_id)?;
        self.count_again()?;
        Ok(added)
    }

    /// The same, but the pattern counts it when the transaction ends. For imports: a pattern that
    /// a thousand observations name is counted once.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_uncounted(&self, observation: &Observation, host_id: Option<&str>) -> Result<bool> {
        self.check_ends(observation)?;
        let added = self.0.execute(
            "INSERT INTO atlas_observations
                 (ticket_id, pattern_id, verdict, origin, observed_at, minutes, host_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
            (
                observation.ticket_id,
                observation.pattern_id,
                verdict_name(observation.verdict),
                origin_name(observation.origin),
                observation.observed_at.map(columns::time_text),
                observation.minutes,
                host_id,
            ),
        )?;
        if added == 0 {
            self.see_history(observation)?;
            return Ok(false);
        }
        self.keep_base(observation.pattern_id)?;
        self.to_count(observation.pattern_id)?;
        Ok(true)
    }

    /// Tells an import that it has an observation of history that was there.
    fn see_history(&self, observation: &Observation) -> Result<()> {
        if observation.origin != ObservationOrigin::History {
            return Ok(());
        }
        let sql = "SELECT id FROM atlas_observations
                   WHERE ticket_id = ?1 AND pattern_id = ?2 AND origin = 'history'";
        let ends = (observation.ticket_id, observation.pattern_id);
        if let Some(id) = self.0.first(sql, ends, |row| row.get(0))? {
            self.see(id);
        }
        Ok(())
    }

    /// Tells an import that it has an observation that it leaves as it was.
    pub fn see(&self, id: i64) {
        self.0.see(OBSERVATIONS, id);
    }

    /// Removes a ticket's observations, whatever their origin; the smallest id among them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn remove_of_ticket(&self, ticket_id: i64) -> Result<Option<i64>> {
        let mut gone = Vec::new();
        let sql = "SELECT id, pattern_id FROM atlas_observations WHERE ticket_id = ?1 ORDER BY id";
        self.0.each(sql, [ticket_id], |row| {
            gone.push((row.get(0)?, row.get(1)?));
            Ok(())
        })?;
        for &(id, pattern_id) in &gone {
            self.remove(id, pattern_id)?;
        }
        self.count_again()?;
        Ok(gone.first().map(|&(id, _)| id))
    }

    /// Removes an observation; its pattern counts that when the transaction ends.
    pub(super) fn remove(&self, id: i64, pattern_id: i64) -> Result<()> {
        let sql = "DELETE FROM atlas_observations WHERE id = ?1";
        if self.0.execute(sql, [id])? > 0 {
            self.to_count(pattern_id)?;
        }
        Ok(())
    }

    /// Every observation.
    ///
    /// # Errors
    /// Storage errors.
    pub fn all(&self) -> Result<Vec<Stored<Observation>>> {
        self.list(
            &format!("SELECT {COLUMNS} FROM atlas_observations ORDER BY id"),
            [],
        )
    }

    /// A ticket's observations.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_ticket(&self, ticket_id: i64) -> Result<Vec<Stored<Observation>>> {
        let sql =
            format!("SELECT {COLUMNS} FROM atlas_observations WHERE ticket_id = ?1 ORDER BY id");
        self.list(&sql, [ticket_id])
    }

    /// How many there are.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count(&self) -> Result<u64> {
        self.0.number("SELECT count(*) FROM atlas_observations", [])
    }

    /// How many of them are a ticket's.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count_of_ticket(&self, ticket_id: i64) -> Result<u64> {
        let sql = "SELECT count(*) FROM atlas_observations WHERE ticket_id = ?1";
        self.0.number(sql, [ticket_id])
    }

    /// The largest id; 0 where there is none.
    ///
    /// # Errors
    /// Storage errors.
    pub fn newest(&self) -> Result<i64> {
        let sql = "SELECT coalesce(max(id), 0) FROM atlas_observations";
        Ok(self.0.first(sql, [], |row| row.get(0))?.unwrap_or(0))
    }

    /// How many have an id up to this one.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count_until(&self, id: i64) -> Result<u64> {
        let sql = "SELECT count(*) FROM atlas_observations WHERE id <= ?1";
        self.0.number(sql, [id])
    }

    fn check_ends(&self, observation: &Observation) -> Result<()> {
        let exists = |sql, id: i64| self.0.first(sql, [id], |_| Ok(()));
        if exists(
            "SELECT 1 FROM jira_tickets WHERE id = ?1",
            observation.ticket_id,
        )?
        .is_none()
        {
            let id = observation.ticket_id;
            return Err(Error::TicketRowNotFound { id });
        }
        if exists(
            "SELECT 1 FROM test_patterns WHERE id = ?1",
            observation.pattern_id,
        )?
        .is_none()
        {
            let pattern = observation.pattern_id.to_string();
            return Err(Error::PatternNotFound { pattern });
        }
        Ok(())
    }

    fn list(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Stored<Observation>>> {
        let mut observations = Vec::new();
        self.0.each(sql, params, |row| {
            observations.push(observation_of(row)?);
            Ok(())
        })?;
        Ok(observations)
    }
}

pub(super) fn observation_of(row: &Row<'_>) -> Result<Stored<Observation>> {
    let is_right = row.get_ref(3)?.as_str().is_ok_and(|name| name == "right");
    let origin = match row.get_ref(4)?.as_str() {
        Ok("history") => ObservationOrigin::History,
        Ok("session") => ObservationOrigin::Session,
        _ => ObservationOrigin::Feedback,
    };
    Ok(Stored {
        id: row.get(0)?,
        value: Observation {
            ticket_id: row.get(1)?,
            pattern_id: row.get(2)?,
            verdict: if is_right {
                Verdict::Right
            } else {
                Verdict::Wrong
            },
            origin,
            observed_at: columns::time(row, 5),
            minutes: columns::count(row, 6),
        },
    })
}

pub(super) fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::Wrong => "wrong",
    }
}

pub(super) fn origin_name(origin: ObservationOrigin) -> &'static str {
    match origin {
        ObservationOrigin::History => "history",
        ObservationOrigin::Feedback => "feedback",
        ObservationOrigin::Session => "session",
    }
}
