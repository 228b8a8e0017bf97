//! The routes of the API, a file per subject, and the OpenAPI document that is made from them.

mod edge_cases;
mod feedback;
mod files;
mod imports;
mod learning;
mod memory;
mod patterns;
mod personal;
mod play;
mod predict;
mod profile;
mod sessions;
mod status;
mod sync;
mod tickets;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// All routes of the API; files may have so many bytes.
pub fn all(largest_upload: usize) -> OpenApiRouter<App> {
    status::routes()
        .merge(predict::routes())
        .merge(feedback::routes())
        .merge(edge_cases::routes())
        .merge(tickets::routes())
        .merge(patterns::routes())
        .merge(sessions::routes())
        .merge(personal::routes())
        .merge(play::routes())
        .merge(profile::routes())
        .merge(memory::routes())
        .merge(sync::routes())
        .merge(learning::routes())
        .merge(imports::routes())
        .merge(files::routes(largest_upload))
}
