//! Text for terminals: made safe, cut, wrapped, and numbers in words.

use textwrap::Options;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One line without anything that a terminal would act on; runs of blanks become one.
pub fn plain(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    harmless(&spaced)
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The same for a text of several lines, which keeps its lines and indents.
pub fn plain_lines(text: &str) -> String {
    text.lines()
        .map(|line| harmless(&line.replace('\t', "    ")))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Drops control characters (escape sequences begin with one) and those that turn the direction
/// of text around, which can make a line read as another.
fn harmless(text: &str) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|c| !acts(*c)).collect()
}

/// The text on one line, cut with `…` where it is wider than `width` columns.
pub fn fit(text: &str, width: usize) -> String {
    let text = plain(text);
    if text.width() <= width {
        return text;
    }
    let mut cut = String::new();
    let mut used = 1; // the ellipsis
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        cut.push(c);
    }
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// Wraps a line at `width` columns: the first begins with `first`, the others with blanks below it.
pub fn wrap(text: &str, width: usize, first: &str) -> String {
    let rest = " ".repeat(first.width());
    textwrap::fill(
        text,
        Options::new(width.max(first.width() + 20))
            .initial_indent(first)
            .subsequent_indent(&rest),
    )
}

/// Minutes as people say them: `45 min`, `2 h`, `1 h 35 min`.
pub fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A bar of `cells` columns for 0 to 100.
pub fn bar(percent: f32, cells: usize) -> String {
    let filled = ((percent.clamp(0.0, 100.0) / 100.0 * cells as f32).round() as usize).min(cells);
    "█".repeat(filled) + &"░".repeat(cells - filled)
}

/// A bar of `cells` columns for a part of a whole; full only where nothing is missing.
pub fn progress(done: u32, of: u32, cells: usize) -> String {
    let filled = u64::from(done.min(of)) * cells as u64 / u64::from(of.max(1));
    let filled = usize::try_from(filled).unwrap_or(cells);
    "█".repeat(filled) + &"░".repeat(cells - filled)
}

/// `1 ticket`, `65 tickets`.
pub fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Bytes as people say them: `412 B`, `1.5 MB`.
pub fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 {
            return if unit == "B" {
                format!("{bytes} B")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_their_power() {
        assert_eq!(plain("\u{1b}[2Jgone\u{7}"), "[2Jgone");
        assert_eq!(plain("a\u{9b}31mb\u{7f}"), "a31mb");
        assert_eq!(plain("abc\u{202e}txt.exe"), "abctxt.exe");
        assert_eq!(plain(" two\r\n lines\t"), "two lines");
        assert_eq!(plain_lines("one\r\n  two\u{1b}]0;x\u{7}"), "one\n  two]0;x");
    }

    #[test]
    fn cuts_by_columns_not_by_bytes() {
        assert_eq!(fit("short", 5), "short");
        assert_eq!(fit("Prüfung der Maske", 9), "Prüfung…");
        assert_eq!(fit("日本語テスト", 6), "日本…");
        assert_eq!(fit("日本語テスト", 12), "日本語テスト");
        assert_eq!(fit("x", 0), "…");
    }

    #[test]
    fn wraps_below_the_first_word() {
        let lines = wrap(
            "Open the form of the case and leave every field empty",
            30,
            " 1. ",
        );
        assert_eq!(
            lines,
            " 1. Open the form of the case\n    and leave every field\n    empty"
        );
    }

    #[test]
    fn says_minutes_and_bytes() {
        assert_eq!(duration(0), "0 min");
        assert_eq!(duration(60), "1 h");
        assert_eq!(duration(95), "1 h 35 min");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_540_000), "1.5 MB");
        assert_eq!(count(1, "ticket"), "1 ticket");
        assert_eq!(count(0, "ticket"), "0 tickets");
    }

    #[test]
    fn a_bar_keeps_its_width() {
        assert_eq!(bar(61.0, 10), "██████░░░░");
        assert_eq!(bar(f32::NAN, 4).chars().count(), 4);
        assert_eq!(bar(250.0, 4), "████");
        assert_eq!(progress(299, 300, 10), "█████████░");
        assert_eq!(progress(3, 3, 10), "██████████");
        assert_eq!(progress(0, 0, 2), "░░");
    }
}
