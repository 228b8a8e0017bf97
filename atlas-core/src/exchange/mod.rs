//! Files in and out: what every importer shares, pattern libraries, the formats of
//! test-management tools, test histories, training data, whole databases.

pub(crate) mod budget;
pub mod cases;
pub(crate) mod columns;
pub mod database;
pub mod dates;
pub(crate) mod distinct;
pub(crate) mod document;
mod encoding;
pub(crate) mod excel;
pub(crate) mod header;
pub mod history;
pub(crate) mod identity;
pub(crate) mod input;
pub(crate) mod json;
pub(crate) mod kind;
pub mod numbers;
pub(crate) mod outcomes;
pub mod patterns;
pub(crate) mod report;
pub(crate) mod table;
pub mod training;

use std::ops::ControlFlow;

use crate::domain::{FileReport, Skipped};

pub use input::Watch;

/// One record of a file, as readers hand it to their callback.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<T> {
    /// The line where it starts, from 1.
    pub line: u64,
    /// Bytes of the file (as it lies on the disk) read so far.
    pub offset: u64,
    /// The file's length in bytes; with `offset` it makes a progress bar.
    pub file_length: u64,
    /// Bytes of text read so far, undone from compression.
    pub text_offset: u64,
    /// What was read, or why it could not be.
    pub value: Result<T, String>,
}

impl<T> Record<T> {
    /// The value, or the line and reason for a report.
    ///
    /// # Errors
    /// The record as skipped.
    pub fn into_result(self) -> Result<T, Skipped> {
        let line = self.line;
        self.value.map_err(|reason| Skipped { line, reason })
    }
}

/// What a reader's callback looks like; `Break` ends the reading.
pub type Each<'a, T> = &'a mut dyn FnMut(Record<T>) -> ControlFlow<()>;

/// How the reading of a file went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadSummary {
    /// Records that were read well.
    pub read: u64,
    /// Records that could not be read; the callback got each with its reason.
    pub skipped: u64,
    /// Bytes of the file that were read.
    pub bytes_read: u64,
    /// Why reading ended before the file's end, if it did: a damaged or truncated file.
    pub truncated: Option<String>,
    /// Whether the callback ended the reading.
    pub stopped: bool,
    /// What of the file was used, assumed and left unread.
    pub file: FileReport,
}
