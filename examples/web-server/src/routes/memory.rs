//! What ATLAS remembers for other programs: values by type and key.

use atlas_core::domain::{MemoryEntry, MemoryFilter, MemoryHit};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Body, Named, Part};

/// Entries found by meaning where nobody says how many.
const HITS: usize = 10;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(search))
        .routes(routes!(one, put, forget))
}

/// Which entries are listed; what is absent asks for nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MemoryQuery {
    /// Of this type.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    memory_type: Option<String>,
    /// Whose key begins with this.
    key_prefix: Option<String>,
    /// How many at most, 1 to 1,000; 50 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
    /// The `next_cursor` of the part before.
    cursor: Option<String>,
}

/// What is remembered
#[utoipa::path(get, path = "/api/atlas/memory", tag = "memory", params(MemoryQuery),
    responses((status = 200, body = Envelope<Page<MemoryEntry>>)))]
async fn list(
    State(app): State<App>,
    Asked(asked): Asked<MemoryQuery>,
) -> Answered<Page<MemoryEntry>> {
    let part = Part {
        limit: asked.limit,
        cursor: asked.cursor,
    };
    let (limit, after) = (part.limit()?, part.after::<u32>()? as usize);
    let filter = MemoryFilter {
        memory_type: asked.memory_type,
        key_prefix: asked.key_prefix,
    };
    let found = app.ask(move |atlas| {
        let entries = atlas.memory().list(&filter)?.into_iter();
        Ok(entries.skip(after).take(limit.saturating_add(1)).collect())
    });
    Ok(Answer(Page::cut(found.await?, limit, |_| {
        (after + limit).to_string()
    })))
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MemorySearch {
    /// The text.
    q: String,
    /// Of this type only.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    memory_type: Option<String>,
    /// How many at most, 1 to 1,000; 10 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    k: Option<usize>,
}

/// Find what is remembered by meaning
#[utoipa::path(get, path = "/api/atlas/memory-search", tag = "memory", params(MemorySearch),
    responses((status = 200, body = Envelope<Page<MemoryHit>>)))]
async fn search(
    State(app): State<App>,
    Asked(asked): Asked<MemorySearch>,
) -> Answered<Page<MemoryHit>> {
    let filter = MemoryFilter {
        memory_type: asked.memory_type,
        key_prefix: None,
    };
    let k = asked.k.unwrap_or(HITS);
    let hits = app.ask(move |atlas| Ok(atlas.memory().search(&asked.q, &filter, k)?));
    Ok(Answer(Page::whole(hits.await?)))
}

/// What is remembered under a type and a key
#[utoipa::path(get, path = "/api/atlas/memory/{type}/{key}", tag = "memory",
    params(("type" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = Envelope<MemoryEntry>)))]
async fn one(
    State(app): State<App>,
    Named((kind, key)): Named<(String, String)>,
) -> Answered<MemoryEntry> {
    let found = app.ask(move |atlas| {
        atlas
            .memory()
            .get(&kind, &key)?
            .ok_or_else(|| absent(&kind, &key))
    });
    Ok(Answer(found.await?))
}

/// What is to be remembered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemoryBody {
    /// JSON or text, at most 1 MiB.
    value: String,
    /// From when on it is forgotten; never, if absent.
    expires_at: Option<Timestamp>,
}

/// Remember a value
#[utoipa::path(put, path = "/api/atlas/memory/{type}/{key}", tag = "memory", request_body = MemoryBody,
    params(("type" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = Envelope<MemoryEntry>)))]
async fn put(
    State(app): State<App>,
    Named((kind, key)): Named<(String, String)>,
    Body(body): Body<MemoryBody>,
) -> Answered<MemoryEntry> {
    let stored = app.ask(move |atlas| {
        let entry = MemoryEntry {
            expires_at: body.expires_at,
            ..MemoryEntry::text(&kind, &key, body.value)
        };
        atlas.memory().put(&entry)?;
        atlas
            .memory()
            .get(&kind, &key)?
            .ok_or_else(|| absent(&kind, &key))
    });
    Ok(Answer(stored.await?))
}

/// Forget a value
#[utoipa::path(delete, path = "/api/atlas/memory/{type}/{key}", tag = "memory",
    params(("type" = String, Path), ("key" = String, Path)), responses((status = 204)))]
async fn forget(
    State(app): State<App>,
    Named((kind, key)): Named<(String, String)>,
) -> Result<StatusCode, Failure> {
    let forgotten = app.ask(move |atlas| match atlas.memory().delete(&kind, &key)? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(absent(&kind, &key)),
    });
    forgotten.await
}

fn absent(kind: &str, key: &str) -> Failure {
    let message = "nothing is remembered under this type and key";
    Failure::new(StatusCode::NOT_FOUND, "MEMORY_NOT_FOUND", message)
        .with("type", kind)
        .with("key", key)
}
