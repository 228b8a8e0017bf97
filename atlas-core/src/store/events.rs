//! The log of the tester's work. Rows are added and never changed.
//!
//! An event has its instant in UTC, the zone, the offset and the tester's day, and an id of the
//! host's that makes a repeated call harmless. Rows of `testing_sessions`, `user_profiles`,
//! `achievements` and `daily_challenges` are derived from the log; a row of another program is left
//! alone.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Params, Row};

use super::{Repositories, columns};
use crate::domain::{Event, EventKind, Moment};
use crate::{Error, Result};

/// The log.
#[derive(Debug)]
pub struct Events<'r>(pub(super) &'r Repositories<'r>);

const SELECT: &str =
    "SELECT id, session_id, at, zone, offset_seconds, day, day_start, body FROM atlas_events";

impl Events<'_> {
    /// Adds an event and returns it with its id; the id that it has is not looked at. With a
    /// `host_id` that is known nothing is added: the event of then is returned.
    ///
    /// # Errors
    /// Storage errors, also for a user or session that is not there.
    pub fn append(&self, user_id: i64, event: &Event, host_id: Option<&str>) -> Result<Event> {
        if let Some(known) = self.repeated(host_id)? {
            return Ok(known);
        }
        let body = serde_json::to_value(&event.kind)
            .map_err(|error| Error::invalid("event", error, "an event that JSON can hold"))?;
        let moment = &event.moment;
        let id = self.0.insert(
            "INSERT INTO atlas_events
                 (user_id, session_id, kind, at, zone, offset_seconds, day, day_start, body,
                  host_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                user_id,
                event.session_id,
                body["kind"].as_str(),
                sortable(moment.at),
                &moment.zone,
                moment.offset_seconds,
                moment.day.to_string(),
                moment.day_start,
                body.to_string(),
                host_id,
            ),
        )?;
        Ok(Event {
            id,
            ..event.clone()
        })
    }

    /// The event that an earlier call with the host's id added.
    ///
    /// # Errors
    /// Storage errors.
    pub fn repeated(&self, host_id: Option<&str>) -> Result<Option<Event>> {
        let Some(host_id) = host_id else {
            return Ok(None);
        };
        let found = self.many(&format!("{SELECT} WHERE host_id = ?1"), [host_id])?;
        Ok(found.into_iter().next())
    }

    /// The events of a session, in order of time and id.
    ///
    /// # Errors
    /// Storage errors; `CORRUPT_DATABASE` for an event that cannot be read.
    pub fn of_session(&self, session_id: i64) -> Result<Vec<Event>> {
        let sql = format!("{SELECT} WHERE session_id = ?1 ORDER BY at, id");
        self.many(&sql, [session_id])
    }

    /// A user's whole log, in order of time and id.
    ///
    /// # Errors
    /// As [`of_session`](Self::of_session).
    pub fn all(&self, user_id: i64) -> Result<Vec<Event>> {
        let sql = format!("{SELECT} WHERE user_id = ?1 ORDER BY at, id");
        self.many(&sql, [user_id])
    }

    /// A user's events from an instant on, in order of time and id.
    ///
    /// # Errors
    /// As [`of_session`](Self::of_session).
    pub fn since(&self, user_id: i64, from: Timestamp) -> Result<Vec<Event>> {
        let sql = format!("{SELECT} WHERE user_id = ?1 AND at >= ?2 ORDER BY at, id");
        self.many(&sql, (user_id, sortable(from)))
    }

    /// A user's events of the tester's days from one on, in order of time and id.
    ///
    /// # Errors
    /// As [`of_session`](Self::of_session).
    pub fn since_day(&self, user_id: i64, from: Date) -> Result<Vec<Event>> {
        let sql = format!("{SELECT} WHERE user_id = ?1 AND day >= ?2 ORDER BY at, id");
        self.many(&sql, (user_id, from.to_string()))
    }

    /// A user's events of one kind, by its word in JSON (`ended`, `step_done`, …), in order of
    /// time and id.
    ///
    /// # Errors
    /// As [`of_session`](Self::of_session).
    pub fn of_kind(&self, user_id: i64, kind: &str) -> Result<Vec<Event>> {
        let sql = format!("{SELECT} WHERE user_id = ?1 AND kind = ?2 ORDER BY at, id");
        self.many(&sql, (user_id, kind))
    }

    /// The events that were added after the one with this id, in the order of their ids, which is
    /// the order in which a tally takes them.
    ///
    /// # Errors
    /// As [`of_session`](Self::of_session).
    pub fn after(&self, user_id: i64, id: i64) -> Result<Vec<Event>> {
        // The plus keeps the index of users out of it: few ids are larger.
        let sql = format!("{SELECT} WHERE id > ?2 AND +user_id = ?1 ORDER BY id");
        self.many(&sql, (user_id, id))
    }

    /// The largest id in the log, 0 in an empty one. It moves with every event of any user.
    ///
    /// # Errors
    /// Storage errors.
    pub fn newest_id(&self) -> Result<i64> {
        let sql = "SELECT coalesce(max(id), 0) FROM atlas_events";
        Ok(self.0.first(sql, [], |row| row.get(0))?.unwrap_or(0))
    }

    fn many(&self, sql: &str, params: impl Params) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        self.0.each(sql, params, |row| {
            events.push(event_of(row)?);
            Ok(())
        })?;
        Ok(events)
    }
}

/// UTC with nine decimals: the order of these texts is that of the times.
fn sortable(at: Timestamp) -> String {
    format!("{at:.9}")
}

fn event_of(row: &Row<'_>) -> Result<Event> {
    let id: i64 = row.get(0)?;
    let unreadable = |what: &str| Error::CorruptDatabase {
        reason: format!("{what} of row {id} of atlas_events cannot be read"),
    };
    let number =
        |column: usize, what| columns::integer(row, column).ok_or_else(|| unreadable(what));
    let day = columns::text(row, 5).and_then(|day| day.parse::<Date>().ok());
    let body = columns::text(row, 7).unwrap_or_default();
    Ok(Event {
        id,
        session_id: columns::integer(row, 1),
        moment: Moment {
            at: columns::time(row, 2).ok_or_else(|| unreadable("at"))?,
            zone: columns::text(row, 3),
            offset_seconds: number(4, "offset_seconds")?
                .try_into()
                .map_err(|_| unreadable("offset_seconds"))?,
            day: day.ok_or_else(|| unreadable("day"))?,
            day_start: number(6, "day_start")?
                .try_into()
                .map_err(|_| unreadable("day_start"))?,
        },
        kind: serde_json::from_str::<EventKind>(&body).map_err(|_| unreadable("body"))?,
    })
}
