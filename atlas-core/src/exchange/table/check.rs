//! What of a row contradicts the header: another header further down, a cell behind the border of
//! a drawn table.

use std::collections::HashSet;

use super::{Columns, Row};

/// So many cells of a row show whether it may be a header.
const LOOKED_AT: usize = 8;

/// Checks rows in their order.
pub(super) struct Check {
    names: Vec<String>,
    known: HashSet<String>,
    /// The last cell, where the table is drawn with `|` around each cell, as in Markdown.
    border: Option<usize>,
    /// The line of another header.
    other: Option<u64>,
}

impl Check {
    pub fn new(columns: &Columns, delimiter: Option<u8>) -> Self {
        let names = columns.0.clone();
        let border = match names.as_slice() {
            [first, .., last] if first.is_empty() && last.is_empty() => Some(names.len() - 1),
            _ => None,
        };
        Check {
            known: names
                .iter()
                .filter(|name| !name.is_empty())
                .cloned()
                .collect(),
            names,
            border: border.filter(|_| delimiter == Some(b'|')),
            other: None,
        }
    }

    /// The row, or why it cannot be read under this header.
    pub fn row(&mut self, row: Row) -> Result<Row, String> {
        if let Some(line) = self.other {
            return Err(below(line));
        }
        if self.is_other_header(&row) {
            self.other = Some(row.line);
            return Err(other_header());
        }
        match self.border.and_then(|place| row.first(&[place])) {
            Some(_) => Err(
                "a cell stands behind the last border of the table: a | inside of a cell, also as \
                 \\|, is taken for a border; save the table as CSV"
                    .to_owned(),
            ),
            None => Ok(row),
        }
    }

    /// Whether most of a row's cells are names of columns, and not each that of its own.
    fn is_other_header(&self, row: &Row) -> bool {
        let is_name = |cell: &&String| self.known.contains(cell.trim());
        if row.cells.iter().take(LOOKED_AT).filter(is_name).count() < 2 {
            return false;
        }
        let filled = || row.cells.iter().filter(|cell| !cell.trim().is_empty());
        let named = filled().filter(is_name).count();
        // Columns are not named by keys, dates or numbers.
        let is_value = |cell: &String| cell.contains(|c: char| c.is_ascii_digit());
        let has_value = filled().any(|cell| is_value(cell) && !is_name(&cell));
        named * 2 >= filled().count() && !has_value && !is_header(row, &self.names)
    }
}

/// Whether a row says the header again.
fn is_header(row: &Row, names: &[String]) -> bool {
    let mut cells = row.cells.iter().map(|cell| cell.trim());
    let same = names
        .iter()
        .all(|name| cells.next().unwrap_or_default() == name);
    same && cells.all(str::is_empty)
}

/// Why a second header is not read as a record.
pub(crate) fn other_header() -> String {
    "it is another header: a second table begins here; save it as a file of its own".to_owned()
}

/// Why the rows below it are none.
pub(crate) fn below(line: u64) -> String {
    format!("it stands below another header (line {line}): save that table as a file of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_header_ends_the_table() {
        let names = ["Issue key", "Summary", "Status"];
        let columns = Columns::new(names.map(str::to_owned).to_vec());
        let read = |rows: &[[&str; 3]]| {
            let mut check = Check::new(&columns, Some(b','));
            let row = |(line, cells): (u64, &[&str; 3])| {
                check
                    .row(Row::new(line, cells.map(str::to_owned).to_vec()))
                    .is_ok()
            };
            (2..).zip(rows).map(row).collect::<Vec<_>>()
        };
        let other = ["Issue key", "Priority", "Summary"];
        assert_eq!(
            read(&[["A-1", "x", "Open"], other, ["A-2", "High", "y"]]),
            [true, false, false]
        );
        assert_eq!(
            read(&[names, ["A-2", "Status", "Open"], ["A-3", "Summary", ""]]),
            [true, true, true]
        );
    }
}
