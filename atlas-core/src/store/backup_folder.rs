//! Backups in a folder, of which the newest are kept.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Store;
use super::backup::is_atlas_database;
use super::place::has_log;
use crate::domain::path_text;
use crate::{Error, Result};

/// How the time stands in a name; 16 characters that sort as the times do.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// What a backup to a folder did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FolderBackup {
    /// The new file.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    #[serde(serialize_with = "path_text::one")]
    pub path: PathBuf,
    /// Earlier backups that were removed, oldest first.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    #[serde(serialize_with = "path_text::list")]
    pub removed: Vec<PathBuf>,
}

pub(super) fn backup(
    store: &Store,
    folder: &Path,
    keep: usize,
    now: Timestamp,
) -> Result<FolderBackup> {
    if keep == 0 {
        return Err(Error::invalid("keep", keep, "1 or more"));
    }
    fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    let prefix = prefix_of(store);
    let path = folder.join(format!("{prefix}{}.db", now.strftime(TIME)));
    store.backup_to(&path)?;
    let mut earlier = earlier_backups(folder, &prefix)?;
    // The one just made stays, even where the clock was set back since the others.
    earlier.retain(|other| *other != path);
    let too_many = (earlier.len() + 1).saturating_sub(keep);
    let mut removed = Vec::new();
    for old in earlier.into_iter().take(too_many) {
        fs::remove_file(&old).map_err(|source| failed(&old, source))?;
        removed.push(old);
    }
    Ok(FolderBackup { path, removed })
}

fn prefix_of(store: &Store) -> String {
    let name = store.path().and_then(Path::file_stem);
    let name = name.map_or("atlas".into(), |name| name.to_string_lossy());
    format!("{name}.backup-")
}

/// This database's backups, oldest first: by name, and an ATLAS database that nobody writes to.
fn earlier_backups(folder: &Path, prefix: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|source| failed(folder, source))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|source| failed(folder, source))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let time = name
            .and_then(|name| name.strip_prefix(prefix))
            .and_then(|rest| rest.strip_suffix(".db"));
        let ours = || is_atlas_database(&path).unwrap_or(false);
        if time.is_some_and(is_time) && !has_log(&path) && ours() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn is_time(text: &str) -> bool {
    text.len() == 16 && jiff::fmt::strtime::parse(TIME, text).is_ok()
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
