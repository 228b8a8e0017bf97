//! The first sheet of an Excel file as rows of texts.

#[cfg(feature = "excel")]
mod workbook;

use std::path::Path;

#[cfg(feature = "excel")]
use workbook::rows;

use super::table::Sheet;
use crate::Result;
use crate::exchange::table::{Columns, Row};

pub(super) fn is_excel(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The rows of the first sheet under its header.
pub(super) fn read(path: &Path, bytes: Vec<u8>) -> Result<Sheet> {
    let mut rows = rows(path, &bytes)?.into_iter();
    let header = rows.next().map(|row| row.1).unwrap_or_default();
    let filled = |cells: &Vec<String>| cells.iter().any(|cell| !cell.trim().is_empty());
    let rows = rows.filter(|(_, cells)| filled(cells));
    Ok(Sheet {
        columns: Columns::new(header),
        rows: rows.map(|(line, cells)| Row::new(line, cells)).collect(),
    })
}

/// The names of the first row.
pub(super) fn header(path: &Path, bytes: &[u8]) -> Result<Vec<String>> {
    Ok(rows(path, bytes)?
        .into_iter()
        .next()
        .map(|row| row.1)
        .unwrap_or_default())
}

#[cfg(not(feature = "excel"))]
fn rows(path: &Path, _: &[u8]) -> Result<Vec<(u64, Vec<String>)>> {
    Err(super::unknown(
        path,
        "this build reads no Excel files (feature `excel`): save the sheet as CSV",
    ))
}
