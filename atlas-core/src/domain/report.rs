//! What an import did.

use serde::Serialize;

/// A record that could not be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Skipped {
    /// The line of the file where the record starts, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What an import did: every record is counted once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Records that were not there before.
    pub new: u64,
    /// Records that were there and changed.
    pub updated: u64,
    /// Records that were there and are the same.
    pub unchanged: u64,
    /// Records that could not be read.
    pub skipped: Vec<Skipped>,
    /// Why reading ended early, if it did (for example a truncated gzip file).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<String>,
}

impl ImportReport {
    /// Records that were read well.
    pub fn stored(&self) -> u64 {
        self.new + self.updated + self.unchanged
    }
}
