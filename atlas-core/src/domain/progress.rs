//! Progress of long calls, and how a caller stops them.

use std::ops::ControlFlow;

/// What a long call is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Reading and storing records; counted in bytes of the file.
    Importing,
    /// Turning texts into vectors; counted in texts.
    Encoding,
    /// Predicting the past again; counted in tickets.
    Replaying,
    /// Learning from the past as it grows; counted in tickets.
    Learning,
    /// Reading the steps that tickets tell; counted in tickets.
    Reading,
    /// Comparing scenarios with each other; counted in scenarios.
    Comparing,
    /// Writing rows to a file; counted in rows.
    Exporting,
}

/// How far a long call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// What is done, in the stage's unit.
    pub done: u64,
    /// All there is, where that is known.
    pub total: Option<u64>,
}

/// A callback that long calls report to; `Break` stops them at the next safe point.
pub type ProgressFn<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// A callback for callers that do not care.
pub fn silent(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
