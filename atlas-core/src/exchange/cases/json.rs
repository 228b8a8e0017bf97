//! Test cases from JSON: ATLAS's own, Xray's and Zephyr Scale's.

mod fields;
mod general;
mod jira;
mod steps;
mod tool_fields;
mod usage;

use std::ops::ControlFlow;
use std::path::Path;

use serde_json::Value;

use super::cells::{self, keys};
use super::refusals::unknown;
use super::sections::Sections;
use super::steps as all_steps;
use super::{Entry, TestCase, TestFile};
use crate::Result;
use crate::domain::{
    MOST_MINUTES, PatternOrigin, Step, TestField, TestFormat, TestImport, TestPattern,
};
use crate::exchange::ReadSummary;
use crate::exchange::document;
use crate::exchange::input::Input;
use crate::exchange::json::{self, Beside, Shape, text_of, tree};
use crate::exchange::pattern_fields::{self, NO_TYPE, is_retired};
use crate::exchange::report::FileAccount;
use crate::text::html;
use general::Surroundings;
use usage::{FieldUse, Usage};

const SHAPE: Shape = Shape {
    pages: &[
        "patterns",
        "testcases",
        "test_cases",
        "testCases",
        "cases",
        "entities",
        "tests",
        "values",
    ],
    fields: &[
        "name",
        "title",
        "summary",
        "fields",
        "testInfo",
        "testKey",
        "jira",
        "testType",
        "steps",
        "attributes",
        "scenario",
    ],
    weak: &[],
    expected: "test cases come as JSON with a \"name\", \"title\" or \"summary\" each, as Xray's \
        or Zephyr's JSON, or as ATLAS writes them",
};
const TICKET: &str = "it looks like a ticket, and not like a test case: it has no steps, and fields \
    of tickets; import reads tickets, and the format atlas takes every record for a test case";
/// The label that carries the id of a test case to tools that have no field for it.
pub(super) const ID_LABEL: &str = "atlas-id:";
/// What stands before the facts at the end of a description.
pub(super) const RULE: &str = "----";

type ReadCase = std::result::Result<(TestCase, FieldUse), String>;

/// What the arrays of a tree of suites are called.
const TREE: tree::TreeNames = tree::TreeNames {
    suites: &[
        "suites",
        "sections",
        "folders",
        "testsuites",
        "test_suites",
        "groups",
        "modules",
        "children",
    ],
    records: &["cases", "testcases", "test_cases", "tests"],
};

/// Reads a JSON file.
pub(super) fn read(
    path: &Path,
    bytes: Vec<u8>,
    format: TestFormat,
    options: &TestImport,
) -> Result<TestFile<TestCase>> {
    if options.format.is_none()
        && let Some(what) = document::of_text(&bytes)
    {
        return Err(unknown(path, format!("it is {what}; {}", SHAPE.expected)));
    }
    let mut file = TestFile::new(format, holds(format));
    let mut usage = Usage::default();
    let around = Surroundings {
        project: options.project.as_deref(),
        suite: None,
    };
    let mut take = |line: u64, read: std::result::Result<(TestCase, FieldUse), String>| {
        let value =
            read.and_then(
                |(case, told)| match told.is_ticket && options.format.is_none() {
                    true => Err(TICKET.to_owned()),
                    false => {
                        usage.add(line, told);
                        Ok(case)
                    }
                },
            );
        file.push(Entry::at(line, value))
    };
    let is_tree = matches!(format, TestFormat::Atlas);
    let summary = match tree::read(&bytes, &TREE) {
        Ok(Some(leaves)) if is_tree => {
            read_tree(leaves, around, &mut take);
            ReadSummary::default()
        }
        Err((error, leaves)) if is_tree && !leaves.is_empty() => {
            read_tree(leaves, around, &mut take);
            let input = Input::of_text(path, Vec::new());
            ReadSummary {
                truncated: Some(input.file.ended_early(error)?),
                ..ReadSummary::default()
            }
        }
        _ => json::read_beside(
            Input::of_text(path, bytes),
            &SHAPE,
            |value, beside| read_one(format, value, beside, around),
            &mut |record| take(record.line, record.value),
        )?,
    };
    file.truncated = summary.truncated.or(file.truncated);
    if let Some(reason) = usage.refusal().filter(|_| options.format.is_none()) {
        let all = "the format atlas takes every record for one";
        return Err(unknown(
            path,
            format!("{reason}; {}; {all}", SHAPE.expected),
        ));
    }
    let mut account = FileAccount::default();
    *account.file() = summary.file;
    file.report = account.joined(usage.finish());
    Ok(file)
}

/// The test cases of suites in suites: the type is the suite's name.
fn read_tree(
    leaves: Vec<tree::Leaf>,
    around: Surroundings<'_>,
    take: &mut dyn FnMut(u64, ReadCase) -> ControlFlow<()>,
) {
    let mut sections = Sections::default();
    leaves.iter().for_each(|leaf| sections.add(&leaf.path));
    for leaf in leaves {
        let component = sections.component(&leaf.path).unwrap_or_default();
        let suite = leaf.path.last();
        let around = Surroundings {
            suite: suite.map(|suite| (suite.as_str(), component.as_str())),
            ..around
        };
        let read = leaf.value.and_then(|value| general::case(&value, around));
        if take(leaf.line, read).is_break() {
            return;
        }
    }
}

fn read_one(
    format: TestFormat,
    value: &Value,
    beside: &Beside,
    around: Surroundings<'_>,
) -> ReadCase {
    let case = match format {
        TestFormat::XrayCloud => xray(value, xray_issue(value))?,
        TestFormat::XrayDc => match value.get("testInfo") {
            Some(info) => xray(value, info)?,
            None => {
                return Err(
                    "it is a result without \"testInfo\": import the file as results".into(),
                );
            }
        },
        TestFormat::ZephyrJson => zephyr(value)?,
        _ if pattern_fields::is_written(value) => own(value)?,
        _ if jira::is_issue(value) => return jira::case(value, beside, around),
        _ if let Some(what) = document::of_record(value) => {
            return Err(format!("it is {what} and not a test case"));
        }
        _ => return general::case(value, around),
    };
    let holds = Some(tool_fields::parts(format, value, &case.pattern));
    let told = tool_fields::fields(format, value, &case.pattern);
    Ok((TestCase { holds, ..case }, told))
}

fn holds(_format: TestFormat) -> &'static [TestField] {
    &[
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
    ]
}

/// The pattern that a test case's JSON means, with its key.
///
/// # Errors
/// The reason, in words.
pub(crate) fn pattern(value: &Value) -> std::result::Result<TestPattern, String> {
    let (case, _) = general::case(value, Surroundings::default())?;
    let mut pattern = case.pattern;
    pattern.key = case.ids.into_iter().next();
    Ok(pattern)
}

/// The steps of a list in JSON.
pub(crate) fn steps_of(list: &Value) -> Vec<Step> {
    steps::of_list(list).steps
}

/// A pattern as ATLAS writes it.
fn own(value: &Value) -> std::result::Result<TestCase, String> {
    let mut pattern = pattern_fields::read_written(value)?;
    let external = value.get("external_id").and_then(text_of);
    let mut ids: Vec<String> = external.into_iter().chain(pattern.key.take()).collect();
    ids.dedup();
    let tickets = list(value.get("tickets")).join(" ");
    Ok(TestCase {
        ids,
        pattern,
        tickets: keys(&tickets),
        scope: None,
        holds: None,
    })
}

/// The issue of a test of Xray Cloud: as its importer takes it, or as its API answers.
fn xray_issue(value: &Value) -> &Value {
    let inner = value.get("fields").or_else(|| value.get("jira"));
    inner.filter(|inner| inner.is_object()).unwrap_or(value)
}

/// Xray: what the issue says, and beside it steps or a definition.
fn xray(value: &Value, issue: &Value) -> std::result::Result<TestCase, String> {
    let text = |name: &str| {
        let found = issue.get(name).or_else(|| value.get(name));
        found.and_then(text_of)
    };
    let name = text("summary").ok_or("the test has no \"summary\"")?;
    let place = || value.pointer("/folder/path").and_then(text_of);
    let folder = text("xray_test_repository_folder").or_else(|| text("folder").or_else(place));
    let folder = folder.map(|folder| folder.trim_start_matches('/').to_owned());
    let mut pattern = TestPattern::new(name, NO_TYPE);
    pattern.origin = PatternOrigin::Imported;
    if let Some(folder) = folder.filter(|folder| !folder.is_empty()) {
        pattern.pattern_type = folder;
    }
    pattern.component = list(issue.get("components")).into_iter().next();
    describe(&text("description").unwrap_or_default(), &mut pattern);
    let steps = value.get("steps").or_else(|| issue.get("steps"));
    pattern.steps = steps.map(all_steps::raw_steps).unwrap_or_default();
    pattern.precondition = pattern.precondition.or_else(|| preconditions(value));
    let definition = ["gherkin_def", "gherkin", "scenario"];
    let definition = definition.into_iter().find_map(text);
    let other = ["unstructured_def", "unstructured", "definition"];
    let other = other.into_iter().find_map(text);
    if let Some(text) = definition {
        let bdd = all_steps::of_gherkin(&text)?;
        pattern.precondition = pattern.precondition.or(bdd.precondition);
        pattern.steps = bdd.steps;
    } else if let Some(text) = other.filter(|_| pattern.steps.is_empty()) {
        pattern.steps = all_steps::of_text(&text, true);
    }
    let (mut ids, labels) = labels_and_id(list(issue.get("labels")));
    pattern.labels = labels;
    let names = ["testKey", "key", "issueKey", "update_key"];
    ids.extend(names.into_iter().find_map(text));
    let mut tickets = list(issue.get("requirementKeys"));
    let links = value
        .pointer("/update/issuelinks")
        .and_then(Value::as_array);
    tickets.extend(links.into_iter().flatten().filter_map(|link| {
        let link = link.get("add")?;
        let end = link
            .get("outwardIssue")
            .or_else(|| link.get("inwardIssue"))?;
        text_of(end.get("key")?)
    }));
    Ok(TestCase {
        ids,
        pattern,
        tickets: keys(&tickets.join(" ")),
        scope: None,
        holds: None,
    })
}

/// The texts of the preconditions that Xray Cloud's API answers with.
fn preconditions(value: &Value) -> Option<String> {
    let all = value.pointer("/preconditions/results")?.as_array()?;
    let text = |one: &Value| {
        let definition = one.get("definition").and_then(text_of);
        definition.or_else(|| one.pointer("/jira/summary").and_then(text_of))
    };
    let texts: Vec<String> = all.iter().filter_map(text).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// Zephyr Scale: texts are HTML.
fn zephyr(value: &Value) -> std::result::Result<TestCase, String> {
    let text = |name: &str| value.get(name).and_then(name_of);
    let plain = |name: &str| {
        text(name)
            .map(|html| html::plain_cell(&html))
            .filter(|t| !t.is_empty())
    };
    let name = text("name").ok_or("the test case has no \"name\"")?;
    let folder = text("folder").map(|folder| folder.trim_start_matches('/').to_owned());
    let mut pattern = TestPattern::new(name, folder.as_deref().unwrap_or(NO_TYPE));
    pattern.origin = PatternOrigin::Imported;
    pattern.component = match value.get("component") {
        Some(component) => name_of(component),
        None => folder,
    };
    pattern.objective = plain("objective");
    pattern.precondition = plain("precondition");
    pattern.is_active = !text("status").is_some_and(|status| is_retired(&status));
    let milliseconds = value.get("estimatedTime").and_then(Value::as_f64);
    pattern.avg_time_minutes = milliseconds
        .map(|ms| ms / 60_000.0)
        .filter(|minutes| *minutes > 0.0 && *minutes <= f64::from(MOST_MINUTES))
        .map(|minutes| (minutes.round() as u32).max(1));
    if let Some(script) = value.get("testScript") {
        let text = script.get("text").and_then(text_of).unwrap_or_default();
        match script.get("type").and_then(Value::as_str).unwrap_or("") {
            kind if kind.eq_ignore_ascii_case("bdd") => {
                let bdd = all_steps::of_gherkin(&text)?;
                pattern.precondition = pattern.precondition.or(bdd.precondition);
                pattern.steps = bdd.steps;
            }
            kind if kind.to_ascii_lowercase().starts_with("plain") => {
                pattern.steps = all_steps::of_text(&html::plain_cell(&text), true);
            }
            _ => {
                let steps = script.get("steps").unwrap_or(&Value::Null);
                pattern.steps = all_steps::of_json(steps, &html::plain_cell);
            }
        }
    }
    let (mut ids, labels) = labels_and_id(list(value.get("labels")));
    pattern.labels = labels;
    ids.extend(text("key"));
    Ok(TestCase {
        ids,
        pattern,
        tickets: keys(&list(value.get("issueLinks")).join(" ")),
        scope: None,
        holds: None,
    })
}

/// A text, or the name of an object.
fn name_of(value: &Value) -> Option<String> {
    text_of(value.get("name").unwrap_or(value))
}

/// Texts, or the names of objects.
fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(name_of).collect(),
        Some(other) => name_of(other).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Takes the label that is an id out of labels.
fn labels_and_id(labels: Vec<String>) -> (Vec<String>, Vec<String>) {
    let (ids, labels): (Vec<String>, Vec<String>) = labels
        .into_iter()
        .partition(|label| label.starts_with(ID_LABEL));
    let ids = ids
        .iter()
        .filter_map(|id| id.strip_prefix(ID_LABEL))
        .map(str::to_owned);
    (ids.collect(), labels)
}

/// Takes the facts that stand at the end of a description out of it.
fn describe(text: &str, pattern: &mut TestPattern) {
    let text = text.replace("\r\n", "\n");
    let cut = text.rsplit_once(&format!("\n{RULE}\n"));
    let cut = cut.or_else(|| Some(("", text.strip_prefix(&format!("{RULE}\n"))?)));
    let facts = cut.and_then(|(before, facts)| Some((before, self::facts(facts)?)));
    let filled = |text: &str| (!text.trim().is_empty()).then(|| text.trim_matches('\n').to_owned());
    let Some((before, facts)) = facts else {
        pattern.objective = filled(&text);
        return;
    };
    pattern.objective = filled(before);
    for (name, value) in facts {
        match name {
            "Type" => pattern.pattern_type = value,
            "Component" => pattern.component = Some(value),
            "Minutes" => pattern.avg_time_minutes = cells::minutes(&value),
            "Status" => pattern.is_active = !is_retired(&value),
            _ => pattern.precondition = Some(value),
        }
    }
}

/// `Type: …` and so on, the precondition last; none where a line is anything else.
fn facts(text: &str) -> Option<Vec<(&str, String)>> {
    let mut facts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, value) = rest.split_once(": ")?;
        if name == "Precondition" {
            facts.push((name, value.to_owned()));
            return Some(facts);
        }
        if !["Type", "Component", "Minutes", "Status"].contains(&name) {
            return None;
        }
        let (value, after) = value.split_once('\n').unwrap_or((value, ""));
        facts.push((name, value.to_owned()));
        rest = after;
    }
    Some(facts)
}
