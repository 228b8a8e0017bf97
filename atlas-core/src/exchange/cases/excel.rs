//! Test cases from workbooks: every sheet with a table of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::names::Column;
use super::refusals::unknown;
use super::table::looks;
use super::table::{CaseSheet, Places, is_open, read_sheet};
use super::{TestCase, TestFile, detect};
use crate::Result;
use crate::domain::{TestFormat, TestImport};
use crate::exchange::excel::{self, Merged, Sheet, SheetHeader, SheetRow};
use crate::exchange::pattern_fields::NO_TYPE;
use crate::exchange::report::FileAccount;
use crate::exchange::table::{Columns, Row};

const NO_TABLE: &str = "it has no table of test cases: no row names a column for their names";
const NO_STEPS: &str = "it has no column for steps, which the other sheets have: if it holds test \
    cases, import it alone";
const TICKETS: &str = "it holds tickets, not test cases: import them with `atlas import`";

/// Columns in which merged cells speak for all their rows.
const SPREAD: [Column; 6] = [
    Column::Name,
    Column::Id,
    Column::External,
    Column::Group,
    Column::Kind,
    Column::Component,
];
/// Columns without which a row cannot be told from another.
const TELLING: [Column; 4] = [Column::Name, Column::Id, Column::External, Column::Group];

/// Reads a workbook.
pub(super) fn read(path: &Path, bytes: &[u8], options: &TestImport) -> Result<TestFile<TestCase>> {
    check(path, options)?;
    let sheets = excel::sheets(path, bytes)?;
    let headers: Vec<_> = sheets.iter().map(|sheet| find(sheet, options)).collect();
    let chosen = chosen(&headers);
    let several = chosen.iter().filter(|one| one.is_ok()).count() > 1;
    let mut book: Option<TestFile<TestCase>> = None;
    let mut account = FileAccount::default();
    for ((sheet, header), chosen) in sheets.iter().zip(headers).zip(chosen) {
        let mut left_out = chosen.err();
        if let (Some(found), None) = (header, &left_out) {
            match part(path, sheet, &found, options, several) {
                Ok(part) => {
                    found.header.tell(&sheet.name, &mut account);
                    add(&mut book, part, sheet);
                }
                Err(Left::Out(reason)) => left_out = Some(reason),
                Err(Left::Failed(error)) => return Err(error),
            }
        }
        note(&mut account, sheet, left_out);
    }
    let Some(mut book) = book else {
        return Err(no_table(path, &sheets, options));
    };
    let report = account.finish();
    book.report.sheets = report.sheets;
    book.report.warnings.extend(report.warnings);
    book.report.assumed.extend(report.assumed);
    Ok(book)
}

fn check(path: &Path, options: &TestImport) -> Result<()> {
    use TestFormat::{
        AzureCsv, Csv, JiraCsv, QaseCsv, TestrailCsv, XrayCsv, ZephyrCsv, ZephyrSquad,
    };
    match options.format {
        None
        | Some(
            AzureCsv | Csv | JiraCsv | QaseCsv | TestrailCsv | XrayCsv | ZephyrCsv | ZephyrSquad,
        ) => Ok(()),
        Some(other) => Err(unknown(
            path,
            format!("it is an Excel workbook, not {}", other.as_str()),
        )),
    }
}

/// The table of a sheet: its header, and where the columns of test cases stand, or why it holds
/// none.
struct SheetTable {
    header: SheetHeader,
    cases: std::result::Result<(TestFormat, Places), String>,
}

impl SheetTable {
    fn count(&self) -> usize {
        self.cases.as_ref().map_or(0, |(_, places)| places.count())
    }

    fn has_steps(&self) -> bool {
        let columns = [Column::Action, Column::Steps, Column::Bdd, Column::Plain];
        let cases = self.cases.as_ref();
        cases.is_ok_and(|(_, places)| columns.iter().any(|column| places.has(*column)))
    }
}

fn find(sheet: &Sheet, options: &TestImport) -> Option<SheetTable> {
    let is_tickets = |columns: &Columns| is_open(options) && detect::is_tickets(columns);
    let known = |columns: &Columns| match is_tickets(columns) {
        true => columns.iter().filter(|(_, name)| !name.is_empty()).count(),
        false => places(columns, options).map_or(0, |(_, places)| places.count()),
    };
    let header = sheet.header(&known)?;
    let of_tickets = is_tickets(&header.columns).then(|| TICKETS.to_owned());
    let found = places(&header.columns, options);
    let no_cases = of_tickets.or_else(|| {
        let (_, places) = found.as_ref().filter(|_| is_open(options))?;
        looks::no_cases(&header.columns, places)
    });
    let cases = match no_cases {
        Some(reason) => Err(reason),
        None => found.ok_or_else(|| NO_TABLE.to_owned()),
    };
    Some(SheetTable { header, cases })
}

fn places(columns: &Columns, options: &TestImport) -> Option<(TestFormat, Places)> {
    let names = columns.iter().map(|(_, name)| name);
    let format = options.format.unwrap_or_else(|| detect::table(names));
    let places = Places::new(columns, format, &options.columns).ok()?;
    Some((format, places))
}

/// Which sheets are read, and why the others are not.
fn chosen(headers: &[Option<SheetTable>]) -> Vec<std::result::Result<(), String>> {
    let any_steps = headers.iter().flatten().any(SheetTable::has_steps);
    let widest = headers.iter().flatten().map(SheetTable::count).max();
    let no = |reason: &str| Err(reason.to_owned());
    let of = |header: &Option<SheetTable>| match header {
        None => no(NO_TABLE),
        Some(SheetTable {
            cases: Err(reason), ..
        }) => no(reason),
        Some(found) if any_steps && !found.has_steps() => no(NO_STEPS),
        // A name alone is a table of test cases only where no other sheet has more.
        Some(found) if found.count() == 1 && widest > Some(1) => no(NO_TABLE),
        Some(_) => Ok(()),
    };
    headers.iter().map(of).collect()
}

/// Why a sheet's table is not there.
enum Left {
    Out(String),
    Failed(crate::Error),
}

/// Reads the table of a sheet.
fn part(
    path: &Path,
    sheet: &Sheet,
    found: &SheetTable,
    options: &TestImport,
    several: bool,
) -> std::result::Result<TestFile<TestCase>, Left> {
    let below = sheet.below(&found.header).map_err(Left::Out)?;
    let (format, places) = found
        .cases
        .as_ref()
        .map_err(|reason| Left::Out(reason.clone()))?;
    let telling: Vec<usize> = places_of(places, &TELLING);
    let merged = merged(sheet, &places_of(places, &SPREAD));
    let (mut refused, mut account) = (HashMap::new(), FileAccount::default());
    let rows: Vec<Row> = below
        .iter()
        .filter_map(|row| {
            let mut row = spread(row, &merged, sheet);
            for (column, reason) in unread(&mut row, &found.header, &telling, &mut account) {
                refused.entry(row.line).or_insert_with(|| {
                    let name = found.header.name(column);
                    format!("the cell of the column \"{name}\" is {reason}")
                });
            }
            found.header.row(&row)
        })
        .collect();
    let table = CaseSheet {
        columns: Columns::new(found.header.names().to_vec()),
        rows,
    };
    let mut file = read_sheet(path, table, *format, options).map_err(Left::Failed)?;
    let holds = file.holds.clone();
    for entry in &mut file.entries {
        if let Some(reason) = refused.remove(&entry.line) {
            entry.value = Err(reason);
        }
        if !several {
            continue;
        }
        entry.file = Some(PathBuf::from(&sheet.name));
        if let Ok(case) = &mut entry.value {
            case.scope.get_or_insert_with(|| sheet.name.clone());
            case.holds.get_or_insert_with(|| holds.clone());
            if case.pattern.pattern_type == NO_TYPE {
                case.pattern.pattern_type.clone_from(&sheet.name);
            }
        }
    }
    if several {
        for column in &mut file.report.columns {
            column.sheet = Some(sheet.name.clone());
        }
    }
    file.report.unread.extend(account.finish().unread);
    Ok(file)
}

fn places_of(places: &Places, columns: &[Column]) -> Vec<usize> {
    let all = columns.iter().flat_map(|column| places.at(*column));
    all.copied().collect()
}

/// The regions of several rows in these columns.
fn merged(sheet: &Sheet, columns: &[usize]) -> Vec<Merged> {
    let counts = |merged: &&Merged| merged.top < merged.bottom && columns.contains(&merged.left);
    sheet.merged.iter().filter(counts).copied().collect()
}

/// A row in which merged cells have the text of the first of them.
fn spread(row: &SheetRow, merged: &[Merged], sheet: &Sheet) -> SheetRow {
    let mut row = row.clone();
    let own = |merged: &&Merged| merged.top < row.line && row.line <= merged.bottom;
    let texts: Vec<(usize, String)> = merged
        .iter()
        .filter(own)
        .filter(|merged| row.text(merged.left).is_none())
        .filter_map(|merged| {
            let text = sheet.text(merged.top, merged.left)?;
            Some((merged.left, text.to_owned()))
        })
        .collect();
    row.cells.extend(texts);
    row
}

/// Counts the cells of a row that could not be read; those that tell it from others get what
/// stands there as their text and are handed back.
fn unread(
    row: &mut SheetRow,
    header: &SheetHeader,
    telling: &[usize],
    account: &mut FileAccount,
) -> Vec<(usize, &'static str)> {
    let mut told = Vec::new();
    for unread in std::mem::take(&mut row.unread) {
        let name = header.name(unread.column);
        let expected = format!("a value; it is {}", unread.reason);
        account.unread(&name, row.line, &unread.value, &expected);
        if telling.contains(&unread.column) {
            told.push((unread.column, unread.reason));
            row.cells.push((unread.column, unread.value));
        }
    }
    told
}

/// Adds the test cases of a sheet to those of the others.
fn add(book: &mut Option<TestFile<TestCase>>, part: TestFile<TestCase>, sheet: &Sheet) {
    let fault = sheet.fault.as_ref().map(|fault| {
        format!(
            "sheet \"{}\": {fault}; what came before was read",
            sheet.name
        )
    });
    let Some(book) = book else {
        let truncated = fault.or(part.truncated);
        *book = Some(TestFile { truncated, ..part });
        return;
    };
    book.truncated = book.truncated.take().or(fault).or(part.truncated);
    for entry in part.entries {
        if book.push(entry).is_break() {
            return;
        }
    }
    for note in part.notes {
        if !book.notes.contains(&note) {
            book.notes.push(note);
        }
    }
    let (all, more) = (&mut book.report, part.report);
    all.warnings.extend(more.warnings);
    all.columns.extend(more.columns);
    all.unread.extend(more.unread);
    all.assumed.extend(more.assumed);
}

/// Says of a sheet whether it was read, and what of it is hidden.
fn note(account: &mut FileAccount, sheet: &Sheet, left_out: Option<String>) {
    let left_out = match (&sheet.fault, left_out) {
        (Some(fault), _) if sheet.rows.is_empty() => Some(fault.clone()),
        (_, Some(_)) if sheet.rows.is_empty() => Some("it is empty".to_owned()),
        (_, left_out) => left_out,
    };
    let name = &sheet.name;
    let is_table = |reason: &String| reason != NO_TABLE && !sheet.rows.is_empty();
    match &left_out {
        Some(reason) if sheet.fault.is_some() || is_table(reason) => {
            account.warn(format!("the sheet \"{name}\" was not read: {reason}"));
        }
        None if sheet.hidden => {
            account.assumed("hidden", "read", format!("the sheet \"{name}\" is hidden"));
        }
        _ => {}
    }
    if left_out.is_none() && sheet.hidden_rows > 0 {
        let why = format!(
            "{} rows of the sheet \"{name}\" are hidden",
            sheet.hidden_rows
        );
        account.assumed("hidden", "read", why);
    }
    account.sheet(name, sheet.rows.len() as u64, left_out);
}

/// Why a workbook has no test cases.
fn no_table(path: &Path, sheets: &[Sheet], options: &TestImport) -> crate::Error {
    let filled = || sheets.iter().filter(|sheet| !sheet.rows.is_empty());
    if let Some(fault) = sheets.iter().find_map(|sheet| sheet.fault.as_ref()) {
        return unknown(path, format!("the Excel file cannot be read: {fault}"));
    }
    let first =
        filled().find_map(|sheet| Some((sheet, sheet.header(&|columns| columns.iter().count())?)));
    let Some((sheet, header)) = first else {
        return unknown(path, "the Excel file is empty");
    };
    let tables = filled().filter_map(|sheet| find(sheet, options));
    let mut reasons = tables.filter_map(|found| found.cases.err());
    if let Some(reason) = reasons.find(|reason| reason != NO_TABLE) {
        return unknown(path, reason);
    }
    let table = CaseSheet {
        columns: Columns::new(header.names().to_vec()),
        rows: Vec::new(),
    };
    let format = options.format.unwrap_or(TestFormat::Csv);
    match read_sheet(path, table, format, options) {
        Err(error @ crate::Error::InvalidValue { .. }) => error,
        _ => unknown(
            path,
            format!(
                "no sheet of the workbook has a table of test cases with a column for the name \
                 (\"name\", \"title\", \"summary\" or \"test case\"); the first row of \"{}\" is: {}",
                sheet.name,
                crate::exchange::report::shortened(&header.names().join(", ")),
            ),
        ),
    }
}
