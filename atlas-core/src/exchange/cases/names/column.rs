//! What a column of a table of test cases holds.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) enum Column {
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
    /// A step's short name, beside what is done.
    StepName,
    StepNumber,
    /// The id of steps that test cases share.
    Shared,
    /// Given-When-Then.
    Bdd,
    /// A text that is no list.
    Plain,
    /// Which of steps, Given-When-Then and text counts.
    TestType,
    /// Of tables in which other things stand beside test cases.
    IssueType,
    /// The number of the suite.
    SuiteId,
    Project,
    /// What tells the executions of one test case apart.
    Execution,
    /// What ATLAS knows and does not keep.
    Other,
}

use Column as C;

/// Every column with its word in the file, in the reports and in mappings.
pub(super) const WORDS: [(Column, &str); 29] = [
    (C::Name, "name"),
    (C::Id, "id"),
    (C::External, "external"),
    (C::Group, "group"),
    (C::Kind, "kind"),
    (C::Component, "component"),
    (C::Objective, "objective"),
    (C::Precondition, "precondition"),
    (C::Labels, "labels"),
    (C::Minutes, "minutes"),
    (C::Status, "status"),
    (C::Tickets, "tickets"),
    (C::Action, "action"),
    (C::Expected, "expected"),
    (C::Data, "data"),
    (C::Steps, "steps"),
    (C::StepsExpected, "steps_expected"),
    (C::StepsData, "steps_data"),
    (C::StepName, "step_name"),
    (C::StepNumber, "step_number"),
    (C::Shared, "shared"),
    (C::Bdd, "bdd"),
    (C::Plain, "plain"),
    (C::TestType, "test_type"),
    (C::IssueType, "issue_type"),
    (C::SuiteId, "suite_id"),
    (C::Project, "project"),
    (C::Execution, "execution"),
    (C::Other, "other"),
];

impl Column {
    /// What reports call it: the field that a mapping would name.
    pub(in super::super) fn field(self) -> &'static str {
        match self {
            C::Id => "key",
            C::External => "external_id",
            C::Kind => "type",
            C::StepsExpected => "expected",
            C::StepsData => "data",
            other => {
                let word = WORDS.iter().find(|(column, _)| *column == other);
                word.map_or("other", |(_, word)| word)
            }
        }
    }

    /// Whether several columns of different names may hold it together.
    pub(in super::super) fn is_shared_by_columns(self) -> bool {
        use Column::{Component, Execution, Kind, Labels, Other, Tickets};
        [Kind, Component, Labels, Tickets, Execution, Other].contains(&self)
    }
}
