//! Which format a file has, by its content.

use std::path::Path;

use super::names;
use crate::Result;
use crate::domain::TestFormat;
use crate::exchange::table::{Columns, header_in};
use crate::exchange::xml_kind::XmlKind;

/// So many bytes tell a format.
const START: usize = 256 * 1024;

/// The format of a file of test cases.
pub(super) fn patterns(path: &Path, bytes: &[u8]) -> Result<TestFormat> {
    let start = bytes.get(..START.min(bytes.len())).unwrap_or(bytes);
    let text = String::from_utf8_lossy(start);
    Ok(match text.trim_start().chars().next() {
        Some('{' | '[') => json(&text),
        Some('<') => xml(&text),
        _ if is_feature(path, &text) => TestFormat::Gherkin,
        _ => table(header(&text).iter().map(String::as_str)),
    })
}

/// JSON by a field that only one tool has.
fn json(text: &str) -> TestFormat {
    let has = |name: &str| text.contains(&format!("\"{name}\""));
    if has("elements") && has("keyword") && text.trim_start().starts_with('[') {
        TestFormat::CucumberJson
    } else if has("pattern_type") {
        TestFormat::Atlas
    } else if has("testScript") {
        TestFormat::ZephyrJson
    } else if has("testInfo") || has("testKey") {
        TestFormat::XrayDc
    } else if has("testtype")
        || has("gherkin_def")
        || has("unstructured_def")
        || (has("jira") && has("testType"))
    {
        TestFormat::XrayCloud
    } else {
        TestFormat::Atlas
    }
}

fn xml(text: &str) -> TestFormat {
    match XmlKind::of(text) {
        XmlKind::Junit => TestFormat::Junit,
        XmlKind::Testlink => TestFormat::TestlinkXml,
        _ => TestFormat::TestrailXml,
    }
}

fn is_feature(path: &Path, text: &str) -> bool {
    let ending = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("feature"));
    ending || is_gherkin(text)
}

/// Whether a text begins as a feature file does.
pub(super) fn is_gherkin(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.find(|line| !line.starts_with('#') || line.contains("language"));
    first.is_some_and(|line| {
        line.starts_with("Feature:")
            || (line.starts_with('@') && !line.contains([',', ';']))
            || (line.starts_with('#') && line.contains("language:"))
    })
}

/// The names in the header, wherever it stands and whatever separates them.
fn header(text: &str) -> Vec<String> {
    header_in(text.as_bytes(), &names::known_by_any)
}

/// Whether a table holds tickets and no test cases.
pub(super) fn is_tickets(columns: &Columns) -> bool {
    let has = |names: &[&str]| !columns.find(names).is_empty();
    let of_test = |name: &str| {
        let name = name.to_lowercase();
        ["test", "step", "gherkin", "expected"]
            .iter()
            .any(|word| name.contains(word))
    };
    has(&["issue key", "work item key", "issuekey"])
        && has(&[
            "issue type",
            "work type",
            "status",
            "resolution",
            "created",
            "updated",
        ])
        && !columns.iter().any(|(_, name)| of_test(name))
}

/// A table by all of its columns.
pub(super) fn table<'a>(header: impl Iterator<Item = &'a str>) -> TestFormat {
    let columns = Columns::new(header.map(str::to_owned).collect());
    names::dialect(&columns, None).map_or(TestFormat::Csv, |dialect| dialect.format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(name: &str, text: &str) -> TestFormat {
        patterns(Path::new(name), text.as_bytes()).unwrap()
    }

    #[test]
    fn formats_are_told_by_their_content() {
        let cases = [
            ("Test ID;Summary;Test Type;Action\n", TestFormat::XrayCsv),
            (
                "\"ID\",\"Title\",\"Steps (Step)\"\n",
                TestFormat::TestrailCsv,
            ),
            ("Name,Test Script (BDD)\n", TestFormat::ZephyrCsv),
            (
                "ExecutionId,Issue Key,Test Summary\n",
                TestFormat::ZephyrSquad,
            ),
            ("v2.id,title,steps_actions\n", TestFormat::QaseCsv),
            ("Name,Steps\n", TestFormat::Csv),
            ("# made by hand\n@smoke\nFeature: x\n", TestFormat::Gherkin),
            ("# language: de\nFunktion: x\n", TestFormat::Gherkin),
            ("<?xml version=\"1.0\"?>\n<suite>", TestFormat::TestrailXml),
            ("<testsuites>", TestFormat::Junit),
            (
                "[{\"keyword\":\"Feature\",\"elements\":[]}]",
                TestFormat::CucumberJson,
            ),
            (
                "<testsuite><testcase internalid=\"9\">",
                TestFormat::TestlinkXml,
            ),
            ("[{\"testtype\":\"Manual\"}]", TestFormat::XrayCloud),
            (
                "{\"data\":{\"getTests\":{\"results\":[{\"jira\":{},\"testType\":{}}]}}}",
                TestFormat::XrayCloud,
            ),
            ("{\"tests\":[{\"testInfo\":{}}]}", TestFormat::XrayDc),
            (
                "[{\"name\":\"a\",\"testScript\":{}}]",
                TestFormat::ZephyrJson,
            ),
            ("{\"name\":\"a\"}", TestFormat::Atlas),
        ];
        for (text, format) in cases {
            assert_eq!(detected("file", text), format, "{text}");
        }
        assert_eq!(detected("x.feature", "Functionality"), TestFormat::Gherkin);
    }
}
