//! Keeping in step with a live Jira: reading, storing and encoding at the same time.

mod census;
mod encode;
mod run;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Atlas;
use crate::jira::{JiraClient, SyncFailure, SyncOptions, SyncOutcome, SyncProgress, SyncReport};
use crate::{Error, Result};
use run::Sync;

/// The setting that holds the last sync's outcome.
const LAST: &str = "jira_last_sync";

/// A callback that a sync reports to; `Break` stops it, and what was stored is kept.
pub type SyncProgressFn<'a> = &'a mut dyn FnMut(SyncProgress) -> ControlFlow<()>;

/// Lets one sync run at a time.
#[derive(Debug, Default)]
pub(super) struct OneSync(AtomicBool);

struct Running<'a>(&'a OneSync);

impl OneSync {
    fn begin(&self) -> Result<Running<'_>> {
        match self.0.swap(true, Ordering::AcqRel) {
            true => Err(Error::SyncRunning),
            false => Ok(Running(self)),
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Release);
    }
}

impl Atlas {
    /// Brings what was changed in Jira since the last sync, the first time everything, and encodes
    /// it meanwhile. See [`crate::jira::sync`].
    ///
    /// Tickets are found by words as soon as their page is stored. A sync that is stopped, fails or
    /// is killed loses nothing that was stored, and the next one goes on from there. Tickets that
    /// Jira no longer has are marked gone: they are not similar to anything any more, and what was
    /// learned from them stays.
    ///
    /// # Errors
    /// `JIRA_…`, `INVALID_VALUE`, `SYNC_RUNNING`, storage errors; `CANCELLED` when `progress` or
    /// the client's control says so.
    pub fn sync(
        &self,
        client: &JiraClient,
        options: &SyncOptions,
        progress: SyncProgressFn<'_>,
    ) -> Result<SyncReport> {
        self.store.writable()?;
        let _running = self.one_sync.begin()?;
        let started = (self.clock)();
        let result = Sync::run(self, client, options, progress);
        let outcome = SyncOutcome {
            started,
            finished: (self.clock)(),
            report: result.as_ref().ok().cloned(),
            failure: result.as_ref().err().map(SyncFailure::from),
        };
        let text = to_json(&outcome)?;
        let noted = self
            .store
            .write(|stored| stored.settings().set(LAST, Some(&text)));
        let report = result?;
        noted?;
        Ok(report)
    }

    /// The last sync of this database, by whatever process.
    ///
    /// # Errors
    /// Storage errors.
    pub fn last_sync(&self) -> Result<Option<SyncOutcome>> {
        let text = self.store.read(|stored| stored.settings().get(LAST))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::invalid("sync", error, "a state that JSON can hold"))
}
