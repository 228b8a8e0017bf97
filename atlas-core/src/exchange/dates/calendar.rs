//! Days that there are, within the years that dates of tickets can have.

use jiff::civil::{Date, ISOWeekDate, Weekday};

/// The years of dates that are not clearly ISO dates.
const LIKELY_YEARS: std::ops::RangeInclusive<i16> = 1970..=2100;

/// A day of a likely year.
pub(super) fn of_likely_year(year: i16, month: i8, day: i8) -> Option<Date> {
    LIKELY_YEARS.contains(&year).then_some(())?;
    Date::new(year, month, day).ok()
}

/// A day as ISO 8601 has it: also of years that were long ago, but not of those that programs
/// write for "never".
pub(super) fn iso(year: i16, month: i8, day: i8) -> Option<Date> {
    (year >= 1900).then_some(())?;
    Date::new(year, month, day).ok()
}

/// `20231012`
pub(super) fn compact(value: u64) -> Option<Date> {
    let year = i16::try_from(value / 10_000).ok()?;
    let month = i8::try_from(value / 100 % 100).ok()?;
    of_likely_year(year, month, i8::try_from(value % 100).ok()?)
}

/// `2023-285`
pub(super) fn of_day_number(year: i16, number: u64) -> Option<Date> {
    let first = of_likely_year(year, 1, 1)?;
    let number = i16::try_from(number).ok()?;
    (1..=first.days_in_year()).contains(&number).then_some(())?;
    first.with().day_of_year(number).build().ok()
}

/// `2023-W41-4`
pub(super) fn of_week(year: i16, week: u64, day: u64) -> Option<Date> {
    of_likely_year(year, 1, 1)?;
    let weekday = Weekday::from_monday_one_offset(i8::try_from(day).ok()?).ok()?;
    let date = ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday).ok()?;
    Some(date.date())
}

/// The year of two digits: 70 to 99 are of the last century.
pub(super) fn century(year: i16) -> i16 {
    match year {
        70.. => 1900 + year,
        _ => 2000 + year,
    }
}

/// Whether a date is one of these days of the week, a bit for each.
pub(super) fn is_weekday(date: Date, weekdays: u8) -> bool {
    weekdays & (1 << date.weekday().to_monday_zero_offset()) != 0
}
