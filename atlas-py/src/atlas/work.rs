//! The tester's work: sessions, notes, profile, play.

use atlas_core::Result;
use atlas_core::domain::{
    Outcome, ProfileChange, SessionEnd, SessionPlan, UserSettings, WorkFilter, WorkOrder,
};
use jiff::civil::Date;
use pyo3::prelude::*;

use super::areas::{Play, Sessions, Tester, Tickets};
use crate::errors;
use crate::from_python::from_python;
use crate::remote::Jira;
use crate::to_python::flat_to_python;

#[pymethods]
impl Sessions {
    /// Begins a session on a stored ticket.
    ///
    /// `plan` is a `Prediction`, or `Scenario`s of one in the order in which they are to be tested;
    /// without one any step may be done. Steps are numbered from 1 through all scenarios. Other calls
    /// take the session or its id.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> _ = db.tickets.add([atlas.Ticket("WRKA-7", "Export is empty")])
    /// >>> session = db.sessions.start("WRKA-7", db.predict("WRKA-7", top_k=2))
    /// >>> _ = db.sessions.step_done(session, 1)
    /// >>> db.sessions.end(session, "passed").steps_completed
    /// 1
    #[pyo3(signature = (key, plan=None))]
    fn start<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        plan: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let plan = match plan {
            Some(plan) => session_plan(&plan)?,
            None => SessionPlan::Free,
        };
        self.ask(py, |core| core.sessions().start(key, &plan))
    }

    /// Completes a session with "passed", "failed" or "blocked": what it earned, and a line of the
    /// coach's. What was done is learned from. With `steps_completed` the first so many steps that
    /// are not ticked off yet are now.
    #[pyo3(signature = (session, outcome, *, steps_completed=None))]
    fn end<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
        outcome: &str,
        steps_completed: Option<u32>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (id, outcome) = (id_of(&session)?, outcome_of(py, outcome)?);
        let end = SessionEnd {
            steps_completed,
            ..SessionEnd::default()
        };
        self.ask(py, |core| core.sessions().end_with(id, outcome, &end))
    }

    /// Completes a session that was left open, as if at its last event.
    fn close<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
        outcome: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (id, outcome) = (id_of(&session)?, outcome_of(py, outcome)?);
        self.ask(py, |core| core.sessions().close(id, outcome))
    }

    /// What the coach says to a session that has begun; None if it is silent.
    fn greeting(&self, py: Python<'_>, session: Bound<'_, PyAny>) -> PyResult<Option<String>> {
        let id = id_of(&session)?;
        self.call(py, |core| core.sessions().greeting(id))
    }

    /// The session that is open, active or in a break; None where there is none.
    fn open<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.sessions().open())
    }

    /// The open session if it was not heard of for ten minutes and is in no break.
    fn left_open<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.sessions().left_open())
    }

    /// A session, by its id.
    fn get<'py>(&self, py: Python<'py>, session_id: i64) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.sessions().get(session_id))
    }

    /// What a completed session earned; None for one that is open or was given up.
    fn result<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().result(id))
    }

    /// What happened in a session, in order.
    fn events<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        let events = self.call(py, |core| core.sessions().events(id))?;
        flat_to_python(py, "Event", &events)
    }

    /// The sessions, newest first: at most `limit`, up to 1,000, after the first `offset`.
    #[pyo3(signature = (limit=50, offset=0))]
    fn list<'py>(
        &self,
        py: Python<'py>,
        limit: usize,
        offset: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.sessions().list(limit, offset))
    }

    /// The sessions on a ticket, newest first.
    fn of_ticket<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.sessions().of_ticket(key))
    }

    /// Notes that a step is done, by its number from 1.
    fn step_done<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
        step: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().step_done(id, step))
    }

    /// Notes that a step was not done after all.
    fn step_undone<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
        step: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().step_undone(id, step))
    }

    /// Notes of several steps that they are done, or that they were not after all: of all or none.
    #[pyo3(signature = (session, steps, done=true))]
    fn mark_steps<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
        steps: Vec<u32>,
        done: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().mark_steps(id, &steps, done))
    }

    /// Begins a break.
    fn pause<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().pause(id))
    }

    /// Ends a break, or goes on with a session that was left open.
    fn resume<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().resume(id))
    }

    /// Writes something down in a session.
    fn note<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
        text: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().note(id, text))
    }

    /// Notes that a session is still looked at.
    fn alive<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().alive(id))
    }

    /// Gives a session up; it counts for nothing.
    fn cancel<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        self.ask(py, |core| core.sessions().cancel(id))
    }
}

#[pymethods]
impl Tickets {
    /// The tester's note and difficulty of a ticket; None where there is neither.
    fn note<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().note(key))
    }

    /// Writes the note of a ticket; None removes it.
    fn set_note<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        note: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().set_note(key, note))
    }

    /// Says how hard a ticket is to test, 1 (easy) to 5; None removes it.
    fn set_difficulty<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        difficulty: Option<u8>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().set_difficulty(key, difficulty))
    }

    /// Removes note and difficulty; whether there was one.
    fn clear_note(&self, py: Python<'_>, key: &str) -> PyResult<bool> {
        self.call(py, |core| core.tickets().clear_note(key))
    }

    /// The notes in which every one of these words stands, newest change first; without words all.
    #[pyo3(signature = (words="", limit=50))]
    fn search_notes<'py>(
        &self,
        py: Python<'py>,
        words: &str,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().search_notes(words, limit))
    }

    /// The tickets to test, of the tester's own where the settings say whose; with all of `words` in
    /// key, title, components, assignee or note. The order is "priority" (most urgent first),
    /// "updated", "key", "minutes" or "difficulty".
    #[pyo3(signature = (*, assignee=None, status=None, project=None, unresolved=false, words=None, order="priority", limit=50, offset=0))]
    #[allow(clippy::too_many_arguments)]
    fn work<'py>(
        &self,
        py: Python<'py>,
        assignee: Option<String>,
        status: Option<String>,
        project: Option<String>,
        unresolved: bool,
        words: Option<String>,
        order: &str,
        limit: usize,
        offset: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = WorkFilter {
            assignee,
            status,
            project,
            unresolved,
            words,
            order: Some(order_of(py, order)?),
        };
        self.ask(py, |core| core.tickets().work(&filter, limit, offset))
    }

    /// The same after Jira was asked. If it cannot be, the answer is the stored one and `live_failed`
    /// says why.
    #[pyo3(signature = (jira, *, assignee=None, status=None, project=None, unresolved=false, words=None, order="priority", limit=50, offset=0))]
    #[allow(clippy::too_many_arguments)]
    fn work_live<'py>(
        &self,
        py: Python<'py>,
        jira: &Jira,
        assignee: Option<String>,
        status: Option<String>,
        project: Option<String>,
        unresolved: bool,
        words: Option<String>,
        order: &str,
        limit: usize,
        offset: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = WorkFilter {
            assignee,
            status,
            project,
            unresolved,
            words,
            order: Some(order_of(py, order)?),
        };
        self.ask(py, |core| {
            core.tickets()
                .work_live(&jira.client, &filter, limit, offset)
        })
    }

    /// What `work` can be filtered by: who has tickets, their statuses and projects.
    fn work_choices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().work_choices())
    }

    /// The tickets that the tester dealt with last, newest first.
    #[pyo3(signature = (limit=10))]
    fn recent<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().recent(limit))
    }

    /// How the tester's day stands, in a few numbers.
    fn quick_stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().quick_stats())
    }
}

#[pymethods]
impl Play {
    /// What was done on each of the last `days`, 1 to 3,660, oldest first, today last.
    #[pyo3(signature = (days=7))]
    fn activity<'py>(&self, py: Python<'py>, days: u32) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.play().activity(days))
    }

    /// Experience, level, streak, achievements and challenges, from the log.
    fn standing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.play().standing())
    }

    /// The day's challenge, if one was offered.
    fn challenge<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let challenge = self.call(py, |core| core.play().challenge())?;
        flat_to_python(py, "Challenge", &challenge)
    }

    /// The day's challenge, chosen by the first call of the day; None where there is nothing to do.
    fn offer_challenge<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let challenge = self.call(py, |core| core.play().offer_challenge())?;
        flat_to_python(py, "Challenge", &challenge)
    }

    /// Fills a missed day by hand, so that it does not break the streak.
    fn repair_streak<'py>(&self, py: Python<'py>, missed: Date) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.play().repair_streak(missed))
    }

    /// Works everything that play shows out anew from the log.
    fn rebuild<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.play().rebuild())
    }

    /// What the coach says when the program starts; None if it is silent.
    fn greeting(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.call(py, |core| core.play().greeting())
    }
}

#[pymethods]
impl Tester {
    /// The present instant on the tester's calendar, by the settings and the clock.
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.profile().now())
    }

    /// The user.
    fn get<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.profile().get())
    }

    /// Changes what is given; an empty `email` removes it.
    #[pyo3(signature = (*, username=None, email=None, coach_personality=None, theme=None))]
    fn update<'py>(
        &self,
        py: Python<'py>,
        username: Option<String>,
        email: Option<String>,
        coach_personality: Option<&str>,
        theme: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let core = |error: atlas_core::Error| errors::to_python(py, &error);
        let coach = coach_personality.map(str::parse).transpose();
        let change = ProfileChange {
            username,
            email,
            coach_personality: coach.map_err(core)?,
            theme: theme.map(str::parse).transpose().map_err(core)?,
        };
        self.ask(py, |core| core.profile().update(&change))
    }

    /// What the user has set.
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.profile().settings())
    }

    /// Sets it: a `UserSettings`, or a dictionary.
    fn set_settings(&self, py: Python<'_>, settings: Bound<'_, PyAny>) -> PyResult<()> {
        let settings: UserSettings = from_python(&settings, "settings")?;
        self.call(py, |core| -> Result<()> {
            core.profile().set_settings(&settings)
        })
    }
}

/// The id of a session, or the number itself.
pub(super) fn id_of(session: &Bound<'_, PyAny>) -> PyResult<i64> {
    match session.extract::<i64>() {
        Ok(id) => Ok(id),
        Err(_) => session.getattr("id")?.extract(),
    }
}

fn order_of(py: Python<'_>, order: &str) -> PyResult<WorkOrder> {
    WorkOrder::parse(order).map_err(|error| errors::to_python(py, &error))
}

fn outcome_of(py: Python<'_>, outcome: &str) -> PyResult<Outcome> {
    Outcome::from_name(outcome)
        .ok_or_else(|| errors::invalid(py, "outcome", outcome, "passed, failed or blocked"))
}

/// A prediction, or scenarios of one.
fn session_plan(plan: &Bound<'_, PyAny>) -> PyResult<SessionPlan> {
    let stored = |id: Option<i64>| {
        let expected = "the prediction of a stored ticket: one of a text is not stored";
        id.ok_or_else(|| errors::invalid(plan.py(), "plan", "None", expected))
    };
    if plan.hasattr("scenarios")? {
        return Ok(SessionPlan::Prediction(stored(
            plan.getattr("id")?.extract()?,
        )?));
    }
    let rows = plan.try_iter()?.map(|scenario| {
        let scenario = scenario?;
        match scenario.extract::<i64>() {
            Ok(id) => Ok(id),
            Err(_) => stored(scenario.getattr("prediction_id")?.extract()?),
        }
    });
    Ok(SessionPlan::Scenarios(rows.collect::<PyResult<_>>()?))
}
