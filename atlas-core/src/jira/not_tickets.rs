//! Tables and JSON that have a ticket's key and are no tickets: work logs, comments, executions,
//! test cases, versions, boards.

use serde_json::Value;

use super::places::{IssuePlaces, Meaning, meaning};
use crate::domain::TicketImport;
use crate::exchange::cases;
use crate::exchange::columns;
use crate::exchange::document;
use crate::exchange::report::shortened;
use crate::exchange::table::Columns;

/// Why a table is not read as tickets, if it is none: what it looks like, by which columns, and
/// what reads it.
pub(super) fn refuse(names: &Columns, places: &IssuePlaces) -> Option<String> {
    let table = LooksLike { names, places };
    let cases = table.cases();
    let executions = table.executions();
    // Sheets of test cases may have a column for results, lists of executions one for steps.
    let is_cases = cases.len() >= 2 && table.of("executions").is_empty();
    let (what, by, reads) = match () {
        () if table.is_work_log() => (
            "a work log",
            table.of_both("worklog", "worklog_maybe"),
            "work logs are not imported",
        ),
        () if table.is_list_of_changes() => (
            "a list of comments or changes",
            table.of("about"),
            "such lists are not imported",
        ),
        () if table.is_list_of_others() => (
            "a list of versions, boards or sprints",
            table.of("lists"),
            "such lists are not imported",
        ),
        () if executions.is_some() && !is_cases => (
            "a list of test executions",
            executions.unwrap_or_default(),
            "import-history reads which test was used for which ticket, import-results the \
             results of runs",
        ),
        () if table.is_of_cases(&cases) => {
            ("test cases", cases, "import-patterns reads test cases")
        }
        () => return None,
    };
    Some(refusal(what, by, reads))
}

/// A table and what its columns are as those of tickets.
struct LooksLike<'t> {
    names: &'t Columns,
    places: &'t IssuePlaces,
}

impl<'t> LooksLike<'t> {
    /// The columns whose names stand in a list of `data/columns.toml`.
    fn of(&self, list: &str) -> Vec<&'t str> {
        let words = columns::section("not_tickets");
        let named = self.names.iter().filter(|(_, name)| words.is(list, name));
        named.map(|(_, name)| name).collect()
    }

    fn of_both(&self, list: &str, other: &str) -> Vec<&'t str> {
        [self.of(list), self.of(other)].concat()
    }

    fn has(&self, field: &str) -> bool {
        !self.places.of(field).is_empty()
    }

    fn summaries(&self) -> impl Iterator<Item = &'t str> {
        let is_summary = |name: &&str| {
            let ticket = columns::section("ticket").field(name);
            ticket.is_some_and(|named| named.field == "summary") && !is_of_issue(name)
        };
        self.names.iter().map(|(_, name)| name).filter(is_summary)
    }

    fn has_summary(&self) -> bool {
        self.summaries().next().is_some()
    }

    /// Whether no column is called a summary, but a name or a title.
    fn is_by_name(&self) -> bool {
        let is_name = |name: &str| ["name", "title"].contains(&columns::plain(name).as_str());
        self.summaries().all(is_name)
    }

    /// Whether it has what an export of tickets has, and lists about tickets do not.
    fn is_export(&self) -> bool {
        let fields = ["created", "description", "reporter"];
        fields.iter().any(|field| self.has(field))
    }

    fn is_work_log(&self) -> bool {
        let (hours, maybe) = (self.of("worklog"), self.of("worklog_maybe"));
        let is_bare = !self.has_summary();
        let enough = !hours.is_empty() && hours.len() + maybe.len() >= 2
            || is_bare && has_time(&maybe) && maybe.len() >= 2
            || !self.has("status") && has_time(&maybe) && maybe.len() >= 3;
        hours.len() >= 2 && is_bare || enough && !self.is_export()
    }

    fn is_list_of_changes(&self) -> bool {
        !self.of("about").is_empty() && !self.has_summary()
    }

    fn is_list_of_others(&self) -> bool {
        !self.of("lists").is_empty() && self.is_by_name() && !self.is_export()
    }

    /// The columns of a list of executions, where it is one.
    fn executions(&self) -> Option<Vec<&'t str>> {
        let (runs, keys) = (self.of("executions"), self.of("test_key"));
        let maybe = [keys.clone(), self.of("executions_maybe")].concat();
        let enough = runs.len() >= 2
            || !keys.is_empty()
            || !self.has_summary() && runs.len() + maybe.len() >= 2
            || !runs.is_empty() && maybe.len() >= 2;
        let is_list = enough && !(self.is_export() && self.has_summary());
        is_list.then(|| [runs, maybe].concat())
    }

    /// The columns that test cases have: steps and results in any language, folders.
    fn cases(&self) -> Vec<&'t str> {
        let mut cases = self.of("test_cases");
        // Tickets have notes for testers, too.
        let fields = ["status", "assignee", "type", "priority"];
        let is_bare = !fields.iter().any(|field| self.has(field));
        let is_of_ticket = |name: &str| match meaning(name) {
            Some(Meaning::Section("test_notes", _)) => !is_bare,
            other => other.is_some(),
        };
        for name in cases::step_columns(self.names).filter(|name| !is_of_ticket(name)) {
            if !cases.contains(&name) {
                cases.push(name);
            }
        }
        let is_result = |place: usize| {
            let mut sections = self.places.sections.iter();
            sections.any(|section| section.0 == place && section.1 == "expected_result")
        };
        let results = self.names.iter().filter(|(place, _)| is_result(*place));
        let results: Vec<&str> = results.map(|(_, name)| name).collect();
        if !cases.is_empty() {
            let more = results.into_iter().filter(|name| !cases.contains(name));
            let more: Vec<&str> = more.collect();
            cases.extend(more);
        }
        if self.is_by_name() && !self.has("status") {
            cases.extend(self.of("folders"));
        }
        cases
    }

    fn is_of_cases(&self, cases: &[&str]) -> bool {
        let is_bare = self.is_by_name() && !self.has("status");
        let has_actual = self.places.sections.iter().any(|s| s.1 == "actual_result");
        (cases.len() >= 2 || cases.len() == 1 && is_bare) && !self.has("created") && !has_actual
    }
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
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let key = text("key");
    let is_project_key = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let is_bare = !fields.contains_key("summary") && !text("name").is_empty();
    if is_bare && key.len() > 1 && key.chars().all(is_project_key) {
        return Some(format!(
            "it looks like the project {key}, and not like a ticket: a ticket's key has a number"
        ));
    }
    let filled = fields.iter().filter(|(_, value)| !value.is_null());
    let names = Columns::new(filled.map(|(name, _)| name.clone()).collect());
    let places = IssuePlaces::new(&names, &TicketImport::default()).ok()?;
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

fn refusal(what: &str, by: Vec<&str>, reads: &str) -> String {
    let by: Vec<String> = by.iter().take(6).map(|name| shortened(name)).collect();
    format!(
        "it looks like {what} (columns {}), and not like tickets; {reads}",
        by.join(", ")
    )
}
