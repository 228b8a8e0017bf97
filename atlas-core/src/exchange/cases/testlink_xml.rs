//! TestLink's XML: suites in suites with test cases, or test cases alone. Texts are HTML.
//!
//! TestLink numbers test cases within a project. The file does not always name it: then the suites
//! stand before the number, so that two projects do not meet.

use std::path::Path;

use super::cells::{keys, minutes};
use super::refusals::unknown;
use super::sections::{Elements, Sections, deep_text};
use super::xml::{Element, ROOTS, XmlDocument};
use super::{Entry, TestCase, TestFile, steps};
use crate::Result;
use crate::domain::{PatternOrigin, Step, TestField, TestFormat, TestImport, TestPattern};
use crate::exchange::pattern_fields::NO_TYPE;
use crate::text::html;

const HOLDS: [TestField; 11] = [
    TestField::Key,
    TestField::Name,
    TestField::PatternType,
    TestField::Component,
    TestField::Objective,
    TestField::Precondition,
    TestField::Steps,
    TestField::Labels,
    TestField::Minutes,
    TestField::Active,
    TestField::Tickets,
];
const EXPECTED: &str = "TestLink's XML of test cases is a <testsuite> or <testcases> of <testcase> \
    with <steps>";
/// The status of a test case that is not to be run any more.
const OBSOLETE: &str = "5";

pub(super) fn read(
    path: &Path,
    document: &XmlDocument,
    options: &TestImport,
) -> Result<TestFile<TestCase>> {
    let mut file = TestFile::new(TestFormat::TestlinkXml, &HOLDS);
    if let Some(root) = &document.root {
        let roots = [
            "testsuite",
            "testsuites",
            "testcases",
            "testcase",
            "testproject",
        ];
        if root.name == ROOTS {
            let several = "it holds several documents one after the other: import each for itself";
            return Err(unknown(path, format!("{several}; {EXPECTED}")));
        }
        if !roots.contains(&root.name.as_str()) {
            return Err(unknown(
                path,
                format!("it begins with <{}>; {EXPECTED}", root.name),
            ));
        }
        let mut reader = TestlinkReader {
            project: options.project.clone(),
            ..TestlinkReader::default()
        };
        find_suites(root, &mut Vec::new(), &mut reader.suites);
        let _ = reader.take(root, &mut Vec::new(), &mut file);
        if let Some(id) = reader.assumed.take() {
            reader.elements.account().assumed(
                "project",
                format!("the suites before a test case's number make its key, such as {id}"),
                "TestLink numbers test cases within a project, which the file does not name",
            );
        }
        file.report = reader.elements.finish();
    }
    file.push_fault(document);
    Ok(file)
}

fn find_suites(element: &Element, path: &mut Vec<String>, suites: &mut Sections) {
    in_suite(element, path, |path| {
        suites.add(path);
        for child in element
            .children
            .iter()
            .filter(|child| child.name != "testcase")
        {
            find_suites(child, path, suites);
        }
    });
}

/// Does something with the path of what is in an element; the root suite has no name.
fn in_suite<T>(
    element: &Element,
    path: &mut Vec<String>,
    inside: impl FnOnce(&mut Vec<String>) -> T,
) -> T {
    let suite = Some(element).filter(|element| element.name == "testsuite");
    let name = suite.and_then(|suite| suite.attribute("name"));
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    path.extend(name.map(str::to_owned));
    let found = inside(path);
    if name.is_some() {
        path.pop();
    }
    found
}

#[derive(Default)]
struct TestlinkReader {
    project: Option<String>,
    suites: Sections,
    elements: Elements,
    /// A key that was made of suites.
    assumed: Option<String>,
}

impl TestlinkReader {
    fn take(
        &mut self,
        element: &Element,
        path: &mut Vec<String>,
        file: &mut TestFile<TestCase>,
    ) -> std::ops::ControlFlow<()> {
        match element.name.as_str() {
            // One that the file's end cut off is not whole; the fault speaks of it.
            "testcase" if !element.is_whole => std::ops::ControlFlow::Continue(()),
            "testcase" => file.push(Entry::at(element.line, self.case(element, path))),
            _ => in_suite(element, path, |path| {
                let mut children = element.children.iter();
                children.try_for_each(|child| self.take(child, path, file))
            }),
        }
    }

    fn case(&mut self, case: &Element, path: &[String]) -> std::result::Result<TestCase, String> {
        let name = case.attribute("name").map(str::trim);
        let name = name.filter(|name| !name.is_empty());
        let name = name
            .or_else(|| case.text_of("name"))
            .ok_or("the test case has no name")?;
        if case.attribute("classname").is_some() && case.child("steps").is_none() {
            return Err("it is a result of JUnit and no test case".into());
        }
        // Some versions put the content into <version>.
        let inner = case
            .child("version")
            .filter(|inner| !inner.children.is_empty());
        let content = inner.unwrap_or(case);
        let child = |name: &str| content.child(name).or_else(|| case.child(name));
        let plain = |name: &str| child(name).map(plain_text).filter(|text| !text.is_empty());
        let mut pattern = TestPattern::new(name, path.last().map_or(NO_TYPE, String::as_str));
        pattern.origin = PatternOrigin::Imported;
        pattern.component = self.suites.component(path);
        pattern.objective = plain("summary");
        pattern.precondition = plain("preconditions");
        pattern.avg_time_minutes = plain("estimated_exec_duration")
            .as_deref()
            .and_then(minutes);
        pattern.labels = keywords(child("keywords"));
        let is = |name: &str, value: &str| plain(name).is_some_and(|text| text == value);
        pattern.is_active = !is("status", OBSOLETE) && !is("active", "0");
        pattern.steps = steps_of(child("steps"), child("expectedresults"));
        let requirements = child("requirements")
            .into_iter()
            .flat_map(|all| &all.children);
        let requirements = requirements.filter_map(|one| one.text_of("doc_id"));
        let tickets = keys(&requirements.collect::<Vec<_>>().join(" "));
        self.count(case, pattern.steps.is_empty());
        if let Some(inner) = inner {
            self.count(inner, false);
        }
        Ok(TestCase {
            ids: self.id(case, path).into_iter().collect(),
            pattern,
            tickets,
            scope: None,
            holds: None,
        })
    }

    /// The id with its project's prefix, or else with the suites around it.
    fn id(&mut self, case: &Element, path: &[String]) -> Option<String> {
        if let Some(full) = case.text_of("fullexternalid") {
            return Some(full.to_owned());
        }
        let id = case.text_of("externalid")?;
        if !id.chars().all(|c| c.is_ascii_digit()) {
            return Some(id.to_owned());
        }
        match (&self.project, path) {
            (Some(project), _) => Some(format!("{project}-{id}")),
            (None, []) => Some(format!("TESTLINK-{id}")),
            (None, path) => {
                let id = format!("{}/{id}", path.join("/"));
                self.assumed.get_or_insert_with(|| id.clone());
                Some(id)
            }
        }
    }

    fn count(&mut self, case: &Element, no_steps: bool) {
        for field in &case.children {
            let used_as = match field.name.as_str() {
                "version" if !field.children.is_empty() => continue,
                "externalid" | "fullexternalid" => Some("key"),
                "summary" => Some("objective"),
                "preconditions" => Some("precondition"),
                "steps" | "expectedresults" => Some("steps"),
                "keywords" => Some("labels"),
                "estimated_exec_duration" => Some("minutes"),
                "status" | "active" => Some("active"),
                "requirements" => Some("tickets"),
                _ => None,
            };
            self.elements.saw(&field.name, &deep_text(field), used_as);
            let steps = field.children.iter().filter(|one| one.name == "step");
            for part in steps.flat_map(|step| &step.children) {
                if !["step_number", "actions", "expectedresults"].contains(&part.name.as_str()) {
                    let name = format!("step {}", part.name);
                    self.elements.saw(&name, &deep_text(part), None);
                }
            }
        }
        if no_steps {
            self.elements.no_steps();
        }
    }
}

fn keywords(keywords: Option<&Element>) -> Vec<String> {
    let all = keywords.into_iter().flat_map(|keywords| &keywords.children);
    let name = |one: &Element| one.attribute("name").map(str::to_owned);
    let names = all.filter_map(|one| name(one).or_else(|| Some(one.text.clone())));
    let names = names.map(|name| name.trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// A step an element, in the order of their numbers; old versions have all in one text.
fn steps_of(field: Option<&Element>, results: Option<&Element>) -> Vec<Step> {
    let Some(field) = field else {
        return Vec::new();
    };
    let mut numbered: Vec<(u64, Step)> = Vec::new();
    for element in field.children.iter().filter(|child| child.name == "step") {
        let text = |name: &str| element.child(name).map(plain_text);
        let step = Step::new(
            text("actions").unwrap_or_default(),
            text("expectedresults").unwrap_or_default(),
        );
        let number = text("step_number").and_then(|number| number.parse().ok());
        let number = number.or_else(|| numbered.last().map(|(number, _)| *number));
        if step != Step::default() {
            numbered.push((number.unwrap_or_default(), step));
        }
    }
    if numbered.is_empty() {
        let results = results.map(plain_text);
        let mut all = steps::of_cells(&plain_text(field), results.as_deref(), None, true);
        steps::without_row_numbers(&mut all, 1);
        return all;
    }
    numbered.sort_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, step)| step).collect()
}

fn plain_text(element: &Element) -> String {
    html::plain_cell(&deep_text(element)).trim().to_owned()
}
