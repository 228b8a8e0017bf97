//! What stands in a cell: formulas made harmless, durations, keys.

use std::borrow::Cow;

use crate::domain::TicketKey;

/// A cell that no spreadsheet runs as a formula.
pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    match runs(cell) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

/// The cell that [`harmless`] was given.
pub(super) fn restored(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if runs(rest) => rest,
        _ => cell,
    }
}

/// Whether a spreadsheet could take it for a formula, the quotes before it aside.
fn runs(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    let starts = |marks: &[char]| cell.trim_start().starts_with(marks);
    cell.starts_with(['\t', '\r', '\n'])
        || starts(&[
            '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
        ])
}

/// Line feeds only, whatever the cell came with.
pub(super) fn unix_lines(text: &str) -> Cow<'_, str> {
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    }
}

/// Whole minutes from `15`, `15.5`, `15 min`, `1h 30m`, `1m 45s`, `01:30` or `01:30:00`.
pub(crate) fn minutes(text: &str) -> Option<u32> {
    let text = text.trim();
    let minutes = clock(text).or_else(|| units(text)).or_else(|| {
        let number = text.split(' ').next()?;
        number.trim_end_matches(char::is_alphabetic).parse().ok()
    })?;
    (minutes > 0.0 && minutes <= 100_000.0).then(|| minutes.round().max(1.0) as u32)
}

/// `hh:mm` or `hh:mm:ss`.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<f64> = text
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    match parts[..] {
        [hours, minutes] => Some(hours * 60.0 + minutes),
        [hours, minutes, seconds] => Some(hours * 60.0 + minutes + seconds / 60.0),
        _ => None,
    }
}

/// `1d 2h 3m 4s`, days of eight hours.
fn units(text: &str) -> Option<f64> {
    let mut sum = 0.0;
    let mut any = false;
    for part in text.split_whitespace() {
        let (number, unit) = part.split_at(part.find(|c: char| c.is_alphabetic())?);
        let number: f64 = number.parse().ok()?;
        sum += number
            * match unit {
                "s" | "sec" => 1.0 / 60.0,
                "m" | "min" => 1.0,
                "h" => 60.0,
                "d" => 480.0,
                "w" => 2_400.0,
                _ => return None,
            };
        any = true;
    }
    any.then_some(sum)
}

/// Minutes as tools write them: `1h 30m`.
pub(super) fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

/// The ticket keys in a list.
pub(super) fn keys(text: &str) -> Vec<TicketKey> {
    let mut keys: Vec<TicketKey> = Vec::new();
    for part in text.split(|c: char| c.is_whitespace() || ",;|".contains(c)) {
        if let Ok(key) = TicketKey::parse(part)
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    keys
}

/// The ticket keys that stand in a text as words: `[WRKA-7] login`.
pub(super) fn keys_within(text: &str) -> Vec<TicketKey> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let capital = |word: &&str| word.chars().all(|c| !c.is_ascii_lowercase());
    keys(&words.filter(capital).collect::<Vec<_>>().join(" "))
}

/// Keys in one cell.
pub(super) fn joined(keys: &[TicketKey]) -> String {
    let keys: Vec<&str> = keys.iter().map(TicketKey::as_str).collect();
    keys.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_come_back() {
        for cell in [
            "=1+1", "'=1", "''@x", "-2", "\tx", " =1", "＝1", "'quoted'", "plain", "",
        ] {
            let safe = harmless(cell);
            assert!(!runs(&safe) || safe.starts_with('\''), "{cell}");
            assert_eq!(restored(&safe), cell);
        }
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("it's"), "it's");
    }

    #[test]
    fn durations_of_tools_are_minutes() {
        let cases = [
            ("1m 45s", 2),
            ("30s", 1),
            ("1h 30m", 90),
            ("01:30", 90),
            ("15 min", 15),
            ("15.5", 16),
        ];
        for (text, expected) in cases {
            assert_eq!(minutes(text), Some(expected), "{text}");
        }
        assert_eq!(minutes("soon"), None);
        for n in [1, 59, 60, 61, 1_440] {
            assert_eq!(minutes(&duration(n)), Some(n));
        }
    }

    #[test]
    fn keys_are_found_in_lists_and_names() {
        assert_eq!(
            joined(&keys("wrka-1, WRKA-2;WRKA-1 nothing")),
            "WRKA-1,WRKA-2"
        );
        assert_eq!(joined(&keys_within("[WRKA-7] utf-8 survives")), "WRKA-7");
    }
}
