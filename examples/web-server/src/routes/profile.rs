//! The user, and what they may set.

use atlas_core::domain::{Profile, ProfileChange, UserSettings};
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope};
use crate::app::App;
use crate::input::Body;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(profile, change_profile))
        .routes(routes!(settings, set_settings))
}

/// The user
#[utoipa::path(get, path = "/api/atlas/user/profile", tag = "profile",
    responses((status = 200, body = Envelope<Profile>)))]
async fn profile(State(app): State<App>) -> Answered<Profile> {
    Ok(Answer(app.ask(|atlas| Ok(atlas.profile().get()?)).await?))
}

/// Change the user
///
/// What is absent stays.
#[utoipa::path(put, path = "/api/atlas/user/profile", tag = "profile", request_body = ProfileChange,
    responses((status = 200, body = Envelope<Profile>)))]
async fn change_profile(
    State(app): State<App>,
    Body(change): Body<ProfileChange>,
) -> Answered<Profile> {
    let profile = app.ask(move |atlas| Ok(atlas.profile().update(&change)?));
    Ok(Answer(profile.await?))
}

/// Settings
#[utoipa::path(get, path = "/api/atlas/settings", tag = "profile",
    responses((status = 200, body = Envelope<UserSettings>)))]
async fn settings(State(app): State<App>) -> Answered<UserSettings> {
    Ok(Answer(
        app.ask(|atlas| Ok(atlas.profile().settings()?)).await?,
    ))
}

/// Set the settings
///
/// All of them: what is absent is set to its default. Weights take effect at the next start.
#[utoipa::path(put, path = "/api/atlas/settings", tag = "profile", request_body = UserSettings,
    responses((status = 200, body = Envelope<UserSettings>)))]
async fn set_settings(
    State(app): State<App>,
    Body(settings): Body<UserSettings>,
) -> Answered<UserSettings> {
    let stored = app.ask(move |atlas| {
        atlas.profile().set_settings(&settings)?;
        Ok(atlas.profile().settings()?)
    });
    Ok(Answer(stored.await?))
}
