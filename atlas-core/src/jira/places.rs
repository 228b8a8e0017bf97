//! Which columns of a table of tickets are which fields.

use std::collections::BTreeMap;

use super::value;
use crate::domain::{TicketField, TicketImport};
use crate::exchange::columns::{self, bracketed};
use crate::exchange::report::FileAccount;
use crate::exchange::table::Columns;
use crate::{Error, Result};

/// The fields that a column can be mapped to, with the ticket's field.
pub(super) const FIELDS: [(&str, Option<TicketField>); 17] = [
    ("key", None),
    ("id", Some(TicketField::JiraId)),
    ("summary", Some(TicketField::Summary)),
    ("description", Some(TicketField::Description)),
    ("type", Some(TicketField::TicketType)),
    ("status", Some(TicketField::Status)),
    ("status_category", None),
    ("priority", Some(TicketField::Priority)),
    ("resolution", Some(TicketField::Resolution)),
    ("assignee", Some(TicketField::Assignee)),
    ("reporter", Some(TicketField::Reporter)),
    ("components", Some(TicketField::Components)),
    ("labels", Some(TicketField::Labels)),
    ("created", Some(TicketField::Created)),
    ("updated", Some(TicketField::Updated)),
    ("resolved", Some(TicketField::Resolved)),
    ("parent", Some(TicketField::Parent)),
];

/// The fields of columns that hold dates.
pub(super) const DATES: [&str; 3] = ["created", "updated", "resolved"];

/// What a column or a field of JSON is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A field of [`FIELDS`]; the lower the rank, the surer the name.
    Field(&'static str, usize),
    /// A text of its own that belongs to the description: its field's name and heading.
    Section(&'static str, &'static str),
    /// Keys of linked tickets, with the link's type.
    Links(String),
}

/// Ranks of the parent's columns: its key, then its key or id, then the epic.
const PARENTS: [(&str, usize); 4] = [
    ("parent_key", 0),
    ("parent", 100_000),
    ("epic_link", 200_000),
    ("parent_link", 300_000),
];

/// What a name in a file means.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let custom = columns::section("ticket_custom");
    if let Some((before, inside)) = bracketed(name) {
        if columns::section("link").field(before).is_some() {
            return Some(Meaning::Links(inside.to_owned()));
        }
        let known = columns::section("custom_field").is("prefix", before);
        if known || columns::plain(inside).chars().count() > 4 {
            let found = custom
                .field(inside)
                .and_then(|found| of_custom(found.field));
            // `Custom field (Status)` is not the status.
            if known || found.is_some() {
                return found;
            }
        }
    }
    if let Some(found) = columns::section("ticket").field(name) {
        return Some(match parent_rank(found.field) {
            Some(rank) => Meaning::Field("parent", rank + found.rank),
            None if found.field == "links" => Meaning::Links(String::new()),
            None => Meaning::Field(found.field, found.rank),
        });
    }
    custom.field(name).and_then(|found| of_custom(found.field))
}

fn parent_rank(field: &str) -> Option<usize> {
    let found = PARENTS.iter().find(|(name, _)| *name == field);
    found.map(|(_, rank)| *rank)
}

fn of_custom(field: &'static str) -> Option<Meaning> {
    let parent = || Some(Meaning::Field("parent", parent_rank(field)?));
    let section = value::heading(field).map(|heading| Meaning::Section(field, heading));
    section.or_else(parent)
}

/// Where each field stands in a row.
#[derive(Debug, Default)]
pub(super) struct IssuePlaces {
    /// The columns of each field, the surest name first.
    fields: BTreeMap<&'static str, Vec<usize>>,
    /// The columns of texts that belong to the description: column, field, heading.
    pub sections: Vec<(usize, &'static str, &'static str)>,
    /// The columns of keys of linked tickets, with the link's type.
    pub links: Vec<(usize, String)>,
    /// The columns that are none of these.
    pub others: Vec<usize>,
}

impl IssuePlaces {
    /// How many of these columns are fields of tickets, by their names or the user's word.
    pub fn count(columns: &Columns, options: &TicketImport) -> usize {
        let places = IssuePlaces::new(columns, options);
        let places = places.or_else(|_| IssuePlaces::new(columns, &TicketImport::default()));
        places.map_or(0, |places| columns.iter().count() - places.others.len())
    }

    /// Tells the columns by their names, but those that the user has named.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a field or a column that is not there.
    pub fn new(columns: &Columns, options: &TicketImport) -> Result<Self> {
        let mapped = mapped(columns, options)?;
        let is_mapped = |place: usize| mapped.values().any(|places| places.contains(&place));
        let mut places = IssuePlaces::default();
        let mut found: BTreeMap<&'static str, Vec<(usize, usize)>> = BTreeMap::new();
        for (place, name) in columns.iter().filter(|(place, _)| !is_mapped(*place)) {
            match meaning(name) {
                Some(Meaning::Field(field, _)) if mapped.contains_key(field) => {
                    places.others.push(place);
                }
                Some(Meaning::Field(field, rank)) => {
                    found.entry(field).or_default().push((rank, place));
                }
                Some(Meaning::Section(field, heading)) => {
                    places.sections.push((place, field, heading));
                }
                Some(Meaning::Links(kind)) if !kind.is_empty() => places.links.push((place, kind)),
                _ => places.others.push(place),
            }
        }
        for (field, mut columns) in found {
            columns.sort();
            let best = columns.first().map_or(0, |(rank, _)| *rank);
            // One name of a field is that field; another may be something else. A key is chosen by
            // what the columns hold, and a parent stands where it is filled.
            let is_it = |rank: usize| rank == best || ["key", "parent"].contains(&field);
            let (used, left): (Vec<_>, Vec<_>) = columns.into_iter().partition(|c| is_it(c.0));
            let place = |(_, place): (usize, usize)| place;
            places
                .fields
                .insert(field, used.into_iter().map(place).collect());
            places.others.extend(left.into_iter().map(place));
        }
        places.fields.extend(mapped);
        places.others.sort_unstable();
        Ok(places)
    }

    /// The columns of a field; none where the table does not have it.
    pub fn of(&self, field: &str) -> &[usize] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// Takes one column as the key.
    pub fn set_key(&mut self, place: usize) {
        let others = self.of("key").iter().filter(|p| **p != place).copied();
        let others: Vec<usize> = others.collect();
        self.others.retain(|other| *other != place);
        self.others.extend(others);
        self.fields.insert("key", vec![place]);
    }

    /// Whether the table says something of a ticket beside its key and id.
    pub fn say_something(&self) -> bool {
        let told = |field: &&str| !["key", "id"].contains(field);
        self.fields.keys().any(told) || !self.sections.is_empty() || !self.links.is_empty()
    }

    /// Notes what each column is used as.
    pub fn account(&self, account: &mut FileAccount) {
        for (field, columns) in &self.fields {
            columns.iter().for_each(|place| account.used(*place, field));
        }
        for (place, field, _) in &self.sections {
            account.used(*place, field);
        }
        for (place, _) in &self.links {
            account.used(*place, "links");
        }
    }
}

/// The columns that the user has named, by field.
fn mapped(columns: &Columns, options: &TicketImport) -> Result<BTreeMap<&'static str, Vec<usize>>> {
    let mut mapped = BTreeMap::new();
    for (field, name) in &options.columns {
        let field = field_named(field)?;
        let wanted = columns::plain(name);
        let same = columns.iter().filter(|(_, column)| *column == name.trim());
        let mut places: Vec<usize> = same.map(|(place, _)| place).collect();
        if places.is_empty() {
            let alike = columns.iter().filter(|(_, c)| columns::plain(c) == wanted);
            places = alike.map(|(place, _)| place).collect();
        }
        if places.is_empty() {
            return Err(no_column(name, columns.iter().map(|(_, name)| name)));
        }
        mapped.insert(field, places);
    }
    Ok(mapped)
}

/// The field of this name that a column can be mapped to.
///
/// # Errors
/// `INVALID_VALUE` with the names of all.
pub(super) fn field_named(name: &str) -> Result<&'static str> {
    let plain = columns::plain(name);
    let found = FIELDS.iter().find(|(field, _)| *field == plain);
    found.map(|(field, _)| *field).ok_or_else(|| {
        let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        Error::invalid(
            "column",
            name,
            format!("one of the fields {}", names.join(", ")),
        )
    })
}

/// The error for a column that the file does not have.
pub(super) fn no_column<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Error {
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).take(40).collect();
    Error::invalid(
        "column",
        name,
        format!("one of the file's columns: {}", names.join(", ")),
    )
}
