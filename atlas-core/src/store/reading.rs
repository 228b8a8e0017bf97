//! Connections to a database that is only read: nothing is written, and nothing is put beside it.
//!
//! It uses SQLite's locks where others may be at work, the log with an index in memory where there
//! is a log and no index, and `immutable` otherwise. The last two have no locks: a read counts only
//! where length and time of both files are the same before and after it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::connection::configure;
use super::place::{Place, beside, has_log};
use crate::Result;

/// SQLite without locks, for a log that has no shared index.
const WITHOUT_LOCKS: &str = match cfg!(windows) {
    true => "win32-none",
    false => "unix-none",
};

/// A connection that cannot write.
#[derive(Debug)]
pub(super) struct Reader {
    pub connection: Connection,
    /// Whether others who write are kept from changing what it reads.
    pub locked: bool,
}

/// Opens a database for reading alone, with what is in its log.
pub(super) fn open(place: &Place) -> Result<Reader> {
    let there = |ending: &str| beside(&place.database, ending).exists();
    // Others are at work, or were when they were killed.
    if (there("-wal") && there("-shm")) || there("-journal") {
        let locked = connect(&place.database, OpenFlags::empty(), None);
        if locked.is_ok() || there("-journal") {
            let connection = locked?;
            return Ok(Reader {
                connection,
                locked: true,
            });
        }
    }
    let connection = match has_log(&place.database) {
        // The log's index is made in memory.
        true => connect(&place.database, OpenFlags::empty(), Some(WITHOUT_LOCKS))?,
        // SQLite would make a log where there is none.
        false => unchanging(&place.database)?,
    };
    Ok(Reader {
        connection,
        locked: false,
    })
}

/// A connection to a file that nobody changes, which takes no locks and makes no log.
pub(super) fn unchanging(path: &Path) -> Result<Connection> {
    connect(
        Path::new(&immutable(path)),
        OpenFlags::SQLITE_OPEN_URI,
        None,
    )
}

fn connect(path: &Path, more: OpenFlags, vfs: Option<&str>) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = match vfs {
        None => Connection::open_with_flags(path, flags)?,
        Some(vfs) => {
            let connection = Connection::open_with_flags_and_vfs(path, flags, vfs)?;
            connection.pragma_update(None, "locking_mode", "exclusive")?;
            connection
        }
    };
    configure(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    // What is wrong shows at the first look only.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(connection)
}

/// A URI that promises SQLite that nobody writes, so that it needs neither locks nor a log. Whether
/// that is so is looked at before and after each read.
fn immutable(path: &Path) -> String {
    let mut uri = String::from("file:");
    if !path.as_os_str().as_encoded_bytes().starts_with(b"/") {
        uri.push_str("///");
    }
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'.' | b'-' | b'_' | b':' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_odd_characters_is_one_file() {
        let uri = immutable(Path::new("/x/ü?mode=rw#1 50%.db"));
        assert_eq!(uri, "file:/x/%C3%BC%3Fmode%3Drw%231%2050%25.db?immutable=1");
    }
}
