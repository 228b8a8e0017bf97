//! Excel workbooks as sheets of texts: every sheet, each cell as the spreadsheet shows it.
//!
//! A sheet takes as much room as it has cells with text, wherever they stand. What cannot be read
//! is told with its cell: a formula without a stored value, a fault of the sheet.

#[cfg(feature = "excel")]
mod format;
mod one_table;
#[cfg(feature = "excel")]
mod package;
#[cfg(feature = "excel")]
mod sheet;
#[cfg(feature = "excel")]
mod workbook;

pub(crate) use one_table::one_table;

use std::path::Path;

use super::header;
use super::report::{FileAccount, shortened};
use super::table::{Columns, Row};
use crate::{Error, Result};

/// The most that a workbook's file may hold.
pub(crate) const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// The most cells that the rows under a header may span.
const MOST_SPANNED: usize = 50_000_000;

/// A sheet of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Whether the workbook counts days from 1904 on, and not from 1900.
    pub from_1904: bool,
    /// How many of its rows are hidden; they are read all the same.
    pub hidden_rows: u64,
    /// The rows with anything in them.
    pub rows: Vec<SheetRow>,
    pub merged: Vec<Merged>,
    /// Why it could not be read, or not to its end.
    pub fault: Option<String>,
}

/// A row of a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct SheetRow {
    /// Its number, from 1.
    pub line: u64,
    /// The cells with text, by their columns, from 0.
    pub cells: Vec<(usize, String)>,
    /// The cells that could not be read.
    pub unread: Vec<UnreadCell>,
}

/// A cell that could not be read.
#[derive(Debug, Clone)]
pub(crate) struct UnreadCell {
    pub column: usize,
    /// What stands there: the formula, the fault.
    pub value: String,
    /// What is wrong, or what would be right.
    pub reason: &'static str,
}

/// Cells that are one: its rows from 1, its first column from 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Merged {
    pub top: u64,
    pub bottom: u64,
    pub left: usize,
}

/// The header of a sheet, and the place of the first row below it.
pub(crate) struct SheetHeader {
    pub columns: Columns,
    names: Vec<String>,
    first: usize,
    line: u64,
    /// The first text above it.
    above: Option<String>,
}

/// Whether a file is a zip package, as workbooks are.
pub(crate) fn is_workbook(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04")
}

/// What a file of a spreadsheet is that is no workbook of today's Excel, and what to do.
pub(crate) fn other_spreadsheet(start: &[u8]) -> Option<&'static str> {
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(
            "it is an Excel file of the old kind (.xls), or one with a password: save it as .xlsx \
             without a password, or as CSV",
        );
    }
    let start = start.get(..start.len().min(2_000))?;
    let text = String::from_utf8_lossy(start).to_lowercase();
    let root = root(&text)?;
    let begins = |names: &[&str]| names.iter().any(|name| root.starts_with(name));
    if text.contains("urn:schemas-microsoft-com:office:spreadsheet") && begins(&["workbook"]) {
        Some(
            "it is an Excel file of the old XML kind (XML Spreadsheet 2003): save it as .xlsx or \
             as CSV",
        )
    } else if begins(&[
        "!doctype html",
        "html",
        "head",
        "meta",
        "body",
        "style",
        "table",
        "div",
    ]) {
        Some(
            "it is a web page (HTML), whatever its name says: export it as CSV, or open it in the \
             spreadsheet program and save it as .xlsx",
        )
    } else {
        None
    }
}

/// What stands in the first mark of a document that is neither a declaration nor a comment.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let inner = rest.strip_prefix('<')?;
        let end = match inner {
            _ if inner.starts_with('?') => "?>",
            _ if inner.starts_with("!--") => "-->",
            _ => return Some(inner),
        };
        let at = inner.find(end)?;
        rest = inner.get(at + end.len()..)?.trim_start();
    }
}

/// Every sheet of a workbook, in order.
///
/// # Errors
/// `UNKNOWN_FORMAT` with what the file is instead, or with what of it is too large or damaged.
#[cfg(feature = "excel")]
pub(crate) fn sheets(path: &Path, bytes: &[u8]) -> Result<Vec<Sheet>> {
    let unreadable =
        |reason: String| unknown(path, format!("the Excel file cannot be read: {reason}"));
    let mut package = package::Package::open(bytes).map_err(unreadable)?;
    if let Some(what) = what_else(&mut package) {
        return Err(unknown(path, what));
    }
    let book = workbook::Workbook::read(&mut package).map_err(unreadable)?;
    let mut room = sheet::Room::new();
    let mut sheets = Vec::new();
    for entry in &book.sheets {
        let mut sheet = Sheet {
            name: entry.name.clone(),
            hidden: entry.hidden,
            from_1904: book.from_1904,
            ..Sheet::default()
        };
        match &entry.part {
            Some(part) => {
                let (grid, fault) = sheet::read(&mut package, part, &book, &mut room);
                sheet.rows = grid.rows;
                sheet.rows.sort_by_key(|row| row.line);
                sheet.merged = grid.merged;
                sheet.hidden_rows = grid.hidden_rows;
                sheet.fault = fault;
            }
            None => sheet.fault = Some("it is a chart or a dialog and has no cells".into()),
        }
        sheets.push(sheet);
    }
    match sheets.is_empty() {
        true => Err(unknown(path, "the Excel file has no sheet")),
        false => Ok(sheets),
    }
}

/// Every sheet of a workbook.
#[cfg(not(feature = "excel"))]
pub(crate) fn sheets(path: &Path, _: &[u8]) -> Result<Vec<Sheet>> {
    Err(unknown(
        path,
        "this build reads no Excel files (feature `excel`): save the sheet as CSV",
    ))
}

/// A day as ISO 8601, from the number that a workbook has for it which counts from 1904 on.
#[cfg(feature = "excel")]
pub(crate) fn day_since_1904(number: &str) -> Option<String> {
    let number: f64 = number.trim().parse().ok()?;
    // As with days since 1900: from 1990 to 2100.
    (31_412.0..71_954.0)
        .contains(&number)
        .then(|| format::day(number, true))?
}

/// A day as ISO 8601; nothing without workbooks.
#[cfg(not(feature = "excel"))]
pub(crate) fn day_since_1904(_: &str) -> Option<String> {
    None
}

/// What a package is that is no workbook.
#[cfg(feature = "excel")]
fn what_else(package: &mut package::Package<'_>) -> Option<String> {
    let kind = package.text("mimetype");
    let what = if kind.contains("opendocument.spreadsheet") {
        "it is an OpenDocument spreadsheet (.ods): save it as .xlsx or as CSV"
    } else if package.has("xl/workbook.bin") {
        "it is a binary Excel file (.xlsb): save it as .xlsx or as CSV"
    } else if package.has_any("index/") && package.has_any("metadata/") {
        "it is a file of Numbers: export it as Excel or as CSV"
    } else if package.has_any("word/") || package.has_any("ppt/") {
        "it is a text document or a presentation, not a workbook"
    } else if !package.has("[content_types].xml") && !package.has_any("xl/") {
        "it is a zip archive, not a workbook: unpack it and import what is in it"
    } else {
        return None;
    };
    Some(what.to_owned())
}

fn unknown(path: &Path, expected: impl Into<String>) -> Error {
    Error::UnknownFormat {
        path: path.to_owned(),
        expected: expected.into(),
    }
}

impl Sheet {
    /// The header: the row that names the most columns that are known. Where cells of it are
    /// merged with those below, it ends with them.
    pub fn header(&self, known: &dyn Fn(&Columns) -> usize) -> Option<SheetHeader> {
        let first = self.rows.get(..header::MOST_ROWS.min(self.rows.len()))?;
        let rows: Vec<Vec<String>> = (0..first.len()).map(|place| self.names(place)).collect();
        let place = header::find(&rows, known)?;
        let above = first.iter().take(place).flat_map(|row| &row.cells);
        let above = above
            .map(|(_, text)| text.trim())
            .find(|text| !text.is_empty());
        let names = rows.into_iter().nth(place)?;
        Some(SheetHeader {
            columns: Columns::new(names.clone()),
            names,
            first: place + 1,
            line: first.get(place).map_or(1, |row| row.line),
            above: above.map(str::to_owned),
        })
    }

    /// A row as a header: a cell that is merged with one above has its text.
    fn names(&self, place: usize) -> Vec<String> {
        let Some(row) = self.rows.get(place) else {
            return Vec::new();
        };
        let mut names = row.dense(row.width());
        let above = |merged: &&Merged| merged.top < row.line && row.line <= merged.bottom;
        for merged in self.merged.iter().filter(above) {
            let Some(text) = self.text(merged.top, merged.left) else {
                continue;
            };
            if names.len() <= merged.left {
                names.resize(merged.left + 1, String::new());
            }
            if let Some(name) = names.get_mut(merged.left).filter(|name| name.is_empty()) {
                *name = text.to_owned();
            }
        }
        names
    }

    /// The text of a cell: its row from 1, its column from 0.
    pub fn text(&self, line: u64, column: usize) -> Option<&str> {
        let place = self.rows.binary_search_by_key(&line, |row| row.line).ok()?;
        self.rows.get(place)?.text(column)
    }

    /// The rows below a header.
    ///
    /// # Errors
    /// That they span too many cells.
    pub fn below(&self, header: &SheetHeader) -> std::result::Result<&[SheetRow], String> {
        let rows = self.rows.get(header.first..).unwrap_or_default();
        match rows.len().saturating_mul(header.names.len()) > MOST_SPANNED {
            true => Err("it has too many rows and columns: split it".into()),
            false => Ok(rows),
        }
    }
}

impl SheetHeader {
    /// The names of its columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Says what stands above it and is not read.
    pub fn tell(&self, sheet: &str, account: &mut FileAccount) {
        if let Some(above) = &self.above {
            let why = format!(
                "what stands above it was passed over: \"{}\"",
                shortened(above)
            );
            let place = format!("row {} of the sheet \"{sheet}\"", self.line);
            account.assumed("header", place, why);
        }
    }

    /// The name of a column, its letter in the sheet where it has none.
    pub fn name(&self, column: usize) -> String {
        let name = self.names.get(column).map(|name| name.trim());
        let name = name.filter(|name| !name.is_empty());
        name.map_or_else(|| letters(column), str::to_owned)
    }

    /// A row of the sheet as a row of the table, if it has any text there.
    pub fn row(&self, row: &SheetRow) -> Option<Row> {
        let width = self.names.len();
        let has_text = row.cells.iter().any(|(column, _)| *column < width);
        has_text.then(|| Row::new(row.line, row.dense(width)))
    }
}

/// The letters of a column, which counts from 0.
fn letters(column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters
}

impl SheetRow {
    /// The text of a cell, its column from 0.
    pub fn text(&self, column: usize) -> Option<&str> {
        let found = self.cells.iter().find(|(one, _)| *one == column);
        found.map(|(_, text)| text.as_str())
    }

    fn width(&self) -> usize {
        let last = self.cells.iter().map(|(column, _)| *column).max();
        last.map_or(0, |column| column + 1)
    }

    fn dense(&self, width: usize) -> Vec<String> {
        let mut cells = vec![String::new(); width];
        for (column, text) in &self.cells {
            if let Some(cell) = cells.get_mut(*column) {
                cell.clone_from(text);
            }
        }
        cells
    }
}
