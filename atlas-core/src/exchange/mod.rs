//! Files in and out: what every importer shares, pattern libraries, the formats of
//! test-management tools, test histories, training data, whole databases.
//!
//! # Rules for every reader
//!
//! The modules that all readers share keep these rules, so a new reader keeps them by using the
//! modules.
//!
//! | rule | where it lives |
//! |---|---|
//! | **Absent is not empty.** A field or column that is missing keeps what is stored; `null` and an empty cell clear it. A blank cell of a continuation row means "see above". | `domain::TicketFields`, `TestCase::holds`, `TestFile::holds` |
//! | **A file is decided as a whole.** Encoding, separator, header, order of day and month and decimal mark are settled before the first record is stored. The report lists what was assumed; `ReadOptions` settles it. | `encoding`, `input`, `table`, `dates`, `numbers` |
//! | **Identity has a scope.** A test case is known by tool, project or suite, and id; a title alone joins nothing. The same id with another title and other steps is a conflict: nothing is replaced. | `identity`, `atlas/exchange/{plan, known}` |
//! | **Everything is accounted for.** Each record and each column is counted once; values that could not be read are counted by column, with line and example. | `report::Account`, `domain::FileReport` |
//! | **Steps stay as they were written.** Only a list's own numbers go, and a place for results wins over marks in a step. | `cases::steps`, `text::html::plain_cell` |
//! | **A result says what happened.** Only what ran and passed is a pass. A test is its class and its name; no pass replaces another test's failure. | `outcomes`, the table `atlas_test_results` |
//! | **Memory has a budget.** Elements, values and tags are counted before they are made: a multiple of the file's bytes on the disk, up to 768 MB; beyond it comes an error. Lists stay linear. | `budget`, `distinct` |
//! | **A wrong reader says so.** A file of another kind is refused by what it is, with the command that reads it; a second header ends a table. | `kind`, `document`, `cases::table::looks`, `table::check`, `jira::not_tickets` |
//! | **No noise is stored.** A file is read in an encoding that it declares or that a detector is sure of; otherwise it is refused with the encoding that was guessed. | `encoding` |
//! | **The encoder says what it does not know.** A text below `weights::LEAST_KNOWN` has no vector; words alone answer, and `degraded` says so. | `text::wordpiece`, `search` |
//!
//! Data files name the columns: `columns.toml` (tickets, JSON fields, values that mean "nothing"),
//! `case_columns.toml` (test cases), `history.toml`, `headings.toml`, `dates.toml`,
//! `durations.toml`, `statuses.toml`. A reader that reads twice opens the file twice
//! (`Input::again`). It calls its `Watch` at least every 256 kB, so progress shows at once and a
//! stop takes effect at once.

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
mod history_words;
pub(crate) mod identity;
pub(crate) mod input;
pub(crate) mod json;
pub(crate) mod kind;
pub mod numbers;
pub(crate) mod outcomes;
pub(crate) mod pattern_fields;
pub mod patterns;
pub(crate) mod report;
pub(crate) mod table;
pub mod training;
mod xml_kind;

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
