//! Imports that are done, and taking one back; the sample, in and out.

use atlas_core::domain::{ImportRecord, ImportUndone, SampleReport};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Named, Part};
use crate::long::{self, StreamEvent, Wants};
use crate::sample;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(imports))
        .routes(routes!(undo))
        .routes(routes!(sample_state, load_sample, remove_sample))
}

/// The imports
///
/// Files and syncs, newest first. The newest hundred can be taken back.
#[utoipa::path(get, path = "/api/atlas/imports", tag = "files", params(Part),
    responses((status = 200, body = Envelope<Page<ImportRecord>>)))]
async fn imports(State(app): State<App>, Asked(part): Asked<Part>) -> Answered<Page<ImportRecord>> {
    let (limit, after) = (part.limit()?, part.after::<usize>()?);
    let found = app.ask(move |atlas| {
        let imports = atlas.database().imports()?.into_iter().skip(after);
        Ok(imports.take(limit.saturating_add(1)).collect())
    });
    let next = after.saturating_add(limit).to_string();
    Ok(Answer(Page::cut(found.await?, limit, |_| next)))
}

/// Take an import back
///
/// What had come with it goes, what it had changed is as it was before. What was changed or used
/// since is kept and named.
#[utoipa::path(delete, path = "/api/atlas/imports/{import_id}", tag = "files",
    params(("import_id" = i64, Path, description = "From the import's report, or the list.")),
    responses((status = 200, body = Envelope<ImportUndone>)))]
async fn undo(State(app): State<App>, Named(id): Named<i64>) -> Answered<ImportUndone> {
    Ok(Answer(
        app.ask(move |atlas| Ok(atlas.database().undo_import(id)?))
            .await?,
    ))
}

/// Whether the sample is there.
#[derive(Debug, Serialize, ToSchema)]
struct SampleState {
    /// Whether the sample is loaded and can be taken out.
    loaded: bool,
}

/// Whether the sample is loaded
#[utoipa::path(get, path = "/api/atlas/sample", tag = "files",
    responses((status = 200, body = Envelope<SampleState>)))]
async fn sample_state(State(app): State<App>) -> Answered<SampleState> {
    let loaded = app.ask(|atlas| Ok(atlas.database().has_sample()?)).await?;
    Ok(Answer(SampleState { loaded }))
}

/// Load the sample
///
/// Invented tickets, patterns and history. A second time changes nothing. With
/// `Accept: text/event-stream` the answer is a stream of events.
#[utoipa::path(post, path = "/api/atlas/sample", tag = "files",
    responses((status = 200, content((Envelope<SampleReport> = "application/json"), (StreamEvent = "text/event-stream")))))]
async fn load_sample(State(app): State<App>, wants: Wants) -> Result<Response, Failure> {
    long::answer(app, wants, |atlas, reporter| {
        Ok(sample::load(atlas, &mut |progress| {
            reporter.report(progress)
        })?)
    })
    .await
}

/// Take the sample out
///
/// Whole, a part of it an item; what was changed or used since is kept and named. An empty list
/// where no sample is loaded.
#[utoipa::path(delete, path = "/api/atlas/sample", tag = "files",
    responses((status = 200, body = Envelope<Page<ImportUndone>>)))]
async fn remove_sample(State(app): State<App>) -> Answered<Page<ImportUndone>> {
    let undone = app
        .ask(|atlas| Ok(atlas.database().remove_sample()?))
        .await?;
    Ok(Answer(Page::whole(undone)))
}
