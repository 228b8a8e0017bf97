//! What an answer says when something is wrong: a status, a stable code, words, and no internals.

use std::collections::BTreeMap;
use std::fmt::Display;

use atlas_core::{Error, ErrorKind};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Meta, json};

/// What is wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A stable code in capitals, such as `TICKET_NOT_FOUND`.
    #[schema(example = "TICKET_NOT_FOUND")]
    pub code: String,
    /// The same for people, with what would be right.
    pub message: String,
    /// The values that the message names.
    pub details: BTreeMap<String, String>,
}

/// What every answer looks like that says what is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorEnvelope {
    /// What is wrong.
    pub error: Problem,
    /// When it was said, and by which version.
    pub meta: Meta,
}

impl ErrorEnvelope {
    pub fn of(error: Problem) -> Self {
        let meta = Meta::now();
        ErrorEnvelope { error, meta }
    }
}

/// A status with what is wrong.
#[derive(Debug, Clone)]
pub struct Failure {
    pub status: StatusCode,
    pub problem: Problem,
}

impl Failure {
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let problem = Problem {
            code: code.to_owned(),
            message: message.into(),
            details: BTreeMap::new(),
        };
        Failure { status, problem }
    }

    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        let details = &mut self.problem.details;
        details.insert(name.to_owned(), value.to_string());
        self
    }

    /// A value that is wrong, in the words of the library's own `INVALID_VALUE`.
    pub fn invalid(field: &'static str, value: impl Display, expected: &str) -> Self {
        let value = value.to_string();
        let expected = expected.to_owned();
        Error::InvalidValue {
            field,
            value: value.chars().take(80).collect(),
            expected,
        }
        .into()
    }

    /// A failure of the server's own. What happened is for its output, not for the page.
    pub fn inside(code: &str, reason: &dyn Display) -> Self {
        eprintln!("atlas-web: {code}: {reason}");
        let message = "ATLAS failed at this. What happened stands in the output of atlas-web.";
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, code, message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match (error.kind(), &error) {
            (_, Error::DatabaseBusy) => StatusCode::SERVICE_UNAVAILABLE,
            (ErrorKind::Invalid, _) => StatusCode::BAD_REQUEST,
            (ErrorKind::NotFound, _) => StatusCode::NOT_FOUND,
            (ErrorKind::Conflict | ErrorKind::Cancelled, _) => StatusCode::CONFLICT,
            (ErrorKind::Remote, _) => StatusCode::SERVICE_UNAVAILABLE,
            _ => return Failure::inside(error.code(), &error),
        };
        let details = error.details().into_iter();
        Failure {
            status,
            problem: Problem {
                code: error.code().to_owned(),
                message: error.to_string(),
                details: details
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            },
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        json(self.status, &ErrorEnvelope::of(self.problem))
    }
}
