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
mod derived;
mod documents;
mod events;
mod exchange;
mod feedback;
mod import_journal;
mod import_rows;
mod imports;
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
mod schema;
mod sessions;
mod settings;
mod take_back;
mod statuses;
mod ticket_upsert;
mod tickets;
mod timings;
mod training;
mod undecided;
mod unreadable;
mod work;
mod workload;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::{Error, Result};
use import_journal::Recorder;

pub use achievements::Achievements;
pub use adoption::ForeignSession;
pub use backup_folder::FolderBackup;
pub use challenges::Challenges;
pub use documents::{
    DocumentFn, Documents, Field, Owner, Pending, StoredDocument, StoredVector, VectorFn,
};
pub use events::Events;
pub use exchange::{Exchange, StoredResult, StoredRun};
pub use feedback::{Feedbacks, NewFeedback, Removed};
pub use imports::{ImportUnit, Imports};
pub use memory::{Memory, MemoryRow};
pub use models::{ModelRow, ModelState, Models};
pub use not_similar::NotSimilar;
pub use notes::Notes;
pub use observations::Observations;
pub use patterns::{PatternHeader, Patterns};
pub use predictions::{PredictionRow, Predictions};
pub use profiles::{DEFAULT_USERNAME, Profiles};
pub use proposals::Proposals;
use repositories::Seen;
pub use repositories::{Change, Repositories, Stored};
pub use restore::{Restored, restore};
pub use rows::{JsonRow, Rows};
pub use sessions::Sessions;
pub use settings::{Revision, Revisions, Settings};
pub use take_back::TakenBack;
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
/// A closure must not call the store that it was given by, nor code of the host's, which may: the
/// inner call would wait for the outer one. [`read_apart`](Self::read_apart) is for such closures.
///
/// It is the process's that opened it. One that is forked from that gets `FORKED`: its copies of
/// locks may be held for good by threads that it does not have, and SQLite's own locks do not
/// survive a fork.
#[derive(Debug)]
pub struct Store {
    /// The process that opened it.
    process: u32,
    path: Option<PathBuf>,
    writer: Mutex<Connection>,
    recorder: Recorder,
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
        let recorder = Recorder::default();
        recorder.attach(&writer)?;
        Ok(Store {
            process: std::process::id(),
            writer: Mutex::new(writer),
            recorder,
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
        Store::of_one(open::in_memory()?)
    }

    /// Opens an empty database in a temporary file, which goes with this value: for what may not
    /// be stored yet, and may be large.
    ///
    /// # Errors
    /// `DATABASE_FAILED` when there is no room for it.
    pub fn temporary() -> Result<Store> {
        Store::of_one(open::temporary()?)
    }

    /// A copy of the database as it is now, in a temporary file, which goes with the copy: for
    /// what is tried and not kept.
    ///
    /// # Errors
    /// `DATABASE_FAILED` when there is no room for it, storage errors.
    pub fn copied(&self) -> Result<Store> {
        Store::of_one(self.with_reader(open::copied)?)
    }

    fn of_one(connection: Connection) -> Result<Store> {
        let recorder = Recorder::default();
        recorder.attach(&connection)?;
        Ok(Store {
            process: std::process::id(),
            path: None,
            writer: Mutex::new(connection),
            recorder,
            readers: Mutex::default(),
            watcher: None,
        })
    }

    /// The file; `None` in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Refuses a process that was forked from the one that opened the database, before it waits
    /// for a lock.
    ///
    /// # Errors
    /// `FORKED`.
    pub fn check_process(&self) -> Result<()> {
        match self.process == std::process::id() {
            true => Ok(()),
            false => Err(Error::Forked {
                opened_by: self.process,
            }),
        }
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

    /// As [`read`](Self::read), for an `f` that calls code of the host's: no other call waits for
    /// it, so `f` may call the store. A database in memory is copied first.
    ///
    /// # Errors
    /// As [`read`](Self::read), [`copied`](Self::copied).
    pub fn read_apart<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        match &self.path {
            Some(_) => self.read(f),
            None => self.copied()?.read(f),
        }
    }

    /// Runs `f` in one transaction: committed when it returns `Ok`, undone when it returns `Err`
    /// or panics. When this returns `Ok`, a killed process loses nothing of it.
    ///
    /// # Errors
    /// What `f` returns, `DATABASE_BUSY` when another process writes for more than 5 seconds, and
    /// storage errors.
    pub fn write<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        self.check_process()?;
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

    /// Runs `f` as [`write`](Self::write) does, and keeps what was before of all that it changes:
    /// [`Imports::take_back`] puts that back.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_import<T>(
        &self,
        import: &ImportUnit,
        f: impl FnOnce(&Repositories<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut connection = lock(&self.writer);
        let _stop = Stop(&self.recorder);
        let run = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            self.recorder.start(&transaction)?;
            let repositories = Repositories::recording(&transaction);
            let value = f(&repositories)?;
            repositories.observations().count_again()?;
            let gained = self.recorder.finish(&repositories, import)?;
            if let Some((id, gained)) = &gained {
                repositories.imports().gain(*id, gained)?;
            }
            transaction.commit()?;
            if let Some((id, _)) = gained {
                import.has_row(id);
            }
            Ok(value)
        };
        run(&mut connection).map_err(|error| open::name_file(error, self.path()))
    }

    /// Runs `f` as [`write`](Self::write) would, and undoes it: what `f` says would happen.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn rehearse<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        self.check_process()?;
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
        self.check_process()?;
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

    /// Looks for damage: what SQLite's integrity check and its foreign key check say; values that
    /// another program put where readers find nothing of use, by table, row and column; tables that
    /// were missing. Empty when the database is sound.
    ///
    /// # Errors
    /// Storage errors; damage that keeps the check from running is `CORRUPT_DATABASE`.
    pub fn check(&self) -> Result<Vec<String>> {
        self.with_reader(|connection| {
            let mut findings = backup::check(connection)?;
            match unreadable::findings(connection) {
                Ok(values) => findings.extend(values),
                // Damage that was found already keeps rows from being read.
                Err(_) if !findings.is_empty() => {}
                Err(error) => return Err(error),
            }
            let stored = Repositories::new(connection);
            let tables = schema::made_again(&stored.settings())?;
            findings.extend(tables.into_iter().map(|table| {
                format!(
                    "the table {table} was missing and was made again without rows; restore a \
                     backup if it held any"
                )
            }));
            Ok(findings)
        })
    }

    /// Makes all of SQLite's indexes again from the rows.
    ///
    /// # Errors
    /// Storage errors, also for rows of which an index allows one only.
    pub fn make_indexes_again(&self) -> Result<()> {
        let connection = lock(&self.writer);
        let made = connection.execute_batch("REINDEX");
        made.map_err(|error| open::name_file(error.into(), self.path()))
    }

    /// No longer says in [`check`](Self::check) that tables were missing.
    ///
    /// # Errors
    /// Storage errors.
    pub fn forget_missing_tables(&self) -> Result<()> {
        self.write(|stored| schema::forget_made_again(&stored.settings()))
    }

    fn with_reader<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.check_process()?;
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

/// Ends a recording, also where its transaction failed or panicked.
struct Stop<'s>(&'s Recorder);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.stop();
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
