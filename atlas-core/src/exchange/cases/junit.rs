//! JUnit XML and its like: results, with the properties by which Xray and TestRail know a test.
//!
//! Runners say in many ways what came of a test; [`outcome`] knows them. A test is its class, or
//! where it has none the path of its suites, and its name.

mod outcome;
mod suite;

use std::ops::ControlFlow;

use super::cells::{keys, keys_and_guesses, keys_within};
use super::table_out::is_testrail;
use super::xml::{Element, ROOTS, XmlDocument};
use super::{Entry, TestFile, TestResult, attempts};
use crate::domain::{ReadOptions, TestFormat, TestOutcome};
use crate::exchange::dates::{DateSurvey, Dates};
use crate::exchange::distinct::add_new;
use crate::exchange::numbers::{NumberSurvey, Numbers};
use crate::exchange::outcomes::folded;
use crate::exchange::report::FileAccount;
use crate::exchange::xml_kind::{
    is_case_attribute, is_case_child, is_plain_case_child, is_run_attribute, is_run_child, is_time,
};

use outcome::{Sign, Signs};
use suite::{JunitSuite, SuiteCounts};

/// What an error is called that says that a test could not be finished.
pub(super) const BLOCKED: &str = "blocked";
/// Where a test or a suite says how long it took, and when it ran.
const TIMES: [&str; 2] = ["time", "duration"];
const STAMPS: [&str; 5] = ["timestamp", "starttime", "startedat", "startdate", "start"];
/// What a document of results begins with.
const ROOT_NAMES: [&str; 7] = [
    "testsuites",
    "testsuite",
    "testcases",
    "testcase",
    "testexecutions",
    "testrun",
    "unittest",
];
const NAMES: [&str; 4] = ["name", "testname", "title", "displayname"];
const CLASSES: [&str; 2] = ["classname", "class"];
/// Where a test is, and where its suites are: projects of Playwright are hosts.
const PLACES: [&str; 5] = ["package", "hostname", "file", "line", "id"];
const PLACES_OF_SUITES: [&str; 3] = ["package", "hostname", "file"];
/// Properties that name the tickets of a test.
const TICKETS: [&str; 7] = [
    "requirements",
    "requirement",
    "tickets",
    "ticket",
    "issues",
    "issue",
    "story",
];
const SECONDS: &str = "seconds such as 1.5 or 1,5, or a duration such as 90s, PT1M30S or 00:01:30";
const STAMP: &str = "a date such as 2025-06-30T10:00:00";

/// The results of a document, whose elements go as they are read.
pub(super) fn read(document: XmlDocument, options: &ReadOptions) -> TestFile<TestResult> {
    let mut account = FileAccount::default();
    let (mut numbers, mut dates) = (NumberSurvey::default(), DateSurvey::default());
    if let Some(root) = &document.root {
        survey(root, &mut numbers, &mut dates);
    }
    let (numbers, of_numbers) = numbers.settle(options.decimal);
    let (dates, of_dates) = dates.settle(options.date_order);
    for assumption in of_numbers.into_iter().chain(of_dates) {
        account.assumed(&assumption.about, assumption.assumed, assumption.why);
    }
    let mut reader = JunitReader {
        numbers,
        dates,
        account,
        file: TestFile::of_results(TestFormat::Junit),
        counts: SuiteCounts::default(),
        unit: 1.0,
    };
    if let Some(root) = document.root {
        let _ = match root.name == ROOTS {
            true => (root.children.into_iter().enumerate())
                .try_for_each(|(place, root)| reader.root(root, place > 0)),
            false => reader.root(root, false),
        };
    }
    if let Some(fault) = document.fault {
        if fault.unread > 0 {
            reader.file.truncated = Some(format!(
                "it cannot be read from line {} on: {} more <testcase are not read",
                fault.line, fault.unread
            ));
        }
        let _ = reader.file.push(Entry {
            file: None,
            line: fault.line,
            column: Some(fault.column),
            value: Err(fault.reason),
        });
    }
    attempts::settle(&mut reader.file);
    reader.file.report = reader.account.finish();
    reader.file
}

/// What the numbers and dates of the whole file look like.
fn survey(element: &Element, numbers: &mut NumberSurvey, dates: &mut DateSurvey) {
    for (name, value) in &element.attributes {
        let name = folded(name);
        if TIMES.contains(&name.as_str()) {
            numbers.see(value);
        } else if STAMPS.contains(&name.as_str()) {
            dates.see(value);
        }
    }
    for child in &element.children {
        survey(child, numbers, dates);
    }
}

/// The attributes of an element, their names folded.
struct Attributes<'e>(Vec<(String, &'e str)>);

impl<'e> Attributes<'e> {
    fn of(element: &'e Element) -> Self {
        let all = element.attributes.iter();
        Attributes(
            all.map(|(name, value)| (folded(name), value.trim()))
                .collect(),
        )
    }

    /// The first of these that says something.
    fn get(&self, names: &[&str]) -> Option<&'e str> {
        names.iter().find_map(|name| {
            let found = self.0.iter().find(|(one, _)| one == name);
            found
                .map(|(_, value)| *value)
                .filter(|value| !value.is_empty())
        })
    }
}

struct JunitReader {
    numbers: Numbers,
    dates: Dates,
    account: FileAccount,
    file: TestFile<TestResult>,
    counts: SuiteCounts,
    /// What a time is counted in, in seconds.
    unit: f64,
}

impl JunitReader {
    /// Takes in a document; the kind of a later one was not looked at.
    fn root(&mut self, root: Element, is_later: bool) -> ControlFlow<()> {
        let name = folded(&root.name);
        if is_later && !ROOT_NAMES.contains(&name.as_str()) {
            let reason = format!(
                "the document that begins here with <{}> is no JUnit XML: import it for itself",
                root.name
            );
            return self.file.push(Entry::at(root.line, Err(reason)));
        }
        // Sonar's own form counts in milliseconds.
        self.unit = match name.as_str() {
            "testexecutions" => 0.001,
            _ => 1.0,
        };
        self.walk(root, &JunitSuite::default())
    }

    fn walk(&mut self, mut element: Element, outer: &JunitSuite) -> ControlFlow<()> {
        let name = folded(&element.name);
        if name == "testcase" {
            // One that the file's end cut off is not whole; the fault speaks of it.
            return match element.is_whole {
                true => self.test(&element, outer),
                false => ControlFlow::Continue(()),
            };
        }
        if !name.starts_with("testsuite") && name != "file" {
            let mut children = element.children.into_iter();
            return children.try_for_each(|child| self.walk(child, outer));
        }
        let attributes = Attributes::of(&element);
        let mut suite = outer.within(&element, &attributes, &name);
        if let Some(text) = attributes.get(&STAMPS) {
            suite.ran_at = self.date(text, element.line).or(suite.ran_at);
        }
        let is_innermost = suite::is_innermost(&element);
        let before = self.counts;
        for child in std::mem::take(&mut element.children) {
            self.walk(child, &suite)?;
        }
        let found = self.counts.since(before);
        if is_innermost && let Some(warning) = suite::unaccounted(&element, found) {
            self.account.warn(warning);
        }
        ControlFlow::Continue(())
    }

    fn test(&mut self, test: &Element, suite: &JunitSuite) -> ControlFlow<()> {
        let attributes = Attributes::of(test);
        let results = match attributes.get(&NAMES) {
            Some(name) => self.results(test, name, &attributes, suite),
            None => vec![Err("the <testcase> has no name".into())],
        };
        for result in results {
            if let Ok(result) = &result {
                self.counts.add(result.outcome);
            }
            self.file.push(Entry::at(test.line, result))?;
        }
        ControlFlow::Continue(())
    }

    /// A test's result: one, or one for each of several test cases that it stands for.
    fn results(
        &mut self,
        test: &Element,
        name: &str,
        attributes: &Attributes<'_>,
        suite: &JunitSuite,
    ) -> Vec<Result<TestResult, String>> {
        let whole = self.result(test, name, attributes, suite);
        let result = |ids| {
            Ok(TestResult {
                ids,
                ..whole.clone()
            })
        };
        let own = properties(test, &["external_id", "test_key"]);
        let several = properties(test, &["testrail_case_id", "bdd_case_id", "test_id"]);
        let several: Vec<String> = several.iter().flat_map(|ids| list(ids)).collect();
        match several.len() {
            0 => {
                let words = name.split(|c: char| !c.is_ascii_alphanumeric());
                let named = words.filter(|word| is_testrail(word)).map(str::to_owned);
                vec![result(own.into_iter().chain(named).collect())]
            }
            1 => vec![result(own.into_iter().chain(several).collect())],
            _ => several.into_iter().map(|id| result(vec![id])).collect(),
        }
    }

    fn result(
        &mut self,
        test: &Element,
        name: &str,
        attributes: &Attributes<'_>,
        suite: &JunitSuite,
    ) -> TestResult {
        // Some runners repeat the name where others have the class.
        let class = attributes.get(&CLASSES).filter(|class| *class != name);
        let path = suite.path();
        let mut result = TestResult {
            name: name.to_owned(),
            group: class
                .or(Some(&path))
                .filter(|group| !group.is_empty())
                .map(str::to_owned),
            ran_at: attributes
                .get(&STAMPS)
                .and_then(|text| self.date(text, test.line)),
            seconds: attributes
                .get(&TIMES)
                .and_then(|text| self.seconds(text, test.line)),
            ..TestResult::default()
        };
        result.ran_at = result.ran_at.or(suite.ran_at);
        let said = properties(test, &TICKETS);
        let around = &mut result.around;
        for (told, words) in said.iter().map(|text| keys_and_guesses(text)) {
            add_new(&mut result.tickets, told);
            add_new(&mut around.words, words);
        }
        let tags = properties(test, &["tags", "tag", "labels"]);
        add_new(&mut around.words, tags.iter().flat_map(|text| keys(text)));
        add_new(&mut around.words, keys_within(name));
        add_new(
            &mut around.words,
            class.map(keys_within).unwrap_or_default(),
        );
        around.tickets.clone_from(&suite.tickets);
        around.ticket_words.clone_from(&suite.words);
        around.suites = path.clone();
        around.place = [suite.place.clone(), place(attributes, &PLACES)].join("|");
        let signs = Signs::of(test, attributes);
        let by_name = [name, class.unwrap_or("")];
        match signs.sign(suite.not_run.as_deref(), &by_name) {
            _ if describes_a_case(test, attributes, &signs) => {
                around.refused = Some(
                    "it describes a test case and no result: import the file with import-patterns"
                        .into(),
                );
                result.outcome = TestOutcome::Skipped;
            }
            Sign::Unknown(what) => {
                around.refused = Some(format!(
                    "{what} does not say whether it passed: known are passed, failed, error, \
                     blocked, skipped, disabled, not run and the like"
                ));
                result.outcome = TestOutcome::Skipped;
            }
            Sign::Known(outcome, comment) => {
                let said = || properties(test, &["testrun_comment"]).into_iter().next();
                let passed = outcome == TestOutcome::Passed;
                result.outcome = outcome;
                result.comment = comment.or_else(|| said().filter(|_| passed));
            }
        }
        result.around.failed_attempts = signs.failed_attempts();
        result
    }

    fn date(&mut self, text: &str, line: u64) -> Option<jiff::Timestamp> {
        let at = self.dates.parse(text);
        if at.is_none() {
            self.account.unread("timestamp", line, text, STAMP);
        }
        at
    }

    fn seconds(&mut self, text: &str, line: u64) -> Option<f64> {
        let seconds = self.numbers.seconds(text);
        let seconds = seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        if seconds.is_none() {
            self.account.unread("time", line, text, SECONDS);
        }
        seconds.map(|seconds| seconds * self.unit)
    }
}

/// What these attributes say, as one text.
fn place(attributes: &Attributes<'_>, names: &[&str]) -> String {
    let said = names
        .iter()
        .map(|name| attributes.get(&[name]).unwrap_or(""));
    said.collect::<Vec<_>>().join("|")
}

/// Whether it has steps or the like, and nothing of a run.
fn describes_a_case(test: &Element, attributes: &Attributes<'_>, signs: &Signs) -> bool {
    let has = |known: fn(&str) -> bool| {
        let mut names = test.children.iter().map(|child| folded(&child.name));
        names.any(|name| known(&name))
    };
    if signs.says_passed() || has(is_run_child) {
        return false;
    }
    let said = || attributes.0.iter().filter(|(_, value)| !value.is_empty());
    let mut of_run = said().filter(|(name, _)| is_run_attribute(name)).peekable();
    if of_run.peek().is_none() {
        let internal = attributes.get(&["internalid"]).is_some();
        let mut of_case = said().filter(|(name, value)| is_case_attribute(name, value));
        return internal || has(is_case_child) || of_case.next().is_some() && !signs.has_any();
    }
    // How long it takes is said of a test case, too.
    of_run.all(|(name, _)| is_time(name)) && has(is_plain_case_child) && !signs.has_any()
}

/// The values of properties with these names, in any case of letters.
fn properties(element: &Element, names: &[&str]) -> Vec<String> {
    let all = element.children.iter();
    let all = all.filter(|child| child.name.eq_ignore_ascii_case("properties"));
    let all = all.flat_map(|properties| &properties.children);
    let value = |property: &Element| {
        let name = property.attribute("name")?;
        let value = property.attribute("value").unwrap_or(&property.text).trim();
        let wanted = names.iter().any(|one| one.eq_ignore_ascii_case(name));
        (wanted && !value.is_empty()).then(|| value.to_owned())
    };
    all.filter_map(value).collect()
}

fn list(ids: &str) -> Vec<String> {
    let ids = ids.split(',').map(|id| id.trim().trim_start_matches('@'));
    ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}
