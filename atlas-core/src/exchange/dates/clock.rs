//! The time within a date, and its zone.

use jiff::civil::Time;

use super::cursor::Cursor;
use super::scan::{DateNumber, DateToken};
use super::words::{DateUnit, Half, WORDS};

/// A time of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeOfDay {
    pub time: Time,
    /// It is 24:00, the start of the next day.
    pub is_next_day: bool,
    /// The half of the day is named in a language where the year comes first.
    pub year_first: bool,
}

impl TimeOfDay {
    pub const MIDNIGHT: TimeOfDay = TimeOfDay {
        time: Time::MIN,
        is_next_day: false,
        year_first: false,
    };
}

/// Which forms a time may have where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeForms {
    /// In front of the date: only what can be nothing else.
    First,
    /// Behind the date: `20.08` as well.
    Behind,
    /// Behind a `T`, or a date without marks: `20`, `2008` and `200809` as well.
    Basic,
}

/// Hours, minutes, seconds, nanoseconds.
type ClockParts = (u64, u64, u64, u64);

/// Takes a time.
pub(super) fn clock(cursor: &mut Cursor<'_>, place: TimeForms) -> Option<TimeOfDay> {
    // One letter in front is a word such as "à".
    let is_letter = cursor
        .word()
        .is_some_and(|word| word.is_ascii() && word.len() == 1);
    let before = if is_letter { None } else { cursor.half() };
    cursor.fillers();
    let first = cursor.number()?;
    let found = colons(cursor, first)
        .or_else(|| basic(cursor, first).filter(|_| place == TimeForms::Basic))
        .or_else(|| points(cursor, first).filter(|_| place == TimeForms::Behind))
        .or_else(|| units(cursor, first));
    let may_be_bare = first.digits <= 2 && place != TimeForms::First;
    let bare = || may_be_bare.then_some((first.value, 0, 0, 0));
    let parts = found.or_else(bare)?;
    let after = cursor.half();
    let half = match (before, after) {
        (Some(_), Some(_)) => return None,
        (before, after) => before.or(after),
    };
    if found.is_none() && half.is_none() && place != TimeForms::Basic {
        return None;
    }
    let clock = of_parts(parts, half)?;
    Some(TimeOfDay {
        // Behind the time it is Java's pattern for halves, in whatever order its dates are.
        year_first: clock.year_first && before.is_some(),
        ..clock
    })
}

/// `20:08`, `20:08:09`, `20:08:09.123`
fn colons(cursor: &mut Cursor<'_>, first: DateNumber) -> Option<ClockParts> {
    let start = *cursor;
    let (_, minute) = cursor.mark_and_number(":")?;
    let second = cursor.mark_and_number(":").map(|(_, number)| number);
    let fraction = match second {
        Some(_) => fraction(cursor),
        None => 0,
    };
    let fits = first.digits <= 2 && minute.digits == 2 && second.is_none_or(|s| s.digits == 2);
    if !fits {
        *cursor = start;
        return None;
    }
    let second = second.map_or(0, |second| second.value);
    Some((first.value, minute.value, second, fraction))
}

/// `20.08`, `20.08.09`
fn points(cursor: &mut Cursor<'_>, first: DateNumber) -> Option<ClockParts> {
    let start = *cursor;
    let (_, minute) = cursor.mark_and_number(".")?;
    let second = cursor.mark_and_number(".").map(|(_, number)| number);
    if first.digits > 2 || minute.digits != 2 || second.is_some_and(|s| s.digits != 2) {
        *cursor = start;
        return None;
    }
    let second = second.map_or(0, |second| second.value);
    Some((first.value, minute.value, second, 0))
}

/// `2008`, `200809`, `200809.123`
fn basic(cursor: &mut Cursor<'_>, first: DateNumber) -> Option<ClockParts> {
    let value = first.value;
    match first.digits {
        4 => Some((value / 100, value % 100, 0, 0)),
        6 => {
            let fraction = fraction(cursor);
            Some((value / 10_000, value / 100 % 100, value % 100, fraction))
        }
        _ => None,
    }
}

/// `20h08`, `20 h`, `20時08分`, `8시 5분 9초`
fn units(cursor: &mut Cursor<'_>, first: DateNumber) -> Option<ClockParts> {
    if first.digits > 2 || !cursor.unit(DateUnit::Hour) {
        return None;
    }
    let minute = cursor.number().map_or(0, |minute| minute.value);
    let mut second = 0;
    if cursor.unit(DateUnit::Minute)
        && let Some(number) = cursor.number()
    {
        cursor.unit(DateUnit::Second).then_some(())?;
        second = number.value;
    }
    Some((first.value, minute, second, 0))
}

/// Nanoseconds of `.123` or `,123`.
fn fraction(cursor: &mut Cursor<'_>) -> u64 {
    let Some((_, number)) = cursor.mark_and_number(".,") else {
        return 0;
    };
    match u32::try_from(number.digits) {
        Ok(digits @ 0..=9) => number.value * 10_u64.pow(9 - digits),
        Ok(digits) => number.value / 10_u64.pow(digits - 9),
        Err(_) => 0,
    }
}

fn of_parts((hour, minute, second, nano): ClockParts, half: Option<Half>) -> Option<TimeOfDay> {
    let is_odd_evening =
        half.is_some_and(|half| half.is_evening) && !matches!(hour, 5..12 | 17..24);
    if is_odd_evening {
        return None;
    }
    let (hour, is_next_day) = match (half.map(|half| half.after_noon), hour) {
        (None, 24) if (minute, second, nano) == (0, 0, 0) => (0, true),
        (Some(false), 12) => (0, false),
        (Some(false), 0..12) | (None, _) | (Some(true), 12..24) => (hour, false),
        (Some(true), 0..12) => (hour + 12, false),
        _ => return None,
    };
    // A leap second is read as the second before it.
    let second = if second == 60 { 59 } else { second };
    let small = |value: u64| i8::try_from(value).ok();
    let nano = i32::try_from(nano).ok()?;
    Some(TimeOfDay {
        time: Time::new(small(hour)?, small(minute)?, small(second)?, nano).ok()?,
        is_next_day,
        year_first: half.is_some_and(|half| half.year_first),
    })
}

/// Takes a zone: `Z`, `+02:00`, `GMT+2`, `CEST`, `(UTC)`, and the remark in brackets behind it.
/// Minutes east of Greenwich.
pub(super) fn zone(cursor: &mut Cursor<'_>) -> Option<i32> {
    let mut ahead = *cursor;
    let is_bracketed = ahead.mark("(").is_some();
    let minutes = match ahead.peek()? {
        DateToken::Word(word) => {
            let minutes = WORDS.zone(word)?;
            ahead.skip();
            match minutes {
                0 => offset(&mut ahead).unwrap_or(0),
                _ => minutes,
            }
        }
        _ => offset(&mut ahead)?,
    };
    if is_bracketed {
        ahead.mark(")")?;
    } else if ahead.mark("(").is_some() {
        while ahead.mark(")").is_none() {
            ahead.peek()?;
            ahead.skip();
        }
    }
    *cursor = ahead;
    Some(minutes)
}

/// `+02:00`, `+0200`, `+02`, `-3`
fn offset(cursor: &mut Cursor<'_>) -> Option<i32> {
    let mut ahead = *cursor;
    let sign = ahead.mark("+-")?;
    let first = ahead.number()?;
    let (hours, minutes) = match first.digits {
        4 => (first.value / 100, first.value % 100),
        1 | 2 => match ahead.mark_and_number(":") {
            Some((_, minutes)) if minutes.digits == 2 => (first.value, minutes.value),
            Some(_) => return None,
            None => (first.value, 0),
        },
        _ => return None,
    };
    let total = i32::try_from(hours * 60 + minutes).ok()?;
    (minutes < 60 && total <= 14 * 60).then_some(())?;
    *cursor = ahead;
    Some(if sign == '-' { -total } else { total })
}
