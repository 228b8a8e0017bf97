//! Whether the server is well.

use atlas_core::{Counts, Error};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope};
use crate::app::App;
use crate::failure::Failure;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health))
}

/// How the server is, and what its database holds.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
    /// The version of ATLAS.
    version: &'static str,
    /// What is stored.
    counts: Counts,
}

/// Whether the server is well
///
/// It answers only if the database does.
#[utoipa::path(get, path = "/health", tag = "server", responses((status = 200, body = Envelope<Health>)))]
async fn health(State(app): State<App>) -> Answered<Health> {
    let counts = app
        .ask(|atlas| {
            atlas
                .database()
                .counts()
                .map_err(|error: Error| Failure::from(error))
        })
        .await?;
    Ok(Answer(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        counts,
    }))
}
