//! What an import did, as text.

use std::path::Path;

use atlas_core::Counts;

use super::{file, quoted};
use crate::commands::Imported;
use crate::style::{FAINT, GOOD, KEY, WARN, paint};
use crate::text::{count, plain, wrap};

/// Skipped lines that are shown; `--json` has all.
const SKIPPED: usize = 10;

pub fn text(imported: &[Imported], width: usize) -> String {
    imported.iter().map(|one| one_file(one, width)).collect()
}

fn one_file(imported: &Imported, width: usize) -> String {
    let report = &imported.report;
    let mut text = file::warnings(&report.file, width);
    text += &format!("{}  {}\n", quoted(&imported.file), counts(imported));
    for skipped in report.skipped.iter().take(SKIPPED) {
        let line = if skipped.line == 0 {
            String::new()
        } else {
            format!("line {}: ", skipped.line)
        };
        text += &wrap(&plain(&skipped.reason), width, &format!("  {line}"));
        text.push('\n');
    }
    let all = report.skipped_count.max(report.skipped.len() as u64);
    if all > SKIPPED as u64 {
        let more = all - SKIPPED as u64;
        text += &format!(
            "  {}\n",
            paint(
                FAINT,
                format!("… and {more} more (--json has the first 1,000)")
            )
        );
    }
    if let Some(reason) = &report.truncated {
        let reason = wrap(
            &plain(&format!("the file ends early: {reason}")),
            width,
            "  ",
        );
        text += &format!("{}\n", paint(WARN, reason));
    }
    text += &file::account(&report.file, width);
    if report.dry_run {
        text += "Nothing was done: this was a dry run.\n";
    }
    text
}

/// `65 new, 2 skipped`; what did not happen is not said.
fn counts(imported: &Imported) -> String {
    let report = &imported.report;
    let skipped = report.skipped_count.max(report.skipped.len() as u64);
    let all = [
        (report.new, "new", GOOD),
        (report.updated, "updated", GOOD),
        (report.unchanged, "unchanged", FAINT),
        (skipped, "skipped", WARN),
    ];
    let said: Vec<String> = all
        .iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, word, style)| paint(*style, format!("{n} {word}")))
        .collect();
    if said.is_empty() {
        paint(WARN, "nothing in it")
    } else {
        said.join(", ")
    }
}

/// What an export wrote.
pub fn exported(file: &Path, observations: u64) -> String {
    let said = paint(GOOD, count(observations, "observation"));
    format!("{}  {said}\n", quoted(file))
}

/// What to do next with a database that holds this much.
pub fn next(held: &Counts, command: &str) -> String {
    let own = held.patterns - held.starter_patterns.min(held.patterns);
    let (next, why) = if held.tickets == 0 {
        ("import FILE", "brings in your tickets")
    } else if own == 0 {
        (
            "import-patterns FILE",
            "brings in your test cases; until then, scenarios come from a starter catalogue",
        )
    } else if held.observations == 0 {
        (
            "import-history FILE",
            "says which test was right for which ticket, so that ATLAS learns from it",
        )
    } else {
        ("predict KEY", "says what to test for a ticket")
    };
    let holds = format!(
        "{}, {} of your own",
        count(held.tickets, "ticket"),
        count(own, "pattern")
    );
    format!(
        "\nThe database holds {holds}.\nNext: {}  {}\n",
        paint(KEY, format!("{command} {next}")),
        paint(FAINT, why)
    )
}

#[cfg(test)]
mod tests {
    use atlas_core::domain::{ImportReport, Skipped};

    use super::*;

    #[test]
    fn ten_skipped_lines_are_enough() {
        let skipped = (1..=42)
            .map(|line| Skipped {
                line,
                reason: "the \u{1b}[31mkey is missing".to_owned(),
            })
            .collect();
        let report = ImportReport {
            new: 3,
            skipped,
            skipped_count: 42,
            ..ImportReport::default()
        };
        let text = text(
            &[Imported {
                file: "a.csv".into(),
                report,
            }],
            80,
        );
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(
            text.starts_with("a.csv  3 new, 42 skipped\n  line 1: the [31mkey is missing\n"),
            "{text}"
        );
        assert!(
            text.ends_with("… and 32 more (--json has the first 1,000)\n"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 12);
    }
}
