//! Jira: the live service, its JSON and CSV exports, and MCP servers, as tickets.

mod client;
mod csv;
mod head;
mod issue;
mod issues;
mod jql;
pub mod mcp;
mod not_tickets;
mod places;
pub mod sync;
mod value;

use std::ops::ControlFlow;
use std::path::Path;

use crate::Result;
use crate::domain::{Skipped, Ticket, TicketFields, TicketImport};
use crate::exchange::input::{Input, UNWATCHED, Watch};
use crate::exchange::kind::{Content, WORKBOOK};
use crate::exchange::report;
use crate::exchange::{Each, ReadSummary, document, json};

pub use client::{Account, Credentials, FIELDS, JiraClient, JiraKind, JiraSettings, Page, Pages};
pub use issue::{read_issue, ticket_from_json};
pub use jql::Jql;
pub use sync::{
    Census, Schedule, SkippedIssue, SyncFailure, SyncOptions, SyncOutcome, SyncProgress,
    SyncReport, SyncStage, SyncStatus,
};
pub use value::Section;
pub(crate) use value::with_sections;

/// A ticket as it was read: what its source says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The fields that the source names: an empty one clears what is stored. What is not named
    /// stays.
    pub fields: TicketFields,
    /// Parts of the description that the source has without the description itself.
    pub sections: Vec<Section>,
    /// Jira's id of the parent, where the source names it by that and does not have its key.
    pub parent_id: Option<String>,
    /// The same for linked tickets: the link's type, the other ticket's id.
    pub link_ids: Vec<(String, String)>,
    /// Whether the status is in Jira's category Done, where the source tells.
    pub done: Option<bool>,
}

impl ReadTicket {
    /// A ticket of which the source names these fields.
    pub fn new(ticket: Ticket, fields: TicketFields) -> Self {
        ReadTicket {
            ticket,
            fields,
            sections: Vec::new(),
            parent_id: None,
            link_ids: Vec::new(),
            done: None,
        }
    }
}

/// A ticket and the values of it that could not be read.
#[derive(Debug)]
struct ParsedIssue {
    read: ReadTicket,
    /// Column, value, what would be right.
    unread: Vec<(String, String, &'static str)>,
}

impl ParsedIssue {
    fn new(ticket: Ticket, fields: TicketFields) -> Self {
        ParsedIssue {
            read: ReadTicket::new(ticket, fields),
            unread: Vec::new(),
        }
    }

    fn unread(&mut self, column: &str, value: &str, expected: &'static str) {
        self.unread
            .push((column.to_owned(), value.to_owned(), expected));
    }

    /// The ticket, its unread values counted.
    fn noted(self, line: u64, account: &mut report::FileAccount) -> ReadTicket {
        for (column, value, expected) in &self.unread {
            account.unread(column, line, value, expected);
        }
        let ticket = &self.read.ticket;
        let sections = self
            .read
            .sections
            .iter()
            .map(|section| section.text.as_str());
        account.lost(line, ticket.key.as_str(), texts(ticket).chain(sections));
        self.read
    }
}

/// The texts of a ticket that people wrote.
fn texts(ticket: &Ticket) -> impl Iterator<Item = &str> {
    let named = [&ticket.summary, &ticket.ticket_type, &ticket.status];
    let may_be = [
        &ticket.description,
        &ticket.priority,
        &ticket.resolution,
        &ticket.assignee,
        &ticket.reporter,
    ];
    let lists = ticket.components.iter().chain(&ticket.labels);
    let all = named.into_iter().chain(may_be.into_iter().flatten());
    all.chain(lists).map(String::as_str)
}

const EXPECTED: &str = "tickets come as Jira's JSON (one issue, an array, a search page with \
    \"issues\", or one issue a line) or as a Jira CSV export with an \"Issue key\" column; either may be gzipped";

const ISSUES: json::Shape = json::Shape {
    pages: &["issues"],
    fields: &[
        "key",
        "fields",
        "id",
        "Key",
        "KEY",
        "issueKey",
        "issue_key",
        "issuekey",
        "IssueKey",
        "Issue key",
        "Issue Key",
        "issue key",
        "ticketKey",
        "ticket_key",
        "Ticket key",
        "externalId",
        "Vorgangsschlüssel",
        "Schlüssel",
        "Clé de ticket",
        "Clave de incidencia",
        "Clave",
        "Chave",
        "Chave da item",
        "Chiave",
        "Klucz zgłoszenia",
        "Ключ проблемы",
        "キー",
        "課題キー",
        "关键字",
        "問題關鍵字",
        "키",
        "이슈 키",
    ],
    weak: &["id", "externalId"],
    expected: EXPECTED,
};

/// Reads the tickets of a file, one after the other; memory holds one record.
///
/// The format is told by the content, not by the name: gzip or plain; JSON lines, an array, a
/// search page (`issues`), a single issue; a table with Jira's columns in any of its languages, also in an Excel workbook. A
/// bad record is handed over with its reason and skipped. A damaged or truncated file gives what
/// it has, and the summary says so, and what of the file was used.
///
/// # Errors
/// `FILE_FAILED` when the file cannot be read, `UNKNOWN_FORMAT` when it holds no tickets of
/// these kinds.
///
/// ```
/// use std::ops::ControlFlow;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("export");
/// std::fs::write(&path, r#"{"key": "WRKA-7", "fields": {"summary": "Export is empty"}}"#).unwrap();
/// let mut tickets = Vec::new();
/// let summary = atlas_core::jira::read_tickets(&path, &mut |record| {
///     tickets.extend(record.value.map(|read| read.ticket));
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(summary.read, 1);
/// assert_eq!(tickets[0].summary, "Export is empty");
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn read_tickets(path: &Path, each: Each<'_, ReadTicket>) -> Result<ReadSummary> {
    read_tickets_with(path, &TicketImport::default(), each)
}

/// The same with columns that the user names, and with what the file is to be read as.
///
/// # Errors
/// As [`read_tickets`]; `INVALID_VALUE` for a field or a column that is not there.
///
/// ```
/// use atlas_core::domain::TicketImport;
/// use std::ops::ControlFlow;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("list.csv");
/// std::fs::write(&path, "No.,Headline\nWRKA-7,Export is empty\n").unwrap();
/// let columns = [("key".to_owned(), "No.".to_owned()), ("summary".to_owned(), "Headline".to_owned())];
/// let options = TicketImport { columns: columns.into(), ..TicketImport::default() };
/// atlas_core::jira::read_tickets_with(&path, &options, &mut |record| {
///     assert_eq!(record.value.unwrap().ticket.summary, "Export is empty");
///     ControlFlow::Continue(())
/// })?;
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn read_tickets_with(
    path: &Path,
    options: &TicketImport,
    each: Each<'_, ReadTicket>,
) -> Result<ReadSummary> {
    read_tickets_watched(path, options, UNWATCHED, each)
}

/// The same with a watch that sees how far the reading is and may stop it.
///
/// # Errors
/// As [`read_tickets_with`]; `CANCELLED` by the watch.
pub fn read_tickets_watched(
    path: &Path,
    options: &TicketImport,
    watch: Watch<'_>,
    each: Each<'_, ReadTicket>,
) -> Result<ReadSummary> {
    let mut input = Input::watched(path, &options.reading, watch)?;
    match (input.content(), input.content().refusal()) {
        (Content::Other(WORKBOOK), _) => csv::read_workbook(path, input, options, each),
        (_, Some(reason)) => Err(input.file.unknown(format!("{reason}; {EXPECTED}"))),
        (Content::Json, None) => {
            if let Some(what) = document::of_text(&input.start()?)
                && options.columns.is_empty()
            {
                return Err(input.file.unknown(format!("it is {what}; {EXPECTED}")));
            }
            issues::read(input, options, each)
        }
        _ => csv::read(input, options, each),
    }
}

/// All tickets of a file and what was skipped, for small files and tests.
///
/// # Errors
/// As [`read_tickets`].
pub fn read_all_tickets(path: &Path) -> Result<(Vec<Ticket>, Vec<Skipped>)> {
    let (mut tickets, mut skipped) = (Vec::new(), Vec::new());
    read_tickets(path, &mut |record| {
        match record.into_result() {
            Ok(read) => tickets.push(read.ticket),
            Err(bad) => skipped.push(bad),
        }
        ControlFlow::Continue(())
    })?;
    Ok((tickets, skipped))
}
