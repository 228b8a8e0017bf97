//! What a ticket's values mean, whichever format they come from.

use serde_json::Value;

use crate::Result;
use crate::domain::{TicketField, TicketKey, is_done_category};
use crate::exchange::columns;

/// How a ticket names another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference {
    Key(TicketKey),
    /// Jira's own id of an issue.
    Id(String),
}

impl Reference {
    /// A key, or digits, which are an id.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(key) = ticket_key(text) {
            return Some(Reference::Key(key));
        }
        // Spreadsheets write the number 1001 as 1001.0.
        let digits = text.strip_suffix(".0").unwrap_or(text);
        let is_id = !digits.is_empty()
            && digits.len() <= 20
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then(|| Reference::Id(digits.to_owned()))
    }
}

/// Whether a value is a word that tools write where there is nothing.
pub(super) fn is_nothing(field: TicketField, value: &str) -> bool {
    let lists: &[&str] = match field {
        TicketField::JiraId | TicketField::Summary | TicketField::Description => return false,
        TicketField::Components | TicketField::Labels => &["list"],
        TicketField::Resolution => &["any", "resolution"],
        TicketField::Assignee | TicketField::Reporter => &["any", "person"],
        _ => &["any"],
    };
    let nothing = columns::section("nothing");
    lists.iter().any(|list| nothing.has_word(list, value))
}

/// The values of a list, without the one word that says that there is none. Labels hold no blanks:
/// several in one value are parted there.
pub(super) fn listed(field: TicketField, mut values: Vec<String>) -> Vec<String> {
    if let [only] = values.as_slice()
        && is_nothing(field, only)
    {
        values.clear();
    }
    match field {
        TicketField::Labels => values.iter().flat_map(|value| labels(value)).collect(),
        _ => values,
    }
}

/// The labels of a value: `a b`, `a; b`, `a, b`. In `a,b` the comma belongs to the label.
fn labels(value: &str) -> impl Iterator<Item = String> {
    let parts = value.split(|c: char| c.is_whitespace() || c == ';');
    let trimmed = parts.map(|part| part.trim_matches(','));
    trimmed.filter(|part| !part.is_empty()).map(str::to_owned)
}

/// A ticket's key, or the address of its page: `https://jira.example.com/browse/NIM-1`.
///
/// # Errors
/// The reason why it is none.
pub(super) fn ticket_key(text: &str) -> Result<TicketKey> {
    let text = text.trim();
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    let key = match text.split_once("/browse/") {
        Some((_, key)) if is_address => key.split(['?', '#', '/']).next().unwrap_or(key),
        _ => text,
    };
    TicketKey::parse(key)
}

/// Whether a status is over, by what the source tells of its category: Jira's object, or a name.
pub(super) fn is_done(category: &Value) -> Option<bool> {
    let word = |value: &Value| value.as_str().and_then(is_done_category);
    match category.get("key").and_then(Value::as_str) {
        Some("done") => Some(true),
        Some("new" | "indeterminate") => Some(false),
        _ => word(category).or_else(|| word(category.get("name")?)),
    }
}

/// The heading of a text that stands in a field of its own and belongs to the description.
pub(super) fn heading(custom_field: &str) -> Option<&'static str> {
    Some(match custom_field {
        "acceptance_criteria" => "Acceptance Criteria",
        "steps_to_reproduce" => "Steps to Reproduce",
        "expected_result" => "Expected Result",
        "actual_result" => "Actual Result",
        "test_notes" => "Test Notes",
        _ => return None,
    })
}

/// A part of a description that has a field of its own in Jira.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is under in the description: `Acceptance Criteria`, …
    pub heading: &'static str,
    /// Plain text; empty where the field is.
    pub text: String,
}

/// The description with the sections under headings; one that is there already is replaced, one
/// whose text stands in the description is left out, an empty one is taken away.
pub(crate) fn with_sections(description: Option<&str>, sections: &[Section]) -> Option<String> {
    let mut text = description.unwrap_or_default().to_owned();
    for section in sections {
        let title = format!("# {}", section.heading);
        text = without_section(&text, &title);
        if !section.text.is_empty() && !text.contains(&section.text) {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&title);
            text.push_str("\n\n");
            text.push_str(&lower_headings(&section.text));
        }
    }
    (!text.is_empty()).then_some(text)
}

/// Headings within a section are below the section's own.
fn lower_headings(text: &str) -> String {
    let lower = |line: &str| match line.starts_with("# ") {
        true => format!("#{line}"),
        false => line.to_owned(),
    };
    let lines: Vec<String> = text.lines().map(lower).collect();
    lines.join("\n")
}

/// A text without the section of this title, which ends at the next heading of its level.
fn without_section(text: &str, title: &str) -> String {
    let mut inside = false;
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| {
            if line.starts_with("# ") {
                inside = line.trim_end() == title;
            }
            !inside
        })
        .collect();
    match kept.len() == text.lines().count() {
        true => text.to_owned(),
        false => kept.join("\n").trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_depend_on_the_field() {
        for (field, value, nothing) in [
            (TicketField::Resolution, "Nicht erledigt", true),
            (TicketField::Resolution, "Non résolu", true),
            (TicketField::Resolution, "未解決", true),
            (TicketField::Resolution, "Fixed", false),
            (TicketField::Assignee, "SIN ASIGNAR", true),
            (TicketField::Assignee, "Unresolved", false),
            (TicketField::Priority, "None", true),
            (TicketField::Labels, "NA", false),
            (TicketField::Summary, "None", false),
            (TicketField::Description, "-", false),
        ] {
            assert_eq!(is_nothing(field, value), nothing, "{field:?} {value}");
        }
    }

    #[test]
    fn sections_are_put_under_headings_once() {
        let section = |text: &str| Section {
            heading: "Acceptance Criteria",
            text: text.to_owned(),
        };
        let once = with_sections(Some("Text"), &[section("- one\n- two")]).unwrap();
        assert_eq!(once, "Text\n\n# Acceptance Criteria\n\n- one\n- two");
        assert_eq!(
            with_sections(Some(&once), &[section("- one\n- two")]),
            Some(once.clone())
        );
        let changed = with_sections(Some(&once), &[section("- three")]).unwrap();
        assert_eq!(changed, "Text\n\n# Acceptance Criteria\n\n- three");
        assert_eq!(
            with_sections(Some(&once), &[section("")]).as_deref(),
            Some("Text")
        );
        assert_eq!(with_sections(None, &[section("")]), None);
        let there = "AC:\n- one\n- two";
        assert_eq!(
            with_sections(Some(there), &[section("- one\n- two")]).as_deref(),
            Some(there)
        );
    }

    #[test]
    fn a_reference_is_a_key_or_an_id() {
        assert_eq!(
            Reference::parse(" 1001 "),
            Some(Reference::Id("1001".into()))
        );
        assert_eq!(
            Reference::parse("1001.0"),
            Some(Reference::Id("1001".into()))
        );
        assert!(matches!(Reference::parse("nim-1"), Some(Reference::Key(_))));
        assert_eq!(Reference::parse("Checkout works"), None);
    }
}
