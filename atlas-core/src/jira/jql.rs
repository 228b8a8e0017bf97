//! JQL, built from values and never pasted together.

use jiff::Timestamp;

use crate::domain::TicketKey;
use crate::{Error, Result};

/// A query: conditions that must all hold, and an order.
///
/// Values are always quoted: `IN` and `OR` are keys of real projects. A backslash is escaped
/// before a quote, so that no value ends its own quotes.
///
/// ```
/// use atlas_core::jira::Jql;
/// let jql = Jql::projects(&["in", "WRKA"])?;
/// assert_eq!(jql.to_string(), r#"project in ("IN", "WRKA")"#);
/// let jql = Jql::assigned("O\\\"Hara", Some("To Do"));
/// assert!(jql.to_string().starts_with(r#"assignee = "O\\\"Hara" AND status = "To Do""#));
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jql {
    conditions: Vec<String>,
    order: &'static str,
}

/// The specification's order of a person's work.
const BY_URGENCY: &str = "priority DESC, updated DESC";
/// Oldest change first, so that what was read is the past and a change meanwhile comes later.
const BY_CHANGE: &str = "updated ASC, key ASC";

impl Jql {
    /// Every issue that the account sees.
    pub fn everything() -> Self {
        // Cloud refuses a query without a condition.
        Jql::default().and("project is not EMPTY".to_owned())
    }

    /// All issues of some projects, named by their keys in upper or lower case; of none named:
    /// everything.
    ///
    /// # Errors
    /// `INVALID_VALUE` for what is not a project's key.
    pub fn projects<T: AsRef<str>>(keys: &[T]) -> Result<Self> {
        if keys.is_empty() {
            return Ok(Jql::everything());
        }
        let keys: Result<Vec<String>> = keys.iter().map(|key| project_key(key.as_ref())).collect();
        let quoted: Vec<String> = keys?.iter().map(|key| quoted(key)).collect();
        Ok(Jql::default().and(format!("project in ({})", quoted.join(", "))))
    }

    /// A person's issues, in one status or in all, most urgent first (the specification's query).
    /// `currentUser()` is whom the credentials belong to.
    pub fn assigned(assignee: &str, status: Option<&str>) -> Self {
        let assignee = match assignee {
            "currentUser()" => assignee.to_owned(),
            name => quoted(name),
        };
        let mut jql = Jql::default().and(format!("assignee = {assignee}"));
        if let Some(status) = status {
            jql = jql.and(format!("status = {}", quoted(status)));
        }
        jql.order = BY_URGENCY;
        jql
    }

    /// A query that a person wrote, as one condition; its `ORDER BY` is dropped.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a query without a condition, with an open quote, or with brackets that
    /// do not match: it would swallow the conditions that are added.
    pub fn written(text: &str) -> Result<Self> {
        let condition = without_order(text)?.trim();
        if condition.is_empty() {
            return Err(Error::invalid("jql", text, "at least one condition"));
        }
        Ok(Jql::default().and(format!("({condition})")))
    }

    /// Only what was changed at an instant or later. Milliseconds since 1970 mean the same in
    /// every time zone; a date is read in that of the account.
    pub fn changed_since(self, instant: Timestamp) -> Self {
        let mut jql = self.and(format!("updated >= {}", instant.as_millisecond()));
        jql.order = BY_CHANGE;
        jql
    }

    /// The same in minutes before now, for servers that refuse the number.
    pub fn changed_within(self, minutes: i64) -> Self {
        let mut jql = self.and(format!("updated >= -{}m", minutes.max(1)));
        jql.order = BY_CHANGE;
        jql
    }

    /// The oldest change first.
    pub fn by_change(mut self) -> Self {
        self.order = BY_CHANGE;
        self
    }

    fn and(mut self, condition: String) -> Self {
        self.conditions.push(condition);
        self
    }
}

impl std::fmt::Display for Jql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.conditions.join(" AND "))?;
        match self.order {
            "" => Ok(()),
            order => write!(f, " ORDER BY {order}"),
        }
    }
}

/// A project's key in upper case.
fn project_key(text: &str) -> Result<String> {
    let key = text.trim().to_ascii_uppercase();
    // What makes a ticket's key with a number makes a project's without it.
    match TicketKey::parse(&format!("{key}-1")) {
        Ok(ticket) if ticket.project() == key => Ok(key),
        _ => Err(Error::invalid(
            "project",
            text,
            "a project's key, such as WRKA",
        )),
    }
}

/// A text in quotes, as JQL reads it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {}
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The conditions of a written query.
fn without_order(text: &str) -> Result<&str> {
    let refuse = |expected: &str| Err(Error::invalid("jql", text, expected));
    let (mut quote, mut depth, mut escaped) = (None, 0_i32, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return refuse("brackets that match"),
            (None, ')') => depth -= 1,
            (None, 'o' | 'O') if depth == 0 && begins_order(text, at) => return Ok(&text[..at]),
            _ => {}
        }
    }
    match (quote, depth) {
        (None, 0) => Ok(text),
        (None, _) => refuse("brackets that match"),
        (Some(_), _) => refuse("quotes that are closed"),
    }
}

fn begins_order(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let mut words = text[at..].split_whitespace();
    let mut next_is = |word: &str| words.next().is_some_and(|w| w.eq_ignore_ascii_case(word));
    before.is_none_or(|c| c.is_whitespace() || c == ')') && next_is("order") && next_is("by")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn project_keys_are_checked_and_quoted() {
        let jql = Jql::projects(&["IN", "or", "A1_B"]).unwrap();
        assert_eq!(jql.to_string(), r#"project in ("IN", "OR", "A1_B")"#);
        for bad in [r#"X" OR project="Y"#, "WRKA\\", "", "1A", "A B", "WRKA-1"] {
            assert_eq!(
                Jql::projects(&[bad]).unwrap_err().code(),
                "INVALID_VALUE",
                "{bad}"
            );
        }
    }

    #[test]
    fn a_value_does_not_end_its_quotes() {
        for (name, expected) in [
            (r#"X" OR project="Y"#, r#"assignee = "X\" OR project=\"Y""#),
            ("trailing\\", r#"assignee = "trailing\\""#),
            ("a\\\" OR b", r#"assignee = "a\\\" OR b""#),
            ("two\nlines\0", r#"assignee = "two\nlines""#),
        ] {
            let jql = Jql::assigned(name, None).to_string();
            assert_eq!(jql, format!("{expected} ORDER BY {BY_URGENCY}"));
        }
        let mine = Jql::assigned("currentUser()", None).to_string();
        assert!(mine.starts_with("assignee = currentUser() "), "{mine}");
    }

    #[test]
    fn a_written_query_is_one_condition() {
        let since = Timestamp::from_millisecond(1_763_200_800_000).unwrap();
        for (text, expected) in [
            ("project = A OR project = B", "(project = A OR project = B)"),
            ("labels = x order  by created", "(labels = x)"),
            ("summary ~ \"order by\"", "(summary ~ \"order by\")"),
            ("(a = 1)ORDER BY b", "((a = 1))"),
            ("reorder = 1", "(reorder = 1)"),
        ] {
            let jql = Jql::written(text).unwrap().changed_since(since).to_string();
            let rest = format!("{expected} AND updated >= 1763200800000 ORDER BY {BY_CHANGE}");
            assert_eq!(jql, rest);
        }
        for bad in [
            "",
            " ",
            "order by key",
            "a = \"b",
            "a = 1) OR (b = 2",
            "(a = 1",
            "a = 'b\\'",
        ] {
            assert!(Jql::written(bad).is_err(), "{bad}");
        }
    }
}
