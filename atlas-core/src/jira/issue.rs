//! An issue as Jira's REST interface gives it (v2 or v3), as a ticket.

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::{Ticket, TicketKey, TicketLink};
use crate::exchange::dates;
use crate::exchange::json::text_of;
use crate::text::adf;

/// The ticket that an issue's JSON means.
///
/// Only the key has to be there. Fields that are missing, null or of an odd type are empty in
/// the ticket. The description may be a document (v3) or wiki markup (v2).
///
/// # Errors
/// The reason, in words, when there is no key or it is not one.
///
/// ```
/// let issue = serde_json::json!({"key": "WRKA-7", "fields": {
///     "summary": "Export is empty", "priority": {"name": "High"}, "created": "2025-11-15T10:00:00.000+0000"}});
/// let ticket = atlas_core::jira::ticket_from_json(&issue).unwrap();
/// assert_eq!(ticket.priority.as_deref(), Some("High"));
/// assert!(atlas_core::jira::ticket_from_json(&serde_json::json!([])).is_err());
/// ```
pub fn ticket_from_json(issue: &Value) -> Result<Ticket, String> {
    if !issue.is_object() {
        return Err("not an issue: an object with \"key\" and \"fields\" is expected".into());
    }
    let key = match issue.get("key") {
        Some(Value::String(key)) => TicketKey::parse(key).map_err(|e| e.to_string())?,
        Some(other) if !other.is_null() => return Err(format!("the key is not a text: {other}")),
        _ => return Err("the issue has no \"key\"".into()),
    };
    // Some tools write an issue's fields beside its key.
    let fields = issue.get("fields").filter(|f| f.is_object());
    let fields = fields.unwrap_or(issue);
    let field = |name: &str| fields.get(name).unwrap_or(&Value::Null);
    let named = |name: &str| name_of(field(name)).unwrap_or_default();
    let description = adf::to_text(field("description"));

    let mut ticket = Ticket::new(key, text_of(field("summary")).unwrap_or_default());
    ticket.jira_id = text_of(issue.get("id").unwrap_or(&Value::Null));
    ticket.description = (!description.is_empty()).then_some(description);
    ticket.ticket_type = match named("issuetype") {
        name if name.is_empty() => named("issue_type"),
        name => name,
    };
    ticket.status = named("status");
    ticket.priority = name_of(field("priority"));
    ticket.resolution = name_of(field("resolution"));
    ticket.assignee = name_of(field("assignee"));
    ticket.reporter = name_of(field("reporter"));
    ticket.components = names_of(field("components"));
    ticket.labels = names_of(field("labels"));
    ticket.created = date_of(field("created"));
    ticket.updated = date_of(field("updated"));
    ticket.resolved = date_of(field("resolutiondate"));
    ticket.parent = key_of(field("parent")).or_else(|| key_of(field("epic")));
    ticket.links = links_of(field("issuelinks"));
    Ok(ticket)
}

/// The name of a status, priority, person, … or the text that stands for it.
fn name_of(value: &Value) -> Option<String> {
    let names = ["displayName", "name", "value", "emailAddress", "key"];
    let mut inner = names.iter().filter_map(|name| value.get(name));
    inner.find_map(text_of).or_else(|| text_of(value))
}

fn names_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(name_of).collect(),
        other => name_of(other).into_iter().collect(),
    }
}

fn date_of(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => dates::parse(text),
        Value::Number(millis) => Timestamp::from_millisecond(millis.as_i64()?).ok(),
        _ => None,
    }
}

fn key_of(value: &Value) -> Option<TicketKey> {
    let key = value.get("key").unwrap_or(value).as_str()?;
    TicketKey::parse(key).ok()
}

fn links_of(value: &Value) -> Vec<TicketLink> {
    let links = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let link = |link: &Value| {
        let ends = [link.get("outwardIssue"), link.get("inwardIssue")];
        let key = ends.into_iter().flatten().find_map(key_of)?;
        let kind = link.get("type").and_then(name_of).unwrap_or_default();
        Some(TicketLink { kind, key })
    };
    links.iter().filter_map(link).collect()
}
