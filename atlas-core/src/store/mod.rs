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
mod connection;
mod derived;
mod documents;
mod edge_cases;
mod events;
mod exchange;
mod families;
mod feedback;
mod guard;
mod import_journal;
mod import_rows;
mod imports;
mod in_force;
mod memory;
mod migrate;
mod models;
mod not_similar;
mod notes;
mod observations;
mod open;
mod pattern_numbers;
mod patterns;
mod place;
mod predictions;
mod profiles;
mod proposals;
mod readers;
mod reading;
mod repositories;
mod restore;
mod rows;
mod schema;
mod sessions;
mod settings;
mod statuses;
mod take_back;
mod ticket_upsert;
mod tickets;
mod timings;
mod training;
mod undecided;
mod unreadable;
mod upkeep;
mod work;
mod workload;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use atlas_migrations::MIGRATIONS;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{Error, Result};
use connection::name_file;
use guard::Guard;
use import_journal::Recorder;
use migrate::in_memory;
use place::Place;
use readers::Files;
use reading::Reader;

pub use achievements::Achievements;
pub use adoption::ForeignSession;
pub use backup_folder::FolderBackup;
pub use challenges::Challenges;
pub use documents::{
    DocumentFn, Documents, Field, Owner, Pending, StoredDocument, StoredVector, VectorFn,
};
pub use edge_cases::EdgeCases;
pub use events::Events;
pub use exchange::{Exchange, StoredResult, StoredRun};
pub use feedback::{Feedbacks, NewFeedback, Removed};
pub use imports::{ImportUnit, Imports};
pub use memory::{Memory, MemoryRow};
pub use models::{ModelRow, ModelState, Models};
pub use not_similar::NotSimilarPairs;
pub use notes::Notes;
pub use observations::Observations;
pub use patterns::{PatternHeader, Patterns};
pub use predictions::{PredictionRow, Predictions};
pub use profiles::{DEFAULT_USERNAME, Profiles};
pub use proposals::Proposals;
use repositories::SeenRow;
pub use repositories::{Change, Repositories, Stored};
pub use restore::{Restored, restore};
pub use rows::{JsonRow, Rows};
pub use sessions::Sessions;
pub use settings::{Revision, Revisions, StoredSettings};
pub use statuses::Statuses;
pub use take_back::TakenBack;
pub use tickets::{TicketHeader, TicketIdentity, Tickets};
pub use timings::{PatternTiming, StepCount, Timing, Timings};
pub use training::NamedObservation;
pub use undecided::UnansweredScenario;
pub use work::Work;
pub use workload::{Predicted, WorkloadNumbers};

/// One database: one writer at a time and any number of readers, from any thread.
///
/// A closure must not call the store that it was given by, nor code of the host's, which may: the
/// inner call would wait for the outer one. For such closures there is
/// [`read_with_callbacks`](Self::read_with_callbacks).
///
/// It is the process's that opened it. One that is forked from that gets `FORKED`: its copies of
/// locks may be held for good by threads that it does not have, and SQLite's own locks do not
/// survive a fork.
#[derive(Debug)]
pub struct Store {
    /// The process that opened it.
    process: u32,
    path: Option<PathBuf>,
    /// Absent where the database is only read.
    writer: Option<Mutex<Connection>>,
    recorder: Recorder,
    readers: Mutex<Vec<Reader>>,
    /// Never writes, so that its `data_version` moves with every commit. Only where there are
    /// other connections that do.
    watcher: Option<Mutex<Connection>>,
    /// Absent in memory.
    files: Option<Files>,
}

impl Store {
    /// Opens a database file, making or upgrading it first.
    ///
    /// A database made with the specification's own DDL is upgraded in place: its rows stay and
    /// unknown tables are left alone. `:memory:` opens a database in memory. A database that lies
    /// where it cannot be written is opened for reading: see [`Database::read_only`](crate::Database::read_only).
    ///
    /// # Errors
    /// `NOT_A_DATABASE`, `NEWER_DATABASE`, `OLDER_DATABASE` where it cannot be upgraded,
    /// `READ_ONLY_DATABASE` where none can be made, `CORRUPT_DATABASE`, `DATABASE_BUSY` after 5
    /// seconds, `FILE_FAILED` when the folder does not exist, `DISK_FULL`, `TOO_MANY_FILES`, and
    /// `INVALID_VALUE` when the file belongs to another program. The file is left as it is then.
    pub fn open(path: &Path) -> Result<Store> {
        if path.as_os_str() == ":memory:" {
            return Store::open_in_memory();
        }
        let writer = match open::writer(path) {
            // Only where it is the place that forbids it, and not something that passes.
            Err(Error::ReadOnlyDatabase { reason, .. })
                if path.is_file() && place::cause(path).is_some() =>
            {
                return Store::reading(path, reason);
            }
            writer => writer?,
        };
        let place = Place::of(path)?;
        let watcher = open::reader(&place.database)?;
        let guard = Guard::hold(&place);
        let recorder = Recorder::default();
        recorder.attach(&writer)?;
        Ok(Store {
            process: std::process::id(),
            recorder,
            writer: Some(Mutex::new(writer)),
            readers: Mutex::default(),
            watcher: Some(Mutex::new(watcher)),
            path: Some(std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
            files: Some(Files::new(place, None, guard)),
        })
    }

    /// Opens a database file and changes nothing, neither in it nor beside it. What others commit
    /// meanwhile is seen.
    ///
    /// # Errors
    /// `FILE_FAILED` when it is not there, `OLDER_DATABASE`, `NEWER_DATABASE`, `NOT_A_DATABASE`,
    /// `CORRUPT_DATABASE`, and `INVALID_VALUE` when the file belongs to another program.
    pub fn open_read_only(path: &Path) -> Result<Store> {
        Store::reading(path, "it was opened only for reading".to_owned())
    }

    fn reading(path: &Path, reason: String) -> Result<Store> {
        let place = Place::of(path)?;
        let run = || -> Result<(Reader, usize)> {
            open::check_length(path, path.metadata().map_or(0, |found| found.len()))?;
            let reader = reading::open(&place)?;
            let version = migrate::start_version(&reader.connection, path, MIGRATIONS)?;
            Ok((reader, version))
        };
        let (reader, version) = run().map_err(|error| match name_file(error, Some(path)) {
            Error::ReadOnlyDatabase { path, .. } if place.is_cut_off() => {
                let reason = "a write was cut off there, which can be undone only where the \
                                  file can be written";
                place::read_only(&path, reason)
            }
            other => other,
        })?;
        if version < MIGRATIONS.len() {
            return Err(Error::OlderDatabase {
                path: path.to_owned(),
                found: version as u32,
                needed: MIGRATIONS.len() as u32,
            });
        }
        Ok(Store {
            process: std::process::id(),
            recorder: Recorder::default(),
            writer: None,
            readers: Mutex::new(vec![reader]),
            watcher: None,
            path: Some(std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
            files: Some(Files::new(place, Some(reason), Guard::default())),
        })
    }

    /// Opens a database that lives as long as this value.
    ///
    /// # Errors
    /// `DATABASE_FAILED` when memory is short.
    pub fn open_in_memory() -> Result<Store> {
        Store::of_one(in_memory()?)
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
            writer: Some(Mutex::new(connection)),
            recorder,
            readers: Mutex::default(),
            watcher: None,
            files: None,
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

    /// Why the database is only read; `None` where it can be written.
    pub fn read_only(&self) -> Option<&str> {
        self.files.as_ref()?.read_only.as_deref()
    }

    /// Whether the database can be written, before anything long begins.
    ///
    /// # Errors
    /// `READ_ONLY_DATABASE` says why it is only read.
    pub fn writable(&self) -> Result<()> {
        match (self.read_only(), self.path()) {
            (Some(reason), Some(path)) => Err(place::read_only(path, reason)),
            _ => Ok(()),
        }
    }

    /// Runs `f` on one consistent snapshot. Nothing that it writes is kept.
    ///
    /// # Errors
    /// What `f` returns, and storage errors; as [`write`](Self::write) for files that were moved or
    /// removed. `DATABASE_BUSY` where a database that is only read was changed meanwhile.
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
    pub fn read_with_callbacks<T>(
        &self,
        f: impl FnOnce(&Repositories<'_>) -> Result<T>,
    ) -> Result<T> {
        match &self.path {
            Some(_) => self.read(f),
            None => self.copied()?.read(f),
        }
    }

    /// Runs `f` in one transaction: committed when it returns `Ok`, undone when it returns `Err`
    /// or panics. When this returns `Ok`, a killed process loses nothing of it.
    ///
    /// # Errors
    /// What `f` returns, `DATABASE_BUSY` when another process writes for more than 5 seconds,
    /// `READ_ONLY_DATABASE`, and storage errors. `DATABASE_REPLACED` when another program has
    /// moved, replaced or removed the file or its log: this and every later call is refused until
    /// the database is opened anew, because what is written would be lost.
    pub fn write<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        self.transact(|transaction| {
            let repositories = Repositories::new(&transaction);
            let value = f(&repositories)?;
            repositories.observations().count_again()?;
            transaction.commit()?;
            // Before anybody is told that it is stored.
            self.in_place()?;
            Ok(value)
        })
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
        self.transact(|transaction| {
            // Stopped before another may write.
            let _stop = Stop(&self.recorder);
            self.recorder.start(&transaction)?;
            let repositories = Repositories::recording(&transaction);
            let value = f(&repositories)?;
            repositories.observations().count_again()?;
            let gained = self.recorder.finish(&repositories, import)?;
            if let Some((id, gained)) = &gained {
                repositories.imports().gain(*id, gained)?;
            }
            transaction.commit()?;
            // Before anybody is told that it is stored.
            self.in_place()?;
            if let Some((id, _)) = gained {
                import.has_row(id);
            }
            Ok(value)
        })
    }

    /// Runs `f` as [`write`](Self::write) would, and undoes it: what `f` says would happen.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn rehearse<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        self.transact(|transaction| f(&Repositories::new(&transaction)))
    }

    fn transact<T>(&self, f: impl FnOnce(Transaction<'_>) -> Result<T>) -> Result<T> {
        self.check_process()?;
        self.writable()?;
        let Some(writer) = &self.writer else {
            return Err(Error::DatabaseBusy);
        };
        let mut connection = lock(writer);
        self.in_place()?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let result = transaction.map_err(Error::from).and_then(f);
        result.map_err(|error| name_file(error, self.path()))
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
