//! A session as its events tell it, and which events it takes in which state.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use super::log;
use super::xp::SessionXp;
use crate::domain::{Event, EventKind, Outcome, PlannedScenario, Session, SessionStatus};
use crate::error::SessionError;
use crate::{Error, Result};

/// The highest number of a step in a session without a plan.
pub const MOST_STEPS: u32 = 1_000;

/// The time, breaks and steps of one session: the part of it that play counts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Course {
    pub status: SessionStatus,
    pub outcome: Option<Outcome>,
    pub ended_at: Option<Timestamp>,
    pub breaks: u32,
    /// Ascending.
    pub steps_done: Vec<u32>,
    /// How many steps can be done.
    steps_possible: u32,
    work_ms: i64,
    break_ms: i64,
    last: Timestamp,
}

impl Course {
    pub fn new(at: Timestamp, plan: &[PlannedScenario]) -> Self {
        Course {
            status: SessionStatus::Active,
            outcome: None,
            ended_at: None,
            breaks: 0,
            steps_done: Vec::new(),
            steps_possible: steps_total(plan).unwrap_or(MOST_STEPS),
            work_ms: 0,
            break_ms: 0,
            last: at,
        }
    }

    /// Takes what happens next. What the state does not allow changes nothing, so that an event
    /// that is delivered twice does no harm.
    pub fn apply(&mut self, at: Timestamp, kind: &EventKind) {
        if !is_open(self.status) {
            return;
        }
        self.advance(at);
        match kind {
            EventKind::StepDone { step } if (1..=self.steps_possible).contains(step) => {
                if let Err(place) = self.steps_done.binary_search(step) {
                    self.steps_done.insert(place, *step);
                }
            }
            EventKind::StepUndone { step } => {
                if let Ok(place) = self.steps_done.binary_search(step) {
                    self.steps_done.remove(place);
                }
            }
            EventKind::Paused if self.status == SessionStatus::Active => {
                self.status = SessionStatus::Paused;
                self.breaks += 1;
            }
            EventKind::Resumed => self.status = SessionStatus::Active,
            EventKind::Ended { outcome } => {
                self.outcome = Some(*outcome);
                self.end(at, SessionStatus::Completed);
            }
            EventKind::Cancelled => self.end(at, SessionStatus::Cancelled),
            _ => {}
        }
    }

    /// The time since the last event is work or break. A clock that was set back adds nothing.
    fn advance(&mut self, at: Timestamp) {
        let ms = at.as_millisecond() - self.last.as_millisecond();
        match self.status {
            SessionStatus::Paused => self.break_ms += ms.max(0),
            _ => self.work_ms += ms.max(0),
        }
        self.last = at;
    }

    fn end(&mut self, at: Timestamp, status: SessionStatus) {
        self.status = status;
        self.ended_at = Some(at);
    }

    /// Seconds of work so far, whole ones.
    pub fn work_seconds(&self) -> i64 {
        self.work_ms / 1_000
    }

    /// What it earns; nothing unless it was completed and was long enough to count.
    pub fn xp(&self) -> Option<SessionXp> {
        SessionXp::new(self.work_seconds(), self.steps(), self.outcome?)
    }

    /// How many steps are done.
    pub fn steps(&self) -> u32 {
        u32::try_from(self.steps_done.len()).unwrap_or(u32::MAX)
    }
}

/// The sessions of a log that are open, while it is read in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Courses {
    open: BTreeMap<i64, Course>,
    /// Every session that has begun: none begins twice.
    begun: HashSet<i64>,
}

impl Courses {
    /// Takes the start of a session. Returns whether it is one that has not begun yet.
    pub fn begin(&mut self, event: &Event) -> bool {
        let (EventKind::SessionStarted { plan, .. }, Some(id)) = (&event.kind, event.session_id)
        else {
            return false;
        };
        let new = self.begun.insert(id);
        if new {
            self.open.insert(id, Course::new(event.moment.at, plan));
        }
        new
    }

    /// Takes any other event; returns the session if this event completed it.
    pub fn completed(&mut self, event: &Event) -> Option<Course> {
        let id = event.session_id?;
        let course = self.open.get_mut(&id)?;
        course.apply(event.moment.at, &event.kind);
        if is_open(course.status) {
            return None;
        }
        let course = self.open.remove(&id)?;
        (course.status == SessionStatus::Completed).then_some(course)
    }
}

fn is_open(status: SessionStatus) -> bool {
    matches!(status, SessionStatus::Active | SessionStatus::Paused)
}

/// The number of steps of a plan, if there is one.
fn steps_total(plan: &[PlannedScenario]) -> Option<u32> {
    let add = |sum: u32, scenario: &PlannedScenario| sum.saturating_add(scenario.steps);
    (!plan.is_empty()).then(|| plan.iter().fold(0, add))
}

/// The session that these events tell of. Events of other sessions are left out; the order of the
/// slice and repeated events do not matter.
///
/// Time between two events is work, or break after [`EventKind::Paused`]; a break that is open
/// when the session ends counts up to the end. A clock that was set back adds no time.
///
/// # Errors
/// `SESSION_NOT_FOUND` if no event starts a session.
///
/// ```
/// use atlas_core::domain::{Event, EventKind, Moment, Outcome, TicketKey};
/// use atlas_core::play::session_of;
/// use jiff::tz::TimeZone;
///
/// let event = |id, at: &str, kind| Event {
///     id,
///     moment: Moment::new(at.parse().unwrap(), &TimeZone::UTC, 0),
///     session_id: Some(1),
///     kind,
/// };
/// let started = EventKind::SessionStarted {
///     ticket_id: 7,
///     ticket_key: TicketKey::parse("WRKA-7")?,
///     components: vec!["Reports".into()],
///     plan: Vec::new(),
/// };
/// let session = session_of(&[
///     event(1, "2024-05-06T09:00:00Z", started),
///     event(2, "2024-05-06T09:20:00Z", EventKind::Paused),
///     event(3, "2024-05-06T09:30:00Z", EventKind::Resumed),
///     event(4, "2024-05-06T09:45:00Z", EventKind::Ended { outcome: Outcome::Passed }),
/// ])?;
/// assert_eq!((session.minutes(), session.break_minutes()), (35, 10));
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn session_of(events: &[Event]) -> Result<Session> {
    let mut session: Option<(Session, Course)> = None;
    log::for_each(events, |event| match &mut session {
        None => session = started(event),
        Some((session, course)) if event.session_id == Some(session.id) => {
            take(session, course, event);
        }
        Some(_) => {}
    });
    let Some((mut session, course)) = session else {
        let session_id = events.iter().find_map(|event| event.session_id);
        return Err(not_found(session_id.unwrap_or(0)));
    };
    session.status = course.status;
    session.outcome = course.outcome;
    session.ended_at = course.ended_at;
    session.breaks = course.breaks;
    session.work_seconds = course.work_seconds();
    session.break_seconds = course.break_ms / 1_000;
    session.steps_done = course.steps_done;
    Ok(session)
}

/// The error for a session that is not there.
pub fn not_found(session_id: i64) -> Error {
    SessionError::NotFound { session_id }.into()
}

fn started(event: &Event) -> Option<(Session, Course)> {
    let EventKind::SessionStarted {
        ticket_id,
        ticket_key,
        components,
        plan,
    } = &event.kind
    else {
        return None;
    };
    let at = event.moment.at;
    let session = Session {
        id: event.session_id?,
        ticket_id: *ticket_id,
        ticket_key: ticket_key.clone(),
        components: components.clone(),
        started_at: at,
        ended_at: None,
        status: SessionStatus::Active,
        outcome: None,
        work_seconds: 0,
        breaks: 0,
        break_seconds: 0,
        plan: plan.clone(),
        steps_done: Vec::new(),
        notes: Vec::new(),
        last_alive: at,
    };
    Some((session, Course::new(at, plan)))
}

fn take(session: &mut Session, course: &mut Course, event: &Event) {
    if !is_open(course.status) {
        return;
    }
    if let EventKind::SessionNoted { text } = &event.kind {
        session.notes.push(text.clone());
    }
    session.last_alive = event.moment.at;
    course.apply(event.moment.at, &event.kind);
}

/// Whether a new session may begin beside the one that is open, if any.
///
/// # Errors
/// `SESSION_OPEN` naming the open session and its ticket.
pub fn may_start(open: Option<&Session>) -> Result<()> {
    match open {
        Some(open) if open.is_open() => Err(SessionError::Open {
            session_id: open.id,
            ticket_key: open.ticket_key.to_string(),
        }
        .into()),
        _ => Ok(()),
    }
}

/// Whether the session takes this event now. Steps and notes are taken in a break too; a step that
/// is done already may be done again, which changes nothing.
///
/// # Errors
/// - `SESSION_ENDED` for anything after the end.
/// - `SESSION_OPEN` for a second start.
/// - `SESSION_PAUSED` for a break within a break, `SESSION_NOT_PAUSED` for the end of none.
/// - `INVALID_VALUE` for a step that the plan does not have, an empty note, or an event that is
///   none of a session's.
pub fn accepts(session: &Session, kind: &EventKind) -> Result<()> {
    if !session.is_open() {
        return Err(SessionError::Ended {
            session_id: session.id,
            ticket_key: session.ticket_key.to_string(),
            ended_at: session.ended_at.unwrap_or(session.last_alive),
        }
        .into());
    }
    let session_id = session.id;
    let paused = session.status == SessionStatus::Paused;
    match kind {
        EventKind::SessionStarted { .. } => may_start(Some(session)),
        EventKind::StepDone { step } | EventKind::StepUndone { step } => {
            check_step(*step, &session.plan)
        }
        EventKind::Paused if paused => Err(SessionError::Paused { session_id }.into()),
        EventKind::Resumed if !paused => Err(SessionError::NotPaused { session_id }.into()),
        EventKind::SessionNoted { text } if text.trim().is_empty() => {
            Err(Error::invalid("note", text, "some text"))
        }
        EventKind::Paused
        | EventKind::Resumed
        | EventKind::SessionNoted { .. }
        | EventKind::Alive
        | EventKind::Ended { .. }
        | EventKind::Cancelled => Ok(()),
        other => Err(Error::invalid(
            "event",
            name_of(other),
            "an event of a session",
        )),
    }
}

fn check_step(step: u32, plan: &[PlannedScenario]) -> Result<()> {
    let most = steps_total(plan).unwrap_or(MOST_STEPS);
    if (1..=most).contains(&step) {
        return Ok(());
    }
    let expected = match most {
        0 => "nothing: the plan of this session has no steps".to_owned(),
        most => format!("a number from 1 to {most}"),
    };
    Err(Error::invalid("step", step, expected))
}

/// The word that the log uses for events that belong to no session.
fn name_of(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::FeedbackGiven { .. } => "feedback_given",
        EventKind::FeedbackUndone { .. } => "feedback_undone",
        EventKind::TicketNoted { .. } => "ticket_noted",
        EventKind::ChallengeSet { .. } => "challenge_set",
        EventKind::StreakRepaired { .. } => "streak_repaired",
        _ => "event",
    }
}
