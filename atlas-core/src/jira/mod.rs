//! Jira: the live service, its JSON and CSV exports, and MCP servers, as tickets.

mod client;
mod csv;
mod issue;
mod jql;
pub mod mcp;
pub mod sync;

use std::ops::ControlFlow;
use std::path::Path;

use crate::Result;
use crate::domain::Ticket;
use crate::exchange::input::{Content, Input};
use crate::exchange::{Each, ReadSummary, excel, json};

pub use client::{Account, Credentials, FIELDS, JiraClient, JiraKind, JiraSettings, Page, Pages};
pub use issue::ticket_from_json;
pub use jql::Jql;
pub use sync::{
    Census, Schedule, SkippedIssue, SyncFailure, SyncOptions, SyncOutcome, SyncProgress,
    SyncReport, SyncStage, SyncStatus,
};

/// How much of a ticket its source tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// Everything: what is empty here is empty in Jira.
    Complete,
    /// Some columns: what is empty here may only be unknown.
    Partial,
}

/// A ticket as it was read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// Whether its empty fields mean "empty" or "unknown".
    pub completeness: Completeness,
}

const EXPECTED: &str = "tickets come as Jira's JSON (one issue, an array, a search page with \
    \"issues\", or one issue a line) or as a Jira CSV export with an \"Issue key\" column; either may be gzipped";

const ISSUES: json::Shape = json::Shape {
    pages: &["issues"],
    fields: &["key", "fields"],
    expected: EXPECTED,
};

/// Reads the tickets of a file, one after the other; memory holds one record.
///
/// The format is told by the content, not by the name: gzip or plain; JSON lines, an array, a
/// search page (`issues`), a single issue; Jira's CSV (Cloud and Data Center; `,`, `;` or tab;
/// UTF-8 or UTF-16); an Excel workbook, every sheet with tickets. A bad record is handed over with its reason and skipped. A damaged or
/// truncated file gives what it has, and the summary says so.
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
    let mut input = Input::open(path)?;
    if excel::is_workbook(input.peek()) {
        return csv::read_workbook(path, input, each);
    }
    if let Some(what) = excel::other_spreadsheet(input.peek()) {
        return Err(input.file.unknown(what));
    }
    match input.content() {
        Content::Json => json::read(input, &ISSUES, complete, each),
        Content::Text => csv::read(input, each),
        Content::Empty => Err(input.file.unknown(format!("it is empty; {EXPECTED}"))),
    }
}

fn complete(issue: &serde_json::Value) -> std::result::Result<ReadTicket, String> {
    Ok(ReadTicket {
        ticket: ticket_from_json(issue)?,
        completeness: Completeness::Complete,
    })
}

/// All tickets of a file and what was skipped, for small files and tests.
///
/// # Errors
/// As [`read_tickets`].
pub fn read_all_tickets(path: &Path) -> Result<(Vec<Ticket>, Vec<crate::domain::Skipped>)> {
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
