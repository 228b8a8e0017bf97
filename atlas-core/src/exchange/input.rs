//! Opening a file to import: gzip, encodings, position, errors, a way to stop.
//!
//! A file is read twice: once to settle its encoding from all of its bytes, and once for its
//! records. Neither pass holds more than a few buffers.

mod source;

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::budget::Budget;
use super::encoding::{Decoding, EncodingSurvey, Settled, settle, wanted};
use super::kind::{self, Content};
use super::report::FileAccount;
use super::{Each, ReadSummary, Record};
use crate::domain::{FileReport, ReadOptions};
use crate::{Error, Result};
use source::{CountedReader, FileSource};

const BUFFER: usize = 128 * 1024;
/// So many bytes of text show what kind of file it is, and hold a table's header.
const START: usize = 256 * 1024;

/// Is told how far a file was read, in bytes as it lies on the disk, and its length; at least every
/// 256 kB, also while nothing is handed over. `Break` ends the reading with `CANCELLED`.
///
/// While the encoding is settled the first number stays 0.
pub type Watch<'a> = &'a dyn Fn(u64, u64) -> ControlFlow<()>;

/// A watch of those who neither look nor stop.
pub(crate) const UNWATCHED: Watch<'static> = &|_, _| ControlFlow::Continue(());

/// A file as plain UTF-8 bytes, whatever it is compressed or encoded with.
pub(crate) struct Input<'a> {
    pub reader: Plain<'a>,
    pub file: FileInfo,
    /// What is known of the file so far: its encoding.
    pub account: FileAccount,
    source: FileSource,
    settled: Settled,
    content: Content,
    watch: Watch<'a>,
}

/// The decompressed, decoded bytes.
pub(crate) type Plain<'a> = BufReader<Box<dyn Read + 'a>>;

/// Which file it is and how much of it was read.
#[derive(Clone)]
pub(crate) struct FileInfo {
    path: PathBuf,
    length: u64,
    offset: Rc<Cell<u64>>,
    /// The same of its text.
    text_offset: Rc<Cell<u64>>,
}

impl Input<'static> {
    /// Opens a file and settles its encoding.
    ///
    /// # Errors
    /// `FILE_FAILED`; `UNKNOWN_FORMAT` where the encoding is not sure; `INVALID_VALUE` for one
    /// that is not known.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self> {
        Self::watched(path, options, UNWATCHED)
    }

    /// The bytes of a file that were read already, plain or gzip.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[cfg(test)]
    pub fn of_bytes(path: &Path, bytes: Vec<u8>, options: &ReadOptions) -> Result<Self> {
        Self::settled(path, FileSource::of_bytes(bytes), options, UNWATCHED)
    }

    /// Text that was decoded already.
    pub fn of_text(path: &Path, text: Vec<u8>) -> Self {
        let source = FileSource::of_bytes(text);
        let content = Content::of(source.bytes().unwrap_or_default());
        let file = FileInfo {
            path: path.to_owned(),
            length: source.length(),
            offset: Rc::new(Cell::new(0)),
            text_offset: Rc::new(Cell::new(0)),
        };
        let reader = source.plain_reader(&file.offset);
        Input {
            reader: BufReader::with_capacity(BUFFER, reader),
            file,
            account: FileAccount::default(),
            source,
            settled: Settled::text(),
            content,
            watch: UNWATCHED,
        }
    }
}

impl<'a> Input<'a> {
    /// Opens a file that may take long.
    ///
    /// # Errors
    /// As [`open`](Self::open), and `CANCELLED`.
    pub fn watched(path: &Path, options: &ReadOptions, watch: Watch<'a>) -> Result<Self> {
        Self::settled(path, FileSource::open(path)?, options, watch)
    }

    fn settled(
        path: &Path,
        source: FileSource,
        options: &ReadOptions,
        watch: Watch<'a>,
    ) -> Result<Self> {
        let wanted = wanted(options)?;
        let file = FileInfo {
            path: path.to_owned(),
            length: source.length(),
            offset: Rc::new(Cell::new(0)),
            text_offset: Rc::new(Cell::new(0)),
        };
        let mut account = FileAccount::default();
        let survey = look(&source, &file, watch)?;
        let binary = kind::of_binary(survey.head(), survey.has_stray_zeros());
        let mut settled = Settled::text();
        if binary.is_none() {
            let refused = |reason| file.unknown(reason);
            settled = settle(&survey, wanted, &mut account).map_err(refused)?;
            if settled.is_to_be_checked() {
                let still = Rc::new(Cell::new(0));
                let mut raw = source.reader(&still, file.length, watch, None)?;
                skip(&mut raw, settled.mark).map_err(|error| file.failed(error))?;
                // What is damaged further on is said when the records are read.
                let decoded = Decoding::new(raw, settled.encoding).count();
                let counts = decoded.or_else(|error| match file.ended_early(error) {
                    Ok(_) => Ok(Default::default()),
                    Err(error) => Err(error),
                })?;
                settled.check(&counts, &mut account).map_err(refused)?;
            }
        }
        let mut input = Input {
            reader: opened(&source, &file, &settled, watch, &file.offset)?,
            file,
            account,
            source,
            settled,
            content: Content::Empty,
            watch,
        };
        input.content = match binary {
            Some(what) => Content::Other(what),
            None => Content::of(&input.start()?),
        };
        Ok(input)
    }

    /// The same file from its beginning, with the encoding that was settled. It counts how far it
    /// was read by itself.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn again(&self) -> Result<Self> {
        self.anew(None)
    }

    /// The same, for a look ahead: the watch is told how far this one was read.
    ///
    /// # Errors
    /// `FILE_FAILED`.
    pub fn look(&self) -> Result<Self> {
        self.anew(Some(&self.file.offset))
    }

    fn anew(&self, counter: Option<&Rc<Cell<u64>>>) -> Result<Self> {
        let file = FileInfo {
            offset: Rc::new(Cell::new(0)),
            text_offset: Rc::new(Cell::new(0)),
            ..self.file.clone()
        };
        Ok(Input {
            reader: {
                let counter = counter.unwrap_or(&file.offset);
                opened(&self.source, &file, &self.settled, self.watch, counter)?
            },
            file,
            account: self.account.clone(),
            source: self.source.clone(),
            settled: self.settled,
            content: self.content,
            watch: self.watch,
        })
    }

    /// The first bytes, without taking them; fewer at the end or at damage, which the next read
    /// will report.
    ///
    /// # Errors
    /// `CANCELLED`.
    pub fn start(&mut self) -> Result<Vec<u8>> {
        let mut start = Vec::new();
        let read = (&mut self.reader)
            .take(START as u64)
            .read_to_end(&mut start);
        if let Err(error) = read {
            let again = io::Error::new(error.kind(), error.to_string());
            self.file.ended_early(error)?;
            let rest: Box<dyn Read + 'a> =
                Box::new(io::Cursor::new(start.clone()).chain(Failed(Some(again))));
            self.reader = BufReader::with_capacity(BUFFER, rest);
            return Ok(start);
        }
        let empty: Box<dyn Read + 'a> = Box::new(io::empty());
        let rest = std::mem::replace(&mut self.reader, BufReader::with_capacity(0, empty));
        let whole: Box<dyn Read + 'a> = Box::new(io::Cursor::new(start.clone()).chain(rest));
        self.reader = BufReader::with_capacity(BUFFER, whole);
        Ok(start)
    }

    /// What the file is.
    pub fn content(&self) -> Content {
        self.content
    }
}

/// The first pass: what the bytes say about their encoding.
fn look(source: &FileSource, file: &FileInfo, watch: Watch<'_>) -> Result<EncodingSurvey> {
    let mut survey = EncodingSurvey::default();
    let still = Rc::new(Cell::new(0));
    let mut raw = source.reader(&still, file.length, watch, None)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        match raw.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => survey.feed(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // Damage is said when the records are read.
            Err(error) => {
                file.ended_early(error)?;
                survey.cut();
                break;
            }
        }
    }
    survey.finish();
    Ok(survey)
}

fn opened<'a>(
    source: &FileSource,
    file: &FileInfo,
    settled: &Settled,
    watch: Watch<'a>,
    counter: &Rc<Cell<u64>>,
) -> Result<Plain<'a>> {
    let mut raw = source.reader(&file.offset, file.length, watch, Some(counter))?;
    skip(&mut raw, settled.mark).map_err(|error| file.failed(error))?;
    let plain: Box<dyn Read + 'a> = match settled.as_is {
        true => raw,
        false => Box::new(Decoding::new(raw, settled.encoding)),
    };
    let plain = CountedReader {
        inner: plain,
        offset: Rc::clone(&file.text_offset),
    };
    Ok(BufReader::with_capacity(BUFFER, Box::new(plain)))
}

fn skip(reader: &mut impl Read, count: usize) -> io::Result<()> {
    io::copy(&mut reader.take(count as u64), &mut io::sink()).map(|_| ())
}

/// Fails once, and has ended then.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
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

    /// The memory that the file's content may take.
    pub fn budget(&self) -> Budget {
        Budget::of_file(self.length)
    }

    /// Bytes of the file that were read, and its length.
    pub fn position(&self) -> (u64, u64) {
        (self.offset.get(), self.length)
    }

    /// What a failed read means: damage ends the reading with a note, a failing disk is an error.
    ///
    /// # Errors
    /// `FILE_FAILED`, and `CANCELLED` where the watch ended the reading.
    pub fn ended_early(&self, source: io::Error) -> Result<String> {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        match source.kind() {
            UnexpectedEof => Ok("the file ends too early; what came before was read".into()),
            InvalidData | InvalidInput => Ok(format!(
                "the file is damaged ({source}); what came before was read"
            )),
            _ if source::is_stop(&source) => Err(Error::Cancelled),
            _ => Err(self.failed(source)),
        }
    }

    fn failed(&self, source: io::Error) -> Error {
        match source::is_stop(&source) {
            true => Error::Cancelled,
            false => Error::File {
                path: self.path.clone(),
                source,
            },
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
            text_offset: self.file.text_offset.get(),
            value,
        });
        self.summary.stopped = flow.is_break();
        flow
    }

    pub fn finish(mut self, truncated: Option<String>, report: FileReport) -> ReadSummary {
        self.summary.truncated = truncated;
        self.summary.bytes_read = self.file.offset.get();
        self.summary.file = report;
        self.summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], options: &ReadOptions) -> Result<(String, FileAccount)> {
        let mut input = Input::of_bytes(Path::new("x"), bytes.to_vec(), options)?;
        let mut text = String::new();
        let mut again = input.again()?;
        input.reader.read_to_string(&mut text).unwrap();
        let mut second = String::new();
        again.reader.read_to_string(&mut second).unwrap();
        assert_eq!(text, second);
        Ok((text, again.account))
    }

    fn named(name: &str) -> ReadOptions {
        ReadOptions {
            encoding: Some(name.to_owned()),
            ..ReadOptions::default()
        }
    }

    #[test]
    fn utf16_is_read_with_and_without_its_mark() {
        let text = "Issue key;Summary\nNIM-1;Preis – „Größe“ 😀\n";
        for mark in ["", "\u{feff}"] {
            let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
            for (bytes, name) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
                let (read, account) = read(&bytes, &ReadOptions::default()).unwrap();
                assert_eq!(read, text);
                assert_eq!(account.finish().encoding.as_deref(), Some(name));
            }
        }
    }

    #[test]
    fn what_is_named_is_obeyed_or_contradicted() {
        assert_eq!(
            read(b"a \xd6", &named("koi8-r")).unwrap().0,
            "a ж".to_uppercase().as_str().to_lowercase()
        );
        let wrong = read(b"a \x80\xff \x81", &named("shift_jis")).unwrap_err();
        assert!(wrong.to_string().contains("Shift_JIS"), "{wrong}");
        assert_eq!(
            read(b"a", &named("ebcdic")).unwrap_err().code(),
            "INVALID_VALUE"
        );
        assert!(read(b"\xff\xfea\0", &named("utf-8")).is_err());
        assert_eq!(read(b"\xfe\xff\0a", &named("utf-16")).unwrap().0, "a");
    }

    #[test]
    fn a_few_broken_bytes_are_told() {
        let (text, account) = read(
            "äöü \u{0}".replace('\u{0}', "x").as_bytes(),
            &ReadOptions::default(),
        )
        .unwrap();
        assert_eq!(
            (text.as_str(), account.finish().warnings.len()),
            ("äöü x", 0)
        );
        let (text, account) = read(b"\xc3\xa4\xc3\xb6\n\xff", &ReadOptions::default()).unwrap();
        let warnings = account.finish().warnings;
        assert_eq!(text, "äö\n\u{fffd}");
        assert!(warnings[0].contains("line 2"), "{warnings:?}");
    }
}
