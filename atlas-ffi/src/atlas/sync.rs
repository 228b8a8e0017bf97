//! Keeping in step with a live Jira.

use std::sync::Arc;
use std::time::Duration;

use atlas_core::jira::SyncOptions as CoreOptions;
use jiff::Timestamp;

use super::Atlas;
use crate::callbacks::{Cancellation, SyncListener, Watch};
use crate::error::Result;
use crate::records::{Census, MyWork, Schedule, SyncOutcome, SyncReport, SyncStatus, WorkFilter};
use crate::remote::Jira;

/// What is synced, and how.
#[derive(uniffi::Record)]
pub struct SyncOptions {
    /// Only these projects, by key; all by default.
    #[uniffi(default = [])]
    pub projects: Vec<String>,
    /// Only what this query finds.
    #[uniffi(default = None)]
    pub jql: Option<String>,
    /// Only what was changed at this instant or later.
    #[uniffi(default = None)]
    pub since: Option<Timestamp>,
    /// Everything is read again.
    #[uniffi(default = false)]
    pub full: bool,
    /// A sync begins so long before the newest change that was seen; ten minutes by default.
    #[uniffi(default = None)]
    pub overlap: Option<Duration>,
    /// How often all ids are compared, to find what was deleted; daily by default.
    #[uniffi(default = None)]
    pub census: Option<Census>,
}

impl SyncOptions {
    fn core(options: Option<Self>) -> CoreOptions {
        let usual = CoreOptions::default();
        match options {
            None => usual,
            Some(options) => CoreOptions {
                projects: options.projects,
                jql: options.jql,
                since: options.since,
                full: options.full,
                overlap: options.overlap.unwrap_or(usual.overlap),
                census: options.census.unwrap_or(usual.census),
            },
        }
    }
}

#[uniffi::export]
impl Atlas {
    /// Brings what was changed in Jira since the last sync, the first time everything. A sync that is
    /// stopped loses nothing that was stored.
    #[uniffi::method(default(options = None, progress = None, cancellation = None))]
    pub fn sync(
        &self,
        jira: Arc<Jira>,
        options: Option<SyncOptions>,
        progress: Option<Arc<dyn SyncListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<SyncReport> {
        let (core, options) = (self.core()?, SyncOptions::core(options));
        let client = jira.stopped_by(cancellation.as_deref());
        Watch::new(cancellation).run_sync(progress, |tell| core.sync(&client, &options, tell))
    }

    /// Syncs in the background until the database is closed; returns at once.
    #[uniffi::method(default(options = None))]
    pub fn schedule_sync(
        &self,
        jira: Arc<Jira>,
        schedule: Schedule,
        options: Option<SyncOptions>,
    ) -> Result<()> {
        let options = SyncOptions::core(options);
        self.call(|core| core.schedule_sync(&jira.client, &options, &schedule))
    }

    /// Ends the schedule; a sync under way is stopped and waited for.
    pub fn stop_scheduled_sync(&self) -> Result<()> {
        self.core()?.stop_scheduled_sync();
        Ok(())
    }

    /// Whether a sync is under way, when the next one is due, and what the last one did.
    pub fn sync_status(&self) -> Result<SyncStatus> {
        self.call(|core| core.sync_status())
    }

    /// The last sync of this database, by whatever process.
    pub fn last_sync(&self) -> Result<Option<SyncOutcome>> {
        self.call(|core| core.last_sync())
    }

    /// `my_work` as it is in Jira now; where Jira cannot be asked, the answer is the stored one and
    /// `live_failed` says why.
    #[uniffi::method(default(filter = None, limit = 50, offset = 0))]
    pub fn my_work_live(
        &self,
        jira: Arc<Jira>,
        filter: Option<WorkFilter>,
        limit: usize,
        offset: usize,
    ) -> Result<MyWork> {
        let (filter, client) = (filter.unwrap_or_default(), &jira.client);
        self.call(|core| core.my_work_live(client, &filter, limit, offset))
    }
}
