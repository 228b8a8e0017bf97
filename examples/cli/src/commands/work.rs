//! The tester's tickets, and the notes on them.

use atlas_core::domain::{WorkFilter, WorkOrder};
use atlas_core::{Atlas, Result};
use serde_json::json;

use super::{standard_input, sync};
use crate::args::work as args;
use crate::output::Output;
use crate::show;

pub fn work(atlas: &Atlas, args: &args::Work, output: Output) -> Result<()> {
    let filter = WorkFilter {
        assignee: args.assignee.clone(),
        status: args.status.clone(),
        project: args.project.as_ref().map(|key| key.to_uppercase()),
        unresolved: !args.all,
        words: args.words.clone(),
        order: Some(WorkOrder::parse(&args.order)?),
    };
    let work = match args.live {
        true => {
            let client = sync::client(args.kind, args.ca_file.clone())?;
            atlas.tickets().work_live(&client, &filter, args.limit, 0)?
        }
        false => atlas.tickets().work(&filter, args.limit, 0)?,
    };
    let (zone, left) = (
        atlas.profile().settings()?.zone()?,
        atlas.sessions().left_open()?,
    );
    output.answer(&work, |width| {
        let left = left.map_or_else(String::new, |_| show::session::left_open_line());
        show::work::list(&work, &zone, width) + &left
    })
}

pub fn recent(atlas: &Atlas, args: &args::Recent, output: Output) -> Result<()> {
    let tickets = atlas.tickets().recent(args.limit)?;
    output.answer(&json!({"tickets": tickets}), |width| {
        show::work::recent(&tickets, width)
    })
}

/// Sets what is given; shows what is there where nothing is.
pub fn note(atlas: &Atlas, args: &args::Note, output: Output) -> Result<()> {
    let key = args.key.as_str();
    let mut changed = args.clear;
    if args.clear {
        atlas.tickets().clear_note(key)?;
    }
    if let Some(difficulty) = args.difficulty {
        atlas.tickets().set_difficulty(key, Some(difficulty))?;
        changed = true;
    }
    if let Some(text) = &args.text {
        let text = match text.as_str() {
            "-" => standard_input()?,
            text => text.to_owned(),
        };
        atlas.tickets().set_note(key, Some(&text))?;
        changed = true;
    }
    let (key, note) = (atlas.tickets().get(key)?.key, atlas.tickets().note(key)?);
    output.answer(&json!({"ticket_key": key, "note": note}), |width| {
        show::work::note(&key, note.as_ref(), changed, width)
    })
}

pub fn notes(atlas: &Atlas, args: &args::Notes, output: Output) -> Result<()> {
    let notes = atlas
        .tickets()
        .search_notes(&args.words.join(" "), args.limit)?;
    output.answer(&json!({"notes": notes}), |width| {
        show::work::notes(&notes, width)
    })
}
