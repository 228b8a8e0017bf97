//! Results as Xray's JSON, of Cloud and of Data Center.

use std::path::Path;

use jiff::SignedDuration;
use serde_json::Value;

use super::cells::{keys, keys_within};
use super::json::ID_LABEL;
use super::refusals::{RESULTS, unknown};
use super::table::looks;
use super::{Entry, TestFile, TestResult, json_lines};
use crate::Result;
use crate::domain::{TestFormat, TestImport, TestOutcome};
use crate::exchange::dates::{DateSurvey, Dates};
use crate::exchange::json::text_of;
use crate::exchange::outcomes::{OutcomeParts, OutcomeWord};
use crate::exchange::report::{FileAccount, shortened};

/// Where the parts of a test are, and those of its parts.
const PARTS: [&str; 6] = [
    "iterations",
    "examples",
    "results",
    "steps",
    "stepResults",
    "testSteps",
];
const STATUSES: [&str; 3] = ["status", "testRunStatus", "finalStatus"];
/// How deep parts may lie.
const DEEPEST: usize = 8;
const STARTS: [&str; 3] = ["start", "startedOn", "startDate"];
const FINISHES: [&str; 3] = ["finish", "finishedOn", "finishDate"];

pub(super) fn read(
    path: &Path,
    text: &str,
    value: &Value,
    options: &TestImport,
) -> Result<TestFile<TestResult>> {
    let array = ["tests", "results"].into_iter().find(|name| {
        let tests = value.get(name).and_then(Value::as_array);
        tests.is_some()
    });
    let tests = array.map_or(Some(value), |name| value.get(name));
    let tests = tests.and_then(Value::as_array);
    let no_results = |record: Option<&Value>| {
        let looks = record.and_then(looks::of_record);
        let looks = looks.map_or_else(String::new, |looks| format!("{looks}; "));
        unknown(path, format!("{looks}{RESULTS}"))
    };
    let tests = tests.ok_or_else(|| no_results(first_record(value)))?;
    if options.format.is_none() && array.is_none() && !tests.iter().any(is_result) {
        return Err(no_results(tests.first()));
    }
    let none = Value::Null;
    let info = value.get("info").unwrap_or(&none);
    let dialect = match tests.iter().any(|test| is_cloud(test, 0)) {
        true => TestFormat::XrayCloud,
        false => TestFormat::XrayDc,
    };
    let mut account = FileAccount::default();
    let mut survey = DateSurvey::default();
    for one in tests.iter().chain([info]) {
        let (early, late) = (first(one, &STARTS), first(one, &FINISHES));
        if let (Some(Value::String(start)), Some(Value::String(finish))) = (early, late) {
            survey.see_in_order(start, finish);
        }
        let names = STARTS.iter().chain(&FINISHES);
        let found = names.filter_map(|name| first(one, &[name]));
        found.for_each(|date| survey.see_json(date));
    }
    let (dates, assumption) = survey.settle(options.reading.date_order);
    if let Some(one) = assumption {
        account.assumed(&one.about, one.assumed, one.why);
    }
    let mut file = TestFile::of_results(options.format.unwrap_or(dialect));
    let mut reader = XrayReader {
        dates,
        account,
        info,
        line: 0,
    };
    let lines = json_lines::of(text, array.unwrap_or(""));
    for (place, test) in tests.iter().enumerate() {
        reader.line = lines.get(place).copied().unwrap_or(0);
        let entry = Entry::at(reader.line, reader.result(test));
        if file.push(entry).is_break() {
            break;
        }
    }
    file.report = reader.account.finish();
    Ok(file)
}

/// The first record of any list in a document, else the document.
fn first_record(value: &Value) -> Option<&Value> {
    let lists = value.as_object()?.values().filter_map(Value::as_array);
    let mut records = lists.filter_map(|list| list.first());
    records.find(|record| record.is_object()).or(Some(value))
}

/// Whether a record of a bare list says that it is the result of a test.
fn is_result(test: &Value) -> bool {
    let word = status(test).and_then(|status| OutcomeWord::of(&status));
    let ran = [
        OutcomeWord::Passed,
        OutcomeWord::Failed,
        OutcomeWord::Blocked,
        OutcomeWord::Flaky,
    ];
    let has = |name: &&str| test.get(name).is_some();
    ["testKey", "testInfo"].iter().any(has) || word.is_some_and(|word| ran.contains(&word))
}

/// Whether a status is one of Cloud's words.
fn is_cloud(test: &Value, depth: usize) -> bool {
    let status = status(test).unwrap_or_default().to_uppercase();
    let parts = || PARTS.iter().filter_map(|name| test.get(name)?.as_array());
    ["PASSED", "FAILED"].contains(&status.as_str())
        || depth < DEEPEST && parts().flatten().any(|part| is_cloud(part, depth + 1))
}

/// The first of these that says something.
fn first<'v>(value: &'v Value, names: &[&str]) -> Option<&'v Value> {
    let mut all = names.iter().filter_map(|name| value.get(name));
    all.find(|value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()))
}

/// A status as a word, or as an object with a name.
fn status(value: &Value) -> Option<String> {
    let status = match value {
        Value::Object(_) => first(value, &STATUSES)?,
        other => other,
    };
    let status = match status {
        Value::Object(_) => status.get("name")?,
        other => other,
    };
    text_of(status).filter(|status| !status.trim().is_empty())
}

struct XrayReader<'v> {
    dates: Dates,
    account: FileAccount,
    info: &'v Value,
    line: u64,
}

impl XrayReader<'_> {
    fn result(&mut self, test: &Value) -> std::result::Result<TestResult, String> {
        let text = |value: &Value, name: &str| value.get(name).and_then(text_of);
        let none = Value::Null;
        let about = test.get("testInfo").unwrap_or(&none);
        let list = |name: &str| {
            let values = about.get(name).and_then(Value::as_array);
            let values = values.into_iter().flatten();
            values.filter_map(text_of).collect::<Vec<_>>()
        };
        let key = text(test, "testKey").or_else(|| text(test, "key"));
        let name = text(about, "summary").or_else(|| key.clone());
        let name = name.ok_or("the test has neither \"testKey\" nor \"testInfo\"")?;
        let (start, finish) = (self.date(test, &STARTS), self.date(test, &FINISHES));
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
        let mut result = TestResult {
            ids,
            name,
            tickets: keys(&list("requirementKeys").join(" ")),
            seconds: seconds.filter(|seconds| *seconds >= 0.0),
            comment: text(test, "comment"),
            ..TestResult::default()
        };
        let info = self.info;
        if seconds.is_some_and(|seconds| seconds < 0.0) {
            let shown = first(test, &FINISHES).and_then(text_of).unwrap_or_default();
            let expected = "an end that is not before the start";
            self.account
                .unread(FINISHES[0], self.line, &shown, expected);
        }
        let finish = finish.filter(|_| seconds.is_none_or(|seconds| seconds >= 0.0));
        result.ran_at = finish.or(start).or_else(|| self.date(info, &FINISHES[1..]));
        let said = ["summary", "description"].map(|name| text(info, name).unwrap_or_default());
        result.around.ticket_words = keys_within(&said.join(" "));
        match outcome(test) {
            Ok((outcome, note)) => {
                result.outcome = outcome;
                result.around.note = note;
            }
            Err(status) if OutcomeWord::of(&status) == Some(OutcomeWord::Flaky) => {
                result.around.refused = Some(format!(
                    "{}: the status \"{}\" says neither that it passed nor that it failed",
                    result.name,
                    shortened(&status)
                ));
            }
            Err(status) => {
                result.around.refused = Some(format!(
                    "{}: the status \"{}\" is not known; known are PASS, PASSED, FAIL, FAILED, \
                     ABORTED, BLOCKED, EXECUTING, TODO and the like",
                    result.name,
                    shortened(&status)
                ));
            }
        }
        Ok(result)
    }

    fn date(&mut self, value: &Value, names: &[&str]) -> Option<jiff::Timestamp> {
        let value = first(value, names)?;
        let at = self.dates.of_json(value);
        if at.is_none() {
            let shown = text_of(value).unwrap_or_default();
            let expected = "a date such as 2025-06-30T10:00:00+02:00";
            self.account.unread(names[0], self.line, &shown, expected);
        }
        at
    }
}

/// What came of a test: by its own status, else by its parts. Where both are there and the parts
/// say something worse, that is a note.
fn outcome(test: &Value) -> std::result::Result<(TestOutcome, Option<String>), String> {
    let parts = of_parts(test, 0);
    let Some(status) = status(test) else {
        return Ok((parts.unwrap_or(Ok(TestOutcome::Skipped))?, None));
    };
    let failed = matches!(parts, Some(Ok(TestOutcome::Failed)));
    match OutcomeWord::of(&status) {
        Some(OutcomeWord::Passed | OutcomeWord::Flaky) if failed => {
            let note = format!("its status is {status}, and a part of it failed");
            Ok((TestOutcome::Failed, Some(note)))
        }
        Some(OutcomeWord::Passed) => Ok((TestOutcome::Passed, None)),
        // It passed and failed: which of both counts is for people to say.
        Some(OutcomeWord::Flaky) => Err(status),
        Some(OutcomeWord::Failed) => Ok((TestOutcome::Failed, None)),
        Some(OutcomeWord::Blocked) => Ok((TestOutcome::Blocked, None)),
        // Nobody has closed it; a part that failed did so.
        Some(OutcomeWord::NotRun) if failed => Ok((TestOutcome::Failed, None)),
        Some(OutcomeWord::NotRun) => Ok((TestOutcome::Skipped, None)),
        Some(OutcomeWord::Ran) => parts.unwrap_or(Err(status)).map(|outcome| (outcome, None)),
        None => Err(status),
    }
}

/// What its parts say; nothing where it has none.
fn of_parts(test: &Value, depth: usize) -> Option<std::result::Result<TestOutcome, String>> {
    let lists = PARTS.iter().filter_map(|name| test.get(name)?.as_array());
    let mut parts = OutcomeParts::default();
    let mut any = false;
    // A step with its action alone is a step of a test case.
    for part in lists.flatten() {
        any = true;
        match (status(part), of_parts(part, depth + 1)) {
            (Some(status), Some(Ok(TestOutcome::Failed)))
                if OutcomeWord::of(&status) != Some(OutcomeWord::Blocked) =>
            {
                parts.see_outcome(Ok(TestOutcome::Failed));
            }
            (Some(status), _) => parts.see(&status),
            (None, Some(outcome)) if depth < DEEPEST => parts.see_outcome(outcome),
            (None, _) => parts.see(""),
        }
    }
    any.then(|| parts.outcome())
}
