//! The fields of a test case's JSON: what each holds by its name, and what it was used as.

use serde_json::{Map, Value};

use crate::exchange::cases::names::{Column, ColumnCandidate, EMPTY, is_word, json_fields, settle};
use crate::exchange::cases::steps::{is_bracketed, value_of};
use crate::exchange::json::text_of;
use crate::text::adf;

/// Objects around the fields of a test case, in answers of tools.
const AROUND: [&str; 4] = ["jira", "fields", "attributes", "testInfo"];
/// What an object is called by, the best first.
const NAMES: [&str; 7] = ["name", "title", "value", "raw", "text", "path", "key"];
/// A value is not looked into deeper.
const DEEPEST: usize = 8;

/// A field, and what it was used as.
#[derive(Debug)]
pub(super) struct JsonField<'v> {
    /// Its name, after that of the object that it stands in: `jira.key`.
    pub path: String,
    pub name: &'v str,
    pub value: &'v Value,
    /// What it holds, if its name says so, and how sure the name is.
    column: Option<(Column, usize)>,
    /// Whether nobody knows its name.
    pub is_unknown: bool,
    pub used_as: Option<&'static str>,
}

/// The fields of one test case.
#[derive(Debug)]
pub(super) struct Fields<'v> {
    pub all: Vec<JsonField<'v>>,
}

impl<'v> Fields<'v> {
    pub fn of(record: &'v Value) -> Self {
        let mut all = Vec::new();
        for (name, value) in record.as_object().into_iter().flatten() {
            match value {
                Value::Object(inner) if AROUND.contains(&name.as_str()) => {
                    let fields = inner.iter();
                    all.extend(
                        fields.map(|(inner, value)| JsonField::new(Some(name), inner, value)),
                    );
                }
                _ => all.push(JsonField::new(None, name, value)),
            }
        }
        let mut candidates: Vec<ColumnCandidate> = all.iter().enumerate().map(candidate).collect();
        let has_given = all.iter().any(|field| is_word("given", field.name));
        for candidate in &mut candidates {
            let field = all.get(candidate.place);
            if !has_given && field.is_some_and(|field| is_word("when", field.name)) {
                candidate.fields.clear();
            }
        }
        settle(&mut candidates, &[]);
        for candidate in candidates {
            if let Some(field) = all.get_mut(candidate.place) {
                field.column = candidate.fields.last().copied();
            }
        }
        Fields { all }
    }

    /// The fields of a column, the surest name first.
    pub fn at(&self, column: Column) -> Vec<&JsonField<'v>> {
        let mut found: Vec<(usize, &JsonField<'v>)> = Vec::new();
        for field in &self.all {
            if let Some((own, rank)) = field.column
                && own == column
            {
                found.push((rank, field));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, field)| field).collect()
    }

    /// The first value of a column that says something.
    pub fn value(&self, column: Column) -> Option<&'v Value> {
        let found = self.at(column).into_iter().map(|field| field.value);
        found.into_iter().find(|value| !is_blank(value))
    }

    /// The text of a column; it counts as used.
    pub fn text(&mut self, column: Column) -> Option<String> {
        let found = self.at(column).into_iter();
        let mut found = found.filter_map(|field| Some((field.path.clone(), text_in(field.value)?)));
        let (path, text) = found.next()?;
        self.used(&path, column.field());
        Some(text)
    }

    /// All texts of a column; lists are taken apart.
    pub fn texts(&mut self, column: Column) -> Vec<String> {
        let fields = self.at(column).into_iter();
        let found: Vec<(String, Vec<String>)> = fields
            .map(|field| (field.path.clone(), texts_in(field.value)))
            .collect();
        let mut all = Vec::new();
        for (path, texts) in found {
            if !texts.is_empty() {
                self.used(&path, column.field());
            }
            all.extend(texts);
        }
        all
    }

    /// Notes that the first field of a column that says something was used.
    pub fn used_column(&mut self, column: Column) {
        let fields = self.at(column).into_iter();
        let mut filled = fields.filter(|field| !is_blank(field.value));
        if let Some(path) = filled.next().map(|field| field.path.clone()) {
            self.used(&path, column.field());
        }
    }

    /// Notes that a field was used, if it says something.
    pub fn use_field(&mut self, name: &str, column: Column) {
        let filled = |field: &&mut JsonField<'_>| field.name == name && !is_blank(field.value);
        if let Some(field) = self.all.iter_mut().find(filled) {
            field.used_as = Some(column.field());
        }
    }

    fn used(&mut self, path: &str, field: &'static str) {
        if let Some(found) = self.all.iter_mut().find(|field| field.path == path) {
            found.used_as = Some(field);
        }
    }

    /// Whether a column is there, be it empty.
    pub fn has(&self, column: Column) -> bool {
        self.all
            .iter()
            .any(|field| field.column.is_some_and(|(own, _)| own == column))
    }
}

impl<'v> JsonField<'v> {
    fn new(around: Option<&str>, name: &'v str, value: &'v Value) -> Self {
        let path = around.map(|around| format!("{around}.{name}"));
        JsonField {
            path: path.unwrap_or_else(|| name.to_owned()),
            name,
            value,
            column: None,
            is_unknown: false,
            used_as: None,
        }
        .known()
    }

    fn known(mut self) -> Self {
        self.is_unknown = json_fields(self.name).is_empty();
        self
    }
}

fn candidate((place, field): (usize, &JsonField<'_>)) -> ColumnCandidate {
    let mut fields = json_fields(field.name);
    if holds_steps(&fields, field.value) {
        fields = vec![(Column::Steps, 0)];
    }
    if is_blank(field.value) {
        fields.iter_mut().for_each(|(_, rank)| *rank += EMPTY);
    }
    fields.reverse();
    ColumnCandidate { place, fields }
}

/// Whether the value of a field that may be a name or a scenario is a list of steps.
fn holds_steps(fields: &[(Column, usize)], value: &Value) -> bool {
    let is_open = |(column, _): &(Column, usize)| [Column::Name, Column::Bdd].contains(column);
    fields.iter().all(is_open)
        && match value {
            Value::Object(_) => value_of(value, "steps").is_some_and(Value::is_array),
            Value::String(text) => is_bracketed(text),
            _ => false,
        }
}

/// Whether a value says nothing.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.is_empty(),
        _ => false,
    }
}

/// The text of a value: of a list its texts a line each, of an object what it is called.
pub(super) fn text_in(value: &Value) -> Option<String> {
    let texts = texts_in(value);
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// The texts of a value, one for each element of a list.
pub(super) fn texts_in(value: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    collect(value, DEEPEST, &mut texts);
    texts
}

fn collect(value: &Value, depth: usize, texts: &mut Vec<String>) {
    match value {
        _ if depth == 0 => {}
        Value::Array(values) => values
            .iter()
            .for_each(|value| collect(value, depth - 1, texts)),
        Value::Object(object) if is_document(object) => {
            texts.extend(Some(adf::to_text(value)).filter(|text| !text.trim().is_empty()));
        }
        Value::Object(_) => {
            let mut named = NAMES.iter().filter_map(|name| value_of(value, name));
            if let Some(inner) = named.find(|inner| !is_blank(inner)) {
                collect(inner, depth - 1, texts);
            }
        }
        other => texts.extend(text_of(other)),
    }
}

fn is_document(object: &Map<String, Value>) -> bool {
    object.get("type").and_then(Value::as_str) == Some("doc") && object.contains_key("content")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_is_found_by_any_of_its_names() {
        let record = json!({"jira": {"key": "NIM-1", "summary": "A"}, "custom_preconds": ["u", {"name": "v"}],
            "Testschritte": "x", "folder": {"path": "/Shop"}, "color": 1, "title": ""});
        let mut fields = Fields::of(&record);
        assert_eq!(fields.text(Column::Id).as_deref(), Some("NIM-1"));
        assert_eq!(fields.text(Column::Name).as_deref(), Some("A"));
        assert_eq!(fields.text(Column::Precondition).as_deref(), Some("u\nv"));
        assert_eq!(fields.texts(Column::Kind), ["/Shop"]);
        assert!(fields.has(Column::Steps) && !fields.has(Column::Labels));
        let told = |path: &str| fields.all.iter().find(|field| field.path == path).unwrap();
        assert_eq!(told("jira.key").used_as, Some("key"));
        assert_eq!(told("color").used_as, None);
        assert!(told("color").is_unknown && !told("title").is_unknown);
    }
}
