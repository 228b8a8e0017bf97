//! The pattern library.

use atlas_core::domain::{PatternFilter, PatternOrigin, Step, StoredPattern, TestPattern};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Created, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Body, Named, Part};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one, change, retire))
        .routes(routes!(reactivate))
}

/// Which patterns are listed; what is absent asks for nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PatternQuery {
    /// Whose name or key holds this text, whatever its case.
    text: Option<String>,
    /// Of this type, whatever its case.
    pattern_type: Option<String>,
    /// Of this component, whatever its case.
    component: Option<String>,
    /// Of this origin.
    origin: Option<PatternOrigin>,
    /// Active ones, or retired ones.
    active: Option<bool>,
    /// How many at most, 1 to 1,000; 50 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
    /// The `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Patterns
///
/// In the order in which they came.
#[utoipa::path(get, path = "/api/atlas/patterns", tag = "patterns", params(PatternQuery),
    responses((status = 200, body = Envelope<Page<StoredPattern>>)))]
async fn list(
    State(app): State<App>,
    Asked(asked): Asked<PatternQuery>,
) -> Answered<Page<StoredPattern>> {
    let part = Part {
        limit: asked.limit,
        cursor: asked.cursor,
    };
    let (limit, after) = (part.limit()?, part.after::<i64>()?);
    let filter = PatternFilter {
        text: asked.text,
        pattern_type: asked.pattern_type,
        component: asked.component,
        origin: asked.origin,
        active: asked.active,
    };
    let found = app.ask(move |atlas| {
        let mut patterns = atlas.patterns().list(&filter)?;
        patterns.retain(|pattern| pattern.id > after);
        patterns.truncate(limit.saturating_add(1));
        Ok(patterns)
    });
    Ok(Answer(Page::cut(found.await?, limit, |last| {
        last.id.to_string()
    })))
}

/// What the user writes of a pattern; what it learned is not theirs to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatternBody {
    /// The key in the library that it comes from; unique where present.
    key: Option<String>,
    /// The scenario's name.
    name: String,
    /// The scenario's type, such as `Form Submission`.
    pattern_type: String,
    /// The component that it belongs to.
    component: Option<String>,
    /// What the test is for.
    objective: Option<String>,
    /// What must hold before it starts.
    precondition: Option<String>,
    /// The steps, in order.
    #[serde(default)]
    steps: Vec<Step>,
    /// Words that help to find it.
    #[serde(default)]
    labels: Vec<String>,
    /// Average minutes that it takes, if known.
    avg_time_minutes: Option<u32>,
}

impl From<PatternBody> for TestPattern {
    fn from(body: PatternBody) -> Self {
        TestPattern {
            key: body.key,
            component: body.component,
            objective: body.objective,
            precondition: body.precondition,
            steps: body.steps,
            labels: body.labels,
            avg_time_minutes: body.avg_time_minutes,
            ..TestPattern::new(body.name, body.pattern_type)
        }
    }
}

/// Add a pattern
#[utoipa::path(post, path = "/api/atlas/patterns", tag = "patterns", request_body = PatternBody,
    responses((status = 201, body = Envelope<StoredPattern>)))]
async fn add(
    State(app): State<App>,
    Body(body): Body<PatternBody>,
) -> Result<Created<StoredPattern>, Failure> {
    let added = app.ask(move |atlas| Ok(atlas.patterns().add(&body.into())?));
    Ok(Created(added.await?))
}

/// A pattern
#[utoipa::path(get, path = "/api/atlas/patterns/{id}", tag = "patterns",
    params(("id" = i64, Path, description = "The row id.")),
    responses((status = 200, body = Envelope<StoredPattern>)))]
async fn one(State(app): State<App>, Named(id): Named<i64>) -> Answered<StoredPattern> {
    let found = app.ask(move |atlas| Ok(atlas.patterns().get(&id.to_string())?));
    Ok(Answer(found.await?))
}

/// Write a pattern anew
///
/// What it learned stays, and so does its origin.
#[utoipa::path(put, path = "/api/atlas/patterns/{id}", tag = "patterns", request_body = PatternBody,
    params(("id" = i64, Path, description = "The row id.")),
    responses((status = 200, body = Envelope<StoredPattern>)))]
async fn change(
    State(app): State<App>,
    Named(id): Named<i64>,
    Body(body): Body<PatternBody>,
) -> Answered<StoredPattern> {
    let changed = app.ask(move |atlas| {
        let origin = atlas.patterns().get(&id.to_string())?.pattern.origin;
        let pattern = TestPattern {
            origin,
            ..body.into()
        };
        Ok(atlas.patterns().update(id, &pattern)?)
    });
    Ok(Answer(changed.await?))
}

/// Retire a pattern
///
/// It is kept with what it learned, and predicted no more.
#[utoipa::path(delete, path = "/api/atlas/patterns/{id}", tag = "patterns",
    params(("id" = i64, Path, description = "The row id.")), responses((status = 204)))]
async fn retire(State(app): State<App>, Named(id): Named<i64>) -> Result<StatusCode, Failure> {
    app.ask(move |atlas| Ok(atlas.patterns().retire(&id.to_string())?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Predict a retired pattern again
#[utoipa::path(post, path = "/api/atlas/patterns/{id}/reactivate", tag = "patterns",
    params(("id" = i64, Path, description = "The row id.")),
    responses((status = 200, body = Envelope<StoredPattern>)))]
async fn reactivate(State(app): State<App>, Named(id): Named<i64>) -> Answered<StoredPattern> {
    let back = app.ask(move |atlas| Ok(atlas.patterns().reactivate(&id.to_string())?));
    Ok(Answer(back.await?))
}
