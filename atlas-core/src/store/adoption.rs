//! Sessions that another program stored: they get the events that their rows tell.
//!
//! When a database is opened, such sessions get events from their rows, on the tester's calendar.
//! What a row does not hold is chosen: the steps are the first ones, done at the end; breaks come
//! just before it. A row without a readable start, ticket or user, or completed without an outcome,
//! is listed and counts for nothing.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Row;

use super::columns;
use super::sessions::{ADOPTED, Sessions, outcome_of, status_of};
use super::tickets::key_of;
use crate::Result;
use crate::domain::{Event, EventKind, Moment, Outcome, PlannedScenario, SessionStatus, TicketKey};

/// More steps or breaks than this are a mistake in the row.
const MOST: u32 = 1_000;

/// A row without events.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignSession {
    id: i64,
    user_id: i64,
    ticket_id: i64,
    ticket_key: TicketKey,
    components: Vec<String>,
    plan: Vec<PlannedScenario>,
    started_at: Timestamp,
    ended_at: Option<Timestamp>,
    status: SessionStatus,
    outcome: Option<Outcome>,
    breaks: u32,
    break_time: SignedDuration,
    steps_done: u32,
    notes: Option<String>,
}

impl Sessions<'_> {
    /// The sessions that have a row and no events, by id. A row without a readable start, user or
    /// ticket, or one that is completed without an outcome, is not among them: it is listed and
    /// counts for nothing.
    ///
    /// # Errors
    /// Storage errors.
    pub fn foreign(&self) -> Result<Vec<ForeignSession>> {
        let mut sessions = Vec::new();
        let sql = "SELECT s.id, u.id, t.id, t.jira_key, t.components,
                          coalesce(p.pattern_name, t.summary), r.id, p.id,
                          r.estimated_time_minutes, s.started_at, s.ended_at, s.duration_minutes,
                          s.break_count, s.break_time_minutes, s.steps_completed, s.steps_total,
                          s.status, s.outcome, s.notes
                   FROM testing_sessions s
                   JOIN user_profiles u ON u.id = s.user_id
                   JOIN jira_tickets t ON t.id = s.jira_ticket_id
                   LEFT JOIN predictions r ON r.id = s.prediction_id
                   LEFT JOIN test_patterns p ON p.id = r.pattern_id
                   WHERE NOT EXISTS (SELECT 1 FROM atlas_events e WHERE e.session_id = s.id)
                   ORDER BY s.id";
        self.0.each(sql, [], |row| {
            sessions.extend(foreign_of(row)?);
            Ok(())
        })?;
        Ok(sessions)
    }

    /// Gives a session of another program the events that its row tells, on the calendar of
    /// `zone` with days that start at `day_start` o'clock. The row stays as it is. A session that
    /// has events by now is left alone.
    ///
    /// What the row does not tell is chosen: steps are the first ones of the plan and done at the
    /// end, breaks are just before it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn adopt(&self, session: &ForeignSession, zone: &TimeZone, day_start: u8) -> Result<()> {
        let events = self.0.events();
        if !events.of_session(session.id)?.is_empty() {
            return Ok(());
        }
        // Tells later that the row is the other program's.
        let mut mark = Some(format!("{ADOPTED}{}", session.id));
        for (at, kind) in session.story() {
            let event = Event {
                id: 0,
                moment: Moment::new(at, zone, day_start),
                session_id: Some(session.id),
                kind,
            };
            events.append(session.user_id, &event, mark.take().as_deref())?;
        }
        Ok(())
    }
}

impl ForeignSession {
    fn story(&self) -> Vec<(Timestamp, EventKind)> {
        let start = self.started_at;
        let end = self.ended_at.unwrap_or(start);
        let mut story = vec![(
            start,
            EventKind::SessionStarted {
                ticket_id: self.ticket_id,
                ticket_key: self.ticket_key.clone(),
                components: self.components.clone(),
                plan: self.plan.clone(),
            },
        )];
        let each = self.break_time / self.breaks.max(1).cast_signed();
        let mut at = end
            .checked_sub(each * self.breaks.cast_signed())
            .unwrap_or(start);
        for _ in 0..self.breaks {
            story.push((at, EventKind::Paused));
            at = at.checked_add(each).unwrap_or(end).min(end);
            story.push((at, EventKind::Resumed));
        }
        story.extend((1..=self.steps_done).map(|step| (end, EventKind::StepDone { step })));
        let notes = self.notes.iter().cloned();
        story.extend(notes.map(|text| (end, EventKind::SessionNoted { text })));
        story.extend(self.ending().map(|kind| (end, kind)));
        story
    }

    fn ending(&self) -> Option<EventKind> {
        match (self.status, self.outcome) {
            (SessionStatus::Active, _) => None,
            (SessionStatus::Paused, _) => Some(EventKind::Paused),
            (SessionStatus::Completed, Some(outcome)) => Some(EventKind::Ended { outcome }),
            (SessionStatus::Completed, None) => None,
            (SessionStatus::Cancelled, _) => Some(EventKind::Cancelled),
        }
    }
}

fn foreign_of(row: &Row<'_>) -> rusqlite::Result<Option<ForeignSession>> {
    let (Some(ticket_key), Some(started_at)) = (key_of(row, 3), columns::time(row, 9)) else {
        return Ok(None);
    };
    let count = |column| columns::count(row, column).map(|count| count.min(MOST));
    let minutes = |column| {
        let minutes = columns::count(row, column).unwrap_or(0);
        SignedDuration::from_mins(minutes.into())
    };
    let written = columns::time(row, 10).map(|end| end.max(started_at));
    let outcome = outcome_of(row, 17);
    let status = status_of(row, 16, outcome.is_some(), written.is_some());
    if status == SessionStatus::Completed && outcome.is_none() {
        return Ok(None);
    }
    let (work, told) = (minutes(11), minutes(13));
    let ended_at = match status {
        SessionStatus::Active => None,
        _ => written.or_else(|| started_at.checked_add(work + told).ok()),
    };
    let elapsed = ended_at.map_or(SignedDuration::ZERO, |end| end.duration_since(started_at));
    // What is neither work nor a break is one: the row says how long was worked.
    let unexplained = if work.is_zero() { told } else { elapsed - work };
    let break_time = unexplained.clamp(SignedDuration::ZERO, elapsed);
    let breaks = count(12)
        .unwrap_or(0)
        .max(u32::from(break_time >= SignedDuration::from_mins(1)));
    let steps_done = count(14).unwrap_or(0);
    Ok(Some(ForeignSession {
        id: row.get(0)?,
        user_id: row.get(1)?,
        ticket_id: row.get(2)?,
        ticket_key,
        components: columns::names(row, 4),
        plan: plan_of(row, count(15).unwrap_or(0).max(steps_done)),
        started_at,
        ended_at,
        status,
        outcome,
        breaks,
        break_time: if breaks == 0 {
            SignedDuration::ZERO
        } else {
            break_time
        },
        steps_done,
        notes: columns::text(row, 18).filter(|notes| !notes.trim().is_empty()),
    }))
}

/// One scenario with all the steps, called as what was predicted or as the ticket.
fn plan_of(row: &Row<'_>, steps: u32) -> Vec<PlannedScenario> {
    let prediction_id = columns::integer(row, 6);
    if steps == 0 && prediction_id.is_none() {
        return Vec::new();
    }
    vec![PlannedScenario {
        name: columns::text(row, 5).unwrap_or_default(),
        prediction_id,
        pattern_id: columns::integer(row, 7),
        steps,
        test_steps: Vec::new(),
        estimated_minutes: columns::count(row, 8),
    }]
}
