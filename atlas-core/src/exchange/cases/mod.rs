//! Test cases and results in the formats of test-management tools, in and out.
//!
//! | format | in | out | what is worth knowing |
//! |---|---|---|---|
//! | `atlas` | patterns | yes | JSON lines; also any JSON of test cases, see [`patterns`](super::patterns) |
//! | `csv` | patterns | yes | columns by their usual names in many languages, or mapped; also those of ALM, PractiTest, Allure TestOps, Kiwi TCMS and Testiny |
//! | `gherkin` | patterns | yes | a file or a folder of `.feature` files, in any language of Gherkin |
//! | `xray-cloud`, `xray-dc` | patterns, results | yes | JSON; patterns are those with steps, results those with a status |
//! | `xray-csv` | patterns | yes | a row a step, grouped by Test ID; 1,000 test cases a file |
//! | `testrail-csv`, `testrail-xml` | patterns | CSV | steps a row each, or all in a cell |
//! | `testlink-xml` | patterns | no | suites in suites, or test cases alone |
//! | `zephyr-csv`, `zephyr-json` | patterns | JSON | Zephyr Scale; the table also as Excel |
//! | `zephyr-squad` | patterns | no | CSV or Excel, of test cases or of executions |
//! | `qase-csv` | patterns | yes | a row a case, steps numbered in cells, or Gherkin |
//! | `jira-csv` | patterns | no | Jira's own table of issues of type Test, with Xray's fields |
//! | `azure-csv` | patterns | no | Azure DevOps; rows without an id go on, shared steps are a step |
//! | `junit` | results | yes | of any runner; with the properties of Xray and TestRail |
//! | `cucumber-json` | results | no | Cucumber's report |
//! | `markdown` | no | yes | for people |
//!
//! A table may also come as an Excel workbook: every sheet with test cases is read, each with ids of
//! its own.
//!
//! A table's format is told by all of its columns. A row goes on with a test case where it says
//! nothing of its own or has the same id; another name, id, key, section or folder is another one.
//! Rows of one id may stand anywhere. Of several places for steps one counts: rows before cells.
//!
//! Texts are kept as they are, but those of Zephyr, TestRail, TestLink, Azure DevOps, PractiTest and Qase,
//! which are HTML. Cells of a plain `csv` that a spreadsheet would run as a formula are written with
//! `'` before them and read without it; tables for other tools hold what the user wrote. Both can be
//! switched, see [`TestExport::formula_guard`]. XML is read without a document
//! type and without entities of its own. A file holds at most 256 MB, and 250,000 test cases or
//! 1,000,000 results.

mod attempts;
mod cells;
mod cucumber;
mod detect;
mod excel;
mod gherkin;
mod gherkin_out;
mod guesses;
mod json;
mod json_lines;
mod json_out;
mod junit;
mod junit_out;
mod load;
mod lost;
mod markdown;
mod names;
mod refusals;
mod results;
mod sections;
pub(crate) mod steps;
pub(crate) mod table;
mod table_out;
mod testlink_xml;
mod testrail_xml;
mod xml;
mod xray_out;
mod xray_results;
mod zeros;

pub(crate) use cells::without_keys;
pub(crate) use guesses::settle as settle_guesses;
pub(crate) use json::{pattern as pattern_of_json, steps_of as steps_of_json};
pub(crate) use results::tickets_of;
pub(crate) use table::looks::{feature, looks_like, steps as step_columns};

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::excel as workbook;
use super::input::{UNWATCHED, Watch};
use crate::domain::{
    FileReport, TestExport, TestField, TestFormat, TestImport, TestOutcome, TestPattern, TicketKey,
};
use crate::exchange::budget::Budget;
use crate::{Error, Result};
use load::load;
use refusals::{not_written, unknown};

/// The most test cases that a file may hold.
const MOST_CASES: usize = 250_000;
/// The most results that a file may hold.
const MOST_RESULTS: usize = 1_000_000;

/// A test case as files have it.
#[derive(Debug, Clone, PartialEq)]
pub struct TestCase {
    /// Its ids, the one that ATLAS exports it by first.
    pub ids: Vec<String>,
    /// What its ids belong to, where they are numbers that others have too: a project, a suite, a
    /// sheet. Without it they are the file's.
    pub scope: Option<String>,
    /// What it says; without a key, which its ids tell.
    pub pattern: TestPattern,
    /// The tickets that it tests.
    pub tickets: Vec<TicketKey>,
    /// Which parts of it its record tells, where that differs from record to record.
    pub holds: Option<Vec<TestField>>,
}

/// A result as files have it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestResult {
    /// The ids of its test, best first.
    pub ids: Vec<String>,
    /// The test's name.
    pub name: String,
    /// What groups it: its class, or the path of its suites. With the name it tells a test.
    pub group: Option<String>,
    /// The tickets that it says it ran for.
    pub tickets: Vec<TicketKey>,
    /// What came of it.
    pub outcome: TestOutcome,
    /// How long it took, in seconds, if known.
    pub seconds: Option<f64>,
    /// When it ended or began, if known.
    pub ran_at: Option<Timestamp>,
    /// What is said of it.
    pub comment: Option<String>,
    /// What else its file says.
    pub around: Around,
}

/// What a file says of a result beside the result itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Around {
    /// Words of its name, class and tags that look like keys. They are tickets where such a
    /// project is stored.
    pub words: Vec<TicketKey>,
    /// The tickets that its suite names; they count where the test itself names none.
    pub tickets: Vec<TicketKey>,
    /// Words of its suite's name that look like keys.
    pub ticket_words: Vec<TicketKey>,
    /// The path of its suites.
    pub suites: String,
    /// Where it is beside that: a host, a file, a line. Tests of several places are several.
    pub place: String,
    /// How often it failed before this attempt.
    pub failed_attempts: u64,
    /// What a person should know of it, if anything.
    pub note: Option<String>,
    /// Whether a later attempt of the same test is in the file: then that one counts.
    pub is_superseded: bool,
    /// Why it cannot be told what came of it, if so.
    pub refused: Option<String>,
}

/// A record of a file, or why it could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<T> {
    /// The file in a folder, the sheet in a workbook of several.
    pub file: Option<PathBuf>,
    /// The line where it starts, from 1.
    pub line: u64,
    /// The character of the line where the mistake is, if known.
    pub column: Option<u64>,
    /// The record, or the reason.
    pub value: Result<T, String>,
}

impl<T> Entry<T> {
    fn at(line: u64, value: Result<T, String>) -> Self {
        Entry {
            file: None,
            line,
            column: None,
            value,
        }
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct TestFile<T> {
    /// Its format.
    pub format: TestFormat,
    /// Which parts of a test case it can say something about.
    pub holds: Vec<TestField>,
    /// Its records, in order.
    pub entries: Vec<Entry<T>>,
    /// Why reading ended early, if it did.
    pub truncated: Option<String>,
    /// What of the file was used, assumed and left unread.
    pub report: FileReport,
    /// Tickets of test cases that are only words like keys; see [`settle`](guesses::settle).
    guesses: BTreeSet<TicketKey>,
    /// What is worth knowing of the whole.
    pub notes: Vec<String>,
    /// How many records it may hold, and what they are.
    most: (usize, &'static str),
}

impl<T> TestFile<T> {
    fn new(format: TestFormat, holds: &[TestField]) -> Self {
        TestFile {
            format,
            holds: holds.to_vec(),
            entries: Vec::new(),
            truncated: None,
            report: FileReport::default(),
            guesses: BTreeSet::new(),
            notes: Vec::new(),
            most: (MOST_CASES, "test cases"),
        }
    }

    /// A file of results.
    fn of_results(format: TestFormat) -> Self {
        TestFile {
            most: (MOST_RESULTS, "results"),
            ..TestFile::new(format, &[])
        }
    }

    /// Takes a record in; one too many ends the reading.
    fn push(&mut self, entry: Entry<T>) -> ControlFlow<()> {
        let (most, what) = self.most;
        if self.entries.len() >= most {
            self.truncated = Some(format!("it holds more than {most} {what}: split it"));
            return ControlFlow::Break(());
        }
        self.entries.push(entry);
        ControlFlow::Continue(())
    }

    /// Takes in what is wrong with an XML document, if anything is.
    fn push_fault(&mut self, document: &xml::XmlDocument) {
        if let Some(fault) = &document.fault {
            let _ = self.push(Entry {
                file: None,
                line: fault.line,
                column: Some(fault.column),
                value: Err(fault.reason.clone()),
            });
        }
    }
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What the file is called in a folder, or what goes before its ending where there are several;
    /// empty for the only one.
    pub part: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The places in the list of the test cases that it holds.
    pub cases: Vec<usize>,
}

/// Reads the test cases of a file, or of the feature files of a folder.
///
/// # Errors
/// `FILE_FAILED`; `UNKNOWN_FORMAT` for a file that holds no test cases; `INVALID_VALUE` for a
/// column that is not there.
///
/// ```
/// use atlas_core::{domain::{TestFormat, TestImport}, exchange::cases};
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("login.feature");
/// std::fs::write(&path, "Feature: Login\n @WRKA-7\n Scenario: Umlauts\n  When I log in\n  Then I see Jörg\n").unwrap();
/// let file = cases::read(&path, &TestImport::default())?;
/// let case = file.entries[0].value.as_ref().unwrap();
/// assert_eq!((file.format, case.pattern.name.as_str()), (TestFormat::Gherkin, "Umlauts"));
/// assert_eq!(case.tickets[0].as_str(), "WRKA-7");
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn read(path: &Path, options: &TestImport) -> Result<TestFile<TestCase>> {
    read_watched(path, options, UNWATCHED)
}

/// Reads the test cases of a file as [`read`] does, with a watch.
///
/// # Errors
/// As [`read`]; `CANCELLED` by the watch.
pub fn read_watched(
    path: &Path,
    options: &TestImport,
    watch: Watch<'_>,
) -> Result<TestFile<TestCase>> {
    if path.is_dir() {
        return match options.format {
            None | Some(TestFormat::Gherkin) => gherkin::read_folder(path, &options.reading, watch),
            Some(other) => Err(Error::invalid(
                "format",
                other.as_str(),
                "gherkin: of folders only feature files are read",
            )),
        };
    }
    let loaded = load(path, &options.reading, watch)?;
    let mut file = read_bytes(path, loaded.bytes, options, loaded.budget)?;
    file.truncated = loaded.truncated.or(file.truncated);
    let mut account = loaded.account;
    for entry in &file.entries {
        if let Ok(case) = &entry.value {
            account.lost(entry.line, &case.pattern.name, lost::of_case(case));
        }
    }
    file.report = account.joined(file.report);
    Ok(file)
}

/// Reads the results of a file of JUnit XML, Xray's JSON or Cucumber's.
///
/// # Errors
/// As [`read`].
pub fn read_results(path: &Path, options: &TestImport) -> Result<TestFile<TestResult>> {
    read_results_watched(path, options, UNWATCHED)
}

/// Reads the results of a file as [`read_results`] does, with a watch.
///
/// # Errors
/// As [`read`]; `CANCELLED` by the watch.
pub fn read_results_watched(
    path: &Path,
    options: &TestImport,
    watch: Watch<'_>,
) -> Result<TestFile<TestResult>> {
    let loaded = load(path, &options.reading, watch)?;
    let mut file = results::read(path, &loaded.bytes, options, loaded.budget)?;
    file.truncated = loaded.truncated.or(file.truncated);
    let mut account = loaded.account;
    for entry in &file.entries {
        if let Ok(result) = &entry.value {
            account.lost(entry.line, &result.name, lost::of_result(result));
        }
    }
    file.report = account.joined(file.report);
    Ok(file)
}

/// Test cases as files of a format; several where a tool takes only so many at once, and for
/// `folder` a feature file for each type. The character U+0000, which no text can hold, is left out.
///
/// # Errors
/// `INVALID_VALUE` for a format that is not written, or without a project where one is needed.
pub fn write(cases: &[TestCase], options: &TestExport, folder: bool) -> Result<Vec<Written>> {
    let cases = &*zeros::cases(cases);
    let all = || (0..cases.len()).collect::<Vec<_>>();
    match options.format {
        TestFormat::Gherkin if folder => Ok(gherkin_out::write_folder(cases)),
        TestFormat::Gherkin => Ok(vec![gherkin_out::write_file(cases)]),
        TestFormat::Junit => {
            let results: Vec<TestResult> = cases.iter().map(not_run).collect();
            Ok(vec![Written {
                part: String::new(),
                bytes: junit_out::write("ATLAS", &results)?,
                cases: all(),
            }])
        }
        TestFormat::Markdown => Ok(vec![Written {
            part: String::new(),
            bytes: markdown::cases(cases).into_bytes(),
            cases: all(),
        }]),
        TestFormat::Csv | TestFormat::XrayCsv | TestFormat::TestrailCsv | TestFormat::QaseCsv => {
            table_out::write(cases, options)
        }
        TestFormat::Atlas | TestFormat::XrayCloud | TestFormat::XrayDc | TestFormat::ZephyrJson => {
            json_out::write(cases, options)
        }
        other => Err(not_written(other)),
    }
}

/// Results as a file: JUnit XML, Xray's JSON or Markdown.
///
/// # Errors
/// `INVALID_VALUE` for another format.
pub fn write_results(title: &str, results: &[TestResult], options: &TestExport) -> Result<Vec<u8>> {
    let results = &zeros::results(results)[..];
    match options.format {
        TestFormat::Junit => junit_out::write(title, results),
        TestFormat::XrayCloud | TestFormat::XrayDc => xray_out::write(title, results, options),
        TestFormat::Markdown => Ok(markdown::results(title, results).into_bytes()),
        other => Err(Error::invalid(
            "format",
            other.as_str(),
            "junit, xray-cloud, xray-dc or markdown for results",
        )),
    }
}

/// What a written test case looks like when it is read again; see [`read`].
///
/// # Errors
/// As [`read`].
pub(crate) fn read_again(written: &Written, options: &TestExport) -> Result<TestFile<TestCase>> {
    let import = TestImport {
        format: Some(options.format),
        project: options.project.clone(),
        ..TestImport::default()
    };
    let budget = Budget::of_file(u64::MAX);
    read_bytes(
        Path::new("the export"),
        written.bytes.clone(),
        &import,
        budget,
    )
}

fn read_bytes(
    path: &Path,
    bytes: Vec<u8>,
    options: &TestImport,
    budget: Budget,
) -> Result<TestFile<TestCase>> {
    if workbook::is_workbook(&bytes) {
        return excel::read(path, &bytes, options);
    }
    if let Some(what) = workbook::other_spreadsheet(&bytes) {
        return Err(unknown(path, what));
    }
    let format = match options.format {
        Some(format) => format,
        None => detect::patterns(path, &bytes)?,
    };
    let xml = |bytes: &[u8]| xml::read(&String::from_utf8_lossy(bytes), budget);
    match format {
        TestFormat::Gherkin => Ok(gherkin::read(&String::from_utf8_lossy(&bytes))),
        TestFormat::TestrailXml => testrail_xml::read(path, &xml(&bytes)),
        TestFormat::TestlinkXml => testlink_xml::read(path, &xml(&bytes), options),
        TestFormat::Atlas | TestFormat::XrayCloud | TestFormat::XrayDc | TestFormat::ZephyrJson => {
            json::read(path, bytes, format, options)
        }
        TestFormat::Junit | TestFormat::CucumberJson | TestFormat::Markdown => {
            let expected = match format {
                TestFormat::Junit => {
                    "JUnit XML holds results: import it as results, or import the test cases in \
                     another format"
                }
                TestFormat::CucumberJson => {
                    "Cucumber's JSON report holds results: import it as results, and the test \
                     cases from their feature files"
                }
                _ => "Markdown is written and not read: import one of the other formats",
            };
            Err(unknown(path, expected))
        }
        _ => table::read_csv(path, bytes, format, options),
    }
}

fn not_run(case: &TestCase) -> TestResult {
    TestResult {
        ids: case.ids.clone(),
        name: case.pattern.name.clone(),
        group: Some(case.pattern.pattern_type.clone()),
        tickets: case.tickets.clone(),
        ..TestResult::default()
    }
}

/// The project in the other tool.
fn project(options: &TestExport, cases: &[TestCase]) -> Result<String> {
    let of_ticket = |case: &TestCase| Some(case.tickets.first()?.project().to_owned());
    let of_key = |case: &TestCase| {
        let key = TicketKey::parse(case.ids.first()?).ok()?;
        let ours = key.project() == "ATLAS";
        (!ours).then(|| key.project().to_owned())
    };
    let given = options.project.clone();
    given
        .or_else(|| cases.iter().find_map(of_ticket))
        .or_else(|| cases.iter().find_map(of_key))
        .ok_or_else(|| {
            let expected = "the project's key in the other tool: no ticket and no key names one";
            Error::invalid("project", "", expected)
        })
}
