//! Numbers as a spreadsheet shows them: dates as ISO 8601, times as `hh:mm`, others by their format.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// What a number format makes of a number.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Format {
    /// The number.
    #[default]
    Plain,
    /// A day, with a time where there is one.
    Date,
    /// A time of day or a duration.
    Time,
    /// Hundredths.
    Percent,
    /// The number with words before and after, filled with zeros up to so many digits.
    Dressed {
        before: String,
        digits: usize,
        after: String,
    },
}

/// The last day that a spreadsheet knows, 31 December 9999, and one more.
const DAYS: f64 = 2_958_466.0;

/// The format that every spreadsheet knows by this number.
pub(super) fn of_id(id: u32) -> Format {
    match id {
        9 | 10 => Format::Percent,
        14..=17 | 22 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => Format::Date,
        18..=21 | 32 | 33 | 45..=47 | 55 | 56 => Format::Time,
        _ => Format::Plain,
    }
}

/// The format that a code means, such as `yyyy-mm-dd`, `[h]:mm`, `"TC-"000`; by its first section,
/// which is that of positive numbers.
pub(super) fn of_code(code: &str) -> Format {
    let mut letters = String::new();
    let (mut before, mut digits, mut after) = (String::new(), String::new(), String::new());
    let (mut is_elapsed, mut is_split) = (false, false);
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        let literal = match c {
            ';' => break,
            '"' => chars.by_ref().take_while(|&c| c != '"').collect(),
            '\\' => chars.next().map(String::from).unwrap_or_default(),
            // A blank as wide as a sign, a sign that fills the cell.
            '_' | '*' => {
                chars.next();
                String::new()
            }
            '[' => {
                let inner: String = chars.by_ref().take_while(|&c| c != ']').collect();
                is_elapsed |= !inner.is_empty()
                    && inner
                        .chars()
                        .all(|c| "hms".contains(c.to_ascii_lowercase()));
                String::new()
            }
            '0' | '#' | '?' | '.' | ',' => {
                is_split |= !after.is_empty();
                digits.push(c);
                continue;
            }
            c if c.is_alphabetic() || "@%".contains(c) => {
                letters.push(c.to_ascii_lowercase());
                continue;
            }
            c => c.to_string(),
        };
        match digits.is_empty() {
            true => before.push_str(&literal),
            false => after.push_str(&literal),
        }
    }
    if is_elapsed {
        return Format::Time;
    }
    match letters.as_str() {
        "" if digits.is_empty() || is_split => Format::Plain,
        "" => dressed(before, &digits, after),
        "%" => Format::Percent,
        "general" | "standard" | "@" => Format::Plain,
        letters => of_letters(letters),
    }
}

/// The format of `dmyyyy`, `hmm`, `mss`.
fn of_letters(letters: &str) -> Format {
    let has = |all: &[char]| letters.contains(all);
    let time = has(&['h', 's']);
    match () {
        () if has(&['y', 'd']) || (has(&['m']) && !time) => Format::Date,
        () if time => Format::Time,
        () => Format::Plain,
    }
}

fn dressed(before: String, digits: &str, after: String) -> Format {
    let whole = digits.split('.').next().unwrap_or_default();
    let digits = whole.chars().filter(|&c| c == '0').count();
    match before.trim().is_empty() && after.trim().is_empty() && digits < 2 {
        true => Format::Plain,
        false => Format::Dressed {
            before,
            digits,
            after,
        },
    }
}

/// A number as text.
pub(super) fn text(number: f64, format: &Format, from_1904: bool) -> String {
    let shown = match format {
        Format::Plain => None,
        Format::Date if (0.0..1.0).contains(&number) => time(number),
        Format::Date => day(number, from_1904),
        Format::Time => time(number),
        Format::Percent => Some(format!("{}%", plain(number * 100.0))),
        Format::Dressed {
            before,
            digits,
            after,
        } => {
            let digits = match number < 0.0 {
                true => 0,
                false => *digits,
            };
            let text = plain(number);
            let whole = text.split('.').next().unwrap_or_default().len();
            let zeros = "0".repeat(digits.saturating_sub(whole).min(20));
            Some(format!("{before}{zeros}{text}{after}"))
        }
    };
    shown.unwrap_or_else(|| plain(number))
}

/// A number with as many digits as a spreadsheet shows: `0.3` and not `0.30000000000000004`.
fn plain(number: f64) -> String {
    let size = number.abs();
    if size >= 1e15 || number.fract() == 0.0 {
        return format!("{number}");
    }
    let whole = size.max(1.0).log10().floor() as usize + 1;
    let text = format!("{number:.*}", 10usize.saturating_sub(whole));
    let short = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    match short {
        "0" | "-0" => format!("{number}"),
        short => short.to_owned(),
    }
}

/// A day as ISO 8601, with the time where there is one.
pub(super) fn day(number: f64, from_1904: bool) -> Option<String> {
    if !(0.0..DAYS).contains(&number) {
        return None;
    }
    let seconds = (number * 86_400.0).round();
    let (days, second) = ((seconds / 86_400.0).floor(), seconds % 86_400.0);
    let first: Date = match from_1904 {
        true => date(1904, 1, 1),
        // Spreadsheets believe in 29 February 1900.
        false if days < 60.0 => date(1899, 12, 31),
        false => date(1899, 12, 30),
    };
    let day = first.checked_add((days as i64).days()).ok()?;
    Some(match second as u32 {
        0 => day.to_string(),
        second => format!("{day}T{}", clock(second, true)),
    })
}

/// A time of day or a duration, `hh:mm` or `hh:mm:ss`.
fn time(number: f64) -> Option<String> {
    let seconds = (number * 86_400.0).round();
    let fits = (0.0..DAYS * 86_400.0).contains(&seconds) && seconds <= f64::from(u32::MAX);
    fits.then(|| clock(seconds as u32, false))
}

fn clock(seconds: u32, always: bool) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match seconds {
        0 if !always => format!("{hours:02}:{minutes:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_the_sheet() {
        let plain = [
            (1.0, "1"),
            (2.5, "2.5"),
            (0.1 + 0.2, "0.3"),
            (3.500_000_000_1, "3.5"),
            (1e10, "10000000000"),
            (-0.25, "-0.25"),
            (123_456.789, "123456.789"),
            (1e-12, "0.000000000001"),
        ];
        for (number, text) in plain {
            assert_eq!(super::text(number, &Format::Plain, false), text);
        }
        let coded = [
            (7.0, "\"TC-\"000", "TC-007"),
            (7.0, "0000", "0007"),
            (12.0, "0\" min\"", "12 min"),
            (0.15, "0%", "15%"),
            (2.5, "0.00", "2.5"),
            (1_200.0, "#,##0", "1200"),
            (5.0, "General", "5"),
            (5.0, "@", "5"),
            (12.0, "0.00E+00", "12"),
            (5.0, "[Red]0;[Blue]-0", "5"),
            (0.5, "# ?/?", "0.5"),
            (123_456.0, "# ##0", "123456"),
            (12.5, "#,##0.00 \"€\"", "12.5 €"),
        ];
        for (number, code, text) in coded {
            assert_eq!(super::text(number, &of_code(code), false), text, "{code}");
        }
    }

    #[test]
    fn days_and_times_are_told_by_their_format() {
        let at = 46_085.385_416_666_66;
        let cases = [
            (at, "yyyy\\-mm\\-dd hh:mm", "2026-03-04T09:15:00"),
            (46_085.0, "dd/mm/yy", "2026-03-04"),
            (46_085.0, "[$-409]mmm\\ d\\,\\ yyyy;@", "2026-03-04"),
            (46_085.0, "d. mmmm", "2026-03-04"),
            (59.0, "d/m/yyyy", "1900-02-28"),
            (61.0, "d/m/yyyy", "1900-03-01"),
            (0.0625, "h:mm AM/PM", "01:30"),
            (1.25, "[h]:mm", "30:00"),
            (90.0 / 86_400.0, "mm:ss", "00:01:30"),
            (-1.0, "d/m/yyyy", "-1"),
        ];
        for (number, code, text) in cases {
            assert_eq!(super::text(number, &of_code(code), false), text, "{code}");
        }
        assert_eq!(text(44_623.0, &of_id(14), true), "2026-03-04");
        // Half a second before midnight is the next day.
        assert_eq!(text(46_084.999_999, &of_id(22), false), "2026-03-04");
    }
}
