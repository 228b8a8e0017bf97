//! What stands in a cell: formulas made harmless, durations, keys.

use std::borrow::Cow;

use crate::domain::TicketKey;
use crate::exchange::distinct::distinct;
use crate::exchange::numbers::Numbers;

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
    Numbers::default().minutes(text)
}

/// Minutes as tools write them: `1h 30m`.
pub(super) fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

/// Longer words are no keys.
const LONGEST_KEY: usize = 300;

/// The ticket keys in a list.
pub(super) fn keys(text: &str) -> Vec<TicketKey> {
    let parts = text.split(|c: char| c.is_whitespace() || ",;|".contains(c));
    distinct(parts.filter_map(|part| TicketKey::parse(part).ok()))
}

/// The keys in a cell, also those at the end of an address.
pub(super) fn keys_of_cell(cell: &str) -> Vec<TicketKey> {
    match cell.contains("://") {
        true => keys(&cell.replace(['/', '?', '#'], " ")),
        false => keys(cell),
    }
}

/// The keys in a value that names tickets: those that it is a list of, with their addresses, and
/// those that are words of a sentence such as `Export as UTF-8 works`, which may be none.
pub(super) fn keys_and_guesses(text: &str) -> (Vec<TicketKey>, Vec<TicketKey>) {
    let parts = text.split(|c: char| c.is_whitespace() || ",;|".contains(c));
    let (mut told, mut is_sentence) = (Vec::new(), false);
    for part in parts.filter(|part| !part.is_empty()) {
        let address = part.split_once("/browse/").map(|(_, rest)| rest);
        let key = address.and_then(|rest| rest.split(['?', '#', '/']).next());
        match TicketKey::parse(key.unwrap_or(part)) {
            Ok(key) => told.push(key),
            Err(_) => is_sentence = true,
        }
    }
    match is_sentence {
        false => (distinct(told), Vec::new()),
        true => (addressed(text), keys_within(text)),
    }
}

/// The keys of the addresses in a sentence.
fn addressed(text: &str) -> Vec<TicketKey> {
    let after = text.split("/browse/").skip(1);
    let is_of_key = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let keys = after.filter_map(|rest| rest.split(|c| !is_of_key(c)).next());
    keys.filter_map(|key| TicketKey::parse(key).ok()).collect()
}

/// A name without the keys of tickets at its ends: `NIM-2: Menu fits`, `Menu fits [NIM-2]`.
pub(crate) fn without_keys(name: &str) -> &str {
    const AROUND: [char; 10] = ['[', ']', '(', ')', '{', '}', ':', ',', ';', '|'];
    const BETWEEN: [char; 7] = [' ', ':', ',', '|', '-', '\u{2013}', '\u{2014}'];
    let is_key = |word: &str| TicketKey::parse(word.trim_matches(AROUND)).is_ok();
    let mut rest = name.trim();
    loop {
        let first = rest.split(char::is_whitespace).next().unwrap_or_default();
        let last = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
        if is_key(first) {
            rest = rest[first.len()..].trim_start_matches(BETWEEN);
        } else if is_key(last) {
            rest = rest[..rest.len() - last.len()].trim_end_matches(BETWEEN);
        } else {
            return rest;
        }
    }
}

/// What looks like a ticket's key in a text: `[WRKA-7] login`, `test_WRKA-7`; so do UTF-8 and
/// COVID-19. Whoever stores them asks which projects there are.
pub(super) fn keys_within(text: &str) -> Vec<TicketKey> {
    let mut keys: Vec<TicketKey> = Vec::new();
    for (hyphen, _) in text.match_indices('-') {
        let (before, after) = (&text[..hyphen], &text[hyphen + 1..]);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 || after[digits..].starts_with(char::is_alphanumeric) {
            continue;
        }
        let is_of_project = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let outside = before.trim_end_matches(is_of_project);
        let project = &before[outside.len()..];
        // `TEST_WRKA-7` may be of the project TEST_WRKA or of WRKA.
        let whole = (!outside.ends_with(char::is_alphanumeric)).then_some(0);
        let parts = project.match_indices('_').map(|(at, _)| at + 1);
        let starts = whole.into_iter().chain(parts);
        for start in starts.filter(|start| project.len() - start + digits <= LONGEST_KEY) {
            let word = format!("{}-{}", &project[start..], &after[..digits]);
            keys.extend(TicketKey::parse(&word));
        }
    }
    distinct(keys)
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
        for (text, found) in [
            ("[WRKA-7] utf-8 survives", "WRKA-7"),
            ("test_WRKA-7_login", "WRKA-7"),
            ("TEST_WRKA-7", "TEST_WRKA-7,WRKA-7"),
            ("web.WRKA-7.LoginTest, NIM-1-b", "WRKA-7,NIM-1"),
            ("xWRKA-7 WRKA-7x ÄWRKA-7 A-1 WRKA- -7", ""),
            ("UTF-8", "UTF-8"),
        ] {
            assert_eq!(joined(&keys_within(text)), found, "{text}");
        }
    }
}
