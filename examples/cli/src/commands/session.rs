//! Testing sessions: the open one is meant where none is named.
//!
//! A plan's steps are numbered through its scenarios; their words come from the stored prediction
//! (`Predictions::scenario`).

use std::ops::RangeInclusive;

use atlas_core::domain::{Outcome, Prediction, Session, SessionPlan, SessionStatus};
use atlas_core::error::SessionError;
use atlas_core::{Atlas, Error, Result, Sessions};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use super::standard_input;
use crate::args::session as args;
use crate::output::Output;
use crate::show;

/// Everything that cannot teach anything; `end` and `close` can.
pub fn run(atlas: &Atlas, command: &args::Session, output: Output) -> Result<()> {
    match command {
        args::Session::Start(args) => start(atlas, args, output),
        args::Session::Step(args) => steps(atlas, &args.steps, output, true),
        args::Session::UndoStep(args) => steps(atlas, &args.steps, output, false),
        args::Session::Pause => changed(atlas, output, Sessions::pause),
        args::Session::Resume => changed(atlas, output, Sessions::resume),
        args::Session::Note(args) => note(atlas, &args.text, output),
        args::Session::End(args) => end(atlas, args.outcome, output, Sessions::end),
        args::Session::Close(args) => end(atlas, args.outcome, output, Sessions::close),
        args::Session::Cancel => changed(atlas, output, Sessions::cancel),
        args::Session::Status => status(atlas, output),
        args::Session::List(args) => list(atlas, args, output),
        args::Session::Show(args) => show_one(atlas, args.id, output),
    }
}

/// A session with the words of its steps and the time that has passed until now.
#[derive(Debug, Serialize)]
pub struct Shown {
    pub session: Session,
    /// The scenarios of the plan with their steps, numbered through.
    pub scenarios: Vec<ShownScenario>,
    /// Seconds of work until now.
    pub work_seconds: i64,
    /// Seconds of breaks until now.
    pub break_seconds: i64,
    /// Whether it was not heard of for long.
    pub left_open: bool,
    #[serde(skip)]
    pub zone: TimeZone,
}

/// A scenario of a plan.
#[derive(Debug, Serialize)]
pub struct ShownScenario {
    #[serde(rename = "scenario_name")]
    pub name: String,
    pub estimated_minutes: Option<u32>,
    pub steps: Vec<ShownStep>,
}

/// A step of a plan.
#[derive(Debug, Serialize)]
pub struct ShownStep {
    pub number: u32,
    /// What is to be done, where the stored prediction says it.
    pub action: Option<String>,
    pub expected: Option<String>,
    pub done: bool,
}

impl Shown {
    pub fn of(atlas: &Atlas, session: Session) -> Result<Self> {
        let now = atlas.profile().now()?.at;
        let left_open = atlas
            .sessions()
            .left_open()?
            .is_some_and(|left| left.id == session.id);
        let since = since(&session, now);
        let (work, pause) = match session.status {
            SessionStatus::Active => (since, 0),
            SessionStatus::Paused => (0, since),
            _ => (0, 0),
        };
        Ok(Shown {
            scenarios: scenarios(atlas, &session)?,
            work_seconds: session.work_seconds + work,
            break_seconds: session.break_seconds + pause,
            left_open,
            zone: atlas.profile().settings()?.zone()?,
            session,
        })
    }
}

/// Seconds since a session was last heard of; none where the clock was set back.
fn since(session: &Session, now: Timestamp) -> i64 {
    now.duration_since(session.last_alive).as_secs().max(0)
}

fn scenarios(atlas: &Atlas, session: &Session) -> Result<Vec<ShownScenario>> {
    let mut next = 1;
    let mut all = Vec::with_capacity(session.plan.len());
    for planned in &session.plan {
        let stored = match planned
            .prediction_id
            .map(|id| atlas.predictions().scenario(id))
        {
            Some(Ok(scenario)) => scenario.steps,
            // It was forgotten meanwhile: its steps have numbers and no words.
            None | Some(Err(Error::PredictionNotFound { .. })) => Vec::new(),
            Some(Err(error)) => return Err(error),
        };
        let mut words = stored.into_iter();
        let step = |number| {
            let words = words.next();
            ShownStep {
                number,
                expected: words.as_ref().and_then(|step| step.expected.clone()),
                action: words.map(|step| step.action),
                done: session.steps_done.binary_search(&number).is_ok(),
            }
        };
        all.push(ShownScenario {
            name: planned.name.clone(),
            estimated_minutes: planned.estimated_minutes,
            steps: (next..next + planned.steps).map(step).collect(),
        });
        next += planned.steps;
    }
    Ok(all)
}

fn start(atlas: &Atlas, args: &args::Start, output: Output) -> Result<()> {
    // Before anything is predicted for a session that may not begin.
    let open = atlas.sessions().open()?.is_some();
    let plan = match (args.prediction, args.predict && !open) {
        (Some(id), _) => SessionPlan::Prediction(id),
        (None, true) => whole(&atlas.predict(&args.key, args.top)?),
        (None, false) => chosen(atlas, args)?,
    };
    let session = atlas.sessions().start(&args.key, &plan)?;
    let coach = atlas.sessions().greeting(session.id)?;
    let ticket = atlas.tickets().get(&args.key)?;
    let shown = Shown::of(atlas, session)?;
    let value = json!({"session": shown.session, "scenarios": shown.scenarios, "coach": coach});
    output.answer(&value, |width| {
        show::session::started(&ticket.summary, &shown, coach.as_deref(), width)
    })
}

fn whole(prediction: &Prediction) -> SessionPlan {
    prediction
        .id
        .map_or(SessionPlan::Free, SessionPlan::Prediction)
}

/// The scenarios of the newest prediction that were named by their numbers there.
fn chosen(atlas: &Atlas, args: &args::Start) -> Result<SessionPlan> {
    if args.scenarios.is_empty() {
        return Ok(SessionPlan::Free);
    }
    let newest = atlas.predictions().latest(&args.key)?;
    let scenarios = newest.map_or_else(Vec::new, |prediction| prediction.scenarios);
    let row = |&number: &usize| {
        let place = number.checked_sub(1);
        let scenario = place.and_then(|place| scenarios.get(place));
        let row = scenario.and_then(|scenario| scenario.prediction_id);
        row.ok_or_else(|| Error::InvalidValue {
            field: "--scenario",
            value: number.to_string(),
            expected: match scenarios.len() {
                0 => format!(
                    "a ticket with a prediction; `atlas predict {}` makes one",
                    args.key
                ),
                many => format!("1 to {many}, as `atlas latest {}` numbers them", args.key),
            },
        })
    };
    let rows: Result<Vec<i64>> = args.scenarios.iter().map(row).collect();
    Ok(SessionPlan::Scenarios(rows?))
}

/// The open session, which there must be.
fn open(atlas: &Atlas) -> Result<Session> {
    let none = || Error::Session(SessionError::NoneOpen);
    atlas.sessions().open()?.ok_or_else(none)
}

fn changed(
    atlas: &Atlas,
    output: Output,
    change: impl FnOnce(&Sessions, i64) -> Result<Session>,
) -> Result<()> {
    let session = change(&atlas.sessions(), open(atlas)?.id)?;
    let shown = Shown::of(atlas, session)?;
    output.answer(&shown.session, |_| show::session::changed(&shown))
}

/// All steps or none: a number that the plan does not have changes nothing.
fn steps(atlas: &Atlas, numbers: &[RangeInclusive<u32>], output: Output, done: bool) -> Result<()> {
    let numbers: Vec<u32> = numbers.iter().cloned().flatten().collect();
    let session = atlas
        .sessions()
        .mark_steps(open(atlas)?.id, &numbers, done)?;
    let shown = Shown::of(atlas, session)?;
    output.answer(&shown.session, |width| {
        show::session::stepped(&shown, &numbers, width)
    })
}

fn note(atlas: &Atlas, text: &str, output: Output) -> Result<()> {
    let text = match text {
        "-" => standard_input()?,
        text => text.to_owned(),
    };
    let session = atlas.sessions().note(open(atlas)?.id, &text)?;
    output.answer(&session, |_| show::session::noted(&session))
}

fn end(
    atlas: &Atlas,
    outcome: Outcome,
    output: Output,
    end: impl FnOnce(&Sessions, i64, Outcome) -> Result<atlas_core::domain::SessionResult>,
) -> Result<()> {
    let result = end(&atlas.sessions(), open(atlas)?.id, outcome)?;
    let standing = atlas.play().standing()?;
    output.answer(&result, |width| {
        show::session_end::text(&result, &standing, width)
    })
}

/// Who asks is there, which is a sign of life; unless the session was left open, where it would
/// make the time in between work.
fn status(atlas: &Atlas, output: Output) -> Result<()> {
    let Some(mut session) = atlas.sessions().open()? else {
        return output.answer(&json!({"session": null}), |_| show::session::none());
    };
    if session.status == SessionStatus::Active && atlas.sessions().left_open()?.is_none() {
        session = atlas.sessions().alive(session.id)?;
    }
    let summary = summary_of(atlas, &session)?;
    let shown = Shown::of(atlas, session)?;
    output.answer(&shown, |width| {
        show::session::status(summary.as_deref(), &shown, width)
    })
}

/// The ticket's title; none where the ticket has moved.
fn summary_of(atlas: &Atlas, session: &Session) -> Result<Option<String>> {
    match atlas.tickets().get(session.ticket_key.as_str()) {
        Ok(ticket) => Ok(Some(ticket.summary)),
        Err(Error::TicketNotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn list(atlas: &Atlas, args: &args::List, output: Output) -> Result<()> {
    let mut sessions = match &args.ticket {
        Some(key) => atlas.sessions().of_ticket(key)?,
        None => atlas.sessions().list(args.limit, 0)?,
    };
    sessions.truncate(args.limit);
    let zone = atlas.profile().settings()?.zone()?;
    output.answer(&json!({"sessions": sessions}), |width| {
        show::session::list(&sessions, &zone, width)
    })
}

fn show_one(atlas: &Atlas, id: i64, output: Output) -> Result<()> {
    let session = atlas.sessions().get(id)?;
    let events = atlas.sessions().events(id)?;
    let summary = summary_of(atlas, &session)?;
    let shown = Shown::of(atlas, session)?;
    let value = json!({
        "session": shown.session, "scenarios": shown.scenarios, "left_open": shown.left_open,
        "events": events
    });
    output.answer(&value, |width| {
        show::session::status(summary.as_deref(), &shown, width)
            + &show::session::timeline(&events, width)
    })
}
