//! CSV files as rows with named columns: separators, repeated columns, quoted line feeds.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use super::input::{FileInfo, Input, Plain};
use crate::Result;

/// A longer row is a quote that was never closed, and must not fill the memory.
const LONGEST_ROW: usize = 64 * 1024 * 1024;

/// A CSV file whose header was read.
pub(crate) struct Table {
    pub columns: Columns,
    pub file: FileInfo,
    source: Source,
}

/// Where the rows come from.
enum Source {
    Csv(Box<csv::Reader<Limited>>, Rc<Cell<usize>>),
    Sheet(Vec<Row>),
}

/// The columns' names, trimmed. Capitals make no difference.
pub(crate) struct Columns(Vec<String>);

impl Columns {
    /// Columns with these names.
    pub fn new(names: Vec<String>) -> Self {
        Columns(names.iter().map(|name| name.trim().to_owned()).collect())
    }

    /// The places of the columns with one of these names, by the names' order.
    pub fn find(&self, names: &[&str]) -> Vec<usize> {
        let places = |name: &&str| {
            let name = (*name).to_owned();
            self.iter()
                .filter(move |(_, column)| column.eq_ignore_ascii_case(&name))
                .map(|(place, _)| place)
        };
        names.iter().flat_map(places).collect()
    }

    /// Every column with its place.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0.iter().map(String::as_str).enumerate()
    }
}

/// A row, with the line where it starts.
pub(crate) struct Row {
    pub line: u64,
    cells: Vec<String>,
}

impl Row {
    /// A row that starts at a line.
    pub fn new(line: u64, cells: Vec<String>) -> Self {
        Row { line, cells }
    }

    /// The first of these cells that has text.
    pub fn first(&self, places: &[usize]) -> Option<&str> {
        self.all(places).next()
    }

    /// The text of those of these cells that have any.
    pub fn all(&self, places: &[usize]) -> impl Iterator<Item = &str> {
        let cells = places.iter().filter_map(|&place| self.cells.get(place));
        cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    }
}

impl Table {
    /// Reads the header; the separator is the one that the first line has most of.
    pub fn open(mut input: Input) -> Self {
        let delimiter = delimiter(input.peek());
        let room = Rc::new(Cell::new(LONGEST_ROW));
        let limited = Limited {
            inner: input.reader,
            room: Rc::clone(&room),
        };
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(limited);
        let header = rows.byte_headers().cloned().unwrap_or_default();
        Table {
            columns: Columns::new(header.iter().map(text).collect()),
            file: input.file,
            source: Source::Csv(Box::new(rows), room),
        }
    }

    /// The rows of a workbook.
    pub fn of_rows(file: FileInfo, columns: Columns, rows: Vec<Row>) -> Self {
        Table {
            columns,
            file,
            source: Source::Sheet(rows),
        }
    }

    /// Hands over every row with text in it, and says why reading ended early, if it did.
    pub fn each_row(
        self,
        mut each: impl FnMut(&Columns, Row) -> ControlFlow<()>,
    ) -> Result<Option<String>> {
        let (mut rows, room) = match self.source {
            Source::Csv(rows, room) => (rows, room),
            Source::Sheet(rows) => {
                let mut rows = rows.into_iter();
                let _ = rows.try_for_each(|row| each(&self.columns, row));
                return Ok(None);
            }
        };
        let mut record = csv::ByteRecord::new();
        loop {
            room.set(LONGEST_ROW);
            match rows.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => return ended(&self.file, rows.position().line(), error),
            }
            let line = record.position().map_or(0, csv::Position::line);
            let row = Row::new(line, record.iter().map(text).collect());
            let is_filler = row.cells.iter().all(|cell| cell.trim().is_empty());
            if !is_filler && each(&self.columns, row).is_break() {
                return Ok(None);
            }
        }
    }
}

fn ended(file: &FileInfo, line: u64, error: csv::Error) -> Result<Option<String>> {
    match error.into_kind() {
        csv::ErrorKind::Io(source) if source.kind() == io::ErrorKind::FileTooLarge => Ok(Some(
            format!("the row at line {line} has no end: a quote is probably not closed"),
        )),
        csv::ErrorKind::Io(source) => file.ended_early(source).map(Some),
        other => Ok(Some(format!("line {line}: {other:?}"))),
    }
}

/// UTF-8, or else the one-byte encoding of Western Europe that older spreadsheets write.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

fn delimiter(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for &byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == *delimiter);
                }
            }
            _ => {}
        }
    }
    // Of equals the first: a header of one column has no separator.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    best.map_or(b',', |(delimiter, _)| *delimiter)
}

/// Ends with an error where one row takes more than its room.
struct Limited {
    inner: Plain,
    room: Rc<Cell<usize>>,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.room.get().checked_sub(count) {
            Some(left) => self.room.set(left),
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        Ok(count)
    }
}
