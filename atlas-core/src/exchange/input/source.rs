//! Where a file's bytes come from, as often as they are read: the disk, or memory.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;

use super::{BUFFER, Watch};
use crate::{Error, Result};

/// So much of a pipe is kept, which cannot be read twice.
const MOST_OF_A_PIPE: u64 = 256 * 1024 * 1024;
/// The watch is told every so many bytes.
const STEP: u64 = 256 * 1024;

/// A file or bytes.
#[derive(Clone)]
pub(super) enum FileSource {
    File { path: PathBuf, length: u64 },
    Bytes(Arc<Vec<u8>>),
}

impl FileSource {
    /// A file, or the whole content of a pipe.
    ///
    /// # Errors
    /// `FILE_FAILED`; `UNKNOWN_FORMAT` for a pipe that has too much.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |source| Error::File {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            let folder = io::Error::new(io::ErrorKind::IsADirectory, "is a folder, not a file");
            return Err(failed(folder));
        }
        if metadata.is_file() {
            return Ok(FileSource::File {
                path: path.to_owned(),
                length: metadata.len(),
            });
        }
        let mut bytes = Vec::new();
        let mut limited = file.take(MOST_OF_A_PIPE + 1);
        limited.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MOST_OF_A_PIPE {
            return Err(Error::UnknownFormat {
                path: path.to_owned(),
                expected: "it is a pipe of more than 256 MB: save it as a file".into(),
            });
        }
        Ok(FileSource::of_bytes(bytes))
    }

    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        FileSource::Bytes(Arc::new(bytes))
    }

    /// What lies in memory.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            FileSource::File { .. } => None,
            FileSource::Bytes(bytes) => Some(bytes),
        }
    }

    /// The length in bytes.
    pub fn length(&self) -> u64 {
        match self {
            FileSource::File { length, .. } => *length,
            FileSource::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// The bytes as they are; for memory alone.
    pub fn plain_reader(&self, offset: &Rc<Cell<u64>>) -> Box<dyn Read> {
        let bytes = match self {
            FileSource::File { .. } => Arc::default(),
            FileSource::Bytes(bytes) => Arc::clone(bytes),
        };
        Box::new(CountedReader {
            inner: Cursor::new(SharedBytes(bytes)),
            offset: Rc::clone(offset),
        })
    }

    /// The decompressed bytes. The watch hears what `counter` counts, or that nothing is read yet.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn reader<'a>(
        &self,
        offset: &Rc<Cell<u64>>,
        length: u64,
        watch: Watch<'a>,
        counter: Option<&Rc<Cell<u64>>>,
    ) -> Result<Box<dyn Read + 'a>> {
        let raw: Box<dyn Read> = match self {
            FileSource::Bytes(_) => self.plain_reader(offset),
            FileSource::File { path, .. } => {
                let file = File::open(path).map_err(|source| Error::File {
                    path: path.clone(),
                    source,
                })?;
                Box::new(CountedReader {
                    inner: file,
                    offset: Rc::clone(offset),
                })
            }
        };
        let mut raw = BufReader::with_capacity(BUFFER, raw);
        // What cannot be read fails again at the next read.
        let gzip = raw
            .fill_buf()
            .is_ok_and(|start| start.starts_with(&[0x1f, 0x8b]));
        let plain: Box<dyn Read> = match gzip {
            true => Box::new(MultiGzDecoder::new(raw)),
            false => Box::new(raw),
        };
        Ok(Box::new(Watched {
            inner: plain,
            offset: counter.map(Rc::clone),
            length,
            watch,
            since: STEP,
            stopped: false,
        }))
    }
}

struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Counts what is read.
pub(super) struct CountedReader<R> {
    pub inner: R,
    pub offset: Rc<Cell<u64>>,
}

impl<R: Read> Read for CountedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.offset.set(self.offset.get() + count as u64);
        Ok(count)
    }
}

/// Tells the watch how far it is; fails for good once the watch says so.
struct Watched<'a> {
    inner: Box<dyn Read>,
    offset: Option<Rc<Cell<u64>>>,
    length: u64,
    watch: Watch<'a>,
    since: u64,
    stopped: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since >= STEP {
            self.since = 0;
            let done = self.offset.as_ref().map_or(0, |offset| offset.get());
            self.stopped = self.stopped || (self.watch)(done, self.length).is_break();
        }
        if self.stopped {
            return Err(io::Error::other(Stopped));
        }
        let count = self.inner.read(buffer)?;
        self.since += count as u64;
        Ok(count)
    }
}

/// The watch ended the reading.
#[derive(Debug, thiserror::Error)]
#[error("reading was stopped")]
struct Stopped;

/// Whether a failed read is a stop.
pub(super) fn is_stop(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Stopped>())
}
