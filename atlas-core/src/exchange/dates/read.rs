//! The grammar of dates: which piece of a text is the day, the month, the year, the time.

mod parts;

use jiff::tz::{Offset, TimeZone};

use super::bare;
use super::clock::{TimeForms, TimeOfDay, clock, zone};
use super::cursor::Cursor;
use super::reading::{Civil, Day, Reading, ShortYear};
use super::scan::{DateNumber, DateToken, scan};
use super::words::fold;
use parts::{DatePart, DateParts, part, separator};

/// Reads a text; `None` where it is no date.
pub(super) fn read(text: &str) -> Option<Reading> {
    let folded = fold(text);
    let folded = folded.trim();
    if let Some(bare) = bare::number(folded) {
        return bare;
    }
    let (rest, named) = zone_name(folded);
    let items = scan(rest)?;
    let start = Cursor::new(&items);
    // A word such as "mar" may be a day of the week or a month.
    let mut behind_weekday = start;
    let mut weekday = behind_weekday.weekday();
    if weekday.is_none() {
        behind_weekday.fillers();
        weekday = (behind_weekday.weekday()).or_else(|| behind_weekday.bracketed_weekday());
    }
    let with_weekday = weekday.and_then(|days| whole(behind_weekday, days, named));
    let civil = with_weekday
        .or_else(|| whole(start, 0, named))
        .or_else(|| whole(behind_short_word(start)?, 0, named))?;
    Some(Reading::Civil(civil))
}

/// The place behind a word that can only be a day of the week, which some languages shorten to a
/// letter: `L, 14 jaan 2023`.
fn behind_short_word(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.word_if(|word| word.chars().count() <= 3)?;
    cursor.mark(".");
    cursor.mark(",")?;
    Some(cursor)
}

/// A zone's name at the end: `[Europe/Berlin]`, ` Europe/Berlin`.
fn zone_name(text: &str) -> (&str, Option<&str>) {
    const AREAS: [&str; 10] = [
        "africa/",
        "america/",
        "antarctica/",
        "arctic/",
        "asia/",
        "atlantic/",
        "australia/",
        "europe/",
        "indian/",
        "pacific/",
    ];
    let bracketed = text
        .strip_suffix(']')
        .and_then(|text| text.rsplit_once('['));
    let cut = bracketed.or_else(|| {
        (text.rsplit_once(' ')).filter(|(_, last)| AREAS.iter().any(|area| last.starts_with(area)))
    });
    match cut {
        Some((rest, name)) => (rest, Some(name)),
        None => (text, None),
    }
}

/// A date with or without a time, in either order, and nothing else.
fn whole(mut cursor: Cursor<'_>, weekdays: u8, named: Option<&str>) -> Option<Civil> {
    cursor.fillers();
    let mut found = BesideDate {
        weekdays,
        east: None,
        clock: TimeOfDay::MIDNIGHT,
    };
    let mut ahead = cursor;
    let time_first = found.time_and_date(&mut ahead);
    let parts = match time_first {
        Some(parts) => {
            cursor = ahead;
            parts
        }
        None => found.date_and_time(&mut cursor)?,
    };
    while !cursor.is_at_end() {
        let before = cursor;
        found.east = found.east.or_else(|| zone(&mut cursor));
        found.between(&mut cursor);
        if cursor.is_same(&before) {
            return None;
        }
    }
    let zone = match (found.east, named) {
        (Some(minutes), _) => TimeZone::fixed(Offset::from_seconds(minutes * 60).ok()?),
        (None, Some(name)) => TimeZone::get(name).ok()?,
        (None, None) => TimeZone::UTC,
    };
    let mut day = parts.day()?;
    if let Day::Short { year, .. } = &mut day
        && found.clock.year_first
    {
        *year = ShortYear::First;
    }
    Some(Civil {
        day,
        clock: found.clock,
        zone,
        weekdays: found.weekdays,
    })
}

/// What was found beside the pieces of the date.
struct BesideDate {
    weekdays: u8,
    /// The zone, in minutes east of Greenwich.
    east: Option<i32>,
    clock: TimeOfDay,
}

impl BesideDate {
    /// `20:08, 12 Oct 2023`
    fn time_and_date(&mut self, cursor: &mut Cursor<'_>) -> Option<DateParts> {
        self.clock = clock(cursor, TimeForms::First)?;
        self.east = zone(cursor);
        cursor.mark(",-");
        let mut ahead = *cursor;
        self.between(&mut ahead);
        if let Some(parts) = self.date(&mut ahead) {
            *cursor = ahead;
            return Some(parts);
        }
        // The day of the week was the name of a month.
        self.weekdays = 0;
        cursor.fillers();
        self.date(cursor)
    }

    /// `12 Oct 2023, 20:08`
    fn date_and_time(&mut self, cursor: &mut Cursor<'_>) -> Option<DateParts> {
        (self.clock, self.east) = (TimeOfDay::MIDNIGHT, None);
        let parts = self.date(cursor)?;
        if !parts.has_time_within {
            self.clock = self.time_behind(cursor, &parts)?;
        }
        Some(parts)
    }

    /// What may stand between a date and a time, or behind both.
    fn between(&mut self, cursor: &mut Cursor<'_>) {
        cursor.mark(".");
        cursor.fillers();
        cursor.mark(",");
        let days = cursor.weekday().or_else(|| cursor.bracketed_weekday());
        self.weekdays |= days.unwrap_or(0);
        cursor.mark(",");
        // Czech "at"; within a date it is the fifth month.
        cursor.word_if(|word| word == "v");
        cursor.fillers();
    }

    /// The time behind a date; midnight where there is none.
    fn time_behind(&mut self, cursor: &mut Cursor<'_>, parts: &DateParts) -> Option<TimeOfDay> {
        let is_iso = parts.is_iso();
        if is_iso && !cursor.has_gap() && cursor.peek() == Some(DateToken::Mark('+')) {
            self.east = Some(zone(cursor)?);
            return Some(TimeOfDay::MIDNIGHT);
        }
        if cursor.word_if(|word| word == "t").is_some() {
            return clock(cursor, TimeForms::Basic);
        }
        // Before words are passed over: "de" is a half of the day, too.
        let mut ahead = *cursor;
        ahead.mark(".");
        ahead.mark(",");
        if let Some(found) = clock(&mut ahead, TimeForms::Behind) {
            *cursor = ahead;
            return Some(found);
        }
        self.between(cursor);
        cursor.mark(if cursor.has_gap() { "-" } else { ":_" });
        if cursor.is_at_end() || is_iso && cursor.word() == Some("z") {
            return Some(TimeOfDay::MIDNIGHT);
        }
        let place = match parts.is_compact() {
            true => TimeForms::Basic,
            false => TimeForms::Behind,
        };
        clock(cursor, place)
    }

    /// Takes the pieces of a date; of `Oct 12 20:08:09 CEST 2023` the time and the zone as well.
    fn date(&mut self, cursor: &mut Cursor<'_>) -> Option<DateParts> {
        let first = part(cursor)?;
        let mut parts = DateParts {
            all: [Some(first), None, None],
            marks: [' '; 2],
            has_time_within: false,
        };
        if let DatePart::Number(DateNumber { digits: 8, .. }) = first {
            return Some(parts);
        }
        parts.marks[0] = separator(cursor);
        let second = part(cursor)?;
        parts.all[1] = Some(second);
        match (first, second) {
            (DatePart::Number(_), DatePart::Number(DateNumber { digits: 3, .. })) => {
                return Some(parts);
            }
            (_, DatePart::Week) => {
                parts.all[2] = Some(DatePart::Number(week(cursor)?));
                return Some(parts);
            }
            _ => {}
        }
        let mut ahead = *cursor;
        if let DatePart::Name(_) = first
            && let Some(within) = clock(&mut ahead, TimeForms::First)
        {
            *cursor = ahead;
            parts.has_time_within = true;
            self.clock = within;
            self.east = zone(cursor);
        } else {
            parts.marks[1] = separator(cursor);
        }
        parts.all[2] = Some(part(cursor)?);
        Some(parts)
    }
}

/// The week and the day of `2023-W41-4` and `2023W414`, as one number of three digits.
fn week(cursor: &mut Cursor<'_>) -> Option<DateNumber> {
    let week = cursor.number()?;
    match week.digits {
        3 => Some(week),
        2 => {
            let (_, day) = cursor.mark_and_number("-")?;
            (day.digits == 1).then_some(DateNumber {
                value: week.value * 10 + day.value,
                digits: 3,
            })
        }
        _ => None,
    }
}
