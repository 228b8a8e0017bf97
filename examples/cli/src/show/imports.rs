//! Imports that are done, and what taking one back did, as text.

use atlas_core::domain::{ImportCounts, ImportRecord, ImportState, ImportUndone};
use comfy_table::{Cell, CellAlignment, Color};

use super::table::{Rows, cell, faint};
use crate::style::{FAINT, KEY, WARN, paint};
use crate::text::{count, plain, wrap};

/// What was kept and is shown; `--json` has more.
const KEPT: usize = 10;

pub fn list(imports: &[ImportRecord], command: &str, width: usize) -> String {
    if imports.is_empty() {
        return "Nothing was imported yet.\n".to_owned();
    }
    let header = ["", "when", "what", "new", "updated", "state", "from"];
    let mut rows = Rows::new(&header, width).numbers(3..5);
    for import in imports {
        let began = import
            .began_at
            .map(|at| at.strftime("%Y-%m-%d %H:%MZ").to_string());
        let state = match import.state {
            ImportState::Complete => cell("complete"),
            ImportState::Stopped => cell("stopped").fg(Color::DarkYellow),
            other => faint(other.as_str()),
        };
        let number = |number: u64| Cell::new(number).set_alignment(CellAlignment::Right);
        rows.add(vec![
            number(import.import_id.unsigned_abs()),
            cell(&began.unwrap_or_default()),
            cell(import.kind.as_str()),
            number(import.new.total()),
            number(import.updated.total()),
            state,
            cell(&match import.is_sample {
                true => format!("{} (sample)", import.source),
                false => import.source.clone(),
            }),
        ]);
    }
    let is_kept = |import: &ImportRecord| {
        matches!(import.state, ImportState::Complete | ImportState::Stopped)
    };
    if !imports.iter().any(is_kept) {
        return rows.text();
    }
    let hint = paint(KEY, format!("{command} undo-import ID"));
    format!("{}{} {hint}\n", rows.text(), paint(FAINT, "Take one back:"))
}

/// How to take imports back that were just done.
pub fn hint(ids: &[i64], command: &str) -> String {
    let lines = ids.iter().map(|id| {
        let typed = paint(KEY, format!("{command} undo-import {id}"));
        format!("{} {typed}\n", paint(FAINT, "Take it back:"))
    });
    lines.collect()
}

/// How to take the sample out.
pub fn removal(command: &str) -> String {
    let typed = paint(KEY, format!("{command} sample remove"));
    format!("{} {typed}\n", paint(FAINT, "Take it out again:"))
}

pub fn undone(undone: &ImportUndone, width: usize) -> String {
    let import = &undone.record;
    let mut text = format!(
        "Taken back: import {}, {}\n",
        import.import_id,
        plain(&import.source)
    );
    let said = [
        (undone.removed, "removed"),
        (undone.put_back, "put back as before"),
    ];
    for (counts, verb) in said.into_iter().filter(|(counts, _)| counts.total() > 0) {
        text += &format!("  {} {verb}\n", what(&counts));
    }
    if undone.removed.total() + undone.put_back.total() == 0 {
        text += "  Nothing was left to take back.\n";
    }
    if undone.removed_predictions > 0 {
        let scenarios = count(undone.removed_predictions, "predicted scenario");
        text += &format!("  {scenarios} without an answer removed with it\n");
    }
    if undone.withdrawn_models > 0 {
        let versions = count(undone.withdrawn_models, "version");
        text += &format!("  {versions} of what was learned withdrawn\n");
    }
    text + &kept(undone, width)
}

pub fn sample_removed(all: &[ImportUndone], width: usize) -> String {
    if all.is_empty() {
        return "No sample is loaded.\n".to_owned();
    }
    all.iter().map(|one| undone(one, width)).collect()
}

fn kept(undone: &ImportUndone, width: usize) -> String {
    if undone.kept_count == 0 {
        return String::new();
    }
    let said = format!("  {} kept:", undone.kept_count);
    let mut text = format!("{}\n", paint(WARN, said));
    for kept in undone.kept.iter().take(KEPT) {
        let line = format!("{} {}: {}", kept.what, kept.name, kept.reason);
        text += &format!("{}\n", wrap(&plain(&line), width, "    "));
    }
    let more = undone.kept_count.saturating_sub(KEPT as u64);
    if more > 0 {
        let more = format!("… and {more} more (--json has the first 1,000)");
        text += &format!("    {}\n", paint(FAINT, more));
    }
    text
}

/// `2 tickets, 1 observation`.
fn what(counts: &ImportCounts) -> String {
    let all = [
        (counts.tickets, "ticket"),
        (counts.patterns, "pattern"),
        (counts.observations, "observation"),
    ];
    let said = all.into_iter().filter(|(number, _)| *number > 0);
    let said: Vec<String> = said.map(|(number, noun)| count(number, noun)).collect();
    said.join(", ")
}
