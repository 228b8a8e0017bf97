//! What Jira's REST gives as a description or comment, as plain text.

use serde_json::Value;

use super::{adf_document, wiki};

/// The plain text of a description or comment as REST gives it.
///
/// Every node type of the format is read; an unknown one gives its content. `null` is empty, a
/// string (REST v2) is read as wiki markup. Nesting may be as deep as memory allows.
///
/// ```
/// use atlas_core::text::adf;
/// let document = serde_json::json!({"type": "doc", "content": [
///     {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Steps"}]},
///     {"type": "taskList", "content": [
///         {"type": "taskItem", "attrs": {"state": "DONE"}, "content": [{"type": "text", "text": "Log in"}]}]}]});
/// assert_eq!(adf::to_text(&document), "## Steps\n\n- [x] Log in");
/// ```
pub fn to_text(adf: &Value) -> String {
    match adf {
        Value::Null => String::new(),
        Value::String(text) => wiki::string_to_text(text),
        other => adf_document::to_text(other),
    }
}
