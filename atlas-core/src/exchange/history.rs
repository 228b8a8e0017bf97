//! Test histories: which test case was used for which past ticket.
//!
//! A CSV file with a column for the ticket's key (`ticket_key`, `issue key`, …) and one for the
//! test case's (`test_key`, `pattern_key`, `test case`, …); where they are there also the
//! ticket's summary, a verdict, minutes and a date.

use std::path::Path;

use jiff::Timestamp;

use super::input::{Delivery, Input, UNWATCHED, Watch};
use super::table::{Row, Table};
use super::{Each, ReadSummary, dates};
use crate::Result;
use crate::domain::{ReadOptions, TicketKey, Verdict};

/// One line of a history: for this ticket, this pattern was used.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryLink {
    /// The ticket.
    pub ticket_key: TicketKey,
    /// The ticket's title, if the file has it.
    pub ticket_summary: Option<String>,
    /// The pattern's key in its library, or its name.
    pub pattern_key: String,
    /// Right unless the file says otherwise.
    pub verdict: Verdict,
    /// Minutes that it took, if the file has them.
    pub minutes: Option<u32>,
    /// When it was tested, if the file has it.
    pub date: Option<Timestamp>,
}

const EXPECTED: &str = "a test history is a CSV file with the columns ticket_key and test_key (or \
    pattern_key), and where known ticket_summary, verdict, minutes and date";

/// What the columns are called: ticket, summary, pattern, verdict, minutes, date.
const KNOWN: [&[&str]; 6] = [
    &[
        "ticket_key",
        "ticket key",
        "ticket",
        "issue key",
        "issue_key",
        "issue",
    ],
    &["ticket_summary", "ticket summary", "summary", "title"],
    &[
        "test_key",
        "test key",
        "pattern_key",
        "pattern key",
        "test case",
        "test_case",
        "test case key",
        "pattern",
        "test",
    ],
    &["verdict", "result", "outcome"],
    &["minutes", "time", "duration"],
    &["date", "tested", "tested_at", "executed", "created"],
];

/// Reads the links of a history file, one after the other.
///
/// # Errors
/// `FILE_FAILED` when the file cannot be read, `UNKNOWN_FORMAT` when the two columns are missing.
///
/// ```
/// use std::ops::ControlFlow;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("history.csv");
/// std::fs::write(&path, "ticket_key,ticket_summary,test_key\nWRKA-7,Export is empty,MM-T42\n").unwrap();
/// atlas_core::exchange::history::read_history(&path, &mut |record| {
///     assert_eq!(record.value.unwrap().pattern_key, "MM-T42");
///     ControlFlow::Continue(())
/// })?;
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn read_history(path: &Path, each: Each<'_, HistoryLink>) -> Result<ReadSummary> {
    read_history_with(path, &ReadOptions::default(), UNWATCHED, each)
}

/// Reads the links of a history file as [`read_history`] does, with options and a watch.
///
/// # Errors
/// As [`read_history`]; `INVALID_VALUE` for an option, `CANCELLED` by the watch.
pub fn read_history_with(
    path: &Path,
    options: &ReadOptions,
    watch: Watch<'_>,
    each: Each<'_, HistoryLink>,
) -> Result<ReadSummary> {
    let input = Input::watched(path, options, watch)?;
    if let Some(reason) = input.content().refusal() {
        return Err(input.file.unknown(format!("{reason}; {EXPECTED}")));
    }
    let mut table = Table::open(input, options, &|columns| columns.count(&KNOWN.concat()))?;
    let find = |names: &[&str]| table.columns.find(names);
    let places = Places {
        ticket: find(KNOWN[0]),
        summary: find(KNOWN[1]),
        pattern: find(KNOWN[2]),
        verdict: find(KNOWN[3]),
        minutes: find(KNOWN[4]),
        date: find(KNOWN[5]),
    };
    if places.ticket.is_empty() || places.pattern.is_empty() {
        return Err(table.file.unknown(format!("{}; {EXPECTED}", table.shown())));
    }
    let mut delivery = Delivery::new(&table.file, each);
    let truncated =
        table.each_row(|line, row| delivery.record(line, row.and_then(|row| places.link(&row))))?;
    Ok(delivery.finish(truncated, table.account.finish()))
}

struct Places {
    ticket: Vec<usize>,
    summary: Vec<usize>,
    pattern: Vec<usize>,
    verdict: Vec<usize>,
    minutes: Vec<usize>,
    date: Vec<usize>,
}

impl Places {
    fn link(&self, row: &Row) -> std::result::Result<HistoryLink, String> {
        let key = row.first(&self.ticket).ok_or("the row has no ticket key")?;
        let pattern = row.first(&self.pattern).ok_or("the row has no test key")?;
        Ok(HistoryLink {
            ticket_key: TicketKey::parse(key).map_err(|error| error.to_string())?,
            ticket_summary: row.first(&self.summary).map(str::to_owned),
            pattern_key: pattern.to_owned(),
            verdict: verdict(row.first(&self.verdict).unwrap_or(""))?,
            minutes: row
                .first(&self.minutes)
                .and_then(super::cases::table::minutes_of),
            date: row.first(&self.date).and_then(dates::parse),
        })
    }
}

fn verdict(text: &str) -> std::result::Result<Verdict, String> {
    match text.to_ascii_lowercase().as_str() {
        "" | "right" | "yes" | "true" | "1" | "used" | "accepted" | "+" => Ok(Verdict::Right),
        "wrong" | "no" | "false" | "0" | "unused" | "rejected" | "-" => Ok(Verdict::Wrong),
        _ => Err(format!("the verdict \"{text}\" is neither right nor wrong")),
    }
}
