//! An issue as an MCP server gives it, as a ticket.

use serde_json::Value;

use crate::domain::TicketField;
use crate::jira::ReadTicket;
use crate::jira::issue::IssueReader;
use crate::text::{adf, markdown, wiki};

/// What `mcp-atlassian` writes where there is nothing, beside the words that all tools use.
const NOTHING: &str = "Unknown";

/// Reads an issue of Jira's form, or of the simpler form of `mcp-atlassian`. A text is Markdown, or
/// wiki markup that the server passes on as it is.
pub(super) fn ticket(answer: &Value) -> Result<ReadTicket, String> {
    let issue = ["issue", "nodes", "issues"]
        .iter()
        .filter_map(|name| {
            let inner = answer.get(name)?;
            Some(inner.get(0).unwrap_or(inner))
        })
        .find(|inner| inner.get("key").is_some())
        .unwrap_or(answer);
    let issue = with_jira_names(issue);
    let reader = IssueReader {
        text: Some(text_of),
        ..IssueReader::default()
    };
    let mut read = reader.read(&issue)?.read;
    let ticket = &mut read.ticket;
    for (field, value) in [
        (TicketField::Priority, &mut ticket.priority),
        (TicketField::Resolution, &mut ticket.resolution),
    ] {
        if read.fields.has(field) && value.as_deref() == Some(NOTHING) {
            *value = None;
        }
    }
    if ticket.status == NOTHING || ticket.status == "None" {
        ticket.status.clear();
    }
    Ok(read)
}

fn text_of(value: &Value) -> String {
    match value.as_str() {
        Some(text) if is_wiki(text) => wiki::to_text(text),
        Some(text) => markdown::to_text(text),
        None => adf::to_text(value),
    }
}

/// Whether a text has what only wiki markup has: `h2.`, macros, `{{names}}`, `[links|to]`, headings
/// of tables, or lines of `#`, which number a list there and would each be a heading in Markdown.
fn is_wiki(text: &str) -> bool {
    let macros = ["{code", "{noformat}", "{quote}", "{panel", "{color"];
    let is_heading = |line: &str| {
        let level = line.strip_prefix('h').and_then(|rest| rest.split_once('.'));
        level.is_some_and(|(level, _)| matches!(level, "1" | "2" | "3" | "4" | "5" | "6"))
    };
    let has_link = |line: &str| {
        let mut parts = line
            .split('[')
            .skip(1)
            .filter_map(|part| part.split_once(']'));
        parts.any(|(inside, after)| inside.contains("|http") && !after.starts_with('('))
    };
    let has_name = |line: &str| {
        line.split_once("{{")
            .is_some_and(|(_, rest)| rest.contains("}}"))
    };
    let numbered = |line: &str| line.starts_with("# ");
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    macros.iter().any(|name| text.contains(name))
        || lines.iter().any(|line| {
            is_heading(line) || line.starts_with("||") || has_name(line) || has_link(line)
        })
        || lines
            .windows(2)
            .any(|two| two.iter().all(|line| numbered(line)))
}

/// `2025-11-15 15:00:00 UTC`, as `mcp-atlassian` writes instants where the zone is UTC, in the
/// usual way. Other zones come as abbreviations, which say too little, and stay unread.
fn iso_instant(text: &str) -> Option<String> {
    let (day, time) = text.strip_suffix(" UTC")?.split_once(' ')?;
    Some(format!("{day}T{time}Z"))
}

/// The names and dates that Jira itself uses.
fn with_jira_names(issue: &Value) -> Value {
    let mut issue = issue.clone();
    let Some(fields) = issue.as_object_mut() else {
        return issue;
    };
    for person in ["assignee", "reporter"] {
        let name = fields.get(person).and_then(|who| who.get("display_name"));
        if let Some(name) = name.cloned() {
            fields.insert(person.to_owned(), name);
        }
    }
    for date in ["created", "updated", "resolutiondate"] {
        let usual = fields
            .get(date)
            .and_then(Value::as_str)
            .and_then(iso_instant);
        if let Some(usual) = usual {
            fields.insert(date.to_owned(), usual.into());
        }
    }
    let links = fields.get_mut("issuelinks").and_then(Value::as_array_mut);
    for link in links.into_iter().flatten().filter_map(Value::as_object_mut) {
        for (theirs, usual) in [
            ("inward_issue", "inwardIssue"),
            ("outward_issue", "outwardIssue"),
        ] {
            if let Some(other) = link.remove(theirs) {
                link.insert(usual.to_owned(), other);
            }
        }
    }
    if fields.get("parent").is_none_or(Value::is_null)
        && let Some(epic) = fields.get("epic_key").cloned()
    {
        fields.insert("parent".to_owned(), epic);
    }
    issue
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(issue: &Value) -> Result<crate::domain::Ticket, String> {
        ticket(issue).map(|read| read.ticket)
    }

    #[test]
    fn the_simpler_form_is_read() {
        let ticket = read(&json!({
            "id": "10007", "key": "WRKA-7", "summary": "Export is empty",
            "description": "# Steps\n\n1. **Open** the report", "status": {"name": "Open"},
            "issue_type": {"name": "Bug"}, "priority": {"name": "None"}, "labels": ["csv"],
            "components": ["Reports"], "assignee": {"display_name": "Unassigned"},
            "reporter": {"display_name": "Kayla", "name": "kayla", "email": "k@example.com"},
            "created": "2025-11-15 10:00:00 UTC", "updated": "2025-11-16 10:00:00 EST", "epic_key": "WRKA-1",
            "issuelinks": [{"type": {"name": "Relates"}, "inward_issue": {"key": "WMB-2"}}]}))
        .unwrap();
        assert_eq!(ticket.ticket_type, "Bug");
        assert_eq!(
            ticket.description.as_deref(),
            Some("# Steps\n\n1. Open the report")
        );
        assert_eq!((ticket.assignee, ticket.priority), (None, None));
        assert_eq!(ticket.reporter.as_deref(), Some("Kayla"));
        assert_eq!(ticket.parent.unwrap().as_str(), "WRKA-1");
        assert_eq!(ticket.links[0].key.as_str(), "WMB-2");
        assert_eq!(ticket.created.unwrap().to_string(), "2025-11-15T10:00:00Z");
        // A zone of RFC 2822.
        assert_eq!(ticket.updated.unwrap().to_string(), "2025-11-16T15:00:00Z");
    }

    #[test]
    fn wiki_markup_that_is_passed_on_is_told_from_markdown() {
        for text in [
            "h2. Steps",
            "a\n# one\n# two",
            "{code}x{code}",
            "||a||b||",
            "in {{letter.pdf}}",
            "see [here|https://a.b]",
        ] {
            assert!(is_wiki(text), "{text}");
        }
        for text in [
            "# Steps\n\n1. one",
            "## Steps\n* *one*",
            "html. x",
            "a || b",
            "| [here](http://a.b) |http://c.d|",
            "",
        ] {
            assert!(!is_wiki(text), "{text}");
        }
    }

    #[test]
    fn jiras_own_form_is_read_and_what_is_no_issue_is_refused() {
        let adf = json!({"type": "doc", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "Since the *update*"}]}]});
        let fields = json!({"summary": "Export is empty", "description": adf,
                            "assignee": {"displayName": "Kayla"}});
        let issue = json!({"issues": {"nodes": []}, "key": "WRKA-7", "fields": fields});
        let read = read(&issue).unwrap();
        assert_eq!(read.description.as_deref(), Some("Since the *update*"));
        assert_eq!(read.assignee.as_deref(), Some("Kayla"));
        let wrapped = json!({"issues": [{"key": "WRKA-8"}]});
        assert_eq!(
            super::ticket(&wrapped).unwrap().ticket.key.as_str(),
            "WRKA-8"
        );
        for odd in [
            json!([]),
            json!("x"),
            json!({"key": 7}),
            json!({"issuelinks": 3}),
            json!(null),
        ] {
            assert!(ticket(&odd).is_err(), "{odd}");
        }
    }
}
