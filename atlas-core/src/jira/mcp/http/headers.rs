//! The headers that repeat what a message says, for what stands between client and server
//! (protocol 2026-07-28).

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::endpoint::is_token;

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";

/// The version that a message of the newer generation says of itself.
pub(super) fn version_of(message: &Value) -> Option<&str> {
    message["params"]["_meta"][VERSION].as_str()
}

/// The headers of a message of the newer generation.
pub(super) fn mirrored(message: &Value, tools: &MirroredArguments) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut add = |name: &str, value: &str| headers.push((name.to_owned(), encoded(value)));
    if let Some(version) = version_of(message) {
        add("mcp-protocol-version", version);
    }
    let method = message["method"].as_str().unwrap_or_default();
    add("mcp-method", method);
    let params = &message["params"];
    let name = match method {
        "tools/call" | "prompts/get" => params["name"].as_str(),
        "resources/read" => params["uri"].as_str(),
        _ => None,
    };
    if let Some(name) = name {
        add("mcp-name", name);
    }
    if method == "tools/call" {
        headers.extend(tools.headers(name.unwrap_or_default(), &params["arguments"]));
    }
    headers
}

/// Which arguments of which tools are repeated in headers: the tools' schemas say so.
#[derive(Debug, Default)]
pub(super) struct MirroredArguments(BTreeMap<String, Vec<Argument>>);

#[derive(Debug)]
struct Argument {
    path: Vec<String>,
    header: String,
}

impl MirroredArguments {
    /// Takes in an answer that lists tools, and removes those whose schema breaks the rules, as
    /// the protocol wants it.
    pub(super) fn learn(&mut self, answer: &mut Value) {
        let tools = answer.pointer_mut("/result/tools");
        let Some(tools) = tools.and_then(Value::as_array_mut) else {
            return;
        };
        tools.retain(|tool| {
            let name = tool["name"].as_str().unwrap_or_default().to_owned();
            let mut found = Vec::new();
            let kept = collect(&tool["inputSchema"], &mut Vec::new(), &mut found).is_some()
                && are_distinct(&found);
            if kept {
                self.0.insert(name, found);
            }
            kept
        });
    }

    fn headers(&self, tool: &str, arguments: &Value) -> Vec<(String, String)> {
        let known = self.0.get(tool).into_iter().flatten();
        let header = |argument: &Argument| {
            let at = |value, name: &String| Value::get(value, name.as_str());
            let value = argument.path.iter().try_fold(arguments, at)?;
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                _ => return None,
            };
            Some((argument.header.clone(), encoded(&text)))
        };
        known.filter_map(header).collect()
    }
}

/// The annotations below a schema; `None` where one breaks the rules.
fn collect(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Argument>) -> Option<()> {
    let Some(parts) = schema.as_object() else {
        return Some(());
    };
    for (keyword, part) in parts {
        match (keyword.as_str(), part) {
            ("x-mcp-header", name) => {
                let name = name.as_str().filter(|name| is_token(name))?;
                let kind = schema["type"].as_str()?;
                if path.is_empty() || !["string", "integer", "boolean"].contains(&kind) {
                    return None;
                }
                found.push(Argument {
                    path: path.clone(),
                    header: format!("mcp-param-{}", name.to_ascii_lowercase()),
                });
            }
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    path.push(name.clone());
                    collect(property, path, found)?;
                    path.pop();
                }
            }
            // Text of the schema itself.
            ("default" | "const" | "enum" | "examples", _) => {}
            (_, elsewhere) if is_annotated(elsewhere) => return None,
            _ => {}
        }
    }
    Some(())
}

/// Whether an annotation stands where none may be.
fn is_annotated(part: &Value) -> bool {
    match part {
        Value::Object(parts) => {
            parts.contains_key("x-mcp-header") || parts.values().any(is_annotated)
        }
        Value::Array(parts) => parts.iter().any(is_annotated),
        _ => false,
    }
}

fn are_distinct(arguments: &[Argument]) -> bool {
    let names: BTreeSet<&str> = arguments.iter().map(|a| a.header.as_str()).collect();
    names.len() == arguments.len()
}

/// A value as a header can hold it.
fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte == b' ' || byte == b'\t' || byte.is_ascii_graphic();
    let looks_encoded = value.starts_with("=?base64?") && value.ends_with("?=");
    match value.bytes().all(plain) && value.trim() == value && !looks_encoded {
        true => value.to_owned(),
        false => format!("=?base64?{}?=", BASE64_STANDARD.encode(value)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tools(schema: Value) -> (Value, MirroredArguments) {
        let mut answer = json!({"result": {"tools": [{"name": "run", "inputSchema": schema}]}});
        let mut tools = MirroredArguments::default();
        tools.learn(&mut answer);
        (answer["result"]["tools"].clone(), tools)
    }

    fn call(arguments: Value) -> Value {
        json!({"method": "tools/call", "params": {"name": "run", "arguments": arguments,
            "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}})
    }

    #[test]
    fn a_call_repeats_version_method_tool_and_annotated_arguments() {
        let (_, tools) = tools(json!({"type": "object", "properties": {
            "region": {"type": "string", "x-mcp-header": "Region"},
            "page": {"type": "object", "properties": {
                "size": {"type": "integer", "x-mcp-header": "Page-Size"}}},
            "dry": {"type": "boolean", "x-mcp-header": "Dry"},
            "none": {"type": "string", "x-mcp-header": "None"},
            "query": {"type": "string"}}}));
        let arguments = json!({"region": "Zürich", "page": {"size": 7}, "dry": true,
                               "none": null, "query": "x"});
        let headers: BTreeMap<String, String> =
            mirrored(&call(arguments), &tools).into_iter().collect();
        let expected = [
            ("mcp-method", "tools/call"),
            ("mcp-name", "run"),
            ("mcp-param-dry", "true"),
            ("mcp-param-page-size", "7"),
            ("mcp-param-region", "=?base64?WsO8cmljaA==?="),
            ("mcp-protocol-version", "2026-07-28"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, BTreeMap::from(expected));
    }

    #[test]
    fn a_tool_whose_annotations_break_the_rules_is_left_out() {
        let text = |name: &str| json!({"type": "string", "x-mcp-header": name});
        let properties = |properties: Value| json!({"properties": properties});
        for bad in [
            properties(json!({"a": text("")})),
            properties(json!({"a": text("X\r\nEvil: y")})),
            properties(json!({"a": text("Same"), "b": text("same")})),
            properties(json!({"a": {"type": "number", "x-mcp-header": "A"}})),
            properties(json!({"a": {"type": "array", "items": text("A")}})),
            json!({"anyOf": [properties(json!({"a": text("A")}))]}),
        ] {
            assert_eq!(tools(bad.clone()).0, json!([]), "{bad}");
        }
        let good = properties(json!({"a": text("A"), "b": {"default": {"x-mcp-header": 1}}}));
        assert_eq!(tools(good).0.as_array().unwrap().len(), 1);
    }

    #[test]
    fn what_no_header_can_hold_is_encoded() {
        for (value, header) in [
            ("us-west1", "us-west1"),
            ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
            (" padded ", "=?base64?IHBhZGRlZCA=?="),
            ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
            ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
        ] {
            assert_eq!(encoded(value), header);
        }
    }
}
