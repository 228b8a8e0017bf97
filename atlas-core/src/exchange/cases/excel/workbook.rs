//! Reading a workbook.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};

use crate::Result;
use crate::exchange::cases::{MOST_BYTES, unknown};

/// The most cells that a sheet may span.
const MOST_CELLS: usize = 20_000_000;

/// The rows of the first sheet with their numbers, from 1.
pub(super) fn rows(path: &Path, bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>> {
    let unreadable = |error: &dyn std::fmt::Display| {
        unknown(path, format!("the Excel file cannot be read: {error}"))
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    // What it says of itself is not to be trusted to be small.
    let mut size = 0u64;
    for place in 0..archive.len() {
        let part = archive.by_index_raw(place).map_err(|e| unreadable(&e))?;
        size = size.saturating_add(part.size());
    }
    if size > MOST_BYTES {
        return Err(unknown(path, "it holds more than 256 MB: split it"));
    }
    let mut book: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let sheet = book
        .worksheet_range_at(0)
        .ok_or_else(|| unknown(path, "the Excel file has no sheet"))?
        .map_err(|e| unreadable(&e))?;
    let (height, width) = sheet.get_size();
    if height.saturating_mul(width) > MOST_CELLS {
        return Err(unknown(path, "the sheet has too many cells: split it"));
    }
    let first = sheet.start().map_or(0, |(row, _)| u64::from(row));
    let rows = sheet.rows().zip(first + 1..);
    Ok(rows
        .map(|(row, line)| (line, row.iter().map(text).collect()))
        .collect())
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        // A time of day, as an estimate is kept.
        Data::DateTime(time) => {
            let minutes = (time.as_f64() * 1_440.0).round();
            format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0)
        }
    }
}
