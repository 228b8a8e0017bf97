//! What came of a test, by its attributes and elements.

use super::{Attributes, BLOCKED};
use crate::domain::TestOutcome;
use crate::exchange::cases::xml::Element;
use crate::exchange::outcomes::{OutcomeWord, folded, is_no};

/// Attributes, and elements, that hold a word for what came of the test.
pub(super) const STATUS_ATTRIBUTES: [&str; 10] = [
    "status",
    "result",
    "outcome",
    "state",
    "verdict",
    "teststatus",
    "testresult",
    "resultstatus",
    "executionstatus",
    "runstate",
];
/// Properties that say what came of the test, where they hold a word for it.
const STATUS_PROPERTIES: [&str; 6] = [
    "status",
    "result",
    "outcome",
    "skipped",
    "xraystatus",
    "teststatus",
];
/// What a test is called that can run: it says nothing of how it went.
const READY: [&str; 3] = ["runnable", "active", "ready"];
/// Attributes that say yes or no.
pub(super) const NOT_RUN_ATTRIBUTES: [&str; 9] = [
    "disabled",
    "skipped",
    "skip",
    "ignored",
    "ignore",
    "pending",
    "notrun",
    "suppressed",
    "excluded",
];
const RAN_ATTRIBUTES: [&str; 4] = ["executed", "ran", "run", "enabled"];
const PASSED_ATTRIBUTES: [&str; 3] = ["success", "passed", "pass"];
const FAILED_ATTRIBUTES: [&str; 7] = [
    "failed", "failure", "failures", "error", "errors", "errored", "crashed",
];
const BLOCKED_ATTRIBUTES: [&str; 4] = ["blocked", "aborted", "inconclusive", "incomplete"];

/// Elements that say what happened by being there. Others that are called so hold something else.
const FAILED: [&str; 8] = [
    "failure", "failed", "fail", "error", "errored", "panicked", "crashed", "timedout",
];
const RERUNS: [&str; 2] = ["rerunfailure", "rerunerror"];
const FLAKES: [&str; 3] = ["flakyfailure", "flakyerror", "flaky"];
const BLOCKERS: [&str; 8] = [
    "blocked",
    "aborted",
    "abort",
    "interrupted",
    "inconclusive",
    "incomplete",
    "cancelled",
    "canceled",
];
const NOT_RUN: [&str; 14] = [
    "skipped",
    "skip",
    "ignored",
    "ignore",
    "disabled",
    "notrun",
    "notexecuted",
    "notstarted",
    "untested",
    "pending",
    "todo",
    "suppressed",
    "excluded",
    "deselected",
];
const DOUBTS: [&str; 2] = ["warning", "risky"];

/// What is said, with what is said of it.
type Remark = Option<Option<String>>;

/// All that a test says of how it went.
#[derive(Debug, Default)]
pub(super) struct Signs {
    failed: Remark,
    blocked: Remark,
    not_run: Remark,
    /// Something of which it is not known what it says.
    unknown: Option<String>,
    passed: bool,
    ran: bool,
    flaky: bool,
    flakes: u64,
    reruns: u64,
}

/// What the signs come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Known(TestOutcome, Option<String>),
    /// What is not known, in words.
    Unknown(String),
}

impl Signs {
    pub fn of(test: &Element, attributes: &Attributes<'_>) -> Signs {
        let mut signs = Signs::default();
        let mut no_success = false;
        for (name, value) in &attributes.0 {
            if PASSED_ATTRIBUTES.contains(&name.as_str()) && is_no(value) {
                no_success = true;
            } else if !value.is_empty() {
                signs.attribute(name, value);
            }
        }
        // What did not run had no success either: executed="False" success="False".
        if no_success && signs.not_run.is_none() && signs.blocked.is_none() {
            note(&mut signs.failed, None);
        }
        for child in &test.children {
            signs.child(child);
        }
        signs
    }

    /// What happened. A suite that did not run, or a name that is switched off, counts where the
    /// test does not say itself that it ran.
    pub fn sign(&self, suite_not_run: Option<&str>, names: &[&str]) -> Sign {
        let known = |outcome, said: &Option<String>| Sign::Known(outcome, said.clone());
        if let Some(said) = &self.failed {
            return known(TestOutcome::Failed, said);
        }
        if self.reruns > 0 {
            return known(TestOutcome::Failed, &None);
        }
        if let Some(said) = &self.blocked {
            return known(TestOutcome::Blocked, said);
        }
        if let Some(said) = &self.not_run {
            return known(TestOutcome::Skipped, said);
        }
        if let Some(what) = &self.unknown {
            return Sign::Unknown(what.clone());
        }
        if !self.passed && !self.ran && !self.flaky {
            if let Some(why) = suite_not_run {
                return known(TestOutcome::Skipped, &Some(why.to_owned()));
            }
            if names.iter().any(|name| is_switched_off(name)) {
                let why = Some("its name begins with DISABLED_".to_owned());
                return known(TestOutcome::Skipped, &why);
            }
        }
        known(TestOutcome::Passed, &None)
    }

    /// Whether it says more than that it is there.
    pub fn has_any(&self) -> bool {
        let failed = self.failed.is_some() || self.reruns > 0 || self.blocked.is_some();
        failed || self.not_run.is_some() || self.unknown.is_some() || self.passed || self.flaky
    }

    pub fn says_passed(&self) -> bool {
        self.passed
    }

    /// How often it failed before it passed.
    pub fn failed_attempts(&self) -> u64 {
        self.flakes.max(u64::from(self.flaky))
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let reason = || (!is_yes(value)).then(|| value.to_owned());
        if STATUS_ATTRIBUTES.contains(&name) {
            // So do numbers.
            let is_ready = READY.contains(&folded(value).as_str());
            if is_ready || value.parse::<f64>().is_ok() {
                return;
            }
            self.word(name, value, None);
        } else if RAN_ATTRIBUTES.contains(&name) {
            match is_no(value) || says_not_run(value) {
                true => note(&mut self.not_run, None),
                false => self.ran |= is_yes(value),
            }
        } else if PASSED_ATTRIBUTES.contains(&name) {
            self.passed |= is_yes(value);
        } else if !is_no(value) {
            if NOT_RUN_ATTRIBUTES.contains(&name) {
                note(&mut self.not_run, reason());
            } else if FAILED_ATTRIBUTES.contains(&name) {
                note(&mut self.failed, reason());
            } else if BLOCKED_ATTRIBUTES.contains(&name) {
                note(&mut self.blocked, reason());
            }
        }
    }

    fn word(&mut self, name: &str, value: &str, said: Option<String>) {
        match OutcomeWord::of(value) {
            Some(OutcomeWord::Passed) => self.passed = true,
            Some(OutcomeWord::Flaky) => self.flaky = true,
            Some(OutcomeWord::Ran) => self.ran = true,
            Some(OutcomeWord::Failed) => note(&mut self.failed, said),
            Some(OutcomeWord::Blocked) => note(&mut self.blocked, said),
            Some(OutcomeWord::NotRun) => note(&mut self.not_run, said),
            None => {
                let value = crate::exchange::report::shortened(value);
                self.unknown.get_or_insert(format!("{name} \"{value}\""));
            }
        }
    }

    fn child(&mut self, child: &Element) {
        let name = folded(&child.name);
        let name = name.as_str();
        // `<skipped>false</skipped>`
        if child.children.is_empty() && is_no(&child.text) {
            return;
        }
        if name == "error" && child.attribute("type") == Some(BLOCKED) {
            note(&mut self.blocked, message(child));
        } else if FAILED.contains(&name) {
            note(&mut self.failed, message(child));
        } else if RERUNS.contains(&name) {
            self.reruns += 1;
        } else if FLAKES.contains(&name) {
            self.flaky = true;
            self.flakes += 1;
        } else if BLOCKERS.contains(&name) {
            note(&mut self.blocked, message(child));
        } else if NOT_RUN.contains(&name) {
            note(&mut self.not_run, message(child));
        } else if DOUBTS.contains(&name) {
            self.unknown.get_or_insert(format!("<{name}>"));
        } else if STATUS_ATTRIBUTES.contains(&name) {
            self.status_element(name, child);
        } else if name == "properties" {
            child
                .children
                .iter()
                .for_each(|property| self.property(property));
        }
    }

    /// `<property name="status" value="failed"/>`; a word that is not known may be of anything.
    fn property(&mut self, property: &Element) {
        let name = folded(property.attribute("name").unwrap_or_default());
        let value = property.attribute("value").unwrap_or(&property.text).trim();
        if !STATUS_PROPERTIES.contains(&name.as_str()) {
            return;
        }
        if name == "skipped" {
            if is_yes(value) || says_not_run(value) {
                note(&mut self.not_run, None);
            }
        } else if OutcomeWord::of(value).is_some() {
            self.word(&name, value, None);
        }
    }

    /// `<status>failed</status>`, `<result outcome="failed"/>`
    fn status_element(&mut self, name: &str, child: &Element) {
        let text = child.text.trim();
        if child.children.is_empty() && !text.is_empty() && text.parse::<f64>().is_err() {
            self.word(name, text, None);
        }
        for (attribute, value) in &child.attributes {
            let attribute = folded(attribute);
            let is_word = STATUS_ATTRIBUTES.contains(&attribute.as_str());
            if (is_word || attribute == "value") && !value.trim().is_empty() {
                self.word(name, value, message(child));
            }
        }
        for child in &child.children {
            self.child(child);
        }
    }
}

/// The first thing that is said counts; something is better than nothing.
fn note(sign: &mut Remark, said: Option<String>) {
    match sign {
        Some(Some(_)) => {}
        Some(nothing) => *nothing = said,
        None => *sign = Some(said),
    }
}

fn message(element: &Element) -> Option<String> {
    let text = element.attribute("message").unwrap_or(element.text.trim());
    (!text.is_empty()).then(|| text.to_owned())
}

fn is_yes(value: &str) -> bool {
    matches!(folded(value).as_str(), "true" | "yes" | "y" | "1" | "on")
}

pub(super) fn says_not_run(value: &str) -> bool {
    OutcomeWord::of(value) == Some(OutcomeWord::NotRun)
}

/// The name of a suite's element that says that its tests did not run.
pub(super) fn not_run_child(child: &Element) -> Option<String> {
    let name = folded(&child.name);
    let is_sign = NOT_RUN.contains(&name.as_str());
    let is_number = child.text.trim().parse::<f64>().is_ok();
    (is_sign && !is_number && !is_no(&child.text)).then_some(name)
}

/// GoogleTest's way to switch off a test or a class of tests.
fn is_switched_off(name: &str) -> bool {
    name.split(['/', '.', ':'])
        .any(|part| part.starts_with("DISABLED_"))
}
