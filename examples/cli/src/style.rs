//! Colours. Written always; the output stream drops them where they are not wanted.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

/// Headings and names.
pub const STRONG: Style = Style::new().bold();
/// What may be overread.
pub const FAINT: Style = Style::new().dimmed();
/// Good, likely.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Worth a look.
pub const WARN: Style = AnsiColor::Yellow.on_default();
/// Bad, critical.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Ticket keys and commands.
pub const KEY: Style = AnsiColor::Cyan.on_default();

/// What the coach says.
pub const SAID: Style = AnsiColor::Magenta.on_default().italic();

/// The text in a style.
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// The text in a style, every line on its own, so that a pager may cut between lines.
pub fn paint_lines(style: Style, text: &str) -> String {
    text.lines()
        .map(|line| paint(style, line))
        .collect::<Vec<_>>()
        .join("\n")
}
