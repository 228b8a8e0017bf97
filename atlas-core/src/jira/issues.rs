//! Files of issues as JSON. Read twice, as tables are: first for what only the whole file tells.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use serde_json::Value;

use super::head::Head;
use super::issue::{IssueReader, IssueValue, shown};
use super::not_tickets;
use super::places::{Meaning, field_named, no_column};
use super::value::{Reference, ticket_key};
use super::{ISSUES, ParsedIssue, ReadTicket};
use crate::Result;
use crate::domain::{TicketImport, TicketKey};
use crate::exchange::dates::{DateSurvey, MaybeDates};
use crate::exchange::input::Input;
use crate::exchange::json::{self, text_of};
use crate::exchange::report::FileAccount;
use crate::exchange::{Each, ReadSummary, Record, columns};

/// The most ids whose keys are kept.
const MOST_IDS: usize = 1_000_000;
/// The most fields that are accounted for.
const MOST_FIELDS: usize = 2_000;

/// Reads the tickets of a file of JSON.
pub(super) fn read(
    input: Input<'_>,
    options: &TicketImport,
    each: Each<'_, ReadTicket>,
) -> Result<ReadSummary> {
    let head = Head::read(input.again()?.reader);
    let unused: Vec<(&str, usize)> = head.unused().collect();
    let mut reader = IssueReader {
        names: head.names,
        links: head.links,
        ..IssueReader::default()
    };
    for (field, name) in &options.columns {
        reader
            .mapped
            .insert(columns::plain(name), field_named(field)?);
    }
    let survey = RefCell::new(IssueSurvey::default());
    let seen = json::read(
        input.again()?,
        &ISSUES,
        |issue| {
            survey.borrow_mut().issue(&reader, issue);
            Ok(())
        },
        &mut |_| ControlFlow::Continue(()),
    )?;
    let mut survey = survey.into_inner();
    let others = std::mem::take(&mut survey.other_dates).finish();
    survey.dates.add_where_open(&others);
    let mut account = survey.account(&seen.file);
    for (name, count) in unused {
        let column = account.column(None, name);
        account.saw(column, &format!("{count} of them"));
    }
    survey.check(options)?;
    let (dates, assumed) = survey.dates.settle(options.reading.date_order);
    if let Some(assumed) = assumed {
        account.assumed(&assumed.about, assumed.assumed, assumed.why);
    }
    (reader.dates, reader.ids, reader.external) = (dates, survey.ids, survey.external);
    let mut summary = json::read(
        input.again()?,
        &ISSUES,
        |issue| match not_tickets::refuse_record(issue).filter(|_| options.columns.is_empty()) {
            Some(reason) => Err(reason),
            None => reader.read(issue),
        },
        &mut |record: Record<ParsedIssue>| {
            each(Record {
                line: record.line,
                offset: record.offset,
                file_length: record.file_length,
                text_offset: record.text_offset,
                value: record
                    .value
                    .map(|parsed| parsed.noted(record.line, &mut account)),
            })
        },
    )?;
    summary.file = account.finish();
    Ok(summary)
}

/// What only the whole file tells.
#[derive(Default)]
struct IssueSurvey {
    dates: DateSurvey,
    /// Dates of fields that are no fields of tickets.
    other_dates: MaybeDates,
    ids: HashMap<String, TicketKey>,
    external: HashMap<String, TicketKey>,
    /// The fields in the order in which they come.
    fields: Vec<IssueField>,
    places: HashMap<String, usize>,
}

struct IssueField {
    name: String,
    used_as: Option<&'static str>,
    first: Option<String>,
}

impl IssueSurvey {
    fn issue(&mut self, reader: &IssueReader, issue: &Value) {
        let entries = reader.entries(issue);
        let mut dates: BTreeMap<&str, &Value> = BTreeMap::new();
        let mut key = None;
        for entry in &entries {
            let place = self.field(entry);
            if let (None, Some(place)) = (&entry.meaning, place)
                && !is_blank(entry.value)
            {
                self.other_dates.see(place, entry.value.as_str());
            }
            match entry.meaning {
                Some(Meaning::Field("key", _)) => {
                    key = key.or_else(|| ticket_key(entry.value.as_str()?).ok());
                }
                Some(Meaning::Field(date @ ("created" | "updated" | "resolved"), _)) => {
                    self.dates.see_json(entry.value);
                    dates.entry(date).or_insert(entry.value);
                }
                _ => {}
            }
        }
        let date = |name: &str| dates.get(name).and_then(|value| value.as_str());
        for later in ["updated", "resolved"] {
            if let (Some(created), Some(later)) = (date("created"), date(later)) {
                self.dates.see_in_order(created, later);
            }
        }
        self.ids(issue, key);
    }

    fn ids(&mut self, issue: &Value, key: Option<TicketKey>) {
        let text = |name: &str| issue.get(name).and_then(text_of);
        let key = key.or_else(|| TicketKey::parse(&text("externalId")?).ok());
        let Some(key) = key else { return };
        if let Some(Reference::Id(id)) = text("id").and_then(|id| Reference::parse(&id))
            && self.ids.len() < MOST_IDS
        {
            self.ids.entry(id).or_insert_with(|| key.clone());
        }
        if let Some(id) = text("externalId").filter(|_| self.external.len() < MOST_IDS) {
            self.external.entry(id).or_insert(key);
        }
    }

    /// Notes a field; its place in `fields`, where there is room.
    fn field(&mut self, entry: &IssueValue<'_>) -> Option<usize> {
        let place = match self.places.get(entry.name) {
            Some(place) => *place,
            None if self.fields.len() >= MOST_FIELDS => return None,
            None => {
                let used_as = match &entry.meaning {
                    Some(Meaning::Field(field, _) | Meaning::Section(field, _)) => Some(*field),
                    Some(Meaning::Links(_)) => Some("links"),
                    None => None,
                };
                let name = entry.name.to_owned();
                self.places.insert(name.clone(), self.fields.len());
                self.fields.push(IssueField {
                    name,
                    used_as,
                    first: None,
                });
                self.fields.len() - 1
            }
        };
        if let Some(field) = self.fields.get_mut(place)
            && field.first.is_none()
            && !is_blank(entry.value)
        {
            field.first = Some(shown(entry.value));
        }
        Some(place)
    }

    fn account(&self, file: &crate::domain::FileReport) -> FileAccount {
        let mut account = FileAccount::default();
        *account.file() = file.clone();
        for field in &self.fields {
            let column = account.column(None, &field.name);
            account.saw(column, field.first.as_deref().unwrap_or_default());
            if let Some(used_as) = field.used_as {
                account.used(column, used_as);
            }
        }
        account
    }

    /// Whether each field that the user has named is there.
    fn check(&self, options: &TicketImport) -> Result<()> {
        for name in options.columns.values() {
            let wanted = columns::plain(name);
            let mapped = |field: &IssueField| {
                field.used_as.is_some() && columns::plain(&field.name) == wanted
            };
            if !self.fields.iter().any(mapped) && !self.fields.is_empty() {
                let names = self.fields.iter().map(|field| field.name.as_str());
                return Err(no_column(name, names));
            }
        }
        Ok(())
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.is_empty(),
        _ => false,
    }
}
