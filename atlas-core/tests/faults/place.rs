//! A folder with a small database that has something in every family of tables, and what lies in a
//! folder, row by row.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use atlas_core::domain::{
    Feedback, FeedbackTarget, MemoryEntry, Outcome, Prediction, SessionPlan, Step, TestPattern,
    Ticket, TicketKey, silent,
};
use atlas_core::{Atlas, AtlasBuilder, Result};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// The database's name in every folder.
pub const DATABASE: &str = "work.db";
/// Made again from the other rows, or counters of the file's own changes.
const DERIVED: [&str; 4] = [
    "atlas_documents",
    "atlas_vectors",
    "atlas_revisions",
    "sqlite_sequence",
];
const TICKETS: [&str; 4] = [
    "CSV export of the report drops umlauts",
    "Export of a large report never ends",
    "Login form accepts an expired password",
    "Saving the form loses the date",
];
const PATTERNS: [&str; 4] = [
    "Export keeps all characters",
    "Login with an expired password is refused",
    "Form keeps its values when saved",
    "Report of 100,000 rows is exported",
];

pub fn builder() -> AtlasBuilder {
    let noon = || Timestamp::from_second(1_760_000_000).unwrap();
    Atlas::builder()
        .model(super::tiny::model())
        .starter_catalogue(false)
        .retrain_after(None)
        .clock(noon)
}

pub fn open(folder: &Path) -> Result<Atlas> {
    builder().open(folder.join(DATABASE))
}

/// The bytes of a small database after a part of a tester's life, and then `more`.
pub fn lived_in(more: impl FnOnce(&Atlas)) -> Vec<u8> {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    let made = MADE.get_or_init(|| database_of(None, live));
    database_of(Some(made), more)
}

/// The bytes of a database, new or given, after something was done with it.
pub fn database_of(given: Option<&[u8]>, doing: impl FnOnce(&Atlas)) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    if let Some(given) = given {
        fs::write(folder.path().join(DATABASE), given).unwrap();
    }
    let atlas = open(folder.path()).unwrap();
    doing(&atlas);
    drop(atlas);
    fs::read(folder.path().join(DATABASE)).unwrap()
}

pub fn ticket(number: usize, summary: &str) -> Ticket {
    Ticket::new(
        TicketKey::parse(&format!("WRKA-{number}")).unwrap(),
        summary,
    )
}

/// The scenarios of a prediction that are stored patterns, by their rows.
pub fn rows(prediction: &Prediction) -> Vec<i64> {
    let scenarios = prediction.scenarios.iter();
    scenarios.map(|s| s.prediction_id.unwrap()).collect()
}

fn live(atlas: &Atlas) {
    let tickets = (1..).zip(TICKETS);
    let tickets: Vec<Ticket> = tickets.map(|(n, summary)| ticket(n, summary)).collect();
    atlas.tickets().add(&tickets).unwrap();
    let pattern = |(number, name): (usize, &str)| TestPattern {
        key: Some(format!("MM-T{number}")),
        steps: vec![Step::new("Do it", "It is done"), Step::new("Again", "")],
        ..TestPattern::new(name, "Form Submission")
    };
    let patterns: Vec<TestPattern> = (1..).zip(PATTERNS).map(pattern).collect();
    atlas.patterns().add_all(&patterns).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    let first = atlas.predict("WRKA-1", 3).unwrap();
    let said = Feedback::accepted().minutes(20).comments("quick");
    let target = FeedbackTarget::Scenario(rows(&first)[0]);
    atlas.feedback(target, &said).unwrap();
    let second = atlas.predict("WRKA-2", 2).unwrap();
    let plan = SessionPlan::Prediction(second.id.unwrap());
    let session = atlas.sessions().start("WRKA-2", &plan).unwrap();
    atlas.sessions().step_done(session.id, 1).unwrap();
    atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    atlas
        .tickets()
        .set_note("WRKA-3", Some("hard to reach"))
        .unwrap();
    let entry = MemoryEntry::text("context", "k", "dates of forms");
    atlas.memory().put(&entry).unwrap();
    atlas
        .tickets()
        .mark_not_similar("WRKA-1", "WRKA-4")
        .unwrap();
}

/// What lies in a folder: every row of every database that no other row makes again, and what any
/// other file holds. Each database is sound.
pub fn content(folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    // First the databases: what was left of a transaction goes when one is opened.
    for name in names(folder) {
        let path = folder.join(&name);
        if is_database(&path) {
            lines.push(format!("{name} is a database"));
            append_rows(&path, &name, &mut lines);
        }
    }
    for name in names(folder) {
        let path = folder.join(&name);
        let log = ["-wal", "-shm"].iter().any(|log| name.ends_with(log));
        if !log && !is_database(&path) {
            let bytes = fs::read(&path).unwrap();
            if name.starts_with(DATABASE) && bytes.iter().take(8).all(|byte| *byte == 0) {
                // A database that holds nothing yet, or a journal that has ended.
                continue;
            }
            lines.push(format!("{name}: {:?}", String::from_utf8_lossy(&bytes)));
        }
    }
    lines
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn is_database(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0"))
}

fn append_rows(path: &Path, file: &str, lines: &mut Vec<String>) {
    let connection = Connection::open(path).unwrap();
    let sound: String = connection
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok", "{file}");
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    let names: Vec<String> = names.map(rusqlite::Result::unwrap).collect();
    for name in names
        .iter()
        .filter(|name| !DERIVED.contains(&name.as_str()))
    {
        let sql = format!("SELECT * FROM {name}");
        let mut statement = connection.prepare(&sql).unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values = (0..columns).map(|at| shown(row.get_ref(at).unwrap()));
            let values: Vec<String> = values.collect();
            lines.push(format!("{file} {name}: {}", values.join(", ")));
        }
    }
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
        other => format!("{other:?}"),
    }
}
