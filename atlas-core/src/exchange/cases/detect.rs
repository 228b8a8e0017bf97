//! Which format a file has, by its content.

use std::path::Path;

use super::{excel, testlink_xml};
use crate::Result;
use crate::domain::TestFormat;

/// So many bytes tell a format.
const START: usize = 256 * 1024;

/// The format of a file of test cases.
pub(super) fn patterns(path: &Path, bytes: &[u8]) -> Result<TestFormat> {
    if excel::is_excel(bytes) {
        let header = excel::header(path, bytes)?;
        return Ok(table(header.iter().map(String::as_str)));
    }
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
    if has("pattern_type") {
        TestFormat::Atlas
    } else if has("testScript") {
        TestFormat::ZephyrJson
    } else if has("testInfo") || has("testKey") {
        TestFormat::XrayDc
    } else if has("testtype") || has("gherkin_def") || has("unstructured_def") {
        TestFormat::XrayCloud
    } else {
        TestFormat::Atlas
    }
}

fn xml(text: &str) -> TestFormat {
    let root = text
        .split('<')
        .find(|tag| tag.starts_with(|c: char| c.is_alphabetic()))
        .unwrap_or("");
    match root.starts_with("test") {
        true if testlink_xml::is_testlink(text) => TestFormat::TestlinkXml,
        true if !root.starts_with("testcases") => TestFormat::Junit,
        true => TestFormat::TestlinkXml,
        false => TestFormat::TestrailXml,
    }
}

fn is_feature(path: &Path, text: &str) -> bool {
    let ending = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("feature"));
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.find(|line| !line.starts_with('#') || line.contains("language"));
    ending
        || first.is_some_and(|line| {
            line.starts_with("Feature:")
                || (line.starts_with('@') && !line.contains([',', ';']))
                || (line.starts_with('#') && line.contains("language:"))
        })
}

/// The names in the first line, whatever separates them.
fn header(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => break,
            ',' | ';' | '\t' if !quoted => names.push(String::new()),
            _ => {
                if let Some(name) = names.last_mut() {
                    name.push(c);
                }
            }
        }
    }
    names
}

/// A table by the columns that only one tool has.
fn table<'a>(header: impl Iterator<Item = &'a str>) -> TestFormat {
    let header: Vec<String> = header.map(|name| name.trim().to_lowercase()).collect();
    let has = |name: &str| header.iter().any(|one| one == name);
    let begins = |start: &str| header.iter().any(|one| one.starts_with(start));
    if begins("test script (") {
        TestFormat::ZephyrCsv
    } else if begins("steps_") || begins("v2.") || has("suite_without_cases") {
        TestFormat::QaseCsv
    } else if has("test summary") || has("executionid") || (has("issue key") && has("test step")) {
        TestFormat::ZephyrSquad
    } else if begins("steps (") || (has("title") && (has("section hierarchy") || has("suite id"))) {
        TestFormat::TestrailCsv
    } else if has("summary")
        && (has("test id") || has("tcid") || has("test type") || has("test repo"))
    {
        TestFormat::XrayCsv
    } else {
        TestFormat::Csv
    }
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
                "<testsuite><testcase internalid=\"9\">",
                TestFormat::TestlinkXml,
            ),
            ("[{\"testtype\":\"Manual\"}]", TestFormat::XrayCloud),
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
