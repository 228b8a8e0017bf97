//! Where a database lies: the files under its name, and what keeps them from being written.
//!
//! Before a write, and after it before anybody hears of it, device and number of file and log are
//! compared with those that were opened. A difference is `DATABASE_REPLACED`, for good: SQLite
//! would mix the old log's index with a new log.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::whole_file::WholeFile;
use crate::{Error, Result};

/// What a full disk is tried with: more than SQLite's index of its log takes at first.
const TRIED: usize = 64 * 1024;

/// A database's file, and the log beside it, under names that stay right when the working folder
/// or a link changes.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub database: PathBuf,
    pub log: PathBuf,
}

/// Which files lie under both names, and when they were last written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    database: Option<FileMark>,
    log: Option<FileMark>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct FileMark {
    /// Device and number. Where the system has none, a file that is open cannot be removed.
    file: (u64, u64),
    length: u64,
    changed: Option<SystemTime>,
}

impl Place {
    /// Where a file that exists really lies.
    pub fn of(path: &Path) -> Result<Self> {
        let real = match cfg!(unix) {
            true => path.canonicalize(),
            // The other systems' canonical form is one that SQLite does not take.
            false => std::path::absolute(path),
        };
        let database = real.map_err(|source| by_cause(path, source))?;
        Ok(Place {
            log: beside(&database, "-wal"),
            database,
        })
    }

    /// Whether a write was cut off that SQLite has yet to undo.
    pub fn is_cut_off(&self) -> bool {
        beside(&self.database, "-journal").exists()
    }

    pub fn marks(&self) -> Marks {
        Marks {
            database: mark(&self.database),
            log: mark(&self.log),
        }
    }
}

impl Marks {
    /// What was done to the files since `self`, if one of them is not the same file any more.
    pub fn displaced(&self, now: &Marks) -> Option<&'static str> {
        let file = |mark: &Option<FileMark>| mark.as_ref().map(|mark| mark.file);
        if file(&self.database) != file(&now.database) {
            return Some("another program has moved, replaced or removed the file");
        }
        // Only where files have numbers: elsewhere an open log cannot go.
        (cfg!(unix) && file(&self.log) != file(&now.log)).then_some(
            "its log (-wal) was removed while it was open; a second SQLite in this process that \
             opens and closes the file does so, such as Python's sqlite3",
        )
    }
}

fn mark(path: &Path) -> Option<FileMark> {
    let metadata = fs::metadata(path).ok()?;
    Some(FileMark {
        file: number(&metadata),
        length: metadata.len(),
        changed: metadata.modified().ok(),
    })
}

/// Which file it is, whatever its name.
#[cfg(unix)]
pub(super) fn number(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
pub(super) fn number(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// Whether a file, or a new file in a folder, may be written, without opening it: closing a file
/// drops the locks that this process has on it.
#[cfg(unix)]
pub(super) fn may_write(path: &Path) -> io::Result<()> {
    Ok(nix::unistd::access(path, nix::unistd::AccessFlags::W_OK)?)
}

#[cfg(not(unix))]
pub(super) fn may_write(path: &Path) -> io::Result<()> {
    match fs::metadata(path)?.permissions().readonly() && path.is_file() {
        true => Err(ErrorKind::PermissionDenied.into()),
        false => Ok(()),
    }
}

/// Whether a file may be read; see [`may_write`].
#[cfg(unix)]
pub(super) fn may_read(path: &Path) -> io::Result<()> {
    Ok(nix::unistd::access(path, nix::unistd::AccessFlags::R_OK)?)
}

#[cfg(not(unix))]
pub(super) fn may_read(path: &Path) -> io::Result<()> {
    fs::metadata(path).map(drop)
}

/// Why SQLite cannot work there, which it does not say itself: too many open files, a place that
/// may not be written, a full disk.
pub(super) fn cause(path: &Path) -> Option<io::Error> {
    let folder = folder_of(path);
    let tried = || {
        if cfg!(unix) {
            File::open(folder).map(drop)?;
        }
        if path.exists() {
            may_write(path)?;
        }
        may_write(folder)?;
        try_to_write(path)
    };
    tried().err()
}

/// Writes a little beside the database, and removes it.
fn try_to_write(path: &Path) -> io::Result<()> {
    let file = WholeFile::begin(path).map_err(|error| match error {
        Error::File { source, .. } => source,
        other => io::Error::other(other),
    })?;
    let mut tried = File::options().write(true).open(file.path())?;
    tried.write_all(&vec![0; TRIED])?;
    tried.sync_all()
}

/// The path with something after its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// Whether a log with changes lies beside a database.
pub(super) fn has_log(database: &Path) -> bool {
    fs::metadata(beside(database, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// Whether two paths lead to one file.
pub(super) fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The error for what the system says of a database's place.
pub(super) fn by_cause(path: &Path, source: io::Error) -> Error {
    match source.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            read_only(path, &source.to_string())
        }
        _ => Error::File {
            path: path.to_owned(),
            source,
        },
    }
}

pub(super) fn read_only(path: &Path, reason: &str) -> Error {
    Error::ReadOnlyDatabase {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_put_in_anothers_place_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("work.db");
        fs::write(&path, "one").unwrap();
        let place = Place::of(&path).unwrap();
        let before = place.marks();
        fs::write(&path, "longer").unwrap();
        assert_ne!(place.marks(), before);
        assert_eq!(before.displaced(&place.marks()), None);
        if cfg!(unix) {
            let other = folder.path().join("other.db");
            fs::write(&other, "two").unwrap();
            fs::rename(&other, &path).unwrap();
            assert!(before.displaced(&place.marks()).is_some());
        }
    }

    #[test]
    fn causes_have_codes() {
        let code = |source: io::Error| by_cause(Path::new("work.db"), source).code();
        assert_eq!(
            code(ErrorKind::ReadOnlyFilesystem.into()),
            "READ_ONLY_DATABASE"
        );
        assert_eq!(
            code(ErrorKind::PermissionDenied.into()),
            "READ_ONLY_DATABASE"
        );
        assert_eq!(code(ErrorKind::StorageFull.into()), "DISK_FULL");
        assert_eq!(code(ErrorKind::NotFound.into()), "FILE_FAILED");
        if cfg!(unix) {
            assert_eq!(code(io::Error::from_raw_os_error(24)), "TOO_MANY_FILES");
        }
    }

    #[test]
    fn a_place_that_is_well_has_no_cause() {
        let folder = tempfile::tempdir().unwrap();
        assert!(cause(&folder.path().join("work.db")).is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(cause(&folder.path().join("missing/work.db")).is_some());
    }
}
