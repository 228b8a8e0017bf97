//! Which parts of a test case the JSON of ATLAS, Xray and Zephyr tells: a field that is not there
//! keeps what is stored, `null` and an empty one clear it. And which of its fields were used.

use serde_json::Value;

use super::super::names::json_fields;
use super::super::steps;
use super::usage::{FieldSeen, FieldUse, shown};
use crate::domain::{TestField, TestFormat, TestPattern};

/// The fields of each part, in all forms of test cases that are read.
const FIELDS: [(TestField, &[&str]); 9] = [
    (
        TestField::PatternType,
        &[
            "pattern_type",
            "folder",
            "path",
            "section",
            "suite",
            "xray_test_repository_folder",
        ],
    ),
    (
        TestField::Component,
        &["component", "components", "folder", "section", "suite"],
    ),
    (TestField::Objective, &["objective", "description"]),
    (TestField::Precondition, &["precondition", "preconditions"]),
    (
        TestField::Steps,
        &[
            "steps",
            "testScript",
            "gherkin_def",
            "gherkin",
            "scenario",
            "unstructured_def",
            "unstructured",
            "definition",
        ],
    ),
    (TestField::Labels, &["labels", "tags"]),
    (
        TestField::Minutes,
        &[
            "minutes",
            "avg_time_minutes",
            "estimated_minutes",
            "estimatedTime",
        ],
    ),
    (TestField::Active, &["status", "is_active"]),
    (
        TestField::Tickets,
        &["tickets", "issueLinks", "requirementKeys", "update"],
    ),
];

/// The names of a test case and of its ids.
const OWN: [(&str, &[&str]); 2] = [
    ("name", &["name", "summary"]),
    (
        "key",
        &["key", "testKey", "issueKey", "update_key", "external_id"],
    ),
];
/// What ATLAS writes of a pattern beside those.
const LEARNED: [&str; 4] = ["success_rate", "frequency", "last_used", "origin"];

/// The object that holds the fields of the issue.
fn inner(format: TestFormat, record: &Value) -> Option<(&'static str, &Value)> {
    let names: &[&'static str] = match format {
        TestFormat::XrayCloud => &["fields", "jira"],
        TestFormat::XrayDc => &["testInfo"],
        _ => &[],
    };
    let mut found = names
        .iter()
        .filter_map(|name| Some((*name, record.get(name)?)));
    found.find(|(_, value)| value.is_object())
}

/// The fields of a record, and what each was used as.
pub(super) fn fields(format: TestFormat, record: &Value, pattern: &TestPattern) -> FieldUse {
    let around = inner(format, record);
    let mut told = FieldUse {
        is_test: true,
        has_steps: !pattern.steps.is_empty(),
        ..FieldUse::default()
    };
    let outer = record.as_object().into_iter().flatten();
    let outer = outer.filter(|(name, _)| around.is_none_or(|(around, _)| around != name.as_str()));
    let within = around.into_iter().flat_map(|(around, value)| {
        let fields = value.as_object().into_iter().flatten();
        fields.map(move |(name, value)| (format!("{around}.{name}"), name, value))
    });
    let all = outer
        .map(|(name, value)| (name.clone(), name, value))
        .chain(within);
    for (path, name, value) in all {
        let used_as = used_as(format, name);
        if used_as == Some("steps") {
            steps_of(&path, value, pattern, &mut told);
        }
        told.fields.push(FieldSeen {
            name: path,
            first: shown(value),
            used_as,
            is_unknown: used_as.is_none() && json_fields(name).is_empty(),
            is_text: value.is_string() || value.is_array() || value.is_object(),
        });
    }
    told
}

fn used_as(format: TestFormat, name: &str) -> Option<&'static str> {
    let own = OWN.iter().find(|(_, names)| names.contains(&name));
    let of_part = || {
        let found = FIELDS.iter().find(|(_, names)| names.contains(&name));
        found.map(|(part, _)| word(*part))
    };
    let test_type = || {
        let is_xray = matches!(format, TestFormat::XrayCloud | TestFormat::XrayDc);
        let names = ["testtype", "testType", "test_type"];
        (is_xray && names.contains(&name)).then_some("test_type")
    };
    let learned = || {
        let is_learned = format == TestFormat::Atlas && LEARNED.contains(&name);
        is_learned.then_some("history")
    };
    own.map(|(part, _)| *part)
        .or_else(of_part)
        .or_else(test_type)
        .or_else(learned)
}

/// What reports call a part.
fn word(part: TestField) -> &'static str {
    match part {
        TestField::Key => "key",
        TestField::Name => "name",
        TestField::PatternType => "type",
        TestField::Component => "component",
        TestField::Objective => "objective",
        TestField::Precondition => "precondition",
        TestField::Steps => "steps",
        TestField::Labels => "labels",
        TestField::Minutes => "minutes",
        TestField::Active => "status",
        TestField::Tickets => "tickets",
    }
}

/// Whether there is a text where the steps of a script stand.
fn has_script(value: &Value) -> bool {
    let mut parts = ["steps", "text"]
        .iter()
        .filter_map(|name| value.get(name))
        .peekable();
    match parts.peek() {
        Some(_) => parts.any(steps::holds_text),
        None => steps::holds_text(value),
    }
}

/// Notes what of the steps was not used.
fn steps_of(path: &str, value: &Value, pattern: &TestPattern, told: &mut FieldUse) {
    let list = value.get("steps").unwrap_or(value).as_array();
    let list: Vec<&Value> = list.into_iter().flatten().collect();
    let raw = steps::raw_in(&list);
    for (name, value) in raw.iter().flat_map(|raw| &raw.unused) {
        told.fields.push(FieldSeen {
            name: format!("{path}.{name}"),
            first: shown(value),
            used_as: None,
            is_unknown: false,
            is_text: true,
        });
    }
    let is_lost = pattern.steps.is_empty() && has_script(value);
    if is_lost || raw.iter().any(|raw| raw.is_odd) {
        told.odd_steps = Some(FieldSeen {
            name: path.to_owned(),
            first: shown(value),
            used_as: None,
            is_unknown: false,
            is_text: true,
        });
    }
}

/// The parts that a record tells, by its fields and by what was read of them.
pub(super) fn parts(format: TestFormat, record: &Value, pattern: &TestPattern) -> Vec<TestField> {
    let inner = inner(format, record).map(|(_, inner)| inner);
    let field = |name: &str| record.get(name).or_else(|| inner?.get(name));
    let has = |names: &[&str]| names.iter().any(|name| field(name).is_some());
    let told = FIELDS.iter().filter(|(part, names)| match part {
        // One that is there and cannot be read is not an empty one.
        TestField::Minutes => {
            let mut values = names.iter().filter_map(|name| field(name));
            pattern.avg_time_minutes.is_some() || values.any(is_empty)
        }
        // Steps in a form that is not known are not empty ones.
        TestField::Steps if pattern.steps.is_empty() => {
            let mut values = names.iter().filter_map(|name| field(name)).peekable();
            values.peek().is_some() && !values.any(has_script)
        }
        // They may stand in a text of their own.
        TestField::Precondition => has(names) || pattern.precondition.is_some(),
        TestField::Objective => has(names) || pattern.objective.is_some(),
        TestField::Component => has(names) || pattern.component.is_some(),
        TestField::PatternType => {
            has(names) || pattern.pattern_type != crate::exchange::pattern_fields::NO_TYPE
        }
        _ => has(names),
    });
    let told = told.map(|(part, _)| *part);
    [TestField::Key, TestField::Name]
        .into_iter()
        .chain(told)
        .collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_tells_its_part_even_when_it_is_empty() {
        let told = |record: Value| {
            parts(
                TestFormat::Atlas,
                &record,
                &TestPattern::new("A", "General"),
            )
        };
        let bare = [TestField::Key, TestField::Name];
        assert_eq!(told(json!({"name": "A"})), bare);
        assert_eq!(told(json!({"name": "A", "minutes": "soon"})), bare);
        for (record, part) in [
            (json!({"steps": null}), TestField::Steps),
            (json!({"steps": []}), TestField::Steps),
            (json!({"objective": ""}), TestField::Objective),
            (json!({"minutes": null}), TestField::Minutes),
            (json!({"tags": []}), TestField::Labels),
        ] {
            assert!(told(record.clone()).contains(&part), "{record}");
        }
    }
}
