//! The area [`LiveJira`]: keeping in step with a live Jira.

mod scheduler;
mod sync;

use std::sync::Arc;

use crate::atlas::core::Core;

pub use sync::SyncProgressFn;

/// Keeping in step with a live Jira on a schedule.
#[derive(Clone)]
pub struct LiveJira {
    pub(crate) core: Arc<Core>,
}
