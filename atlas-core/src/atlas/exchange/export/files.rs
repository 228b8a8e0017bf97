//! Where an export goes, each file whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::exchange::cases::Written;
use crate::whole_file::WholeFile;
use crate::{Error, Result};

/// Where a part goes.
pub(super) fn file(path: &Path, written: &Written, folder: bool) -> PathBuf {
    if folder {
        return path.join(&written.part);
    }
    if written.part.is_empty() {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path
        .extension()
        .map(|e| format!(".{}", e.to_string_lossy()));
    path.with_file_name(format!(
        "{stem}-{}{}",
        written.part,
        ending.unwrap_or_default()
    ))
}

/// Writes a file whole or not at all.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let file = WholeFile::begin(path)?;
    file.write(|to| to.write_all(bytes).map_err(|source| failed(path, source)))
}

pub(super) fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
