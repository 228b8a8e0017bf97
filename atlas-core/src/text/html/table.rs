//! A text that is one HTML table: its rows.

use super::cell::plain_cell;
use crate::text::tags::tags_of;

/// A table with more rows or cells is not read as steps.
const MOST_ROWS: usize = 2_000;
const MOST_CELLS: usize = 12;

/// The cells of each row as plain text, where the text is one table and nothing beside it. A table
/// in a table is none.
pub(crate) fn rows(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut in_table, mut is_over) = (false, false);
    // Where the text of the open cell begins, and where the last tag outside of cells ended.
    let mut cell: Option<usize> = None;
    let mut from = 0;
    for (at, tag) in tags_of(text) {
        let name = tag.name.to_ascii_lowercase();
        let is_part = matches!(
            name.as_str(),
            "table" | "tr" | "td" | "th" | "tbody" | "thead"
        );
        if cell.is_some() && !is_part {
            continue;
        }
        if cell.is_none() && !text.get(from..at)?.trim().is_empty() {
            return None;
        }
        if let Some(start) = cell.take() {
            let inner = plain_cell(text.get(start..at)?);
            let row = rows.last_mut().filter(|row| row.len() < MOST_CELLS)?;
            row.push(inner.trim().to_owned());
        }
        match (name.as_str(), tag.closes) {
            ("table", false) if in_table || is_over => return None,
            ("table", false) => in_table = true,
            ("table", true) => (in_table, is_over) = (false, true),
            ("tr", false) if in_table && rows.len() < MOST_ROWS => rows.push(Vec::new()),
            ("td" | "th", false) if in_table && !rows.is_empty() => cell = Some(tag.end),
            ("tr" | "td" | "th", false) => return None,
            _ => {}
        }
        from = tag.end;
    }
    let is_whole = is_over && cell.is_none() && text.get(from..)?.trim().is_empty();
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    (is_whole && !rows.is_empty()).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_row_by_row() {
        for text in [
            "<table><tr><td>Open <b>it</b></td><td>A<br>form</td></tr><tr><td></td><td>x &lt; y</td></tr></table>",
            "<div><TABLE border='1'>\n<thead></thead><tbody><tr>\n<td class=\"a\"><p>Open it</p></td><td>A<br/>form</td>\
             </tr><tr><td> <td>x &lt; y</tr></tbody></table></div>\n",
        ] {
            let rows = rows(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(rows, [["Open it", "A\nform"], ["", "x < y"]], "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_a_table_is_none() {
        for text in [
            "",
            "Open",
            "<p>Open</p>",
            "First: <table><tr><td>a</td></tr></table>",
            "<table><tr><td>a</td></tr></table> then go",
            "<table><tr><td>a</td></tr></table><table><tr><td>b</td></tr></table>",
            "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
            "<table><td>a</td></table>",
            "<table><tr><td>a",
            "<table></table>",
        ] {
            assert_eq!(rows(text), None, "{text}");
        }
    }
}
