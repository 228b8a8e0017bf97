//! The envelope that every answer comes in, and lists that are read page by page.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Failure;

/// When an answer was made, and by which version of ATLAS.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Meta {
    /// When the answer was made.
    pub timestamp: Timestamp,
    /// The version of ATLAS.
    pub version: &'static str,
}

impl Meta {
    pub fn now() -> Self {
        Meta {
            timestamp: Timestamp::now(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// What every successful answer looks like.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope<T> {
    /// The answer.
    pub data: T,
    /// When it was made, and by which version.
    pub meta: Meta,
}

impl<T> Envelope<T> {
    pub fn of(data: T) -> Self {
        let meta = Meta::now();
        Envelope { data, meta }
    }
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in their order.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next part; absent in the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is whole.
    pub fn whole(items: Vec<T>) -> Self {
        Page {
            items,
            next_cursor: None,
        }
    }

    /// The first `limit` of what was found after a cursor; one more tells that there is a next part.
    pub fn cut(mut items: Vec<T>, limit: usize, cursor_after: impl FnOnce(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(cursor_after);
        Page { items, next_cursor }
    }
}

/// A successful answer: 200 with the envelope.
#[derive(Debug)]
pub struct Answer<T>(pub T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &Envelope::of(self.0))
    }
}

/// Something was made: 201 with the envelope.
#[derive(Debug)]
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        json(StatusCode::CREATED, &Envelope::of(self.0))
    }
}

/// What a handler gives.
pub type Answered<T> = Result<Answer<T>, Failure>;

/// JSON with a status. Answers are about now, so nobody keeps them.
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match serde_json::to_vec(value) {
        Ok(body) => (status, headers, body).into_response(),
        Err(error) => Failure::inside("ANSWER_FAILED", &error).into_response(),
    }
}
