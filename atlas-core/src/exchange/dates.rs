//! Dates as Jira, spreadsheets, test tools and people write them.
//!
//! One parser for every reader. It reads a text as numbers, words and marks and tells by them
//! which is the day, the month, the year and the time:
//!
//! - ISO 8601 (`2025-11-15T10:00:00.000+0000`, `20251115T100000Z`, `2025-W46-6`, `2025-319`),
//!   RFC 2822, JavaScript's and Java's own texts;
//! - what Jira writes in each of its settings (`12/Jun/23 8:08 PM`, `Jun 12, 2023`,
//!   `2023/06/12 20:08`), months in some forty languages, long and short, day and month in
//!   numbers with `/`, `.`, `-` or a blank between them, years of two or four digits;
//! - Chinese, Japanese and Korean dates (`2025年3月4日`), digits of other scripts;
//! - times of 12 and 24 hours with the halves of the day in many languages;
//! - seconds, milli-, micro- and nanoseconds since 1970, and the serial numbers of spreadsheets.
//!
//! Without a zone a date is read as UTC, without a time as midnight. What is no date, or could be
//! several, is `None`: `31/02/2025`, `25:61`, a version such as `1.2.3`, a zone such as CST, the
//! month `lis`, which is another one in Polish than in Croatian, unless other months of the file or
//! the names of its columns tell the language. Years are 1970 to 2100; an ISO date may be of 1900 to 9999.
//! Of years with two digits, 70 to 99 are of the last century.
//!
//! In `03/04/2025` either number may be the month. One file has one order: a [`DateSurvey`] sees
//! all dates of a file and settles how they are read, and says what it had to assume.

mod bare;
mod calendar;
mod clock;
mod cursor;
mod read;
mod reading;
mod scan;
mod survey;
#[cfg(test)]
mod tests;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

pub use survey::DateSurvey;
pub(crate) use survey::MaybeDates;
pub(crate) use words::fold;

use crate::domain::DateOrder;
use reading::{Civil, Day, Reading, ShortYear};
use words::DateLanguages;

/// The instant that a date means, when it is all that is known.
///
/// Where day and month could be either, the day comes first. The dates of a file are better read
/// with [`DateSurvey`].
///
/// ```
/// use atlas_core::exchange::dates;
/// let at = dates::parse("12/Jun/23 8:08 PM").unwrap();
/// assert_eq!(at.to_string(), "2023-06-12T20:08:00Z");
/// assert_eq!(dates::parse("2025-11-15T10:00:00.000-0330"), dates::parse("2025-11-15T13:30:00Z"));
/// assert_eq!(dates::parse("12 октября 2023 г., 20:08"), dates::parse("2023年10月12日 午後8:08"));
/// assert_eq!(dates::parse("soon"), None);
/// ```
pub fn parse(text: &str) -> Option<Timestamp> {
    Dates::default().parse(text)
}

/// The instant of a spreadsheet's serial number: days since 1899-12-30, to the millisecond.
///
/// `None` outside the years 1970 to 2100. A workbook whose days begin in 1904 has numbers that
/// are 1,462 smaller.
///
/// ```
/// use atlas_core::exchange::dates;
/// let at = dates::of_serial(45_211.75).unwrap();
/// assert_eq!(at.to_string(), "2023-10-12T18:00:00Z");
/// assert_eq!(dates::of_serial(0.5), None);
/// ```
pub fn of_serial(days: f64) -> Option<Timestamp> {
    bare::of_days(days)
}

/// How a file's dates are read.
///
/// The default is for dates without a file: where day and month could be either, the day comes
/// first.
///
/// ```
/// use atlas_core::domain::DateOrder;
/// use atlas_core::exchange::dates::DateSurvey;
/// let mut survey = DateSurvey::default();
/// for text in ["03/04/2026 9:15 AM", "02/13/2026 9:15 AM"] {
///     survey.see(text);
/// }
/// let (dates, assumption) = survey.settle(None);
/// assert_eq!(dates.parse("03/04/2026").unwrap().to_string(), "2026-03-04T00:00:00Z");
/// assert!(assumption.is_none());
/// // What is impossible in the file's order is not read.
/// assert_eq!(dates.parse("13/02/2026"), None);
/// ```
#[derive(Debug, Clone)]
pub struct Dates {
    orders: Orders,
    /// A date that is impossible in its order is not read in the other one.
    is_settled: bool,
    /// `25/03/04` is of 2025.
    short_year_first: bool,
    /// `2025/04/03` is 4 March.
    year_day_month: bool,
    /// The languages that the names of months may be of.
    languages: DateLanguages,
}

/// The order of day and month for dates with `/`, `-`, `.` and blanks.
type Orders = [DateOrder; 4];

/// The marks of [`Orders`].
const MARKS: [char; 4] = ['/', '-', '.', ' '];

impl Default for Dates {
    fn default() -> Self {
        Dates {
            orders: [DateOrder::DayFirst; 4],
            is_settled: false,
            short_year_first: false,
            year_day_month: false,
            languages: DateLanguages::MAX,
        }
    }
}

impl Dates {
    /// The instant that a date means in this file; `None` where it is no date or could be several.
    pub fn parse(&self, text: &str) -> Option<Timestamp> {
        match read::read(text)? {
            Reading::Instant(at) => Some(at),
            Reading::Civil(civil) => civil.at(self.date(&civil)?),
        }
    }

    /// The same for a value of JSON: a text, a number since 1970 or of a spreadsheet, or an
    /// object that has the date as `iso8601`, `epochMillis` or `$date`.
    ///
    /// ```
    /// use atlas_core::exchange::dates::Dates;
    /// use serde_json::json;
    /// let dates = Dates::default();
    /// let at = dates.of_json(&json!(1697134089000_u64)).unwrap();
    /// assert_eq!(at.to_string(), "2023-10-12T18:08:09Z");
    /// assert_eq!(dates.of_json(&json!(1697134089)), Some(at));
    /// assert_eq!(dates.of_json(&json!(17)), None);
    /// ```
    pub fn of_json(&self, value: &Value) -> Option<Timestamp> {
        match value {
            Value::String(text) => self.parse(text),
            Value::Number(number) => bare::of_json(number),
            Value::Object(_) => self.of_json(inner(value)?),
            _ => None,
        }
    }

    fn date(&self, civil: &Civil) -> Option<Date> {
        let (dates, mark) = match civil.day {
            Day::Exact(date) => return Some(date),
            Day::Named { name, day, year } => {
                let year = words::WORDS.year(name, year)?;
                return calendar::of_likely_year(year, name.month(self.languages)?, day);
            }
            Day::YearFirst {
                year,
                first,
                second,
            } => {
                let (month, day) = match self.year_day_month {
                    true => (second, first),
                    false => (first, second),
                };
                return calendar::of_likely_year(year, month, day);
            }
            Day::Short {
                numbers,
                year: ShortYear::First,
                ..
            } => return short_year_first(numbers),
            Day::Short {
                year: ShortYear::NotLast,
                ..
            } => return None,
            Day::Short { numbers, .. } if self.short_year_first => {
                return short_year_first(numbers);
            }
            Day::Short { mark, .. } | Day::YearLast { mark, .. } => (either(&civil.day), mark),
        };
        let (date, other) = dates.in_order(self.orders[place(mark)]);
        // The day of the week decides where the file does not.
        let fits = |date: &Date| civil.weekdays == 0 || calendar::is_weekday(*date, civil.weekdays);
        match (date, other) {
            (Some(date), Some(other)) if !self.is_settled && !fits(&date) && fits(&other) => {
                Some(other)
            }
            (None, other) if !self.is_settled => other,
            (date, _) => date,
        }
    }
}

/// The dates that two numbers mean as day and month, in one order and in the other.
#[derive(Debug, Clone, Copy)]
struct Either {
    day_first: Option<Date>,
    month_first: Option<Date>,
}

impl Either {
    /// The date in this order, and the one in the other.
    fn in_order(self, order: DateOrder) -> (Option<Date>, Option<Date>) {
        match order {
            DateOrder::DayFirst => (self.day_first, self.month_first),
            DateOrder::MonthFirst => (self.month_first, self.day_first),
        }
    }
}

fn either(day: &Day) -> Either {
    let (first, second, year) = match *day {
        Day::YearLast {
            first,
            second,
            year,
            ..
        } => (first, second, year),
        Day::Short {
            numbers: [first, second, year],
            year: ShortYear::Open,
            ..
        } => (first, second, calendar::century(year.into())),
        _ => (0, 0, 0),
    };
    Either {
        day_first: calendar::of_likely_year(year, second, first),
        month_first: calendar::of_likely_year(year, first, second),
    }
}

fn short_year_first([year, month, day]: [i8; 3]) -> Option<Date> {
    calendar::of_likely_year(calendar::century(year.into()), month, day)
}

/// The place of a mark among [`MARKS`].
fn place(mark: char) -> usize {
    MARKS.iter().position(|known| *known == mark).unwrap_or(0)
}

/// The date within an object of JSON.
fn inner(value: &Value) -> Option<&Value> {
    let names = ["iso8601", "epochMillis", "$date"];
    let inner = names.iter().find_map(|name| value.get(name))?;
    (!inner.is_object()).then_some(inner)
}
