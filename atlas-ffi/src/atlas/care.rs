//! Backups, restoring, and the whole database as a file.

use std::collections::HashMap;
use std::sync::Arc;

use super::Atlas;
use crate::callbacks::{Cancellation, ProgressListener, Watch};
use crate::error::Result;
use crate::records::{FolderBackup, ReadOnly, Repair, Restored};

#[uniffi::export]
impl Atlas {
    /// Copies the database to a new file while it is in use.
    pub fn backup(&self, path: String) -> Result<()> {
        self.call(|core| core.backup(&path))
    }

    /// Copies it to a new file in a folder, and removes the oldest of its earlier backups there until
    /// `keep` are left.
    #[uniffi::method(default(keep = 7))]
    pub fn backup_to_folder(&self, folder: String, keep: usize) -> Result<FolderBackup> {
        self.call(|core| core.backup_to_folder(&folder, keep))
    }

    /// Writes every row as JSON lines, compressed where the name ends in `.gz`; how many rows of which
    /// table.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn export_all(
        &self,
        path: String,
        progress: Option<Arc<dyn ProgressListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<HashMap<String, u64>> {
        let core = self.core()?;
        let rows = Watch::new(cancellation).run(progress, |tell| core.export_all_to(&path, tell));
        Ok(rows?.into_iter().collect())
    }

    /// Imports that into a new database; all of it, or nothing. How many rows of which table.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_all(
        &self,
        path: String,
        progress: Option<Arc<dyn ProgressListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<HashMap<String, u64>> {
        let core = self.core()?;
        let rows = Watch::new(cancellation).run(progress, |tell| core.import_all(&path, tell));
        Ok(rows?.into_iter().collect())
    }

    /// Why the database is only read, and what is left out because of it; none where it can be
    /// written. One that lies where it cannot be written is opened so by itself.
    pub fn read_only(&self) -> Result<Option<ReadOnly>> {
        self.call(|core| core.read_only())
    }

    /// Looks for damage; every line is a fault and says what mends it, no line means sound.
    pub fn check(&self) -> Result<Vec<String>> {
        self.call(|core| core.check())
    }

    /// Derives again what `check` finds and what can be derived. The database as it was is kept
    /// beside it.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn repair(
        &self,
        progress: Option<Arc<dyn ProgressListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<Repair> {
        let core = self.core()?;
        Watch::new(cancellation).run(progress, |tell| core.repair(tell))
    }
}

/// Puts a copy of a backup in a database's place, once the copy is found sound. The file that it
/// replaces is kept beside it. No program may have the database open.
#[uniffi::export]
pub fn restore_backup(backup: String, database: String) -> Result<Restored> {
    Ok(atlas_core::Atlas::restore(&backup, &database)?)
}
