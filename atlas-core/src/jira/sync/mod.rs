//! Keeping in step with a live Jira: what is asked for, in what order, and what is kept of it.
//!
//! 1. Issues come in the order of their last change. What has been read is always the past up to
//!    an instant, the watermark, which moves with each page in the page's transaction; so a sync
//!    that was stopped anywhere goes on where it was.
//! 2. The next sync asks for `updated >= ` the watermark less an overlap, in milliseconds, because
//!    Jira reads dates in the account's zone; with no upper bound, because a busy issue would
//!    always be above it. The overlap is for an index that shows an issue late; reading an issue
//!    twice changes nothing.
//! 3. What is deleted, moved out of sight or missed is found by a census of all ids.

mod options;
mod plan;
mod report;
mod schedule;
mod state;
mod walk;

pub use options::{Census, SyncOptions};
pub(crate) use plan::Plan;
pub use report::{
    SkippedIssue, SyncFailure, SyncOutcome, SyncProgress, SyncReport, SyncStage, SyncStatus,
};
pub use schedule::Schedule;
pub(crate) use state::SyncState;
pub(crate) use walk::{Fetched, census, read_all, walk};
