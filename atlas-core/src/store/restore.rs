//! Putting a backup in a database's place.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use atlas_migrations::MIGRATIONS;
use rusqlite::{Connection, OpenFlags};

use super::backup::{check_integrity, copy};
use super::connection::name_file;
use super::migrate::start_version;
use super::place::{Place, beside, same_file};
use super::reading;
use crate::domain::path_text;
use crate::whole_file::{WholeFile, resolved};
use crate::{Error, Result};

/// How long to wait for programs that have the database open.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Restored {
    /// The database.
    #[serde(serialize_with = "path_text::one")]
    pub path: PathBuf,
    /// Where the file that it replaced lies now, if there was one.
    #[serde(serialize_with = "path_text::option")]
    pub replaced: Option<PathBuf>,
    /// The schema version of the backup; opening it upgrades it.
    pub schema_version: usize,
}

/// Puts a copy of a backup in a database's place.
///
/// The copy is made beside it and checked: SQLite's integrity, that it is ATLAS's and
/// of no newer schema. Only then is the present file, if there is one, kept under another name
/// beside it (`work.db.replaced`, `work.db.replaced-2`, …) and the copy put in its place in one
/// step. The backup stays as it is. A damaged file can be replaced as well.
///
/// No program may have the database open.
///
/// # Errors
/// `FILE_FAILED` when the backup is not there, `NOT_A_DATABASE`, `NEWER_DATABASE`,
/// `CORRUPT_DATABASE` and `INVALID_VALUE` (another program's) for what it is, `DATABASE_BUSY` when
/// the database is open somewhere, `READ_ONLY_DATABASE` when it cannot be written. The present
/// file is as it was then.
pub fn restore(backup: &Path, target: &Path) -> Result<Restored> {
    // What lies beside a file lies beside the one that a link leads to.
    let (backup, target) = (&resolved(backup), &resolved(target));
    if same_file(backup, target) {
        let expected = "another file than the database itself";
        return Err(Error::invalid("backup", backup.display(), expected));
    }
    let partial = WholeFile::begin(target)?;
    let schema_version = checked_copy(backup, partial.path())?;
    let replaced = match target.exists() {
        true => Some(keep(target)?),
        false => None,
    };
    partial.replace()?;
    Ok(Restored {
        path: target.clone(),
        replaced,
        schema_version,
    })
}

/// Copies the backup and says which schema it has, once it is found sound.
fn checked_copy(backup: &Path, partial: &Path) -> Result<usize> {
    take(backup, partial)?;
    let run = || -> Result<usize> {
        let made = Connection::open_with_flags(partial, flags())?;
        let version = start_version(&made, backup, MIGRATIONS)?;
        if version == 0 {
            let expected = "a backup of an ATLAS database";
            return Err(Error::invalid("backup", backup.display(), expected));
        }
        // One file, whatever the backup was: nothing beside it may be left behind.
        made.pragma_update(None, "journal_mode", "delete")?;
        // A row of another program that names a missing one is no damage.
        match check_integrity(&made)?.first() {
            Some(finding) => Err(Error::CorruptDatabase {
                reason: format!("{}: {finding}", backup.display()),
            }),
            None => Ok(version),
        }
    };
    run().map_err(|error| name_file(error, Some(backup)))
}

/// A copy of the backup, which may lie where nothing can be written; with what is in its log,
/// where it has one.
fn take(backup: &Path, partial: &Path) -> Result<()> {
    let place = Place::of(backup)?;
    let run = || copy(&reading::open(&place)?.connection, partial);
    run().map_err(|error| name_file(error, Some(backup)))
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Gives the present file a second name, under which it stays. Its log goes along.
fn keep(target: &Path) -> Result<PathBuf> {
    close(target)?;
    let mut kept = beside(target, ".replaced");
    let mut number = 1;
    while kept.exists() {
        number += 1;
        kept = beside(target, &format!(".replaced-{number}"));
    }
    // A copy: two names of one file, left by a program that was killed, would damage it.
    let copy = WholeFile::begin(&kept)?;
    fs::copy(target, copy.path()).map_err(|source| failed(&kept, source))?;
    copy.finish()?;
    for ending in ["-wal", "-shm"] {
        let log = beside(target, ending);
        if log.exists() {
            fs::rename(&log, beside(&kept, ending)).map_err(|source| failed(&log, source))?;
        }
    }
    Ok(kept)
}

/// Puts what is in the log into the file and removes the log, which SQLite does for the last
/// program only. A damaged file is taken as it is. Where the disk fails nothing is replaced: what
/// is left of the log or of a journal would be taken for the new file's.
fn close(target: &Path) -> Result<()> {
    let run = || -> Result<()> {
        let connection = Connection::open_with_flags(target, flags())?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "delete")?;
        Ok(())
    };
    match run().map_err(|error| name_file(error, Some(target))) {
        Err(Error::CorruptDatabase { .. } | Error::NotADatabase { .. }) => Ok(()),
        result => result,
    }
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
