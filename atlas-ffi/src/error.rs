//! The core's errors as exceptions: a class per kind, a message for people, code and details for
//! programs.

use std::collections::HashMap;

use atlas_core::{Error, ErrorKind};

/// `Result` with the error that is thrown.
pub type Result<T, E = AtlasError> = std::result::Result<T, E>;

/// What ATLAS throws: one class for each thing that a caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
pub enum AtlasError {
    /// The input is wrong: correct it and call again.
    Invalid {
        /// For people.
        message: String,
        /// Stable, such as `INVALID_VALUE`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// What was named does not exist.
    NotFound {
        /// For people.
        message: String,
        /// Stable, such as `TICKET_NOT_FOUND`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// The state forbids it now, for example because another session is open or the database closed.
    Conflict {
        /// For people.
        message: String,
        /// Stable, such as `SYNC_RUNNING`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// The database cannot be opened, read or written.
    Storage {
        /// For people.
        message: String,
        /// Stable, such as `NOT_A_DATABASE`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// A file cannot be read or written.
    File {
        /// For people.
        message: String,
        /// Stable, such as `FILE_FAILED`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// The model cannot be loaded or does not fit.
    Model {
        /// For people.
        message: String,
        /// Stable, such as `MODEL_FAILED`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// A plugin or a callback failed.
    Plugin {
        /// For people.
        message: String,
        /// Stable, such as `CALLBACK_FAILED`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// A service elsewhere refuses or cannot be reached.
    Remote {
        /// For people.
        message: String,
        /// Stable, such as `JIRA_UNAUTHORIZED`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
    /// The caller asked to stop; what was finished is stored.
    Cancelled {
        /// For people.
        message: String,
        /// Stable: `CANCELLED`.
        code: String,
        /// The values that the message names.
        details: HashMap<String, String>,
    },
}

impl AtlasError {
    /// A value that is wrong, and what would be right.
    pub fn invalid(field: &str, value: impl ToString, expected: impl ToString) -> Self {
        let (value, expected) = (value.to_string(), expected.to_string());
        AtlasError::Invalid {
            message: format!("{field} cannot be \"{value}\": {expected}"),
            code: "INVALID_VALUE".to_owned(),
            details: details([("field", field), ("value", &value), ("expected", &expected)]),
        }
    }

    /// A call after the end.
    pub fn closed(what: &str) -> Self {
        AtlasError::Conflict {
            message: format!("the {what} is closed"),
            code: "CLOSED".to_owned(),
            details: HashMap::new(),
        }
    }

    /// An exception that a callback threw.
    pub fn callback(name: &str, reason: &str) -> Self {
        AtlasError::Plugin {
            message: format!("the callback \"{name}\" failed: {reason}"),
            code: "CALLBACK_FAILED".to_owned(),
            details: details([("name", name), ("reason", reason)]),
        }
    }
}

fn details<const N: usize>(pairs: [(&str, &str); N]) -> HashMap<String, String> {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    pairs.into_iter().map(owned).collect()
}

impl From<Error> for AtlasError {
    fn from(error: Error) -> Self {
        let (message, code) = (error.to_string(), error.code().to_owned());
        let pairs = error.details().into_iter();
        let details = pairs
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        match error.kind() {
            ErrorKind::Invalid => AtlasError::Invalid {
                message,
                code,
                details,
            },
            ErrorKind::NotFound => AtlasError::NotFound {
                message,
                code,
                details,
            },
            ErrorKind::Conflict => AtlasError::Conflict {
                message,
                code,
                details,
            },
            ErrorKind::File => AtlasError::File {
                message,
                code,
                details,
            },
            ErrorKind::Model => AtlasError::Model {
                message,
                code,
                details,
            },
            ErrorKind::Plugin => AtlasError::Plugin {
                message,
                code,
                details,
            },
            ErrorKind::Remote => AtlasError::Remote {
                message,
                code,
                details,
            },
            ErrorKind::Cancelled => AtlasError::Cancelled {
                message,
                code,
                details,
            },
            _ => AtlasError::Storage {
                message,
                code,
                details,
            },
        }
    }
}

impl std::fmt::Display for AtlasError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AtlasError::Invalid { message, .. }
            | AtlasError::NotFound { message, .. }
            | AtlasError::Conflict { message, .. }
            | AtlasError::Storage { message, .. }
            | AtlasError::File { message, .. }
            | AtlasError::Model { message, .. }
            | AtlasError::Plugin { message, .. }
            | AtlasError::Remote { message, .. }
            | AtlasError::Cancelled { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for AtlasError {}

/// What a callback throws. Any other exception means the same.
#[derive(Debug, uniffi::Error)]
pub enum CallbackError {
    /// It failed.
    Failed {
        /// Why, for people.
        reason: String,
    },
}

impl CallbackError {
    /// Why, in one line: an exception that was not expected comes with its whole stack.
    pub fn reason(&self) -> &str {
        let CallbackError::Failed { reason } = self;
        reason.lines().next().unwrap_or_default()
    }
}

impl std::fmt::Display for CallbackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for CallbackError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for CallbackError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        CallbackError::Failed {
            reason: error.reason,
        }
    }
}
