//! Results as text for people, one file per kind of result.

pub mod achievements;
pub mod activity;
pub mod alike;
pub mod analysis;
pub mod backtest;
pub mod care;
pub mod exchange;
pub mod feedback;
mod file;
pub mod gaps;
pub mod import;
pub mod imports;
pub mod info;
pub mod memory;
pub mod models;
pub mod patterns;
pub mod prediction;
pub mod profile;
pub mod questions;
pub mod review;
mod score;
pub mod session;
pub mod session_end;
pub mod sync;
pub mod table;
pub mod ticket;
pub mod today;
pub mod work;

use std::path::Path;

use atlas_core::domain::{Draft, Ticket, TicketKey};

use crate::style::{FAINT, KEY, SAID, STRONG, paint, paint_lines};
use crate::text::{fit, plain, wrap};

/// What an answer is about.
#[derive(Debug, Default)]
pub struct Asked {
    /// The ticket; absent for free text.
    pub key: Option<TicketKey>,
    summary: String,
    facts: Vec<String>,
}

impl From<&Ticket> for Asked {
    fn from(ticket: &Ticket) -> Self {
        let known = [
            ticket.ticket_type.clone(),
            ticket.status.clone(),
            ticket.priority.clone().unwrap_or_default(),
        ];
        let facts = known.into_iter().chain(ticket.components.clone()).collect();
        Asked {
            key: Some(ticket.key.clone()),
            summary: ticket.summary.clone(),
            facts,
        }
    }
}

impl From<&Draft> for Asked {
    fn from(draft: &Draft) -> Self {
        let facts = draft
            .priority
            .iter()
            .chain(&draft.components)
            .cloned()
            .collect();
        Asked {
            key: None,
            summary: draft.summary.clone(),
            facts,
        }
    }
}

impl Asked {
    /// The key and title, below them what is known about it.
    fn header(&self, width: usize) -> String {
        let name = self.key.as_ref().map_or("Your text", TicketKey::as_str);
        let lines = wrap(&plain(&self.summary), width, &format!("{name}  "));
        let title = lines.strip_prefix(name).unwrap_or(&lines).trim_start();
        let mut header = format!(
            "{}  {}\n",
            paint(KEY.bold(), name),
            paint_lines(STRONG, title)
        );
        let facts: Vec<String> = self
            .facts
            .iter()
            .map(|fact| fit(fact, 30))
            .filter(|fact| !fact.is_empty())
            .collect();
        if !facts.is_empty() {
            header += &paint_lines(FAINT, &wrap(&facts.join(" · "), width, ""));
            header.push('\n');
        }
        header
    }
}

/// A heading with an empty line before it.
fn heading(text: &str) -> String {
    format!("\n{}\n", paint(STRONG, text))
}

/// What the coach says; nothing where it is silent. Its lines may have quotes of their own.
pub fn coach_line(line: Option<&str>, width: usize) -> String {
    line.map_or_else(String::new, |line| {
        let said = wrap(&plain(line), width, "  » ");
        paint_lines(SAID, &said) + "\n"
    })
}

/// A path as one types it.
pub fn quoted(path: &Path) -> String {
    let path = plain(&path.display().to_string());
    if path.contains(|c: char| c.is_whitespace() || "'\"\\$&;()<>|*?`!#".contains(c)) {
        format!("'{}'", path.replace('\'', r"'\''"))
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_the_ticket_and_acts_on_no_terminal() {
        let mut ticket = Ticket::new(
            TicketKey::parse("WMB-7").unwrap(),
            "Export\u{1b}[2J is empty",
        );
        ticket.components = vec!["Re\u{7}ports".to_owned()];
        let header = anstream::adapter::strip_str(&Asked::from(&ticket).header(80)).to_string();
        assert_eq!(header, "WMB-7  Export[2J is empty\nReports\n");
    }

    #[test]
    fn paths_are_quoted_for_a_shell() {
        assert_eq!(quoted(Path::new("work.db")), "work.db");
        assert_eq!(quoted(Path::new("my work.db")), "'my work.db'");
    }
}
