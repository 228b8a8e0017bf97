//! Which form a file of results has, and the tickets of a result.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::refusals::{RESULTS, unknown};
use super::table::looks;
use super::{Entry, TestFile, TestResult, cucumber, junit, xml, xray_results};
use crate::domain::{TestFormat, TestImport, TicketKey};
use crate::exchange::budget::Budget;
use crate::exchange::document;
use crate::exchange::xml_kind::XmlKind;
use crate::{Error, Result};

const TAP: &str = "it is TAP, which holds results of tests: let the runner write JUnit XML";

/// Reads a file of results.
pub(super) fn read(
    path: &Path,
    bytes: &[u8],
    options: &TestImport,
    budget: Budget,
) -> Result<TestFile<TestResult>> {
    let text = String::from_utf8_lossy(bytes);
    let start = text.trim_start();
    if let Some(format) = options.format.filter(|format| !format.holds_results()) {
        let expected = "junit, cucumber-json, xray-cloud or xray-dc for results";
        return Err(Error::invalid("format", format.as_str(), expected));
    }
    match options.format {
        Some(TestFormat::Junit) => junit(path, &text, options, budget),
        None if start.starts_with('<') => junit(path, &text, options, budget),
        None if start.starts_with(['{', '[']) => json(path, &text, options, budget),
        Some(_) => json(path, &text, options, budget),
        None => {
            let tap = is_tap(&text).then(|| TAP.to_owned());
            let looks = tap.or_else(|| looks::of_text(bytes));
            let looks = looks.map_or_else(String::new, |looks| format!("{looks}; "));
            Err(unknown(path, format!("{looks}{RESULTS}")))
        }
    }
}

/// The Test Anything Protocol: `TAP version 13`, a plan `1..2`, or `ok 1 - Log in` from the start.
fn is_tap(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines
        .find(|line| !line.starts_with('#'))
        .unwrap_or_default();
    let is_plan = first
        .strip_prefix("1..")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_test = ["ok ", "not ok "].iter().any(|start| {
        let rest = first.strip_prefix(start);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '-'))
    });
    first.starts_with("TAP version") || is_plan || is_test
}

/// XML of results, and no other.
fn junit(
    path: &Path,
    text: &str,
    options: &TestImport,
    budget: Budget,
) -> Result<TestFile<TestResult>> {
    let kind = XmlKind::of(text);
    match &kind {
        XmlKind::Junit => Ok(junit::read(xml::read(text, budget), &options.reading)),
        XmlKind::Results(_) => Err(unknown(
            path,
            format!(
                "it is {}: let the runner write JUnit XML; {RESULTS}",
                kind.words()
            ),
        )),
        _ if kind.holds_cases() => Err(unknown(
            path,
            format!(
                "it is {}: import it with import-patterns; {RESULTS}",
                kind.words()
            ),
        )),
        _ => Err(unknown(path, format!("it is {}; {RESULTS}", kind.words()))),
    }
}

fn json(
    path: &Path,
    text: &str,
    options: &TestImport,
    mut budget: Budget,
) -> Result<TestFile<TestResult>> {
    budget
        .take_json(text.as_bytes())
        .map_err(|reason| unknown(path, reason))?;
    if options.format.is_none()
        && let Some(what) = document::of_text(text.as_bytes())
    {
        return Err(unknown(path, format!("it is {what}; {RESULTS}")));
    }
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let format = options.format.unwrap_or(TestFormat::XrayCloud);
            let mut file = TestFile::of_results(format);
            let _ = file.push(Entry {
                file: None,
                line: error.line() as u64,
                column: Some(error.column() as u64),
                value: Err(format!(
                    "not valid JSON: {}",
                    crate::error::plain_words(&error.to_string())
                )),
            });
            return Ok(file);
        }
    };
    match options.format {
        Some(TestFormat::CucumberJson) => cucumber::read(path, text, &value),
        None if cucumber::is_report(&value) => cucumber::read(path, text, &value),
        _ => xray_results::read(path, text, &value, options),
    }
}

/// The tickets of a result: those that it names, and words of it that are keys of a stored project;
/// where there is none, the same of its suite; and those that were given for all.
pub(crate) fn tickets_of(
    result: &TestResult,
    given: &[TicketKey],
    projects: &BTreeSet<String>,
) -> Vec<TicketKey> {
    let around = &result.around;
    let known = |key: &&TicketKey| projects.contains(key.project());
    let both = |named: &[TicketKey], words: &[TicketKey]| -> Vec<TicketKey> {
        let all = named.iter().chain(words.iter().filter(known));
        all.cloned().collect()
    };
    let mut tickets = both(&result.tickets, &around.words);
    if tickets.is_empty() {
        tickets = both(&around.tickets, &around.ticket_words);
    }
    tickets.extend(given.iter().cloned());
    let mut seen = BTreeSet::new();
    tickets.retain(|key| seen.insert(key.clone()));
    tickets
}
