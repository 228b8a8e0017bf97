//! Dates that are one number: since 1970, days of spreadsheets, digits without marks.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::calendar;
use super::reading::Reading;

/// Days from 1899-12-30, which is day 0 of spreadsheets, to 1990, 2101 and 1970.
const SERIAL_1970: f64 = 25_569.0;
const SERIAL_1990: f64 = 32_874.0;
const SERIAL_2101: f64 = 73_416.0;
/// 2100-12-31T23:59:59Z
const LAST_SECOND: i64 = 4_133_980_799;
const DAY: f64 = 86_400.0;

/// Reads a text that is one number; the outer `None` where it is something else.
pub(super) fn number(text: &str) -> Option<Option<Reading>> {
    let (whole, fraction) = match text.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (is_digits(whole) && fraction.is_none_or(is_digits)).then_some(())?;
    // Eight digits are a day, which the grammar reads with or without a time.
    if whole.len() == 8 && fraction.is_none() {
        return None;
    }
    Some(value(whole, fraction.unwrap_or("")).map(Reading::Instant))
}

fn value(whole: &str, fraction: &str) -> Option<Timestamp> {
    let value: i64 = whole.parse().ok()?;
    match whole.len() {
        5 => serial(whole, fraction),
        10 if digits(whole).is_none() => seconds(value, fraction),
        12 | 14 | 17 if fraction.is_empty() => digits(whole),
        13 => seconds(value / 1_000, &format!("{:03}", value % 1_000)),
        16 => seconds(value / 1_000_000, &format!("{:06}", value % 1_000_000)),
        19 => seconds(
            value / 1_000_000_000,
            &format!("{:09}", value % 1_000_000_000),
        ),
        _ => None,
    }
}

/// A number of JSON: as in a text, but 1973 to 2001 are possible too.
pub(super) fn of_json(number: &serde_json::Number) -> Option<Timestamp> {
    let text = number.to_string();
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if let Some(Some(Reading::Instant(at))) = self::number(text) {
        return Some(at);
    }
    let value: i64 = text.parse().ok()?;
    match text.len() {
        8 => Some(
            calendar::compact(value.unsigned_abs())?
                .to_zoned(TimeZone::UTC)
                .ok()?
                .timestamp(),
        ),
        9 => seconds(value, ""),
        12 => seconds(value / 1_000, &format!("{:03}", value % 1_000)),
        _ => None,
    }
}

/// Seconds since 1970 and the digits behind the point.
fn seconds(value: i64, fraction: &str) -> Option<Timestamp> {
    (1..=LAST_SECOND).contains(&value).then_some(())?;
    let nanos: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    Timestamp::new(value, nanos.parse().ok()?).ok()
}

/// `2023101220`, `202310122008`, `20231012200809`, `20231012200809123`
fn digits(text: &str) -> Option<Timestamp> {
    let part = |range: std::ops::Range<usize>| match text.get(range) {
        Some(digits) => digits.parse::<u64>().ok(),
        None => Some(0),
    };
    let date = calendar::compact(part(0..8)?)?;
    let small = |value: u64| i8::try_from(value).ok();
    let milli = i32::try_from(part(14..17)?).ok()?;
    let (hour, minute, second) = (part(8..10)?, part(10..12)?, part(12..14)?);
    let time = Time::new(
        small(hour)?,
        small(minute)?,
        small(second)?,
        milli * 1_000_000,
    )
    .ok()?;
    Some(
        date.to_datetime(time)
            .to_zoned(TimeZone::UTC)
            .ok()?
            .timestamp(),
    )
}

/// A serial number as text: of the times that are rounded to it, the one with the fewest digits.
fn serial(whole: &str, fraction: &str) -> Option<Timestamp> {
    let days: f64 = format!("{whole}.{fraction}0").parse().ok()?;
    (SERIAL_1990..SERIAL_2101).contains(&days).then_some(())?;
    let digits = i32::try_from(fraction.len()).ok()?;
    // Without a fraction it is a day.
    let tolerance = if fraction.is_empty() {
        0.0
    } else {
        0.5 * 10_f64.powi(-digits) * DAY
    };
    let seconds = days * DAY;
    let roundest = [60.0, 1.0].into_iter().find_map(|step: f64| {
        let rounded = (seconds / step).round() * step;
        ((rounded - seconds).abs() <= tolerance).then_some(rounded)
    });
    of_days(roundest.unwrap_or(seconds) / DAY)
}

/// Days since 1899-12-30, to the millisecond.
pub(super) fn of_days(days: f64) -> Option<Timestamp> {
    (SERIAL_1970..SERIAL_2101).contains(&days).then_some(())?;
    let millis = ((days - SERIAL_1970) * DAY * 1_000.0).round();
    Timestamp::from_millisecond(millis as i64).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;

    #[test]
    fn the_bounds_are_the_days_that_their_names_say() {
        let zero = Date::constant(1899, 12, 30);
        let serial = |y, m, d| f64::from((Date::constant(y, m, d) - zero).get_days());
        assert_eq!(serial(1970, 1, 1), SERIAL_1970);
        assert_eq!(serial(1990, 1, 1), SERIAL_1990);
        assert_eq!(serial(2101, 1, 1), SERIAL_2101);
        let last = Timestamp::from_second(LAST_SECOND).expect("a time");
        assert_eq!(last.to_string(), "2100-12-31T23:59:59Z");
    }
}
