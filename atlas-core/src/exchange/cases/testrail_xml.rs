//! TestRail's XML: a suite of sections with test cases. Texts may be HTML.

use std::path::Path;

use super::cells::{keys, minutes};
use super::refusals::unknown;
use super::sections::{Elements, Sections, deep_text};
use super::table::id_of;
use super::xml::{Element, ROOTS, XmlDocument};
use super::{Entry, TestCase, TestFile, steps};
use crate::Result;
use crate::domain::{PatternOrigin, Step, TestField, TestFormat, TestPattern};
use crate::exchange::pattern_fields::NO_TYPE;
use crate::text::html;

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
const EXPECTED: &str = "XML of test cases is TestRail's, a <suite> of <sections> with <cases>, or \
    TestLink's, a <testsuite> of <testcase> with <steps>";
/// The most shared steps in shared steps.
const DEEPEST: usize = 5;

pub(super) fn read(path: &Path, document: &XmlDocument) -> Result<TestFile<TestCase>> {
    let mut file = TestFile::new(TestFormat::TestrailXml, &HOLDS);
    if let Some(root) = &document.root {
        if root.name == ROOTS {
            let several = "it holds several documents one after the other: import each for itself";
            return Err(unknown(path, format!("{several}; {EXPECTED}")));
        }
        if !["suite", "sections", "section", "cases"].contains(&root.name.as_str()) {
            return Err(unknown(
                path,
                format!("it begins with <{}>; {EXPECTED}", root.name),
            ));
        }
        let mut reader = TestrailReader::default();
        find_sections(root, &mut Vec::new(), &mut reader.sections);
        reader.walk(root, &mut Vec::new(), &mut file);
        file.report = reader.elements.finish();
    }
    file.push_fault(document);
    Ok(file)
}

fn find_sections(element: &Element, path: &mut Vec<String>, sections: &mut Sections) {
    in_section(element, path, |path| {
        sections.add(path);
        for child in &element.children {
            find_sections(child, path, sections);
        }
    });
}

/// Does something with the path of what is in an element.
fn in_section(element: &Element, path: &mut Vec<String>, inside: impl FnOnce(&mut Vec<String>)) {
    let name = Some(element).filter(|element| element.name == "section");
    let name = name.and_then(|section| section.text_of("name"));
    path.extend(name.map(str::to_owned));
    inside(path);
    if name.is_some() {
        path.pop();
    }
}

#[derive(Default)]
struct TestrailReader {
    sections: Sections,
    elements: Elements,
}

impl TestrailReader {
    fn walk(&mut self, element: &Element, path: &mut Vec<String>, file: &mut TestFile<TestCase>) {
        in_section(element, path, |path| {
            for child in &element.children {
                match child.name.as_str() {
                    // One that the file's end cut off is not whole; the fault speaks of it.
                    "case" if !child.is_whole => {}
                    "case" => {
                        let entry = Entry::at(child.line, self.case(child, path));
                        if file.push(entry).is_break() {
                            return;
                        }
                    }
                    _ => self.walk(child, path, file),
                }
            }
        });
    }

    fn case(&mut self, case: &Element, path: &[String]) -> std::result::Result<TestCase, String> {
        let title = case
            .text_of("title")
            .ok_or("the test case has no <title>")?;
        let none = Element::default();
        let custom = case.child("custom").unwrap_or(&none);
        let plain = |name: &str| custom.child(name).map(plain_text).filter(|t| !t.is_empty());
        let mut pattern = TestPattern::new(title, path.last().map_or(NO_TYPE, String::as_str));
        pattern.origin = PatternOrigin::Imported;
        pattern.component = self.sections.component(path);
        let about = ["goals", "mission"].map(plain).into_iter().flatten();
        let about = about.collect::<Vec<_>>().join("\n");
        pattern.objective = Some(about).filter(|text| !text.is_empty());
        pattern.precondition = plain("preconds");
        pattern.avg_time_minutes = case.text_of("estimate").and_then(minutes);
        let used = take_steps(custom, &mut pattern);
        let mut references = case.text_of("references").unwrap_or_default().to_owned();
        self.count_steps(custom, &mut references);
        self.count(case, custom, &used, pattern.steps.is_empty());
        let id = case
            .text_of("id")
            .map(|id| id_of(TestFormat::TestrailXml, None, id));
        Ok(TestCase {
            ids: id.into_iter().collect(),
            pattern,
            tickets: keys(&references),
            scope: None,
            holds: None,
        })
    }

    /// Accounts for what stands in steps beside their texts; their references are the case's too.
    fn count_steps(&mut self, element: &Element, references: &mut String) {
        for step in element.children.iter().filter(|child| is_step(child)) {
            for part in &step.children {
                let used_as = match part.name.as_str() {
                    "refs" | "references" => {
                        references.push(' ');
                        references.push_str(&deep_text(part));
                        Some("tickets")
                    }
                    name if STEP_PARTS.contains(&name) || is_step(part) => continue,
                    _ if part.children.iter().any(is_step) => continue,
                    _ => None,
                };
                let name = format!("step {}", part.name);
                self.elements.saw(&name, &deep_text(part), used_as);
            }
        }
        for child in &element.children {
            self.count_steps(child, references);
        }
    }

    fn count(&mut self, case: &Element, custom: &Element, used: &[&str], no_steps: bool) {
        for field in &case.children {
            let used_as = match field.name.as_str() {
                "custom" => continue,
                "id" => Some("key"),
                "title" => Some("name"),
                "estimate" => Some("minutes"),
                "references" => Some("tickets"),
                _ => None,
            };
            self.elements.saw(&field.name, &deep_text(field), used_as);
        }
        for field in &custom.children {
            let used_as = match field.name.as_str() {
                name if used.contains(&name) => Some("steps"),
                "goals" | "mission" => Some("objective"),
                "preconds" => Some("precondition"),
                _ => None,
            };
            self.elements.saw(&field.name, &deep_text(field), used_as);
        }
        if no_steps {
            self.elements.no_steps();
        }
    }
}

/// Takes the steps from one place of several: separated ones, a scenario, or a text. Says which
/// elements it took.
fn take_steps<'e>(custom: &'e Element, pattern: &mut TestPattern) -> Vec<&'e str> {
    let separated = |field: &&Element| field.children.iter().any(is_step);
    let known = custom.child("steps_separated").filter(separated);
    if let Some(field) = known.or_else(|| custom.children.iter().find(separated)) {
        pattern.steps = separate(field, 0);
        if let Some(bdd) = steps::as_scenarios(&pattern.steps) {
            pattern.precondition = pattern.precondition.take().or(bdd.precondition);
            pattern.steps = bdd.steps;
        }
        if !pattern.steps.is_empty() {
            return vec![&field.name];
        }
    }
    let filled = |field: &&Element| !deep_text(field).is_empty();
    let named = |part: &str, not: &str| {
        let is_named = |field: &&Element| field.name.contains(part) && !field.name.contains(not);
        custom.children.iter().filter(is_named).find(filled)
    };
    if let Some(field) = named("bdd", "\n") {
        let text = html::plain_cell(&deep_text(field));
        match steps::bdd_of(&text) {
            Ok(bdd) => {
                pattern.precondition = pattern.precondition.take().or(bdd.precondition);
                pattern.steps = bdd.steps;
            }
            Err(_) => pattern.steps = steps::of_text(&text, true),
        }
        return vec![&field.name];
    }
    let usual = custom.child("steps").filter(filled);
    let Some(field) = usual.or_else(|| named("step", "expected")) else {
        return Vec::new();
    };
    let results = custom
        .child("expected")
        .filter(filled)
        .or_else(|| named("expected", "\n"));
    let expected = results.map(plain_text);
    let raw = deep_text(field);
    let text = match steps::of_html_table(&raw) {
        Some(_) => raw,
        None => plain_text(field),
    };
    pattern.steps = steps::of_cells(&text, expected.as_deref(), None, true);
    steps::without_row_numbers(&mut pattern.steps, 1);
    let results = results.map(|field| field.name.as_str());
    std::iter::once(field.name.as_str())
        .chain(results)
        .collect()
}

/// What a step is made of.
const STEP_PARTS: [&str; 11] = [
    "index",
    "content",
    "step",
    "action",
    "title",
    "name",
    "shared_step_id",
    "id",
    "expected",
    "expected_result",
    "additional_info",
];

fn is_step(element: &Element) -> bool {
    ["step", "shared_step"].contains(&element.name.as_str())
}

/// The steps of an element by their `<index>`, where each has one of its own.
fn in_order(field: &Element) -> Vec<&Element> {
    let mut steps: Vec<&Element> = field.children.iter().filter(|one| is_step(one)).collect();
    let index = |step: &&Element| step.text_of("index")?.trim().parse::<u64>().ok();
    let numbers: Option<Vec<u64>> = steps.iter().map(index).collect();
    if let Some(mut numbers) = numbers {
        numbers.sort_unstable();
        if numbers.is_sorted_by(|one, next| one < next) {
            steps.sort_by_key(index);
        }
    }
    steps
}

/// Steps of their own elements; a shared step is named before its steps.
fn separate(field: &Element, depth: usize) -> Vec<Step> {
    let mut all = Vec::new();
    for element in in_order(field) {
        let text = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| element.child(name));
            found.find_map(|field| Some(plain_text(field)).filter(|text| !text.is_empty()))
        };
        let content = text(&["content", "step", "action"]);
        let shared = || {
            let name = text(&["title", "name"]).or_else(|| text(&["shared_step_id", "id"]));
            let is_shared =
                element.name == "shared_step" || element.child("shared_step_id").is_some();
            is_shared.then(|| {
                format!("Shared step: {}", name.unwrap_or_default())
                    .trim_end()
                    .to_owned()
            })
        };
        let step = Step {
            action: content.or_else(shared).unwrap_or_default(),
            expected: text(&["expected", "expected_result"]),
            data: text(&["additional_info"]),
        };
        if step != Step::default() {
            all.push(step);
        }
        if depth < DEEPEST {
            all.extend(separate(element, depth + 1));
            for inner in element.children.iter().filter(|inner| !is_step(inner)) {
                all.extend(separate(inner, depth + 1));
            }
        }
    }
    all
}

fn plain_text(element: &Element) -> String {
    html::plain_cell(&deep_text(element)).trim().to_owned()
}
