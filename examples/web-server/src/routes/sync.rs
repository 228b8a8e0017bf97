//! Keeping in step with a live Jira.

use atlas_core::jira::{SyncOptions, SyncReport, SyncStatus};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope};
use crate::app::App;
use crate::failure::Failure;
use crate::input::Body;
use crate::long::{self, StreamEvent, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(status, sync))
}

/// Whether there is a Jira, and how it stands with it. Never who asks, nor with what.
#[derive(Debug, Serialize, ToSchema)]
struct JiraStatus {
    /// Whether this server was started with a Jira.
    configured: bool,
    /// Where people read its issues.
    site: Option<String>,
    /// Whether a sync is under way, and what the last one did.
    #[serde(flatten)]
    sync: SyncStatus,
}

/// Whether there is a Jira, and what the last sync did
#[utoipa::path(get, path = "/api/atlas/sync", tag = "sync", responses((status = 200, body = Envelope<JiraStatus>)))]
async fn status(State(app): State<App>) -> Answered<JiraStatus> {
    let site = app
        .jira()
        .map(|jira| jira.settings().site.host().to_owned());
    let sync = app.ask(|atlas| Ok(atlas.jira().status()?)).await?;
    Ok(Answer(JiraStatus {
        configured: site.is_some(),
        site,
        sync,
    }))
}

/// What is brought.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct SyncBody {
    /// Only these projects, by key; none for all that the account sees.
    projects: Vec<String>,
    /// Only what this query finds, instead of projects.
    jql: Option<String>,
    /// Whether everything is read again.
    full: bool,
}

/// Bring what was changed in Jira
///
/// With `Accept: text/event-stream` the answer is a stream of events: `progress`, then `done` with
/// this envelope or `error` with that of errors. A client that goes away stops it; what was stored
/// is kept.
#[utoipa::path(post, path = "/api/atlas/sync", tag = "sync", request_body = SyncBody,
    responses((status = 200, content((Envelope<SyncReport> = "application/json"), (StreamEvent = "text/event-stream")))))]
async fn sync(
    State(app): State<App>,
    wants: Wants,
    Body(body): Body<SyncBody>,
) -> Result<Response, Failure> {
    let Some(jira) = app.jira().cloned() else {
        let message = "this server was started without a Jira: set JIRA_INSTANCE_URL, JIRA_USER_EMAIL \
                       and JIRA_API_KEY, or write them into .env, and start it again";
        return Err(Failure::new(
            StatusCode::CONFLICT,
            "JIRA_NOT_CONFIGURED",
            message,
        ));
    };
    let options = SyncOptions {
        projects: body.projects,
        jql: body.jql,
        full: body.full,
        ..SyncOptions::default()
    };
    long::answer(app, wants, move |atlas, reporter| {
        let jira = jira.controlled_by(reporter.control());
        Ok(atlas.sync(&jira, &options, &mut |progress| reporter.report(progress))?)
    })
    .await
}
