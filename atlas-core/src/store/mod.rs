//! The embedded SQLite store: opening, migrations, backup, and one repository per table family.
//!
//! A [`Store`] is one database file. Everything happens inside two closures:
//! [`read`](Store::read) sees one consistent snapshot, [`write`](Store::write) is one transaction.
//!
//! ```
//! use atlas_core::domain::{Ticket, TicketKey};
//! use atlas_core::domain::TicketFields;
//! use atlas_core::store::{Change, Store};
//!
//! let store = Store::open_in_memory()?;
//! let key = TicketKey::parse("WRKA-1")?;
//! let ticket = Ticket::new(key.clone(), "Form loses the date");
//! let (id, change) = store.write(|db| db.tickets().upsert(&ticket, TicketFields::ALL))?;
//! assert_eq!(change, Change::New);
//! let stored = store.read(|db| db.tickets().by_key(&key))?.expect("just stored");
//! assert_eq!((stored.id, stored.value.summary.as_str()), (id, "Form loses the date"));
//! # Ok::<(), atlas_core::Error>(())
//! ```

mod achievements;
mod adoption;
mod backup;
mod backup_folder;
mod challenges;
mod columns;
mod documents;
mod events;
mod exchange;
mod feedback;
mod in_force;
mod memory;
mod models;
mod not_similar;
mod notes;
mod observations;
mod open;
mod pattern_numbers;
mod patterns;
mod predictions;
mod profiles;
mod proposals;
mod repositories;
mod restore;
mod rows;
mod sessions;
mod settings;
mod statuses;
mod ticket_upsert;
mod tickets;
mod timings;
mod training;
mod undecided;
mod work;
mod workload;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::Result;

pub use achievements::Achievements;
pub use adoption::ForeignSession;
pub use backup_folder::FolderBackup;
pub use challenges::Challenges;
pub use documents::{DocumentFn, Documents, Field, Owner, Pending};
pub use events::Events;
pub use exchange::{Exchange, StoredResult, StoredRun};
pub use feedback::{Feedbacks, NewFeedback, Removed};
pub use memory::{Memory, MemoryRow};
pub use models::{ModelRow, ModelState, Models};
pub use not_similar::NotSimilar;
pub use notes::Notes;
pub use observations::Observations;
pub use patterns::{PatternHeader, Patterns};
pub use predictions::{PredictionRow, Predictions};
pub use profiles::{DEFAULT_USERNAME, Profiles};
pub use proposals::Proposals;
pub use repositories::{Change, Repositories, Stored};
pub use restore::{Restored, restore};
pub use rows::{JsonRow, Rows};
pub use sessions::Sessions;
pub use settings::{Revision, Revisions, Settings};
pub use statuses::Statuses;
pub use tickets::{TicketHeader, TicketIdentity, Tickets};
pub use timings::{PatternTiming, StepCount, Timing, Timings};
pub use training::NamedObservation;
pub use undecided::Undecided;
pub use work::Work;
pub use workload::{Predicted, Workload};

/// Readers that are kept open between reads; more are opened when more threads read at once.
const IDLE_READERS: usize = 4;

/// One database: one writer at a time and any number of readers, from any thread.
///
/// A closure must not call the store that it was given by: the inner call would wait for the
/// outer one.
#[derive(Debug)]
pub struct Store {
    path: Option<PathBuf>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Never writes, so that its `data_version` moves with every commit. Absent in memory.
    watcher: Option<Mutex<Connection>>,
}

impl Store {
    /// Opens a database file, making or upgrading it first.
    ///
    /// A database made with the specification's own DDL is upgraded in place: its rows stay and
    /// unknown tables are left alone. `:memory:` opens a database in memory.
    ///
    /// # Errors
    /// `NOT_A_DATABASE`, `NEWER_DATABASE`, `READ_ONLY_DATABASE`, `CORRUPT_DATABASE`,
    /// `DATABASE_BUSY` after 5 seconds, `FILE_FAILED` when the folder does not exist, and
    /// `INVALID_VALUE` when the file belongs to another program. The file is left as it is then.
    pub fn open(path: &Path) -> Result<Store> {
        if path.as_os_str() == ":memory:" {
            return Store::open_in_memory();
        }
        let writer = open::writer(path)?;
        Ok(Store {
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            watcher: Some(Mutex::new(open::reader(path)?)),
            path: Some(path.to_owned()),
        })
    }

    /// Opens a database that lives as long as this value.
    ///
    /// # Errors
    /// `DATABASE_FAILED` when memory is short.
    pub fn open_in_memory() -> Result<Store> {
        Ok(Store {
            path: None,
            writer: Mutex::new(open::in_memory()?),
            readers: Mutex::default(),
            watcher: None,
        })
    }

    /// The file; `None` in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Runs `f` on one consistent snapshot. Nothing that it writes is kept.
    ///
    /// # Errors
    /// What `f` returns, and storage errors.
    pub fn read<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        self.with_reader(|connection| {
            let transaction = connection.unchecked_transaction()?;
            f(&Repositories::new(&transaction))
        })
    }

    /// Runs `f` in one transaction: committed when it returns `Ok`, undone when it returns `Err`
    /// or panics. When this returns `Ok`, a killed process loses nothing of it.
    ///
    /// # Errors
    /// What `f` returns, `DATABASE_BUSY` when another process writes for more than 5 seconds, and
    /// storage errors.
    pub fn write<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        let mut connection = lock(&self.writer);
        let run = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let repositories = Repositories::new(&transaction);
            let value = f(&repositories)?;
            repositories.observations().count_again()?;
            transaction.commit()?;
            Ok(value)
        };
        run(&mut connection).map_err(|error| open::name_file(error, self.path()))
    }

    /// Runs `f` as [`write`](Self::write) would, and undoes it: what `f` says would happen.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn rehearse<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        let mut connection = lock(&self.writer);
        let run = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            f(&Repositories::new(&transaction))
        };
        run(&mut connection).map_err(|error| open::name_file(error, self.path()))
    }

    /// A number that changes whenever this or another process has committed. Cheap: about a
    /// microsecond. It compares only with earlier numbers of the same `Store`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn change_stamp(&self) -> Result<u64> {
        match &self.watcher {
            None => Ok(lock(&self.writer).total_changes()),
            Some(watcher) => {
                let version: i64 =
                    lock(watcher).pragma_query_value(None, "data_version", |row| row.get(0))?;
                Ok(version.unsigned_abs())
            }
        }
    }

    /// Copies the database, as it is now, to another file, while others go on working.
    ///
    /// The copy appears whole or not at all. An earlier ATLAS database at `path` is replaced.
    ///
    /// # Errors
    /// `INVALID_VALUE` when `path` holds anything else or is a database in use,
    /// `READ_ONLY_DATABASE` and `FILE_FAILED` when it cannot be written.
    pub fn backup_to(&self, path: &Path) -> Result<()> {
        self.with_reader(|connection| backup::backup(connection, self.path(), path))
    }

    /// Copies the database to a new file in a folder, which is made where there is none, and
    /// removes the oldest of this database's earlier backups there until `keep` are left.
    ///
    /// The file's name is the database's, `.backup-`, and `now` in UTC:
    /// `work.backup-20240501T093000Z.db`. Files with other names, and files that are no ATLAS
    /// database, are left alone. Give each database a folder of its own, or a name of its own.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a `keep` of 0; as [`backup_to`](Self::backup_to). Nothing is removed
    /// then.
    pub fn backup_to_folder(
        &self,
        folder: &Path,
        keep: usize,
        now: Timestamp,
    ) -> Result<FolderBackup> {
        backup_folder::backup(self, folder, keep, now)
    }

    /// Looks for damage: what SQLite's integrity check and its foreign key check say.
    /// Empty when the database is sound.
    ///
    /// # Errors
    /// Storage errors; damage that keeps the check from running is `CORRUPT_DATABASE`.
    pub fn check(&self) -> Result<Vec<String>> {
        self.with_reader(backup::check)
    }

    fn with_reader<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let Some(path) = &self.path else {
            return f(&lock(&self.writer));
        };
        let idle = lock(&self.readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open::reader(path)?,
        };
        let result = f(&connection);
        let mut idle = lock(&self.readers);
        if idle.len() < IDLE_READERS {
            idle.push(connection);
        }
        result
    }
}

/// A panic inside a closure rolled its transaction back, so what the lock guards is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Store>();
    }
}
