//! Tables of tickets: Jira's CSV exports of any language, and what people make of them.
//!
//! A file is read twice: the first time for what only the whole of it tells (which column holds
//! the keys, the order of day and month, which key an id has), the second time for the tickets.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::not_tickets;
use super::places::{DATES, FIELDS, Meaning, Places, meaning};
use super::value::{Reference, Section, is_nothing, listed, ticket_key, with_sections};
use super::{EXPECTED, Parsed, ReadTicket};
use crate::Result;
use crate::domain::{
    Ticket, TicketField, TicketFields, TicketImport, TicketKey, TicketLink, is_done_category,
};
use crate::exchange::dates::{DateSurvey, Dates, MaybeDates};
use crate::exchange::excel;
use crate::exchange::input::{Delivery, Input};
use crate::exchange::report::Account;
use crate::exchange::table::{Columns, Row, ShortRows, Table};
use crate::exchange::{Each, ReadSummary};
use crate::text::wiki;

/// The most ids that are kept for parents that are named by one, and the most keys that are
/// compared with each other.
const MOST_IDS: usize = 1_000_000;

/// Reads the tickets of a table.
pub(super) fn read(
    mut input: Input<'_>,
    options: &TicketImport,
    each: Each<'_, ReadTicket>,
) -> Result<ReadSummary> {
    let again = input.again()?;
    let start = input.start()?;
    let known = |columns: &Columns| Places::count(columns, options);
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
    let known = |columns: &Columns| Places::count(columns, options);
    let mut account = Account::default();
    let has_key = |columns: &Columns| {
        Places::new(columns, options).is_ok_and(|places| !places.of("key").is_empty())
    };
    let found = excel::one_table(path, &bytes, &known, &has_key, &mut account)?;
    let Some(mut found) = found else {
        return Err(input.file.unknown(format!(
            "no sheet of the workbook has an \"Issue key\" column; {EXPECTED}"
        )));
    };
    if found.from_1904 {
        let places = Places::new(&found.columns, options)?;
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
    let open = || Ok(table(Account::default()));
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
    let mut places = Places::new(&table.columns, options)?;
    if options.columns.is_empty()
        && let Some(reason) = not_tickets::refuse(&table.columns, &places)
    {
        return Err(table.file.unknown(reason));
    }
    let names: Vec<String> = table.columns.iter().map(|(_, n)| n.to_owned()).collect();
    let survey = Survey::new(&places, names.len()).run(&mut table, &places, &mut account)?;
    if !settle_key(&survey, &mut places, &names, &mut account) {
        return Err(table.file.unknown(format!(
            "it has no \"Issue key\" column ({}); name it with a mapping of the field key to the \
             column (--column key=NAME); {EXPECTED}",
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
    let reader = Reader {
        fields: named(&places, |_| true),
        ids: survey.ids,
        places,
        dates,
        names,
    };
    let mut delivery = Delivery::new(&table.file, each);
    let truncated = table.each_row(|line, row| {
        let is_short = row.as_ref().is_ok_and(|row| row.len() < width);
        let value = row.and_then(|row| reader.ticket(&row));
        short.see(line, is_short && value.is_ok());
        let value = value.map(|parsed| parsed.noted(line, &mut account));
        delivery.record(line, value)
    })?;
    short.tell(&mut account, "what they leave out stays as it is stored");
    Ok(delivery.finish(truncated, account.finish()))
}

/// The ticket's fields that the columns name, of those whose columns a row reaches.
fn named(places: &Places, reaches: impl Fn(&[usize]) -> bool) -> TicketFields {
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

/// What only the whole file tells.
struct Survey {
    dates: DateSurvey,
    /// Dates of columns that are no fields of tickets.
    other_dates: MaybeDates,
    /// For each column whose values may be keys: how many are.
    keys: Vec<(usize, u64)>,
    /// The keys of Jira's ids, where other columns name tickets by id.
    ids: HashMap<String, TicketKey>,
    wants_ids: bool,
    /// Hashes of the keys that were met.
    met: HashSet<u64>,
    /// The first key that came again, and where; how many did.
    repeated: Option<(TicketKey, u64)>,
    repeats: u64,
}

impl Survey {
    fn new(places: &Places, columns: usize) -> Self {
        let others = places.others.iter().filter(|place| **place < columns);
        let candidates = places.of("key").iter().chain(others);
        Survey {
            dates: DateSurvey::default(),
            other_dates: MaybeDates::default(),
            keys: candidates.map(|place| (*place, 0)).collect(),
            ids: HashMap::new(),
            met: HashSet::new(),
            repeated: None,
            repeats: 0,
            wants_ids: !places.of("id").is_empty()
                && (!places.of("parent").is_empty() || !places.links.is_empty()),
        }
    }

    /// Reads the table.
    fn run(
        mut self,
        table: &mut Table<'_>,
        places: &Places,
        account: &mut Account,
    ) -> Result<Self> {
        let columns = table.columns.clone();
        table.each_row(|_, row| {
            // What cannot be read is told when the records are.
            if let Ok(row) = row {
                for (place, _) in columns.iter() {
                    if let Some(text) = row.first(&[place]) {
                        account.saw(place, text);
                    }
                }
                self.row(&row, places);
            }
            ControlFlow::Continue(())
        })?;
        let others = std::mem::take(&mut self.other_dates).finish();
        self.dates.add_where_open(&others);
        Ok(self)
    }

    fn row(&mut self, row: &Row, places: &Places) {
        let known = places.of("key");
        // A column is left where a value cannot be a key, but those that are called so.
        self.keys
            .retain_mut(|(place, count)| match row.first(&[*place]) {
                None => true,
                Some(text)
                    if may_be_key(text) || known.contains(place) && ticket_key(text).is_ok() =>
                {
                    *count += 1;
                    true
                }
                Some(_) => known.contains(place),
            });
        for field in DATES {
            let dates = row.all(places.of(field));
            let dates = dates.filter(|text| !is_nothing(TicketField::Created, text));
            dates.for_each(|text| self.dates.see(text));
        }
        for &place in &places.others {
            if !self.other_dates.counts(place) {
                continue;
            }
            let text = row.first(&[place]);
            if let Some(text) = text.filter(|text| !is_nothing(TicketField::Created, text)) {
                self.other_dates.see(place, Some(text));
            }
        }
        let dates = |field| row.first(places.of(field));
        if let (Some(created), Some(updated)) = (dates("created"), dates("updated")) {
            self.dates.see_in_order(created, updated);
        }
        if let (Some(created), Some(resolved)) = (dates("created"), dates("resolved")) {
            self.dates.see_in_order(created, resolved);
        }
        let Some(key) = row.all(known).find_map(|key| ticket_key(key).ok()) else {
            return;
        };
        let hash = xxh3_64(key.as_str().as_bytes());
        if self.met.len() < MOST_IDS && !self.met.insert(hash) {
            self.repeats += 1;
            self.repeated.get_or_insert_with(|| (key.clone(), row.line));
        }
        if self.wants_ids && self.ids.len() < MOST_IDS {
            let id = row.first(places.of("id")).and_then(Reference::parse);
            if let Some(Reference::Id(id)) = id {
                self.ids.entry(id).or_insert(key);
            }
        }
    }
}

/// Whether a value looks like a ticket's key; cheap.
fn may_be_key(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.contains('-')
        && TicketKey::parse(text).is_ok()
}

/// Chooses the column of the keys: of those that are called so the one that holds most, else the
/// only column that holds nothing but keys. False where there is none.
fn settle_key(
    survey: &Survey,
    places: &mut Places,
    names: &[String],
    account: &mut Account,
) -> bool {
    let known = places.of("key").to_vec();
    let count = |place: usize| {
        survey
            .keys
            .iter()
            .find(|(p, _)| *p == place)
            .map_or(0, |k| k.1)
    };
    // Of equals the surest name.
    let best = known
        .iter()
        .copied()
        .rev()
        .max_by_key(|place| count(*place));
    if let Some(best) = best.filter(|best| count(*best) > 0) {
        places.set_key(best);
        return true;
    }
    let others = survey
        .keys
        .iter()
        .filter(|(place, count)| !known.contains(place) && *count > 0);
    let others: Vec<usize> = others.map(|(place, _)| *place).collect();
    if let (&[only], false) = (others.as_slice(), places.of("summary").is_empty()) {
        let name = names.get(only).map(String::as_str).unwrap_or_default();
        let why = "all its values are ticket keys, and no other column is called so and has keys";
        account.assumed("columns", format!("key={name}"), why);
        places.set_key(only);
        return true;
    }
    match best {
        Some(best) => {
            places.set_key(best);
            true
        }
        None => false,
    }
}

/// Makes tickets of rows.
struct Reader {
    places: Places,
    fields: TicketFields,
    dates: Dates,
    ids: HashMap<String, TicketKey>,
    names: Vec<String>,
}

impl Reader {
    fn ticket(&self, row: &Row) -> std::result::Result<Parsed, String> {
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

        let mut parsed = Parsed::new(ticket, self.fields(row));
        parsed.read.done = texts("status_category").find_map(|name| is_done_category(&name));
        self.sections(row, &mut parsed.read);
        self.dates(row, &mut parsed);
        self.parent(row, &mut parsed);
        self.links(row, &mut parsed);
        Ok(parsed)
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

    fn dates(&self, row: &Row, parsed: &mut Parsed) {
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

    fn parent(&self, row: &Row, parsed: &mut Parsed) {
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

    fn links(&self, row: &Row, parsed: &mut Parsed) {
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
