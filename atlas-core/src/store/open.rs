//! Opening connections and bringing a database to the present schema.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use atlas_migrations::{APPLICATION_ID, MIGRATIONS, Migration};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

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

/// Gives an error of SQLite the file that it is about, where that tells the caller what to do.
pub(super) fn name_file(error: Error, path: Option<&Path>) -> Error {
    let (Error::Database(source), Some(path)) = (&error, path) else {
        return error;
    };
    match source.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            read_only(path, &source.to_string())
        }
        // The first bytes were SQLite's, so it is a database and it is damaged.
        Some(ErrorCode::NotADatabase) => Error::CorruptDatabase {
            reason: source.to_string(),
        },
        _ => error,
    }
}

fn read_only(path: &Path, reason: &str) -> Error {
    Error::ReadOnlyDatabase {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Without URIs: a file may be called `file:x`.
fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Refuses what SQLite would refuse later with less to say.
fn check_path(path: &Path) -> Result<()> {
    if path.as_os_str().is_empty() {
        return Err(Error::invalid("path", "", "the path of a database file"));
    }
    // For writing as well: a read-only file is to be refused before SQLite puts its log beside it.
    let mut file = match File::options().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return check_folder(path),
        Err(error) => return Err(read_only(path, &error.to_string())),
    };
    let mut start = Vec::new();
    let read = file.by_ref().take(16).read_to_end(&mut start);
    read.map_err(|error| read_only(path, &error.to_string()))?;
    if start.is_empty() || start == SQLITE_MAGIC {
        Ok(())
    } else {
        Err(Error::NotADatabase {
            path: path.to_owned(),
        })
    }
}

fn check_folder(path: &Path) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => return Ok(()),
    };
    std::fs::metadata(folder)
        .map(|_| ())
        .map_err(|source| Error::File {
            path: PathBuf::from(folder),
            source,
        })
}

fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
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
        assert_eq!(named(rusqlite::ffi::SQLITE_READONLY), "READ_ONLY_DATABASE");
        assert_eq!(named(rusqlite::ffi::SQLITE_CANTOPEN), "READ_ONLY_DATABASE");
        assert_eq!(named(rusqlite::ffi::SQLITE_NOTADB), "CORRUPT_DATABASE");
        assert_eq!(named(rusqlite::ffi::SQLITE_FULL), "DATABASE_FAILED");
    }
}
