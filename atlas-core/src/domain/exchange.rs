//! Test cases and results in the formats of other tools: which formats there are, what is asked of
//! an import or export, and what it did.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{FileReport, ReadOptions, TicketKey, path_text};
use crate::{Error, Result};

/// A format that test cases or results come in or go out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TestFormat {
    /// JSON lines, as ATLAS writes patterns, and any JSON of test cases.
    Atlas,
    /// A table with a column for the name, and others that may be mapped.
    Csv,
    /// Feature files.
    Gherkin,
    /// Xray Cloud's JSON: test cases of its bulk import; results with `PASSED` and `FAILED`.
    XrayCloud,
    /// Xray Data Center's JSON: results with `PASS` and `FAIL`, which also make test cases.
    XrayDc,
    /// The table of Xray's Test Case Importer.
    XrayCsv,
    /// TestRail's table.
    TestrailCsv,
    /// TestRail's XML.
    TestrailXml,
    /// TestLink's XML.
    TestlinkXml,
    /// Zephyr Scale's table, as CSV or Excel.
    ZephyrCsv,
    /// Zephyr Scale's JSON.
    ZephyrJson,
    /// Zephyr Squad's table of test cases or executions, as CSV or Excel.
    ZephyrSquad,
    /// Qase's table.
    QaseCsv,
    /// Jira's own table of issues of type Test, with the fields of Xray.
    JiraCsv,
    /// Azure DevOps' table of test cases, as CSV or Excel.
    AzureCsv,
    /// JUnit XML.
    Junit,
    /// Cucumber's JSON report.
    CucumberJson,
    /// Markdown, for people.
    Markdown,
}

impl TestFormat {
    /// Every one of them.
    pub const ALL: [TestFormat; 18] = [
        TestFormat::Atlas,
        TestFormat::Csv,
        TestFormat::Gherkin,
        TestFormat::XrayCloud,
        TestFormat::XrayDc,
        TestFormat::XrayCsv,
        TestFormat::TestrailCsv,
        TestFormat::TestrailXml,
        TestFormat::TestlinkXml,
        TestFormat::ZephyrCsv,
        TestFormat::ZephyrJson,
        TestFormat::ZephyrSquad,
        TestFormat::QaseCsv,
        TestFormat::JiraCsv,
        TestFormat::AzureCsv,
        TestFormat::Junit,
        TestFormat::CucumberJson,
        TestFormat::Markdown,
    ];

    /// The word that options and results use.
    pub fn as_str(self) -> &'static str {
        match self {
            TestFormat::Atlas => "atlas",
            TestFormat::Csv => "csv",
            TestFormat::Gherkin => "gherkin",
            TestFormat::XrayCloud => "xray-cloud",
            TestFormat::XrayDc => "xray-dc",
            TestFormat::XrayCsv => "xray-csv",
            TestFormat::TestrailCsv => "testrail-csv",
            TestFormat::TestrailXml => "testrail-xml",
            TestFormat::TestlinkXml => "testlink-xml",
            TestFormat::ZephyrCsv => "zephyr-csv",
            TestFormat::ZephyrJson => "zephyr-json",
            TestFormat::ZephyrSquad => "zephyr-squad",
            TestFormat::QaseCsv => "qase-csv",
            TestFormat::JiraCsv => "jira-csv",
            TestFormat::AzureCsv => "azure-csv",
            TestFormat::Junit => "junit",
            TestFormat::CucumberJson => "cucumber-json",
            TestFormat::Markdown => "markdown",
        }
    }

    /// The one with this word.
    ///
    /// # Errors
    /// `INVALID_VALUE` with all words.
    ///
    /// ```
    /// use atlas_core::domain::TestFormat;
    /// assert_eq!(TestFormat::parse("qase-csv")?, TestFormat::QaseCsv);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn parse(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == word);
        found.ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.iter().map(|one| one.as_str()).collect();
            Error::invalid("format", word, format!("one of {}", words.join(", ")))
        })
    }

    /// Whether patterns are read from it.
    pub fn holds_patterns(self) -> bool {
        !matches!(
            self,
            TestFormat::Junit | TestFormat::CucumberJson | TestFormat::Markdown
        )
    }

    /// Whether results are read from it.
    pub fn holds_results(self) -> bool {
        matches!(
            self,
            TestFormat::Junit
                | TestFormat::CucumberJson
                | TestFormat::XrayCloud
                | TestFormat::XrayDc
        )
    }

    /// Whether it is written.
    pub fn is_written(self) -> bool {
        !matches!(
            self,
            TestFormat::TestrailXml
                | TestFormat::TestlinkXml
                | TestFormat::ZephyrCsv
                | TestFormat::ZephyrSquad
                | TestFormat::CucumberJson
                | TestFormat::JiraCsv
                | TestFormat::AzureCsv
        )
    }
}

/// A part of a test case. Formats differ in which they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestField {
    /// [`TestPattern::key`](super::TestPattern::key), or the id that stands for it.
    Key,
    /// [`TestPattern::name`](super::TestPattern::name).
    Name,
    /// [`TestPattern::pattern_type`](super::TestPattern::pattern_type).
    PatternType,
    /// [`TestPattern::component`](super::TestPattern::component).
    Component,
    /// [`TestPattern::objective`](super::TestPattern::objective).
    Objective,
    /// [`TestPattern::precondition`](super::TestPattern::precondition).
    Precondition,
    /// [`TestPattern::steps`](super::TestPattern::steps).
    Steps,
    /// [`TestPattern::labels`](super::TestPattern::labels).
    Labels,
    /// [`TestPattern::avg_time_minutes`](super::TestPattern::avg_time_minutes).
    Minutes,
    /// [`TestPattern::is_active`](super::TestPattern::is_active).
    Active,
    /// The tickets that it tests.
    Tickets,
}

/// How a file is imported; by default the format is told by the content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestImport {
    /// The format, where it is not to be detected.
    pub format: Option<TestFormat>,
    /// For tables: the column of a field, by the field's name: `name`, `key`, `group` (what rows of
    /// one test case have in common), `type`, `component`, `objective`, `precondition`, `steps`
    /// (all in a cell), `action` (one a row), `expected`, `data`, `gherkin`, `labels`, `minutes`,
    /// `status`, `tickets`.
    pub columns: BTreeMap<String, String>,
    /// The project that the file's ids belong to: Qase's case 12 is then `DEMO-12`, and the case 12
    /// of another table is another one than the 12 of another project.
    pub project: Option<String>,
    /// What the file is to be read as.
    pub reading: ReadOptions,
    /// For results: the tickets that all tests of the file ran for, beside those that they name.
    pub tickets: Vec<TicketKey>,
    /// Say what would be done, and do nothing.
    pub dry_run: bool,
}

/// How test cases or results are exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestExport {
    /// The format.
    pub format: TestFormat,
    /// The project in the other tool; where there is none, that of the first ticket or key.
    #[serde(default)]
    pub project: Option<String>,
    /// Zephyr's JSON: steps as Given-When-Then text.
    #[serde(default)]
    pub bdd: bool,
    /// For tables: a `'` before cells that a spreadsheet would run as a formula. By default only
    /// `csv` has it, which people open; tools import what the user wrote. Reading takes it away
    /// again from `csv` only.
    #[serde(default)]
    pub formula_guard: Option<bool>,
    /// Leave out what the last export in this format had just so.
    #[serde(default)]
    pub changed_only: bool,
    /// Say what would be done, and write nothing.
    #[serde(default)]
    pub dry_run: bool,
}

impl TestExport {
    /// An export of everything in a format.
    pub fn new(format: TestFormat) -> Self {
        TestExport {
            format,
            project: None,
            bdd: false,
            formula_guard: None,
            changed_only: false,
            dry_run: false,
        }
    }

    /// Whether cells that a spreadsheet would run as a formula are made harmless.
    pub fn guards_formulas(&self) -> bool {
        self.formula_guard.unwrap_or(self.format == TestFormat::Csv)
    }
}

/// What became, or would become, of one test case or result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestAction {
    /// It was not there.
    Created,
    /// It was there and is different now.
    Updated,
    /// It was there and is the same: left alone.
    Unchanged,
    /// It could not be read, stored or written.
    Refused,
}

/// One test case or result of an import or export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestItem {
    /// What becomes of it.
    pub action: TestAction,
    /// Its name; empty where it could not be read.
    pub name: String,
    /// The id by which the other side knows it, the same in every export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The file in a folder, the sheet in a workbook of several.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "path_text::option"
    )]
    pub file: Option<PathBuf>,
    /// The line of the file where it starts, from 1; 0 where there is none.
    pub line: u64,
    /// The character of the line where a mistake is, from 1, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Why, where that does not go without saying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Which parts the format could not hold, or not unchanged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_held: Vec<TestField>,
}

/// What an import or export of test cases or results did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestReport {
    /// The format, detected or forced.
    pub format: TestFormat,
    /// Whether nothing was done.
    pub dry_run: bool,
    /// Imports: for taking it back; absent where it found and changed nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_id: Option<i64>,
    /// How many were not there.
    pub created: u64,
    /// How many were there and differ.
    pub updated: u64,
    /// How many were there and are the same.
    pub unchanged: u64,
    /// How many could not be read, stored or written.
    pub refused: u64,
    /// Imports: links of a test case with a ticket that are new; each is an observation.
    pub linked: u64,
    /// Each of them, in the order of the file.
    pub items: Vec<TestItem>,
    /// What is worth knowing of the whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Exports: the files that were written, or would be.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "path_text::list"
    )]
    pub files: Vec<PathBuf>,
    /// Imports: why reading ended early, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<String>,
    /// Imports: what of the file was used, assumed and left unread.
    pub file: FileReport,
}

impl TestReport {
    pub(crate) fn new(format: TestFormat, dry_run: bool) -> Self {
        TestReport {
            format,
            dry_run,
            import_id: None,
            created: 0,
            updated: 0,
            unchanged: 0,
            refused: 0,
            linked: 0,
            items: Vec::new(),
            notes: Vec::new(),
            files: Vec::new(),
            truncated: None,
            file: FileReport::default(),
        }
    }

    pub(crate) fn add(&mut self, item: TestItem) {
        match item.action {
            TestAction::Created => self.created += 1,
            TestAction::Updated => self.updated += 1,
            TestAction::Unchanged => self.unchanged += 1,
            TestAction::Refused => self.refused += 1,
        }
        self.items.push(item);
    }
}

/// What came of a test that ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestOutcome {
    /// All was well.
    Passed,
    /// It found a fault.
    Failed,
    /// It ran and could not be finished.
    Blocked,
    /// It did not run.
    #[default]
    Skipped,
}

impl TestOutcome {
    /// The word that results and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            TestOutcome::Passed => "passed",
            TestOutcome::Failed => "failed",
            TestOutcome::Blocked => "blocked",
            TestOutcome::Skipped => "skipped",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Passed, Self::Failed, Self::Blocked, Self::Skipped];
        all.into_iter().find(|one| one.as_str() == name)
    }
}

/// The newest result of a pattern for a ticket, as it was imported. Where several tests, such as those
/// of two classes, cover the pattern, it is the worst of their newest results.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestRun {
    /// The pattern's row id.
    pub pattern_id: i64,
    /// The pattern's name.
    pub pattern_name: String,
    /// What came of it.
    pub outcome: TestOutcome,
    /// How long it took, in seconds, if known.
    pub seconds: Option<f64>,
    /// When it ran, if known.
    pub ran_at: Option<jiff::Timestamp>,
}
