//! What the text of a date says, before the file tells the order of day and month.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock::TimeOfDay;
use super::words::MonthName;

/// What a text says, before it is known which of two numbers is the month.
#[derive(Debug, Clone)]
pub(super) enum Reading {
    Instant(Timestamp),
    Civil(Civil),
}

/// A day with a time.
#[derive(Debug, Clone)]
pub(super) struct Civil {
    pub day: Day,
    pub clock: TimeOfDay,
    pub zone: TimeZone,
    /// The days of the week that it may be, a bit for each; 0 where none is named.
    pub weekdays: u8,
}

/// A day.
#[derive(Debug, Clone, Copy)]
pub(super) enum Day {
    Exact(Date),
    /// The month has a name, which may mean several.
    Named {
        name: &'static MonthName,
        day: i8,
        year: i16,
    },
    /// `03/04/2025`
    YearLast {
        first: i8,
        second: i8,
        year: i16,
        mark: char,
    },
    /// `2025/03/04`
    YearFirst {
        year: i16,
        first: i8,
        second: i8,
    },
    /// `03/04/25`
    Short {
        numbers: [i8; 3],
        mark: char,
        year: ShortYear,
    },
}

/// Where the year of two digits is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShortYear {
    /// The file tells.
    Open,
    First,
    /// The last number has one digit and is no year.
    NotLast,
}

impl Civil {
    /// The instant on this date.
    pub fn at(&self, date: Date) -> Option<Timestamp> {
        let date = match self.clock.is_next_day {
            true => date.tomorrow().ok()?,
            false => date,
        };
        let zoned = date
            .to_datetime(self.clock.time)
            .to_zoned(self.zone.clone());
        Some(zoned.ok()?.timestamp())
    }
}
