//! Test sessions.

use atlas_core::domain::SessionEnd;

use super::Atlas;
use crate::error::Result;
use crate::records::{Event, Outcome, Session, SessionPlan, SessionResult, SessionSummary};

#[uniffi::export]
impl Atlas {
    /// Begins a session on a stored ticket. Steps are numbered from 1 through all scenarios of the
    /// plan.
    pub fn start_session(&self, key: String, plan: SessionPlan) -> Result<Session> {
        self.call(|core| core.start_session(&key, &plan))
    }

    /// What the coach says to a session that has begun; nothing if it is silent.
    pub fn session_greeting(&self, session_id: i64) -> Result<Option<String>> {
        self.call(|core| core.session_greeting(session_id))
    }

    /// The session that is open, active or in a break.
    pub fn open_session(&self) -> Result<Option<Session>> {
        self.call(|core| core.open_session())
    }

    /// The open session if it was not heard of for ten minutes and is in no break.
    pub fn left_open(&self) -> Result<Option<Session>> {
        self.call(|core| core.left_open())
    }

    /// A session.
    pub fn session(&self, session_id: i64) -> Result<Session> {
        self.call(|core| core.session(session_id))
    }

    /// What happened in a session, in order.
    pub fn session_events(&self, session_id: i64) -> Result<Vec<Event>> {
        self.call(|core| core.session_events(session_id))
    }

    /// The sessions, newest first: at most `limit`, up to 1,000, after the first `offset`.
    #[uniffi::method(default(limit = 50, offset = 0))]
    pub fn sessions(&self, limit: usize, offset: usize) -> Result<Vec<SessionSummary>> {
        self.call(|core| core.sessions(limit, offset))
    }

    /// The sessions on a ticket, newest first.
    pub fn sessions_of(&self, key: String) -> Result<Vec<SessionSummary>> {
        self.call(|core| core.sessions_of(&key))
    }

    /// Notes that a step is done, by its number from 1.
    pub fn step_done(&self, session_id: i64, step: u32) -> Result<Session> {
        self.call(|core| core.step_done(session_id, step))
    }

    /// Notes that a step was not done after all.
    pub fn step_undone(&self, session_id: i64, step: u32) -> Result<Session> {
        self.call(|core| core.step_undone(session_id, step))
    }

    /// Notes of several steps that they are done, or that they were not after all: of all or none.
    #[uniffi::method(default(done = true))]
    pub fn mark_steps(&self, session_id: i64, steps: Vec<u32>, done: bool) -> Result<Session> {
        self.call(|core| core.mark_steps(session_id, &steps, done))
    }

    /// Begins a break.
    pub fn pause_session(&self, session_id: i64) -> Result<Session> {
        self.call(|core| core.pause_session(session_id))
    }

    /// Ends the break.
    pub fn resume_session(&self, session_id: i64) -> Result<Session> {
        self.call(|core| core.resume_session(session_id))
    }

    /// Writes a note into the session.
    pub fn note_in_session(&self, session_id: i64, text: String) -> Result<Session> {
        self.call(|core| core.note_in_session(session_id, &text))
    }

    /// Says that the tester is still there.
    pub fn session_alive(&self, session_id: i64) -> Result<Session> {
        self.call(|core| core.session_alive(session_id))
    }

    /// Gives a session up; it earns nothing.
    pub fn cancel_session(&self, session_id: i64) -> Result<Session> {
        self.call(|core| core.cancel_session(session_id))
    }

    /// Completes a session: what it earned, and a line of the coach's. What was done is learned from.
    /// With `steps_completed` the first so many steps that are not ticked off yet are now.
    #[uniffi::method(default(steps_completed = None))]
    pub fn end_session(
        &self,
        session_id: i64,
        outcome: Outcome,
        steps_completed: Option<u32>,
    ) -> Result<SessionResult> {
        let end = SessionEnd {
            steps_completed,
            ..SessionEnd::default()
        };
        self.call(|core| core.end_session_with(session_id, outcome, &end))
    }

    /// Completes a session that was left open, as if at its last event.
    pub fn close_session(&self, session_id: i64, outcome: Outcome) -> Result<SessionResult> {
        self.call(|core| core.close_session(session_id, outcome))
    }
}
