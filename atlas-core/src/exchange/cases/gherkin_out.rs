//! Test cases as feature files.

use std::collections::{BTreeMap, BTreeSet};

use super::gherkin::{DATA, MORE, is_structure, spaced, word};
use super::table_out::is_issue;
use super::{TestCase, Written};
use crate::domain::{Step, TestPattern};

/// A feature file for each type, named after it.
pub(super) fn write_folder(cases: &[TestCase]) -> Vec<Written> {
    let mut by_type: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        by_type
            .entry(&case.pattern.pattern_type)
            .or_default()
            .push(place);
    }
    let mut names = BTreeSet::new();
    let file = |(kind, places): (&str, Vec<usize>)| {
        let mut name = file_name(kind);
        while !names.insert(name.clone()) {
            name.push_str("-2");
        }
        let chosen: Vec<&TestCase> = places
            .iter()
            .filter_map(|&place| cases.get(place))
            .collect();
        Written {
            part: format!("{name}.feature"),
            bytes: feature(kind, &chosen).into_bytes(),
            cases: places,
        }
    };
    by_type.into_iter().map(file).collect()
}

/// All in one feature file.
pub(super) fn write_file(cases: &[TestCase]) -> Written {
    let first = cases.first().map(|case| case.pattern.pattern_type.as_str());
    let alike = |case: &TestCase| Some(case.pattern.pattern_type.as_str()) == first;
    let name = match cases.iter().all(alike) {
        true => first.unwrap_or("ATLAS"),
        false => "ATLAS",
    };
    let all: Vec<&TestCase> = cases.iter().collect();
    Written {
        part: String::new(),
        bytes: feature(name, &all).into_bytes(),
        cases: (0..cases.len()).collect(),
    }
}

/// The steps alone, without a feature around them.
pub(super) fn steps(pattern: &TestPattern) -> String {
    let mut text = String::new();
    write_steps(pattern, "", &mut text);
    text
}

fn file_name(kind: &str) -> String {
    let letter = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = kind.to_lowercase().chars().map(letter).take(60).collect();
    let name = name.trim_matches('-');
    if name.is_empty() {
        "feature".into()
    } else {
        name.into()
    }
}

fn feature(name: &str, cases: &[&TestCase]) -> String {
    let name = one_line(name);
    let mut text = format!("Feature: {name}\n");
    for case in cases {
        text.push('\n');
        scenario(case, &name, &mut text);
    }
    text
}

fn scenario(case: &TestCase, feature: &str, text: &mut String) {
    let pattern = &case.pattern;
    let mut tags: Vec<String> = Vec::new();
    tags.extend(case.ids.first().map(|id| match is_issue(id) {
        true => format!("TEST_{id}"),
        false => format!("id:{}", word(id)),
    }));
    tags.extend(case.tickets.iter().map(ToString::to_string));
    if pattern.pattern_type != feature {
        tags.push(format!("type:{}", spaced(&pattern.pattern_type)));
    }
    tags.extend(
        pattern
            .component
            .iter()
            .map(|c| format!("component:{}", spaced(c))),
    );
    tags.extend(
        pattern
            .avg_time_minutes
            .map(|minutes| format!("minutes:{minutes}")),
    );
    if !pattern.is_active {
        tags.push("status:deprecated".into());
    }
    tags.extend(
        pattern
            .labels
            .iter()
            .filter(|l| !l.is_empty())
            .map(|label| word(label)),
    );
    if !tags.is_empty() {
        text.push_str(&format!("  @{}\n", tags.join(" @")));
    }
    text.push_str(&format!("  Scenario: {}\n", one_line(&pattern.name)));
    for line in pattern.objective.iter().flat_map(|text| text.lines()) {
        let escape = if is_structure(line) { "\\" } else { "" };
        text.push_str(format!("    {escape}{line}").trim_end());
        text.push('\n');
    }
    if pattern.objective.is_some() {
        text.push('\n');
    }
    write_steps(pattern, "    ", text);
}

fn write_steps(pattern: &TestPattern, indent: &str, text: &mut String) {
    if let Some(precondition) = &pattern.precondition {
        let simple = |line: &str| !line.is_empty() && line.trim() == line;
        if precondition.split('\n').all(simple) {
            for (number, line) in precondition.lines().enumerate() {
                let keyword = if number == 0 { "Given" } else { "And" };
                text.push_str(&format!("{indent}{keyword} {line}\n"));
            }
        } else {
            line("Given", precondition, None, indent, text);
        }
    }
    let mut goes_on = false;
    let said = |step: &&Step| **step != Step::default();
    for (number, step) in pattern.steps.iter().filter(said).enumerate() {
        let (keyword, action) = match step.action.strip_prefix("Given ") {
            // A state between two actions; before the first one it would be a precondition.
            Some(state) if number > 0 => ("Given", state),
            _ if goes_on => ("And", step.action.as_str()),
            _ => ("When", step.action.as_str()),
        };
        if !action.is_empty() || step.data.is_some() {
            line(keyword, action, step.data.as_deref(), indent, text);
        }
        goes_on = step.expected.is_none() && keyword != "Given";
        if let Some(expected) = &step.expected {
            line("Then", expected, None, indent, text);
        }
    }
}

/// A step: its first line, and as a table what is left of it and its data.
fn line(keyword: &str, words: &str, data: Option<&str>, indent: &str, text: &mut String) {
    let (first, more) = match words.find('\n') {
        Some(end) => (&words[..end], Some(&words[end..])),
        None => (words, None),
    };
    text.push_str(&format!(
        "{indent}{keyword} {}\n",
        first.trim_end_matches('\r')
    ));
    for (name, value) in [(MORE, more), (DATA, data)] {
        if let Some(value) = value {
            text.push_str(&format!("{indent}  | {name} | {} |\n", cell(value)));
        }
    }
}

fn cell(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('\n', "\\n")
        .replace('\r', "")
}

fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.split(['\n', '\r']).map(str::trim).collect();
    lines.join(" ").trim().to_owned()
}
