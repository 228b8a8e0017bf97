//! Opening a file to import: gzip, encodings, position, errors.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use super::{Each, ReadSummary, Record};
use crate::{Error, Result};

const BUFFER: usize = 128 * 1024;

/// A file as plain UTF-8 bytes, whatever it is compressed or encoded with.
pub(crate) struct Input {
    pub reader: Plain,
    pub file: FileInfo,
}

/// The decompressed, decoded bytes.
pub(crate) type Plain = BufReader<Box<dyn Read>>;

/// Which file it is and how much of it was read.
#[derive(Clone)]
pub(crate) struct FileInfo {
    path: PathBuf,
    length: u64,
    offset: Rc<Cell<u64>>,
}

/// The content of a file by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Json,
    /// Anything else that has text.
    Text,
    Empty,
}

impl Input {
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |source| Error::File {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(failed(io::Error::new(
                io::ErrorKind::IsADirectory,
                "is a folder, not a file",
            )));
        }
        let offset = Rc::new(Cell::new(0));
        let counted = Counted {
            file,
            offset: Rc::clone(&offset),
        };
        let mut raw = BufReader::with_capacity(BUFFER, counted);
        let gzip = raw.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
        let plain: Box<dyn Read> = match gzip {
            true => Box::new(MultiGzDecoder::new(raw)),
            false => Box::new(raw),
        };
        let mut input = Input {
            reader: BufReader::with_capacity(BUFFER, plain),
            file: FileInfo {
                path: path.to_owned(),
                length: metadata.len(),
                offset,
            },
        };
        input.decode();
        Ok(input)
    }

    /// Bytes that were read already.
    pub fn of_bytes(path: &Path, bytes: Vec<u8>) -> Self {
        let length = bytes.len() as u64;
        let plain: Box<dyn Read> = Box::new(io::Cursor::new(bytes));
        Input {
            reader: BufReader::with_capacity(BUFFER, plain),
            file: FileInfo {
                path: path.to_owned(),
                length,
                offset: Rc::new(Cell::new(length)),
            },
        }
    }

    /// Takes a byte-order mark away and turns UTF-16 into UTF-8.
    fn decode(&mut self) {
        let start = self.peek();
        let big_endian = match (start.first(), start.get(1), start.get(2)) {
            (Some(0xef), Some(0xbb), Some(0xbf)) => return self.reader.consume(3),
            (Some(0xff), Some(0xfe), _) => false,
            (Some(0xfe), Some(0xff), _) => true,
            _ => return,
        };
        self.reader.consume(2);
        let empty: Box<dyn Read> = Box::new(io::empty());
        let inner = std::mem::replace(&mut self.reader, BufReader::new(empty));
        let utf8: Box<dyn Read> = Box::new(Utf16 {
            inner,
            big_endian,
            high: None,
            ready: Vec::new(),
        });
        self.reader = BufReader::with_capacity(BUFFER, utf8);
    }

    /// The next bytes without taking them; none at the end or at an error, which the next read
    /// will report.
    pub fn peek(&mut self) -> &[u8] {
        self.reader.fill_buf().unwrap_or_default()
    }

    /// What kind of text comes, by its first character.
    pub fn content(&mut self) -> Content {
        match self.peek().iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Content::Json,
            Some(_) => Content::Text,
            None => Content::Empty,
        }
    }
}

impl FileInfo {
    /// An error for a file of another format.
    pub fn unknown(&self, expected: impl Into<String>) -> Error {
        Error::UnknownFormat {
            path: self.path.clone(),
            expected: expected.into(),
        }
    }

    /// Bytes of the file that were read, and its length.
    pub fn position(&self) -> (u64, u64) {
        (self.offset.get(), self.length)
    }

    /// What a failed read means: damage ends the reading with a note, a failing disk is an error.
    pub fn ended_early(&self, source: io::Error) -> Result<String> {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        match source.kind() {
            UnexpectedEof => Ok("the file ends too early; what came before was read".into()),
            InvalidData | InvalidInput => Ok(format!(
                "the file is damaged ({source}); what came before was read"
            )),
            _ => Err(Error::File {
                path: self.path.clone(),
                source,
            }),
        }
    }
}

/// Hands records to a callback and keeps count.
pub(crate) struct Delivery<'a, T> {
    each: Each<'a, T>,
    file: FileInfo,
    summary: ReadSummary,
}

impl<'a, T> Delivery<'a, T> {
    pub fn new(file: &FileInfo, each: Each<'a, T>) -> Self {
        Delivery {
            each,
            file: file.clone(),
            summary: ReadSummary::default(),
        }
    }

    pub fn record(&mut self, line: u64, value: Result<T, String>) -> ControlFlow<()> {
        match value {
            Ok(_) => self.summary.read += 1,
            Err(_) => self.summary.skipped += 1,
        }
        let flow = (self.each)(Record {
            line,
            offset: self.file.offset.get(),
            file_length: self.file.length,
            value,
        });
        self.summary.stopped = flow.is_break();
        flow
    }

    pub fn finish(mut self, truncated: Option<String>) -> ReadSummary {
        self.summary.truncated = truncated;
        self.summary.bytes_read = self.file.offset.get();
        self.summary
    }
}

struct Counted {
    file: File,
    offset: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.offset.set(self.offset.get() + count as u64);
        Ok(count)
    }
}

/// UTF-16 to UTF-8 on the fly; halves of a pair that stand alone become U+FFFD.
struct Utf16<R> {
    inner: R,
    big_endian: bool,
    high: Option<u16>,
    /// Bytes still to hand out, last first.
    ready: Vec<u8>,
}

impl<R: Read> Utf16<R> {
    fn unit(&mut self) -> io::Result<Option<u16>> {
        let mut pair = [0; 2];
        if self.inner.read(&mut pair[..1])? == 0 || self.inner.read(&mut pair[1..])? == 0 {
            return Ok(None);
        }
        Ok(Some(if self.big_endian {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }))
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        while let Some(slot) = buffer.get_mut(count) {
            if let Some(byte) = self.ready.pop() {
                *slot = byte;
                count += 1;
                continue;
            }
            let Some(unit) = self.unit()? else { break };
            let units = match self.high.take() {
                None if (0xd800..0xdc00).contains(&unit) => {
                    self.high = Some(unit);
                    continue;
                }
                None => vec![unit],
                Some(high) => vec![high, unit],
            };
            let text = String::from_utf16_lossy(&units);
            self.ready.extend(text.bytes().rev());
        }
        Ok(count)
    }
}
