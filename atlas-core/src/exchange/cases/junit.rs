//! JUnit XML: results, with the properties by which Xray and TestRail know a test.

use jiff::Timestamp;
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use super::cells::{joined, keys, keys_within};
use super::table_out::{is_issue, is_testrail};
use super::xml::{Document, Element, legal};
use super::{Entry, TestFile, TestResult};
use crate::domain::{TestFormat, TestOutcome, TicketKey};
use crate::exchange::dates;
use crate::{Error, Result};

/// What an error is called that says that a test could not be finished.
const BLOCKED: &str = "blocked";

/// The results of a document.
pub(super) fn read(document: &Document) -> TestFile<TestResult> {
    let mut file = TestFile::new(TestFormat::Junit, &[]);
    if let Some(root) = &document.root {
        walk(root, &Suite::default(), &mut file);
    }
    if let Some(fault) = &document.fault {
        let _ = file.push(Entry {
            file: None,
            line: fault.line,
            column: Some(fault.column),
            value: Err(fault.reason.clone()),
        });
    }
    file
}

/// What a suite says of its tests.
#[derive(Debug, Clone, Default)]
struct Suite {
    ran_at: Option<Timestamp>,
    tickets: Vec<TicketKey>,
}

fn walk(element: &Element, suite: &Suite, file: &mut TestFile<TestResult>) {
    let mut suite = suite.clone();
    if element.name.starts_with("testsuite") {
        suite.ran_at = element
            .attribute("timestamp")
            .and_then(dates::parse)
            .or(suite.ran_at);
        let named = element
            .attribute("name")
            .map(keys_within)
            .unwrap_or_default();
        let said = properties(element, &["requirements", "requirement", "tickets"]);
        let said = said.iter().flat_map(|text| keys(text));
        add(&mut suite.tickets, named.into_iter().chain(said));
    }
    for child in &element.children {
        if child.name != "testcase" {
            walk(child, &suite, file);
        } else if child.is_whole {
            for result in results(child, &suite) {
                if file.push(Entry::at(child.line, result)).is_break() {
                    return;
                }
            }
        }
    }
}

/// A test's result: one, or one for each of several test cases that it stands for.
fn results(test: &Element, suite: &Suite) -> Vec<std::result::Result<TestResult, String>> {
    let Some(name) = test
        .attribute("name")
        .filter(|name| !name.trim().is_empty())
    else {
        return vec![Err("the <testcase> has no name".into())];
    };
    let group = test.attribute("classname").filter(|name| !name.is_empty());
    let mut tickets = Vec::new();
    let said = properties(test, &["requirements", "requirement", "tickets", "tags"]);
    add(&mut tickets, said.iter().flat_map(|text| keys(text)));
    add(&mut tickets, keys_within(name).into_iter());
    add(
        &mut tickets,
        group.map(keys_within).unwrap_or_default().into_iter(),
    );
    if tickets.is_empty() {
        tickets.clone_from(&suite.tickets);
    }
    let (outcome, comment) = outcome(test);
    let seconds = test.attribute("time").and_then(seconds);
    let result = |ids: Vec<String>| TestResult {
        ids,
        name: name.to_owned(),
        group: group.map(str::to_owned),
        tickets: tickets.clone(),
        outcome,
        seconds,
        ran_at: suite.ran_at,
        comment: comment.clone(),
    };
    let own = properties(test, &["external_id", "test_key"]);
    let several = properties(test, &["testrail_case_id", "bdd_case_id", "test_id"]);
    let several: Vec<String> = several.iter().flat_map(|ids| list(ids)).collect();
    match several.len() {
        0 => {
            let words = name.split(|c: char| !c.is_ascii_alphanumeric());
            let named = words.filter(|word| is_testrail(word)).map(str::to_owned);
            vec![Ok(result(own.into_iter().chain(named).collect()))]
        }
        1 => vec![Ok(result(own.into_iter().chain(several).collect()))],
        _ => several.into_iter().map(|id| Ok(result(vec![id]))).collect(),
    }
}

fn outcome(test: &Element) -> (TestOutcome, Option<String>) {
    let said = |element: &Element| {
        let text = element.attribute("message").unwrap_or(element.text.trim());
        (!text.is_empty()).then(|| text.to_owned())
    };
    if let Some(error) = test.child("error") {
        let blocked = error.attribute("type") == Some(BLOCKED);
        let outcome = if blocked {
            TestOutcome::Blocked
        } else {
            TestOutcome::Failed
        };
        return (outcome, said(error));
    }
    let failed = test
        .child("failure")
        .map(|e| (TestOutcome::Failed, said(e)));
    let skipped = || {
        test.child("skipped")
            .map(|e| (TestOutcome::Skipped, said(e)))
    };
    let comment = || properties(test, &["testrun_comment"]).into_iter().next();
    failed
        .or_else(skipped)
        .unwrap_or_else(|| (TestOutcome::Passed, comment()))
}

/// The values of properties with these names.
fn properties(element: &Element, names: &[&str]) -> Vec<String> {
    let all = element
        .children
        .iter()
        .filter(|child| child.name == "properties");
    let all = all.flat_map(|properties| &properties.children);
    let value = |property: &Element| {
        let name = property.attribute("name")?;
        let value = property.attribute("value").unwrap_or(property.text.trim());
        (names.contains(&name) && !value.is_empty()).then(|| value.to_owned())
    };
    all.filter_map(value).collect()
}

fn list(ids: &str) -> Vec<String> {
    let ids = ids.split(',').map(|id| id.trim().trim_start_matches('@'));
    ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn add(tickets: &mut Vec<TicketKey>, more: impl Iterator<Item = TicketKey>) {
    for key in more {
        if !tickets.contains(&key) {
            tickets.push(key);
        }
    }
}

/// `1,234.5` as some runners write it.
fn seconds(text: &str) -> Option<f64> {
    let seconds: f64 = text.replace(',', "").trim().parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds)
}

/// Results as a document with one suite.
pub(super) fn write(title: &str, results: &[TestResult]) -> Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    suites(&mut writer, title, results).map_err(|source| Error::File {
        path: "the export".into(),
        source,
    })?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn suites(
    writer: &mut Writer<Vec<u8>>,
    title: &str,
    results: &[TestResult],
) -> std::io::Result<()> {
    let title = legal(title);
    let count = |outcome| {
        results
            .iter()
            .filter(|r| r.outcome == outcome)
            .count()
            .to_string()
    };
    // A sum of nothing would be -0, which schemas refuse.
    let seconds = results.iter().filter_map(|result| result.seconds);
    let time = seconds.fold(0.0, |sum, seconds| sum + seconds);
    let time = format!("{time:.3}");
    let ran_at = results.iter().filter_map(|result| result.ran_at).max();
    let ran_at = ran_at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    let (tests, failures) = (results.len().to_string(), count(TestOutcome::Failed));
    let (errors, skipped) = (count(TestOutcome::Blocked), count(TestOutcome::Skipped));
    let mut attributes = vec![
        ("name", title.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", &errors),
        ("skipped", &skipped),
        ("time", &time),
    ];
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = writer.create_element("testsuites");
    let all = all.with_attributes(attributes.iter().filter(|a| a.0 != "skipped").copied());
    if let Some(at) = &ran_at {
        attributes.push(("timestamp", at));
    }
    all.write_inner_content(|writer| {
        let suite = writer
            .create_element("testsuite")
            .with_attributes(attributes);
        suite.write_inner_content(|writer| {
            results.iter().try_for_each(|result| test(writer, result))
        })?;
        Ok(())
    })?;
    Ok(())
}

fn test(writer: &mut Writer<Vec<u8>>, result: &TestResult) -> std::io::Result<()> {
    let (name, group) = (
        legal(&result.name),
        legal(result.group.as_deref().unwrap_or("ATLAS")),
    );
    let time = result.seconds.map(|seconds| format!("{seconds:.3}"));
    let mut attributes = vec![("classname", group.as_str()), ("name", name.as_str())];
    attributes.extend(time.as_ref().map(|time| ("time", time.as_str())));
    let properties = described(result);
    let comment = legal(result.comment.as_deref().unwrap_or(""));
    let element = writer
        .create_element("testcase")
        .with_attributes(attributes);
    element.write_inner_content(|writer| {
        if !properties.is_empty() {
            let all = writer.create_element("properties");
            all.write_inner_content(|writer| {
                for (name, value) in &properties {
                    let property = writer.create_element("property");
                    property
                        .with_attributes([("name", *name), ("value", value)])
                        .write_empty()?;
                }
                Ok(())
            })?;
        }
        let message = [("message", comment.as_str())];
        match result.outcome {
            TestOutcome::Passed => {}
            TestOutcome::Failed => {
                let failure = writer.create_element("failure").with_attributes(message);
                failure
                    .with_attribute(("type", "failed"))
                    .write_text_content(BytesText::new(&comment))?;
            }
            TestOutcome::Blocked => {
                let error = writer.create_element("error").with_attributes(message);
                error
                    .with_attribute(("type", BLOCKED))
                    .write_text_content(BytesText::new(&comment))?;
            }
            TestOutcome::Skipped if comment.is_empty() => {
                writer.create_element("skipped").write_empty()?;
            }
            TestOutcome::Skipped => {
                writer
                    .create_element("skipped")
                    .with_attributes(message)
                    .write_empty()?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// A test's properties.
fn described(result: &TestResult) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let find = |own: fn(&str) -> bool| result.ids.iter().find(|id| own(id)).map(|id| legal(id));
    all.extend(result.ids.first().map(|id| ("external_id", legal(id))));
    all.extend(find(is_issue).map(|id| ("test_key", id)));
    all.extend(find(is_testrail).map(|id| ("test_id", id)));
    if !result.tickets.is_empty() {
        all.push(("requirements", joined(&result.tickets)));
    }
    if let (TestOutcome::Passed, Some(comment)) = (result.outcome, &result.comment) {
        all.push(("testrun_comment", legal(comment)));
    }
    all
}
