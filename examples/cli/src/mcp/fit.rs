//! Arguments as agents send them, made to fit what a tool takes; or how to call it.
//!
//! What JSON Schema allows is taken: a whole number may be `5.0`. An optional argument may be
//! absent, null or empty. All else is an error that names the argument, what came, and a call that
//! would be right.

use atlas_core::{Error, Result};
use serde_json::{Map, Value};

/// So much of a value is shown in an error.
const SHOWN: usize = 60;
/// What a call is about: a tool that knows some of a line needs one of them, though none by itself.
const SUBJECTS: [&[&str]; 2] = [
    &["ticket_key", "summary"],
    &["scenario_id", "number", "pattern"],
];

/// The arguments of a tool with this schema.
///
/// # Errors
/// `INVALID_VALUE` with how to call the tool.
pub fn fit(tool: &str, schema: &Value, arguments: Value) -> Result<Value> {
    let given = match arguments {
        Value::Null => Map::new(),
        Value::Object(fields) => fields,
        Value::String(text) => match serde_json::from_str(&text) {
            Ok(Value::Object(fields)) => fields,
            _ if text.trim().is_empty() => Map::new(),
            _ => {
                return Err(misfit(
                    tool,
                    schema,
                    "arguments",
                    &Value::String(text),
                    "an object",
                ));
            }
        },
        other => return Err(misfit(tool, schema, "arguments", &other, "an object")),
    };
    object(schema, given)
        .map(Value::Object)
        .map_err(|wrong| misfit(tool, schema, &wrong.name, &wrong.value, &wrong.expected))
}

/// An argument that does not fit.
struct Wrong {
    name: String,
    value: Value,
    expected: String,
}

/// The fields of an object that are there, each as its schema wants it.
fn object(
    schema: &Value,
    given: Map<String, Value>,
) -> std::result::Result<Map<String, Value>, Wrong> {
    let properties = &schema["properties"];
    let required = |name: &str| {
        let names = schema["required"].as_array().into_iter().flatten();
        names.filter_map(Value::as_str).any(|one| one == name)
    };
    let mut fields = Map::new();
    for (name, value) in given {
        let Some(schema) = properties.get(&name) else {
            let expected = unknown(&name, properties);
            return Err(Wrong {
                name,
                value,
                expected,
            });
        };
        if !is_absent(&value) {
            let value = one(&name, schema, value)?;
            fields.insert(name, value);
        } else if required(&name) {
            let expected = format!("not empty: {}", form(schema));
            return Err(Wrong {
                name,
                value,
                expected,
            });
        }
    }
    let all = properties.as_object().into_iter().flatten();
    match all
        .into_iter()
        .find(|(name, _)| required(name) && !fields.contains_key(*name))
    {
        Some((name, schema)) => Err(Wrong {
            name: name.clone(),
            value: Value::Null,
            expected: format!("there: {}", form(schema)),
        }),
        None => Ok(fields),
    }
}

/// Null, a blank text, an empty list or object.
fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.iter().all(is_absent),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn unknown(name: &str, properties: &Value) -> String {
    let known: Vec<&str> = properties
        .as_object()
        .map(|fields| fields.keys().map(String::as_str).collect())
        .unwrap_or_default();
    match known.len() {
        0 => "left out: the tool takes no arguments".to_owned(),
        _ => format!(
            "one of its arguments ({}); {name} is unknown",
            known.join(", ")
        ),
    }
}

/// A value as its schema wants it.
fn one(name: &str, schema: &Value, value: Value) -> std::result::Result<Value, Wrong> {
    let fits = match (schema["type"].as_str(), &value) {
        (Some("integer"), Value::Number(number)) => {
            let whole = number.as_i64().or_else(|| whole(number.as_f64()?));
            match whole.filter(|whole| in_range(schema, *whole as f64)) {
                Some(whole) => return Ok(whole.into()),
                None => false,
            }
        }
        (Some("number"), Value::Number(number)) => number
            .as_f64()
            .is_some_and(|number| in_range(schema, number)),
        (Some("string"), Value::String(text)) => {
            let words = schema["enum"].as_array();
            words.is_none_or(|words| words.iter().any(|word| word == text))
        }
        (Some("boolean"), Value::Bool(_)) => true,
        (Some("array"), Value::Array(_)) => return list(name, schema, value),
        (Some("object"), Value::Object(_)) => return nested(name, schema, value),
        (None, _) => true,
        _ => false,
    };
    match fits {
        true => Ok(value),
        false => Err(Wrong {
            name: name.to_owned(),
            value,
            expected: form(schema),
        }),
    }
}

fn whole(number: f64) -> Option<i64> {
    // Every whole number that a double holds exactly.
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

fn in_range(schema: &Value, number: f64) -> bool {
    let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
    let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
    (least..=most).contains(&number)
}

/// The items that are there.
fn list(name: &str, schema: &Value, value: Value) -> std::result::Result<Value, Wrong> {
    let Value::Array(items) = value else {
        return Ok(value);
    };
    let items = items.into_iter().filter(|item| !is_absent(item));
    let item = |(place, item)| one(&format!("{name}[{place}]"), &schema["items"], item);
    let items: std::result::Result<Vec<Value>, Wrong> = items.enumerate().map(item).collect();
    items.map(Value::Array)
}

fn nested(name: &str, schema: &Value, value: Value) -> std::result::Result<Value, Wrong> {
    let Value::Object(fields) = value else {
        return Ok(value);
    };
    match object(schema, fields) {
        Ok(fields) => Ok(Value::Object(fields)),
        Err(wrong) => Err(Wrong {
            name: format!("{name}.{}", wrong.name),
            ..wrong
        }),
    }
}

/// What a schema wants, in words.
fn form(schema: &Value) -> String {
    let range = match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        _ => String::new(),
    };
    let words = |words: &Vec<Value>| {
        let words: Vec<String> = words.iter().map(Value::to_string).collect();
        format!("one of {}", words.join(", "))
    };
    match (schema["type"].as_str(), schema["enum"].as_array()) {
        (Some("integer"), _) => format!("a whole number{range}, without quotes"),
        (Some("number"), _) => format!("a number{range}, without quotes"),
        (Some("boolean"), _) => "true or false, without quotes".to_owned(),
        (Some("array"), _) => format!("a list, each item {}", form(&schema["items"])),
        (Some("object"), _) => format!("an object such as {}", example(schema)),
        (_, Some(all)) => words(all),
        _ => "a text in quotes".to_owned(),
    }
}

/// A value that fits.
fn example(schema: &Value) -> Value {
    match (schema["type"].as_str(), schema["enum"].as_array()) {
        (_, Some(words)) => words.first().cloned().unwrap_or_default(),
        (Some("integer" | "number"), _) => schema["minimum"].as_i64().unwrap_or(1).max(1).into(),
        (Some("boolean"), _) => true.into(),
        (Some("array"), _) => Value::Array(vec![example(&schema["items"])]),
        (Some("object"), _) => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(
                fields
                    .map(|(name, one)| (name.clone(), example(one)))
                    .collect(),
            )
        }
        _ => "…".into(),
    }
}

fn misfit(tool: &str, schema: &Value, name: &str, value: &Value, expected: &str) -> Error {
    let shown = match value {
        Value::Null => format!("{name}: nothing"),
        value => format!("{name}: {value}"),
    };
    let short: String = shown.chars().take(SHOWN).collect();
    let properties = &schema["properties"];
    let name = name.split(['[', '.']).next().unwrap_or(name);
    let required = schema["required"].as_array().into_iter().flatten();
    let needed = required.filter_map(Value::as_str).chain(Some(name));
    let mut fields: Map<String, Value> = needed
        .filter_map(|name| Some((name.to_owned(), call_value(name, properties.get(name)?))))
        .collect();
    for subjects in SUBJECTS {
        if !subjects.iter().any(|name| fields.contains_key(*name)) {
            let found = |name: &&str| Some((name.to_string(), properties.get(*name)?));
            let subject = subjects.iter().find_map(found);
            fields.extend(subject.map(|(name, schema)| {
                let value = call_value(&name, schema);
                (name, value)
            }));
        }
    }
    Error::InvalidValue {
        field: "arguments",
        value: short,
        expected: format!("{expected}. Call it so: {tool} {}", Value::Object(fields)),
    }
}

/// An example by the argument's name, where a plain one would say little.
fn call_value(name: &str, schema: &Value) -> Value {
    match name {
        "ticket_key" => "WRKA-1234".into(),
        "projects" => Value::Array(vec!["WRKA".into()]),
        "created_from" | "created_before" => "2025-06-30".into(),
        _ => example(schema),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::schema;
    use super::*;

    fn search() -> Value {
        let fields = [
            ("text", schema::text("What to look for.")),
            ("limit", schema::whole_from_to(1, 50, "How many.")),
            ("projects", schema::texts("Which.")),
            ("exact", schema::flag("Whether.")),
            ("order", schema::one_of(&["new", "old"], "Which first.")),
            ("share", schema::number("How much.")),
        ];
        schema::arguments(&fields, &["text"])
    }

    fn message(arguments: Value) -> String {
        fit("search", &search(), arguments).unwrap_err().to_string()
    }

    #[test]
    fn an_optional_argument_may_be_absent_in_any_form() {
        for absent in [
            json!({"text": "upload"}),
            json!({"text": "upload", "limit": null, "projects": null, "order": null, "share": null}),
            json!({"text": "upload", "limit": "", "exact": "", "order": "  ", "share": ""}),
            json!("{\"text\": \"upload\", \"limit\": null}"),
        ] {
            assert_eq!(
                fit("search", &search(), absent).unwrap(),
                json!({"text": "upload"})
            );
        }
        let lists = json!({"text": "upload", "projects": ["", null, "WRKA"]});
        assert_eq!(
            fit("search", &search(), lists).unwrap()["projects"],
            json!(["WRKA"])
        );
        assert_eq!(
            fit("info", &schema::arguments(&[], &[]), json!("")).unwrap(),
            json!({})
        );
    }

    #[test]
    fn a_whole_number_may_have_a_point() {
        let fitted = fit("search", &search(), json!({"text": "x", "limit": 5.0})).unwrap();
        assert_eq!(fitted["limit"], json!(5));
        let fitted = fit("search", &search(), json!({"text": "x", "limit": 1e1})).unwrap();
        assert_eq!(fitted["limit"], json!(10));
        for wrong in [
            json!(5.5),
            json!(0),
            json!(51),
            json!(1e300),
            json!("5"),
            json!(true),
        ] {
            let text = message(json!({"text": "x", "limit": wrong}));
            assert!(
                text.contains("a whole number from 1 to 50, without quotes"),
                "{text}"
            );
            assert!(text.contains("search {"), "{text}");
            assert!(text.contains("\"limit\":1"), "{text}");
        }
    }

    #[test]
    fn an_error_says_how_to_call() {
        let cases = [
            (json!({}), "text: nothing"),
            (json!({"text": " "}), "not empty"),
            (json!({"text": 7}), "a text in quotes"),
            (
                json!({"text": "x", "projects": "WRKA"}),
                "\"projects\":[\"WRKA\"]",
            ),
            (json!({"text": "x", "exact": "yes"}), "true or false"),
            (
                json!({"text": "x", "order": "newest"}),
                "one of \"new\", \"old\"",
            ),
            (json!({"text": "x", "jql": "project = X"}), "jql is unknown"),
            (json!([1]), "an object"),
            (json!("text=upload"), "an object"),
        ];
        for (arguments, expected) in cases {
            let text = message(arguments.clone());
            assert!(text.contains(expected), "{arguments}: {text}");
            assert!(
                !text.contains("usize") && !text.contains("invalid type"),
                "{text}"
            );
        }
    }
}
