//! The connections of a store that read, and whether its files still lie where they were opened.

use std::sync::Mutex;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::connection::name_file;
use super::guard::Guard;
use super::place::{Marks, Place};
use super::reading::{self, Reader};
use super::{Store, lock, open};
use crate::{Error, Result};

/// Readers that are kept open between reads; more are opened when more threads read at once.
const IDLE_READERS: usize = 4;

/// The files of a store.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) place: Place,
    /// What lay there when the store was opened, or was last looked at if it only reads.
    seen: Mutex<LastSeen>,
    /// Why nothing is written, if that is so.
    pub(super) read_only: Option<String>,
    /// The last field, since it has to be closed after the connections.
    pub(super) guard: Guard,
}

#[derive(Debug)]
struct LastSeen {
    marks: Marks,
    /// How often they have changed.
    changes: u64,
}

impl Files {
    pub(super) fn new(place: Place, read_only: Option<String>, guard: Guard) -> Self {
        let marks = place.marks();
        Files {
            place,
            seen: Mutex::new(LastSeen { marks, changes: 0 }),
            read_only,
            guard,
        }
    }
}

impl Store {
    /// Whether the files that this store writes still lie under their names.
    pub(super) fn in_place(&self) -> Result<()> {
        let (Some(files), Some(path)) = (&self.files, &self.path) else {
            return Ok(());
        };
        let now = files.place.marks();
        match lock(&files.seen).marks.displaced(&now) {
            Some(reason) if files.read_only.is_none() => Err(Error::DatabaseReplaced {
                path: path.clone(),
                reason: reason.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// A number that changes whenever this or another process has committed. Cheap: about a
    /// microsecond. It compares only with earlier numbers of the same `Store`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn change_stamp(&self) -> Result<u64> {
        self.check_process()?;
        if let Some(watcher) = &self.watcher {
            let version: i64 =
                lock(watcher).pragma_query_value(None, "data_version", |row| row.get(0))?;
            return Ok(version.unsigned_abs());
        }
        match (&self.writer, &self.files) {
            (Some(writer), _) => Ok(lock(writer).total_changes()),
            (None, Some(files)) => Ok(self.look(files).1),
            (None, None) => Ok(0),
        }
    }

    pub(super) fn with_reader<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.check_process()?;
        let named = |error| name_file(error, self.path());
        match (&self.files, &self.writer) {
            (None, Some(writer)) => f(&lock(writer)),
            (None, None) => Err(Error::DatabaseBusy),
            (Some(files), None) => self.read_unchanged(files, f).map_err(named),
            (Some(files), Some(_)) => {
                self.in_place()?;
                let idle = lock(&self.readers).pop();
                let reader = match idle {
                    Some(reader) => reader,
                    None => Reader {
                        connection: open::reader(&files.place.database)?,
                        locked: true,
                    },
                };
                let result = f(&reader.connection).map_err(named);
                self.put_back(reader);
                result
            }
        }
    }

    /// Reads where nothing can be written. Others may write there all the same, on the other side
    /// of a share: then what was read is not used.
    fn read_unchanged<T>(
        &self,
        files: &Files,
        f: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let (before, _) = self.look(files);
        let idle = lock(&self.readers).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => reading::open(&files.place)?,
        };
        let result = f(&reader.connection);
        if !reader.locked && files.place.marks() != before {
            return Err(Error::DatabaseBusy);
        }
        self.put_back(reader);
        result
    }

    /// What lies there now, and how often that has changed. Connections from before a change are
    /// closed: nothing tells them of it.
    fn look(&self, files: &Files) -> (Marks, u64) {
        let now = files.place.marks();
        let mut seen = lock(&files.seen);
        if seen.marks != now {
            seen.marks = now.clone();
            seen.changes += 1;
            lock(&self.readers).clear();
        }
        (now, seen.changes)
    }

    fn put_back(&self, reader: Reader) {
        let mut idle = lock(&self.readers);
        if idle.len() < IDLE_READERS {
            idle.push(reader);
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(files) = &self.files {
            files.guard.let_go();
        }
        if self.in_place().is_ok() {
            return;
        }
        // What is in a log that is gone was not acknowledged, and the file is another's by now.
        let keep_out = |connection: &Connection| {
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        };
        for connection in [&self.writer, &self.watcher].into_iter().flatten() {
            keep_out(&lock(connection));
        }
        for reader in lock(&self.readers).iter() {
            keep_out(&reader.connection);
        }
    }
}
