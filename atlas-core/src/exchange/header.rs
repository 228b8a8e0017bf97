//! Which row of a table is its header: title lines and blank rows may stand above it.

use super::table::Columns;

/// The header is looked for in so many rows.
pub(crate) const MOST_ROWS: usize = 50;

/// The place of the row that names the most known columns, the first of equals; none where no row
/// names any.
pub(crate) fn find(rows: &[Vec<String>], known: &dyn Fn(&Columns) -> usize) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (place, row) in rows.iter().take(MOST_ROWS).enumerate() {
        let count = known(&Columns::new(row.clone()));
        if count > best.map_or(0, |(_, most)| most) {
            best = Some((place, count));
        }
    }
    best.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(rows: &[&[&str]]) -> Option<usize> {
        let known = |columns: &Columns| columns.find(&["name", "steps", "folder"]).len();
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|&cell| cell.to_owned()).collect())
            .collect();
        find(&rows, &known)
    }

    #[test]
    fn titles_and_blank_rows_stand_above_the_header() {
        assert_eq!(place(&[&["Name", "Steps"], &["Log in", "Open"]]), Some(0));
        assert_eq!(place(&[&["Cases"], &[], &["Name", "Steps"]]), Some(2));
        assert_eq!(place(&[&["Name"], &["Name", "Steps"]]), Some(1));
        assert_eq!(place(&[&["Name", "x"], &["Steps", "Open"]]), Some(0));
        assert_eq!(place(&[&["How to use this file"]]), None);
        assert_eq!(place(&[]), None);
    }
}
