//! Durations: with units, as clocks, as ISO 8601 has them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Numbers;
use super::number::{self, ReadNumber};
use crate::exchange::dates::fold;

const TABLE: &str = include_str!("../../../data/durations.toml");

/// Longer texts are no durations.
const LONGEST: usize = 100;

static WORDS: LazyLock<DurationWords> = LazyLock::new(|| {
    // A test reads the table; where it could not be read, durations have no units.
    DurationWords::of(&toml::from_str(TABLE).unwrap_or_default())
});

/// What a number without a unit means, and how long a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DurationContext {
    /// Seconds that something ran: a day has 24 hours, `1:30` are minutes and seconds.
    Seconds,
    /// Minutes of work: a day has 8 hours, a week 5 days, `1:30` are hours and minutes.
    Minutes,
}

/// A unit of time, longest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DurationUnit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

impl DurationUnit {
    fn seconds(self, context: DurationContext) -> f64 {
        let is_work = context == DurationContext::Minutes;
        match self {
            DurationUnit::Nanosecond => 1e-9,
            DurationUnit::Microsecond => 1e-6,
            DurationUnit::Millisecond => 1e-3,
            DurationUnit::Second => 1.0,
            DurationUnit::Minute => 60.0,
            DurationUnit::Hour => 3_600.0,
            DurationUnit::Day if is_work => 8.0 * 3_600.0,
            DurationUnit::Day => 86_400.0,
            DurationUnit::Week if is_work => 40.0 * 3_600.0,
            DurationUnit::Week => 604_800.0,
        }
    }

    /// The unit of the number behind it: `1h30`.
    fn next(self) -> Option<Self> {
        match self {
            DurationUnit::Hour => Some(DurationUnit::Minute),
            DurationUnit::Minute => Some(DurationUnit::Second),
            _ => None,
        }
    }
}

/// Reads a folded text.
pub(super) fn seconds(numbers: &Numbers, text: &str, context: DurationContext) -> Option<f64> {
    (text.len() <= LONGEST).then_some(())?;
    let seconds = if text.starts_with('p') {
        iso(text)
    } else if text.contains(':') {
        clock(text, context)
    } else if let Some(number) = number::read(text) {
        let unit = match context {
            DurationContext::Seconds => DurationUnit::Second,
            DurationContext::Minutes => DurationUnit::Minute,
        };
        Some(numbers.value(number)? * unit.seconds(context))
    } else {
        with_units(numbers, text, context)
    }?;
    seconds.is_finite().then_some(seconds)
}

/// The numbers of a folded text that tell which mark stands before decimals.
pub(super) fn numbers(text: &str) -> Vec<ReadNumber> {
    if text.len() > LONGEST || text.starts_with('p') || text.contains(':') {
        return Vec::new();
    }
    if let Some(number) = number::read(text) {
        return vec![number];
    }
    let parts = parts(text).unwrap_or_default();
    parts.into_iter().map(|(number, _)| number).collect()
}

/// `1h 30m`, `1 min, 30 sec`, `5分30秒`, `1h30`
fn with_units(numbers: &Numbers, text: &str, context: DurationContext) -> Option<f64> {
    let (mut sum, mut last) = (0.0, None);
    for (number, unit) in parts(text)? {
        let unit = match (unit, last) {
            (Some(unit), None) => unit,
            (Some(unit), Some(last)) if unit < last => unit,
            (None, Some(last)) => DurationUnit::next(last)?,
            _ => return None,
        };
        sum += numbers.value(number)? * unit.seconds(context);
        last = Some(unit);
    }
    last.map(|_| sum)
}

/// Numbers with their units. Only the last may be without one.
fn parts(text: &str) -> Option<Vec<(ReadNumber, Option<DurationUnit>)>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let unit_at = rest.find(char::is_alphabetic).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(unit_at);
        let number = number::read(number.trim())?;
        let is_letter = |c: char| c.is_alphabetic();
        let word_end = behind.find(|c| !is_letter(c)).unwrap_or(behind.len());
        let (word, behind) = behind.split_at(word_end);
        let unit = match word {
            "" => None,
            word => Some(*WORDS.units.get(word)?),
        };
        parts.push((number, unit));
        rest = connected(behind);
        if unit.is_none() && !rest.is_empty() {
            return None;
        }
    }
    Some(parts)
}

/// The text behind a dot, a comma or a word such as "and".
fn connected(text: &str) -> &str {
    let text = text.strip_prefix('.').unwrap_or(text).trim_start();
    let text = text.strip_prefix(',').unwrap_or(text).trim_start();
    let word = text.split(' ').next().unwrap_or("");
    match WORDS.connectors.iter().any(|known| known == word) {
        true => text[word.len()..].trim_start(),
        false => text,
    }
}

/// `PT1M30.5S`
fn iso(text: &str) -> Option<f64> {
    let (days, times) = match text.strip_prefix('p')?.split_once('t') {
        Some((days, times)) => (days, Some(times)),
        None => (text.strip_prefix('p')?, None),
    };
    let mut sum = 0.0;
    let mut any = false;
    for (part, units) in [(days, "wd"), (times.unwrap_or(""), "hms")] {
        let mut rest = part;
        let mut left = units;
        while !rest.is_empty() {
            let at = rest.find(|c: char| c.is_ascii_lowercase())?;
            let unit = rest[at..].chars().next()?;
            left = left.split_once(unit)?.1;
            let digits = rest[..at].replace(',', ".");
            let starts = digits.starts_with(|c: char| c.is_ascii_digit());
            let value: f64 = starts.then(|| digits.parse().ok()).flatten()?;
            let unit = match unit {
                'w' => DurationUnit::Week,
                'd' => DurationUnit::Day,
                'h' => DurationUnit::Hour,
                'm' => DurationUnit::Minute,
                _ => DurationUnit::Second,
            };
            // ISO's days are those of the calendar.
            sum += value * unit.seconds(DurationContext::Seconds);
            any = true;
            rest = &rest[at + 1..];
        }
    }
    (any && times != Some("")).then_some(sum)
}

/// `1:30`, `01:30:00.5`, `1.02:03:04`, `1 day, 2:03:04`, `1:30 h`
fn clock(text: &str, context: DurationContext) -> Option<f64> {
    let (days, text) = days_before(text)?;
    let end = text.find(char::is_alphabetic).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let unit = match unit.trim_end_matches('.') {
        "" => None,
        word => Some(*WORDS.units.get(word)?),
    };
    let digits = digits.trim();
    let (digits, fraction) = match digits.split_once(['.', ',']) {
        Some((digits, fraction)) => (digits, Some(fraction)),
        None => (digits, None),
    };
    let parts: Vec<f64> = clock_parts(digits)?;
    let has_hours = match (unit, fraction) {
        (Some(DurationUnit::Hour), None) => true,
        (Some(DurationUnit::Minute | DurationUnit::Second), _) | (None, Some(_)) => false,
        (None, None) => context == DurationContext::Minutes,
        _ => return None,
    };
    let whole = match parts[..] {
        [hours, minutes] if has_hours => hours * 3_600.0 + minutes * 60.0,
        [minutes, seconds] => minutes * 60.0 + seconds,
        [hours, minutes, seconds] => hours * 3_600.0 + minutes * 60.0 + seconds,
        _ => return None,
    };
    let fraction: f64 = match fraction {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("0.{digits}0").parse().ok()?
        }
        Some(_) => return None,
        None => 0.0,
    };
    Some(days * 86_400.0 + whole + fraction)
}

/// The numbers between colons; each but the first has two digits and is less than 60.
fn clock_parts(text: &str) -> Option<Vec<f64>> {
    let mut parts = Vec::new();
    for part in text.split(':') {
        let is_first = parts.is_empty();
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = part.len() <= 6 && (is_first || part.len() == 2);
        (digits && fits).then_some(())?;
        let value: f64 = part.parse().ok()?;
        (is_first || value < 60.0).then_some(())?;
        parts.push(value);
    }
    Some(parts)
}

/// The days before a clock, which then has hours, minutes and seconds.
fn days_before(text: &str) -> Option<(f64, &str)> {
    let colon = text.find(':')?;
    let before = &text[..colon];
    let Some(at) = before.rfind(['.', ' ']) else {
        return Some((0.0, text));
    };
    let days = before[..at].trim_end_matches(',');
    let clock = &text[at + 1..];
    (clock.matches(':').count() == 2).then_some(())?;
    let end = days
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(days.len());
    let (number, unit) = days.split_at(end);
    let unit = unit.trim();
    let is_days = unit.is_empty() || WORDS.units.get(unit) == Some(&DurationUnit::Day);
    let number: u32 = is_days.then(|| number.parse().ok()).flatten()?;
    Some((f64::from(number), clock))
}

#[derive(Default)]
struct DurationWords {
    units: HashMap<String, DurationUnit>,
    connectors: Vec<String>,
}

impl DurationWords {
    fn of(table: &DurationFile) -> Self {
        let units = &table.units;
        let lists = [
            (&units.nanosecond, DurationUnit::Nanosecond),
            (&units.microsecond, DurationUnit::Microsecond),
            (&units.millisecond, DurationUnit::Millisecond),
            (&units.second, DurationUnit::Second),
            (&units.minute, DurationUnit::Minute),
            (&units.hour, DurationUnit::Hour),
            (&units.day, DurationUnit::Day),
            (&units.week, DurationUnit::Week),
        ];
        let all = lists
            .into_iter()
            .flat_map(|(words, unit)| words.iter().map(move |word| (fold(word), unit)));
        DurationWords {
            units: all.collect(),
            connectors: table
                .connectors
                .words
                .iter()
                .map(|word| fold(word))
                .collect(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct DurationFile {
    units: DurationUnits,
    connectors: Connectors,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct DurationUnits {
    nanosecond: Vec<String>,
    microsecond: Vec<String>,
    millisecond: Vec<String>,
    second: Vec<String>,
    minute: Vec<String>,
    hour: Vec<String>,
    day: Vec<String>,
    week: Vec<String>,
}

#[derive(Deserialize, Default)]
struct Connectors {
    words: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_of_one_unit() {
        let table: DurationFile =
            toml::from_str(TABLE).expect("data/durations.toml is well formed");
        let words = DurationWords::of(&table);
        let units = &table.units;
        let lists = [
            &units.nanosecond,
            &units.microsecond,
            &units.millisecond,
            &units.second,
            &units.minute,
            &units.hour,
            &units.day,
            &units.week,
        ];
        let count: usize = lists.iter().map(|list| list.len()).sum();
        assert_eq!(words.units.len(), count);
    }
}
