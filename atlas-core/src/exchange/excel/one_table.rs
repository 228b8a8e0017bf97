//! The sheets of a workbook that hold records of one kind, as one table.

use std::collections::HashMap;
use std::path::Path;

use super::{Sheet, SheetHeader, sheets};
use crate::Result;
use crate::exchange::report::FileAccount;
use crate::exchange::table::{Columns, Row};

const FEWER: &str = "its header has fewer columns that are known than that of another sheet: if it \
    holds records, import it alone";

/// A table and its rows.
pub(crate) struct OneTable {
    pub columns: Columns,
    pub rows: Vec<Row>,
    /// Whether its numbers of days count from 1904 on.
    pub from_1904: bool,
}

/// The rows of all sheets whose header is known, under the columns of all of them; nothing where
/// no header is. A sheet that knows fewer columns than another is one of them where its header
/// `is_whole`; what `refuse` has a reason for is none beside others. The account says which sheets
/// and cells were not read.
///
/// # Errors
/// As [`sheets`].
pub(crate) fn one_table(
    path: &Path,
    bytes: &[u8],
    known: &dyn Fn(&Columns) -> usize,
    is_whole: &dyn Fn(&Columns) -> bool,
    refuse: &dyn Fn(&Columns) -> Option<String>,
    account: &mut FileAccount,
) -> Result<Option<OneTable>> {
    let sheets = sheets(path, bytes)?;
    let headers: Vec<Option<(SheetHeader, usize)>> = sheets
        .iter()
        .map(|sheet| {
            let header = sheet.header(known)?;
            let count = known(&header.columns);
            Some((header, count))
        })
        .collect();
    let mut refused: Vec<Option<String>> = headers
        .iter()
        .map(|header| refuse(&header.as_ref()?.0.columns))
        .collect();
    let of_kind =
        |one: &(&Option<(SheetHeader, usize)>, &Option<String>)| one.0.is_some() && one.1.is_none();
    // Where no sheet is of the kind, the caller says what they are.
    if !headers.iter().zip(&refused).any(|one| of_kind(&one)) {
        refused.fill(None);
    }
    let fitting = headers.iter().zip(&refused).filter(of_kind);
    let best = fitting
        .filter_map(|(header, _)| Some(header.as_ref()?.1))
        .max();
    let mut table = Growing::default();
    for ((sheet, header), refused) in sheets.iter().zip(&headers).zip(refused) {
        let left_out = match header {
            Some(_) if refused.is_some() => refused,
            Some((header, count)) if Some(count * 2) >= best || is_whole(&header.columns) => {
                header.tell(&sheet.name, account);
                table.add(sheet, header, account).err()
            }
            Some(_) => Some(FEWER.to_owned()),
            _ if sheet.rows.is_empty() => Some("it is empty".to_owned()),
            _ => Some("no row of it is a header that is known".to_owned()),
        };
        let left_out = sheet.fault.clone().or(left_out);
        if sheet.fault.is_some()
            && let Some(reason) = &left_out
        {
            account.warn(format!("the sheet \"{}\": {reason}", sheet.name));
        }
        if sheet.hidden && left_out.is_none() {
            let why = format!("the sheet \"{}\" is hidden", sheet.name);
            account.assumed("hidden", "read", why);
        }
        account.sheet(&sheet.name, sheet.rows.len() as u64, left_out);
    }
    let from_1904 = sheets.iter().any(|sheet| sheet.from_1904);
    Ok(best.map(|_| table.finish(from_1904)))
}

/// A table that gets the columns of one sheet after the other.
#[derive(Default)]
struct Growing {
    names: Vec<String>,
    /// The place of each column, by its name and how often it came before in its sheet.
    places: HashMap<(String, usize), usize>,
    rows: Vec<(u64, Vec<(usize, String)>)>,
    spanned: usize,
}

impl Growing {
    fn add(
        &mut self,
        sheet: &Sheet,
        header: &SheetHeader,
        account: &mut FileAccount,
    ) -> std::result::Result<(), String> {
        let below = sheet.below(header)?;
        let places = self.places(header.names());
        for row in below {
            for unread in &row.unread {
                let name = header.name(unread.column);
                let expected = format!("a value; it is {}", unread.reason);
                account.unread(&name, row.line, &unread.value, &expected);
            }
            let cells = row
                .cells
                .iter()
                .filter_map(|(column, text)| Some((*places.get(*column)?, text.clone())));
            let cells: Vec<(usize, String)> = cells.collect();
            if !cells.is_empty() {
                self.rows.push((row.line, cells));
            }
        }
        self.spanned = self.rows.len().saturating_mul(self.names.len());
        match self.spanned > super::MOST_SPANNED {
            true => Err("the workbook has too many rows and columns: split it".into()),
            false => Ok(()),
        }
    }

    /// Where the columns of a sheet stand in the table.
    fn places(&mut self, names: &[String]) -> Vec<usize> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let place = |name: &String| {
            let folded = name.trim().to_lowercase();
            let count = seen.entry(folded.clone()).or_default();
            *count += 1;
            let next = self.names.len();
            let place = *self.places.entry((folded, *count)).or_insert(next);
            if place == next {
                self.names.push(name.clone());
            }
            place
        };
        names.iter().map(place).collect()
    }

    fn finish(self, from_1904: bool) -> OneTable {
        let width = self.names.len();
        let rows = self.rows.into_iter().map(|(line, cells)| {
            let mut row = vec![String::new(); width];
            for (place, text) in cells {
                if let Some(cell) = row.get_mut(place) {
                    *cell = text;
                }
            }
            Row::new(line, row)
        });
        OneTable {
            rows: rows.collect(),
            columns: Columns::new(self.names),
            from_1904,
        }
    }
}
