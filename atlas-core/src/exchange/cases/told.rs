//! Which parts of a test case its JSON tells: a field that is not there keeps what is stored,
//! `null` and an empty one clear it.

use serde_json::Value;

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
            "scenario",
            "unstructured_def",
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

/// The parts that a record tells, by its fields and by what was read of them.
pub(super) fn parts(format: TestFormat, record: &Value, pattern: &TestPattern) -> Vec<TestField> {
    let inner = match format {
        TestFormat::XrayCloud => record.get("fields"),
        TestFormat::XrayDc => record.get("testInfo"),
        _ => None,
    };
    let field = |name: &str| record.get(name).or_else(|| inner?.get(name));
    let has = |names: &[&str]| names.iter().any(|name| field(name).is_some());
    let told = FIELDS.iter().filter(|(part, names)| match part {
        // One that is there and cannot be read is not an empty one.
        TestField::Minutes => {
            let mut values = names.iter().filter_map(|name| field(name));
            pattern.avg_time_minutes.is_some() || values.any(is_empty)
        }
        // They may stand in a text of their own.
        TestField::Precondition => has(names) || pattern.precondition.is_some(),
        TestField::Objective => has(names) || pattern.objective.is_some(),
        TestField::Component => has(names) || pattern.component.is_some(),
        TestField::PatternType => {
            has(names) || pattern.pattern_type != crate::exchange::patterns::NO_TYPE
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
