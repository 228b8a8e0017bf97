//! Sessions: the table `testing_sessions`, whose rows are derived from the log.

use jiff::Timestamp;
use rusqlite::{Params, Row};

use super::tickets::key_of;
use super::{Repositories, columns};
use crate::Result;
use crate::domain::{Outcome, Session, SessionStatus, SessionSummary};

/// Sessions.
#[derive(Debug)]
pub struct Sessions<'r>(pub(super) &'r Repositories<'r>);

/// The host's id of the first event of a session that another program stored, before its number.
pub(super) const ADOPTED: &str = "session of another program: ";

const SELECT: &str = "SELECT s.id, t.jira_key, t.summary, s.started_at, s.ended_at,
        s.duration_minutes, s.break_count, s.break_time_minutes, s.steps_completed, s.steps_total,
        s.status, s.outcome, s.notes
    FROM testing_sessions s JOIN jira_tickets t ON t.id = s.jira_ticket_id";

impl Sessions<'_> {
    /// Makes the row of a session that begins, and returns its id, which the session's events
    /// need.
    ///
    /// # Errors
    /// Storage errors, also for a user or ticket that is not there.
    pub fn begin(&self, user_id: i64, ticket_id: i64, at: Timestamp) -> Result<i64> {
        self.0.insert(
            "INSERT INTO testing_sessions (jira_ticket_id, user_id, started_at, status, created_at)
             VALUES (?1, ?2, ?3, 'active', ?3)",
            (ticket_id, user_id, columns::time_text(at)),
        )
    }

    /// Makes a session's row say what its events say.
    ///
    /// # Errors
    /// Storage errors.
    pub fn save(&self, session: &Session) -> Result<()> {
        let predicted = session.plan.iter().find_map(|one| one.prediction_id);
        let notes = (!session.notes.is_empty()).then(|| session.notes.join("\n"));
        self.0.execute(
            // A prediction that has gone meanwhile does not stop the session.
            "UPDATE testing_sessions SET
                 prediction_id = (SELECT id FROM predictions WHERE id = ?2),
                 started_at = ?3, ended_at = ?4, duration_minutes = ?5, break_count = ?6,
                 break_time_minutes = ?7, steps_completed = ?8, steps_total = ?9, status = ?10,
                 outcome = ?11, notes = ?12
             WHERE id = ?1",
            (
                session.id,
                predicted,
                columns::time_text(session.started_at),
                session.ended_at.map(columns::time_text),
                session.minutes(),
                session.breaks,
                session.break_minutes(),
                session.steps_done.len() as i64,
                session.steps_total(),
                session.status.as_str(),
                session.outcome.map(Outcome::as_str),
                notes,
            ),
        )?;
        Ok(())
    }

    /// The user's open session, active or paused; the newest, where another program left several.
    ///
    /// # Errors
    /// Storage errors.
    pub fn open(&self, user_id: i64) -> Result<Option<SessionSummary>> {
        let sql = format!(
            "{SELECT} WHERE s.status IN ('active', 'paused') AND +s.user_id = ?1
             ORDER BY s.id DESC LIMIT 1"
        );
        Ok(self.many(&sql, [user_id])?.into_iter().next())
    }

    /// A session.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_id(&self, id: i64) -> Result<Option<SessionSummary>> {
        let found = self.many(&format!("{SELECT} WHERE s.id = ?1"), [id])?;
        Ok(found.into_iter().next())
    }

    /// A ticket's sessions, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_ticket(&self, user_id: i64, ticket_id: i64) -> Result<Vec<SessionSummary>> {
        let sql = format!(
            "{SELECT} WHERE s.jira_ticket_id = ?1 AND +s.user_id = ?2
             ORDER BY s.started_at DESC, s.id DESC"
        );
        self.many(&sql, (ticket_id, user_id))
    }

    /// The user's sessions, newest first: at most `limit`, after the first `offset`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn list(&self, user_id: i64, limit: usize, offset: usize) -> Result<Vec<SessionSummary>> {
        let sql = format!(
            "{SELECT} WHERE s.user_id = ?1 ORDER BY s.started_at DESC, s.id DESC
             LIMIT ?2 OFFSET ?3"
        );
        let number = |n| i64::try_from(n).unwrap_or(i64::MAX);
        self.many(&sql, (user_id, number(limit), number(offset)))
    }

    /// The ids of the user's sessions that have events, ascending, without those that another
    /// program stored: their rows say more than the events that were made from them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn ids(&self, user_id: i64) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        let sql = "SELECT s.id FROM testing_sessions s WHERE s.user_id = ?1
                   AND EXISTS (SELECT 1 FROM atlas_events e WHERE e.session_id = s.id)
                   AND NOT EXISTS (SELECT 1 FROM atlas_events e WHERE e.host_id = ?2 || s.id)
                   ORDER BY s.id";
        self.0.each(sql, (user_id, ADOPTED), |row| {
            ids.push(row.get(0)?);
            Ok(())
        })?;
        Ok(ids)
    }

    fn many(&self, sql: &str, params: impl Params) -> Result<Vec<SessionSummary>> {
        let mut sessions = Vec::new();
        self.0.each(sql, params, |row| {
            sessions.extend(summary_of(row)?);
            Ok(())
        })?;
        Ok(sessions)
    }
}

/// A session; nothing where its ticket's key is none.
fn summary_of(row: &Row<'_>) -> rusqlite::Result<Option<SessionSummary>> {
    let Some(ticket_key) = key_of(row, 1) else {
        return Ok(None);
    };
    let (ended_at, outcome) = (columns::time(row, 4), outcome_of(row, 11));
    Ok(Some(SessionSummary {
        id: row.get(0)?,
        ticket_key,
        summary: columns::text(row, 2).unwrap_or_default(),
        started_at: columns::time(row, 3),
        ended_at,
        minutes: columns::count(row, 5).unwrap_or(0),
        breaks: columns::count(row, 6).unwrap_or(0),
        break_minutes: columns::count(row, 7).unwrap_or(0),
        steps_completed: columns::count(row, 8).unwrap_or(0),
        steps_total: columns::count(row, 9),
        status: status_of(row, 10, outcome.is_some(), ended_at.is_some()),
        outcome,
        notes: columns::text(row, 12),
    }))
}

pub(super) fn outcome_of(row: &Row<'_>, column: usize) -> Option<Outcome> {
    Outcome::from_name(&columns::text(row, column)?.trim().to_lowercase())
}

/// How a session stands; where another program has a word of its own, what it has shows.
pub(super) fn status_of(
    row: &Row<'_>,
    column: usize,
    has_outcome: bool,
    has_ended: bool,
) -> SessionStatus {
    let word = columns::text(row, column).unwrap_or_default();
    let known = SessionStatus::from_name(&word.trim().to_lowercase());
    known.unwrap_or(match (has_outcome, has_ended) {
        (true, _) => SessionStatus::Completed,
        (false, true) => SessionStatus::Cancelled,
        (false, false) => SessionStatus::Active,
    })
}
