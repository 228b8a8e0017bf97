//! The account of a file of test cases as JSON: every field, and steps that nobody could read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::fields::{Fields, is_blank};
use crate::domain::FileReport;
use crate::exchange::report::{FileAccount, shortened};

/// So many fields are named in a warning.
const NAMED: usize = 5;
/// The most fields that are accounted for.
const MOST_FIELDS: usize = 2_000;
/// So many characters of a value are looked at.
const LOOKED_AT: usize = 400;

/// A field as one test case has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldSeen {
    pub name: String,
    pub first: String,
    pub used_as: Option<&'static str>,
    /// Whether nobody knows its name, so that it may hold anything.
    pub is_unknown: bool,
    /// Whether it may hold steps: it is a text, a list or an object.
    pub is_text: bool,
}

/// A value that is there and cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnreadValue {
    pub name: String,
    pub value: String,
    pub expected: &'static str,
}

/// What the reading of one test case tells of its fields.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct FieldUse {
    pub fields: Vec<FieldSeen>,
    pub unread: Vec<UnreadValue>,
    /// The field of steps in a form that is not known, or with some that are.
    pub odd_steps: Option<FieldSeen>,
    pub has_steps: bool,
    /// Whether a field is there that only test cases have.
    pub is_test: bool,
    /// Whether its fields are those of a ticket, and nothing of it is a test's.
    pub is_ticket: bool,
}

impl FieldUse {
    /// What is known when all that is used was taken.
    pub(super) fn take(&mut self, fields: &Fields<'_>) {
        self.fields.extend(fields.all.iter().map(|field| FieldSeen {
            name: field.path.clone(),
            first: shown(field.value),
            used_as: field.used_as,
            is_unknown: field.is_unknown,
            is_text: field.value.is_string() || field.value.is_array() || field.value.is_object(),
        }));
    }

    /// A value that could not be read.
    pub fn unread(&mut self, name: &str, value: &str, expected: &'static str) {
        self.unread.push(UnreadValue {
            name: name.to_owned(),
            value: shortened(value),
            expected,
        });
    }
}

/// A value as people see it in a report.
pub(super) fn shown(value: &Value) -> String {
    match value {
        value if is_blank(value) => String::new(),
        Value::String(text) => shortened(text),
        other => {
            let text = other.to_string();
            let start: String = text.chars().take(LOOKED_AT).collect();
            shortened(&start)
        }
    }
}

/// What is known of a whole file.
#[derive(Debug, Default)]
pub(super) struct Usage {
    account: FileAccount,
    columns: HashMap<String, usize>,
    /// The names of fields that nobody knows and that have a text.
    unknown: BTreeSet<String>,
    /// How many test cases have no steps and fields that were not used, and these fields.
    stepless: u64,
    beside: BTreeSet<String>,
    odd: BTreeMap<String, (u64, String)>,
    cases: u64,
    /// Whether any record is surely a test case.
    has_test: bool,
}

impl Usage {
    /// Counts a test case.
    pub fn add(&mut self, line: u64, told: FieldUse) {
        self.cases += 1;
        self.has_test = self.has_test || told.is_test;
        let mut unused = Vec::new();
        for seen in told.fields {
            let is_unused = !seen.first.is_empty() && seen.used_as.is_none();
            if is_unused && seen.is_text {
                unused.push(seen.name.clone());
            }
            if is_unused && seen.is_unknown && self.unknown.len() < MOST_FIELDS {
                self.unknown.insert(seen.name.clone());
            }
            let Some(column) = self.column(&seen.name) else {
                continue;
            };
            self.account.saw(column, &seen.first);
            if let Some(field) = seen.used_as {
                self.account.used(column, field);
            }
        }
        for one in told.unread {
            self.account
                .unread(&one.name, line, &one.value, one.expected);
        }
        if let Some(odd) = told.odd_steps {
            let count = self.odd.entry(odd.name).or_insert((0, odd.first));
            count.0 += 1;
        } else if !told.has_steps && !unused.is_empty() {
            self.stepless += 1;
            let room = MOST_FIELDS.saturating_sub(self.beside.len());
            self.beside.extend(unused.into_iter().take(room));
        }
    }

    fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(column) = self.columns.get(name) {
            return Some(*column);
        }
        (self.columns.len() < MOST_FIELDS).then(|| {
            let column = self.account.column(None, name);
            self.columns.insert(name.to_owned(), column);
            column
        })
    }

    /// Why no record is a test case, where none has a field that only test cases have and all have
    /// fields that these do not have.
    pub fn refusal(&self) -> Option<String> {
        (self.cases > 0 && !self.has_test && !self.unknown.is_empty()).then(|| {
            format!(
                "its records have no field of test cases (no steps, precondition, folder or \
                 objective), but {}",
                named(&self.unknown)
            )
        })
    }

    /// The report; it begins with steps that could not be read.
    pub fn finish(mut self) -> FileReport {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        for (name, (count, first)) in &self.odd {
            self.account.warn(format!(
                "{count} test case{} with steps in a form that is not known, which were not read: \
                 \"{}\" ({first})",
                plural(*count),
                shortened(name)
            ));
        }
        if self.stepless > 0 {
            let count = self.stepless;
            self.account.warn(format!(
                "{count} test case{} without steps; not used: {}",
                plural(count),
                named(&self.beside)
            ));
        }
        self.account.finish()
    }
}

fn named(names: &BTreeSet<String>) -> String {
    let names = names.iter().take(NAMED);
    let names: Vec<String> = names
        .map(|name| format!("\"{}\"", shortened(name)))
        .collect();
    names.join(", ")
}
