//! What the store promises: its repositories, its files, its processes.

mod documents;
mod files;
mod learning;
mod predictions;
mod processes;
mod speed;
mod speed_of_work;
mod tickets;
mod transactions;
mod upgrades;
mod work;

use atlas_core::Result;
use atlas_core::domain::{Ticket, TicketFields, TicketKey, TicketLink};
use atlas_core::store::{Change, Repositories, Store};
use jiff::Timestamp;

fn key(text: &str) -> TicketKey {
    TicketKey::parse(text).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A ticket with something in every field.
fn ticket(text: &str) -> Ticket {
    Ticket {
        jira_id: Some(format!("id of {text}")),
        description: Some("# Steps\n1. Open".to_owned()),
        ticket_type: "Bug".to_owned(),
        status: "To Do".to_owned(),
        priority: Some("Major".to_owned()),
        resolution: Some("Fixed".to_owned()),
        assignee: Some("Kayla Gilbert".to_owned()),
        reporter: Some("O'Neil".to_owned()),
        components: vec!["Forms, all".to_owned(), "Ünï".to_owned()],
        labels: vec!["a".to_owned()],
        created: Some(time("2024-05-01T09:30:00.25Z")),
        updated: Some(time("2024-05-02T09:30:00Z")),
        resolved: Some(time("2024-05-03T09:30:00Z")),
        parent: Some(key("WRKA-900")),
        links: vec![link("Duplicate", "WMB-1"), link("Relates", "WMB-2")],
        ..Ticket::new(key(text), "Form loses the date")
    }
}

fn link(kind: &str, other: &str) -> TicketLink {
    let kind = kind.to_owned();
    TicketLink {
        kind,
        key: key(other),
    }
}

fn put(db: &Repositories<'_>, ticket: &Ticket) -> (i64, Change) {
    db.tickets().upsert(ticket, TicketFields::ALL).unwrap()
}

/// Runs `f` in a transaction of a new database.
fn fresh(f: impl FnOnce(&Repositories<'_>) -> Result<()>) {
    Store::open_in_memory().unwrap().write(f).unwrap();
}
