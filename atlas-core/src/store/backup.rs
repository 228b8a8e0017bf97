//! Online backup and the integrity check.

use std::path::Path;
use std::time::Duration;

use atlas_migrations::APPLICATION_ID;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connection::name_file;
use super::place::{Place, has_log, same_file};
use super::reading;
use crate::whole_file::{WholeFile, resolved};
use crate::{Error, Result};

/// Copies the database behind `source` to `target`, by way of a file beside it.
pub(super) fn backup(source: &Connection, own: Option<&Path>, target: &Path) -> Result<()> {
    let target = &resolved(target);
    check_target(own, target)?;
    let partial = WholeFile::begin(target)?;
    copy(source, partial.path()).map_err(|error| name_file(error, Some(target)))?;
    partial.finish()
}

/// What SQLite's checks say; empty when all is well.
pub(super) fn check(connection: &Connection) -> Result<Vec<String>> {
    let mut findings = check_integrity(connection)?;
    findings.extend(check_foreign_keys(connection)?);
    Ok(findings)
}

/// What SQLite's integrity check says of the file.
pub(super) fn check_integrity(connection: &Connection) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    connection.pragma_query(None, "integrity_check", |row| {
        let text: String = row.get(0)?;
        findings.extend(text.lines().map(str::to_owned));
        Ok(())
    })?;
    if let Some(code) = findings.iter().find_map(|finding| unread(finding)) {
        let said = "a part of the file cannot be read".to_owned();
        let code = rusqlite::ffi::Error::new(code);
        return Err(rusqlite::Error::SqliteFailure(code, Some(said)).into());
    }
    findings.retain(|finding| finding != "ok" && !finding.starts_with("***"));
    Ok(findings)
}

/// The code of a page that could not be read: then what the check says of the others is not so.
fn unread(finding: &str) -> Option<i32> {
    // Of a page that overflows SQLite gives no code; one that is out of range it calls invalid.
    if finding.contains(": failed to get page ") {
        return Some(rusqlite::ffi::SQLITE_IOERR_READ);
    }
    let (_, code) = finding.split_once("unable to get the page. error code=")?;
    let code: i32 = code.trim().parse().ok()?;
    let kind = rusqlite::ffi::Error::new(code).code;
    matches!(kind, ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory).then_some(code)
}

/// Rows that name rows that are not there.
pub(super) fn check_foreign_keys(connection: &Connection) -> Result<Vec<String>> {
    let mut findings = Vec::new();
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
    if !is_atlas_database(target)? {
        return refused("a new file, or an earlier backup to replace");
    }
    // SQLite would replay that log into the new file.
    if has_log(target) {
        return refused("a file that no program has open");
    }
    Ok(())
}

/// Read through SQLite, since closing a file drops the locks that this process has on it, and
/// without a log, since SQLite would leave one beside it. A file that cannot be read is an error,
/// and not another program's.
pub(super) fn is_atlas_database(path: &Path) -> Result<bool> {
    if path.is_dir() {
        return Ok(false);
    }
    let id = || -> Result<i32> {
        let connection = reading::unchanging(&Place::of(path)?.database)?;
        Ok(connection.pragma_query_value(None, "application_id", |row| row.get(0))?)
    };
    match id() {
        Ok(id) => Ok(id == APPLICATION_ID),
        Err(Error::Database(error))
            if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) =>
        {
            Ok(false)
        }
        Err(error) => Err(name_file(error, Some(path))),
    }
}

pub(super) fn copy(source: &Connection, partial: &Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    copy_all(source, &mut Connection::open_with_flags(partial, flags)?)
}

pub(super) fn copy_all(source: &Connection, target: &mut Connection) -> Result<()> {
    let backup = Backup::new(source, target)?;
    // All pages in one step: one snapshot, and writers are not held up under WAL.
    while backup.step(-1)? != StepResult::Done {
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}
