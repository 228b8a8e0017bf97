//! The cells of a sheet, row by row: only those with text take room.

use super::format;
use super::package::{Package, PartItem, attribute, is_on};
use super::workbook::{RichText, Workbook, unescaped};
use super::{Merged, SheetRow, UnreadCell};

/// The most cells with text that a workbook may have, and the most text in them.
const MOST_CELLS: usize = 5_000_000;
const MOST_TEXT: usize = 256 * 1024 * 1024;
/// The most merged regions of a sheet that count.
const MOST_MERGED: usize = 100_000;
/// The last row and column of a spreadsheet, from 1.
const LAST_ROW: u64 = 1_048_576;
const LAST_COLUMN: usize = 16_384;

/// How much of the workbook's cells may still be read.
pub(super) struct Room {
    cells: usize,
    text: usize,
}

impl Room {
    pub fn new() -> Self {
        Room {
            cells: MOST_CELLS,
            text: MOST_TEXT,
        }
    }

    fn take(&mut self, text: &str) -> Result<(), String> {
        let left = self
            .cells
            .checked_sub(1)
            .zip(self.text.checked_sub(text.len()));
        let (cells, text) = left.ok_or("the workbook has too many cells: split it")?;
        (self.cells, self.text) = (cells, text);
        Ok(())
    }
}

/// What stands in a sheet.
#[derive(Default)]
pub(super) struct Grid {
    pub rows: Vec<SheetRow>,
    pub merged: Vec<Merged>,
    pub hidden_rows: u64,
}

/// Reads a sheet; what came before a fault is there.
pub(super) fn read(
    package: &mut Package<'_>,
    part: &str,
    book: &Workbook,
    room: &mut Room,
) -> (Grid, Option<String>) {
    let mut reader = SheetCells {
        book,
        room,
        grid: Grid::default(),
        row: None,
        last_row: 0,
        last_column: 0,
        cell: None,
    };
    let fault = package.read(part, &mut |item| reader.take(&item)).err();
    reader.end_row();
    (reader.grid, fault)
}

struct SheetCells<'a> {
    book: &'a Workbook,
    room: &'a mut Room,
    grid: Grid,
    row: Option<SheetRow>,
    last_row: u64,
    /// The last cell of the row, from 1.
    last_column: usize,
    cell: Option<SheetCell>,
}

/// A cell that was begun.
#[derive(Default)]
struct SheetCell {
    column: usize,
    kind: String,
    style: usize,
    /// The formula, if it has one.
    formula: Option<String>,
    /// What is stored, if anything is.
    value: Option<String>,
    inline: RichText,
    inside: Inside,
}

#[derive(Default, PartialEq)]
enum Inside {
    #[default]
    Nothing,
    Formula,
    Value,
    Inline,
}

impl SheetCells<'_> {
    fn take(&mut self, item: &PartItem<'_>) -> Result<(), String> {
        if let Some(cell) = &mut self.cell {
            if matches!(item, PartItem::Close("c")) {
                return self.end_cell();
            }
            cell.take(item);
            return Ok(());
        }
        match item {
            PartItem::Open(element) => match element.local_name().as_ref() {
                "row" => {
                    self.end_row();
                    let number = attribute(element, "r").and_then(|r| r.parse().ok());
                    self.last_row = number.unwrap_or(self.last_row + 1);
                    if !(1..=LAST_ROW).contains(&self.last_row) {
                        return Err(format!("row {} is beyond the last one", self.last_row));
                    }
                    self.grid.hidden_rows += u64::from(is_on(attribute(element, "hidden")));
                    self.last_column = 0;
                    self.row = Some(SheetRow {
                        line: self.last_row,
                        ..SheetRow::default()
                    });
                }
                "c" if self.row.is_some() => self.begin_cell(
                    attribute(element, "r").as_deref(),
                    attribute(element, "t").unwrap_or_default(),
                    attribute(element, "s").and_then(|style| style.parse().ok()),
                )?,
                "mergeCell" if self.grid.merged.len() < MOST_MERGED => {
                    let region = attribute(element, "ref");
                    self.grid
                        .merged
                        .extend(region.as_deref().and_then(region_of));
                }
                _ => {}
            },
            PartItem::Close("row") => self.end_row(),
            _ => {}
        }
        Ok(())
    }

    fn begin_cell(
        &mut self,
        name: Option<&str>,
        kind: String,
        style: Option<usize>,
    ) -> Result<(), String> {
        let named = name.and_then(place).map(|(_, column)| column);
        let column = named.unwrap_or(self.last_column + 1);
        if column > LAST_COLUMN {
            return Err(format!("row {} has too many cells", self.last_row));
        }
        self.cell = Some(SheetCell {
            column,
            kind,
            style: style.unwrap_or(0),
            ..SheetCell::default()
        });
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), String> {
        let Some((cell, row)) = self.cell.take().zip(self.row.as_mut()) else {
            return Ok(());
        };
        let column = cell.column - 1;
        self.last_column = cell.column;
        match cell.text(self.book) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => {
                self.room.take(&text)?;
                row.cells.push((column, text));
            }
            Err((value, reason)) => {
                self.room.take(&value)?;
                row.unread.push(UnreadCell {
                    column,
                    value,
                    reason,
                });
            }
        }
        Ok(())
    }

    fn end_row(&mut self) {
        if let Some(row) = self.row.take()
            && !(row.cells.is_empty() && row.unread.is_empty())
        {
            self.grid.rows.push(row);
        }
    }
}

impl SheetCell {
    fn take(&mut self, item: &PartItem<'_>) {
        match (item, &self.inside) {
            (PartItem::Open(element), Inside::Nothing) => match element.local_name().as_ref() {
                "f" => {
                    self.formula = Some(String::new());
                    self.inside = Inside::Formula;
                }
                "v" => {
                    self.value = Some(String::new());
                    self.inside = Inside::Value;
                }
                "is" => self.inside = Inside::Inline,
                _ => {}
            },
            (PartItem::Close("f" | "v" | "is"), _) => self.inside = Inside::Nothing,
            (PartItem::Text(text), Inside::Formula) => {
                self.formula.get_or_insert_default().push_str(text);
            }
            (PartItem::Text(text), Inside::Value) => {
                self.value.get_or_insert_default().push_str(text);
            }
            (item, Inside::Inline) => self.inline.take(item),
            _ => {}
        }
    }

    /// What the cell shows, or what of it cannot be read and why.
    fn text(self, book: &Workbook) -> Result<String, (String, &'static str)> {
        const UNCOMPUTED: &str = "a formula without a stored value: open the workbook in the \
            spreadsheet program and save it";
        let value = self.value.as_deref().unwrap_or_default();
        if let Some(formula) = &self.formula {
            let is_text = self.kind == "str" && self.value.is_some();
            let is_computed = !value.trim().is_empty() || is_text;
            // Programs that do not compute write a 0 and let the workbook be computed when opened.
            let is_promised = book.computes && value.trim() == "0" && self.kind != "s";
            if !is_computed || is_promised {
                return Err((format!("={formula}"), UNCOMPUTED));
            }
        }
        match self.kind.as_str() {
            "s" => match value
                .trim()
                .parse()
                .ok()
                .and_then(|place: usize| book.texts.get(place))
            {
                Some(text) => Ok(text.clone()),
                None if value.trim().is_empty() => Ok(String::new()),
                None => Err((value.to_owned(), "a text that the workbook has")),
            },
            "inlineStr" => Ok(unescaped(&self.inline.text)),
            "str" => Ok(unescaped(value)),
            "d" => Ok(value.to_owned()),
            "b" => Ok((value.trim() == "1").to_string()),
            "e" => Err((value.to_owned(), "a fault of the sheet: mend the cell")),
            _ if value.trim().is_empty() => Ok(unescaped(&self.inline.text)),
            _ => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    let format = book.formats.get(self.style);
                    let format = format.unwrap_or(&format::Format::Plain);
                    Ok(format::text(number, format, book.from_1904))
                }
                _ => Err((value.to_owned(), "a number")),
            },
        }
    }
}

/// Row and column of `B12`, from 1.
fn place(name: &str) -> Option<(u64, usize)> {
    let name = name.replace('$', "");
    let letters = name.len()
        - name
            .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .len();
    let (letters, number) = name.split_at(letters);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| {
        column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    Some((number.parse().ok()?, column))
}

/// The region of `A2:B4`.
fn region_of(name: &str) -> Option<Merged> {
    let (first, last) = name.split_once(':')?;
    let ((top, left), (bottom, right)) = (place(first)?, place(last)?);
    let fits = top <= bottom && left <= right && bottom <= LAST_ROW && right <= LAST_COLUMN;
    fits.then_some(Merged {
        top,
        bottom,
        left: left - 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_are_places() {
        assert_eq!(place("A1"), Some((1, 1)));
        assert_eq!(place("$AB$12"), Some((12, 28)));
        assert_eq!(place("XFD1048576"), Some((LAST_ROW, LAST_COLUMN)));
        for name in ["", "12", "A", "AAAA1", "1A"] {
            assert_eq!(place(name), None, "{name}");
        }
        let region = region_of("A2:B4").unwrap();
        assert_eq!((region.top, region.bottom, region.left), (2, 4, 0));
        assert!(region_of("B4:A2").is_none());
    }
}
