//! Achievements, the day's challenge, the coach and the streak.

use atlas_core::domain::{Achievement, Challenge, Standing};
use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope, Page};
use crate::app::App;
use crate::input::Body;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(achievements))
        .routes(routes!(challenge, offer))
        .routes(routes!(coach))
        .routes(routes!(repair))
}

/// Achievements
///
/// Every one, earned or not, with how far it is.
#[utoipa::path(get, path = "/api/atlas/achievements", tag = "play",
    responses((status = 200, body = Envelope<Page<Achievement>>)))]
async fn achievements(State(app): State<App>) -> Answered<Page<Achievement>> {
    let standing = app.ask(|atlas| Ok(atlas.play().standing()?)).await?;
    Ok(Answer(Page::whole(standing.achievements)))
}

/// Today's challenge
///
/// Null where none was offered.
#[utoipa::path(get, path = "/api/atlas/challenge", tag = "play",
    responses((status = 200, body = Envelope<Option<Challenge>>)))]
async fn challenge(State(app): State<App>) -> Answered<Option<Challenge>> {
    Ok(Answer(
        app.ask(|atlas| Ok(atlas.play().challenge()?)).await?,
    ))
}

/// Offer a challenge
///
/// Today's, chosen by the first call of the day; null where the present work allows none.
#[utoipa::path(post, path = "/api/atlas/challenge", tag = "play",
    responses((status = 200, body = Envelope<Option<Challenge>>)))]
async fn offer(State(app): State<App>) -> Answered<Option<Challenge>> {
    Ok(Answer(
        app.ask(|atlas| Ok(atlas.play().offer_challenge()?)).await?,
    ))
}

/// The coach.
#[derive(Debug, Serialize, ToSchema)]
struct Coach {
    /// What the coach says today; null if it is silent, or once a session was completed today.
    line: Option<String>,
}

/// What the coach says today
#[utoipa::path(get, path = "/api/atlas/coach", tag = "play", responses((status = 200, body = Envelope<Coach>)))]
async fn coach(State(app): State<App>) -> Answered<Coach> {
    let line = app.ask(|atlas| Ok(atlas.play().greeting()?)).await?;
    Ok(Answer(Coach { line }))
}

/// Which day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RepairBody {
    /// The day that was missed.
    day: Date,
}

/// Fill a missed day
///
/// So that it does not break the streak.
#[utoipa::path(post, path = "/api/atlas/streak/repair", tag = "play", request_body = RepairBody,
    responses((status = 200, body = Envelope<Standing>)))]
async fn repair(State(app): State<App>, Body(body): Body<RepairBody>) -> Answered<Standing> {
    let standing = app.ask(move |atlas| Ok(atlas.play().repair_streak(body.day)?));
    Ok(Answer(standing.await?))
}
