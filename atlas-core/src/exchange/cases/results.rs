//! Results as Xray's JSON, and which format a file of results has.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::cells::{keys, keys_within};
use super::json::ID_LABEL;
use super::table_out::is_issue;
use super::{Entry, TestFile, TestResult, junit, unknown, xml};
use crate::domain::{TestExport, TestFormat, TestImport, TestOutcome, TicketKey};
use crate::exchange::dates;
use crate::exchange::json::text_of;
use crate::{Error, Result};

const EXPECTED: &str = "results come as JUnit XML or as Xray's JSON with a \"tests\" array";

/// Reads a file of results.
pub(super) fn read(
    path: &Path,
    bytes: &[u8],
    options: &TestImport,
) -> Result<TestFile<TestResult>> {
    let text = String::from_utf8_lossy(bytes);
    let is_xml = text.trim_start().starts_with('<');
    let format = match options.format {
        Some(format) if !format.holds_results() => {
            let expected = "junit, xray-cloud or xray-dc for results";
            return Err(Error::invalid("format", format.as_str(), expected));
        }
        Some(format) => format,
        None if is_xml => TestFormat::Junit,
        None if text.trim_start().starts_with(['{', '[']) => TestFormat::XrayCloud,
        None => return Err(unknown(path, EXPECTED)),
    };
    match format {
        TestFormat::Junit => {
            let document = xml::read(&text);
            let root = document.root.as_ref().map_or("", |root| root.name.as_str());
            if document.fault.is_none() && !["testsuites", "testsuite"].contains(&root) {
                return Err(unknown(
                    path,
                    format!("it begins with <{root}>; {EXPECTED}"),
                ));
            }
            Ok(junit::read(&document))
        }
        _ => xray(path, &text, options.format),
    }
}

fn xray(path: &Path, text: &str, forced: Option<TestFormat>) -> Result<TestFile<TestResult>> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let mut file = TestFile::new(forced.unwrap_or(TestFormat::XrayCloud), &[]);
            let _ = file.push(Entry {
                file: None,
                line: error.line() as u64,
                column: Some(error.column() as u64),
                value: Err(format!("not valid JSON: {error}")),
            });
            return Ok(file);
        }
    };
    let tests = value.get("tests").unwrap_or(&value).as_array();
    let tests = tests.ok_or_else(|| unknown(path, EXPECTED))?;
    let none = Value::Null;
    let info = value.get("info").unwrap_or(&none);
    let cloud = |test: &Value| {
        let status = test.get("status").and_then(Value::as_str).unwrap_or("");
        ["PASSED", "FAILED"].contains(&status.to_uppercase().as_str())
    };
    let dialect = match tests.iter().any(cloud) {
        true => TestFormat::XrayCloud,
        false => TestFormat::XrayDc,
    };
    let mut file = TestFile::new(forced.unwrap_or(dialect), &[]);
    for test in tests {
        if file.push(Entry::at(0, result(test, info))).is_break() {
            break;
        }
    }
    Ok(file)
}

fn result(test: &Value, info: &Value) -> std::result::Result<TestResult, String> {
    let text = |value: &Value, name: &str| value.get(name).and_then(text_of);
    let none = Value::Null;
    let about = test.get("testInfo").unwrap_or(&none);
    let list = |name: &str| {
        let values = about
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        values.filter_map(text_of).collect::<Vec<_>>()
    };
    let key = text(test, "testKey");
    let name = text(about, "summary").or_else(|| key.clone());
    let name = name.ok_or("the test has neither \"testKey\" nor \"testInfo\"")?;
    let status = text(test, "status").unwrap_or_default();
    let outcome = outcome(&status)
        .ok_or_else(|| format!("\"{status}\" is no status that is known: PASS, PASSED, FAIL, FAILED, ABORTED, BLOCKED, EXECUTING, TODO"))?;
    let (start, finish) = (date(test, "start"), date(test, "finish"));
    let seconds = start
        .zip(finish)
        .map(|(start, finish)| finish.duration_since(start));
    let seconds = seconds.map(|took: SignedDuration| took.as_secs_f64());
    let labels = list("labels");
    let own = labels
        .iter()
        .filter_map(|label| label.strip_prefix(ID_LABEL));
    let mut ids: Vec<String> = own.map(str::to_owned).chain(key).collect();
    ids.dedup();
    let mut tickets = keys(&list("requirementKeys").join(" "));
    if tickets.is_empty() {
        let said = ["summary", "description"].map(|name| text(info, name).unwrap_or_default());
        tickets = keys_within(&said.join(" "));
    }
    Ok(TestResult {
        ids,
        name,
        group: None,
        tickets,
        outcome,
        seconds: seconds.filter(|seconds| *seconds >= 0.0),
        ran_at: finish.or(start).or_else(|| date(info, "finishDate")),
        comment: text(test, "comment"),
    })
}

fn date(value: &Value, name: &str) -> Option<Timestamp> {
    let text = value.get(name)?.as_str()?;
    text.parse().ok().or_else(|| dates::parse(text))
}

/// Both dialects.
fn outcome(status: &str) -> Option<TestOutcome> {
    Some(match status.to_uppercase().as_str() {
        "PASS" | "PASSED" => TestOutcome::Passed,
        "FAIL" | "FAILED" => TestOutcome::Failed,
        "ABORTED" | "BLOCKED" => TestOutcome::Blocked,
        "TODO" | "TO DO" | "EXECUTING" | "SKIPPED" | "" => TestOutcome::Skipped,
        _ => return None,
    })
}

/// Results in the dialect that is asked for.
pub(super) fn write_xray(
    title: &str,
    results: &[TestResult],
    options: &TestExport,
) -> Result<Vec<u8>> {
    let cloud = options.format == TestFormat::XrayCloud;
    let status = |outcome| match (outcome, cloud) {
        (TestOutcome::Passed, true) => "PASSED",
        (TestOutcome::Passed, false) => "PASS",
        (TestOutcome::Failed, true) => "FAILED",
        (TestOutcome::Failed, false) => "FAIL",
        (TestOutcome::Blocked, _) => "ABORTED",
        (TestOutcome::Skipped, true) => "TO DO",
        (TestOutcome::Skipped, false) => "TODO",
    };
    let ticket = results.iter().find_map(|result| result.tickets.first());
    let project = options
        .project
        .clone()
        .or_else(|| Some(ticket?.project().to_owned()));
    let project = project
        .ok_or_else(|| Error::invalid("project", "", "the project's key in the other tool"))?;
    let test = |result: &TestResult| {
        let mut test = json!({
            "testInfo": {
                "projectKey": project,
                "summary": result.name,
                "type": "Generic",
                "definition": result.name,
                "requirementKeys": result.tickets,
                "labels": result.ids.first().map(|id| format!("{ID_LABEL}{id}")).into_iter().collect::<Vec<_>>(),
            },
            "status": status(result.outcome),
        });
        if let Some(key) = result.ids.iter().find(|id| is_issue(id)) {
            test["testKey"] = json!(key);
        }
        if let Some(comment) = &result.comment {
            test["comment"] = json!(comment);
        }
        if let Some(finish) = result.ran_at {
            let took = SignedDuration::from_secs_f64(result.seconds.unwrap_or(0.0));
            let start = finish.checked_sub(took).unwrap_or(finish);
            test["start"] = json!(instant(start));
            test["finish"] = json!(instant(finish));
        }
        test
    };
    let times = || results.iter().filter_map(|result| result.ran_at);
    let mut info = json!({"project": project, "summary": title});
    if let Some(at) = times().max() {
        info["finishDate"] = json!(instant(at));
    }
    let value = json!({"info": info, "tests": results.iter().map(test).collect::<Vec<_>>()});
    let mut bytes = serde_json::to_vec_pretty(&value)
        .map_err(|error| Error::invalid("export", error, "what JSON can hold"))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// As Xray wants it: whole seconds, the offset with a colon.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// The tickets of a result, and those that were given for all.
pub(crate) fn tickets_of(result: &TestResult, given: &[TicketKey]) -> Vec<TicketKey> {
    let mut tickets = result.tickets.clone();
    tickets.extend(
        given
            .iter()
            .filter(|key| !result.tickets.contains(key))
            .cloned(),
    );
    tickets
}
