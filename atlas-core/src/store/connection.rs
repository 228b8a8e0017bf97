//! What all connections have in common: how they are set up, and what their errors mean.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode};

use super::place::{by_cause, cause, read_only};
use crate::domain::folded_name;
use crate::{Error, Result};

/// How long a connection waits for another that writes.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// More than there are statements here, so that none is parsed twice.
const CACHED_STATEMENTS: usize = 128;

/// What a database's file begins with.
pub(super) const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Sets up a connection of any kind.
pub(super) fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
    let same_for_same = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("atlas_folded", 1, same_for_same, |values| {
        let text = values.get_raw(0).as_str().unwrap_or_default();
        Ok(folded_name(text))
    })?;
    connection.pragma_update(None, "temp_store", "memory")?;
    // Else SQLite compiles statements again whenever a text is bound: two thirds of an import.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Under WAL this survives a killed process; only the power failing can undo the last commits.
    connection.pragma_update(None, "synchronous", "normal")?;
    Ok(())
}

/// Gives an error of SQLite the file that it is about, where that tells the caller what to do.
pub(super) fn name_file(error: Error, path: Option<&Path>) -> Error {
    let (Error::Database(source), Some(path)) = (&error, path) else {
        return error;
    };
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => by_cause(path, full()),
        Some(ErrorCode::SystemIoFailure) => match cause(path) {
            Some(cause) => by_cause(path, cause),
            None => error,
        },
        Some(ErrorCode::CannotOpen) => {
            let said = || io::Error::other(source.to_string());
            by_cause(path, cause(path).unwrap_or_else(said))
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => match cause(path) {
            Some(cause) => by_cause(path, cause),
            None => read_only(path, &source.to_string()),
        },
        Some(ErrorCode::NotADatabase) if begins_as_one(path) => Error::CorruptDatabase {
            reason: source.to_string(),
        },
        Some(ErrorCode::NotADatabase) => Error::NotADatabase {
            path: path.to_owned(),
        },
        _ => error,
    }
}

fn full() -> io::Error {
    io::Error::new(
        ErrorKind::StorageFull,
        "the disk is full: make room and call again",
    )
}

/// Whether a file's first bytes are SQLite's: then it is a database, and it is damaged.
fn begins_as_one(path: &Path) -> bool {
    let mut start = [0; SQLITE_MAGIC.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *SQLITE_MAGIC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_name_the_file() {
        let failure = |code| {
            Error::Database(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(code),
                None,
            ))
        };
        let path = Some(Path::new("/x/work.db"));
        let named = |code| name_file(failure(code), path).code();
        assert_eq!(named(rusqlite::ffi::SQLITE_CANTOPEN), "FILE_FAILED");
        assert_eq!(named(rusqlite::ffi::SQLITE_NOTADB), "NOT_A_DATABASE");
        assert_eq!(named(rusqlite::ffi::SQLITE_FULL), "DISK_FULL");
        let folder = tempfile::tempdir().unwrap();
        let well = folder.path().join("work.db");
        std::fs::write(&well, SQLITE_MAGIC).unwrap();
        let named = |code| name_file(failure(code), Some(&well)).code();
        assert_eq!(named(rusqlite::ffi::SQLITE_READONLY), "READ_ONLY_DATABASE");
        assert_eq!(named(rusqlite::ffi::SQLITE_NOTADB), "CORRUPT_DATABASE");
        assert_eq!(named(rusqlite::ffi::SQLITE_IOERR), "DATABASE_FAILED");
    }
}
