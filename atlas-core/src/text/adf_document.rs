//! Atlassian Document Format (Jira Cloud, REST v3) to plain text.

use jiff::Timestamp;
use serde_json::Value;

use super::plain::PlainText;

/// The plain text of a document. Every node type of the format is read; an unknown one gives its
/// content.
pub(super) fn to_text(document: &Value) -> String {
    match document {
        Value::Object(_) | Value::Array(_) => DocumentWalk::default().run(document),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A document that was put into a string.
pub(super) fn embedded(text: &str) -> Option<Value> {
    let looks_like = text.trim_start().starts_with('{') && text.contains(r#""doc""#);
    let value: Value = looks_like.then(|| serde_json::from_str(text).ok())??;
    (value.get("type")? == "doc").then_some(value)
}

/// What is still to do; an explicit stack, because documents nest without limit.
enum Task<'a> {
    /// A node, and the one after it (a link's address stands after its last piece).
    Node(&'a Value, Option<&'a Value>),
    EndBlock,
    EndContainer,
    EndList,
    EndRow,
}

#[derive(Default)]
struct DocumentWalk<'a> {
    out: PlainText,
    tasks: Vec<Task<'a>>,
    lists: Vec<OpenList>,
}

struct OpenList {
    /// The next number of an ordered list.
    number: Option<u64>,
    /// How many containers were open at its start.
    depth: usize,
}

impl<'a> DocumentWalk<'a> {
    fn run(mut self, root: &'a Value) -> String {
        self.tasks.push(Task::Node(root, None));
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Node(node, next) => self.node(node, next),
                Task::EndBlock => self.out.block(),
                Task::EndContainer => self.out.leave(),
                Task::EndList => {
                    self.lists.pop();
                    self.out.block();
                }
                Task::EndRow => self.out.leave_row(),
            }
        }
        self.out.finish()
    }

    fn node(&mut self, node: &'a Value, next: Option<&'a Value>) {
        if let Value::Array(nodes) = node {
            return self.children(nodes);
        }
        match node.get("type").and_then(Value::as_str).unwrap_or("") {
            "text" => self.marked_text(node, next),
            "hardBreak" => self.out.line_break(),
            "heading" => {
                let level = attr(node, "level").and_then(Value::as_u64).unwrap_or(1);
                self.out.heading(usize::try_from(level).unwrap_or(6));
                self.then(Task::EndBlock, node);
            }
            "codeBlock" => self
                .out
                .code(text_attr(node, "language"), &plain_content(node)),
            "bulletList" | "taskList" | "decisionList" => self.list(node, None),
            "orderedList" => {
                let first = attr(node, "order").and_then(Value::as_u64).unwrap_or(1);
                self.list(node, Some(first));
            }
            "listItem" | "decisionItem" => self.item(node, ""),
            "taskItem" | "blockTaskItem" => {
                let done = text_attr(node, "state").eq_ignore_ascii_case("DONE");
                self.item(node, if done { "[x] " } else { "[ ] " });
            }
            "blockquote" => {
                self.out.enter_quote();
                self.then(Task::EndContainer, node);
            }
            "tableRow" => {
                self.out.enter_row();
                self.then(Task::EndRow, node);
            }
            "tableCell" | "tableHeader" => {
                self.out.cell();
                self.content(node);
            }
            "expand" | "nestedExpand" | "bodiedExtension" => {
                self.out.block();
                self.out.text(text_attr(node, "title"));
                self.out.block();
                self.then(Task::EndBlock, node);
            }
            "paragraph" | "panel" | "table" | "caption" | "layoutSection" | "layoutColumn"
            | "mediaSingle" | "mediaGroup" | "rule" | "bodiedSyncBlock" | "syncBlock" => {
                self.out.block();
                self.then(Task::EndBlock, node);
            }
            "extension" => {
                self.out.block();
                self.out.text(text_attr(node, "text"));
                self.then(Task::EndBlock, node);
            }
            "inlineCard" | "blockCard" | "embedCard" => self.card(node),
            "media" => {
                self.out.block();
                self.media(node);
                self.out.block();
            }
            "mediaInline" => self.media(node),
            "mention" => self.mention(node),
            "emoji" => {
                let text = text_attr(node, "text");
                let name = text_attr(node, "shortName");
                self.out.text(if text.is_empty() { name } else { text });
            }
            "date" => self.out.text(&date(node)),
            "status" | "placeholder" | "inlineExtension" => {
                self.out.text(text_attr(node, "text"));
            }
            _ => {
                let own = node.get("text").and_then(Value::as_str);
                self.out.text(own.unwrap_or(text_attr(node, "text")));
                self.content(node);
            }
        }
    }

    fn then(&mut self, end: Task<'a>, node: &'a Value) {
        self.tasks.push(end);
        self.content(node);
    }

    fn content(&mut self, node: &'a Value) {
        match node.get("content") {
            Some(Value::Array(nodes)) => self.children(nodes),
            Some(Value::String(text)) => self.out.text(text),
            Some(node @ Value::Object(_)) => self.tasks.push(Task::Node(node, None)),
            _ => {}
        }
    }

    fn children(&mut self, nodes: &'a [Value]) {
        for (i, node) in nodes.iter().enumerate().rev() {
            self.tasks.push(Task::Node(node, nodes.get(i + 1)));
        }
    }

    fn list(&mut self, node: &'a Value, number: Option<u64>) {
        let depth = self.out.depth();
        if self.lists.last().is_some_and(|list| list.depth == depth) {
            // A list right inside a list (task lists nest so) is one level deeper.
            self.out.enter_item(None);
            self.tasks.push(Task::EndContainer);
        } else {
            self.out.block();
        }
        let depth = self.out.depth();
        self.lists.push(OpenList { number, depth });
        self.then(Task::EndList, node);
    }

    fn item(&mut self, node: &'a Value, task: &str) {
        let number = self.lists.last_mut().and_then(|list| list.number.as_mut());
        let marker = match number {
            Some(number) => {
                *number = number.saturating_add(1);
                format!("{}. {task}", number.saturating_sub(1))
            }
            None => format!("- {task}"),
        };
        self.out.enter_item(Some(marker));
        self.then(Task::EndContainer, node);
    }

    fn marked_text(&mut self, node: &Value, next: Option<&Value>) {
        let text = node.get("text").and_then(Value::as_str).unwrap_or("");
        self.out.text(text);
        if let Some(url) = href(node)
            && next.and_then(href) != Some(url)
        {
            self.out.link_target(text, url);
        }
    }

    fn card(&mut self, node: &Value) {
        let data = attr(node, "data");
        let of = |key: &str| data.and_then(|d| d.get(key)).and_then(Value::as_str);
        let url = match text_attr(node, "url") {
            "" => of("url").or(of("@id")).unwrap_or(""),
            url => url,
        };
        self.out.link(of("name").unwrap_or(url), url);
    }

    fn media(&mut self, node: &Value) {
        let names = ["alt", "__fileName", "name", "url", "id"];
        let mut names = names.iter().map(|name| text_attr(node, name));
        self.out
            .attachment(names.find(|n| !n.is_empty()).unwrap_or(""));
    }

    fn mention(&mut self, node: &Value) {
        match (text_attr(node, "text"), text_attr(node, "id")) {
            ("", id) => self.out.text(&format!("@{id}")),
            (text, _) if text.starts_with('@') => self.out.text(text),
            (text, _) => self.out.text(&format!("@{text}")),
        }
    }
}

fn attr<'a>(node: &'a Value, name: &str) -> Option<&'a Value> {
    node.get("attrs")?.get(name)
}

fn text_attr<'a>(node: &'a Value, name: &str) -> &'a str {
    attr(node, name).and_then(Value::as_str).unwrap_or("")
}

fn href(node: &Value) -> Option<&str> {
    let marks = node.get("marks")?.as_array()?;
    let link = marks
        .iter()
        .find(|m| m.get("type").is_some_and(|t| t == "link"))?;
    link.get("attrs")?.get("href")?.as_str()
}

/// The text below a node, without structure.
fn plain_content(node: &Value) -> String {
    let mut text = String::new();
    let mut open: Vec<&Value> = node.get("content").into_iter().collect();
    while let Some(node) = open.pop() {
        match node {
            Value::Array(nodes) => open.extend(nodes.iter().rev()),
            node => {
                match node.get("type").and_then(Value::as_str) {
                    Some("hardBreak") => text.push('\n'),
                    _ => text.push_str(node.get("text").and_then(Value::as_str).unwrap_or("")),
                }
                open.extend(node.get("content"));
            }
        }
    }
    super::plain::unix_lines(&text).into_owned()
}

/// A date node holds milliseconds, as a string or a number.
fn date(node: &Value) -> String {
    let value = attr(node, "timestamp");
    let millis = value.and_then(|v| match v {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    });
    match millis.and_then(|m| Timestamp::from_millisecond(m).ok()) {
        Some(at) => at.strftime("%Y-%m-%d").to_string(),
        None => text_attr(node, "timestamp").to_owned(),
    }
}
