//! Opening connections and bringing a database to the present schema.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use atlas_migrations::{APPLICATION_ID, MIGRATIONS, Migration};
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::backup;
use super::place::{by_cause, cause, folder_of, may_read, may_write, read_only};
use super::schema;
use crate::domain::folded_name;
use crate::{Error, Result};

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// More than there are statements here, so that none is parsed twice.
const CACHED_STATEMENTS: usize = 128;
pub(super) const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The connection that writes. Makes the file or upgrades it.
pub(super) fn writer(path: &Path) -> Result<Connection> {
    check_path(path)?;
    let open = || -> Result<Connection> {
        let mut connection =
            Connection::open_with_flags(path, flags() | OpenFlags::SQLITE_OPEN_CREATE)?;
        configure(&connection)?;
        // Before anything is written: this may be a file that must be left as it is.
        start_version(&connection, path, MIGRATIONS)?;
        use_wal(&connection)?;
        migrate(&mut connection, path, MIGRATIONS)?;
        schema::complete(&mut connection)?;
        Ok(connection)
    };
    open().map_err(|error| name_file(error, Some(path)))
}

/// A connection that only reads, to a database that [`writer`] has opened.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let open = || -> Result<Connection> {
        let connection = Connection::open_with_flags(path, flags())?;
        configure(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    open().map_err(|error| name_file(error, Some(path)))
}

/// The one connection of a database in memory.
pub(super) fn in_memory() -> Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection)?;
    migrate(&mut connection, Path::new(":memory:"), MIGRATIONS)?;
    Ok(connection)
}

/// A connection to an empty database in a temporary file, which goes with it.
pub(super) fn temporary() -> Result<Connection> {
    let mut connection = Connection::open("")?;
    configure(&connection)?;
    migrate(&mut connection, Path::new(""), MIGRATIONS)?;
    Ok(connection)
}

/// A connection to a copy of a database in a temporary file, which goes with it.
pub(super) fn copied(source: &Connection) -> Result<Connection> {
    let mut connection = Connection::open("")?;
    backup::copy_all(source, &mut connection)?;
    configure(&connection)?;
    Ok(connection)
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

/// Without URIs: a file may be called `file:x`.
fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Refuses what SQLite would refuse later with less to say. The file is not opened: closing it
/// would drop the locks of others in this process.
fn check_path(path: &Path) -> Result<()> {
    if path.as_os_str().is_empty() {
        return Err(Error::invalid("path", "", "the path of a database file"));
    }
    let failed = |path: &Path, source| Error::File {
        path: path.to_owned(),
        source,
    };
    match path.metadata() {
        Ok(found) if found.is_dir() => Err(failed(path, ErrorKind::IsADirectory.into())),
        Ok(found) => {
            may_read(path).map_err(|source| failed(path, source))?;
            check_length(path, found.len())?;
            // Before SQLite puts its log beside a file that it cannot write.
            may_write(path).map_err(|source| by_cause(path, source))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = folder_of(path);
            let there = folder.metadata().map(drop);
            there.map_err(|source| failed(folder, source))
        }
        Err(error) => Err(failed(path, error)),
    }
}

/// SQLite takes a file of one byte for an empty one, and would overwrite it.
pub(super) fn check_length(path: &Path, length: u64) -> Result<()> {
    match length {
        1 => Err(Error::NotADatabase {
            path: path.to_owned(),
        }),
        _ => Ok(()),
    }
}

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

/// SQLite does not wait by itself while another process turns WAL on.
fn use_wal(connection: &Connection) -> Result<()> {
    let mut waited = Duration::ZERO;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && waited < BUSY_TIMEOUT =>
            {
                let pause = Duration::from_millis(10);
                std::thread::sleep(pause);
                waited += pause;
            }
            result => return Ok(result?),
        }
    }
}

/// The number of steps that the database already has.
pub(super) fn start_version(
    connection: &Connection,
    path: &Path,
    steps: &[Migration],
) -> Result<usize> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if application != 0 && application != APPLICATION_ID {
        let expected = "an ATLAS database; this one belongs to another program";
        return Err(Error::invalid("path", path.display(), expected));
    }
    if found as usize > steps.len() {
        return Err(Error::NewerDatabase {
            path: path.to_owned(),
            found,
            supported: steps.len() as u32,
        });
    }
    if application == APPLICATION_ID {
        return Ok(found as usize);
    }
    // Without our mark the version is another program's; the tables say what the file is.
    unmarked_version(connection, steps)?.ok_or_else(|| {
        let expected = "an ATLAS database, or one with the nine tables of the specification; this \
                        one belongs to another program";
        Error::invalid("path", path.display(), expected)
    })
}

/// How many steps a file without our mark has: an empty one none, one with the specification's
/// tables those whose tables are all there (SQLite's `.dump` loses the mark). `None` for a file of
/// another program.
fn unmarked_version(connection: &Connection, steps: &[Migration]) -> Result<Option<usize>> {
    let sql = "SELECT lower(name) FROM sqlite_schema
               UNION SELECT lower(s.name) || '.' || lower(c.name)
               FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table'";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let names: HashSet<String> = names.collect::<rusqlite::Result<_>>()?;
    if names.is_empty() {
        return Ok(Some(0));
    }
    let was_run = |step: &&Migration| made_by(step.sql).all(|name| names.contains(&name));
    let specification = MIGRATIONS.first().is_some_and(|step| was_run(&step));
    let own = steps.iter().skip(1).take_while(was_run).count();
    Ok(specification.then(|| if own == 0 { 0 } else { own + 1 }))
}

/// The tables that a step makes, and the columns that it adds to others as `table.column`.
fn made_by(sql: &str) -> impl Iterator<Item = String> {
    let word = |text: &str| {
        text.split(['(', ' ', ';'])
            .next()
            .unwrap_or(text)
            .to_owned()
    };
    sql.lines().filter_map(move |line| {
        if let Some((table, column)) = line
            .strip_prefix("ALTER TABLE ")
            .and_then(|rest| rest.split_once(" ADD COLUMN "))
        {
            return Some(format!("{}.{}", word(table), word(column)));
        }
        let rest = line.strip_prefix("CREATE TABLE ")?;
        Some(word(rest.strip_prefix("IF NOT EXISTS ").unwrap_or(rest)))
    })
}

/// Runs the steps that the database lacks, all of them or none.
fn migrate(connection: &mut Connection, path: &Path, steps: &[Migration]) -> Result<()> {
    let marked: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let version = start_version(connection, path, steps)?;
    if version == steps.len() && marked == APPLICATION_ID {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Again: another process may have been faster.
    let start = start_version(&transaction, path, steps)?;
    for step in &steps[start..] {
        transaction.execute_batch(step.sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", steps.len() as u32)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> Vec<(String, Option<String>)> {
        let sql = "SELECT type || ' ' || name, sql FROM sqlite_schema ORDER BY 1";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn every_start_version_reaches_the_same_schema() {
        let fresh = schema(&in_memory().unwrap());
        assert!(fresh.len() > 40);
        for start in 0..=MIGRATIONS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate(&mut connection, Path::new("x"), &MIGRATIONS[..start]).unwrap();
            migrate(&mut connection, Path::new("x"), MIGRATIONS).unwrap();
            assert_eq!(schema(&connection), fresh, "from version {start}");
        }
    }

    #[test]
    fn names_are_numbered_in_order() {
        for (index, step) in MIGRATIONS.iter().enumerate() {
            assert!(step.name.starts_with(&format!("{:04}_", index + 1)));
        }
    }

    #[test]
    fn a_version_of_another_program_is_not_ours() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        migrate(&mut connection, Path::new("x"), MIGRATIONS).unwrap();
        assert_eq!(schema(&connection), schema(&in_memory().unwrap()));
    }

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
