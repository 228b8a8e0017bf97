//! A stored ticket as text.

use atlas_core::domain::Ticket;

use super::Asked;
use crate::style::{FAINT, paint};
use crate::text::{plain, plain_lines, wrap};

pub fn text(ticket: &Ticket, width: usize) -> String {
    let mut text = Asked::from(ticket).header(width);
    for (name, value) in facts(ticket) {
        if !value.trim().is_empty() {
            let lines = wrap(&plain(&value), width, &format!("{name:>10}  "));
            text += &lines.replacen(name, &paint(FAINT, name), 1);
            text.push('\n');
        }
    }
    if let Some(description) = &ticket.description {
        text.push('\n');
        for line in plain_lines(description).lines() {
            text += wrap(line, width, "").trim_end();
            text.push('\n');
        }
    }
    text
}

fn facts(ticket: &Ticket) -> [(&'static str, String); 9] {
    let date = |instant: Option<jiff::Timestamp>| {
        instant.map(|i| i.strftime("%Y-%m-%d %H:%M UTC").to_string())
    };
    let links: Vec<String> = ticket
        .links
        .iter()
        .map(|link| format!("{} {}", link.kind, link.key))
        .collect();
    [
        ("resolution", ticket.resolution.clone().unwrap_or_default()),
        ("assignee", ticket.assignee.clone().unwrap_or_default()),
        ("reporter", ticket.reporter.clone().unwrap_or_default()),
        ("labels", ticket.labels.join(", ")),
        ("created", date(ticket.created).unwrap_or_default()),
        ("updated", date(ticket.updated).unwrap_or_default()),
        ("resolved", date(ticket.resolved).unwrap_or_default()),
        (
            "parent",
            ticket
                .parent
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        ("links", links.join(", ")),
    ]
}
