//! Values that another program put where readers find nothing of use, by table, row and column.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::columns;
use super::migrate::in_memory;
use super::notes::difficulty_of;
use super::profiles::date;
use super::tickets::key_of;
use crate::Result;
use crate::domain::{Outcome, SessionStatus};

/// So many rows are named for each column; the others are counted.
const NAMED: u64 = 20;
/// Characters of a value that are shown.
const SHOWN: usize = 40;

/// What becomes of a value that is not needed.
const ABSENT: &str = "it is read as absent";

/// What a column is to hold.
#[derive(Clone, Copy)]
enum Holds {
    Whole,
    Count,
    Number,
    Text,
    Bytes,
    Hash,
    Time,
    Day,
    Key,
    Json,
    Status,
    Outcome,
    Difficulty,
}

/// Counters of the specification's tables: 0 to 4,294,967,295.
const COUNTS: [&str; 20] = [
    "actual_time_minutes",
    "avg_time_minutes",
    "break_count",
    "break_time_minutes",
    "current_progress",
    "current_streak",
    "duration_minutes",
    "estimated_time_minutes",
    "frequency",
    "longest_streak",
    "minutes",
    "actual_minutes",
    "rating",
    "steps_completed",
    "steps_total",
    "target",
    "user_rating",
    "xp_level",
    "xp_reward",
    "xp_total",
];

/// Columns whose type does not say all.
const SPECIAL: [(&str, &str, Holds); 15] = [
    ("ticket_notes", "difficulty_rating", Holds::Difficulty),
    ("jira_tickets", "jira_key", Holds::Key),
    ("testing_sessions", "status", Holds::Status),
    ("testing_sessions", "outcome", Holds::Outcome),
    ("atlas_prediction_runs", "body", Holds::Json),
    ("atlas_models", "body", Holds::Json),
    ("atlas_models", "log", Holds::Json),
    ("atlas_events", "body", Holds::Json),
    ("atlas_challenge_details", "goal", Holds::Json),
    ("atlas_vectors", "codes", Holds::Bytes),
    ("atlas_documents", "terms", Holds::Bytes),
    ("agent_memory", "embedding", Holds::Bytes),
    ("atlas_import_rows", "row_key", Holds::Bytes),
    ("atlas_import_rows", "before", Holds::Bytes),
    ("atlas_import_rows", "after", Holds::Bytes),
];

/// Columns without which a row is of no use.
const NEEDED: [(&str, &str); 12] = [
    ("jira_tickets", "jira_key"),
    ("predictions", "jira_ticket_id"),
    ("testing_sessions", "jira_ticket_id"),
    ("testing_sessions", "user_id"),
    ("ticket_notes", "jira_ticket_id"),
    ("ticket_notes", "user_id"),
    ("daily_challenges", "user_id"),
    ("daily_challenges", "challenge_date"),
    ("atlas_documents", "terms"),
    ("atlas_vectors", "codes"),
    ("atlas_models", "body"),
    ("atlas_prediction_runs", "body"),
];

/// Every value that its column should not hold, named; sorted by table and column.
pub(super) fn findings(connection: &Connection) -> Result<Vec<String>> {
    let fresh = in_memory()?;
    let mut findings = Vec::new();
    for table in tables(&fresh)? {
        for column in &table.columns {
            look(connection, &table, column, &mut findings)?;
        }
    }
    findings.extend(passed_over_sessions(connection)?);
    Ok(findings)
}

struct CheckedTable {
    name: String,
    /// What names a row.
    key: Vec<String>,
    columns: Vec<(String, Holds)>,
}

/// The tables of a schema of our own making: no name comes from a file.
fn tables(fresh: &Connection) -> Result<Vec<CheckedTable>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
               ORDER BY name";
    let names: Vec<String> = fresh
        .prepare(sql)?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    names.into_iter().map(|name| table(fresh, name)).collect()
}

fn table(fresh: &Connection, name: String) -> Result<CheckedTable> {
    let sql = "SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid";
    let mut statement = fresh.prepare(sql)?;
    let columns: Vec<(String, String, i64)> = statement
        .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let of_key = columns.iter().filter(|(_, _, key)| *key > 0);
    let key: Vec<String> = of_key.map(|(column, ..)| column.clone()).collect();
    // SQLite itself holds a row's number to be one.
    let numbers_rows = |column: &str, kind: &str| kind == "INTEGER" && key == [column];
    let looked_at = columns
        .iter()
        .filter(|(column, kind, _)| !numbers_rows(column, kind))
        .map(|(column, kind, _)| (column.clone(), holds(&name, column, kind)))
        .collect();
    Ok(CheckedTable {
        columns: looked_at,
        key,
        name,
    })
}

fn holds(table: &str, column: &str, kind: &str) -> Holds {
    let special = SPECIAL.iter().find(|(t, c, _)| (*t, *c) == (table, column));
    if let Some((.., holds)) = special {
        return *holds;
    }
    match kind {
        "INTEGER" if COUNTS.contains(&column) => Holds::Count,
        "INTEGER" | "BOOLEAN" => Holds::Whole,
        "REAL" => Holds::Number,
        "TIMESTAMP" => Holds::Time,
        "DATE" => Holds::Day,
        "BLOB" => Holds::Hash,
        _ => Holds::Text,
    }
}

fn look(
    connection: &Connection,
    table: &CheckedTable,
    (column, holds): &(String, Holds),
    findings: &mut Vec<String>,
) -> Result<()> {
    let (name, key) = (&table.name, table.key.join(", "));
    let suspect = holds.suspect(column);
    let sql =
        format!("SELECT {column}, {key} FROM {name} WHERE {column} IS NOT NULL AND {suspect}");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = 0;
    while let Some(row) = rows.next()? {
        if holds.is_readable(row) || holds.may_be_empty(name, column) && is_blank(row) {
            continue;
        }
        found += 1;
        if found <= NAMED {
            let (value, expected) = (shown(row.get_ref(0)?), holds.expected());
            let outcome = outcome(name, column);
            findings.push(format!(
                "row {} of {name}: {column} {value} is not {expected}; {outcome}",
                row_name(row, table.key.len())
            ));
        }
    }
    if found > NAMED {
        let more = found - NAMED;
        findings.push(format!(
            "{more} more rows of {name}: {column} is not {}",
            holds.expected()
        ));
    }
    Ok(())
}

fn outcome(table: &str, column: &str) -> &'static str {
    if NEEDED.contains(&(table, column)) {
        "the row is passed over"
    } else if (table, column) == ("testing_sessions", "started_at") {
        "the session is listed and counts for nothing"
    } else if table == "atlas_events" {
        "nothing can be reckoned from the log; restore a backup"
    } else {
        ABSENT
    }
}

fn is_blank(row: &Row<'_>) -> bool {
    columns::text(row, 0).is_some_and(|text| text.trim().is_empty())
}

impl Holds {
    /// A condition that sound rows do not meet, so that few are looked at one by one.
    fn suspect(self, column: &str) -> String {
        match self {
            Holds::Whole => format!("typeof({column}) <> 'integer'"),
            Holds::Count => {
                format!("(typeof({column}) <> 'integer' OR {column} NOT BETWEEN 0 AND 4294967295)")
            }
            // What is infinite is nothing when it is multiplied by 0.
            Holds::Number => {
                format!("(typeof({column}) NOT IN ('real', 'integer') OR {column} * 0 IS NULL)")
            }
            Holds::Text => format!("typeof({column}) = 'blob'"),
            Holds::Bytes => format!("typeof({column}) <> 'blob'"),
            Holds::Hash => format!("(typeof({column}) <> 'blob' OR length({column}) <> 16)"),
            // A freed key is the number of its row after a number sign.
            Holds::Key => format!("instr({column}, '#') = 0"),
            Holds::Difficulty => {
                format!("(typeof({column}) <> 'integer' OR {column} NOT BETWEEN 1 AND 5)")
            }
            Holds::Time | Holds::Day | Holds::Json | Holds::Status | Holds::Outcome => {
                "1".to_owned()
            }
        }
    }

    /// Whether an empty text says no more than that there is nothing.
    fn may_be_empty(self, table: &str, column: &str) -> bool {
        matches!(self, Holds::Time | Holds::Day | Holds::Outcome)
            && outcome(table, column) == ABSENT
    }

    /// Whether readers find something in a row's first column.
    fn is_readable(self, row: &Row<'_>) -> bool {
        let word = || columns::text(row, 0).map(|word| word.trim().to_lowercase());
        match self {
            Holds::Whole => columns::integer(row, 0).is_some(),
            Holds::Count => columns::count(row, 0).is_some(),
            Holds::Number => columns::real(row, 0).is_some(),
            Holds::Text | Holds::Bytes => false,
            Holds::Difficulty => difficulty_of(row, 0).is_some(),
            Holds::Hash => columns::hash(row, 0).is_some(),
            Holds::Time => columns::time(row, 0).is_some(),
            Holds::Day => date(row, 0).is_some(),
            Holds::Key => key_of(row, 0).is_some(),
            Holds::Json => columns::text(row, 0)
                .is_some_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok()),
            Holds::Status => word()
                .and_then(|word| SessionStatus::from_name(&word))
                .is_some(),
            Holds::Outcome => word().and_then(|word| Outcome::from_name(&word)).is_some(),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Holds::Whole => "a whole number",
            Holds::Count => "a whole number from 0 to 4294967295",
            Holds::Number => "a number",
            Holds::Text => "text",
            Holds::Bytes => "bytes",
            Holds::Difficulty => "1 to 5",
            Holds::Hash => "a hash of 16 bytes",
            Holds::Time => "a time such as 2024-05-01T09:30:00Z",
            Holds::Day => "a day such as 2024-05-01",
            Holds::Key => "a ticket key such as WRKA-1234",
            Holds::Json => "JSON",
            Holds::Status => "active, paused, completed or cancelled",
            Holds::Outcome => "passed, failed or blocked",
        }
    }
}

/// Sessions of other programs that are completed and got no events when the database was opened.
fn passed_over_sessions(connection: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT id FROM testing_sessions s
               WHERE lower(trim(status)) = 'completed' AND trim(coalesce(outcome, '')) = '' AND NOT EXISTS
                   (SELECT 1 FROM atlas_events e WHERE e.session_id = s.id) ORDER BY id";
    let mut statement = connection.prepare(sql)?;
    let ids = statement.query_map([], |row| row.get::<_, i64>(0))?;
    let finding = |id: i64| {
        format!(
            "row {id} of testing_sessions: outcome is empty in a completed session; the session is \
             listed and counts for nothing"
        )
    };
    Ok(ids
        .map(|id| id.map(finding))
        .collect::<rusqlite::Result<_>>()?)
}

fn row_name(row: &Row<'_>, columns: usize) -> String {
    let parts = (1..=columns).map(|at| row.get_ref(at).map_or("?".to_owned(), short));
    parts.collect::<Vec<_>>().join("/")
}

/// A value of a row's key.
fn short(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(bytes) => cut(&String::from_utf8_lossy(bytes)),
        other => shown(other),
    }
}

/// A value as it stands there; the beginning of a long one.
fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "nothing".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => format!("{:?}", cut(&String::from_utf8_lossy(bytes))),
        ValueRef::Blob(bytes) => format!("({} bytes)", bytes.len()),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
