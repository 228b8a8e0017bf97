//! Tables of tickets: Jira's CSV exports of any language, and what people make of them.
//!
//! A file is read twice: the first time for what only the whole of it tells (which column holds
//! the keys, the order of day and month, which key an id has), the second time for the tickets.

mod survey;

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use super::not_tickets;
use super::places::{DATES, FIELDS, IssuePlaces, Meaning, meaning};
use super::value::{Reference, Section, is_nothing, listed, ticket_key, with_sections};
use super::{EXPECTED, ParsedIssue, ReadTicket};
use crate::Result;
use crate::domain::{
    Ticket, TicketField, TicketFields, TicketImport, TicketKey, TicketLink, is_done_category,
};
use crate::exchange::cases;
use crate::exchange::dates::Dates;
use crate::exchange::excel;
use crate::exchange::input::{Delivery, Input};
use crate::exchange::report::FileAccount;
use crate::exchange::table::{Columns, Row, ShortRows, Table, below, other_header};
use crate::exchange::{Each, ReadSummary};
use crate::text::wiki;
use survey::{TicketSurvey, settle_key};

/// Reads the tickets of a table.
pub(super) fn read(
    mut input: Input<'_>,
    options: &TicketImport,
    each: Each<'_, ReadTicket>,
) -> Result<ReadSummary> {
    let again = input.again()?;
    let start = input.start()?;
    if let Some(feature) = cases::feature(&start) {
        return Err(input.file.unknown(format!("{feature}; {EXPECTED}")));
    }
    let known = |columns: &Columns| IssuePlaces::count(columns, options);
    let table = Table::open(input, &options.reading, &known)?;
    if wraps_json(&table.columns, &start) {
        return Err(table.file.unknown(
            "it holds JSON with other text before or around it: leave only the JSON, from its \
             first { or [ to its last } or ]",
        ));
    }
    let second = table.again(again)?;
    read_twice(table, || Ok(second), options, each)
}

/// Reads the tickets of a workbook: of every sheet that has a header of tickets.
pub(super) fn read_workbook(
    path: &Path,
    mut input: Input<'_>,
    options: &TicketImport,
    each: Each<'_, ReadTicket>,
) -> Result<ReadSummary> {
    let mut bytes = Vec::new();
    let read = (&mut input.reader)
        .take(excel::MOST_BYTES + 1)
        .read_to_end(&mut bytes);
    if let Err(error) = read {
        return Err(input.file.unknown(input.file.ended_early(error)?));
    }
    if bytes.len() as u64 > excel::MOST_BYTES {
        return Err(input.file.unknown("it is larger than 256 MB: split it"));
    }
    let known = |columns: &Columns| IssuePlaces::count(columns, options);
    let mut account = FileAccount::default();
    let has_key = |columns: &Columns| {
        IssuePlaces::new(columns, options).is_ok_and(|places| !places.of("key").is_empty())
    };
    let refuse = |columns: &Columns| {
        let places = IssuePlaces::new(columns, options).ok()?;
        not_tickets::refuse(columns, &places).filter(|_| options.columns.is_empty())
    };
    let found = excel::one_table(path, &bytes, &known, &has_key, &refuse, &mut account)?;
    let Some(mut found) = found else {
        return Err(input.file.unknown(format!(
            "no sheet of the workbook has an \"Issue key\" column; {EXPECTED}"
        )));
    };
    if found.from_1904 {
        let places = IssuePlaces::new(&found.columns, options)?;
        let dates = DATES.iter().flat_map(|field| places.of(field)).copied();
        let dates: Vec<usize> = dates.collect();
        for row in &mut found.rows {
            let all = dates.iter();
            all.for_each(|place| row.change(*place, excel::day_since_1904));
        }
    }
    let table = |account| {
        let (columns, rows) = (found.columns.clone(), found.rows.clone());
        Table::of_rows(input.file.clone(), account, columns, rows)
    };
    let open = || Ok(table(FileAccount::default()));
    read_twice(table(account), open, options, each)
}

/// Whether a file is JSON with other text before or around it, by its columns and its beginning.
fn wraps_json(columns: &Columns, start: &[u8]) -> bool {
    let is_json =
        |name: &str| name.contains("\":") || name.contains("[{\"") || name.starts_with("{\"");
    if columns.iter().any(|(_, name)| is_json(name)) {
        return true;
    }
    let start = String::from_utf8_lossy(start);
    let lines = || start.lines().map(str::trim).filter(|line| !line.is_empty());
    // In a table the quotes of a cell's text are doubled.
    let named = |line: &str| {
        let name = line.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        name.is_some_and(|(_, rest)| rest.starts_with(": "))
    };
    let opens = |line: &str| {
        let inner = line.strip_prefix('[').unwrap_or(line).trim_start();
        let name = inner
            .strip_prefix('{')
            .and_then(|rest| rest.strip_prefix('"'));
        name.is_some_and(|name| !name.starts_with('"'))
    };
    let has_key = columns
        .iter()
        .any(|(_, name)| matches!(meaning(name), Some(Meaning::Field("key", _))));
    if !has_key && lines().any(opens) {
        return true;
    }
    // Most lines of printed JSON are names with values, or brackets.
    let is_bracket = |line: &str| line.chars().all(|c| "[]{},".contains(c));
    let printed = lines().filter(|line| named(line) || is_bracket(line));
    lines().any(named) && printed.count() * 2 > lines().count()
}

/// Looks through a table, then reads it.
fn read_twice<'t>(
    mut table: Table<'t>,
    open: impl FnOnce() -> Result<Table<'t>>,
    options: &TicketImport,
    each: Each<'_, ReadTicket>,
) -> Result<ReadSummary> {
    let mut account = table.account.clone();
    for (_, name) in table.columns.iter() {
        account.column(None, name);
    }
    let mut places = IssuePlaces::new(&table.columns, options)?;
    if options.columns.is_empty()
        && let Some(reason) = not_tickets::refuse(&table.columns, &places)
    {
        return Err(table.file.unknown(reason));
    }
    let names: Vec<String> = table.columns.iter().map(|(_, n)| n.to_owned()).collect();
    let survey = TicketSurvey::new(&places, names.len()).run(&mut table, &places, &mut account)?;
    if !settle_key(&survey, &mut places, &names, &mut account) {
        let looks = cases::looks_like(&table.columns);
        let looks = looks.map_or_else(String::new, |looks| format!("{looks}; "));
        return Err(table.file.unknown(format!(
            "{looks}it has no \"Issue key\" column ({}); name it with a mapping of the field key to \
             the column (--column key=NAME); {EXPECTED}",
            table.shown()
        )));
    }
    let mut table = open()?;
    if !places.say_something() {
        return Err(table.file.unknown(format!(
            "beside the key no column of it is a field of a ticket ({}); {EXPECTED}",
            table.shown()
        )));
    }
    if let Some((key, line)) = &survey.repeated {
        let more = match survey.repeats - 1 {
            0 => String::new(),
            more => format!("; {more} more repeats"),
        };
        if places.of("summary").is_empty() {
            return Err(table.file.unknown(format!(
                "{key} stands in several rows (again in line {line}{more}) and no \
                 column is a summary: it looks like a list about tickets, and not like tickets; \
                 {EXPECTED}"
            )));
        }
        account.warn(format!(
            "{key} stands in several rows (again in line {line}{more}): the last \
             row counts"
        ));
    }
    places.account(&mut account);
    let (dates, assumed) = survey.dates.settle(options.reading.date_order);
    if let Some(assumed) = assumed {
        account.assumed(&assumed.about, assumed.assumed, assumed.why);
    }
    let width = table.columns.filled();
    let mut short = ShortRows::default();
    let reader = TicketRowReader {
        fields: named(&places, |_| true),
        ids: survey.ids,
        places,
        dates,
        names,
    };
    let mut delivery = Delivery::new(&table.file, each);
    let mut second = None;
    let truncated = table.each_row(|line, row| {
        let is_short = row.as_ref().is_ok_and(|row| row.len() < width);
        let value = row.and_then(|row| match second {
            Some(above) => Err(below(above)),
            None if reader.is_other_header(&row) => {
                second = Some(line);
                Err(other_header())
            }
            None => reader.ticket(&row),
        });
        short.see(line, is_short && value.is_ok());
        let value = value.map(|parsed| parsed.noted(line, &mut account));
        delivery.record(line, value)
    })?;
    short.tell(&mut account, "what they leave out stays as it is stored");
    Ok(delivery.finish(truncated, account.finish()))
}

/// The ticket's fields that the columns name, of those whose columns a row reaches.
fn named(places: &IssuePlaces, reaches: impl Fn(&[usize]) -> bool) -> TicketFields {
    let has = |(name, field): &(&str, Option<TicketField>)| {
        let columns = places.of(name);
        field.filter(|_| !columns.is_empty() && reaches(columns))
    };
    let fields: TicketFields = FIELDS.iter().filter_map(has).collect();
    let links: Vec<usize> = places.links.iter().map(|(place, _)| *place).collect();
    match !links.is_empty() && reaches(&links) {
        true => fields.with(TicketField::Links),
        false => fields,
    }
}

/// Makes tickets of rows.
struct TicketRowReader {
    places: IssuePlaces,
    fields: TicketFields,
    dates: Dates,
    ids: HashMap<String, TicketKey>,
    names: Vec<String>,
}

impl TicketRowReader {
    fn ticket(&self, row: &Row) -> std::result::Result<ParsedIssue, String> {
        let key = row
            .first(self.places.of("key"))
            .ok_or("the row has no issue key")?;
        let key = ticket_key(key).map_err(|error| error.to_string())?;
        let texts = |name| row.all(self.places.of(name)).map(str::to_owned);
        let text = |name, field| texts(name).find(|text| !is_nothing(field, text));
        let string = |name, field| text(name, field).unwrap_or_default();

        let summary = row.first(self.places.of("summary")).unwrap_or_default();
        let mut ticket = Ticket::new(key, summary);
        let id = row.first(self.places.of("id")).and_then(Reference::parse);
        ticket.jira_id = id.and_then(|id| match id {
            Reference::Id(id) => Some(id),
            Reference::Key(_) => None,
        });
        let description = row.first(self.places.of("description")).map(wiki::to_text);
        ticket.description = description.filter(|text| !text.is_empty());
        ticket.ticket_type = string("type", TicketField::TicketType);
        ticket.status = string("status", TicketField::Status);
        ticket.priority = text("priority", TicketField::Priority);
        ticket.resolution = text("resolution", TicketField::Resolution);
        ticket.assignee = text("assignee", TicketField::Assignee);
        ticket.reporter = text("reporter", TicketField::Reporter);
        ticket.components = listed(TicketField::Components, texts("components").collect());
        ticket.labels = listed(TicketField::Labels, texts("labels").collect());

        let mut parsed = ParsedIssue::new(ticket, self.fields(row));
        parsed.read.done = texts("status_category").find_map(|name| is_done_category(&name));
        self.sections(row, &mut parsed.read);
        self.dates(row, &mut parsed);
        self.parent(row, &mut parsed);
        self.links(row, &mut parsed);
        Ok(parsed)
    }

    /// Whether a row names the column of the keys, and other columns in the place of the others.
    fn is_other_header(&self, row: &Row) -> bool {
        let is_name = |place: &usize| row.first(&[*place]) == Some(self.name(*place));
        let mut filled = (0..row.len()).filter(|place| row.first(&[*place]).is_some());
        self.places.of("key").iter().any(is_name) && !filled.all(|place| is_name(&place))
    }

    /// The fields that a row names: one that ends early says nothing of the columns behind.
    fn fields(&self, row: &Row) -> TicketFields {
        if row.len() >= self.names.len() {
            return self.fields;
        }
        named(&self.places, |columns| {
            columns.iter().all(|place| *place < row.len()) || row.first(columns).is_some()
        })
    }

    fn name(&self, place: usize) -> &str {
        self.names
            .get(place)
            .map(String::as_str)
            .unwrap_or_default()
    }

    fn sections(&self, row: &Row, read: &mut ReadTicket) {
        let mut sections: Vec<Section> = Vec::new();
        let reached = |place: usize| place < row.len();
        let in_row = self.places.sections.iter().filter(|s| reached(s.0));
        for (place, _, heading) in in_row {
            let text = row.first(&[*place]).map(wiki::to_text).unwrap_or_default();
            match sections
                .iter_mut()
                .find(|section| section.heading == *heading)
            {
                Some(section) if section.text.is_empty() => section.text = text,
                Some(section) if !text.is_empty() => section.text += &format!("\n\n{text}"),
                Some(_) => {}
                None => sections.push(Section { heading, text }),
            }
        }
        if read.fields.has(TicketField::Description) {
            let description = read.ticket.description.as_deref();
            read.ticket.description = with_sections(description, &sections);
        } else {
            read.sections = sections;
        }
    }

    fn dates(&self, row: &Row, parsed: &mut ParsedIssue) {
        for (name, field) in [
            ("created", TicketField::Created),
            ("updated", TicketField::Updated),
            ("resolved", TicketField::Resolved),
        ] {
            let places = self.places.of(name);
            let mut filled = places.iter().filter_map(|p| Some((*p, row.first(&[*p])?)));
            let Some((place, text)) = filled.find(|(_, text)| !is_nothing(field, text)) else {
                continue;
            };
            let at = self.dates.parse(text);
            let ticket = &mut parsed.read.ticket;
            match field {
                TicketField::Created => ticket.created = at,
                TicketField::Updated => ticket.updated = at,
                _ => ticket.resolved = at,
            }
            if at.is_none() {
                // Unreadable is not empty.
                parsed.read.fields = parsed.read.fields.without(field);
                parsed.unread(self.name(place), text, "a date");
            }
        }
    }

    fn parent(&self, row: &Row, parsed: &mut ParsedIssue) {
        let (mut id, mut odd) = (None, None);
        for &place in self.places.of("parent") {
            let Some(text) = row.first(&[place]) else {
                continue;
            };
            match Reference::parse(text) {
                // No ticket is its own parent.
                Some(Reference::Key(key)) if key == parsed.read.ticket.key => {}
                Some(Reference::Key(key)) => {
                    parsed.read.ticket.parent = Some(key);
                    return;
                }
                Some(Reference::Id(text)) => id = id.or(Some(text)),
                None if is_nothing(TicketField::Parent, text) => {}
                None => odd = odd.or(Some((place, text))),
            }
        }
        match (id, odd) {
            (Some(id), _) => match self.ids.get(&id) {
                Some(key) if *key == parsed.read.ticket.key => {}
                Some(key) => parsed.read.ticket.parent = Some(key.clone()),
                None => parsed.read.parent_id = Some(id),
            },
            (None, Some((place, text))) => {
                parsed.read.fields = parsed.read.fields.without(TicketField::Parent);
                parsed.unread(self.name(place), text, "a ticket's key or its issue id");
            }
            (None, None) => {}
        }
    }

    fn links(&self, row: &Row, parsed: &mut ParsedIssue) {
        for (place, kind) in &self.places.links {
            let Some(text) = row.first(&[*place]) else {
                continue;
            };
            for part in text
                .split([',', ';', ' ', '\n'])
                .filter(|part| !part.trim().is_empty())
            {
                let kind = kind.clone();
                match Reference::parse(part) {
                    Some(Reference::Key(key)) => {
                        parsed.read.ticket.links.push(TicketLink { kind, key });
                    }
                    Some(Reference::Id(id)) => match self.ids.get(&id).cloned() {
                        Some(key) => parsed.read.ticket.links.push(TicketLink { kind, key }),
                        None => parsed.read.link_ids.push((kind, id)),
                    },
                    None if is_nothing(TicketField::Links, part) => {}
                    None => {
                        parsed.unread(self.name(*place), part, "a ticket's key or its issue id")
                    }
                }
            }
        }
    }
}
