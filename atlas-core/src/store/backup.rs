//! Online backup and the integrity check.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use atlas_migrations::APPLICATION_ID;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::open::name_file;
use crate::{Error, Result};

/// Copies the database behind `source` to `target`, by way of a file beside it.
pub(super) fn backup(source: &Connection, own: Option<&Path>, target: &Path) -> Result<()> {
    check_target(own, target)?;
    let partial = partial_path(target)?;
    let copied = copy(source, &partial).map_err(|error| name_file(error, Some(target)));
    let renamed = copied.and_then(|()| {
        fs::rename(&partial, target).map_err(|source| Error::File {
            path: target.to_owned(),
            source,
        })
    });
    if renamed.is_err() {
        // What could not be finished is of no use; that it cannot be removed is no news.
        let _ = fs::remove_file(&partial);
    }
    renamed
}

/// What SQLite's checks say; empty when all is well.
pub(super) fn check(connection: &Connection) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    connection.pragma_query(None, "integrity_check", |row| {
        let text: String = row.get(0)?;
        findings.extend(text.lines().map(str::to_owned));
        Ok(())
    })?;
    findings.retain(|finding| finding != "ok" && !finding.starts_with("***"));
    connection.pragma_query(None, "foreign_key_check", |row| {
        let (table, id, parent): (String, Option<i64>, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let id = id.map_or_else(|| "?".to_owned(), |id| id.to_string());
        findings.push(format!(
            "row {id} of {table} names a missing row of {parent}"
        ));
        Ok(())
    })?;
    Ok(findings)
}

/// Only nothing, or an ATLAS database that nobody has open, may be replaced.
fn check_target(own: Option<&Path>, target: &Path) -> Result<()> {
    let refused = |expected: &str| Err(Error::invalid("path", target.display(), expected));
    if !target.exists() {
        return Ok(());
    }
    if own.is_some_and(|own| same_file(own, target)) {
        return refused("another file than the database itself");
    }
    if !is_atlas_database(target) {
        return refused("a new file, or an earlier backup to replace");
    }
    // SQLite would replay that log into the new file.
    let mut log = target.as_os_str().to_owned();
    log.push("-wal");
    if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return refused("a file that no program has open");
    }
    Ok(())
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn is_atlas_database(path: &Path) -> bool {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let application = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0))
    });
    application.is_ok_and(|id| id == APPLICATION_ID)
}

fn partial_path(target: &Path) -> Result<PathBuf> {
    let Some(name) = target.file_name() else {
        return Err(Error::invalid(
            "path",
            target.display(),
            "the path of a file",
        ));
    };
    let mut partial = std::ffi::OsString::from(".");
    partial.push(name);
    partial.push(format!(".{}.partial", std::process::id()));
    Ok(target.with_file_name(partial))
}

fn copy(source: &Connection, partial: &Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = Connection::open_with_flags(partial, flags)?;
    let backup = Backup::new(source, &mut target)?;
    // All pages in one step: one snapshot, and writers are not held up under WAL.
    while backup.step(-1)? != StepResult::Done {
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}
