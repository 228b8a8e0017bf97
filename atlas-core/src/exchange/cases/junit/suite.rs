//! What a suite says of its tests.

use jiff::Timestamp;

use super::outcome::{NOT_RUN_ATTRIBUTES, STATUS_ATTRIBUTES, not_run_child, says_not_run};
use super::{Attributes, NAMES, PLACES_OF_SUITES, Signs, TICKETS, place, properties};
use crate::domain::{TestOutcome, TicketKey};
use crate::exchange::cases::cells::{keys_and_guesses, keys_within};
use crate::exchange::cases::xml::Element;
use crate::exchange::distinct::add_new;
use crate::exchange::outcomes::{folded, is_no};

/// What the suites around a test say of it.
#[derive(Debug, Clone, Default)]
pub(super) struct JunitSuite {
    /// The names of the suites, the outermost first.
    names: Vec<String>,
    /// Where they are beside that.
    pub place: String,
    pub ran_at: Option<Timestamp>,
    /// Tickets that it names as such, and words of its name that look like keys.
    pub tickets: Vec<TicketKey>,
    pub words: Vec<TicketKey>,
    /// Why none of its tests ran, if it says so.
    pub not_run: Option<String>,
}

impl JunitSuite {
    /// A suite within this one.
    pub fn within(&self, element: &Element, attributes: &Attributes<'_>, kind: &str) -> JunitSuite {
        let mut suite = self.clone();
        let name = attributes
            .get(&NAMES)
            .or_else(|| attributes.get(&["path", "id"]));
        if let Some(name) = name {
            add_new(&mut suite.words, keys_within(name));
            // The outermost element is named after the run, not after what is tested.
            if kind != "testsuites" {
                suite.names.push(name.to_owned());
            }
        }
        let here = place(attributes, &PLACES_OF_SUITES);
        suite.place = [suite.place, here].join("|");
        let said = properties(element, &TICKETS);
        for (told, words) in said.iter().map(|text| keys_and_guesses(text)) {
            add_new(&mut suite.tickets, told);
            add_new(&mut suite.words, words);
        }
        suite.not_run = suite.not_run.or_else(|| not_run(element, attributes));
        suite
    }

    /// The names of the suites as one text.
    pub fn path(&self) -> String {
        self.names.join(" / ")
    }
}

/// Why none of the suite's tests ran. Its attributes `skipped` and `disabled` are mostly numbers.
fn not_run(element: &Element, attributes: &Attributes<'_>) -> Option<String> {
    let status = attributes.0.iter().find(|(name, value)| {
        let is_flag = NOT_RUN_ATTRIBUTES.contains(&name.as_str());
        let is_number = value.parse::<f64>().is_ok();
        STATUS_ATTRIBUTES.contains(&name.as_str()) && says_not_run(value)
            || is_flag && !is_number && !is_no(value) && !value.is_empty()
            || ["executed", "ran", "run", "enabled"].contains(&name.as_str())
                && !is_number
                && is_no(value)
    });
    if let Some((name, value)) = status {
        return Some(format!("its suite says {name}=\"{value}\""));
    }
    if let Some(name) = element.children.iter().find_map(not_run_child) {
        return Some(format!("its suite has a <{name}>"));
    }
    let tests = number(attributes, &["tests"]);
    let not_run = number(attributes, &["skipped", "disabled", "ignored", "notrun"]);
    let all = tests > 0 && not_run >= tests;
    (all && !has_a_mark(element)).then(|| format!("its suite says that {not_run} did not run"))
}

/// Whether a test of the suite says itself that it did not run, or failed.
fn has_a_mark(element: &Element) -> bool {
    let mut children = element.children.iter();
    children.any(|child| match folded(&child.name).as_str() {
        "testcase" => Signs::of(child, &Attributes::of(child)).has_any(),
        name => name.starts_with("testsuite") && has_a_mark(child),
    })
}

/// The sum of counts.
fn number(attributes: &Attributes<'_>, names: &[&str]) -> u64 {
    let all = names.iter().filter_map(|name| attributes.get(&[name]));
    all.filter_map(|text| text.parse::<u64>().ok())
        .fold(0, u64::saturating_add)
}

/// How many results were read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SuiteCounts {
    bad: u64,
    not_run: u64,
}

impl SuiteCounts {
    pub fn add(&mut self, outcome: TestOutcome) {
        match outcome {
            TestOutcome::Failed | TestOutcome::Blocked => self.bad += 1,
            TestOutcome::Skipped => self.not_run += 1,
            TestOutcome::Passed => {}
        }
    }

    pub fn since(self, before: SuiteCounts) -> SuiteCounts {
        SuiteCounts {
            bad: self.bad - before.bad,
            not_run: self.not_run - before.not_run,
        }
    }
}

/// Whether its counts are its own: the sums of outer suites say the same once more.
pub(super) fn is_innermost(element: &Element) -> bool {
    let mut children = element.children.iter();
    element.is_whole && !children.any(|child| folded(&child.name).starts_with("testsuite"))
}

/// What a suite counts and none of its tests says: a setup that failed, tests that are missing.
pub(super) fn unaccounted(element: &Element, found: SuiteCounts) -> Option<String> {
    let attributes = &Attributes::of(element);
    let bad = number(attributes, &["failures", "errors"]);
    let not_run = number(attributes, &["skipped", "disabled", "ignored"]);
    let missing = bad.saturating_sub(found.bad);
    let silent = not_run.saturating_sub(found.not_run.saturating_add(found.bad));
    let what = match (missing, silent) {
        (0, 0) => return None,
        (0, _) => format!("{silent} did not run"),
        _ => format!("{missing} failed"),
    };
    let name = attributes.get(&NAMES).unwrap_or("");
    Some(format!(
        "line {}: the suite \"{}\" says that {what}, and no test of it says that it is the one: \
         its setup may have failed",
        element.line,
        crate::exchange::report::shortened(name),
    ))
}
