//! The OpenAPI document, which is made from the code, and a page to read it on.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use serde_json::{Value, json};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa::{OpenApi, ToSchema};

use crate::answer::Meta;
use crate::app::App;
use crate::docs;
use crate::failure::{ErrorEnvelope, Problem};
use crate::long::Progressed;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ATLAS",
        description = "Give it a ticket, it says what to test. Every answer is in an envelope, `data` and `meta`; \
            every failure in another, `error` and `meta`, with a stable `code`. Lists come in parts: send the \
            `next_cursor` of one as `cursor` for the next. Requests with a body are JSON."
    ),
    components(schemas(ErrorEnvelope, Problem, Meta, Progressed)),
    tags(
        (name = "server"), (name = "predict", description = "What a ticket is about, and what to test for it."),
        (name = "feedback", description = "What the tester says of scenarios."),
        (name = "tickets", description = "Stored tickets."),
        (name = "patterns", description = "The pattern library."),
        (name = "sessions", description = "Testing sessions."),
        (name = "personal", description = "The tester's work and days."),
        (name = "play", description = "Achievements, challenge, coach and streak."),
        (name = "profile", description = "The user, and what they may set."),
        (name = "memory", description = "Values that are remembered for other programs."),
        (name = "sync", description = "Keeping in step with a live Jira."),
        (name = "learning", description = "How good predictions are, and learning."),
        (name = "files", description = "Files in and out."),
    )
)]
struct About;

/// What the document says of the whole.
pub fn about() -> Document {
    About::openapi()
}

/// The document, and the page.
pub fn routes(mut document: Document) -> Router<App> {
    say_what_failures_are(&mut document);
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    tidy("", &mut document);
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.remove("String");
    }
    let files = [
        (
            "/api/openapi.json",
            "application/json",
            document.to_string(),
        ),
        (
            "/api/docs",
            "text/html; charset=utf-8",
            docs::page(&document),
        ),
        (
            "/api/docs.css",
            "text/css; charset=utf-8",
            docs::STYLE.to_owned(),
        ),
    ];
    files
        .into_iter()
        .fold(Router::new(), |router, (path, kind, content)| {
            let content: Arc<str> = content.into();
            let file = move || async move { ([(header::CONTENT_TYPE, kind)], content.to_string()) };
            router.route(path, get(file))
        })
}

/// Every operation may fail, in the same form.
fn say_what_failures_are(document: &mut Document) {
    let content = Content::new(Some(RefOr::<utoipa::openapi::Schema>::Ref(
        Ref::from_schema_name(ErrorEnvelope::name()),
    )));
    let failure = ResponseBuilder::new()
        .description("What is wrong.")
        .content("application/json", content)
        .build();
    for path in document.paths.paths.values_mut() {
        let operations = [
            &mut path.get,
            &mut path.post,
            &mut path.put,
            &mut path.delete,
        ];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            responses.insert("default".to_owned(), RefOr::T(failure.clone()));
            for response in responses.values_mut() {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    response.description = "Done.".to_owned();
                }
            }
        }
    }
}

/// What the derive does not see: that times are times (it names them a text), and that examples in
/// Rust are not for readers of the API. `name` is that of the property which holds the value.
fn tidy(name: &str, value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map
                .get("$ref")
                .is_some_and(|to| to == "#/components/schemas/String")
            {
                map.remove("$ref");
                let format = match name.ends_with("day") || name.ends_with("_date") {
                    true => "date",
                    false => "date-time",
                };
                map.insert("type".to_owned(), json!("string"));
                map.insert("format".to_owned(), json!(format));
            }
            if let Some(Value::String(text)) = map.get_mut("description")
                && let Some(code) = text.find("```")
            {
                text.truncate(code);
                text.truncate(text.trim_end().len());
            }
            for (key, value) in map {
                // What is in a property's own schema is still that property.
                let schema = matches!(key.as_str(), "oneOf" | "anyOf" | "items" | "schema");
                tidy(if schema { name } else { key }, value);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| tidy(name, value)),
        _ => {}
    }
}
