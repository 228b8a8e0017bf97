//! The pieces of a date, and which of them is the day, the month and the year.

use super::super::calendar;
use super::super::cursor::Cursor;
use super::super::reading::{Day, ShortYear};
use super::super::scan::DateNumber;
use super::super::words::{DateUnit, MonthName, WORDS};

/// A piece of a date.
#[derive(Clone, Copy)]
pub(super) enum DatePart {
    Number(DateNumber),
    Year(i16),
    Month(i8),
    Name(&'static MonthName),
    Day(i8),
    /// The letter of a week in ISO 8601.
    Week,
}

/// The pieces of a date, and the marks between them.
#[derive(Clone, Copy)]
pub(super) struct DateParts {
    pub all: [Option<DatePart>; 3],
    pub marks: [char; 2],
    /// The time was between the day and the year.
    pub has_time_within: bool,
}

pub(super) fn part(cursor: &mut Cursor<'_>) -> Option<DatePart> {
    if let Some(name) = month_of_words(cursor) {
        return Some(DatePart::Name(name));
    }
    if cursor.word_if(|word| WORDS.is_month_before(word)).is_some() {
        cursor.mark(".");
        return Some(DatePart::Month(small(cursor.number()?)?));
    }
    if let Some(word) = cursor.word() {
        cursor.skip();
        if word == "w" {
            return Some(DatePart::Week);
        }
        return WORDS.month(word).map(DatePart::Name);
    }
    let number = cursor.number()?;
    if !cursor.has_gap()
        && number.digits <= 2
        && cursor.word_if(|word| WORDS.is_ordinal(word)).is_some()
    {
        return Some(DatePart::Day(small(number)?));
    }
    Some(if cursor.unit(DateUnit::Year) {
        DatePart::Year(year(number)?)
    } else if cursor.word().is_some_and(|word| !word.is_ascii()) && cursor.unit(DateUnit::Month) {
        DatePart::Month(small(number)?)
    } else if cursor.unit(DateUnit::Day) {
        DatePart::Day(small(number)?)
    } else {
        DatePart::Number(number)
    })
}

/// Takes a month of two or three words: `tháng giêng`, `tháng mười hai`.
fn month_of_words(cursor: &mut Cursor<'_>) -> Option<&'static MonthName> {
    cursor.word().filter(|word| WORDS.is_month_before(word))?;
    let mut ahead = *cursor;
    let short = ahead.pair(|pair| WORDS.month(pair).map(|name| (name, pair.to_owned())));
    let (mut name, pair) = short?;
    *cursor = ahead;
    if let Some(word) = ahead.word()
        && let Some(longer) = WORDS.month(&format!("{pair}_{word}"))
    {
        ahead.skip();
        (*cursor, name) = (ahead, longer);
    }
    Some(name)
}

/// Takes what stands between two pieces: one mark, words that say nothing. A blank is `' '`,
/// nothing at all `'\0'`.
pub(super) fn separator(cursor: &mut Cursor<'_>) -> char {
    let mut found = if cursor.has_gap() { ' ' } else { '\0' };
    // The dot of an abbreviation or of an ordinal number.
    if cursor.mark(".").is_some() {
        found = '.';
    }
    cursor.fillers();
    if let Some(mark) = cursor.mark("/-.,") {
        found = mark;
    }
    cursor.fillers();
    cursor.mark("'");
    found
}

fn small(number: DateNumber) -> Option<i8> {
    let fits = number.digits <= 2;
    fits.then(|| i8::try_from(number.value).ok()).flatten()
}

/// Four digits, or two: 70 to 99 are of the last century.
fn year(number: DateNumber) -> Option<i16> {
    let value = i16::try_from(number.value).ok()?;
    match number.digits {
        4 => Some(value),
        2 => Some(calendar::century(value)),
        _ => None,
    }
}

impl DateParts {
    /// Whether it is `2023-10-12`.
    pub fn is_iso(&self) -> bool {
        let four = matches!(
            self.all[0],
            Some(DatePart::Number(DateNumber { digits: 4, .. }))
        );
        self.is_compact() || four && self.marks == ['-'; 2]
    }

    /// Whether it is `20231012`.
    pub fn is_compact(&self) -> bool {
        matches!(
            self.all,
            [
                Some(DatePart::Number(DateNumber { digits: 8, .. })),
                None,
                None
            ]
        )
    }

    pub fn day(&self) -> Option<Day> {
        match self.all {
            [Some(DatePart::Number(number)), None, None] => {
                calendar::compact(number.value).map(Day::Exact)
            }
            [
                Some(DatePart::Number(n)),
                Some(DatePart::Number(days)),
                None,
            ] => {
                (n.digits == 4 && self.marks[0] == '-').then_some(())?;
                calendar::of_day_number(year(n)?, days.value).map(Day::Exact)
            }
            [
                Some(DatePart::Number(n)),
                Some(DatePart::Week),
                Some(DatePart::Number(week)),
            ] => {
                (n.digits == 4).then_some(())?;
                calendar::of_week(year(n)?, week.value / 10, week.value % 10).map(Day::Exact)
            }
            [Some(first), Some(second), Some(third)] => self.of_three(first, second, third),
            _ => None,
        }
    }

    fn of_three(&self, first: DatePart, second: DatePart, third: DatePart) -> Option<Day> {
        use DatePart::{Day as DayOf, Month, Name, Number as N, Year};
        let day = |part| match part {
            N(number) => small(number),
            DayOf(day) => Some(day),
            _ => None,
        };
        let year = |part| match part {
            N(number) => year(number),
            Year(year) => Some(year),
            _ => None,
        };
        let told = |y: Option<i16>, m: i8, d: Option<i8>| {
            calendar::of_likely_year(y?, m, d?).map(Day::Exact)
        };
        let named = |y: Option<i16>, name, d: Option<i8>| {
            let (year, day) = (y?, d?);
            Some(Day::Named { name, day, year })
        };
        let starts_with_year = |part| match part {
            N(number) => number.digits == 4,
            Year(_) => true,
            _ => false,
        };
        match (first, second, third) {
            (Name(m), d, y) => named(year(y), m, day(d)),
            (y, Name(m), d) if starts_with_year(y) => named(year(y), m, day(d)),
            (d, Name(m), y) => named(year(y), m, day(d)),
            (y, d, Name(m)) if starts_with_year(y) => named(year(y), m, day(d)),
            (Month(m), d, y) => told(year(y), m, day(d)),
            (y, Month(m), d) if starts_with_year(y) => told(year(y), m, day(d)),
            (d, Month(m), y) => told(year(y), m, day(d)),
            (Year(_), N(m), d) => told(year(first), small(m)?, day(d)),
            (DayOf(d), N(m), y) => told(year(y), small(m)?, Some(d)),
            (N(one), N(two), N(three)) => self.of_numbers(one, two, three),
            _ => None,
        }
    }

    fn of_numbers(&self, one: DateNumber, two: DateNumber, three: DateNumber) -> Option<Day> {
        let [mark, other] = self.marks;
        (mark == other && "/-. ".contains(mark)).then_some(())?;
        match (one.digits, two.digits, three.digits) {
            (4, 1..=2, 1..=2) if mark == '-' => {
                calendar::iso(year(one)?, small(two)?, small(three)?).map(Day::Exact)
            }
            (4, 1..=2, 1..=2) => Some(Day::YearFirst {
                year: year(one)?,
                first: small(two)?,
                second: small(three)?,
            }),
            (1..=2, 1..=2, 4) => Some(Day::YearLast {
                first: small(one)?,
                second: small(two)?,
                year: year(three)?,
                mark,
            }),
            // A year has two digits: 1.2.3 is a version.
            (2, 1..=2, 1..=2) | (1, 1..=2, 2) if mark != ' ' => Some(Day::Short {
                numbers: [small(one)?, small(two)?, small(three)?],
                mark,
                year: match (three.digits, mark) {
                    (2, _) => ShortYear::Open,
                    (_, '/') => ShortYear::First,
                    _ => ShortYear::NotLast,
                },
            }),
            _ => None,
        }
    }
}
