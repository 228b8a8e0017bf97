//! Test histories: which test case was used for which past ticket.
//!
//! A CSV file with a column for the ticket's key (`ticket_key`, `issue key`, …) and one for the
//! test case's (`test_key`, `pattern_key`, `test case`, …); where they are there also the
//! ticket's summary, a verdict, the duration and a date. The names of columns and the words for
//! verdicts, in many languages, are in `data/history.toml`.
//!
//! - **Verdicts.** `right`, `wrong`, `used`, `unused`, `yes`, `no`, `1` and `0` say whether the
//!   test case was right for the ticket; an empty cell says that it was. A list of executions has
//!   `PASS`, `FAIL`, `blocked`, `✓`, … instead: each says that the test ran, so it was right to
//!   test it, whatever came of it. There `1` and `0` are a pass and a failure.
//! - **Not run.** `skipped`, `untested`, `n/a`, … and, in a list of executions, an empty cell are
//!   no observation: the row is skipped with this reason.
//! - A column called `status` is used only where its values are those of tests: tickets have a
//!   status, too.
//! - A column of only `1` and `0` that is called `result` or alike could be either. It is read as
//!   right and wrong, and the report says so.
//! - **Durations** are minutes, unless the column is called `seconds`, `Duration (ms)` or alike.
//! - **Dates** have one order of day and month in the whole file; see [`super::dates`].

mod survey;

use std::ops::ControlFlow;
use std::path::Path;

use jiff::Timestamp;

use super::cases;
use super::dates::Dates;
use super::history_words::{self as words, HistoryField, VerdictWord, is_known};
use super::input::{Delivery, Input, UNWATCHED, Watch};
use super::kind::Content;
use super::numbers::Numbers;
use super::report::{FileAccount, shortened};
use super::table::{Columns, Row, ShortRows, Table};
use super::{Each, ReadSummary};
use crate::Result;
use crate::domain::{ReadOptions, TicketKey, Verdict};
use survey::HistorySurvey;

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
const JSON: &str = "it is JSON: import reads tickets, import-patterns test cases, import-results \
    the results of runs";
const DATE: &str = "a date such as 2025-03-31 or 31/Mar/25";
const DURATION: &str = "a duration such as 15, 1h 30m or 00:15:00";

/// Reads the links of a history file, one after the other.
///
/// # Errors
/// `FILE_FAILED` when the file cannot be read, `UNKNOWN_FORMAT` when the two columns are missing.
///
/// ```
/// use std::ops::ControlFlow;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("history.csv");
/// std::fs::write(&path, "Issue Key,Test Case,Result,Executed\nWRKA-7,MM-T42,FAIL,31/Mar/25\n").unwrap();
/// atlas_core::exchange::history::read_history(&path, &mut |record| {
///     let link = record.value.unwrap();
///     assert_eq!(link.pattern_key, "MM-T42");
///     assert_eq!(link.date.unwrap().to_string(), "2025-03-31T00:00:00Z");
///     ControlFlow::Continue(())
/// })?;
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn read_history(path: &Path, each: Each<'_, HistoryLink>) -> Result<ReadSummary> {
    read_history_with(path, &ReadOptions::default(), each)
}

/// The same, where the file itself is not to decide everything.
///
/// # Errors
/// As [`read_history`]; `INVALID_VALUE` for an option.
pub fn read_history_with(
    path: &Path,
    reading: &ReadOptions,
    each: Each<'_, HistoryLink>,
) -> Result<ReadSummary> {
    read_history_watched(path, reading, UNWATCHED, each)
}

/// The same with a watch that sees how far the reading is and may stop it.
///
/// # Errors
/// As [`read_history_with`]; `CANCELLED` by the watch.
pub fn read_history_watched(
    path: &Path,
    reading: &ReadOptions,
    watch: Watch<'_>,
    each: Each<'_, HistoryLink>,
) -> Result<ReadSummary> {
    let mut input = Input::watched(path, reading, watch)?;
    let reason = match input.content() {
        Content::Json => Some(JSON.to_owned()),
        content => content.refusal(),
    };
    let reason = match reason {
        Some(reason) => Some(reason),
        None => cases::feature(&input.start()?).map(str::to_owned),
    };
    if let Some(reason) = reason {
        return Err(input.file.unknown(format!("{reason}; {EXPECTED}")));
    }
    let again = input.again()?;
    let known = |columns: &Columns| columns.iter().filter(|(_, name)| is_known(name)).count();
    let mut table = Table::open(input, reading, &known)?;
    let mut survey = HistorySurvey::of(&table)?;
    let second = table.again(again)?;
    // What cannot be read is told when the links are.
    table.each_row(|_, row| row.map_or(ControlFlow::Continue(()), |row| survey.see(&row)))?;
    let mut table = second;
    let mut delivery = Delivery::new(&table.file, each);
    let mut reader = survey.settle(reading, &table);
    let width = table.columns.filled();
    let mut short = ShortRows::default();
    let truncated = table.each_row(|line, row| {
        let is_short = row.as_ref().is_ok_and(|row| row.len() < width);
        let link = row.and_then(|row| reader.link(&row));
        short.see(line, is_short && link.is_ok());
        delivery.record(line, link)
    })?;
    short.tell(&mut reader.account, "what they leave out is taken as empty");
    Ok(delivery.finish(truncated, reader.account.finish()))
}

/// The columns of each field.
#[derive(Debug, Clone, Default)]
struct HistoryPlaces {
    ticket: Vec<usize>,
    summary: Vec<usize>,
    test: Vec<usize>,
    verdict: Vec<usize>,
    durations: Vec<(usize, HistoryField)>,
    date: Vec<usize>,
}

/// Reads rows as the whole file decided.
struct HistoryReader {
    places: HistoryPlaces,
    names: Vec<String>,
    dates: Dates,
    numbers: Numbers,
    /// The verdicts are results of executions.
    has_results: bool,
    account: FileAccount,
}

impl HistoryReader {
    fn link(&mut self, row: &Row) -> std::result::Result<HistoryLink, String> {
        for place in 0..self.names.len() {
            if let Some(value) = row.first(&[place]) {
                self.account.saw(place, value);
            }
        }
        let key = row
            .first(&self.places.ticket)
            .ok_or("the row has no ticket key")?;
        let pattern = row
            .first(&self.places.test)
            .ok_or("the row has no test key")?;
        let summary = row.first(&self.places.summary);
        self.account
            .lost(row.line, key, [pattern].into_iter().chain(summary));
        let verdict = verdict(row.first(&self.places.verdict), self.has_results)?;
        Ok(HistoryLink {
            ticket_key: TicketKey::parse(key).map_err(|error| error.to_string())?,
            ticket_summary: row.first(&self.places.summary).map(str::to_owned),
            pattern_key: pattern.to_owned(),
            verdict,
            minutes: self.minutes(row),
            date: self.date(row),
        })
    }

    fn date(&mut self, row: &Row) -> Option<Timestamp> {
        let cell = |place: &usize| Some((*place, row.first(&[*place])?));
        let (place, value) = self.places.date.iter().find_map(cell)?;
        let date = self.dates.parse(value);
        if date.is_none() {
            self.account
                .unread(&self.names[place], row.line, value, DATE);
        }
        date
    }

    fn minutes(&mut self, row: &Row) -> Option<u32> {
        let durations = &self.places.durations;
        let cell =
            |(place, unit): &(usize, HistoryField)| Some((*place, *unit, row.first(&[*place])?));
        let (place, unit, value) = durations.iter().find_map(cell)?;
        let numbers = &self.numbers;
        let seconds = numbers.seconds(value);
        let minutes = match unit {
            HistoryField::Seconds => whole(seconds),
            HistoryField::Milliseconds => {
                whole(numbers.decimal(value).map(|ms| ms / 1_000.0).or(seconds))
            }
            _ => numbers.minutes(value),
        };
        // What took no time is no fault of the file.
        if minutes.is_none() && seconds != Some(0.0) {
            self.account
                .unread(&self.names[place], row.line, value, DURATION);
        }
        minutes
    }
}

/// Whole minutes, as [`Numbers::minutes`] has them.
fn whole(seconds: Option<f64>) -> Option<u32> {
    let minutes = seconds? / 60.0;
    (minutes > 0.0 && minutes <= 100_000.0).then(|| minutes.round().max(1.0) as u32)
}

fn verdict(cell: Option<&str>, has_results: bool) -> std::result::Result<Verdict, String> {
    let Some(text) = cell else {
        return match has_results {
            true => Err(not_run("its result is empty")),
            false => Ok(Verdict::Right),
        };
    };
    let shown = shortened(text);
    match words::word(text) {
        Some(VerdictWord::Right | VerdictWord::Yes | VerdictWord::Ran { .. }) => Ok(Verdict::Right),
        Some(VerdictWord::Wrong) => Ok(Verdict::Wrong),
        Some(VerdictWord::No) if has_results && text == "-" => Err(not_run("\"-\"")),
        Some(VerdictWord::No) if has_results => Ok(Verdict::Right),
        Some(VerdictWord::No) => Ok(Verdict::Wrong),
        Some(VerdictWord::NotRun { .. }) => Err(not_run(&format!("\"{shown}\""))),
        None => Err(format!(
            "the verdict \"{shown}\" is neither right nor wrong, nor a result such as PASS or FAIL"
        )),
    }
}

fn not_run(why: &str) -> String {
    format!("the test did not run ({why}): there is nothing to learn from it")
}
