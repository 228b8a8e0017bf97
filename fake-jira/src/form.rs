//! How an issue stands in an answer.

use serde_json::{Value, json};

use crate::Issue;

/// What an answer has of an issue.
pub struct Form {
    /// The fields that were asked for.
    pub fields: Vec<String>,
    /// Whether a description is wiki markup, as version 2 of the interface gives it; else it is
    /// as the file has it.
    pub markup: bool,
}

/// An issue as it is written; `id_only` where the id alone may have been asked for.
pub fn in_answer(issue: &Issue, form: &Form, id_only: bool) -> Value {
    let fields = &form.fields;
    if id_only && fields.iter().all(|f| f == "id" || f == "key") {
        return json!({"id": issue.id.to_string(), "key": issue.key, "fields": {}});
    }
    let mut json = issue.json.clone();
    let all = fields.iter().any(|f| f == "*all" || f == "*navigable");
    if !all && let Some(map) = json["fields"].as_object_mut() {
        map.retain(|name, _| fields.contains(name));
    }
    if form.markup
        && let Some(description) = json["fields"].get_mut("description")
    {
        *description = markup(description);
    }
    json
}

/// A document of Cloud (ADF) as wiki markup; what is no document stays as it is.
fn markup(description: &Value) -> Value {
    match description["type"].as_str() {
        Some("doc") => blocks(description, "\r\n\r\n").into(),
        _ => description.clone(),
    }
}

fn content(node: &Value) -> impl Iterator<Item = &Value> {
    node["content"].as_array().into_iter().flatten()
}

fn blocks(node: &Value, between: &str) -> String {
    let blocks: Vec<String> = content(node).map(block).collect();
    blocks.join(between)
}

fn block(node: &Value) -> String {
    match node["type"].as_str().unwrap_or_default() {
        "heading" => format!("h{}. {}", node["attrs"]["level"], inline(node)),
        "bulletList" | "orderedList" | "taskList" | "decisionList" => list(node, ""),
        "codeBlock" => {
            let language = node["attrs"]["language"].as_str();
            let language = language.map_or(String::new(), |language| format!(":{language}"));
            format!("{{code{language}}}\r\n{}\r\n{{code}}", inline(node))
        }
        "blockquote" => format!("{{quote}}\r\n{}\r\n{{quote}}", blocks(node, "\r\n\r\n")),
        "panel" => format!("{{panel}}\r\n{}\r\n{{panel}}", blocks(node, "\r\n\r\n")),
        "expand" | "nestedExpand" | "mediaSingle" => blocks(node, "\r\n\r\n"),
        "table" => {
            let rows: Vec<String> = content(node).map(row).collect();
            rows.join("\r\n")
        }
        "rule" => "----".to_owned(),
        _ => inline(node),
    }
}

/// Items, each with the signs of the lists that it is in.
fn list(node: &Value, outer: &str) -> String {
    let sign = if node["type"] == "orderedList" {
        '#'
    } else {
        '*'
    };
    let signs = format!("{outer}{sign}");
    let is_list = |part: &Value| part["type"].as_str().is_some_and(|t| t.ends_with("List"));
    let mut lines = Vec::new();
    for item in content(node) {
        if is_list(item) {
            lines.push(list(item, &signs));
            continue;
        }
        let is_inline = content(item).all(|part| part["content"].is_null());
        let text = match is_inline {
            true => inline(item),
            false => {
                let own = content(item).filter(|part| !is_list(part)).map(block);
                own.collect::<Vec<_>>().join("\r\n")
            }
        };
        lines.push(format!("{signs} {text}"));
        lines.extend(
            content(item)
                .filter(|part| is_list(part))
                .map(|part| list(part, &signs)),
        );
    }
    lines.join("\r\n")
}

fn row(node: &Value) -> String {
    let mut line = String::new();
    let mut end = "|";
    for cell in content(node) {
        end = if cell["type"] == "tableHeader" {
            "||"
        } else {
            "|"
        };
        line += &format!("{end}{}", blocks(cell, "\r\n"));
    }
    line + end
}

fn inline(node: &Value) -> String {
    content(node).map(piece).collect()
}

fn piece(node: &Value) -> String {
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default().to_owned();
    match node["type"].as_str().unwrap_or_default() {
        "text" => marked(node),
        "hardBreak" => "\r\n".to_owned(),
        "mention" => format!("[~accountid:{}]", attribute("id")),
        "emoji" => attribute("shortName"),
        "status" => format!("*[{}]*", attribute("text")),
        "inlineCard" => format!("[{}]", attribute("url")),
        "date" => {
            let millis = attribute("timestamp").parse().unwrap_or(0);
            let at = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
            at.strftime("%Y-%m-%d").to_string()
        }
        "media" => format!("!{}!", attribute("alt")),
        _ => inline(node),
    }
}

fn marked(node: &Value) -> String {
    let text = node["text"].as_str().unwrap_or_default();
    let mut marked = text.to_owned();
    for mark in node["marks"].as_array().into_iter().flatten() {
        marked = match mark["type"].as_str().unwrap_or_default() {
            "strong" => format!("*{marked}*"),
            "em" => format!("_{marked}_"),
            "strike" => format!("-{marked}-"),
            "underline" => format!("+{marked}+"),
            "code" => format!("{{{{{marked}}}}}"),
            "link" => {
                let to = mark["attrs"]["href"].as_str().unwrap_or_default();
                format!("[{marked}|{to}]")
            }
            _ => marked,
        };
    }
    marked
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_becomes_markup() {
        let text = |text: &str| json!({"type": "text", "text": text});
        let paragraph = |inner: Value| json!({"type": "paragraph", "content": [inner]});
        let bold = json!({"type": "text", "text": "b", "marks": [{"type": "strong"}]});
        let item = |content: Value| json!({"type": "listItem", "content": content});
        let inner =
            json!({"type": "orderedList", "content": [item(json!([paragraph(text("c"))]))]});
        let list =
            json!({"type": "bulletList", "content": [item(json!([paragraph(bold), inner]))]});
        let head = json!({"type": "tableHeader", "content": [paragraph(text("x"))]});
        let cell = json!({"type": "tableCell", "content": [paragraph(text("y"))]});
        let row = |cell: Value| json!({"type": "tableRow", "content": [cell]});
        let table = json!({"type": "table", "content": [row(head), row(cell)]});
        let heading = json!({"type": "heading", "attrs": {"level": 3}, "content": [text("a")]});
        let document = json!({"type": "doc", "content": [heading, list, table]});
        let expected = "h3. a\r\n\r\n* *b*\r\n*# c\r\n\r\n||x||\r\n|y|";
        assert_eq!(markup(&document), expected);
        assert_eq!(markup(&Value::Null), Value::Null);
        assert_eq!(markup(&json!("h3. a")), "h3. a");
    }
}
