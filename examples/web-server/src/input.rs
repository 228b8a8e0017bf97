//! What a request brings: bodies, query values and parts of the path, refused in the envelope.

use atlas_core::error::plain_words;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::failure::Failure;

/// The most items that a part of a list can have.
const MOST_LISTED: usize = 1_000;
/// How many it has where nobody says.
const USUAL: usize = 50;

/// A JSON body, which is an object.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let wrong = |reason: String| Failure::new(StatusCode::BAD_REQUEST, "INVALID_BODY", reason);
        // A struct would also be read from a list of its values, which is no part of the API.
        let object = match Json::<Map<String, Value>>::from_request(request, state).await {
            Ok(Json(object)) => Value::Object(object),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                let message = "send JSON, with the header content-type: application/json";
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                return Err(Failure::new(status, "NOT_JSON", message));
            }
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                return Err(too_large());
            }
            Err(other) => {
                return Err(wrong(format!(
                    "the body cannot be read as JSON: {}",
                    said(&other.body_text())
                )));
            }
        };
        let value = serde_json::from_value(object);
        value.map(Body).map_err(|error| {
            wrong(format!(
                "the body is not as it should be: {}",
                plain_words(&error.to_string())
            ))
        })
    }
}

/// A refusal without the words of the code: what is before the first colon names the reader, and
/// the name of a value may follow it.
fn said(refusal: &str) -> String {
    let (_, said) = refusal.split_once(": ").unwrap_or(("", refusal));
    match said.split_once(": ") {
        Some((name, reason)) if !name.contains(' ') => format!("{name}: {}", plain_words(reason)),
        _ => plain_words(said),
    }
}

pub fn too_large() -> Failure {
    let message = "the request is larger than atlas-web takes";
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", message)
}

/// Values of the query.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let read = Query::from_request_parts(parts, state).await;
        let refused = |error: QueryRejection| {
            let message = format!("the query cannot be read: {}", said(&error.body_text()));
            Failure::new(StatusCode::BAD_REQUEST, "INVALID_QUERY", message)
        };
        read.map(|Query(value)| Asked(value)).map_err(refused)
    }
}

/// Parts of the path.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let read = Path::from_request_parts(parts, state).await;
        let refused = |error: PathRejection| {
            let message = format!("the address cannot be read: {}", said(&error.body_text()));
            Failure::new(StatusCode::BAD_REQUEST, "INVALID_PATH", message)
        };
        read.map(|Path(value)| Named(value)).map_err(refused)
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// How many items at most, 1 to 1,000; 50 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    pub limit: Option<usize>,
    /// The `next_cursor` of the part before.
    pub cursor: Option<String>,
}

impl Part {
    pub fn limit(&self) -> Result<usize, Failure> {
        limit(self.limit, USUAL)
    }

    /// The number that the cursor stands for, 0 at the beginning.
    pub fn after<N: std::str::FromStr + Default>(&self) -> Result<N, Failure> {
        let Some(cursor) = &self.cursor else {
            return Ok(N::default());
        };
        let expected = "the next_cursor of the part before";
        cursor
            .parse()
            .map_err(|_| Failure::invalid("cursor", cursor, expected))
    }
}

pub fn limit(asked: Option<usize>, usual: usize) -> Result<usize, Failure> {
    let limit = asked.unwrap_or(usual);
    match (1..=MOST_LISTED).contains(&limit) {
        true => Ok(limit),
        false => Err(Failure::invalid("limit", limit, "1 to 1000")),
    }
}

/// Tells a value that is null from one that is absent: `Some(None)` and `None`.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
