//! The area [`Sessions`]: testing sessions. What happens is stored as events, and a session is what its events say.
//!
//! A session that was left open is closed at the moment of its last event, or goes on: then a break
//! begins at that moment and ends now.

pub(super) mod end;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::atlas::core::Core;
use crate::atlas::core::work_log::WorkLog;
use crate::domain::{
    Event, EventKind, FeedbackItem, FeedbackReceipt, Moment, PlannedScenario, Scenario, Session,
    SessionPlan, SessionResult, SessionStatus, SessionSummary, Step,
};
use crate::play::coach::{Fact, Facts, Occasion};
use crate::play::{Tally, accepts, may_start, not_found, session_of};
use crate::store::Repositories;
use crate::{Error, Result};

/// A session that was not heard of for so long may have been left open.
const QUIET: SignedDuration = SignedDuration::from_mins(10);
/// Signs of life that are closer than this are one.
const ALIVE: SignedDuration = SignedDuration::from_secs(60);
/// The most sessions that are listed at once.
const MOST_LISTED: usize = 1_000;

/// The tester's day: sessions with their steps, breaks, notes and outcome.
#[derive(Clone)]
pub struct Sessions {
    pub(super) core: Arc<Core>,
}

impl Sessions {
    /// Begins a session on a stored ticket. Its steps are numbered from 1 through all scenarios of
    /// the plan; where the tester wrote a scenario's steps anew, these are its steps.
    ///
    /// # Errors
    /// `SESSION_OPEN` names the session that is open; `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`,
    /// `PREDICTION_NOT_FOUND`; `INVALID_VALUE` for a prediction of another ticket.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Outcome, SessionPlan, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// let prediction = atlas.predict("WRKA-7", 2)?;
    /// let plan = SessionPlan::Prediction(prediction.id.unwrap());
    /// let session = atlas.sessions().start("WRKA-7", &plan)?;
    /// atlas.sessions().step_done(session.id, 1)?;
    /// let result = atlas.sessions().end(session.id, Outcome::Passed)?;
    /// assert_eq!(result.steps_completed, 1);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn start(&self, key: &str, plan: &SessionPlan) -> Result<Session> {
        let ticket = self.core.find(key)?;
        self.core.log_work(|log| {
            may_start(open(log.stored, log.user.id)?.as_ref())?;
            let event = EventKind::SessionStarted {
                ticket_id: ticket.id,
                ticket_key: ticket.value.key.clone(),
                components: ticket.value.components.clone(),
                plan: planned(log.stored, ticket.id, plan)?,
            };
            let (user, at) = (log.user.id, log.now.at);
            let id = log.stored.sessions().begin(user, ticket.id, at)?;
            log.append(Some(id), event)?;
            saved(log.stored, id)
        })
    }

    /// What the coach says to a session that has begun, the same each time; nothing if it is
    /// silent.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, storage errors.
    pub fn greeting(&self, session_id: i64) -> Result<Option<String>> {
        let session = self.get(session_id)?;
        let minutes = session.plan.iter().filter_map(|s| s.estimated_minutes);
        let facts = Facts::new()
            .text(Fact::Ticket, session.ticket_key.to_string())
            .text(
                Fact::Component,
                session.components.first().cloned().unwrap_or_default(),
            )
            .number(Fact::PlannedSteps, session.steps_total().unwrap_or(0))
            .number(Fact::PlannedMinutes, minutes.sum());
        self.core
            .line_in_turn(Occasion::SessionStarted, &facts, session_id.unsigned_abs())
    }

    /// The session that is open, active or in a break. After a crash it is still open: see
    /// [`Sessions::left_open`](crate::Sessions::left_open).
    ///
    /// # Errors
    /// Storage errors.
    pub fn open(&self) -> Result<Option<Session>> {
        let user = self.core.user()?;
        self.core.store.read(|stored| open(stored, user.id))
    }

    /// The open session if it was not heard of for ten minutes and is in no break: the program or
    /// the machine may have been closed. Go on with [`Sessions::resume`](crate::Sessions::resume),
    /// which counts the time in between as a break, or close it with
    /// [`Sessions::close`](crate::Sessions::close).
    ///
    /// # Errors
    /// Storage errors.
    pub fn left_open(&self) -> Result<Option<Session>> {
        let now = (self.core.clock)();
        let quiet = |session: &Session| {
            session.status == SessionStatus::Active
                && now.duration_since(session.last_alive) >= QUIET
        };
        Ok(self.open()?.filter(quiet))
    }

    /// A session.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, storage errors.
    pub fn get(&self, session_id: i64) -> Result<Session> {
        self.core
            .store
            .read(|stored| stored_session(stored, session_id).map(|(session, _)| session))
    }

    /// What a completed session earned, as the log tells it; without the coach's line, which is not
    /// kept. Nothing for a session that is open or was given up.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Outcome, SessionPlan, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// let session = atlas.sessions().start("WRKA-7", &SessionPlan::Free)?;
    /// assert!(atlas.sessions().result(session.id)?.is_none());
    /// let ended = atlas.sessions().end(session.id, Outcome::Passed)?;
    /// let again = atlas.sessions().result(session.id)?.unwrap();
    /// assert_eq!(again.xp_parts, ended.xp_parts);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn result(&self, session_id: i64) -> Result<Option<SessionResult>> {
        let user = self.core.user()?;
        self.core.store.read(|stored| {
            let (session, _) = stored_session(stored, session_id)?;
            // What an event gave depends on all that was before it.
            let mut tally = Tally::default();
            for event in stored.events().after(user.id, tally.last_id())? {
                let gains = tally.apply(&event);
                let ends = matches!(event.kind, EventKind::Ended { .. });
                if ends && event.session_id == Some(session_id) {
                    return Ok(tally.summary(&session, &gains, &event.moment));
                }
            }
            Ok(None)
        })
    }

    /// What happened in a session, in order.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, storage errors.
    pub fn events(&self, session_id: i64) -> Result<Vec<Event>> {
        self.core
            .store
            .read(|stored| stored_session(stored, session_id).map(|(_, events)| events))
    }

    /// The sessions, newest first: at most `limit` (up to 1,000), after the first `offset`.
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors.
    pub fn list(&self, limit: usize, offset: usize) -> Result<Vec<SessionSummary>> {
        if limit > MOST_LISTED {
            return Err(Error::invalid(
                "limit",
                limit,
                format!("at most {MOST_LISTED}"),
            ));
        }
        let user = self.core.user()?;
        self.core
            .store
            .read(|stored| stored.sessions().list(user.id, limit, offset))
    }

    /// A ticket's sessions, newest first.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn of_ticket(&self, key: &str) -> Result<Vec<SessionSummary>> {
        let (ticket, user) = (self.core.find(key)?, self.core.user()?);
        self.core
            .store
            .read(|stored| stored.sessions().of_ticket(user.id, ticket.id))
    }

    /// Notes that a step was done. One that is done already stays so.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, `SESSION_ENDED`; `INVALID_VALUE` for a step that the plan does not have.
    pub fn step_done(&self, session_id: i64, step: u32) -> Result<Session> {
        self.core.happened(session_id, EventKind::StepDone { step })
    }

    /// Takes a step back.
    ///
    /// # Errors
    /// As [`Sessions::step_done`](crate::Sessions::step_done).
    pub fn step_undone(&self, session_id: i64, step: u32) -> Result<Session> {
        self.core
            .happened(session_id, EventKind::StepUndone { step })
    }

    /// Notes of several steps that they were done, or that they were not: of all or of none.
    ///
    /// # Errors
    /// As [`Sessions::step_done`](crate::Sessions::step_done).
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{SessionPlan, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// let session = atlas.sessions().start("WRKA-7", &SessionPlan::Free)?;
    /// assert!(atlas.sessions().mark_steps(session.id, &[1, 2, 100_000], true).is_err());
    /// assert_eq!(atlas.sessions().mark_steps(session.id, &[1, 2], true)?.steps_done, [1, 2]);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn mark_steps(&self, session_id: i64, steps: &[u32], done: bool) -> Result<Session> {
        self.core.log_work(|log| {
            let (session, _) = stored_session(log.stored, session_id)?;
            accepts(&session, &EventKind::Alive)?;
            let now = log.now.clone();
            mark(log, &session, steps.iter().copied(), done, &now)?;
            saved(log.stored, session_id)
        })
    }

    /// Begins a break.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, `SESSION_ENDED`, `SESSION_PAUSED`.
    pub fn pause(&self, session_id: i64) -> Result<Session> {
        self.core.happened(session_id, EventKind::Paused)
    }

    /// Ends a break. In a session that was left open (see [`Sessions::left_open`](crate::Sessions::left_open)), the time
    /// since it was last heard of becomes one.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, `SESSION_ENDED`, `SESSION_NOT_PAUSED`.
    pub fn resume(&self, session_id: i64) -> Result<Session> {
        self.core.log_work(|log| {
            let (session, events) = stored_session(log.stored, session_id)?;
            let quiet = log.now.at.duration_since(session.last_alive) >= QUIET;
            if session.status == SessionStatus::Active && quiet {
                log.append_at(
                    last_moment(&events, &log.now),
                    Some(session_id),
                    EventKind::Paused,
                )?;
            } else {
                accepts(&session, &EventKind::Resumed)?;
            }
            log.append(Some(session_id), EventKind::Resumed)?;
            saved(log.stored, session_id)
        })
    }

    /// Writes something down in a session.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, `SESSION_ENDED`; `INVALID_VALUE` for an empty text.
    pub fn note(&self, session_id: i64, text: &str) -> Result<Session> {
        let text = text.trim().to_owned();
        self.core
            .happened(session_id, EventKind::SessionNoted { text })
    }

    /// A sign of life: call it now and then while the session is on the screen. A session that is
    /// left open can then be closed at the last one. More than one a minute is not stored.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, `SESSION_ENDED`.
    pub fn alive(&self, session_id: i64) -> Result<Session> {
        let session = self.get(session_id)?;
        accepts(&session, &EventKind::Alive)?;
        if (self.core.clock)().duration_since(session.last_alive) < ALIVE {
            return Ok(session);
        }
        self.core.happened(session_id, EventKind::Alive)
    }

    /// Gives a session up: it counts for nothing and stays in the log.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`, `SESSION_ENDED`.
    pub fn cancel(&self, session_id: i64) -> Result<Session> {
        self.core.happened(session_id, EventKind::Cancelled)
    }
}

impl Core {
    fn happened(&self, session_id: i64, kind: EventKind) -> Result<Session> {
        self.log_work(|log| happened(log, session_id, kind))
    }
}

fn happened(log: &mut WorkLog<'_>, session_id: i64, kind: EventKind) -> Result<Session> {
    let (session, _) = stored_session(log.stored, session_id)?;
    accepts(&session, &kind)?;
    log.append(Some(session_id), kind)?;
    saved(log.stored, session_id)
}

/// Notes of steps that they were done, or that they were not; of each that is not so already.
pub(crate) fn mark(
    log: &mut WorkLog<'_>,
    session: &Session,
    steps: impl IntoIterator<Item = u32>,
    done: bool,
    moment: &Moment,
) -> Result<()> {
    let mut known: BTreeSet<u32> = session.steps_done.iter().copied().collect();
    for step in steps {
        let (kind, changes) = match done {
            true => (EventKind::StepDone { step }, known.insert(step)),
            false => (EventKind::StepUndone { step }, known.remove(&step)),
        };
        accepts(session, &kind)?;
        if changes {
            log.append_at(moment.clone(), Some(session.id), kind)?;
        }
    }
    Ok(())
}

/// A session and its events.
pub(crate) fn stored_session(
    stored: &Repositories<'_>,
    session_id: i64,
) -> Result<(Session, Vec<Event>)> {
    let events = stored.events().of_session(session_id)?;
    let session = session_of(&events).map_err(|_| not_found(session_id))?;
    Ok((session, events))
}

/// The session after its row was made to say what its events say.
pub(crate) fn saved(stored: &Repositories<'_>, session_id: i64) -> Result<Session> {
    let (session, _) = stored_session(stored, session_id)?;
    stored.sessions().save(&session)?;
    Ok(session)
}

/// When a session was last heard of.
pub(crate) fn last_moment(events: &[Event], now: &Moment) -> Moment {
    let last = events.iter().max_by_key(|event| event.id);
    last.map_or_else(|| now.clone(), |event| event.moment.clone())
}

/// The open session. A row of another program's that tells no session does not count.
fn open(stored: &Repositories<'_>, user_id: i64) -> Result<Option<Session>> {
    let Some(row) = stored.sessions().open(user_id)? else {
        return Ok(None);
    };
    let events = stored.events().of_session(row.id)?;
    Ok(session_of(&events).ok())
}

/// The scenarios that a plan names, as they were predicted for this ticket.
fn planned(
    stored: &Repositories<'_>,
    ticket_id: i64,
    plan: &SessionPlan,
) -> Result<Vec<PlannedScenario>> {
    let not_found = |what, id| Error::PredictionNotFound { what, id };
    let rows = match plan {
        SessionPlan::Free => Vec::new(),
        SessionPlan::Prediction(id) => {
            let rows = stored.predictions().rows_of_run(*id)?;
            rows.ok_or_else(|| not_found("prediction", *id))?
        }
        SessionPlan::Scenarios(ids) => {
            let row = |&id| {
                let row = stored.predictions().row(id)?;
                row.ok_or_else(|| not_found("scenario", id))
            };
            ids.iter().map(row).collect::<Result<_>>()?
        }
    };
    if let Some(row) = rows.iter().find(|row| row.ticket_id != ticket_id) {
        let expected = "a prediction of the session's own ticket";
        return Err(Error::invalid("prediction_id", row.id, expected));
    }
    let scenario = |id| stored.predictions().scenario(id);
    let answers = stored.feedback().receipts_of(ticket_id)?;
    rows.iter()
        .filter_map(|row| {
            scenario(row.id)
                .map(|s| Some(of_scenario(row.id, s?, &answers)))
                .transpose()
        })
        .collect()
}

fn of_scenario(
    prediction_id: i64,
    scenario: Scenario,
    answers: &[FeedbackReceipt],
) -> PlannedScenario {
    let own = own_steps(prediction_id, &scenario, answers);
    let test_steps = own.unwrap_or(scenario.steps);
    PlannedScenario {
        name: scenario.name,
        prediction_id: Some(prediction_id),
        pattern_id: scenario.pattern_id,
        steps: u32::try_from(test_steps.len()).unwrap_or(u32::MAX),
        test_steps,
        estimated_minutes: Some(scenario.minutes),
    }
}

/// The tester's own steps for a scenario, if the newest answer to it on this ticket has some: the
/// answer to this very prediction, else to the same pattern, or the same name where it is no stored
/// pattern, in an earlier one. `answers` are the ticket's, newest first.
fn own_steps(
    prediction_id: i64,
    scenario: &Scenario,
    answers: &[FeedbackReceipt],
) -> Option<Vec<Step>> {
    let same = |item: &&FeedbackItem| match (scenario.pattern_id, item.pattern_id) {
        (Some(ours), Some(theirs)) => ours == theirs,
        (None, None) => item.scenario_name.as_deref() == Some(&scenario.name),
        _ => false,
    };
    let items = || answers.iter().flat_map(|receipt| &receipt.items);
    let this = items().find(|item| item.prediction_id == Some(prediction_id));
    this.or_else(|| items().find(same))?.steps.clone()
}
