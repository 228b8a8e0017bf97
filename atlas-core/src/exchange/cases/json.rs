//! Test cases from JSON: ATLAS's own, Xray's and Zephyr Scale's.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::cells::{self, keys};
use super::{Entry, TestCase, TestFile, gherkin, steps, told};
use crate::Result;
use crate::domain::{MOST_MINUTES, PatternOrigin, TestField, TestFormat, TestImport, TestPattern};
use crate::exchange::input::Input;
use crate::exchange::json::{self, Shape, text_of};
use crate::exchange::patterns::{NO_TYPE, is_retired, pattern_from_json};
use crate::exchange::report::{Account, shortened};
use crate::text::html;

const SHAPE: Shape = Shape {
    pages: &[
        "patterns",
        "testcases",
        "test_cases",
        "testCases",
        "tests",
        "values",
    ],
    fields: &["name", "title", "summary", "fields", "testInfo", "testKey"],
    weak: &[],
    expected: "test cases come as JSON with a \"name\", \"title\" or \"summary\" each, as Xray's \
        or Zephyr's JSON, or as ATLAS writes them",
};
/// The label that carries the id of a test case to tools that have no field for it.
pub(super) const ID_LABEL: &str = "atlas-id:";
/// What stands before the facts at the end of a description.
pub(super) const RULE: &str = "----";

type Read = std::result::Result<TestCase, String>;

/// Reads a JSON file.
pub(super) fn read(
    path: &Path,
    bytes: Vec<u8>,
    format: TestFormat,
    _options: &TestImport,
) -> Result<TestFile<TestCase>> {
    let mut file = TestFile::new(format, holds(format));
    let unused = RefCell::new(BTreeMap::new());
    let convert = |value: &Value| {
        let case = case(format, value)?;
        if case.pattern.steps.is_empty() {
            for field in like_steps(value) {
                *unused.borrow_mut().entry(field.to_owned()).or_default() += 1;
            }
        }
        let holds = Some(told::parts(format, value, &case.pattern));
        Ok(TestCase { holds, ..case })
    };
    let mut take =
        |record: crate::exchange::Record<TestCase>| file.push(Entry::at(record.line, record.value));
    let summary = json::read(Input::of_text(path, bytes), &SHAPE, convert, &mut take)?;
    file.truncated = summary.truncated.or(file.truncated);
    file.report = summary.file;
    warn_of_steps(&unused.into_inner(), &mut file);
    Ok(file)
}

/// The fields of a test case that may hold steps under a name that is not known.
fn like_steps(value: &Value) -> Vec<&str> {
    const PARTS: [&str; 5] = ["step", "script", "procedure", "instruction", "action"];
    let fields = value.as_object().into_iter().flatten();
    let is_like = |name: &str| {
        let name = name.to_lowercase();
        name != "steps" && PARTS.iter().any(|part| name.contains(part))
    };
    let names = fields.filter(|(name, value)| is_like(name) && has_text(value));
    names.map(|(name, _)| name.as_str()).collect()
}

/// Whether there is a text in it, however deep.
fn has_text(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(values) => values.iter().any(has_text),
        Value::Object(fields) => fields.values().any(has_text),
        _ => false,
    }
}

fn warn_of_steps(unused: &BTreeMap<String, u64>, file: &mut TestFile<TestCase>) {
    let mut account = Account::default();
    for (field, count) in unused {
        let plural = if *count == 1 { "" } else { "s" };
        account.warn(format!(
            "{count} test case{plural} without steps; not used: \"{}\"",
            shortened(field)
        ));
    }
    file.report.warnings.extend(account.finish().warnings);
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

fn case(format: TestFormat, value: &Value) -> Read {
    match format {
        TestFormat::XrayCloud => xray(value, value.get("fields").unwrap_or(value)),
        TestFormat::XrayDc => match value.get("testInfo") {
            Some(info) => xray(value, info),
            None => Err("it is a result without \"testInfo\": import the file as results".into()),
        },
        TestFormat::ZephyrJson => zephyr(value),
        _ => atlas(value),
    }
}

fn atlas(value: &Value) -> Read {
    let mut pattern = pattern_from_json(value)?;
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

/// Xray: what the issue says, and beside it steps or a definition.
fn xray(value: &Value, issue: &Value) -> Read {
    let text = |name: &str| {
        let found = issue.get(name).or_else(|| value.get(name));
        found.and_then(text_of)
    };
    let name = text("summary").ok_or("the test has no \"summary\"")?;
    let folder = text("xray_test_repository_folder").or_else(|| text("folder"));
    let folder = folder.map(|folder| folder.trim_start_matches('/').to_owned());
    let mut pattern = TestPattern::new(name, NO_TYPE);
    pattern.origin = PatternOrigin::Imported;
    if let Some(folder) = folder.filter(|folder| !folder.is_empty()) {
        pattern.pattern_type = folder;
    }
    pattern.component = list(issue.get("components")).into_iter().next();
    describe(&text("description").unwrap_or_default(), &mut pattern);
    let steps = value.get("steps").or_else(|| issue.get("steps"));
    pattern.steps = steps.map(steps::raw_steps).unwrap_or_default();
    let definition = text("gherkin_def").or_else(|| text("scenario"));
    let other = text("unstructured_def").or_else(|| text("definition"));
    if let Some(text) = definition {
        let bdd = gherkin::steps_of_text(&text)?;
        pattern.precondition = pattern.precondition.or(bdd.precondition);
        pattern.steps = bdd.steps;
    } else if let Some(text) = other.filter(|_| pattern.steps.is_empty()) {
        pattern.steps = steps::of_text(&text, true);
    }
    let (mut ids, labels) = labels_and_id(list(issue.get("labels")));
    pattern.labels = labels;
    ids.extend(
        text("testKey")
            .or_else(|| text("key"))
            .or_else(|| text("issueKey")),
    );
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

/// Zephyr Scale: texts are HTML.
fn zephyr(value: &Value) -> Read {
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
                let bdd = gherkin::steps_of_text(&text)?;
                pattern.precondition = pattern.precondition.or(bdd.precondition);
                pattern.steps = bdd.steps;
            }
            kind if kind.to_ascii_lowercase().starts_with("plain") => {
                pattern.steps = steps::of_text(&html::plain_cell(&text), true);
            }
            _ => {
                let steps = script.get("steps").unwrap_or(&Value::Null);
                pattern.steps = steps::of_json(steps, &html::plain_cell);
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
