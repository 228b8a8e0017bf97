//! Where answers go: text or JSON to standard output, errors to standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use anstream::AutoStream;
use atlas_core::{Error, Result};
use serde::Serialize;
use serde_json::json;

use crate::style::{BAD, FAINT, paint};
use crate::text::plain;

/// Columns where the output is no terminal.
const DEFAULT_WIDTH: usize = 100;
/// Lines longer than this are hard to read.
const MOST_WIDTH: usize = 120;

/// How answers are given.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// In JSON.
    pub json: bool,
    /// Columns of a line.
    pub width: usize,
}

impl Output {
    pub fn new(json: bool) -> Self {
        let columns = if std::io::stdout().is_terminal() {
            terminal_size::terminal_size()
        } else {
            None
        };
        let width = columns.map_or(DEFAULT_WIDTH, |(width, _)| {
            usize::from(width.0).clamp(40, MOST_WIDTH)
        });
        Output { json, width }
    }

    /// Gives an answer: the value as JSON, or what `text` makes of it for this many columns.
    pub fn answer<T: Serialize>(self, value: &T, text: impl FnOnce(usize) -> String) -> Result<()> {
        if self.json {
            print(&to_json(value)?)
        } else {
            print(&text(self.width))
        }
    }

    /// Says why the command failed.
    pub fn fail(self, error: &Error) {
        if self.json {
            self.complain(error.code(), &error.to_string(), &json!(error.details()));
        } else {
            self.complain(error.code(), &plain(&error.to_string()), &json!({}));
        }
    }

    /// An error with its code, message and details. Standard error may be closed: then nobody listens.
    pub fn complain(self, code: &str, message: &str, details: &serde_json::Value) {
        let error = json!({"error": {"code": code, "message": message, "details": details}});
        let text = match to_json(&error) {
            Ok(json) if self.json => json,
            _ => format!("{} {message}\n", paint(BAD, "error:")),
        };
        let _ = AutoStream::auto(std::io::stderr()).write_all(text.as_bytes());
    }
}

/// A path as text; JSON cannot hold what is not Unicode.
pub fn path_text<S: serde::Serializer>(
    path: &std::path::Path,
    to: S,
) -> std::result::Result<S::Ok, S::Error> {
    to.collect_str(&path.display())
}

/// Writes text to standard output, without colours where they are not wanted.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = AutoStream::auto(std::io::stdout().lock());
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(unwritten)
}

/// Says something beside the answer. Standard error may be closed: then nobody listens.
pub fn note(text: &str) {
    let text = format!("{} {text}\n", paint(FAINT, "note:"));
    let _ = AutoStream::auto(std::io::stderr()).write_all(text.as_bytes());
}

/// Whether the reader of standard output has gone, as in `atlas … | head`.
pub fn nobody_reads(error: &Error) -> bool {
    matches!(error, Error::File { source, .. } if source.kind() == ErrorKind::BrokenPipe)
}

fn unwritten(source: std::io::Error) -> Error {
    Error::File {
        path: "standard output".into(),
        source,
    }
}

/// Pretty JSON. Control characters that JSON allows in strings are escaped too, because some
/// terminals act on them.
fn to_json<T: Serialize>(value: &T) -> Result<String> {
    let json = serde_json::to_string_pretty(value).map_err(|error| unwritten(error.into()))?;
    let mut safe = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}' => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => safe.push(c),
        }
    }
    safe.push('\n');
    Ok(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_holds_no_control_character_and_the_same_value() {
        let json = to_json(&"a\u{1b}[2Jb\u{9b}31mc").unwrap();
        assert!(!json.trim_end().chars().any(char::is_control));
        assert_eq!(
            serde_json::from_str::<String>(&json).unwrap(),
            "a\u{1b}[2Jb\u{9b}31mc"
        );
    }
}
