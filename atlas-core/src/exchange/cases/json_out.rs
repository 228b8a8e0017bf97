//! Test cases as JSON that other tools import.

use serde_json::{Map, Value, json};

use super::json::{ID_LABEL, RULE};
use super::table_out::is_issue;
use super::{TestCase, Written, gherkin_out, not_written, project};
use crate::domain::{Step, TestExport, TestFormat};
use crate::{Error, Result};

/// Xray Cloud takes so many test cases in one call.
const MOST_OF_XRAY: usize = 1_000;

/// One file, or as many as the tool needs.
pub(super) fn write(cases: &[TestCase], options: &TestExport) -> Result<Vec<Written>> {
    let places: Vec<usize> = (0..cases.len()).collect();
    if options.format == TestFormat::Atlas {
        let lines: Vec<String> = cases
            .iter()
            .map(|case| atlas(case).to_string() + "\n")
            .collect();
        return Ok(vec![Written {
            part: String::new(),
            bytes: lines.concat().into_bytes(),
            cases: places,
        }]);
    }
    let project = match options.format {
        TestFormat::ZephyrJson => options.project.clone(),
        _ => Some(project(options, cases)?),
    };
    let size = match options.format {
        TestFormat::XrayCloud => MOST_OF_XRAY,
        _ => cases.len().max(1),
    };
    let several = cases.len() > size;
    let write = |(number, places): (usize, &[usize])| {
        let chosen = places.iter().filter_map(|&place| cases.get(place));
        let value = match options.format {
            TestFormat::XrayCloud => chosen.map(|case| cloud(case, project.as_deref())).collect(),
            TestFormat::XrayDc => data_center(chosen, project.as_deref()),
            TestFormat::ZephyrJson => chosen
                .map(|case| zephyr(case, project.as_deref(), options.bdd))
                .collect(),
            other => return Err(not_written(other)),
        };
        let mut bytes = serde_json::to_vec_pretty(&value)
            .map_err(|error| Error::invalid("export", error, "what JSON can hold"))?;
        bytes.push(b'\n');
        Ok(Written {
            part: if several {
                format!("{:03}", number + 1)
            } else {
                String::new()
            },
            bytes,
            cases: places.to_vec(),
        })
    };
    let mut chunks: Vec<&[usize]> = places.chunks(size).collect();
    if chunks.is_empty() {
        chunks.push(&[]);
    }
    chunks.into_iter().enumerate().map(write).collect()
}

/// A pattern as ATLAS writes it, with its id and tickets.
fn atlas(case: &TestCase) -> Value {
    let mut pattern = case.pattern.clone();
    pattern.key = None;
    // What was learned goes with the observations, not with the pattern.
    (pattern.success_rate, pattern.frequency, pattern.last_used) = (0.0, 0, None);
    let mut value = serde_json::to_value(pattern).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("external_id".into(), json!(case.ids.first()));
        object.insert("tickets".into(), json!(case.tickets));
    }
    value
}

fn cloud(case: &TestCase, project: Option<&str>) -> Value {
    let pattern = &case.pattern;
    let steps = steps(&pattern.steps, ["action", "data", "result"], str::to_owned);
    let links = case
        .tickets
        .iter()
        .map(|key| json!({"add": {"type": {"name": "Test"}, "outwardIssue": {"key": key}}}));
    let mut value = json!({
        "testtype": "Manual",
        "fields": {
            "summary": pattern.name,
            "project": {"key": project},
            "labels": labels(case),
        },
        "steps": steps,
        "xray_test_repository_folder": format!("/{}", pattern.pattern_type),
    });
    insert(&mut value["fields"], "description", described(case, false));
    if !case.tickets.is_empty() {
        value["update"] = json!({"issuelinks": links.collect::<Vec<_>>()});
    }
    value
}

fn data_center<'a>(cases: impl Iterator<Item = &'a TestCase>, project: Option<&str>) -> Value {
    let test = |case: &TestCase| {
        let steps = steps(
            &case.pattern.steps,
            ["action", "data", "result"],
            str::to_owned,
        );
        let mut info = json!({
            "projectKey": project,
            "summary": case.pattern.name,
            "type": "Manual",
            "requirementKeys": case.tickets,
            "labels": labels(case),
            "steps": steps,
        });
        insert(&mut info, "description", described(case, true));
        let mut test = json!({"testInfo": info, "status": "TODO"});
        let key = case.ids.iter().find(|id| is_issue(id)).cloned();
        insert(&mut test, "testKey", key);
        test
    };
    json!({
        "info": {"project": project, "summary": "Test cases of ATLAS"},
        "tests": cases.map(test).collect::<Vec<_>>(),
    })
}

fn zephyr(case: &TestCase, project: Option<&str>, bdd: bool) -> Value {
    let pattern = &case.pattern;
    let mut value = json!({
        "name": pattern.name,
        "status": if pattern.is_active { "Approved" } else { "Deprecated" },
        "priority": "Normal",
        "folder": format!("/{}", pattern.pattern_type),
        "component": pattern.component,
        "labels": labels(case),
        "issueLinks": case.tickets,
        "testScript": {
            "type": "STEP_BY_STEP",
            "steps": steps(&pattern.steps, ["description", "testData", "expectedResult"], html),
        },
    });
    if bdd {
        // No `Feature:` and no `Scenario:`: Zephyr refuses them. What is given stands above.
        let mut script = pattern.clone();
        script.precondition = None;
        value["testScript"] = json!({"type": "BDD", "text": gherkin_out::steps(&script)});
    }
    insert(&mut value, "projectKey", project.map(str::to_owned));
    insert(
        &mut value,
        "objective",
        pattern.objective.as_deref().map(html),
    );
    insert(
        &mut value,
        "precondition",
        pattern.precondition.as_deref().map(html),
    );
    if let Some(minutes) = pattern.avg_time_minutes {
        value["estimatedTime"] = json!(u64::from(minutes) * 60_000);
    }
    let own = |id: &&String| {
        id.rsplit_once("-T")
            .is_some_and(|(project, number)| is_issue(&format!("{project}-{number}")))
    };
    insert(&mut value, "key", case.ids.iter().find(own).cloned());
    value
}

/// Labels without blanks, which Jira does not take, and one with the test case's id.
fn labels(case: &TestCase) -> Vec<String> {
    let labels = case.pattern.labels.iter();
    let labels = labels.map(|label| label.split_whitespace().collect::<Vec<_>>().join("_"));
    let id = case.ids.first().map(|id| format!("{ID_LABEL}{id}"));
    labels.filter(|label| !label.is_empty()).chain(id).collect()
}

/// The objective, and at its end the facts that Xray has no field for.
fn described(case: &TestCase, with_type: bool) -> Option<String> {
    let pattern = &case.pattern;
    let mut facts = Vec::new();
    if with_type {
        facts.push(format!("Type: {}", pattern.pattern_type));
    }
    facts.extend(
        pattern
            .component
            .iter()
            .map(|name| format!("Component: {name}")),
    );
    facts.extend(
        pattern
            .avg_time_minutes
            .map(|minutes| format!("Minutes: {minutes}")),
    );
    if !pattern.is_active {
        facts.push("Status: Deprecated".into());
    }
    facts.extend(
        pattern
            .precondition
            .iter()
            .map(|text| format!("Precondition: {text}")),
    );
    let facts = (!facts.is_empty()).then(|| format!("{RULE}\n{}", facts.join("\n")));
    match (&pattern.objective, facts) {
        (Some(objective), Some(facts)) => Some(format!("{objective}\n{facts}")),
        (objective, facts) => objective.clone().or(facts),
    }
}

/// Steps with these fields: action, data, expected.
fn steps(steps: &[Step], fields: [&str; 3], text: impl Fn(&str) -> String) -> Vec<Value> {
    let step = |step: &Step| {
        let [action, data, expected] = fields;
        let of = |part: &Option<String>| part.as_deref().map_or(String::new(), &text);
        let mut object = Map::new();
        object.insert(action.into(), json!(text(&step.action)));
        object.insert(data.into(), json!(of(&step.data)));
        object.insert(expected.into(), json!(of(&step.expected)));
        Value::Object(object)
    };
    steps.iter().map(step).collect()
}

fn insert(object: &mut Value, name: &str, value: Option<String>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(name.into(), Value::String(value));
    }
}

/// Text that Zephyr shows as it is.
fn html(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace('\n', "<br />")
}
