//! Test cases from tables: one row a step or one row a case, CSV or Excel.

mod assemble;
mod case;
mod facts;
pub(super) mod looks;
mod own;
mod places;
mod report;
mod step_columns;
mod steps;
mod survey;
mod usage;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

pub(crate) use assemble::Assembler;
pub(super) use assemble::says_nothing;
use case::CaseReader;
pub(crate) use places::Places;
use survey::CaseSurvey;

use super::refusals::unknown;
use super::{Entry, MOST_CASES, TestCase, TestFile};
use crate::domain::{TestFormat, TestImport, TestPattern};
use crate::exchange::input::Input;
use crate::exchange::report::shortened;
use crate::exchange::table::{Columns, Row, Table};
use crate::{Error, Result};

const EXPECTED: &str = "a table of test cases needs a column for the name (\"name\", \"title\", \
    \"summary\" or \"test case\"), or a mapping that says which one it is";
const TICKETS: &str = "it is a table of Jira's tickets: import it as tickets. Test cases from Jira \
    need the column \"Issue Type\" or Xray's fields; the format csv takes every row for one";
/// While a file is read row by row, so many test cases wait for more of their rows.
const WINDOW: usize = 10_000;
/// So many columns are named where one is missing.
const NAMED: usize = 30;

/// What takes the test cases, with the line where each starts.
pub(crate) type Take<'a> =
    &'a mut dyn FnMut(u64, std::result::Result<TestCase, String>) -> ControlFlow<()>;

/// The rows of a sheet under its header.
pub(super) struct CaseSheet {
    pub columns: Columns,
    pub rows: Vec<Row>,
}

/// Reads a CSV file.
pub(super) fn read_csv(
    path: &Path,
    text: Vec<u8>,
    format: TestFormat,
    options: &TestImport,
) -> Result<TestFile<TestCase>> {
    let known = |columns: &Columns| Places::known(columns, format, &options.columns);
    let input = Input::of_text(path, text);
    let again = input.again()?;
    let mut table = Table::open(input, &options.reading, &known)?;
    let second = table.again(again)?;
    let mut survey = CaseSurvey::new(table.columns.iter().count());
    // What cannot be read is told when the test cases are.
    table.each_row(|_, row| {
        if let Ok(row) = row {
            survey.see(&row);
        }
        ControlFlow::Continue(())
    })?;
    let mut table = second;
    let mut cases = assembler(path, &table.columns, format, options, &survey)?;
    let mut file = TestFile::new(format, &cases.holds());
    let truncated = table.each_row(|line, row| {
        cases.row_or_fault(line, row, &mut |line, value| {
            file.push(Entry::at(line, value))
        })
    })?;
    if file.truncated.is_none() {
        let _ = cases.finish(&mut |line, value| file.push(Entry::at(line, value)));
    }
    file.truncated = file.truncated.or(truncated);
    let mut file = with_report(file, cases, &survey);
    file.report = table.account.joined(file.report);
    Ok(file)
}

/// Reads a sheet.
pub(super) fn read_sheet(
    path: &Path,
    sheet: CaseSheet,
    format: TestFormat,
    options: &TestImport,
) -> Result<TestFile<TestCase>> {
    let mut survey = CaseSurvey::new(sheet.columns.iter().count());
    sheet.rows.iter().for_each(|row| survey.see(row));
    let mut cases = assembler(path, &sheet.columns, format, options, &survey)?;
    let mut file = TestFile::new(format, &cases.holds());
    let mut take = |line, value| file.push(Entry::at(line, value));
    let read = sheet
        .rows
        .iter()
        .try_for_each(|row| cases.row(row, &mut take));
    if read.is_continue() {
        let _ = cases.finish(&mut take);
    }
    Ok(with_report(file, cases, &survey))
}

fn assembler(
    path: &Path,
    columns: &Columns,
    format: TestFormat,
    options: &TestImport,
    survey: &CaseSurvey,
) -> Result<Assembler> {
    let places = Places::surveyed(columns, format, &options.columns, survey);
    let places = places.map_err(|error| error.of(path, columns))?;
    if is_open(options)
        && let Some(reason) = looks::no_cases(columns, &places)
    {
        return Err(unknown(path, reason));
    }
    let project = options.project.clone();
    let reader = |places| CaseReader::new(places, project);
    Ok(Assembler::new(places, reader, MOST_CASES))
}

fn with_report(
    mut file: TestFile<TestCase>,
    cases: Assembler,
    survey: &CaseSurvey,
) -> TestFile<TestCase> {
    let (account, notes) = cases.report(survey);
    file.report = account.finish();
    file.notes = notes;
    file
}

/// Whether the user leaves it to the file what it holds.
pub(super) fn is_open(options: &TestImport) -> bool {
    options.format.is_none() && options.columns.is_empty()
}

/// Why a table cannot be read.
#[derive(Debug)]
pub(crate) enum NoTable {
    Nameless,
    Tickets,
    UnknownColumn(String, Vec<String>),
    UnknownField(String),
}

impl NoTable {
    fn of(self, path: &Path, columns: &Columns) -> Error {
        match self {
            NoTable::Nameless => {
                let looks = looks::looks_like(columns);
                let looks = looks.map_or_else(String::new, |looks| format!("{looks}; "));
                unknown(path, format!("{looks}{EXPECTED}"))
            }
            NoTable::Tickets => unknown(path, TICKETS),
            NoTable::UnknownColumn(column, names) => {
                let names = names.iter().filter(|name| !name.is_empty());
                let names: Vec<String> = names.take(NAMED).map(|name| shortened(name)).collect();
                let expected = format!("the name of a column; the table has {}", names.join(", "));
                Error::invalid("columns", column, expected)
            }
            NoTable::UnknownField(field) => Error::invalid(
                "columns",
                field,
                "one of name, key, group, type, component, objective, precondition, steps, \
                 action, expected, data, gherkin, labels, minutes, status, tickets",
            ),
        }
    }
}

/// A tool's id as a key that no other project has.
pub(super) fn id_of(format: TestFormat, project: Option<&str>, id: &str) -> String {
    let is_number = !id.is_empty() && id.chars().all(|c| c.is_ascii_digit());
    match format {
        TestFormat::TestrailCsv | TestFormat::TestrailXml if is_number => format!("C{id}"),
        TestFormat::QaseCsv if is_number => format!("{}-{id}", project.unwrap_or("QASE")),
        _ => id.to_owned(),
    }
}

/// The test cases of a plain table as patterns, one after the other; for
/// [`patterns`](crate::exchange::patterns).
pub(crate) fn plain(columns: &Columns) -> Option<Assembler> {
    let places = Places::new(columns, TestFormat::Csv, &BTreeMap::new());
    let reader = |places| CaseReader::new(places, None);
    Some(Assembler::new(places.ok()?, reader, WINDOW))
}

/// How many columns of a header mean something in a plain table.
pub(crate) fn known_plain(columns: &Columns) -> usize {
    Places::known(columns, TestFormat::Csv, &BTreeMap::new())
}

/// The pattern of a test case of a plain table: its id is its key.
pub(crate) fn keyed(case: TestCase) -> TestPattern {
    let mut pattern = case.pattern;
    pattern.key = case.ids.into_iter().next();
    pattern
}
