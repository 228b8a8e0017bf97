//! Imports as units: what one brought, and what taking it back did.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ImportReport;

/// What an import brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ImportKind {
    /// A file of tickets.
    Tickets,
    /// A file of test patterns, or test cases of another tool.
    Patterns,
    /// A file of history: which pattern was right for which ticket.
    History,
    /// A file of test results.
    Results,
    /// Training data of another database.
    Training,
    /// A sync with a live Jira.
    Sync,
}

impl ImportKind {
    const ALL: [(ImportKind, &'static str); 6] = [
        (ImportKind::Tickets, "tickets"),
        (ImportKind::Patterns, "patterns"),
        (ImportKind::History, "history"),
        (ImportKind::Results, "results"),
        (ImportKind::Training, "training"),
        (ImportKind::Sync, "sync"),
    ];

    /// Its name, as in JSON: `tickets`.
    pub fn as_str(self) -> &'static str {
        let named = Self::ALL.iter().find(|(kind, _)| *kind == self);
        named.map_or("tickets", |(_, name)| name)
    }

    /// The kind with a name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(_, known)| *known == name);
        known.map(|(kind, _)| *kind)
    }
}

/// What a file holds, and how it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FilePreview {
    /// What it holds, by its content.
    pub kind: ImportKind,
    /// Its first records that can be read, at most three.
    pub records: Vec<PreviewRecord>,
}

/// A record of a file, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PreviewRecord {
    /// The line where it starts, from 1.
    pub line: u64,
    /// The ticket's key, or the test case's id, if there is one.
    pub key: Option<String>,
    /// The ticket's title, the test case's name; of a history, the test case that was used.
    pub title: String,
}

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ImportState {
    /// It came to its end. It can be taken back.
    Complete,
    /// It was stopped half-way, failed or was killed, or it is still under way. What it had stored
    /// by then can be taken back.
    Stopped,
    /// It was taken back.
    Undone,
    /// It is too long ago: what was before is no longer kept, and it cannot be taken back.
    Forgotten,
}

impl ImportState {
    /// Its name, as in JSON: `complete`.
    pub fn as_str(self) -> &'static str {
        match self {
            ImportState::Complete => "complete",
            ImportState::Stopped => "stopped",
            ImportState::Undone => "undone",
            ImportState::Forgotten => "forgotten",
        }
    }

    /// Whether the import can be taken back.
    pub fn can_be_undone(self) -> bool {
        matches!(self, ImportState::Complete | ImportState::Stopped)
    }
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// Tickets.
    pub tickets: u64,
    /// Test patterns.
    pub patterns: u64,
    /// Observations: which pattern was right or wrong for which ticket.
    pub observations: u64,
}

impl ImportCounts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.tickets + self.patterns + self.observations
    }
}

/// An import: a file that was read, or a sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ImportRecord {
    /// For taking it back.
    pub import_id: i64,
    /// What it brought.
    pub kind: ImportKind,
    /// The name of the file without its folder; of a sync, Jira's host.
    pub source: String,
    /// Whether it is a part of the sample, the invented data that ships.
    pub is_sample: bool,
    /// When it began.
    pub began_at: Option<Timestamp>,
    /// When it ended; absent where it was stopped half-way, or is still under way.
    pub ended_at: Option<Timestamp>,
    /// What was not there before.
    pub new: ImportCounts,
    /// What was there and changed. Numbers that a pattern only learned do not count.
    pub updated: ImportCounts,
    /// What became of it.
    pub state: ImportState,
}

/// Something of an import that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KeptRecord {
    /// `ticket`, `pattern` or `observation`.
    pub what: String,
    /// The ticket's key, the pattern's name, or both of an observation.
    pub name: String,
    /// Why it was kept, in words.
    pub reason: String,
}

/// What taking an import back did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ImportUndone {
    /// What was taken back.
    pub record: ImportRecord,
    /// What had come with it and is gone.
    pub removed: ImportCounts,
    /// What it had changed and is as it was before.
    pub put_back: ImportCounts,
    /// What was kept because it was changed or used since: the first 1,000.
    pub kept: Vec<KeptRecord>,
    /// How many were kept.
    pub kept_count: u64,
    /// Predictions without an answer that named what is gone, and went with it.
    pub removed_predictions: u64,
    /// Versions of what was learned that had seen it and are withdrawn.
    pub withdrawn_models: u64,
}

/// The files of a sample.
#[derive(Debug, Clone, Copy)]
pub struct SampleFiles<'f> {
    /// Its tickets.
    pub tickets: &'f std::path::Path,
    /// Its patterns.
    pub patterns: &'f std::path::Path,
    /// Its history.
    pub history: &'f std::path::Path,
}

/// What loading a sample did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SampleReport {
    /// Its tickets.
    pub tickets: ImportReport,
    /// Its patterns.
    pub patterns: ImportReport,
    /// Its history.
    pub history: ImportReport,
}
