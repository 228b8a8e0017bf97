//! What became, or would become, of test cases and results, as text.

use atlas_core::domain::{TestAction, TestField, TestItem, TestReport};

use super::{file, quoted};
use crate::commands::exchange::Taken;
use crate::style::{FAINT, GOOD, WARN, paint};
use crate::text::{plain, wrap};

/// Items of each kind that are shown; `--json` has all.
const SHOWN: usize = 10;

pub fn taken(all: &[Taken], width: usize) -> String {
    all.iter()
        .map(|one| {
            let report = &one.report;
            let said = counts(report, ["new", "updated", "unchanged", "skipped"]);
            let format = paint(FAINT, report.format.as_str());
            let mut text = file::warnings(&report.file, width);
            text += &format!("{}  {format}  {said}\n", quoted(&one.file));
            text += &items(report, width);
            if let Some(reason) = &report.truncated {
                let reason = wrap(
                    &plain(&format!("the file ends early: {reason}")),
                    width,
                    "  ",
                );
                text += &format!("{}\n", paint(WARN, reason));
            }
            if report.linked > 0 {
                let verb = if report.dry_run {
                    "would be linked"
                } else {
                    "linked"
                };
                text += &format!("  {} {verb} with tickets\n", report.linked);
            }
            for note in &report.notes {
                text += &format!("{}\n", wrap(&plain(note), width, "  "));
            }
            text += &file::account(&report.file, width);
            text + end(report)
        })
        .collect()
}

pub fn exported(report: &TestReport, width: usize) -> String {
    let mut text = String::new();
    for file in report.files.iter().take(SHOWN) {
        text += &format!("{}\n", quoted(file));
    }
    if report.files.len() > SHOWN {
        text += &format!("… and {} more files\n", report.files.len() - SHOWN);
    }
    let format = paint(FAINT, report.format.as_str());
    let said = counts(report, ["new", "updated", "as before", "left out"]);
    text += &format!("{format}  {said}\n");
    text += &items(report, width);
    let lossy: Vec<&TestItem> = report
        .items
        .iter()
        .filter(|i| !i.not_held.is_empty())
        .collect();
    if !lossy.is_empty() {
        let said = format!("{} could not be held as they are:", lossy.len());
        text += &format!("{}\n", paint(WARN, said));
        for item in lossy.iter().take(SHOWN) {
            let fields: Vec<String> = item.not_held.iter().map(|field| word(*field)).collect();
            let line = format!("{}: {}", item.name, fields.join(", "));
            text += &format!("{}\n", wrap(&plain(&line), width, "  "));
        }
    }
    for note in &report.notes {
        text += &format!("{}\n", paint(FAINT, wrap(note, width, "")));
    }
    text + end(report)
}

fn end(report: &TestReport) -> &'static str {
    match report.dry_run {
        true => "Nothing was done: this was a dry run.\n",
        false => "",
    }
}

/// `65 new, 2 skipped`; what did not happen is not said.
fn counts(report: &TestReport, words: [&str; 4]) -> String {
    let numbers = [
        (report.created, GOOD),
        (report.updated, GOOD),
        (report.unchanged, FAINT),
        (report.refused, WARN),
    ];
    let said: Vec<String> = numbers
        .iter()
        .zip(words)
        .filter(|((number, _), _)| *number > 0)
        .map(|((number, style), word)| paint(*style, format!("{number} {word}")))
        .collect();
    match said.is_empty() {
        true => paint(WARN, "nothing in it"),
        false => said.join(", "),
    }
}

/// What was refused or has a reason; in a dry run also what would be new or different.
fn items(report: &TestReport, width: usize) -> String {
    let mut text = String::new();
    for action in [
        TestAction::Created,
        TestAction::Updated,
        TestAction::Unchanged,
        TestAction::Refused,
    ] {
        let shown: Vec<&TestItem> = report
            .items
            .iter()
            .filter(|item| item.action == action)
            .filter(|item| {
                let changes = matches!(action, TestAction::Created | TestAction::Updated);
                item.reason.is_some() || (report.dry_run && changes)
            })
            .collect();
        for item in shown.iter().take(SHOWN) {
            text += &format!("{}\n", wrap(&plain(&line(item)), width, "  "));
        }
        if shown.len() > SHOWN {
            let more = format!("… and {} more (--json has all)", shown.len() - SHOWN);
            text += &format!("  {}\n", paint(FAINT, more));
        }
    }
    text
}

fn line(item: &TestItem) -> String {
    let mut place = Vec::new();
    place.extend(item.file.as_ref().map(|file| file.display().to_string()));
    if item.line > 0 {
        place.push(format!("line {}", item.line));
    }
    place.extend(item.column.map(|column| format!("character {column}")));
    let what = match item.action {
        TestAction::Created => "new",
        TestAction::Updated => "updated",
        TestAction::Unchanged => "unchanged",
        TestAction::Refused => "",
    };
    let name = match &item.external_id {
        Some(id) if !item.name.is_empty() => format!("{} ({id})", item.name),
        _ => item.name.clone(),
    };
    let reason = item.reason.clone().unwrap_or_default();
    let parts = [place.join(", "), what.into(), name, reason];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

fn word(field: TestField) -> String {
    match field {
        TestField::PatternType => "type".into(),
        TestField::Active => "retired or not".into(),
        other => format!("{other:?}").to_lowercase(),
    }
}
