//! Calls that take long: with events on the way where the client asks for them, and stopped when
//! the client goes away.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::time::Duration;

use atlas_core::Atlas;
use atlas_core::domain::{Progress, Stage};
use atlas_core::http::Control;
use atlas_core::jira::{SyncProgress, SyncStage};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::{oneshot, watch};
use utoipa::ToSchema;

use crate::answer::{Answer, Envelope};
use crate::app::App;
use crate::failure::{ErrorEnvelope, Failure};

/// Events of progress are this far apart.
const APART: Duration = Duration::from_millis(100);

/// An event on the way of a long call.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the stream as the OpenAPI document describes it")]
pub struct StreamEvent {
    /// What it is.
    event: StreamEventName,
    /// JSON: of `progress` a `Progressed`, of `done` the envelope of the answer, of `error` that of
    /// failures.
    data: String,
}

/// What an event is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "the stream as the OpenAPI document describes it")]
pub enum StreamEventName {
    /// How far the call is.
    Progress,
    /// It has finished; the last event.
    Done,
    /// It has failed; the last event.
    Error,
}

/// How far a long call is: the data of a `progress` event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Progressed {
    /// `importing`, `encoding`, `replaying`, `learning`, `reading`, `comparing`.
    pub stage: &'static str,
    /// What is done, in the stage's unit: bytes, texts, tickets or issues.
    pub done: u64,
    /// All there is, where that is known.
    pub total: Option<u64>,
    /// Of a sync: texts that were turned into vectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoded: Option<u64>,
    /// Of a sync: until when Jira asks it to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_until: Option<Timestamp>,
}

impl From<Progress> for Progressed {
    fn from(progress: Progress) -> Self {
        let stage = match progress.stage {
            Stage::Importing => "importing",
            Stage::Encoding => "encoding",
            Stage::Replaying => "replaying",
            Stage::Learning => "learning",
            Stage::Comparing => "comparing",
            Stage::Exporting => "exporting",
            _ => "reading",
        };
        Progressed {
            stage,
            done: progress.done,
            total: progress.total,
            encoded: None,
            waiting_until: None,
        }
    }
}

impl From<SyncProgress> for Progressed {
    fn from(progress: SyncProgress) -> Self {
        let stage = match progress.stage {
            SyncStage::Comparing => "comparing",
            SyncStage::Encoding => "encoding",
            _ => "reading",
        };
        Progressed {
            stage,
            done: progress.done,
            total: progress.total,
            encoded: Some(progress.encoded),
            waiting_until: progress.waiting.map(|waiting| waiting.until),
        }
    }
}

/// Takes progress from a long call; `Break` when nobody waits for it any more.
pub struct Reporter {
    progress: watch::Sender<Option<Progressed>>,
    control: Control,
}

impl Reporter {
    pub fn report(&mut self, progress: impl Into<Progressed>) -> ControlFlow<()> {
        self.progress.send_replace(Some(progress.into()));
        match self.control.is_cancelled() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// What stops the call, for clients of Jira.
    pub fn control(&self) -> &Control {
        &self.control
    }
}

/// Whether the client wants events on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    Events,
    Json,
}

impl<S: Send + Sync> FromRequestParts<S> for Wants {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts.headers.get(header::ACCEPT);
        let accepted = accepted
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Ok(match accepted.contains("text/event-stream") {
            true => Wants::Events,
            false => Wants::Json,
        })
    }
}

/// Stops the call when it is dropped: then nobody waits for its answer.
struct WhileWanted(Control);

impl Drop for WhileWanted {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Runs a long call and answers as the client wants it.
pub async fn answer<T: Serialize + Send + 'static>(
    app: App,
    wants: Wants,
    call: impl FnOnce(&Atlas, &mut Reporter) -> Result<T, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    let place = app.place_for_long_call()?;
    let control = Control::default();
    let (progress, mut seen) = watch::channel(None);
    let (done, mut result) = oneshot::channel();
    let mut reporter = Reporter {
        progress,
        control: control.clone(),
    };
    let asked = app.clone();
    tokio::spawn(async move {
        let called = crate::app::run(move || call(asked.atlas(), &mut reporter)).await;
        // Nobody may be left to take it.
        let _ = done.send(called);
        drop(place);
    });
    let wanted = WhileWanted(control);
    let lost = |_| Err(Failure::inside("CALL_FAILED", &"the call was lost"));
    if wants == Wants::Json {
        let stopping = app.clone();
        let called = tokio::select! {
            called = &mut result => called.unwrap_or_else(lost),
            () = stopping.stopped() => {
                wanted.0.cancel();
                result.await.unwrap_or_else(lost)
            }
        };
        return called.map(|value| Answer(value).into_response());
    }
    let events = async_stream::stream! {
        let wanted = wanted;
        let mut watching = true;
        let called = loop {
            tokio::select! {
                called = &mut result => break called.unwrap_or_else(lost),
                changed = seen.changed(), if watching => {
                    watching = changed.is_ok();
                    let progress = seen.borrow_and_update().clone();
                    if let Some(progress) = progress {
                        yield event("progress", &progress);
                        tokio::time::sleep(APART).await;
                    }
                }
                () = app.stopped(), if !wanted.0.is_cancelled() => wanted.0.cancel(),
            }
        };
        yield match called {
            Ok(value) => event("done", &Envelope::of(value)),
            Err(failure) => event("error", &ErrorEnvelope::of(failure.problem)),
        };
    };
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response())
}

fn event(name: &str, value: &impl Serialize) -> Result<Event, axum::Error> {
    Event::default().event(name).json_data(value)
}
