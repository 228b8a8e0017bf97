//! What stands in a cell: formulas made harmless, numbered steps, durations, keys.

use std::borrow::Cow;

use crate::domain::{Step, TicketKey};
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

/// Items as `1. "…"` lines, quotes doubled, so that an item may have several lines.
pub(super) fn numbered(items: &[&str]) -> String {
    let line = |(i, item): (usize, &&str)| format!("{}. \"{}\"", i + 1, item.replace('"', "\"\""));
    let lines: Vec<String> = items.iter().enumerate().map(line).collect();
    lines.join("\n")
}

/// The items of `1. …` lines with their numbers; what follows a line without the next number
/// belongs to it. Text before the first number, or without any, is item 1.
pub(super) fn unnumbered(cell: &str) -> Vec<(usize, String)> {
    let mut items: Vec<(usize, String)> = Vec::new();
    let mut rest = cell;
    while !rest.is_empty() {
        let last = items.last().map_or(0, |(number, _)| *number);
        if let Some((number, after)) = number(rest).filter(|(number, _)| *number > last) {
            if let Some((item, after)) = quoted(after) {
                items.push((number, item));
                rest = after;
                continue;
            }
            let (line, after) = first_line(after);
            items.push((number, line.trim().to_owned()));
            rest = after;
            continue;
        }
        let (line, after) = first_line(rest);
        match items.last_mut() {
            Some((_, item)) => {
                item.push('\n');
                item.push_str(line.trim_end());
            }
            None if line.trim().is_empty() => {}
            None => items.push((1, line.trim().to_owned())),
        }
        rest = after;
    }
    for (_, item) in &mut items {
        item.truncate(item.trim_end().len());
    }
    items
}

/// `12. ` or `12) ` at the start of a line, and what comes after it.
fn number(text: &str) -> Option<(usize, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = text.get(..digits)?.parse().ok()?;
    let after = text.get(digits..)?.strip_prefix(['.', ')'])?;
    let blank = after.is_empty() || after.starts_with([' ', '\t', '\n', '\r', '"']);
    blank.then(|| (number, after.trim_start_matches([' ', '\t'])))
}

/// A text in quotes that ends its line.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut at = 0;
    loop {
        at += inner.get(at..)?.find('"')?;
        match inner.get(at + 1..) {
            Some(after) if after.starts_with('"') => at += 2,
            Some(after) => {
                let (left, next) = first_line(after);
                let ends = left.trim().is_empty();
                return ends.then(|| (inner[..at].replace("\"\"", "\""), next));
            }
            None => return None,
        }
    }
}

fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// A line of a steps cell: `2. Submit => It is saved`.
pub(crate) fn step(line: &str) -> Option<Step> {
    let line = without_number(line);
    let cut = ["=>", " -> ", "|"]
        .iter()
        .find_map(|mark| line.split_once(mark));
    let (action, expected) = cut.unwrap_or((line, ""));
    let (action, expected) = (action.trim(), expected.trim());
    (!action.is_empty()).then(|| Step::new(action, expected))
}

/// A line without the number or bullet that it begins with.
pub(super) fn without_number(line: &str) -> &str {
    let line = line.trim();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = (rest.len() < line.len())
        .then(|| rest.strip_prefix(['.', ')']))
        .flatten();
    let bullet = || line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    number.or_else(bullet).unwrap_or(line).trim()
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
        for start in whole.into_iter().chain(parts) {
            let word = format!("{}-{}", &project[start..], &after[..digits]);
            if let Ok(key) = TicketKey::parse(&word)
                && !keys.contains(&key)
            {
                keys.push(key);
            }
        }
    }
    keys
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
    fn numbered_cells_hold_any_text() {
        let items = ["Open \"A\"\n2. not a step", "", "Save"];
        let cell = numbered(&items);
        let back: Vec<String> = unnumbered(&cell)
            .into_iter()
            .map(|(_, item)| item)
            .collect();
        assert_eq!(back, items);
        let classic = "1. Open\n   the form\n2. Save\n4. Close";
        let back = unnumbered(classic);
        assert_eq!(back[0], (1, "Open\n   the form".to_owned()));
        assert_eq!(back[2], (4, "Close".to_owned()));
        assert_eq!(unnumbered("just one"), [(1, "just one".to_owned())]);
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
