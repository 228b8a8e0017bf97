//! Tables and JSON that have a ticket's key and are no tickets: work logs, comments, executions,
//! test cases, versions, boards.

use serde_json::Value;

use super::places::Places;
use crate::domain::TicketImport;
use crate::exchange::columns;
use crate::exchange::document;
use crate::exchange::report::shortened;
use crate::exchange::table::Columns;

/// Why a table is not read as tickets, if it is none: what it looks like, by which columns, and
/// what reads it.
pub(super) fn refuse(names: &Columns, places: &Places) -> Option<String> {
    let words = columns::section("not_tickets");
    let of = |list: &str| -> Vec<&str> {
        let named = names.iter().filter(|(_, name)| words.is(list, name));
        named.map(|(_, name)| name).collect()
    };
    let has = |field: &str| !places.of(field).is_empty();
    let is_summary = |name: &str| {
        let ticket = columns::section("ticket").field(name);
        ticket.is_some_and(|named| named.field == "summary") && !is_of_issue(name)
    };
    let summary = names.iter().any(|(_, name)| is_summary(name));
    let is_name = |name: &str| ["name", "title"].contains(&columns::plain(name).as_str());
    let by_name = names
        .iter()
        .all(|(_, name)| !is_summary(name) || is_name(name));
    // What an export of tickets has, and lists about tickets do not.
    let is_export = has("created") || has("description") || has("reporter");

    let (hours, maybe) = (of("worklog"), of("worklog_maybe"));
    let enough = !hours.is_empty() && hours.len() + maybe.len() >= 2
        || !summary && has_time(&maybe) && maybe.len() >= 2
        || !has("status") && has_time(&maybe) && maybe.len() >= 3;
    let is_certain = hours.len() >= 2 && !summary;
    if is_certain || enough && !is_export {
        let what = "a work log";
        return Some(said(
            what,
            [hours, maybe].concat(),
            "work logs are not imported",
        ));
    }
    let about = of("about");
    if !about.is_empty() && !summary {
        let what = "a list of comments or changes";
        return Some(said(what, about, "such lists are not imported"));
    }
    let lists = of("lists");
    if !lists.is_empty() && by_name && !is_export {
        let what = "a list of versions, boards or sprints";
        return Some(said(what, lists, "such lists are not imported"));
    }
    let (runs, maybe) = (
        of("executions"),
        [of("test_key"), of("executions_maybe")].concat(),
    );
    let enough = runs.len() >= 2
        || !of("test_key").is_empty()
        || !summary && runs.len() + maybe.len() >= 2
        || !runs.is_empty() && maybe.len() >= 2;
    if enough && !(is_export && summary) {
        let reads = "import-history reads which test was used for which ticket, import-results the \
                     results of runs";
        return Some(said(
            "a list of test executions",
            [runs, maybe].concat(),
            reads,
        ));
    }
    let steps = of("test_cases");
    let enough = steps.len() >= 2 || steps.len() == 1 && by_name && !has("status");
    if enough && !has("created") && !places.sections.iter().any(|s| s.1 == "actual_result") {
        return Some(said(
            "test cases",
            steps,
            "import-patterns reads test cases",
        ));
    }
    None
}

/// Why a record of JSON is not read as a ticket, if it is none; an issue with `fields` is one.
pub(super) fn refuse_record(record: &Value) -> Option<String> {
    let fields = record.as_object()?;
    if fields.get("fields").is_some_and(Value::is_object) {
        return None;
    }
    if let Some(what) = document::of_record(record) {
        return Some(format!("it looks like {what}, and not like a ticket"));
    }
    let filled = fields.iter().filter(|(_, value)| !value.is_null());
    let names = Columns::new(filled.map(|(name, _)| name.clone()).collect());
    let places = Places::new(&names, &TicketImport::default()).ok()?;
    refuse(&names, &places).map(|reason| reason.replacen("(columns ", "(fields ", 1))
}

/// Whether a name says that it is about a ticket: `Issue summary` in a list of something else.
fn is_of_issue(name: &str) -> bool {
    let name = columns::plain(name);
    ["issue", "ticket", "workitem"]
        .iter()
        .any(|word| name.starts_with(word))
}

fn has_time(columns: &[&str]) -> bool {
    let times = ["time spent", "duration", "dauer"];
    columns
        .iter()
        .any(|name| times.contains(&columns::fold(name).as_str()))
}

fn said(what: &str, by: Vec<&str>, reads: &str) -> String {
    let by: Vec<String> = by.iter().take(6).map(|name| shortened(name)).collect();
    format!(
        "it looks like {what} (columns {}), and not like tickets; {reads}",
        by.join(", ")
    )
}
