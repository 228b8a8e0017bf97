//! How good predictions are on the user's own past, and learning from it.

use atlas_core::learning::backtest::{BacktestOptions, BacktestReport};
use atlas_core::{ModelVersion, TrainingStatus};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::Asked;
use crate::long::{self, StreamEvent, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(backtest))
        .routes(routes!(training, retrain))
        .routes(routes!(models))
}

/// The most resampled pasts that a page may ask for.
const MOST_RESAMPLES: usize = 10_000;

/// How the past is replayed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BacktestQuery {
    /// Judged tickets at the beginning that are learned from and not scored.
    learn_first: Option<usize>,
    /// Tickets between two trainings, 1 or more.
    #[param(minimum = 1)]
    retrain_every: Option<usize>,
    /// Resampled pasts behind the intervals, at most 10,000.
    #[param(maximum = 10_000)]
    resamples: Option<usize>,
}

/// How good predictions are on your own past
///
/// Replayed in order of time, each ticket predicted before it is learned from. With
/// `Accept: text/event-stream` the answer is a stream of events: `progress`, then `done` with this
/// envelope or `error` with that of errors.
#[utoipa::path(get, path = "/api/atlas/backtest", tag = "learning", params(BacktestQuery),
    responses((status = 200, content((Envelope<BacktestReport> = "application/json"), (StreamEvent = "text/event-stream")))))]
async fn backtest(
    State(app): State<App>,
    wants: Wants,
    Asked(asked): Asked<BacktestQuery>,
) -> Result<Response, Failure> {
    let usual = BacktestOptions::default();
    let options = BacktestOptions {
        learn_first: asked.learn_first.unwrap_or(usual.learn_first),
        retrain_every: asked.retrain_every.unwrap_or(usual.retrain_every),
        resamples: asked.resamples.unwrap_or(usual.resamples),
        ..usual
    };
    if options.resamples > MOST_RESAMPLES {
        return Err(Failure::invalid(
            "resamples",
            options.resamples,
            "at most 10000",
        ));
    }
    long::answer(app, wants, move |atlas, reporter| {
        Ok(atlas.backtest(&options, &mut |progress| reporter.report(progress))?)
    })
    .await
}

/// Whether there is something new to learn from
#[utoipa::path(get, path = "/api/atlas/retrain", tag = "learning",
    responses((status = 200, body = Envelope<TrainingStatus>)))]
async fn training(State(app): State<App>) -> Answered<TrainingStatus> {
    Ok(Answer(
        app.ask(|atlas| Ok(atlas.learning().status()?)).await?,
    ))
}

/// Learn from all observations
///
/// Null where nothing was judged yet. With `Accept: text/event-stream` the answer is a stream of
/// events: `progress`, then `done` with this envelope or `error` with that of errors.
#[utoipa::path(post, path = "/api/atlas/retrain", tag = "learning",
    responses((status = 200,
        content((Envelope<Option<ModelVersion>> = "application/json"), (StreamEvent = "text/event-stream")))))]
async fn retrain(State(app): State<App>, wants: Wants) -> Result<Response, Failure> {
    long::answer(app, wants, move |atlas, reporter| {
        Ok(atlas
            .learning()
            .retrain(&mut |progress| reporter.report(progress))?)
    })
    .await
}

/// Every version of what was learned
///
/// Newest first.
#[utoipa::path(get, path = "/api/atlas/models", tag = "learning",
    responses((status = 200, body = Envelope<Page<ModelVersion>>)))]
async fn models(State(app): State<App>) -> Answered<Page<ModelVersion>> {
    Ok(Answer(Page::whole(
        app.ask(|atlas| Ok(atlas.learning().models()?)).await?,
    )))
}
