//! Opening connections that write, and those beside them.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use atlas_migrations::MIGRATIONS;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::backup;
use super::connection::{BUSY_TIMEOUT, configure, name_file};
use super::migrate::{migrate, start_version};
use super::place::{by_cause, folder_of, may_read, may_write};
use super::schema;
use crate::{Error, Result};

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
