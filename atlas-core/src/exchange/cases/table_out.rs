//! Test cases as tables that other tools import.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cells::{duration, harmless, joined};
use super::steps::numbered;
use super::{TestCase, Written, not_written};
use crate::domain::{Step, TestExport, TestFormat, TicketKey};
use crate::{Error, Result};

/// Xray imports so many test cases at once.
const MOST_OF_XRAY: usize = 1_000;

/// One table, or as many as the tool needs.
pub(super) fn write(cases: &[TestCase], options: &TestExport) -> Result<Vec<Written>> {
    let places: Vec<usize> = (0..cases.len()).collect();
    let size = match options.format {
        TestFormat::XrayCsv => MOST_OF_XRAY,
        _ => cases.len().max(1),
    };
    let several = cases.len() > size;
    let mut chunks: Vec<&[usize]> = places.chunks(size).collect();
    if chunks.is_empty() {
        chunks.push(&[]);
    }
    let write = |(number, places): (usize, &[usize])| {
        let chunk: Vec<&TestCase> = places
            .iter()
            .filter_map(|&place| cases.get(place))
            .collect();
        Ok(Written {
            part: if several {
                format!("{:03}", number + 1)
            } else {
                String::new()
            },
            bytes: table(&chunk, options)?,
            cases: places.to_vec(),
        })
    };
    chunks.into_iter().enumerate().map(write).collect()
}

fn table(cases: &[&TestCase], options: &TestExport) -> Result<Vec<u8>> {
    let mut rows = CaseRows {
        cell: cell_of(options),
        writer: csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new()),
    };
    match options.format {
        TestFormat::Csv => by_step(&mut rows, &CSV, cases, |case, _| {
            let mut first = common(case);
            first.insert("Key", case.pattern.key.clone().unwrap_or_default());
            first
        })?,
        TestFormat::TestrailCsv => by_step(&mut rows, &TESTRAIL, cases, |case, _| {
            let mut first = common(case);
            first.insert("ID", tool_id(case, is_testrail));
            first.insert("Template", "Test Case (Steps)".into());
            first
        })?,
        TestFormat::XrayCsv => by_step(&mut rows, &XRAY, cases, |case, number| {
            let mut first = common(case);
            first.insert("Test ID", number.to_string());
            first.insert("Test Type", "Manual".into());
            first.insert("Issue Key", tool_id(case, is_issue));
            first
        })?,
        TestFormat::QaseCsv => qase(&mut rows, cases, options.project.as_deref())?,
        other => return Err(not_written(other)),
    }
    rows.writer
        .into_inner()
        .map_err(|error| unwritten(error.into_error()))
}

struct CaseRows {
    /// What becomes of a cell.
    cell: for<'c> fn(&'c str) -> Cow<'c, str>,
    writer: csv::Writer<Vec<u8>>,
}

impl CaseRows {
    fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<()> {
        let cells: Vec<_> = cells.into_iter().map(self.cell).collect();
        let cells = cells.iter().map(|cell| cell.as_bytes());
        self.writer
            .write_record(cells)
            .map_err(|error| unwritten(error.into()))
    }
}

/// Other tools get what the user wrote. ATLAS' own table is read without the mark against
/// formulas, so that a text that begins like one gets it there in any case.
fn cell_of(options: &TestExport) -> for<'c> fn(&'c str) -> Cow<'c, str> {
    match (options.guards_formulas(), options.format) {
        (true, _) => harmless,
        (false, TestFormat::Csv) => quoted_again,
        (false, _) => |cell| Cow::Borrowed(cell),
    }
}

fn quoted_again(cell: &str) -> Cow<'_, str> {
    match cell.starts_with('\'') {
        true => harmless(cell),
        false => Cow::Borrowed(cell),
    }
}

const CSV: [&str; 14] = [
    "External ID",
    "Key",
    "Name",
    "Type",
    "Component",
    "Objective",
    "Precondition",
    "Labels",
    "Estimate",
    "Status",
    "Tickets",
    "Step (Action)",
    "Step (Data)",
    "Step (Expected)",
];
const TESTRAIL: [&str; 15] = [
    "ID",
    "Title",
    "Section",
    "Component",
    "Template",
    "Estimate",
    "References",
    "Labels",
    "Objective",
    "Preconditions",
    "Status",
    "External ID",
    "Steps (Step)",
    "Steps (Additional Info)",
    "Steps (Expected Result)",
];
const XRAY: [&str; 16] = [
    "Test ID",
    "Issue Key",
    "Test Type",
    "Summary",
    "Test Repo",
    "Component",
    "Description",
    "Precondition",
    "Labels",
    "Estimate",
    "Status",
    "Requirements",
    "External ID",
    "Action",
    "Data",
    "Expected Result",
];

/// Whether ATLAS itself wrote a table: it has no column of anybody else's.
pub(super) fn is_ours<'n>(format: TestFormat, mut names: impl Iterator<Item = &'n str>) -> bool {
    let ours: &[&str] = match format {
        TestFormat::TestrailCsv => &TESTRAIL,
        TestFormat::XrayCsv => &XRAY,
        TestFormat::QaseCsv => &QASE,
        _ => return false,
    };
    let mut has_id = false;
    let is_one = |name: &str| {
        has_id = has_id || ["External ID", "external_id"].contains(&name);
        ours.contains(&name)
    };
    names.all(is_one) && has_id
}

type CaseCells = BTreeMap<&'static str, String>;

/// What the columns of every table mean; each takes what it has.
fn common(case: &TestCase) -> CaseCells {
    let pattern = &case.pattern;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        (
            &["External ID"][..],
            case.ids.first().cloned().unwrap_or_default(),
        ),
        (&["Name", "Title", "Summary"], pattern.name.clone()),
        (
            &["Type", "Section", "Test Repo"],
            pattern.pattern_type.clone(),
        ),
        (&["Component"], text(&pattern.component)),
        (&["Objective", "Description"], text(&pattern.objective)),
        (
            &["Precondition", "Preconditions"],
            text(&pattern.precondition),
        ),
        (&["Labels"], pattern.labels.join(", ")),
        (
            &["Estimate"],
            pattern.avg_time_minutes.map(duration).unwrap_or_default(),
        ),
        (&["Status"], status(case).into()),
        (
            &["Tickets", "References", "Requirements"],
            joined(&case.tickets),
        ),
    ];
    let mut cells = CaseCells::new();
    for (names, text) in all {
        for name in names {
            cells.insert(name, text.clone());
        }
    }
    cells
}

fn status(case: &TestCase) -> &'static str {
    match case.pattern.is_active {
        true => "Active",
        false => "Deprecated",
    }
}

/// A row a step; what belongs to the whole stands in the first.
fn by_step(
    rows: &mut CaseRows,
    header: &[&'static str],
    cases: &[&TestCase],
    first: impl Fn(&TestCase, usize) -> CaseCells,
) -> Result<()> {
    rows.row(header.iter().copied())?;
    let nothing = [Step::default()];
    for (number, case) in cases.iter().enumerate() {
        let mut cells = first(case, number + 1);
        let steps = match case.pattern.steps.is_empty() {
            true => &nothing[..],
            false => &case.pattern.steps,
        };
        for step in steps {
            let data = step.data.as_deref().unwrap_or("");
            let expected = step.expected.as_deref().unwrap_or("");
            rows.row(header.iter().map(|name| match *name {
                "Step (Action)" | "Steps (Step)" | "Action" => &step.action,
                "Step (Data)" | "Steps (Additional Info)" | "Data" => data,
                "Step (Expected)" | "Steps (Expected Result)" | "Expected Result" => expected,
                name => cells.get(name).map_or("", String::as_str),
            }))?;
            // Xray groups by this number; elsewhere an empty cell goes on.
            cells.retain(|name, _| *name == "Test ID");
        }
    }
    Ok(())
}

const QASE: [&str; 20] = [
    "v2.id",
    "title",
    "description",
    "preconditions",
    "tags",
    "priority",
    "severity",
    "type",
    "status",
    "steps_type",
    "steps_actions",
    "steps_result",
    "steps_data",
    "suite_id",
    "suite",
    "suite_without_cases",
    "component",
    "duration",
    "tickets",
    "external_id",
];

/// A row a suite, then a row a test case, with its steps numbered in cells.
fn qase(rows: &mut CaseRows, cases: &[&TestCase], project: Option<&str>) -> Result<()> {
    rows.row(QASE)?;
    let mut suites: BTreeMap<&str, String> = BTreeMap::new();
    for case in cases {
        let next = (suites.len() + 1).to_string();
        suites.entry(&case.pattern.pattern_type).or_insert(next);
    }
    for (name, number) in suites.iter().filter(|(name, _)| !name.trim().is_empty()) {
        rows.row(QASE.iter().map(|column| match *column {
            "suite_id" => number.as_str(),
            "suite" => name,
            "suite_without_cases" => "1",
            _ => "",
        }))?;
    }
    for case in cases {
        let pattern = &case.pattern;
        let of = |text: fn(&Step) -> Option<&str>| {
            let items: Vec<&str> = pattern
                .steps
                .iter()
                .map(|s| text(s).unwrap_or(""))
                .collect();
            match items.iter().all(|item| item.is_empty()) {
                true => String::new(),
                false => numbered(&items),
            }
        };
        let prefix = project.unwrap_or("QASE");
        let number = |id: &str| {
            let number = id.strip_prefix(prefix)?.strip_prefix('-')?;
            let digits = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
            digits.then(|| number.to_owned())
        };
        let (actions, results, data) = (
            of(|step| Some(&step.action)),
            of(|step| step.expected.as_deref()),
            of(|step| step.data.as_deref()),
        );
        let (id, minutes) = (
            case.ids
                .iter()
                .find_map(|id| number(id))
                .unwrap_or_default(),
            pattern.avg_time_minutes.map(duration).unwrap_or_default(),
        );
        let (labels, tickets) = (pattern.labels.join(","), joined(&case.tickets));
        rows.row(QASE.iter().map(|column| {
            match *column {
                "v2.id" => id.as_str(),
                "title" => &pattern.name,
                "description" => pattern.objective.as_deref().unwrap_or(""),
                "preconditions" => pattern.precondition.as_deref().unwrap_or(""),
                "tags" => &labels,
                "status" if pattern.is_active => "Actual",
                "status" => "Deprecated",
                "steps_type" => "classic",
                "steps_actions" => &actions,
                "steps_result" => &results,
                "steps_data" => &data,
                "suite_id" => suites
                    .get(pattern.pattern_type.as_str())
                    .map_or("", String::as_str),
                "component" => pattern.component.as_deref().unwrap_or(""),
                "duration" => &minutes,
                "tickets" => &tickets,
                "external_id" => case.ids.first().map_or("", String::as_str),
                _ => "",
            }
        }))?;
    }
    Ok(())
}

/// The first of the ids that is this tool's own.
fn tool_id(case: &TestCase, is_own: fn(&str) -> bool) -> String {
    case.ids
        .iter()
        .find(|id| is_own(id))
        .cloned()
        .unwrap_or_default()
}

/// `C123`.
pub(super) fn is_testrail(id: &str) -> bool {
    let number = id.strip_prefix('C').unwrap_or("");
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

/// A key that Jira could have made.
pub(super) fn is_issue(id: &str) -> bool {
    TicketKey::parse(id).is_ok_and(|key| key.as_str() == id && key.project() != "ATLAS")
}

fn unwritten(source: std::io::Error) -> Error {
    Error::File {
        path: "the export".into(),
        source,
    }
}
