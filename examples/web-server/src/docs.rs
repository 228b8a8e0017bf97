//! A page to read the OpenAPI document on: plain HTML, made once when the server starts.

use std::fmt::Write;

use serde_json::{Map, Value};

pub const STYLE: &str = include_str!("docs.css");

/// The page.
pub fn page(document: &Value) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>ATLAS: the API</title>\
         <link rel=\"icon\" href=\"/assets/icon.svg\"><link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body><main>",
    );
    let _ = write!(
        html,
        "<h1>ATLAS: the API</h1><p>{}</p><p>For programs: <a href=\"/api/openapi.json\">openapi.json</a>. \
         <a href=\"/\">Back to ATLAS</a></p>",
        marked(text(&document["info"], "description")),
    );
    let none = Vec::new();
    for tag in document["tags"].as_array().unwrap_or(&none) {
        let name = text(tag, "name");
        let _ = write!(
            html,
            "<section><h2>{}</h2><p>{}</p>",
            escaped(name),
            marked(text(tag, "description"))
        );
        for (path, methods) in entries(&document["paths"]) {
            for (method, operation) in entries(methods) {
                if operation["tags"][0] == name {
                    operation_of(&mut html, document, path, method, operation);
                }
            }
        }
        html.push_str("</section>");
    }
    html.push_str("<section><h2>What the names mean</h2>");
    for (name, schema) in entries(&document["components"]["schemas"]) {
        if !name.starts_with("Envelope_") && !name.starts_with("Page_") {
            let _ = write!(html, "<article id=\"{0}\"><h3>{0}</h3>", escaped(name));
            schema_of(&mut html, schema);
            html.push_str("</article>");
        }
    }
    html.push_str("</section></main></body></html>");
    html
}

fn operation_of(html: &mut String, document: &Value, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        html,
        "<article><h3><b class=\"{method}\">{}</b> <code>{}</code></h3><p><strong>{}</strong> {}</p>",
        method.to_uppercase(),
        escaped(path),
        marked(text(operation, "summary")),
        marked(text(operation, "description")),
    );
    if let Some(parameters) = operation["parameters"].as_array() {
        html.push_str("<table>");
        for parameter in parameters {
            row(
                html,
                text(parameter, "name"),
                &kind(&parameter["schema"]),
                parameter["required"] == true,
                text(parameter, "description"),
            );
        }
        html.push_str("</table>");
    }
    for (media, content) in entries(&operation["requestBody"]["content"]) {
        let _ = write!(
            html,
            "<p>Takes {} <small>{media}</small></p>",
            kind(&content["schema"])
        );
    }
    for (status, answer) in entries(&operation["responses"]) {
        if status == "default" {
            continue;
        }
        let _ = write!(html, "<p>Gives <b>{status}</b>");
        for (media, content) in entries(&answer["content"]) {
            let _ = write!(
                html,
                " {} <small>{media}</small>",
                inside(document, &content["schema"])
            );
        }
        html.push_str("</p>");
    }
    html.push_str("</article>");
}

/// What is in an envelope, as HTML: by its name, else as it is.
fn inside(document: &Value, schema: &Value) -> String {
    let Some(name) = reference(schema).and_then(|name| name.strip_prefix("Envelope_")) else {
        return kind(schema);
    };
    let (words, bare, end) = match (name.strip_prefix("Page_"), name.strip_prefix("Option_")) {
        (Some(bare), _) => ("part of a list of ", bare, ""),
        (_, Some(bare)) => ("", bare, " or null"),
        _ => ("", name, ""),
    };
    let schemas = &document["components"]["schemas"];
    match schemas[bare].is_object() {
        true => format!("{words}<a href=\"#{0}\">{0}</a>{end}", escaped(bare)),
        false => kind(&schemas[format!("Envelope_{name}")]["properties"]["data"]),
    }
}

fn schema_of(html: &mut String, schema: &Value) {
    let _ = write!(html, "<p>{}</p>", marked(text(schema, "description")));
    if schema["enum"].is_array() {
        let _ = write!(html, "<p>{}</p>", kind(schema));
    }
    for kinds in ["allOf", "oneOf", "anyOf"] {
        let parts = schema[kinds]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        for part in parts {
            match part["properties"].is_object() && kinds == "allOf" {
                true => properties_of(html, part),
                false => {
                    let word = if kinds == "allOf" { "All of" } else { "Or" };
                    let _ = write!(
                        html,
                        "<p>{word} {}: {}</p>",
                        kind(part),
                        marked(text(part, "description"))
                    );
                    properties_of(html, part);
                }
            }
        }
    }
    properties_of(html, schema);
}

fn properties_of(html: &mut String, schema: &Value) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let none = Vec::new();
    let required = schema["required"].as_array().unwrap_or(&none);
    html.push_str("<table>");
    for (name, property) in properties {
        let needed = required.iter().any(|required| required == name);
        row(
            html,
            name,
            &kind(property),
            needed,
            text(property, "description"),
        );
    }
    html.push_str("</table>");
}

fn row(html: &mut String, name: &str, kind: &str, required: bool, description: &str) {
    let needed = if required {
        ""
    } else {
        " <small>optional</small>"
    };
    let _ = write!(
        html,
        "<tr><th><code>{}</code>{needed}</th><td>{kind}</td><td>{}</td></tr>",
        escaped(name),
        marked(description),
    );
}

/// A schema in a few words, as HTML.
fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        let shown = name.trim_start_matches("Page_");
        return match name.starts_with("Page_") {
            true => format!("part of a list of <a href=\"#{0}\">{0}</a>", escaped(shown)),
            false => format!("<a href=\"#{0}\">{0}</a>", escaped(name)),
        };
    }
    if let Some(values) = schema["enum"].as_array() {
        let values = values
            .iter()
            .map(|value| format!("<code>{}</code>", escaped(&value.to_string())));
        return values.collect::<Vec<_>>().join(" · ");
    }
    for kinds in ["oneOf", "anyOf", "allOf"] {
        if let Some(parts) = schema[kinds].as_array() {
            let word = if kinds == "allOf" { " with " } else { " or " };
            return parts.iter().map(kind).collect::<Vec<_>>().join(word);
        }
    }
    let named = |name: &str| match name {
        "array" => format!("list of {}", kind(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("object of {}", kind(&schema["additionalProperties"]))
        }
        "object" => schema["properties"]
            .as_object()
            .map_or_else(|| "object".to_owned(), fields),
        other => match schema["format"].as_str() {
            Some(format @ ("date-time" | "date" | "binary")) => format.to_owned(),
            _ => escaped(other),
        },
    };
    match &schema["type"] {
        Value::String(name) => named(name),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(named).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

fn fields(properties: &Map<String, Value>) -> String {
    let fields = properties
        .iter()
        .map(|(name, schema)| format!("{}: {}", escaped(name), kind(schema)));
    format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Escaped, with `code` between backticks.
fn marked(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    let pieces = pieces.map(|(place, piece)| match place % 2 {
        0 => escaped(piece),
        _ => format!("<code>{}</code>", escaped(piece)),
    });
    pieces.collect()
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_document_says_is_text() {
        let document =
            serde_json::json!({"info": {"description": "<img src=x onerror=alert(1)> `a`"}});
        let html = page(&document);
        assert!(
            html.contains("&lt;img src=x onerror=alert(1)&gt; <code>a</code>")
                && !html.contains("<img")
        );
    }
}
