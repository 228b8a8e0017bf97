//! Tests as Jira's own JSON has its issues: Xray's fields are custom fields, which `names` calls.

use serde_json::{Map, Value};

use super::ReadCase;
use super::general::{self, Surroundings};
use crate::exchange::cases::names::{Column, is_word, is_word_in, json_fields};
use crate::exchange::cases::steps;
use crate::exchange::columns;
use crate::exchange::json::{Beside, text_of};

/// Whether a record is an issue.
pub(super) fn is_issue(record: &Value) -> bool {
    let fields = record.get("fields").and_then(Value::as_object);
    fields.is_some_and(|fields| fields.contains_key("summary") || fields.contains_key("issuetype"))
}

/// Reads an issue of type Test.
pub(super) fn case(issue: &Value, beside: &Beside, around: Surroundings<'_>) -> ReadCase {
    let Some(fields) = issue.get("fields").and_then(Value::as_object) else {
        return general::case(issue, around);
    };
    let own = issue.get("names").or_else(|| beside.get("names"));
    let named = named(fields, own);
    if let Some(reason) = no_test(&named) {
        return Err(reason);
    }
    let mut record = Map::new();
    for name in ["key", "id"] {
        if let Some(value) = issue.get(name) {
            record.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(tested) = tested(fields) {
        record.insert("tickets".to_owned(), tested);
    }
    record.insert("fields".to_owned(), Value::Object(named));
    general::case(&Value::Object(record), around)
}

/// The fields under the names that people know; a custom field without a name that holds steps is
/// called so.
fn named(fields: &Map<String, Value>, names: Option<&Value>) -> Map<String, Value> {
    let mut named = Map::new();
    for (id, value) in fields {
        // The status of an issue says nothing about the use of the test.
        let is_passed_over = id == "issuelinks" || id == "status";
        if is_passed_over {
            continue;
        }
        let known = names
            .and_then(|names| names.get(id))
            .and_then(Value::as_str)
            .filter(|_| id.starts_with("customfield_"));
        let name = match known {
            Some(known) => known,
            None if holds_steps(id, value) && !fields.contains_key("steps") => "steps",
            None => id,
        };
        named
            .entry(name.to_owned())
            .or_insert_with(|| value.clone());
    }
    named
}

fn holds_steps(id: &str, value: &Value) -> bool {
    let list = value.get("steps").unwrap_or(value).as_array();
    let list: Vec<&Value> = list.into_iter().flatten().collect();
    let raw = steps::raw_in(&list);
    id.starts_with("customfield_")
        && list
            .iter()
            .all(|step| step.get("fields").is_some() || step.get("action").is_some())
        && raw.iter().any(|raw| !raw.step.action.is_empty())
}

/// Why an issue is no test case, where its type says so or it has no type, and it has nothing of
/// a test.
fn no_test(fields: &Map<String, Value>) -> Option<String> {
    let kind = fields.get("issuetype");
    let kind = kind.and_then(|kind| text_of(kind.get("name").unwrap_or(kind)));
    // A ticket's own texts, such as its steps to reproduce, make no test of it.
    let of_ticket = |name: &str| columns::section("ticket_custom").field(name).is_some();
    let of_test = |name: &String| {
        let columns = json_fields(name).into_iter().map(|(column, _)| column);
        let mut columns = columns.take(1);
        columns.any(|column| {
            [Column::Steps, Column::Bdd, Column::Plain, Column::TestType].contains(&column)
        })
    };
    let has = fields
        .iter()
        .any(|(name, value)| of_test(name) && !of_ticket(name) && !super::fields::is_blank(value));
    let Some(kind) = kind else {
        let reason = "it is an issue of Jira, and nothing of it says that it is a test: import reads \
                      tickets; of tests Jira has to tell the field issuetype";
        return (!has).then(|| reason.to_owned());
    };
    let is_test = is_word("test", &kind)
        || !is_word("not_test", &kind) && (is_word_in("testing", &kind) || has);
    (!is_test)
        .then(|| format!("it is a {kind} and not a test: only tests are imported as test cases"))
}

/// The keys of the issues that a test is linked with as what it tests.
fn tested(fields: &Map<String, Value>) -> Option<Value> {
    let links = fields.get("issuelinks").and_then(Value::as_array)?;
    let of_test = |link: &&Value| {
        let name = link.pointer("/type/name").and_then(Value::as_str);
        name.is_some_and(|name| is_word_in("testing", name))
    };
    let key = |link: &Value| {
        let end = link
            .get("outwardIssue")
            .or_else(|| link.get("inwardIssue"))?;
        Some(Value::String(text_of(end.get("key")?)?))
    };
    let keys: Vec<Value> = links.iter().filter(of_test).filter_map(key).collect();
    (!keys.is_empty()).then_some(Value::Array(keys))
}
