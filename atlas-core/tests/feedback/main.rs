//! Feedback as a host gives it: answers, what was missed, taking back, forgetting.

mod answers;
mod apart;
mod designed;
mod edge_cases;
mod forgetting;
mod speed;
mod stale;
mod undo;

use std::cell::Cell;
use std::path::Path;

use atlas_core::Atlas;
use atlas_core::domain::{Prediction, Step, TestPattern, Ticket, TicketKey, silent};
use jiff::Timestamp;
use rusqlite::Connection;

thread_local! {
    static SECONDS: Cell<i64> = const { Cell::new(1_760_000_000) };
}

fn clock() -> Timestamp {
    Timestamp::from_second(SECONDS.get()).unwrap()
}

/// The day's clock, so many seconds after its beginning.
fn set_clock(seconds: i64) {
    SECONDS.set(1_760_000_000 + seconds);
}

fn open(path: &Path) -> Atlas {
    let builder = Atlas::builder()
        .starter_catalogue(false)
        .retrain_after(None)
        .clock(clock);
    builder.open(path).unwrap()
}

fn key(text: &str) -> TicketKey {
    TicketKey::parse(text).unwrap()
}

const TICKETS: [&str; 4] = ["WRKA-1", "WRKA-2", "WRKA-3", "WRKA-4"];

fn step(action: &str) -> Vec<Step> {
    vec![Step::new(action, "")]
}

/// Four tickets and four patterns, of which two have a past of their own.
fn filled(path: &Path) -> Atlas {
    let atlas = open(path);
    let tickets = TICKETS.iter().zip([
        "CSV export of the report drops letters",
        "Export of a large report never ends",
        "Login form accepts an expired password",
        "Saving the form loses the date",
    ]);
    let tickets: Vec<Ticket> = tickets
        .map(|(text, summary)| Ticket::new(key(text), summary))
        .collect();
    atlas.tickets().add(&tickets).unwrap();
    let pattern = |key: &str, name: &str| TestPattern {
        key: Some(key.to_owned()),
        steps: step("Do it"),
        ..TestPattern::new(name, "Form Submission")
    };
    atlas
        .patterns()
        .add_all(&[
            TestPattern {
                frequency: 3,
                success_rate: 1.0 / 3.0,
                avg_time_minutes: Some(31),
                ..pattern("MM-T1", "Export keeps all characters")
            },
            TestPattern {
                frequency: 7,
                success_rate: 0.1,
                last_used: Some(Timestamp::from_second(1_760_000_050).unwrap()),
                ..pattern("MM-T2", "Login with an expired password is refused")
            },
            pattern("MM-T3", "Form keeps its values when saved"),
            pattern("MM-T4", "Report of 100,000 rows is exported"),
        ])
        .unwrap();
    atlas.database().encode(&mut silent).unwrap();
    atlas
}

/// A prediction's rows, in order.
fn rows(prediction: &Prediction) -> Vec<i64> {
    let scenarios = prediction.scenarios.iter();
    scenarios.map(|s| s.prediction_id.unwrap()).collect()
}

/// Every row of what feedback touches, as SQLite keeps it.
fn dump(path: &Path) -> Vec<String> {
    select(
        path,
        &[
            "SELECT * FROM test_patterns ORDER BY id",
            "SELECT * FROM predictions ORDER BY id",
            "SELECT * FROM atlas_observations ORDER BY id",
        ],
    )
}

fn select(path: &Path, queries: &[&str]) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut lines = Vec::new();
    for sql in queries {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<_> = (0..columns).map(|i| row.get_ref(i).unwrap()).collect();
            lines.push(format!("{values:?}"));
        }
    }
    lines
}

/// A pattern's frequency, success rate, minutes and last use.
fn numbers(path: &Path, key: &str) -> (u32, f64, Option<u32>, Option<String>) {
    let sql = "SELECT frequency, success_rate, avg_time_minutes, last_used FROM test_patterns p
               JOIN atlas_pattern_details d ON d.pattern_id = p.id WHERE d.pattern_key = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let connection = Connection::open(path).unwrap();
    connection.query_row(sql, [key], read).unwrap()
}

/// A version of what was learned, in the state that serves, that saw every observation so far.
fn serve_a_model(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let sql = "INSERT INTO atlas_models (state, trained_at, newest_observation, body, log)
               SELECT 'serving', '2025-10-09T08:00:00Z', coalesce(max(id), 0), '{}', '{}'
               FROM atlas_observations";
    connection.execute(sql, []).unwrap();
}

fn models(path: &Path) -> Vec<String> {
    select(
        path,
        &["SELECT state, body FROM atlas_models ORDER BY version"],
    )
}
