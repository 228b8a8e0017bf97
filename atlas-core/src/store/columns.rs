//! Reading and writing values. Rows may come from other programs, so readers accept odd values:
//! what cannot be read counts as absent.
//!
//! A row without its needed values is passed over (`Repositories::each`). `check` names each with
//! table, row and column (`unreadable`). Tables and indexes that were dropped are made again at the
//! next opening (`schema`), and `check` names those that held something.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde_json::Value;

use crate::domain::Step;

/// Text; numbers as they are written.
pub(super) fn text(row: &Row<'_>, column: usize) -> Option<String> {
    match row.get_ref(column).ok()? {
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// A whole number; fractions are rounded.
pub(super) fn integer(row: &Row<'_>, column: usize) -> Option<i64> {
    match row.get_ref(column).ok()? {
        ValueRef::Integer(number) => Some(number),
        ValueRef::Real(number) => Some(number.round() as i64),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// A count: not negative.
pub(super) fn count(row: &Row<'_>, column: usize) -> Option<u32> {
    u32::try_from(integer(row, column)?).ok()
}

/// A finite number.
pub(super) fn real(row: &Row<'_>, column: usize) -> Option<f64> {
    let number = match row.get_ref(column).ok()? {
        ValueRef::Integer(number) => number as f64,
        ValueRef::Real(number) => number,
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok()?,
        ValueRef::Null | ValueRef::Blob(_) => return None,
    };
    number.is_finite().then_some(number)
}

/// A 128-bit hash.
pub(super) fn hash(row: &Row<'_>, column: usize) -> Option<u128> {
    match row.get_ref(column).ok()? {
        ValueRef::Blob(bytes) => Some(u128::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

/// Names: a JSON array of them or of objects that have one; other text, split at its commas.
pub(super) fn names(row: &Row<'_>, column: usize) -> Vec<String> {
    text(row, column).map_or_else(Vec::new, |text| names_of(&text))
}

/// An instant: RFC 3339, or without a zone, which means UTC; a number is seconds since 1970.
pub(super) fn time(row: &Row<'_>, column: usize) -> Option<Timestamp> {
    match row.get_ref(column).ok()? {
        ValueRef::Text(bytes) => time_of(std::str::from_utf8(bytes).ok()?),
        ValueRef::Integer(number) => seconds_or_millis(number),
        ValueRef::Real(number) => seconds_or_millis(number as i64),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// Steps: a JSON array of steps or of lines; other text, a step a line.
pub(super) fn steps(row: &Row<'_>, column: usize) -> Vec<Step> {
    text(row, column).map_or_else(Vec::new, |text| steps_of(&text))
}

/// UTC, RFC 3339 with `Z`.
pub(super) fn time_text(time: Timestamp) -> String {
    time.to_string()
}

/// A JSON array of names.
pub(super) fn names_text(names: &[String]) -> String {
    Value::from(names).to_string()
}

fn names_of(text: &str) -> Vec<String> {
    if let Ok(names) = serde_json::from_str::<Vec<String>>(text) {
        return names;
    }
    let name = |value: &Value| match value {
        Value::String(name) => Some(name.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(fields) => fields.get("name")?.as_str().map(str::to_owned),
        _ => None,
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(values)) => values.iter().filter_map(name).collect(),
        Ok(value) => name(&value).into_iter().collect(),
        Err(_) => {
            let parts = text.split(',').map(str::trim);
            parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        }
    }
}

fn steps_of(text: &str) -> Vec<Step> {
    if let Ok(steps) = serde_json::from_str::<Vec<Step>>(text) {
        return steps;
    }
    let field = |fields: &serde_json::Map<String, Value>, names: [&str; 4]| {
        names
            .iter()
            .find_map(|name| fields.get(*name)?.as_str())
            .map(str::to_owned)
    };
    let step = |value: &Value| match value {
        Value::String(action) => Some(Step::new(action.as_str(), "")),
        Value::Object(fields) => Some(Step {
            action: field(fields, ["action", "step", "description", "name"])?,
            expected: field(fields, ["expected", "expected_result", "result", "outcome"]),
            data: field(fields, ["data", "test_data", "input", "values"]),
        }),
        _ => None,
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(values)) => values.iter().filter_map(step).collect(),
        Ok(value) => step(&value).into_iter().collect(),
        Err(_) => {
            let lines = text.lines().map(str::trim);
            lines
                .filter(|line| !line.is_empty())
                .map(|line| Step::new(line, ""))
                .collect()
        }
    }
}

fn time_of(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(number) = text.parse::<i64>() {
        return seconds_or_millis(number);
    }
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Seconds reach this bound in the year 5138, milliseconds passed it in 1973.
fn seconds_or_millis(number: i64) -> Option<Timestamp> {
    if number.unsigned_abs() < 100_000_000_000 {
        Timestamp::from_second(number).ok()
    } else {
        Timestamp::from_millisecond(number).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_other_programs_are_read() {
        let expected: Timestamp = "2024-05-01T09:30:00Z".parse().unwrap();
        for text in [
            "2024-05-01T09:30:00Z",
            "2024-05-01 09:30:00",
            "2024-05-01T09:30:00",
            "2024-05-01 09:30:00.000",
            "2024-05-01 09:30",
            "2024-05-01T11:30:00+02:00",
            "2024-05-01T11:30:00.000+0200",
            " 2024-05-01 09:30:00+00:00 ",
            "1714555800",
            "1714555800000",
        ] {
            assert_eq!(time_of(text), Some(expected), "{text}");
        }
        let midnight: Timestamp = "2024-05-01T00:00:00Z".parse().unwrap();
        assert_eq!(time_of("2024-05-01"), Some(midnight));
        for text in ["", "yesterday", "2024-13-01", "01/05/2024", "1e9"] {
            assert_eq!(time_of(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_written_with_seconds_and_z() {
        let text = |t: &str| time_text(t.parse().unwrap());
        assert_eq!(text("2024-05-01T11:30:00+02:00"), "2024-05-01T09:30:00Z");
        assert_eq!(text("2024-05-01T09:30:00.250Z"), "2024-05-01T09:30:00.25Z");
    }

    #[test]
    fn names_in_odd_json_are_read() {
        assert_eq!(names_of(r#"["A","B, C"]"#), ["A", "B, C"]);
        assert_eq!(names_of(r#"[{"name":"A"},null,["x"],7]"#), ["A", "7"]);
        assert_eq!(names_of(r#""A""#), ["A"]);
        assert_eq!(names_of("A, B,,"), ["A", "B"]);
        assert!(names_of("").is_empty() && names_of("null").is_empty());
        assert_eq!(names_of(r#"["A""#), [r#"["A""#]);
    }

    #[test]
    fn steps_in_other_forms_are_read() {
        assert_eq!(steps_of(r#"["Open", "Save"]"#)[1], Step::new("Save", ""));
        let other = steps_of(r#"[{"step":"Open","expected_result":"It opens"}, 3]"#);
        assert_eq!(other, [Step::new("Open", "It opens")]);
        assert_eq!(steps_of("Open\n\nSave").len(), 2);
    }
}
