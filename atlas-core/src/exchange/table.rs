//! Tables as text: rows with named columns, whatever separates them and stands above them.

mod check;
mod header;
mod layout;
mod lenient;
mod quotes;
mod records;
mod window;

use std::io::Read;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::input::{FileInfo, Input, Plain};
use super::report::{FileAccount, shortened, without_values};
use crate::Result;
use crate::domain::ReadOptions;
use check::Check;
pub(crate) use check::{below, other_header};
use layout::Layout;
use records::Records;

/// So much of the header is shown in an error.
const SHOWN: usize = 6;

/// A table whose header was read.
pub(crate) struct Table<'a> {
    pub columns: Columns,
    pub file: FileInfo,
    /// What is known of the file so far: its encoding, the separator, what stood above the header.
    pub account: FileAccount,
    source: TableSource<'a>,
}

/// Where the rows come from.
enum TableSource<'a> {
    Text(TableText<'a>),
    Rows(std::vec::IntoIter<Row>),
}

/// Rows as text, and what is needed to read them again.
struct TableText<'a> {
    records: Records<Plain<'a>>,
    layout: Rc<Layout>,
    delimiter: u8,
    /// The place behind the header, and the line there.
    start: u64,
    line: u64,
}

/// The columns' names, trimmed. Capitals make no difference.
#[derive(Debug, Clone)]
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

    /// How many columns there are, without those at the end that have no name.
    pub fn filled(&self) -> usize {
        let last = self.0.iter().rposition(|name| !name.is_empty());
        last.map_or(0, |last| last + 1)
    }

    /// Every column with its place.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0.iter().map(String::as_str).enumerate()
    }
}

/// A row, with the line where it starts.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub line: u64,
    cells: Vec<String>,
}

impl Row {
    /// A row that starts at a line.
    pub fn new(line: u64, cells: Vec<String>) -> Self {
        Row { line, cells }
    }

    /// Replaces a cell where `change` has another text for it.
    pub fn change(&mut self, place: usize, change: impl Fn(&str) -> Option<String>) {
        if let Some(cell) = self.cells.get_mut(place)
            && let Some(text) = change(cell)
        {
            *cell = text;
        }
    }

    /// How many cells it has; fewer than the header where it ends early.
    pub fn len(&self) -> usize {
        self.cells.len()
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

    /// Whether nothing stands in it, or only lines of a drawn table.
    fn is_filler(&self) -> bool {
        let mut cells = self.cells.iter().map(|cell| cell.trim());
        let is_drawn =
            |cell: &str| cell.len() > 2 && cell.trim_matches(['-', ':', '=', '+']).is_empty();
        cells.all(|cell| cell.is_empty() || is_drawn(cell))
    }
}

/// The rows that end before the header does.
#[derive(Debug, Default)]
pub(crate) struct ShortRows {
    count: u64,
    first: u64,
}

impl ShortRows {
    /// Counts a row that is read.
    pub fn see(&mut self, line: u64, is_short: bool) {
        if is_short {
            self.count += 1;
            self.first = if self.count == 1 { line } else { self.first };
        }
    }

    /// Says how many there are, and what becomes of what they leave out.
    pub fn tell(&self, account: &mut FileAccount, meaning: &str) {
        let rows = match self.count {
            0 => return,
            1 => "1 row has".to_owned(),
            count => format!("{count} rows have"),
        };
        account.warn(format!(
            "{rows} fewer cells than the header (the first in line {}): {meaning}",
            self.first
        ));
    }
}

impl<'a> Table<'a> {
    /// Finds separator and header, and reads it. `known` says how many columns of a possible
    /// header the caller knows; where it knows none of any, the header is the first line.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a separator that cannot be one; `CANCELLED`.
    pub fn open(
        mut input: Input<'a>,
        options: &ReadOptions,
        known: &dyn Fn(&Columns) -> usize,
    ) -> Result<Self> {
        let wanted = options.delimiter_byte()?;
        let start = input.start()?;
        let header = header::find(&start, wanted, known);
        let columns = Columns::new(header.cells);
        let mut look = input.look()?;
        pass(&mut look, header.end as u64)?;
        let (layout, failure) = Layout::of(look.reader, header.delimiter, columns.0.len());
        if let Some(error) = failure {
            // Damage is told when the rows are read.
            look.file.ended_early(error)?;
        }
        let mut account = std::mem::take(&mut input.account);
        account.file().delimiter = Some(delimiter_name(header.delimiter));
        if let Some(above) = &header.above {
            account.assumed(
                "header",
                format!("line {}", header.line),
                format!(
                    "what stands above it was passed over: \"{}\"",
                    shortened(above)
                ),
            );
        }
        let text = (header.delimiter, header.end as u64, header.next_line);
        Self::under(input, account, columns, text, Rc::new(layout))
    }

    /// The same table from its first row, from the same file opened again.
    ///
    /// # Errors
    /// `CANCELLED`.
    pub fn again(&self, input: Input<'a>) -> Result<Self> {
        let (account, columns) = (self.account.clone(), self.columns.clone());
        match &self.source {
            TableSource::Text(text) => {
                let place = (text.delimiter, text.start, text.line);
                Self::under(input, account, columns, place, Rc::clone(&text.layout))
            }
            TableSource::Rows(rows) => {
                let rows = rows.as_slice().to_vec();
                Ok(Self::of_rows(input.file, account, columns, rows))
            }
        }
    }

    fn under(
        mut input: Input<'a>,
        account: FileAccount,
        columns: Columns,
        (delimiter, start, line): (u8, u64, u64),
        layout: Rc<Layout>,
    ) -> Result<Self> {
        pass(&mut input, start)?;
        let width = columns.0.len();
        let records = Records::new(input.reader, delimiter, width, line, Rc::clone(&layout));
        Ok(Table {
            columns,
            file: input.file,
            account,
            source: TableSource::Text(TableText {
                records,
                layout,
                delimiter,
                start,
                line,
            }),
        })
    }

    /// The rows of a workbook.
    pub fn of_rows(file: FileInfo, account: FileAccount, columns: Columns, rows: Vec<Row>) -> Self {
        Table {
            columns,
            file,
            account,
            source: TableSource::Rows(rows.into_iter()),
        }
    }

    /// The header as it was read, for an error about a column that is not there.
    pub fn shown(&self) -> String {
        let first = self.columns.iter().map(|(_, name)| name);
        let first = first.filter(|name| !name.is_empty()).take(SHOWN);
        let first: Vec<String> = first.map(without_values).collect();
        let shown: String = first
            .join(", ")
            .chars()
            .filter(|c| !c.is_control())
            .take(80)
            .collect();
        match &self.source {
            TableSource::Rows(_) => format!("its header: {shown}"),
            TableSource::Text(text) => {
                let delimiter = delimiter_name(text.delimiter);
                format!("its first line: {shown}; read with the separator {delimiter}")
            }
        }
    }

    /// Hands over every row with text in it, or the line of one that cannot be read and the reason;
    /// says why reading ended early, if it did.
    ///
    /// # Errors
    /// `FILE_FAILED`, `CANCELLED`.
    pub fn each_row(
        &mut self,
        mut each: impl FnMut(u64, std::result::Result<Row, String>) -> ControlFlow<()>,
    ) -> Result<Option<String>> {
        let records = match &mut self.source {
            TableSource::Text(text) => &mut text.records,
            TableSource::Rows(rows) => {
                let mut check = Check::new(&self.columns, None);
                let _ = rows.try_for_each(|row| each(row.line, check.row(row)));
                return Ok(None);
            }
        };
        let mut check = Check::new(&self.columns, Some(records.delimiter()));
        loop {
            let (line, row) = match records.next() {
                Ok(Some(record)) => record,
                Ok(None) => return Ok(None),
                Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                    let line = records.line();
                    return Ok(Some(format!(
                        "the row at line {line} has no end: a quote is probably not closed"
                    )));
                }
                Err(error) => return self.file.ended_early(error).map(Some),
            };
            let row = row.map(|cells| Row::new(line, cells.into_iter().map(unwrapped).collect()));
            let is_filler = row.as_ref().is_ok_and(Row::is_filler);
            let row = match is_filler {
                true => row,
                false => row.and_then(|row| check.row(row)),
            };
            if !is_filler && each(line, row).is_break() {
                return Ok(None);
            }
        }
    }
}

/// Passes over the first bytes of a file.
fn pass(input: &mut Input<'_>, count: u64) -> Result<()> {
    let passed = std::io::copy(&mut (&mut input.reader).take(count), &mut std::io::sink());
    if let Err(error) = passed {
        input.file.ended_early(error)?;
    }
    Ok(())
}

/// A cell without the formula that keeps spreadsheets from reading a text as a number: `="1-2"`.
fn unwrapped(cell: String) -> String {
    let inner = cell.trim().strip_prefix("=\"");
    match inner.and_then(|inner| inner.strip_suffix('"')) {
        // What has quotes inside may be more than a text.
        Some(inner) if !inner.contains('"') => inner.to_owned(),
        _ => cell,
    }
}

/// The names of the columns of a table, from its first bytes.
pub(crate) fn header_in(start: &[u8], known: &dyn Fn(&Columns) -> usize) -> Vec<String> {
    header::find(start, None, known).cells
}

fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tab".to_owned(),
        byte if byte.is_ascii_graphic() => char::from(byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    }
}

#[cfg(test)]
mod tests;
