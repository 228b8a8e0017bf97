//! The values of an issue's fields, and which of several counts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::IssueValue;
use crate::domain::{TicketField, TicketFields};
use crate::exchange::json::text_of;
use crate::jira::places::{FIELDS, Meaning};
use crate::jira::value::{Reference, is_nothing};

/// The most characters of a value that are shown.
const SHOWN: usize = 200;

/// The best entries of each field.
pub(super) struct BestValues<'a> {
    pub entries: BTreeMap<&'static str, Vec<(usize, &'a IssueValue<'a>)>>,
    pub links: bool,
}

impl<'a> BestValues<'a> {
    pub fn new(entries: &'a [IssueValue<'a>]) -> Self {
        let mut found: BTreeMap<&'static str, Vec<(usize, &IssueValue<'_>)>> = BTreeMap::new();
        for entry in entries {
            if let Some(Meaning::Field(field, rank)) = &entry.meaning {
                found.entry(field).or_default().push((*rank, entry));
            }
        }
        for entries in found.values_mut() {
            entries.sort_by_key(|(rank, _)| *rank);
        }
        let links = entries
            .iter()
            .any(|e| matches!(e.meaning, Some(Meaning::Links(_))));
        BestValues {
            entries: found,
            links,
        }
    }

    pub fn all(&self, field: &str) -> impl Iterator<Item = &'a IssueValue<'a>> {
        let entries = self.entries.get(field).into_iter().flatten();
        entries.map(|(_, entry)| *entry)
    }

    pub fn entry(&self, field: &str) -> Option<&'a IssueValue<'a>> {
        self.all(field).next()
    }

    pub fn value(&self, field: &str) -> &'a Value {
        self.entry(field).map_or(&Value::Null, |entry| entry.value)
    }

    pub fn fields(&self) -> TicketFields {
        let named = FIELDS
            .iter()
            .filter(|(name, _)| self.entries.contains_key(name));
        let fields: TicketFields = named.filter_map(|(_, field)| *field).collect();
        match self.links {
            true => fields.with(TicketField::Links),
            false => fields,
        }
    }
}

/// The ticket that a value names: a key, an id, or an object with one of them.
pub(super) fn reference(value: &Value) -> Option<Reference> {
    let parse = |value: &Value| Reference::parse(&text_of(value)?);
    if value.is_object() {
        let names = ["key", "issueKey", "issue_key", "id", "data"];
        let mut inner = names.iter().filter_map(|name| value.get(name));
        return inner.find_map(|inner| match inner.is_object() {
            // Epic Link may come as `{"data": {"key": …}}`.
            true => parse(inner.get("key")?),
            false => parse(inner),
        });
    }
    parse(value)
}

/// The instant in an object that writes it in several ways.
pub(super) fn instant(value: &Value) -> &Value {
    let names = ["iso8601", "epochMillis", "jira", "value"];
    let mut inner = names.iter().filter_map(|name| value.get(name));
    inner.next().unwrap_or(value)
}

/// Whether a value says that there is nothing.
pub(super) fn is_empty(field: TicketField, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty() || is_nothing(field, text),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.values().all(|value| is_empty(field, value)),
        _ => false,
    }
}

/// A value as a person may see it.
pub(in crate::jira) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(SHOWN).collect(),
        other => name_of(other)
            .unwrap_or_else(|| other.to_string())
            .chars()
            .take(SHOWN)
            .collect(),
    }
}

/// The name of a status, priority, person, … or the text that is given in its place.
pub(in crate::jira) fn name_of(value: &Value) -> Option<String> {
    let names = [
        "displayName",
        "display_name",
        "name",
        "value",
        "emailAddress",
        "key",
    ];
    let mut inner = names.iter().filter_map(|name| value.get(name));
    inner.find_map(text_of).or_else(|| text_of(value))
}

pub(super) fn names_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(name_of).collect(),
        other => name_of(other).into_iter().collect(),
    }
}
