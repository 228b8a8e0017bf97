//! JSON schemas of what tools take and give.

use serde_json::{Map, Value, json};

/// An object with these fields.
pub fn object(fields: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// Arguments: an object with these fields and no others.
pub fn arguments(fields: &[(&str, Value)], required: &[&str]) -> Value {
    let mut schema = object(fields, required);
    schema["additionalProperties"] = false.into();
    schema
}

/// What every result looks like: the data, marked as text of others.
pub fn marked(data: Value) -> Value {
    let notice = text("What to keep in mind when reading the data.");
    object(
        &[("notice", notice), ("untrusted", data)],
        &["notice", "untrusted"],
    )
}

pub fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

pub fn whole(description: &str) -> Value {
    json!({"type": "integer", "description": description})
}

pub fn whole_from_to(from: i64, to: i64, description: &str) -> Value {
    json!({"type": "integer", "minimum": from, "maximum": to, "description": description})
}

pub fn number(description: &str) -> Value {
    json!({"type": "number", "description": description})
}

pub fn flag(description: &str) -> Value {
    json!({"type": "boolean", "description": description})
}

pub fn one_of(values: &[&str], description: &str) -> Value {
    json!({"type": "string", "enum": values, "description": description})
}

pub fn list(items: Value, description: &str) -> Value {
    json!({"type": "array", "items": items, "description": description})
}

pub fn texts(description: &str) -> Value {
    list(json!({"type": "string"}), description)
}

/// The same or null.
pub fn or_null(mut schema: Value) -> Value {
    let kind = schema["type"].take();
    schema["type"] = json!([kind, "null"]);
    schema
}

/// Anything, described in words.
pub fn any(description: &str) -> Value {
    json!({"description": description})
}
