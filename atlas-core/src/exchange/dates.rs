//! Dates as Jira's REST and CSV write them.

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::{Assumption, DateOrder};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Date formats of CSV exports: Jira's default, Server's, and what spreadsheets make of them.
///
/// Two-digit years come first, because a four-digit year does not fit them.
const CSV_FORMATS: [&str; 22] = [
    "%d/%b/%y %I:%M %p",
    "%d/%b/%y %H:%M",
    "%d/%b/%Y %I:%M %p",
    "%d/%b/%Y %H:%M",
    "%d/%m/%y %H:%M",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%y %I:%M %p",
    "%d/%m/%Y %I:%M %p",
    "%m/%d/%y %H:%M",
    "%m/%d/%Y %H:%M",
    "%m/%d/%y %I:%M %p",
    "%m/%d/%Y %I:%M %p",
    "%d.%m.%y %H:%M",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %I:%M %p",
    "%b %d, %Y, %I:%M %p",
    "%b %d, %Y %I:%M %p",
    "%d-%b-%Y %H:%M",
    "%d-%b-%y %H:%M",
];

const CSV_DAYS: [&str; 6] = [
    "%d/%b/%y",
    "%d/%b/%Y",
    "%d/%m/%y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%b %d, %Y",
];

/// The instant that a date means; without a zone it is read as UTC, without a time as midnight.
///
/// Reads what REST writes (`2025-11-15T10:00:00.000+0000`) and what CSV exports do
/// (`12/Jun/23 8:08 PM`, `16/02/2017 15:26`). Where day and month could be either, the day
/// comes first. Anything else is `None`.
///
/// ```
/// use atlas_core::exchange::dates;
/// let at = dates::parse("12/Jun/23 8:08 PM").unwrap();
/// assert_eq!(at.to_string(), "2023-06-12T20:08:00Z");
/// assert_eq!(dates::parse("2025-11-15T10:00:00.000-0330"), dates::parse("2025-11-15T13:30:00Z"));
/// assert_eq!(dates::parse("soon"), None);
/// ```
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 || !text.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let utc = |at: DateTime| Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp());
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if text.as_bytes().get(4) == Some(&b'-')
        && let Ok(at) = text.parse::<DateTime>()
    {
        return utc(at);
    }
    let time = CSV_FORMATS
        .iter()
        .find_map(|format| DateTime::strptime(format, text).ok());
    let day = || {
        let date = CSV_DAYS.iter().find_map(|f| Date::strptime(f, text).ok())?;
        Some(date.at(0, 0, 0, 0))
    };
    time.or_else(day).and_then(utc)
}

/// The instant of an Excel serial number: days since 1899-12-30, read as UTC.
pub fn of_serial(days: f64) -> Option<Timestamp> {
    let _ = days;
    None
}

/// How a file's dates are read: one order of day and month for all of them.
#[derive(Debug, Clone, Default)]
pub struct Dates {}

impl Dates {
    /// The instant that a date means in this file.
    pub fn parse(&self, text: &str) -> Option<Timestamp> {
        parse(text)
    }

    /// The same for a value of JSON: a text, or seconds or milliseconds since 1970.
    pub fn of_json(&self, value: &Value) -> Option<Timestamp> {
        parse(value.as_str()?)
    }
}

/// Collects what the dates of a file say about the order of day and month.
#[derive(Debug, Clone, Default)]
pub struct DateSurvey {}

impl DateSurvey {
    /// Takes in a value of a column of dates.
    pub fn see(&mut self, text: &str) {
        let _ = text;
    }

    /// The same for a value of JSON.
    pub fn see_json(&mut self, value: &Value) {
        let _ = value;
    }

    /// Takes in two dates of one record of which the first is not the later one, such as created
    /// and updated; each is to be given to [`see`](Self::see) as well.
    pub fn see_in_order(&mut self, earlier: &str, later: &str) {
        let _ = (earlier, later);
    }

    /// How the file's dates are read, and what had to be assumed. An order that the user gave
    /// wins over everything that the file says.
    pub fn settle(self, order: Option<DateOrder>) -> (Dates, Option<Assumption>) {
        let _ = order;
        (Dates::default(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_exports_have() {
        for (text, expected) in [
            ("2011-03-29T16:48:47.000+0000", "2011-03-29T16:48:47Z"),
            ("2025-11-15T10:00:00.000-0330", "2025-11-15T13:30:00Z"),
            ("2025-11-15T10:00:00+05:30", "2025-11-15T04:30:00Z"),
            ("2025-11-15T10:00:00Z", "2025-11-15T10:00:00Z"),
            ("2025-11-15", "2025-11-15T00:00:00Z"),
            ("2025-11-15 10:00", "2025-11-15T10:00:00Z"),
            ("2025-11-15 10:00:05.0", "2025-11-15T10:00:05Z"),
            ("12/Jun/23 8:08 PM", "2023-06-12T20:08:00Z"),
            ("30/Sep/21 17:20", "2021-09-30T17:20:00Z"),
            ("16/02/2017 15:26", "2017-02-16T15:26:00Z"),
            ("16/02/17 15:26", "2017-02-16T15:26:00Z"),
            ("12/31/2023 5:00 PM", "2023-12-31T17:00:00Z"),
            ("01.12.2020 09:05", "2020-12-01T09:05:00Z"),
            ("12/Jun/2023", "2023-06-12T00:00:00Z"),
        ] {
            let at = parse(text).map(|at| at.to_string());
            assert_eq!(at.as_deref(), Some(expected), "{text}");
        }
        for text in ["", "-", "tomorrow", "99/Jun/23 8:08 PM", "0000-00-00", "é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
