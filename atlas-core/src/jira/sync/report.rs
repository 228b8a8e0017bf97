//! What a sync did, does, and did last.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::http::Waiting;

/// An issue that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SkippedIssue {
    /// Its key, else its id.
    pub issue: String,
    /// Why.
    pub reason: String,
}

/// What a sync did: every issue that was read is counted once for each time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncReport {
    /// Whether it began at the beginning.
    pub full: bool,
    /// For taking the sync back; absent where it brought nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import_id: Option<i64>,
    /// Tickets that were not there before.
    pub new: u64,
    /// Tickets that were there and changed.
    pub updated: u64,
    /// Tickets that were there and are the same.
    pub unchanged: u64,
    /// Tickets that Jira no longer has, or that the account no longer sees.
    pub gone: u64,
    /// Issues that could not be read.
    pub skipped: Vec<SkippedIssue>,
    /// Texts that were turned into vectors.
    pub encoded: u64,
    /// Whether all ids were compared.
    pub census: bool,
}

/// What a sync does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyncStage {
    /// Reading and storing issues, and encoding what is stored.
    Reading,
    /// Comparing ids.
    Comparing,
    /// All is stored; encoding the rest.
    Encoding,
}

/// How far a sync is.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncProgress {
    /// What it does.
    pub stage: SyncStage,
    /// Issues read and stored.
    pub done: u64,
    /// About how many there will be; Cloud only estimates.
    pub total: Option<u64>,
    /// Issues stored in a second, on average.
    pub per_second: f64,
    /// Texts that were turned into vectors.
    pub encoded: u64,
    /// What it waits for, where Jira asks it to.
    pub waiting: Option<Waiting>,
}

/// Why a sync failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncFailure {
    /// The stable code of the error.
    #[serde(deserialize_with = "code")]
    pub code: String,
    /// The error in words.
    pub message: String,
}

/// A code as it is given today, whichever version stored it.
fn code<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let stored = String::deserialize(from)?;
    Ok(crate::error::current_code(&stored).to_owned())
}

impl From<&Error> for SyncFailure {
    fn from(error: &Error) -> Self {
        SyncFailure {
            code: error.code().to_owned(),
            message: error.to_string(),
        }
    }
}

/// The last sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncOutcome {
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// What it did, if it succeeded.
    pub report: Option<SyncReport>,
    /// Why it failed, if it did.
    pub failure: Option<SyncFailure>,
}

/// Whether a sync is under way, when the next is due, and what the last one did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncStatus {
    /// Whether one is under way in this process.
    pub running: bool,
    /// When the scheduled next one is due.
    pub next: Option<Timestamp>,
    /// The last one, of whatever process.
    pub last: Option<SyncOutcome>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_an_earlier_version_stored_is_read_as_the_one_of_today() {
        let stored = r#"{"code": "JIRA_UNAUTHORISED", "message": "no"}"#;
        let failure: SyncFailure = serde_json::from_str(stored).unwrap();
        assert_eq!(failure.code, "JIRA_UNAUTHORIZED");
    }
}
