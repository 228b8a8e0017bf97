//! The columns of tables, by what each tool calls them.

use crate::domain::TestFormat;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    /// The tool's own id.
    Id,
    /// The id that an export of ours gave it.
    External,
    /// What rows of one test case have in common.
    Group,
    Kind,
    Component,
    Objective,
    Precondition,
    Labels,
    Minutes,
    Status,
    Tickets,
    /// One step a row.
    Action,
    Expected,
    Data,
    /// All steps in a cell.
    Steps,
    StepsExpected,
    StepsData,
    /// Given-When-Then.
    Bdd,
    /// A text that is no list.
    Plain,
    /// Qase: the number of the suite.
    SuiteId,
}

/// What a column is called in a format, in lower case, best first.
pub(super) fn names(format: TestFormat, column: Column) -> &'static [&'static str] {
    use TestFormat::{Csv, QaseCsv, TestrailCsv, XrayCsv, ZephyrCsv, ZephyrSquad};
    match (column, format) {
        (Column::Name, Csv) => &[
            "name",
            "title",
            "test case",
            "test case name",
            "scenario",
            "pattern",
            "pattern name",
            "summary",
        ],
        (Column::Name, XrayCsv) => &["summary", "test summary", "name", "title"],
        (Column::Name, ZephyrSquad) => &["test summary", "summary", "name"],
        (Column::Name, _) => &["title", "name"],

        (Column::Id, Csv) => &["key", "id", "test case id", "test key", "pattern key"],
        (Column::Id, XrayCsv) => &["issue key", "test key", "key"],
        (Column::Id, TestrailCsv) => &["id", "case id"],
        (Column::Id, ZephyrSquad) => &["issue key", "test key", "key"],
        (Column::Id, QaseCsv) => &["id"],
        (Column::Id, _) => &["key"],
        (Column::External, _) => &["external id", "external_id", "atlas id"],
        (Column::Group, XrayCsv) => &["test id", "tcid", "test case identifier"],
        (Column::Group, _) => &[],

        (Column::Kind, Csv) => &[
            "type",
            "pattern type",
            "pattern_type",
            "category",
            "folder",
            "section",
            "suite",
        ],
        (Column::Kind, XrayCsv) => &[
            "test repo",
            "test repository path",
            "test repository folder",
            "repository",
            "folder",
        ],
        (Column::Kind, TestrailCsv) => &["section", "section hierarchy", "suite"],
        (Column::Kind, QaseCsv) => &["suite"],
        (Column::Kind, ZephyrSquad) => &["folder name", "folder", "cycle name"],
        (Column::Kind, _) => &["folder"],
        (Column::Component, Csv) => &["component", "components", "area", "module"],
        (Column::Component, _) => &["component", "components"],
        (Column::Objective, Csv) => &["objective", "description", "goal"],
        (Column::Objective, _) => &["objective", "description", "goals"],
        (Column::Precondition, _) => &["precondition", "preconditions"],
        (Column::Labels, _) => &["labels", "label", "tags"],
        (Column::Minutes, Csv) => &[
            "minutes",
            "avg_time_minutes",
            "time",
            "duration",
            "estimate",
            "estimated minutes",
        ],
        (Column::Minutes, _) => &[
            "estimate",
            "estimated time",
            "estimated minutes",
            "duration",
        ],
        (Column::Status, Csv) => &["status", "state"],
        (Column::Status, ZephyrSquad) => &["status"],
        (Column::Status, _) => &["status"],
        (Column::Tickets, _) => &[
            "tickets",
            "references",
            "refs",
            "coverage (issues)",
            "coverage",
            "requirements",
            "requirement keys",
            "linked issues",
            "issue links",
        ],

        (Column::Action, Csv) => &["step (action)"],
        (Column::Expected, Csv) => &["step (expected)"],
        (Column::Data, Csv) => &["step (data)"],
        (Column::Steps, Csv) => &[
            "steps",
            "step",
            "test steps",
            "action",
            "actions",
            "step action",
        ],
        (Column::StepsExpected, Csv) => &[
            "expected",
            "expected result",
            "expected results",
            "result",
            "step result",
        ],
        (Column::StepsData, Csv) => &["data", "test data", "test_data", "step data"],

        (Column::Action, XrayCsv) => &["action", "step action", "step", "test step"],
        (Column::Expected, XrayCsv) => &[
            "expected result",
            "result",
            "step result",
            "step expected result",
        ],
        (Column::Data, XrayCsv) => &["data", "step data", "test data"],
        (Column::Bdd, XrayCsv) => &[
            "gherkin definition",
            "gherkin_def",
            "cucumber scenario",
            "gherkin",
        ],
        (Column::Plain, XrayCsv) => &[
            "unstructured definition",
            "unstructured_def",
            "generic definition",
            "generic test definition",
        ],

        (Column::Action, TestrailCsv) => &["steps (step)", "step"],
        (Column::Expected, TestrailCsv) => &["steps (expected result)"],
        (Column::Data, TestrailCsv) => &["steps (additional info)"],
        (Column::Steps, TestrailCsv) => &["steps"],
        (Column::StepsExpected, TestrailCsv) => &["expected result", "expected results"],
        (Column::Bdd, TestrailCsv) => &["bdd scenarios", "scenarios"],
        (Column::Plain, TestrailCsv) => &["mission"],

        (Column::Action, ZephyrCsv) => &["test script (step-by-step) - step"],
        (Column::Expected, ZephyrCsv) => &["test script (step-by-step) - expected result"],
        (Column::Data, ZephyrCsv) => &["test script (step-by-step) - test data"],
        (Column::Bdd, ZephyrCsv) => &["test script (bdd)"],
        (Column::Plain, ZephyrCsv) => &["test script (plain text)"],

        (Column::Action, ZephyrSquad) => &["test step", "step", "steps"],
        (Column::Expected, ZephyrSquad) => &["expected result", "expected results", "test result"],
        (Column::Data, ZephyrSquad) => &["test data"],

        (Column::Steps, QaseCsv) => &["steps_actions", "steps_action"],
        (Column::StepsExpected, QaseCsv) => &["steps_result", "steps_results"],
        (Column::StepsData, QaseCsv) => &["steps_data"],
        (Column::SuiteId, QaseCsv) => &["suite_id"],
        _ => &[],
    }
}
