//! What of a file was used, assumed and left unread, as text.

use atlas_core::domain::{Assumption, ColumnReport, FileReport, UnreadValues};

use crate::style::{FAINT, WARN, paint};
use crate::text::{count, plain, wrap};

/// Columns and the like that are shown; `--json` has all.
const SHOWN: usize = 5;

/// What a person sees before all else.
pub fn warnings(report: &FileReport, width: usize) -> String {
    let line = |warning: &String| {
        let text = wrap(&plain(warning), width, "");
        format!("{}\n", paint(WARN, text))
    };
    report.warnings.iter().map(line).collect()
}

/// The rest of the account, below the counts.
pub fn account(report: &FileReport, width: usize) -> String {
    let mut lines = Vec::new();
    lines.extend(report.encoding.iter().map(|name| format!("read as {name}")));
    lines.extend(report.assumed.iter().map(assumed));
    lines.extend(report.unread.iter().take(SHOWN).map(unread));
    lines.extend(more(
        report.unread.len(),
        "more columns with values like these",
    ));
    let left = report.sheets.iter().filter_map(|sheet| {
        let reason = sheet.left_out.as_ref()?;
        Some(format!("sheet \"{}\" was not read: {reason}", sheet.name))
    });
    lines.extend(left);
    lines.extend(unused(&report.columns));
    let line = |line: &String| format!("{}\n", paint(FAINT, wrap(&plain(line), width, "  ")));
    lines.iter().map(line).collect()
}

fn assumed(one: &Assumption) -> String {
    let option = match one.about.as_str() {
        "date_order" | "decimal" | "encoding" | "delimiter" => {
            format!(" (--{} says otherwise)", one.about.replace('_', "-"))
        }
        "column" | "columns" => " (--column says otherwise)".to_owned(),
        _ => String::new(),
    };
    match (one.about.as_str(), one.assumed.as_str()) {
        ("hidden", _) => format!("read although hidden: {}", one.why),
        (_, "unknown") => format!("{}{option}", one.why),
        _ => format!("assumed {}: {}{option}", one.assumed, one.why),
    }
}

fn unread(one: &UnreadValues) -> String {
    let values = count(one.count, "value");
    let place = match (one.line, one.count) {
        (0, _) => String::new(),
        (line, 1) => format!(" in line {line}"),
        (line, _) => format!(", the first in line {line}"),
    };
    format!(
        "{values} of \"{}\" could not be read{place}: \"{}\"; expected {}",
        one.column, one.example, one.expected
    )
}

/// The columns that nothing was made of, with what is in them.
fn unused(columns: &[ColumnReport]) -> Option<String> {
    let unused: Vec<&ColumnReport> = columns
        .iter()
        .filter(|column| column.used_as.is_none() && column.first_value.is_some())
        .collect();
    let one = |column: &&ColumnReport| {
        let sheet = column.sheet.as_ref();
        let sheet = sheet.map_or(String::new(), |sheet| format!(" of the sheet \"{sheet}\""));
        let value = column.first_value.as_deref().unwrap_or_default();
        format!("{}{sheet} (\"{value}\")", column.name)
    };
    let mut names: Vec<String> = unused.iter().take(SHOWN).map(one).collect();
    names.extend(more(unused.len(), "more (--json has all)"));
    (!names.is_empty()).then(|| format!("columns that were not used: {}", names.join(", ")))
}

fn more(all: usize, what: &str) -> Option<String> {
    (all > SHOWN).then(|| format!("… and {} {what}", all - SHOWN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_assumed_unread_and_unused_is_said() {
        let column = |name: &str, used_as: Option<&str>, value: &str| ColumnReport {
            name: name.into(),
            used_as: used_as.map(str::to_owned),
            first_value: Some(value.into()),
            ..ColumnReport::default()
        };
        let report = FileReport {
            encoding: Some("windows-1252".into()),
            columns: vec![
                column("Key", Some("key"), "A-1"),
                column("Sprint", None, "7"),
            ],
            unread: vec![UnreadValues {
                column: "Created".into(),
                count: 2,
                line: 3,
                example: "soon".into(),
                expected: "a date".into(),
            }],
            assumed: vec![Assumption {
                about: "date_order".into(),
                assumed: "day-first".into(),
                why: "03/04/2025 could be either".into(),
            }],
            ..FileReport::default()
        };
        let text = anstream::adapter::strip_str(&account(&report, 120)).to_string();
        assert_eq!(
            text,
            "  read as windows-1252\n  \
             assumed day-first: 03/04/2025 could be either (--date-order says otherwise)\n  \
             2 values of \"Created\" could not be read, the first in line 3: \"soon\"; expected a date\n  \
             columns that were not used: Sprint (\"7\")\n"
        );
    }
}
