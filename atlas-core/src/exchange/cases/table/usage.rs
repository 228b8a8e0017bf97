//! What is counted while the rows of a table are read.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::super::names::Column;
use crate::exchange::report::FileAccount;

/// What was counted while rows were read.
#[derive(Default)]
pub(super) struct TableUsage {
    pub account: FileAccount,
    pub cases: usize,
    /// Test cases without an action, and those of them that have text in columns nobody knows.
    pub without_steps: usize,
    pub with_unknown: usize,
    /// Test cases without any step.
    pub stepless: usize,
    pub executions: usize,
    /// Rows that say the header again.
    pub headers: usize,
    /// Rows that say a test case again, word for word; how many, and the first one's line.
    pub same: (usize, u64),
    /// Rows that say the name of the test case above again and start another one; how many, and
    /// the first one's line.
    pub again: (usize, u64),
    /// Test cases with several executions.
    pub repeated: usize,
    /// The columns that steps were taken from.
    pub sources: BTreeSet<Column>,
    /// Whether a step's short name was taken for its action.
    pub step_names: Cell<bool>,
}
