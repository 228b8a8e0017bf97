//! TestRail's XML: a suite of sections with test cases.

use std::path::Path;

use super::cells::{keys, minutes};
use super::table::id_of;
use super::xml::{Document, Element};
use super::{Entry, TestCase, TestFile, gherkin, steps, unknown};
use crate::Result;
use crate::domain::{PatternOrigin, Step, TestField, TestFormat, TestPattern};
use crate::exchange::patterns::NO_TYPE;

const HOLDS: [TestField; 8] = [
    TestField::Key,
    TestField::Name,
    TestField::PatternType,
    TestField::Objective,
    TestField::Precondition,
    TestField::Steps,
    TestField::Minutes,
    TestField::Tickets,
];
const EXPECTED: &str = "XML of test cases is TestRail's: a <suite> of <sections> with <cases>";

pub(super) fn read(path: &Path, document: &Document) -> Result<TestFile<TestCase>> {
    let mut file = TestFile::new(TestFormat::TestrailXml, &HOLDS);
    if let Some(root) = &document.root {
        if !["suite", "sections", "section", "cases"].contains(&root.name.as_str()) {
            return Err(unknown(
                path,
                format!("it begins with <{}>; {EXPECTED}", root.name),
            ));
        }
        walk(root, None, &mut file);
    }
    if let Some(fault) = &document.fault {
        let _ = file.push(Entry {
            file: None,
            line: fault.line,
            column: Some(fault.column),
            value: Err(fault.reason.clone()),
        });
    }
    Ok(file)
}

fn walk(element: &Element, section: Option<&str>, file: &mut TestFile<TestCase>) {
    let section = match element.name.as_str() {
        "section" => element.text_of("name").or(section),
        _ => section,
    };
    for child in &element.children {
        match child.name.as_str() {
            // One that the file's end cut off is not whole; the fault speaks of it.
            "case" if !child.is_whole => {}
            "case" => {
                if file
                    .push(Entry::at(child.line, case(child, section)))
                    .is_break()
                {
                    return;
                }
            }
            _ => walk(child, section, file),
        }
    }
}

fn case(case: &Element, section: Option<&str>) -> std::result::Result<TestCase, String> {
    let title = case
        .text_of("title")
        .ok_or("the test case has no <title>")?;
    let none = Element::default();
    let custom = case.child("custom").unwrap_or(&none);
    let text = |name: &str| custom.text_of(name).map(str::to_owned);
    let mut pattern = TestPattern::new(title, section.unwrap_or(NO_TYPE));
    pattern.origin = PatternOrigin::Imported;
    pattern.component = section.map(str::to_owned);
    pattern.objective = text("goals").or_else(|| text("mission"));
    pattern.precondition = text("preconds");
    pattern.avg_time_minutes = case.text_of("estimate").and_then(minutes);
    if let Some(separated) = custom.child("steps_separated") {
        pattern.steps = separated.children.iter().filter_map(separate).collect();
    } else if let Some(bdd) = text("testrail_bdd_scenario") {
        let bdd = gherkin::steps_of_text(&bdd)?;
        pattern.precondition = pattern.precondition.or(bdd.precondition);
        pattern.steps = bdd.steps;
    } else if let Some(steps) = text("steps") {
        pattern.steps = together(&steps, custom.text_of("expected"));
    }
    let id = case
        .text_of("id")
        .map(|id| id_of(TestFormat::TestrailXml, None, id));
    Ok(TestCase {
        ids: id.into_iter().collect(),
        pattern,
        tickets: case.text_of("references").map(keys).unwrap_or_default(),
    })
}

fn separate(step: &Element) -> Option<Step> {
    let text = |name: &str| step.text_of(name).map(str::to_owned);
    Some(Step {
        action: text("content")?,
        expected: text("expected"),
        data: text("additional_info"),
    })
}

/// Steps in one text, with the results in another.
fn together(text: &str, expected: Option<&str>) -> Vec<Step> {
    let mut all = steps::of_cells(text, expected, None, true);
    steps::without_row_numbers(&mut all, 1);
    all
}
