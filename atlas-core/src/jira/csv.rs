//! Jira's CSV exports: Cloud and Data Center headers, repeated columns.

use std::io::Read;
use std::path::Path;

use super::{Completeness, EXPECTED, ReadTicket};
use crate::Result;
use crate::domain::{Ticket, TicketKey, TicketLink};
use crate::exchange::excel;
use crate::exchange::input::{Delivery, Input};
use crate::exchange::report::Account;
use crate::exchange::table::{Columns, Row, Table};
use crate::exchange::{Each, ReadSummary, dates};
use crate::text::wiki;

/// Reads the tickets of a CSV export.
pub(super) fn read(input: Input, each: Each<'_, ReadTicket>) -> Result<ReadSummary> {
    read_table(Table::open(input), each)
}

/// Reads the tickets of a workbook: of every sheet that has a header of tickets.
pub(super) fn read_workbook(
    path: &Path,
    mut input: Input,
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
    let known = |columns: &Columns| Places::new(columns).map_or(0, |places| places.count());
    let mut account = Account::default();
    let Some(table) = excel::one_table(path, &bytes, &known, &mut account)? else {
        return Err(input.file.unknown(format!(
            "no sheet of the workbook has an \"Issue key\" column; {EXPECTED}"
        )));
    };
    let table = Table::of_rows(input.file, table.columns, table.rows);
    let mut summary = read_table(table, each)?;
    let report = account.finish();
    summary.file.sheets = report.sheets;
    summary.file.warnings.extend(report.warnings);
    summary.file.unread.extend(report.unread);
    summary.file.assumed.extend(report.assumed);
    Ok(summary)
}

fn read_table(table: Table, each: Each<'_, ReadTicket>) -> Result<ReadSummary> {
    let Some(places) = Places::new(&table.columns) else {
        let first = table.columns.iter().map(|(_, name)| name).take(6);
        let first: Vec<&str> = first.filter(|name| !name.is_empty()).collect();
        return Err(table.file.unknown(format!(
            "it has no \"Issue key\" column (its first line: {}); {EXPECTED}",
            shortened(&first.join(", "))
        )));
    };
    let mut delivery = Delivery::new(&table.file, each);
    let truncated = table.each_row(|_, row| {
        let line = row.line;
        delivery.record(line, places.ticket(&row))
    })?;
    Ok(delivery.finish(truncated))
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// Where each field stands in a row.
struct Places {
    key: Vec<usize>,
    id: Vec<usize>,
    summary: Vec<usize>,
    description: Vec<usize>,
    ticket_type: Vec<usize>,
    status: Vec<usize>,
    priority: Vec<usize>,
    resolution: Vec<usize>,
    assignee: Vec<usize>,
    reporter: Vec<usize>,
    components: Vec<usize>,
    labels: Vec<usize>,
    created: Vec<usize>,
    updated: Vec<usize>,
    resolved: Vec<usize>,
    parent: Vec<usize>,
    /// The link type of each column that holds keys of linked tickets.
    links: Vec<(usize, String)>,
}

impl Places {
    fn new(columns: &Columns) -> Option<Self> {
        let find = |names: &[&str]| columns.find(names);
        let key = find(&[
            "issue key",
            "key",
            "issuekey",
            "work item key",
            "ticket key",
        ]);
        if key.is_empty() {
            return None;
        }
        Some(Places {
            key,
            id: find(&["issue id", "work item id"]),
            summary: find(&["summary"]),
            description: find(&["description"]),
            ticket_type: find(&["issue type", "issuetype", "work type", "type"]),
            status: find(&["status"]),
            priority: find(&["priority"]),
            resolution: find(&["resolution"]),
            assignee: find(&["assignee"]),
            reporter: find(&["reporter"]),
            components: find(&["component/s", "components", "component"]),
            labels: find(&["labels", "label"]),
            created: find(&["created"]),
            updated: find(&["updated"]),
            resolved: find(&["resolved", "resolution date"]),
            parent: find(&[
                "parent key",
                "parent",
                "custom field (epic link)",
                "custom field (parent link)",
                "epic link",
            ]),
            links: columns.iter().filter_map(link_column).collect(),
        })
    }

    /// How many columns are known.
    fn count(&self) -> usize {
        let all = [
            &self.key,
            &self.id,
            &self.summary,
            &self.description,
            &self.ticket_type,
            &self.status,
            &self.priority,
            &self.resolution,
            &self.assignee,
            &self.reporter,
            &self.components,
            &self.labels,
            &self.created,
            &self.updated,
            &self.resolved,
            &self.parent,
        ];
        all.iter().map(|places| places.len()).sum()
    }

    fn ticket(&self, row: &Row) -> std::result::Result<ReadTicket, String> {
        let key = row.first(&self.key).ok_or("the row has no issue key")?;
        let key = TicketKey::parse(key).map_err(|error| error.to_string())?;
        let text = |places: &[usize]| row.first(places).map(str::to_owned);
        let texts = |places: &[usize]| row.all(places).map(str::to_owned).collect();
        let date = |places: &[usize]| row.first(places).and_then(dates::parse);

        let mut ticket = Ticket::new(key, row.first(&self.summary).unwrap_or_default());
        ticket.jira_id = text(&self.id);
        let description = row.first(&self.description).map(wiki::to_text);
        ticket.description = description.filter(|text| !text.is_empty());
        ticket.ticket_type = text(&self.ticket_type).unwrap_or_default();
        ticket.status = text(&self.status).unwrap_or_default();
        ticket.priority = text(&self.priority);
        ticket.resolution = text(&self.resolution).filter(|name| name != "Unresolved");
        ticket.assignee = text(&self.assignee).filter(|name| name != "Unassigned");
        ticket.reporter = text(&self.reporter);
        ticket.components = texts(&self.components);
        ticket.labels = texts(&self.labels);
        ticket.created = date(&self.created);
        ticket.updated = date(&self.updated);
        ticket.resolved = date(&self.resolved);
        // Cloud's "Parent" is the parent's id, which is no key.
        let mut parents = row.all(&self.parent);
        ticket.parent = parents.find_map(|key| TicketKey::parse(key).ok());
        for (place, kind) in &self.links {
            let keys = row.all(std::slice::from_ref(place));
            let keys = keys.filter_map(|key| TicketKey::parse(key).ok());
            ticket.links.extend(keys.map(|key| TicketLink {
                kind: kind.clone(),
                key,
            }));
        }
        Ok(ReadTicket {
            ticket,
            completeness: Completeness::Partial,
        })
    }
}

/// The link type of a column such as `Outward issue link (Duplicate)`.
fn link_column((place, name): (usize, &str)) -> Option<(usize, String)> {
    let (direction, kind) = name.strip_suffix(')')?.split_once('(')?;
    let names = ["outward issue link", "inward issue link"];
    let is_link = names
        .iter()
        .any(|n| direction.trim().eq_ignore_ascii_case(n));
    is_link.then(|| (place, kind.trim().to_owned()))
}
