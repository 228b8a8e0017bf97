//! The object `Atlas`: an open database. `build/areas.rs` writes its areas and their methods from the
//! core's source; here is what a language needs of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use atlas_core::Atlas as Core;
use atlas_core::domain::SampleFiles;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::builder::AtlasBuilder;
use crate::callbacks::{Cancellation, ProgressListener, SyncListener, Watch};
use crate::error::{AtlasError, Result};
use crate::records::*;
use crate::remote::Jira;
use crate::sync::SyncOptions;

include!(concat!(env!("OUT_DIR"), "/areas.rs"));

/// An open ATLAS database with its plugins: import, analyse, predict, learn.
///
/// It can be used from several threads. Closing it ends its background threads and closes the file
/// once the calls under way have returned; closing twice is harmless. Its areas are closed with it.
#[derive(uniffi::Object)]
pub struct Atlas {
    core: RwLock<Option<Arc<Core>>>,
}

#[uniffi::export]
impl Atlas {
    /// Opens a database file, which is made where it is not there.
    #[uniffi::constructor]
    pub fn open(path: String) -> Result<Arc<Self>> {
        AtlasBuilder::new().open(path)
    }

    /// A database that lives as long as the object.
    #[uniffi::constructor]
    pub fn open_in_memory() -> Result<Arc<Self>> {
        AtlasBuilder::new().open_in_memory()
    }

    /// Ends background threads and closes the file, once calls under way have returned. Whatever is
    /// called afterwards throws `CLOSED`.
    pub fn close(&self) {
        let core = self
            .core
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(core);
    }

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
}

impl Atlas {
    /// Around the core's object.
    pub fn of(core: Core) -> Arc<Self> {
        Arc::new(Atlas {
            core: RwLock::new(Some(Arc::new(core))),
        })
    }

    /// The core's object, held for one call: the last one closes the file.
    fn core(&self) -> Result<Arc<Core>> {
        let core = self.core.read().unwrap_or_else(PoisonError::into_inner);
        core.clone().ok_or_else(|| AtlasError::closed("database"))
    }

    /// A call of the core.
    fn call<T>(&self, work: impl FnOnce(&Core) -> atlas_core::Result<T>) -> Result<T> {
        let core = self.core()?;
        Ok(work(&core)?)
    }
}

/// The version of ATLAS.
#[uniffi::export]
pub fn atlas_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

#[uniffi::export]
impl LiveJira {
    /// Syncs in the background until the database is closed; returns at once.
    #[uniffi::method(default(options = None))]
    pub fn schedule(
        &self,
        jira: Arc<Jira>,
        schedule: Schedule,
        options: Option<SyncOptions>,
    ) -> Result<()> {
        let options = SyncOptions::core(options);
        self.atlas()?
            .call(|core| core.jira().schedule(&jira.client, &options, &schedule))
    }
}

#[uniffi::export]
impl Database {
    /// Loads a sample from its three files. It is marked, so that `remove_sample` takes it out whole.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn load_sample(
        &self,
        tickets: String,
        patterns: String,
        history: String,
        progress: Option<Arc<dyn ProgressListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<SampleReport> {
        let core = self.atlas()?.core()?;
        let files = SampleFiles {
            tickets: tickets.as_ref(),
            patterns: patterns.as_ref(),
            history: history.as_ref(),
        };
        Watch::new(cancellation).run(progress, |tell| core.database().load_sample(&files, tell))
    }
}

/// Puts a copy of a backup in a database's place, once the copy is found sound. The file that it
/// replaces is kept beside it. No program may have the database open.
#[uniffi::export]
pub fn restore_backup(backup: String, database: String) -> Result<Restored> {
    Ok(atlas_core::Database::restore(&backup, &database)?)
}

/// The picture of a backtest, an SVG.
#[cfg(feature = "charts")]
#[uniffi::export]
pub fn backtest_svg(report: BacktestReport) -> Result<String> {
    Ok(report.to_svg()?)
}
