//! Tickets to test and notes on them, as text.

use atlas_core::domain::{DataSource, MyWork, SessionStatus, TicketKey, TicketNote, WorkItem};
use jiff::tz::TimeZone;

use super::table::{Rows, cell, faint, key};
use crate::style::{FAINT, KEY, STRONG, WARN, paint, paint_lines};
use crate::text::{count, duration, plain, plain_lines, wrap};

pub fn list(work: &MyWork, zone: &TimeZone, width: usize) -> String {
    let mut text = source(work, zone, width);
    if work.tickets.is_empty() {
        return text + "No ticket is to be tested there. `--all` lists resolved ones too.\n";
    }
    text += "\n";
    text += &table(&work.tickets, width);
    let more = work.count.saturating_sub(work.tickets.len() as u64);
    if more > 0 {
        let line = format!("… and {} (--limit)", count(more, "more ticket"));
        text += &format!("  {}\n", paint(FAINT, line));
    }
    text
}

/// How many, where they come from, and why not from Jira.
fn source(work: &MyWork, zone: &TimeZone, width: usize) -> String {
    let sync = work.last_sync.map(|at| {
        let local = at.to_zoned(zone.clone());
        local.strftime("%Y-%m-%d %H:%M").to_string()
    });
    let from = match (work.data_source, sync) {
        (DataSource::Live, _) => "live from Jira".to_owned(),
        (DataSource::Cached, Some(sync)) => format!("as stored; last synced {sync}"),
        (DataSource::Cached, None) => "as stored".to_owned(),
    };
    let mut text = format!(
        "{}  {}\n",
        paint(STRONG, count(work.count, "ticket")),
        paint(FAINT, from)
    );
    if let Some(why) = &work.live_failed {
        let line = wrap(&plain(&format!("Jira was not reached: {why}")), width, "");
        text += &format!("{}\n", paint_lines(WARN, &line));
    }
    text
}

fn table(tickets: &[WorkItem], width: usize) -> String {
    let mut table = Rows::new(&["ticket", "priority", "status", "title"], width);
    for item in tickets {
        let cells = vec![
            key(item.ticket_key.as_str()),
            cell(item.priority.as_deref().unwrap_or("–")),
            faint(&item.status),
            cell(&item.summary),
        ];
        table.add_with_note(cells, &beside(item));
    }
    table.text()
}

/// What there is on the ticket: the open session, the prediction, difficulty, note.
fn beside(item: &WorkItem) -> String {
    let session = item.session.as_ref().map(|session| {
        let state = match session.status {
            SessionStatus::Paused => "in a break",
            _ => "under way",
        };
        format!("session {} {state}", session.id)
    });
    let predicted = item.prediction.as_ref().map(|made| {
        let changed = match made.stale.is_empty() {
            true => "",
            false => ", changed since",
        };
        let scenarios = count(u64::from(made.scenarios), "scenario");
        format!("{scenarios}, {}{changed}", duration(made.total_minutes))
    });
    let difficulty = item
        .difficulty
        .map(|hard| format!("difficulty {hard} of 5"));
    let all = [session, predicted, difficulty, item.my_note.clone()];
    all.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

pub fn recent(tickets: &[WorkItem], width: usize) -> String {
    match tickets.is_empty() {
        true => "You have dealt with no ticket yet.\n".to_owned(),
        false => table(tickets, width),
    }
}

pub fn note(key: &TicketKey, note: Option<&TicketNote>, changed: bool, width: usize) -> String {
    let said = if changed { "now has" } else { "has" };
    let Some(note) = note else {
        return format!("{} {said} no note.\n", paint(KEY.bold(), key));
    };
    format!("{} {said}\n", paint(KEY.bold(), key)) + &content(note, width)
}

fn content(note: &TicketNote, width: usize) -> String {
    let mut text = String::new();
    if let Some(difficulty) = note.difficulty {
        text += &format!(
            "  {}\n",
            paint(FAINT, format!("difficulty {difficulty} of 5"))
        );
    }
    for line in plain_lines(note.note.as_deref().unwrap_or_default()).lines() {
        text += &(wrap(line, width, "  ") + "\n");
    }
    text
}

pub fn notes(notes: &[TicketNote], width: usize) -> String {
    if notes.is_empty() {
        return "No note has all these words.\n".to_owned();
    }
    let one = |note: &TicketNote| {
        format!("{}\n", paint(KEY.bold(), &note.ticket_key)) + &content(note, width)
    };
    notes.iter().map(one).collect()
}
