//! Testing sessions.

use atlas_core::domain::{
    Outcome, Session, SessionEnd, SessionPlan, SessionResult, SessionStatus, SessionSummary,
};
use atlas_core::error::SessionError;
use atlas_core::{Atlas, Error};
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Created, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Body, Named, Part};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(step))
        .routes(routes!(note))
        .routes(routes!(alive))
        .routes(routes!(end))
        .routes(routes!(cancel))
        .routes(routes!(current))
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(result))
}

/// A ticket, by its row id or by its key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
enum TicketRef {
    /// The row id.
    Row(i64),
    /// The key.
    Key(String),
}

/// What is to be tested.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartBody {
    /// The ticket's key.
    #[schema(example = "WRKA-1234")]
    ticket_key: Option<String>,
    /// The ticket by its row id instead, as the specification has it; a key will do.
    jira_ticket_id: Option<TicketRef>,
    /// A stored prediction whose scenarios are the plan.
    prediction_id: Option<i64>,
    /// Some scenarios as the plan instead, by their own `prediction_id`, in this order.
    scenarios: Option<Vec<i64>>,
}

/// A session that has begun.
#[derive(Debug, Serialize, ToSchema)]
struct Started {
    /// The session's row id.
    session_id: i64,
    /// When it began.
    started_at: Timestamp,
    /// `active`.
    status: SessionStatus,
    /// All of it.
    session: Session,
    /// What the coach says to it.
    greeting: Option<String>,
}

/// Start a session
///
/// There is one at a time.
#[utoipa::path(post, path = "/api/atlas/session/start", tag = "sessions", request_body = StartBody,
    responses((status = 201, body = Envelope<Started>)))]
async fn start(
    State(app): State<App>,
    Body(body): Body<StartBody>,
) -> Result<Created<Started>, Failure> {
    let plan = match (body.prediction_id, body.scenarios) {
        (None, None) => SessionPlan::Free,
        (Some(id), None) => SessionPlan::Prediction(id),
        (None, Some(ids)) => SessionPlan::Scenarios(ids),
        (Some(id), Some(_)) => {
            return Err(Failure::invalid(
                "prediction_id",
                id,
                "a prediction_id or scenarios, not both",
            ));
        }
    };
    let started = app.ask(move |atlas| {
        let key = match (body.ticket_key, body.jira_ticket_id) {
            (Some(key), _) | (None, Some(TicketRef::Key(key))) => key,
            (None, Some(TicketRef::Row(id))) => atlas.tickets().of_row(id)?.key.to_string(),
            (None, None) => {
                return Err(Failure::invalid(
                    "ticket_key",
                    "",
                    "a ticket's key, such as WRKA-1234",
                ));
            }
        };
        let session = atlas.sessions().start(&key, &plan)?;
        Ok(Started {
            session_id: session.id,
            started_at: session.started_at,
            status: session.status,
            greeting: atlas.sessions().greeting(session.id)?,
            session,
        })
    });
    Ok(Created(started.await?))
}

/// Which session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SessionBody {
    /// The session; the open one where nothing is said.
    session_id: Option<i64>,
}

/// Begin a break
#[utoipa::path(post, path = "/api/atlas/session/pause", tag = "sessions", request_body = SessionBody,
    responses((status = 200, body = Envelope<Session>)))]
async fn pause(State(app): State<App>, Body(body): Body<SessionBody>) -> Answered<Session> {
    in_session(&app, body.session_id, |atlas, id| {
        atlas.sessions().pause(id)
    })
    .await
}

/// End a break
///
/// In a session that was left open, the time since it was last heard of becomes one.
#[utoipa::path(post, path = "/api/atlas/session/resume", tag = "sessions", request_body = SessionBody,
    responses((status = 200, body = Envelope<Session>)))]
async fn resume(State(app): State<App>, Body(body): Body<SessionBody>) -> Answered<Session> {
    in_session(&app, body.session_id, |atlas, id| {
        atlas.sessions().resume(id)
    })
    .await
}

/// Which step of which session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepBody {
    /// The session; the open one where nothing is said.
    session_id: Option<i64>,
    /// The step's number, from 1 through all scenarios of the plan.
    #[schema(minimum = 1)]
    step: u32,
    /// Whether it is done; true where nothing is said.
    done: Option<bool>,
}

/// Tick a step off, or take that back
#[utoipa::path(post, path = "/api/atlas/session/step", tag = "sessions", request_body = StepBody,
    responses((status = 200, body = Envelope<Session>)))]
async fn step(State(app): State<App>, Body(body): Body<StepBody>) -> Answered<Session> {
    in_session(&app, body.session_id, move |atlas, id| match body.done {
        Some(false) => atlas.sessions().step_undone(id, body.step),
        _ => atlas.sessions().step_done(id, body.step),
    })
    .await
}

/// What is to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    /// The session; the open one where nothing is said.
    session_id: Option<i64>,
    /// The text.
    text: String,
}

/// Write something down in a session
#[utoipa::path(post, path = "/api/atlas/session/note", tag = "sessions", request_body = NoteBody,
    responses((status = 200, body = Envelope<Session>)))]
async fn note(State(app): State<App>, Body(body): Body<NoteBody>) -> Answered<Session> {
    in_session(&app, body.session_id, move |atlas, id| {
        atlas.sessions().note(id, &body.text)
    })
    .await
}

/// A sign of life
///
/// To be given now and then while a session is on the screen, so that one that is left open can be
/// closed at the last one.
#[utoipa::path(post, path = "/api/atlas/session/alive", tag = "sessions", request_body = SessionBody,
    responses((status = 200, body = Envelope<Session>)))]
async fn alive(State(app): State<App>, Body(body): Body<SessionBody>) -> Answered<Session> {
    in_session(&app, body.session_id, |atlas, id| {
        atlas.sessions().alive(id)
    })
    .await
}

/// How a session ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndBody {
    /// The session; the open one where nothing is said.
    session_id: Option<i64>,
    /// What came of it.
    outcome: Outcome,
    /// How many steps were done, from the first on: those that are not ticked off yet are now.
    #[schema(maximum = 1_000)]
    steps_completed: Option<u32>,
    /// Whether it ended when it was last heard of; for one that was left open.
    #[serde(default)]
    left_open: bool,
}

/// End a session
///
/// With what it earned, and what the coach says.
#[utoipa::path(post, path = "/api/atlas/session/end", tag = "sessions", request_body = EndBody,
    responses((status = 200, body = Envelope<SessionResult>)))]
async fn end(State(app): State<App>, Body(body): Body<EndBody>) -> Answered<SessionResult> {
    let how = SessionEnd {
        steps_completed: body.steps_completed,
        left_open: body.left_open,
    };
    in_session(&app, body.session_id, move |atlas, id| {
        atlas.sessions().end_with(id, body.outcome, &how)
    })
    .await
}

/// Give a session up
///
/// It counts for nothing and stays in the log.
#[utoipa::path(post, path = "/api/atlas/session/cancel", tag = "sessions", request_body = SessionBody,
    responses((status = 200, body = Envelope<Session>)))]
async fn cancel(State(app): State<App>, Body(body): Body<SessionBody>) -> Answered<Session> {
    in_session(&app, body.session_id, |atlas, id| {
        atlas.sessions().cancel(id)
    })
    .await
}

/// The open session.
#[derive(Debug, Serialize, ToSchema)]
struct Current {
    /// The session.
    #[serde(flatten)]
    session: Session,
    /// Whether it was not heard of for ten minutes and is in no break: go on with `resume`, or end
    /// it with `left_open`.
    left_open: bool,
}

/// The open session
///
/// Null where none is open.
#[utoipa::path(get, path = "/api/atlas/session/current", tag = "sessions",
    responses((status = 200, body = Envelope<Option<Current>>)))]
async fn current(State(app): State<App>) -> Answered<Option<Current>> {
    let open = app.ask(|atlas| {
        let left_open = atlas.sessions().left_open()?.is_some();
        let session = atlas.sessions().open()?;
        Ok(session.map(|session| Current { session, left_open }))
    });
    Ok(Answer(open.await?))
}

/// Sessions
///
/// Newest first.
#[utoipa::path(get, path = "/api/atlas/sessions", tag = "sessions", params(Part),
    responses((status = 200, body = Envelope<Page<SessionSummary>>)))]
async fn list(State(app): State<App>, Asked(part): Asked<Part>) -> Answered<Page<SessionSummary>> {
    let (limit, after) = (part.limit()?, part.after::<u32>()? as usize);
    let found = app.ask(move |atlas| {
        // One more than can be shown would be more than the library lists at once.
        let mut found = atlas.sessions().list(limit, after)?;
        found.extend(atlas.sessions().list(1, after + limit)?);
        Ok(found)
    });
    Ok(Answer(Page::cut(found.await?, limit, |_| {
        (after + limit).to_string()
    })))
}

/// A session
#[utoipa::path(get, path = "/api/atlas/sessions/{session_id}", tag = "sessions",
    params(("session_id" = i64, Path)), responses((status = 200, body = Envelope<Session>)))]
async fn one(State(app): State<App>, Named(id): Named<i64>) -> Answered<Session> {
    Ok(Answer(
        app.ask(move |atlas| Ok(atlas.sessions().get(id)?)).await?,
    ))
}

/// What a session earned
///
/// Null where it is open or was given up.
#[utoipa::path(get, path = "/api/atlas/sessions/{session_id}/result", tag = "sessions",
    params(("session_id" = i64, Path)),
    responses((status = 200, body = Envelope<Option<SessionResult>>)))]
async fn result(State(app): State<App>, Named(id): Named<i64>) -> Answered<Option<SessionResult>> {
    let result = app.ask(move |atlas| Ok(atlas.sessions().result(id)?));
    Ok(Answer(result.await?))
}

/// Does something in a session, the open one where none is named.
async fn in_session<T: Send + 'static>(
    app: &App,
    id: Option<i64>,
    what: impl FnOnce(&Atlas, i64) -> Result<T, Error> + Send + 'static,
) -> Answered<T> {
    let done = app.ask(move |atlas| {
        let id = match id {
            Some(id) => id,
            None => {
                atlas
                    .sessions()
                    .open()?
                    .ok_or(Error::from(SessionError::NoneOpen))?
                    .id
            }
        };
        Ok(what(atlas, id)?)
    });
    Ok(Answer(done.await?))
}
