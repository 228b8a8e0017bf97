//! A file that appears whole or not at all, however many write the same name, and whatever ends them.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use xxhash_rust::xxh3::Xxh3;

use crate::{Error, Result};

const ENDING: &str = ".partial";

/// Tells the writers of one process from each other.
static WRITERS: AtomicU64 = AtomicU64::new(0);

/// A file under a name of its own until it is whole. Dropped before, it is gone.
#[derive(Debug)]
pub(crate) struct WholeFile {
    target: PathBuf,
    partial: PathBuf,
    /// Locked while the file is being written, so that others leave it alone.
    held: File,
    /// What lay at the target when the writing began.
    before: Option<Identity>,
    done: bool,
}

/// Which file lies under a name, as far as that can be told.
#[derive(Debug, PartialEq, Eq)]
struct Identity {
    length: u64,
    changed: Option<std::time::SystemTime>,
}

impl WholeFile {
    /// Begins a file that is to lie at `target`; removes what dead writers of this name left.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a path without a name, `FILE_FAILED`.
    pub fn begin(target: &Path) -> Result<Self> {
        let target = resolved(target);
        let Some(name) = target.file_name() else {
            let expected = "the path of a file";
            return Err(Error::invalid("path", target.display(), expected));
        };
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        sweep(&target, &prefix);
        let number = WRITERS.fetch_add(1, Ordering::Relaxed);
        prefix.push(format!("{}-{number}{ENDING}", std::process::id()));
        let partial = target.with_file_name(prefix);
        let open = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&partial);
        let held = open.map_err(|source| failed(&target, source))?;
        hold(&held);
        Ok(WholeFile {
            before: identity(&target),
            target,
            partial,
            held,
            done: false,
        })
    }

    /// Where the file lies until it is whole, for those that write it by name.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Writes the file by a function, reads it back, and gives it its name.
    ///
    /// # Errors
    /// What `write` returns; `FILE_FAILED` when the file cannot be written, is not read back as it
    /// was written, or when another program has put a file in its place meanwhile.
    pub fn write<T>(self, write: impl FnOnce(&mut HashedWriter<'_>) -> Result<T>) -> Result<T> {
        let mut written = HashedWriter {
            file: &self.held,
            hash: Xxh3::new(),
        };
        let value = write(&mut written)?;
        let hash = written.hash.digest();
        self.held.sync_all().map_err(|e| failed(&self.target, e))?;
        let read = hash_of(&self.held).map_err(|e| failed(&self.target, e))?;
        if read != hash {
            let reason = "what was written cannot be read back; the disk may be damaged";
            return Err(failed(&self.target, io::Error::other(reason)));
        }
        self.finish()?;
        Ok(value)
    }

    /// Gives the file its name in one step.
    ///
    /// # Errors
    /// `FILE_FAILED`, also when another program has put a file in its place meanwhile.
    pub fn finish(mut self) -> Result<()> {
        let taken = || {
            let reason = "another program has written this file meanwhile";
            failed(
                &self.target,
                io::Error::new(io::ErrorKind::AlreadyExists, reason),
            )
        };
        if identity(&self.target) != self.before {
            return Err(taken());
        }
        match self.before {
            // A link fails where the name is taken; where there are no links, the name is free.
            None => match fs::hard_link(&self.partial, &self.target) {
                Ok(()) => drop(fs::remove_file(&self.partial)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(taken()),
                Err(_) => self.rename()?,
            },
            Some(_) => self.rename()?,
        }
        self.done = true;
        Ok(())
    }

    /// Gives the file its name in one step, whatever lies there now.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn replace(mut self) -> Result<()> {
        self.rename()?;
        self.done = true;
        Ok(())
    }

    fn rename(&self) -> Result<()> {
        fs::rename(&self.partial, &self.target).map_err(|source| failed(&self.target, source))
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if !self.done {
            remove(&self.partial);
        }
    }
}

/// What is written, with its hash.
pub(crate) struct HashedWriter<'f> {
    file: &'f File,
    hash: Xxh3,
}

impl Write for HashedWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The file that a link leads to, so that the link stays.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            path.canonicalize().unwrap_or_else(|_| path.to_owned())
        }
        _ => path.to_owned(),
    }
}

/// Removes the partial files of a name whose writers are gone.
fn sweep(target: &Path, prefix: &std::ffi::OsStr) {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let bytes = name.as_encoded_bytes();
        let ours =
            bytes.starts_with(prefix.as_encoded_bytes()) && bytes.ends_with(ENDING.as_bytes());
        if ours && File::open(entry.path()).is_ok_and(|file| is_left(&file)) {
            remove(&entry.path());
        }
    }
}

/// Marks a file as being written. Other systems' locks keep everybody out, SQLite too.
fn hold(file: &File) {
    if cfg!(unix) {
        // A file system without locks: then nobody sweeps either.
        let _ = file.try_lock();
    }
}

/// Whether nobody writes a file any more.
fn is_left(file: &File) -> bool {
    cfg!(unix) && file.try_lock().is_ok()
}

/// Removes a partial file and what SQLite laid beside it. What could not be finished is of no use;
/// that it cannot be removed is no news.
fn remove(partial: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let mut path = partial.as_os_str().to_owned();
        path.push(ending);
        let _ = fs::remove_file(path);
    }
}

fn identity(path: &Path) -> Option<Identity> {
    let metadata = fs::metadata(path).ok()?;
    Some(Identity {
        length: metadata.len(),
        changed: metadata.modified().ok(),
    })
}

fn hash_of(mut file: &File) -> io::Result<u64> {
    let mut hash = Xxh3::new();
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.digest()),
            count => hash.update(buffer.get(..count).unwrap_or_default()),
        }
    }
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) -> Result<()> {
        let file = WholeFile::begin(path)?;
        file.write(|to| to.write_all(text.as_bytes()).map_err(|e| failed(path, e)))
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jsonl");
        put(&path, "one").unwrap();
        put(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        let broken = WholeFile::begin(&path).unwrap();
        let stopped: Result<()> = broken.write(|_| Err(Error::Cancelled));
        assert!(stopped.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(names(folder.path()), ["x.jsonl"]);
    }

    #[test]
    fn of_two_writers_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jsonl");
        for text in ["", "before"] {
            if !text.is_empty() {
                fs::write(&path, text).unwrap();
            } else {
                let _ = fs::remove_file(&path);
            }
            let first = WholeFile::begin(&path).unwrap();
            let second = WholeFile::begin(&path).unwrap();
            let write = |file: WholeFile, text: &str| {
                file.write(|to| to.write_all(text.as_bytes()).map_err(|e| failed(&path, e)))
            };
            write(first, "the first one").unwrap();
            let told = write(second, "second").unwrap_err();
            assert!(told.to_string().contains("meanwhile"), "{told}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "the first one");
            assert_eq!(names(folder.path()), ["x.jsonl"]);
        }
    }

    #[test]
    fn what_a_dead_writer_left_goes_and_a_living_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jsonl");
        fs::write(folder.path().join(".x.jsonl.1-0.partial"), "half").unwrap();
        fs::write(folder.path().join(".y.jsonl.1-0.partial"), "another's").unwrap();
        let living = WholeFile::begin(&path).unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        put(&path, "whole").unwrap();
        assert!(living.path().exists());
        drop(living);
        assert_eq!(names(folder.path()), [".y.jsonl.1-0.partial", "x.jsonl"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&path, "before").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        put(&link, "after").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
    }
}
