//! Tables without lines, one row a line.

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Row, Table, TableStyle};

use crate::text::plain;

/// A table whose last column takes what is left of the width and is cut there.
pub struct Rows(Table);

impl Rows {
    pub fn new(header: &[&str], width: usize) -> Self {
        let mut table = Table::new();
        table
            .load_style(TableStyle::new())
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX))
            .set_truncation_indicator("…")
            .enforce_styling()
            .set_header(header.iter().map(|name| Cell::new(name).add_attribute(Attribute::Dim)));
        let last = header.len().saturating_sub(1);
        for (place, column) in table.column_iter_mut().enumerate() {
            column.set_padding((if place == 0 { 2 } else { 0 }, if place == last { 0 } else { 2 }));
            if place != last {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        Rows(table)
    }

    pub fn add(&mut self, cells: Vec<Cell>) {
        let mut row = Row::from(cells);
        row.max_height(1);
        self.0.add_row(row);
    }

    /// The table, its lines without blanks at their ends.
    pub fn text(&self) -> String {
        let mut text: String = self.0.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        if text.is_empty() {
            text.push('\n');
        }
        text
    }
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
