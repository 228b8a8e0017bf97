//! Keeping in step with a live Jira: reading, storing and encoding at the same time.
//!
//! `run` is one sync, `census` the comparison of ids, `encode` the encoder behind it.
//! `atlas/jira/scheduler.rs` syncs again and again in a thread that `Atlas` owns, stops and waits for.
//!
//! 1. `JiraClient` asks who the credentials belong to, because Jira answers bad ones with what
//!    anybody may see. It asks again at the end of every search, and before a census.
//! 2. One thread reads pages in the order of the last change, at most eight ahead of the thread
//!    that stores. A third encodes what is stored. So network, disk and encoder work at the same
//!    time.
//! 3. A page is stored in one transaction: its tickets by Jira's id, and the watermark, which is
//!    the newest change that was stored. A moved ticket keeps its row, and its old key still finds
//!    it. A process that is killed goes on from there. A change in the future never moves the
//!    watermark past now.
//! 4. Once a day, and with `full`, a census compares all ids. A ticket that is missing here is read
//!    by its id. A ticket that was synced, belongs to a project of this sync and is missing there
//!    is asked for by its id; if Jira does not have it either, it is marked gone.
//! 5. A ticket that is gone is in no list of similar tickets, duplicates or work. Its row, its
//!    observations and its feedback stay, and it comes back with its id.
//!
//! The setting of each site and query keeps the watermark, the projects that were seen and the time
//! of the census. `jira_last_sync` is the last outcome.

mod census;
mod encode;
mod run;

use std::ops::ControlFlow;

use crate::atlas::Atlas;
use crate::atlas::core::Core;
use crate::atlas::jira::LiveJira;
use crate::jira::{JiraClient, SyncFailure, SyncOptions, SyncOutcome, SyncProgress, SyncReport};
use crate::{Error, Result};
use run::Sync;

/// The setting that holds the last sync's outcome.
const LAST: &str = "jira_last_sync";

/// A callback that a sync reports to; `Break` stops it, and what was stored is kept.
pub type SyncProgressFn<'a> = &'a mut dyn FnMut(SyncProgress) -> ControlFlow<()>;

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
        self.core.sync(client, options, progress)
    }
}

impl LiveJira {
    /// The last sync of this database, by whatever process.
    ///
    /// # Errors
    /// Storage errors.
    pub fn last_sync(&self) -> Result<Option<SyncOutcome>> {
        self.core.last_sync()
    }
}

impl Core {
    pub(crate) fn sync(
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

    pub(crate) fn last_sync(&self) -> Result<Option<SyncOutcome>> {
        let text = self.store.read(|stored| stored.settings().get(LAST))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::invalid("sync", error, "a state that JSON can hold"))
}
