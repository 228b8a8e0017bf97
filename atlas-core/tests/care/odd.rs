//! Databases that other programs made: odd values in every column of every table of the
//! specification. They open, are read and predict, and what cannot be read is named.

use std::fs;
use std::ops::Range;
use std::path::Path;

use atlas_core::Atlas;
use atlas_core::domain::{
    Feedback, FeedbackTarget, MemoryFilter, Outcome, PatternFilter, SessionPlan, WorkFilter,
};
use rusqlite::Connection;

use super::builder;

/// Odd values, as SQL.
const VALUES: [&str; 24] = [
    "''",
    "'abc'",
    "' 12 '",
    "NULL",
    "x''",
    "x'00ff10'",
    "CAST(x'ff41' AS TEXT)",
    "'a' || char(0) || 'b'",
    "-1",
    "1.5",
    "9223372036854775807",
    "-9223372036854775808",
    "9e999",
    "1e300",
    "'2024-05-01'",
    "'2024-05-01 10:00'",
    "'2024-05-01T10:00:00.000+0200'",
    "'01/05/2024'",
    "'-009999-01-02T00:00:00Z'",
    "'9999-12-30T22:00:00Z'",
    "1714555800000",
    "'{'",
    "'[1, {\"name\": null}, [[]]]'",
    "'COMPLETED '",
];

/// A row for each table, columns and SQL values; what a number sign stands for is unique.
const ROWS: [(&str, &[(&str, &str)]); 9] = [
    (
        "user_profiles",
        &[
            ("username", "'user #'"),
            ("email", "'a@b'"),
            ("xp_total", "10"),
            ("xp_level", "2"),
            ("current_streak", "1"),
            ("longest_streak", "3"),
            ("last_session_date", "'2024-04-30'"),
            ("coach_personality", "'coach'"),
            ("theme", "'dark'"),
            ("created_at", "'2024-01-01 00:00:00'"),
        ],
    ),
    (
        "jira_tickets",
        &[
            ("jira_key", "'WRKA-#'"),
            ("summary", "'Export is empty'"),
            ("description", "'Open the export. It is empty.'"),
            ("ticket_type", "'Bug'"),
            ("status", "'To Do'"),
            ("priority", "'High'"),
            ("assignee", "'kayla'"),
            ("reporter", "'tom'"),
            ("components", "'[\"Export\"]'"),
            ("labels", "'[]'"),
            ("created_date", "'2024-04-01 10:00:00'"),
            ("updated_date", "'2024-04-02 10:00:00'"),
            ("resolved_date", "NULL"),
            ("project_key", "'WRKA'"),
            ("synced_from_jira", "0"),
            ("last_synced", "NULL"),
            ("created_at", "'2024-04-02 10:00:00'"),
        ],
    ),
    (
        "test_patterns",
        &[
            ("pattern_type", "'Data Export'"),
            ("pattern_name", "'Export a list'"),
            ("test_steps", "'[\"Open the list\", \"Export it\"]'"),
            ("success_rate", "0.5"),
            ("frequency", "4"),
            ("avg_time_minutes", "20"),
            ("component", "'Export'"),
            ("created_at", "'2024-04-02 10:00:00'"),
            ("last_used", "'2024-04-03 10:00:00'"),
            ("is_active", "1"),
        ],
    ),
    (
        "predictions",
        &[
            ("jira_ticket_id", "1"),
            ("pattern_id", "1"),
            ("confidence_score", "77.5"),
            ("predicted_steps", "'[\"Export it\"]'"),
            ("source", "'neural'"),
            ("user_feedback", "'accepted'"),
            ("user_rating", "4"),
            ("user_comments", "'good'"),
            ("actual_time_minutes", "12"),
            ("estimated_time_minutes", "15"),
            ("created_at", "'2024-04-03 10:00:00'"),
        ],
    ),
    (
        "testing_sessions",
        &[
            ("jira_ticket_id", "1"),
            ("prediction_id", "1"),
            ("user_id", "1"),
            ("started_at", "'2024-04-03 10:00:00'"),
            ("ended_at", "'2024-04-03 10:30:00'"),
            ("duration_minutes", "25"),
            ("break_count", "1"),
            ("break_time_minutes", "5"),
            ("steps_completed", "2"),
            ("steps_total", "2"),
            ("status", "'completed'"),
            ("outcome", "'passed'"),
            ("notes", "'fine'"),
            ("created_at", "'2024-04-03 10:30:00'"),
        ],
    ),
    (
        "achievements",
        &[
            ("achievement_type", "'milestone'"),
            ("achievement_name", "'First'"),
            ("description", "'One session'"),
            ("icon", "'*'"),
            ("target", "1"),
            ("current_progress", "1"),
            ("xp_reward", "50"),
            ("is_earned", "1"),
            ("earned_at", "'2024-04-03 10:30:00'"),
            ("created_at", "'2024-04-01 00:00:00'"),
        ],
    ),
    (
        "ticket_notes",
        &[
            ("jira_ticket_id", "#"),
            ("user_id", "1"),
            ("note", "'Look at the header'"),
            ("difficulty_rating", "3"),
            ("created_at", "'2024-04-03 10:30:00'"),
            ("updated_at", "'2024-04-03 10:30:00'"),
        ],
    ),
    (
        "daily_challenges",
        &[
            ("user_id", "1"),
            ("challenge_date", "date('2024-01-01', '+# days')"),
            ("challenge_type", "'sessions'"),
            ("challenge_goal", "'Test two tickets'"),
            ("target", "2"),
            ("current_progress", "1"),
            ("is_completed", "0"),
            ("completed_at", "NULL"),
            ("xp_reward", "50"),
        ],
    ),
    (
        "agent_memory",
        &[
            ("memory_type", "'context'"),
            ("key", "'key #'"),
            ("value", "'exports break'"),
            ("embedding", "NULL"),
            ("vector_id", "NULL"),
            ("expires_at", "NULL"),
            ("created_at", "'2024-04-03 10:30:00'"),
        ],
    ),
];

/// Stores the row; with another value in one column where that is told. Whether the table took it.
fn insert(to: &Connection, table: usize, number: usize, odd: Option<(&str, &str)>) -> bool {
    let (name, cells) = ROWS[table];
    let value = |&(column, value): &(&str, &str)| match odd {
        Some((spoiled, with)) if spoiled == column => with.to_owned(),
        _ => value.replace('#', &number.to_string()),
    };
    let columns: Vec<&str> = cells.iter().map(|(column, _)| *column).collect();
    let values: Vec<String> = cells.iter().map(value).collect();
    let sql = format!(
        "INSERT INTO {name} ({}) VALUES ({})",
        columns.join(", "),
        values.join(", ")
    );
    to.execute_batch(&sql).is_ok()
}

/// The specification's database with a sound row in each table, as bytes.
fn specification(folder: &Path) -> Vec<u8> {
    let path = folder.join("specification.db");
    let made = Connection::open(&path).unwrap();
    made.execute_batch(atlas_migrations::MIGRATIONS[0].sql)
        .unwrap();
    made.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for (table, (name, ..)) in ROWS.iter().enumerate() {
        assert!(insert(&made, table, 1, None), "{name}");
    }
    made.close().unwrap();
    fs::read(path).unwrap()
}

/// Every call of a host's that reads, and such as write. A call may refuse, but not for a row of
/// another program.
fn use_all(atlas: &Atlas, called: &str) {
    macro_rules! works {
        ($call:expr) => {
            match $call {
                Ok(value) => value,
                Err(error) => panic!("{called}: {}: {error}", stringify!($call)),
            }
        };
    }
    works!(atlas.tickets().list());
    works!(atlas.tickets().get("WRKA-1"));
    works!(atlas.patterns().list(&PatternFilter::default()));
    works!(atlas.patterns().unused(None));
    works!(atlas.tickets().work(&WorkFilter::default(), 50, 0));
    works!(atlas.tickets().recent(50));
    works!(atlas.tickets().quick_stats());
    works!(atlas.sessions().list(1_000, 0));
    works!(atlas.sessions().of_ticket("WRKA-1"));
    works!(atlas.sessions().left_open());
    works!(atlas.profile().get());
    works!(atlas.profile().settings());
    works!(atlas.play().standing());
    works!(atlas.play().activity(7));
    works!(atlas.play().greeting());
    works!(atlas.tickets().search_notes("", 100));
    works!(atlas.memory().list(&MemoryFilter::default()));
    works!(atlas.memory().expire());
    works!(atlas.predictions().recent_feedback(20));
    works!(atlas.predictions().latest_of_all());
    works!(atlas.database().export_all(std::io::sink()));
    works!(atlas.learning().export_training(std::io::sink()));
    if let Some(open) = works!(atlas.sessions().open()) {
        works!(atlas.sessions().cancel(open.id));
    }
    works!(atlas.tickets().set_note("WRKA-1", Some("Look twice")));
    works!(atlas.play().challenge());
    let session = works!(atlas.sessions().start("WRKA-1", &SessionPlan::Free));
    works!(atlas.sessions().end(session.id, Outcome::Passed));
    works!(atlas.play().rebuild());
}

/// A copy of the database with a row for each column of some tables that has this value there.
fn spoil(base: &[u8], path: &Path, tables: Range<usize>, value: &str) {
    fs::write(path, base).unwrap();
    let to = Connection::open(path).unwrap();
    to.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for table in tables {
        for (place, (column, _)) in ROWS[table].1.iter().enumerate() {
            insert(&to, table, place + 2, Some((column, value)));
        }
    }
    to.close().unwrap();
}

#[test]
fn no_value_of_another_program_keeps_a_database_from_being_used() {
    let folder = tempfile::tempdir().unwrap();
    let base = specification(folder.path());
    let path = folder.path().join("odd.db");
    for tables in [0..4, 4..ROWS.len()] {
        for value in VALUES {
            spoil(&base, &path, tables.clone(), value);
            let called = format!("{value} in the tables {tables:?}");
            let open = || builder().starter_catalogue(false).open(&path);
            let atlas = open().unwrap_or_else(|error| panic!("{called}: {error}"));
            use_all(&atlas, &called);
            let checked = atlas.database().check();
            checked.unwrap_or_else(|error| panic!("{called}: check: {error}"));
            drop(atlas);
            open().unwrap_or_else(|error| panic!("{called}, again: {error}"));
        }
    }
}

#[test]
fn what_another_program_spoiled_is_no_obstacle_to_a_prediction() {
    let folder = tempfile::tempdir().unwrap();
    let base = specification(folder.path());
    let path = folder.path().join("odd.db");
    for value in [
        "''",
        "'abc'",
        "x'00ff10'",
        "9e999",
        "'[1, {\"name\": null}, [[]]]'",
    ] {
        spoil(&base, &path, 0..ROWS.len(), value);
        let atlas = builder().starter_catalogue(false).open(&path).unwrap();
        let prediction = atlas.predict("WRKA-1", 3).unwrap();
        let names: Vec<&str> = prediction
            .scenarios
            .iter()
            .map(|s| s.name.as_str())
            .collect();
        assert!(names.contains(&"Export a list"), "{value}: {names:?}");
        atlas.similar("WRKA-1", &Default::default()).unwrap();
        atlas.analyze("WRKA-1").unwrap();
        atlas.database().counts().unwrap();
        atlas.learning().status().unwrap();
        atlas.predictions().questions(5).unwrap();
        atlas
            .memory()
            .search("exports", &MemoryFilter::default(), 5)
            .unwrap();
        let row = prediction.scenarios[0].prediction_id.unwrap();
        let said = Feedback::accepted().minutes(10);
        atlas
            .feedback(FeedbackTarget::Scenario(row), &said)
            .unwrap();
        use_all(&atlas, value);
    }
}

#[test]
fn every_value_that_cannot_be_read_is_named_with_its_row_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let base = specification(folder.path());
    let path = folder.path().join("odd.db");
    for (table, (name, cells)) in ROWS.iter().enumerate() {
        for value in ["x'00ff10'", "'a word'"] {
            spoil(&base, &path, table..table + 1, value);
            let atlas = builder().starter_catalogue(false).open(&path).unwrap();
            let findings = atlas.database().check().unwrap();
            let to = Connection::open(&path).unwrap();
            for (place, (column, _)) in cells.iter().enumerate() {
                let sql = "SELECT type FROM pragma_table_info(?1) WHERE name = ?2";
                let kind: String = to.query_row(sql, (name, column), |row| row.get(0)).unwrap();
                let words = ["status", "outcome", "jira_key"];
                let reads = match value {
                    "'a word'" => kind == "TEXT" && !words.contains(column),
                    _ => kind == "BLOB",
                };
                let start = format!("row {} of {name}: {column} ", place + 2);
                let found = findings.iter().any(|finding| finding.starts_with(&start));
                // `status` of a ticket is any word.
                let any_word =
                    *name == "jira_tickets" && *column == "status" && value == "'a word'";
                assert_eq!(found, !reads && !any_word, "{start}{value}: {findings:#?}");
            }
        }
    }
}

#[test]
fn the_tickets_of_another_program_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let base = specification(folder.path());
    let path = folder.path().join("odd.db");
    fs::write(&path, &base).unwrap();
    let to = Connection::open(&path).unwrap();
    assert!(insert(
        &to,
        1,
        2,
        Some(("summary", "'The export is empty again'"))
    ));
    to.close().unwrap();
    let atlas = builder().starter_catalogue(false).open(&path).unwrap();
    let keys = |atlas: &Atlas| -> Vec<String> {
        let similar = atlas.similar("WRKA-1", &Default::default()).unwrap();
        similar
            .iter()
            .map(|one| one.ticket_key.to_string())
            .collect()
    };
    assert_eq!(keys(&atlas), ["WRKA-2"]);
    assert_eq!(atlas.database().counts().unwrap().unencoded, 0);
}
