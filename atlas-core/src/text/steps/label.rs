//! Lines that stand as headings: "Test steps", "Expected result:", …

use super::TicketStepsKind;

/// What a line that stands as a heading announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Steps(TicketStepsKind),
    Expected,
    Actual,
    /// A heading that ends a section.
    Other,
}

const TEST_STEPS: [&str; 19] = [
    "test steps",
    "testing steps",
    "steps to test",
    "steps for testing",
    "to test",
    "how to test",
    "how to verify",
    "test plan",
    "test instructions",
    "testing instructions",
    "test procedure",
    "test scenario",
    "test scenarios",
    "steps to verify",
    "verification steps",
    "qa steps",
    "qa test steps",
    "steps to validate",
    "validation steps",
];
const CRITERIA: [&str; 6] = [
    "acceptance criteria",
    "acceptance criterion",
    "acceptance",
    "ac",
    "acs",
    "acceptance tests",
];
const REPRODUCTION: [&str; 17] = [
    "steps to reproduce",
    "steps to repro",
    "step to reproduce",
    "steps for reproduction",
    "reproduction steps",
    "repro steps",
    "how to reproduce",
    "to reproduce",
    "reproduction",
    "reproduce",
    "repro",
    "steps",
    "steps to replicate",
    "steps taken",
    "str",
    "steps to reproduce the issue",
    "steps to reproduce issue",
];
const EXPECTED: [&str; 10] = [
    "expected result",
    "expected results",
    "expected behavior",
    "expected behaviour",
    "expected",
    "expected outcome",
    "expected output",
    "expects",
    "result expected",
    "expectation",
];
const ACTUAL: [&str; 13] = [
    "actual result",
    "actual results",
    "actual behavior",
    "actual behaviour",
    "actual",
    "actual outcome",
    "actual output",
    "observed",
    "observed result",
    "observed results",
    "result",
    "results",
    "current behavior",
];
const OTHER: [&str; 16] = [
    "note",
    "notes",
    "environment",
    "additional information",
    "additional info",
    "workaround",
    "description",
    "background",
    "sample code",
    "test code",
    "code",
    "logs",
    "log",
    "attachments",
    "details",
    "test case",
];

/// The label at the start of a line, and the text after it on the same line.
pub(super) fn label(line: &str) -> Option<(Label, &str)> {
    let is_heading = line.starts_with('#');
    let text = line.trim_start_matches(['#', ' ', '*', '_']);
    let cut = text.find(':').filter(|&cut| cut <= 60);
    let (name, rest) = match cut {
        Some(cut) => (&text[..cut], &text[cut + 1..]),
        None => (text, ""),
    };
    if name.len() > 60 {
        return is_heading.then_some((Label::Other, ""));
    }
    let name = name.to_lowercase();
    let mut name = name.trim_end_matches(|c: char| !c.is_alphabetic());
    name = name.split(" (").next().unwrap_or(name).trim();
    let is = |names: &[&str]| names.contains(&name);
    let label = if is(&TEST_STEPS) {
        Label::Steps(TicketStepsKind::TestSteps)
    } else if is(&CRITERIA) {
        Label::Steps(TicketStepsKind::AcceptanceCriteria)
    } else if is(&REPRODUCTION) {
        Label::Steps(TicketStepsKind::Reproduction)
    } else if is(&EXPECTED) {
        Label::Expected
    } else if is(&ACTUAL) {
        Label::Actual
    } else if is_heading || (is(&OTHER) && cut.is_some()) {
        Label::Other
    } else {
        return None;
    };
    Some((label, rest.trim_start_matches(['*', '_']).trim()))
}
