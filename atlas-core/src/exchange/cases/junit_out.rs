//! Results as JUnit XML, with the properties by which Xray and TestRail know a test.

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use super::TestResult;
use super::cells::joined;
use super::junit::BLOCKED;
use super::table_out::{is_issue, is_testrail};
use super::xml::legal;
use crate::domain::TestOutcome;
use crate::{Error, Result};

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
