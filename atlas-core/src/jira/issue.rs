//! An issue as JSON: as Jira's REST interface gives it (v2 or v3), as Jira's importer takes it, and
//! as agents and scripts write it.

mod values;

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::places::{FIELDS, Meaning, meaning};
use super::value::{Reference, Section, is_done, is_nothing, listed, ticket_key, with_sections};
use super::{ParsedIssue, ReadTicket};
use crate::domain::{Ticket, TicketField, TicketKey, TicketLink};
use crate::exchange::columns;
use crate::exchange::dates::Dates;
use crate::exchange::json::text_of;
use crate::text::adf;
use values::{BestValues, instant, is_empty, names_of, reference};
pub(super) use values::{name_of, shown};

/// The ticket that an issue's JSON means.
///
/// Only the key has to be there. Fields that are missing, null or of an odd type are empty in
/// the ticket; [`read_issue`] tells them apart. The description may be a document (v3) or wiki
/// markup (v2).
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
    Ok(read_issue(issue)?.ticket)
}

/// The ticket that an issue's JSON means, and which of its fields the JSON names.
///
/// A field is named where its name is there: `null`, `[]` and `""` say that it is empty. Custom
/// fields are used as the issue's own `names` call them.
///
/// # Errors
/// As [`ticket_from_json`].
///
/// ```
/// use atlas_core::domain::TicketField;
/// let issue = serde_json::json!({"key": "WRKA-7", "fields": {"status": {"name": "Done"}}});
/// let read = atlas_core::jira::read_issue(&issue).unwrap();
/// assert!(read.fields.has(TicketField::Status) && !read.fields.has(TicketField::Summary));
/// ```
pub fn read_issue(issue: &Value) -> Result<ReadTicket, String> {
    IssueReader::default().read(issue).map(|parsed| parsed.read)
}

/// What stands beside an issue's fields and says nothing about the ticket.
const AROUND: [&str; 12] = [
    "fields",
    "expand",
    "self",
    "names",
    "schema",
    "operations",
    "editmeta",
    "changelog",
    "transitions",
    "renderedFields",
    "properties",
    "versionedRepresentations",
];
/// How sure a name beside `fields` is: less than one in them.
const OUTSIDE: usize = 1_000_000;

/// How issues are read; the default is without what only a whole file tells.
#[derive(Debug, Default)]
pub(super) struct IssueReader {
    /// What custom fields are called, by their ids.
    pub names: HashMap<String, String>,
    /// Plain names of fields that the user has named, with what they are.
    pub mapped: BTreeMap<String, &'static str>,
    pub dates: Dates,
    /// The keys of Jira's ids.
    pub ids: HashMap<String, TicketKey>,
    /// The keys of an importer's own ids.
    pub external: HashMap<String, TicketKey>,
    /// An importer's links, by the id of the issue that they begin at: type, and where they end.
    pub links: HashMap<String, Vec<(String, String)>>,
    /// How texts are written, where they are no documents of Jira's.
    pub text: Option<fn(&Value) -> String>,
}

/// A named value of an issue.
pub(super) struct IssueValue<'a> {
    /// What people call it.
    pub name: &'a str,
    pub value: &'a Value,
    pub meaning: Option<Meaning>,
}

impl IssueReader {
    /// The values of an issue, with what they are.
    pub fn entries<'a>(&'a self, issue: &'a Value) -> Vec<IssueValue<'a>> {
        let mut entries = Vec::new();
        let fields = issue.get("fields").and_then(Value::as_object);
        for (id, value) in fields.into_iter().flatten() {
            entries.push(self.entry(issue, id, value));
        }
        let around =
            |name: &str| AROUND.contains(&name) && (name != "names" || issue["names"].is_object());
        let outside = issue.as_object().into_iter().flatten();
        for (id, value) in outside.filter(|(name, _)| !around(name)) {
            if id == "customFieldValues" {
                entries.extend(self.custom_values(value));
                continue;
            }
            let mut entry = self.entry(issue, id, value);
            if let Some(Meaning::Field(field, rank)) = &mut entry.meaning
                && fields.is_some()
                && !["key", "id"].contains(field)
            {
                *rank += OUTSIDE;
            }
            entries.push(entry);
        }
        entries
    }

    fn entry<'a>(&'a self, issue: &'a Value, id: &'a str, value: &'a Value) -> IssueValue<'a> {
        let own = issue["names"].get(id).and_then(Value::as_str);
        // Some servers put a custom field's name beside its value.
        let (beside, inner) = match (value.get("name"), value.get("value")) {
            (Some(Value::String(name)), Some(inner)) if is_custom(id) => {
                (Some(name.as_str()), inner)
            }
            _ => (None, value),
        };
        let name = own
            .or(beside)
            .or_else(|| self.names.get(id).map(String::as_str));
        let name = name.unwrap_or(id);
        let mapped = || {
            self.mapped
                .get(&columns::plain(id))
                .or_else(|| self.mapped.get(&columns::plain(name)))
        };
        let meaning = match mapped() {
            Some(field) => Some(Meaning::Field(field, 0)),
            None if is_custom(id) => custom(name),
            // Jira's own name of an issue's id.
            None if id == "id" => Some(Meaning::Field("id", 0)),
            None => meaning(name),
        };
        // What the user has named stands for its field alone.
        let is_taken = |field: &str| self.mapped.values().any(|taken| *taken == field);
        let meaning = meaning.filter(|meaning| match meaning {
            Meaning::Field(field, _) => mapped().is_some() || !is_taken(field),
            _ => true,
        });
        IssueValue {
            name,
            value: inner,
            meaning,
        }
    }

    /// The custom fields of Jira's importer.
    fn custom_values<'a>(&'a self, values: &'a Value) -> impl Iterator<Item = IssueValue<'a>> {
        let values = values.as_array().into_iter().flatten();
        values.filter_map(|one| {
            let name = one.get("fieldName")?.as_str()?;
            let value = one.get("value").unwrap_or(&Value::Null);
            Some(IssueValue {
                name,
                value,
                meaning: custom(name),
            })
        })
    }

    /// The ticket of an issue, the fields that it names, and what could not be read.
    pub fn read(&self, issue: &Value) -> Result<ParsedIssue, String> {
        if !issue.is_object() {
            return Err("not an issue: an object with \"key\" and \"fields\" is expected".into());
        }
        let entries = self.entries(issue);
        let found = BestValues::new(&entries);
        let key = key(&found, issue)?;
        let summary = text_of(found.value("summary")).unwrap_or_default();
        let mut ticket = Ticket::new(key, summary);
        let text = |name, field| name_of(found.value(name)).filter(|text| !is_nothing(field, text));
        let names = |name, field| listed(field, names_of(found.value(name)));

        ticket.jira_id = text_of(found.value("id"));
        let description = self.text(found.value("description"));
        ticket.description = (!description.is_empty()).then_some(description);
        ticket.ticket_type = text("type", TicketField::TicketType).unwrap_or_default();
        ticket.status = text("status", TicketField::Status).unwrap_or_default();
        ticket.priority = text("priority", TicketField::Priority);
        ticket.resolution = text("resolution", TicketField::Resolution);
        ticket.assignee = text("assignee", TicketField::Assignee);
        ticket.reporter = text("reporter", TicketField::Reporter);
        ticket.components = names("components", TicketField::Components);
        ticket.labels = names("labels", TicketField::Labels);

        let mut parsed = ParsedIssue::new(ticket, found.fields());
        let status = found.value("status");
        let categories = [&status["statusCategory"], &status["category"]];
        let categories = categories
            .into_iter()
            .chain([found.value("status_category")]);
        parsed.read.done = categories.into_iter().find_map(is_done);
        unread_names(&found, &mut parsed);
        self.sections(&entries, &mut parsed.read);
        self.dates(&found, &mut parsed);
        self.parent(&found, &mut parsed);
        self.links(&entries, &mut parsed);
        self.importer_links(issue, &mut parsed);
        Ok(parsed)
    }

    fn text(&self, value: &Value) -> String {
        match self.text {
            Some(text) => text(value),
            None => adf::to_text(value),
        }
    }

    fn sections(&self, entries: &[IssueValue<'_>], read: &mut ReadTicket) {
        let mut sections: Vec<Section> = Vec::new();
        for entry in entries {
            if let Some(Meaning::Section(_, heading)) = entry.meaning {
                let text = match entry.value {
                    Value::Array(_) => names_of(entry.value).join("\n"),
                    Value::Object(inner) if !inner.contains_key("content") => {
                        name_of(entry.value).unwrap_or_default()
                    }
                    value => self.text(value),
                };
                sections.push(Section { heading, text });
            }
        }
        if read.fields.has(TicketField::Description) {
            let description = read.ticket.description.as_deref();
            read.ticket.description = with_sections(description, &sections);
        } else {
            read.sections = sections;
        }
    }

    fn dates(&self, found: &BestValues<'_>, parsed: &mut ParsedIssue) {
        for (name, field) in [
            ("created", TicketField::Created),
            ("updated", TicketField::Updated),
            ("resolved", TicketField::Resolved),
        ] {
            let Some(entry) = found.entry(name) else {
                continue;
            };
            let value = instant(entry.value);
            let at = self.dates.of_json(value);
            let ticket = &mut parsed.read.ticket;
            match field {
                TicketField::Created => ticket.created = at,
                TicketField::Updated => ticket.updated = at,
                _ => ticket.resolved = at,
            }
            if at.is_none() && !is_empty(field, value) {
                // Unreadable is not empty.
                parsed.read.fields = parsed.read.fields.without(field);
                parsed.unread(entry.name, &shown(value), "a date");
            }
        }
    }

    fn parent(&self, found: &BestValues<'_>, parsed: &mut ParsedIssue) {
        let (mut id, mut odd) = (None, None);
        for entry in found.all("parent") {
            match reference(entry.value) {
                // No ticket is its own parent.
                Some(Reference::Key(key)) if key == parsed.read.ticket.key => {}
                Some(Reference::Key(key)) => {
                    parsed.read.ticket.parent = Some(key);
                    return;
                }
                Some(Reference::Id(text)) => id = id.or(Some(text)),
                None if is_empty(TicketField::Parent, entry.value) => {}
                None => odd = odd.or(Some(entry)),
            }
        }
        match (id, odd) {
            (Some(id), _) => match self.key_of(&id) {
                Some(key) if *key == parsed.read.ticket.key => {}
                Some(key) => parsed.read.ticket.parent = Some(key.clone()),
                None => parsed.read.parent_id = Some(id),
            },
            (None, Some(entry)) => {
                parsed.read.fields = parsed.read.fields.without(TicketField::Parent);
                parsed.unread(entry.name, &shown(entry.value), "a ticket's key or its id");
            }
            (None, None) => {}
        }
    }

    fn key_of(&self, id: &str) -> Option<&TicketKey> {
        self.ids.get(id).or_else(|| self.external.get(id))
    }

    fn links(&self, entries: &[IssueValue<'_>], parsed: &mut ParsedIssue) {
        for entry in entries {
            let Some(Meaning::Links(kind)) = &entry.meaning else {
                continue;
            };
            let one = std::slice::from_ref(entry.value);
            let links = entry.value.as_array().map_or(one, Vec::as_slice);
            for link in links
                .iter()
                .filter(|link| !is_empty(TicketField::Links, link))
            {
                let ends = ["outwardIssue", "inwardIssue"]
                    .iter()
                    .filter_map(|end| link.get(end));
                let end = ends.filter_map(reference).next();
                let end = end.or_else(|| reference(link).filter(|_| !kind.is_empty()));
                let own = link.get("type").and_then(name_of);
                let kind = own.unwrap_or_else(|| kind.clone());
                match end {
                    Some(Reference::Key(key)) => {
                        parsed.read.ticket.links.push(TicketLink { kind, key });
                    }
                    Some(Reference::Id(id)) => match self.key_of(&id).cloned() {
                        Some(key) => parsed.read.ticket.links.push(TicketLink { kind, key }),
                        None => parsed.read.link_ids.push((kind, id)),
                    },
                    None => {
                        parsed.unread(entry.name, &shown(link), "a link to a ticket's key or id")
                    }
                }
            }
        }
    }

    /// The links that Jira's importer takes beside the issues.
    fn importer_links(&self, issue: &Value, parsed: &mut ParsedIssue) {
        let own = issue.get("externalId").and_then(text_of);
        let links = own.and_then(|own| self.links.get(&own));
        for (kind, end) in links.into_iter().flatten() {
            let Some(key) = self.external.get(end).cloned() else {
                parsed.unread("links", end, "the externalId of an issue in this file");
                continue;
            };
            let read = &mut parsed.read;
            if columns::plain(kind) == "subtasklink" {
                read.ticket.parent = Some(key);
                read.fields = read.fields.with(TicketField::Parent);
            } else {
                let kind = kind.clone();
                read.ticket.links.push(TicketLink { kind, key });
                read.fields = read.fields.with(TicketField::Links);
            }
        }
    }
}

fn is_custom(id: &str) -> bool {
    id.starts_with("customfield_")
}

/// What a custom field of this name is; one that is called like a field of Jira's is not that one.
fn custom(name: &str) -> Option<Meaning> {
    let found = columns::section("ticket_custom").field(name)?;
    meaning(name).filter(|meaning| match meaning {
        Meaning::Field(field, _) => *field == "parent" && found.field.ends_with("link"),
        _ => true,
    })
}

/// Notes values that are there and have no name that could be read: they clear nothing.
fn unread_names(found: &BestValues<'_>, parsed: &mut ParsedIssue) {
    for (name, field) in FIELDS {
        let texts = [
            "type",
            "status",
            "priority",
            "resolution",
            "assignee",
            "reporter",
        ];
        let lists = ["components", "labels"];
        let (Some(field), Some(entry)) = (field, found.entry(name)) else {
            continue;
        };
        let value = entry.value;
        if texts.contains(&name) && name_of(value).is_none() && !is_empty(field, value) {
            parsed.read.fields = parsed.read.fields.without(field);
            parsed.unread(entry.name, &shown(value), "a name, or an object with one");
        }
        if lists.contains(&name) {
            let one = std::slice::from_ref(value);
            let values = value.as_array().map_or(one, Vec::as_slice);
            let odd = |value: &&Value| name_of(value).is_none() && !is_empty(field, value);
            for value in values.iter().filter(odd) {
                parsed.unread(entry.name, &shown(value), "a name, or an object with one");
            }
            if !values.is_empty() && values.iter().all(|value| odd(&value)) {
                parsed.read.fields = parsed.read.fields.without(field);
            }
        }
    }
}

/// The key of an issue, or why it has none.
fn key(found: &BestValues<'_>, issue: &Value) -> Result<TicketKey, String> {
    let mut odd = None;
    for entry in found.all("key") {
        match entry.value {
            Value::String(key) => match ticket_key(key) {
                Ok(key) => return Ok(key),
                Err(error) => odd = odd.or(Some(error.to_string())),
            },
            Value::Null => {}
            other => odd = odd.or(Some(format!("the key is not a text: {}", shown(other)))),
        }
    }
    // Scripts and importers put the key where an id belongs.
    let others = [
        found.value("id"),
        issue.get("externalId").unwrap_or(&Value::Null),
    ];
    let mut keys = others
        .into_iter()
        .filter_map(Value::as_str)
        .filter_map(|id| TicketKey::parse(id).ok());
    if let (None, Some(key)) = (&odd, keys.next()) {
        return Ok(key);
    }
    Err(odd.unwrap_or_else(|| match text_of(found.value("id")) {
        Some(id) => format!(
            "the issue {} has no \"key\": ask for the fields key and summary at least",
            id.chars().take(40).collect::<String>()
        ),
        None => "the issue has no \"key\"".to_owned(),
    }))
}
