//! What a table looks like: tickets, test cases, a list of executions, or something else about
//! them. It is said to those who gave a file to the wrong reader.

use serde_json::Value;

use super::super::detect;
use super::super::names::{self, Column, common_field, is_word};
use super::places::Places;
use crate::domain::TestFormat;
use crate::exchange::columns::{self, plain};
use crate::exchange::history_words;
use crate::exchange::report::shortened;
use crate::exchange::table::{Columns, header_in};

/// So many columns are named in a message.
const NAMED: usize = 6;
/// So many bytes tell what a file looks like.
const START: usize = 256 * 1024;
/// Columns that only test cases have.
const OF_TESTS: [Column; 12] = [
    Column::Action,
    Column::Steps,
    Column::StepNumber,
    Column::StepName,
    Column::Shared,
    Column::Bdd,
    Column::Plain,
    Column::Expected,
    Column::StepsExpected,
    Column::Precondition,
    Column::TestType,
    Column::External,
];

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TableKind {
    Tickets,
    Cases,
    Executions,
    Worklog,
    Changes,
    Lists,
}

impl TableKind {
    fn words(self) -> &'static str {
        match self {
            TableKind::Tickets => "tickets",
            TableKind::Cases => "test cases",
            TableKind::Executions => "a list of test executions",
            TableKind::Worklog => "a work log",
            TableKind::Changes => "a list of comments or changes",
            TableKind::Lists => "a list of versions, boards or sprints",
        }
    }

    fn reader(self) -> &'static str {
        match self {
            TableKind::Tickets => "import reads tickets",
            TableKind::Cases => "import-patterns reads test cases",
            TableKind::Executions => "import-history reads which test was used for which ticket",
            TableKind::Worklog | TableKind::Changes | TableKind::Lists => {
                "such lists are not imported"
            }
        }
    }
}

/// What a table is about, and the columns that tell.
struct Looks {
    kind: TableKind,
    by: Vec<String>,
}

impl Looks {
    fn new<'n>(kind: TableKind, by: impl IntoIterator<Item = &'n str>) -> Self {
        let by = by.into_iter().take(NAMED).map(shortened).collect();
        Looks { kind, by }
    }

    /// Words that go on from "it looks like".
    fn words(&self) -> String {
        format!("{} (columns {})", self.kind.words(), self.by.join(", "))
    }
}

/// Why a table is not read as test cases, if it is about something else and has nothing of them.
/// The format that the user gives settles it.
pub(in crate::exchange::cases) fn no_cases(columns: &Columns, places: &Places) -> Option<String> {
    let looks = match holds_cases(places) {
        true => None,
        false => of_something_else(columns),
    }?;
    let more = match looks.kind {
        TableKind::Tickets => {
            ". Test cases from Jira need the column \"Issue Type\" or Xray's fields; the format csv \
             takes every row for a test case"
        }
        _ => "",
    };
    let (words, reader) = (looks.words(), looks.kind.reader());
    Some(format!(
        "it looks like {words}, and not like test cases; {reader}{more}"
    ))
}

/// What a file that is neither JSON nor XML looks like, and which command reads it.
pub(in crate::exchange::cases) fn of_text(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..START.min(bytes.len())).unwrap_or(bytes);
    if let Some(looks) = feature(start) {
        return Some(looks.to_owned());
    }
    let known = |columns: &Columns| names::known_by_any(columns).max(tickets(columns));
    looks_like(&Columns::new(header_in(start, &known)))
}

/// Words for a feature file, where a text is one.
pub(crate) fn feature(start: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(start);
    let is_feature = detect::is_gherkin(&text);
    is_feature.then_some("it looks like a feature file: import-patterns reads test cases")
}

/// What a table looks like by its columns, and which command reads it.
pub(crate) fn looks_like(columns: &Columns) -> Option<String> {
    let names = columns.iter().map(|(_, name)| name);
    let format = detect::table(names);
    let places = Places::new(columns, format, &Default::default()).ok();
    let has_steps = steps(columns).next().is_some();
    let looks = match places.filter(|places| has_steps || holds_cases(places)) {
        Some(_) if has_steps => Some(Looks::new(TableKind::Cases, steps(columns))),
        Some(places) => of_something_else(columns).or_else(|| {
            let by = places.names_of_tests();
            // Tickets of other tools have folders, too: `Category` beside `Assignee` and `Updated`.
            let is_folder = |name: &&str| common_field(name) == Some(Column::Kind);
            let is_open = by.iter().all(is_folder) && TicketColumns::of(columns).has_own_fields();
            (!is_open).then(|| Looks::new(TableKind::Cases, by))
        }),
        None => of_something_else(columns),
    };
    looks.map(|looks| format!("it looks like {}: {}", looks.words(), looks.kind.reader()))
}

/// The names of columns that hold steps, results of steps or preconditions, in any language.
pub(crate) fn steps(columns: &Columns) -> impl Iterator<Item = &str> {
    let holds = |name: &str| match common_field(name) {
        Some(Column::Steps | Column::Bdd | Column::Precondition) => true,
        Some(Column::StepsExpected) => !is_word("result", name),
        _ => false,
    };
    let names = columns.iter().map(|(_, name)| name);
    names.filter(move |name| holds(name))
}

impl Places {
    /// The names of columns that only test cases have, folders of them among these.
    fn names_of_tests(&self) -> Vec<&str> {
        let is_folder =
            |name: &&str| !is_word("type", name) && common_field(name) == Some(Column::Kind);
        // What tickets have as well tells nothing, nor does a column called only `Result`.
        let tells = |name: &&str| {
            !is_word("result", name) && columns::section("ticket_custom").field(name).is_none()
        };
        let of = |columns: &[Column]| -> Vec<&str> {
            let places = columns.iter().flat_map(|column| self.at(*column));
            places.map(|place| self.name(*place)).collect()
        };
        let folders = of(&[Column::Kind, Column::Component])
            .into_iter()
            .filter(is_folder);
        let folders: Vec<&str> = folders.collect();
        let tests = of(&OF_TESTS).into_iter().filter(tells);
        tests.chain(folders).collect()
    }
}

/// Whether a table has anything that only test cases have.
fn holds_cases(places: &Places) -> bool {
    let is_tool = !matches!(places.format(), TestFormat::Csv | TestFormat::JiraCsv);
    let is_test = places.format() == TestFormat::JiraCsv && places.has(Column::IssueType);
    is_tool || is_test || places.has_step_columns() || !places.names_of_tests().is_empty()
}

fn of_something_else(columns: &Columns) -> Option<Looks> {
    let words = columns::section("not_tickets");
    let of = |list: &str| -> Vec<&str> {
        let names = columns.iter().map(|(_, name)| name);
        names.filter(|name| words.is(list, name)).collect()
    };
    if let Some(by) = history_words::columns_of_executions(columns) {
        return Some(Looks::new(TableKind::Executions, by));
    }
    for (list, kind) in [
        ("executions", TableKind::Executions),
        ("worklog", TableKind::Worklog),
        ("about", TableKind::Changes),
        ("lists", TableKind::Lists),
    ] {
        let by = of(list);
        if by.len() >= 2 {
            return Some(Looks::new(kind, by));
        }
    }
    let ticket = TicketColumns::of(columns);
    ticket
        .is_sure()
        .then(|| Looks::new(TableKind::Tickets, ticket.by))
}

/// What a record of JSON looks like by its fields, and which command reads it.
pub(in crate::exchange::cases) fn of_record(record: &Value) -> Option<String> {
    let outer = record.as_object()?;
    let inner = outer.get("fields").and_then(Value::as_object);
    if outer.contains_key("key") && inner.is_some_and(|fields| fields.contains_key("summary")) {
        return Some("it looks like an issue of Jira: import reads tickets".to_owned());
    }
    let names = outer
        .keys()
        .chain(inner.into_iter().flat_map(|inner| inner.keys()));
    let looks = looks_like(&Columns::new(names.cloned().collect()))?;
    Some(looks.replacen("(columns ", "(fields ", 1))
}

/// Whether the fields of a record without steps are a ticket's.
pub(in crate::exchange::cases) fn is_ticket<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let columns = Columns::new(names.map(str::to_owned).collect());
    TicketColumns::of(&columns).is_sure()
}

/// How many columns are a ticket's key or summary.
fn tickets(columns: &Columns) -> usize {
    TicketColumns::of(columns).by.len()
}

/// What a table has of tickets.
struct TicketColumns<'c> {
    by: Vec<&'c str>,
    /// A key that is an issue's by its name, such as `Issue key`; or any, such as `Key`.
    issue_key: bool,
    key: bool,
    summary: bool,
    /// Fields that tickets have and test cases seldom; fields that both have.
    own: usize,
    shared: usize,
}

/// Fields that tickets have and test cases seldom.
const OWN: [&str; 8] = [
    "assignee",
    "reporter",
    "resolution",
    "resolved",
    "status_category",
    "parent",
    "parent_key",
    "links",
];

impl<'c> TicketColumns<'c> {
    fn of(columns: &'c Columns) -> Self {
        let section = columns::section("ticket");
        let mut found = TicketColumns {
            by: Vec::new(),
            issue_key: false,
            key: false,
            summary: false,
            own: 0,
            shared: 0,
        };
        for (_, name) in columns.iter() {
            let Some(field) = section.field(name).map(|named| named.field) else {
                continue;
            };
            let is_title = ["name", "title"].contains(&plain(name).as_str());
            match field {
                "key" => {
                    found.key = true;
                    found.issue_key = found.issue_key || section.names_issue(name);
                }
                "summary" if !is_title => found.summary = true,
                field if OWN.contains(&field) => found.own += 1,
                "status" | "created" | "updated" => found.shared += 1,
                _ => continue,
            }
            found.by.push(name);
        }
        found
    }

    fn has_own_fields(&self) -> bool {
        self.own >= 2 || self.own == 1 && self.shared >= 1
    }

    fn is_sure(&self) -> bool {
        self.summary && (self.issue_key || self.key && self.has_own_fields())
    }
}
