//! Tables without lines, one row a line.

use std::ops::Range;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Row, Table,
    TableStyle,
};

use crate::style::{FAINT, paint};
use crate::text::{fit, plain};

/// Columns before a note.
const INDENT: usize = 4;

/// A table whose last column takes what is left of the width and is cut there.
pub struct Rows {
    table: Table,
    /// One for each row, shown below it where it is not empty.
    notes: Vec<String>,
    width: usize,
}

impl Rows {
    pub fn new(header: &[&str], width: usize) -> Self {
        let mut table = Table::new();
        table
            .load_style(TableStyle::new())
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX))
            .set_truncation_indicator("…")
            .enforce_styling()
            .set_header(header.iter().map(|name| match name.is_empty() {
                true => Cell::new(name),
                false => Cell::new(name).add_attribute(Attribute::Dim),
            }));
        let last = header.len().saturating_sub(1);
        for (place, column) in table.column_iter_mut().enumerate() {
            column.set_padding((
                if place == 0 { 2 } else { 0 },
                if place == last { 0 } else { 2 },
            ));
            if place != last {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        Rows {
            table,
            notes: Vec::new(),
            width,
        }
    }

    /// With numbers in these columns: they and their names end where the column ends.
    pub fn numbers(mut self, columns: Range<usize>) -> Self {
        for place in columns {
            if let Some(column) = self.table.column_mut(place) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        self
    }

    pub fn add(&mut self, cells: Vec<Cell>) {
        self.add_with_note(cells, "");
    }

    /// A row and a line about it that has the whole width.
    pub fn add_with_note(&mut self, cells: Vec<Cell>, note: &str) {
        let mut row = Row::from(cells);
        row.max_height(1);
        self.table.add_row(row);
        self.notes
            .push(fit(note, self.width.saturating_sub(INDENT)));
    }

    /// The table, its lines without blanks at their ends.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // The header has no note.
        let notes = std::iter::once("").chain(self.notes.iter().map(String::as_str));
        for (line, note) in self.table.lines().zip(notes) {
            text += &(unpadded(&line) + "\n");
            if !note.is_empty() {
                text += &format!("{:INDENT$}{}\n", "", paint(FAINT, note));
            }
        }
        text
    }
}

/// A line without the blanks that fill its last cell, which stand before the end of its style.
fn unpadded(line: &str) -> String {
    let line = line.trim_end();
    let style = line.rfind("\u{1b}[").filter(|start| {
        let codes = line[start + 2..].strip_suffix('m');
        codes.is_some_and(|codes| codes.chars().all(|c| c.is_ascii_digit() || c == ';'))
    });
    let (text, style) = line.split_at(style.unwrap_or(line.len()));
    text.trim_end().to_owned() + style
}

/// A cell with text from outside.
pub fn cell(text: &str) -> Cell {
    Cell::new(plain(text))
}

/// A cell with a ticket's key.
pub fn key(key: &str) -> Cell {
    cell(key).fg(Color::DarkCyan)
}

/// A cell with a share of 1 as a percentage.
pub fn percent(share: f32) -> Cell {
    Cell::new(format!("{:.0} %", share * 100.0)).set_alignment(CellAlignment::Right)
}

/// A cell that may be overread.
pub fn faint(text: &str) -> Cell {
    cell(text).add_attribute(Attribute::Dim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_their_text_ends() {
        let mut rows = Rows::new(&["name", "because"], 60);
        rows.add_with_note(vec![cell("MHIS"), faint("it says so")], "as always");
        rows.add(vec![faint("Intake"), cell("of this form")]);
        let text = anstream::adapter::strip_str(&rows.text()).to_string();
        assert_eq!(
            text,
            "  name    because\n  MHIS    it says so\n    as always\n  Intake  of this form\n"
        );
    }
}
