//! Databases that ATLAS did not make, or made earlier.

use std::fs;
use std::path::Path;

use atlas_core::domain::{
    Challenge, ChallengeGoal, Event, EventKind, Moment, Step, TestPattern, TicketFields,
};
use atlas_core::store::{Change, Repositories, Store};
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::{key, put, ticket, time};

const TABLES: [&str; 9] = [
    "jira_tickets",
    "test_patterns",
    "predictions",
    "testing_sessions",
    "user_profiles",
    "achievements",
    "ticket_notes",
    "daily_challenges",
    "agent_memory",
];

/// The specification's own DDL with rows in all its tables, some of them odd, and tables of a
/// host that have names like ours.
const FOREIGN_ROWS: &str = r#"
    INSERT INTO user_profiles (id, username) VALUES (1, 'kayla');
    INSERT INTO jira_tickets (id, jira_key, summary, ticket_type, status, project_key, components,
                              labels, created_date, updated_date)
    VALUES (1, 'WRKA-1', 'Form', 'Bug', 'Done', 'WRKA', '["Forms"]', NULL,
            '2024-05-01 09:30:00', 'yesterday'),
           (2, 'wrka-2', 'Lower', 'Bug', 'Done', 'WRKA', 'Forms, Web', '{"a"', 1714555800, NULL),
           (3, 'no key', x'00ff', 'Bug', 'Done', 'WRKA', 7, '', '', '');
    INSERT INTO test_patterns (id, pattern_type, pattern_name, test_steps, success_rate, frequency)
    VALUES (1, 'MHIS', 'Form Validation', '["Open","Save"]', 0.5, 4),
           (2, 'MHIS', 'Odd', 'Open', NULL, 'often');
    INSERT INTO predictions (id, jira_ticket_id, pattern_id, confidence_score, predicted_steps,
                             source) VALUES (1, 1, 1, 80, '[]', 'neural');
    INSERT INTO testing_sessions (jira_ticket_id, prediction_id, user_id, started_at, status)
    VALUES (1, 1, 1, '2024-05-01 09:30:00', 'completed');
    INSERT INTO testing_sessions (id, jira_ticket_id, prediction_id, user_id, started_at, ended_at,
                                  duration_minutes, break_count, break_time_minutes,
                                  steps_completed, steps_total, status, outcome, notes)
    VALUES (2, 1, 1, 1, '2024-05-02 09:00:00', '2024-05-02 10:00:00', 50, 2, 10, 3, 4,
            'completed', 'passed', 'slow'),
           (3, 2, NULL, 1, 1714641000, NULL, 30, 0, 0, NULL, NULL, 'Done', 'FAILED', NULL),
           (4, 3, NULL, 1, '2024-05-03', NULL, NULL, NULL, NULL, NULL, NULL, 'active', NULL, ''),
           (5, 1, NULL, 1, 'noon', NULL, NULL, NULL, NULL, NULL, NULL, 'active', NULL, NULL),
           (6, 1, NULL, 1, '2024-05-04 09:00', NULL, NULL, NULL, NULL, 2, NULL, 'active', NULL, '');
    INSERT INTO achievements (achievement_type, achievement_name, description)
    VALUES ('streak', 'Week', 'Seven days');
    INSERT INTO ticket_notes (jira_ticket_id, user_id, note) VALUES (1, 1, 'hard');
    INSERT INTO daily_challenges (user_id, challenge_date, challenge_type, challenge_goal, target)
    VALUES (1, '2024-05-01', 'bugs', 'Find 3', 3);
    INSERT INTO agent_memory (memory_type, key, value, expires_at)
    VALUES ('context', 'k', 'v', '2024-05-01 09:30:00');
    CREATE TABLE settings (whose TEXT); INSERT INTO settings VALUES ('the host''s');
    CREATE TABLE documents (body TEXT);
"#;

/// What a program that follows the specification leaves behind.
fn foreign_database(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let ddl = atlas_migrations::MIGRATIONS[0]
        .sql
        .replace("IF NOT EXISTS ", "");
    connection.execute_batch(&ddl).unwrap();
    connection.execute_batch("DROP INDEX idx_user_xp").unwrap();
    connection.execute_batch(FOREIGN_ROWS).unwrap();
}

/// Every row of the given tables, as SQLite prints it.
fn rows(path: &Path, tables: &[&str]) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<_> = (0..columns).map(|i| row.get_ref(i).unwrap()).collect();
            rows.push(format!("{table}: {values:?}"));
        }
    }
    rows
}

fn schema(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE name NOT IN ('settings', 'documents')
               ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

#[test]
fn a_database_of_the_specification_is_upgraded_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let (path, fresh) = (
        folder.path().join("tar_testing.db"),
        folder.path().join("fresh.db"),
    );
    foreign_database(&path);
    let tables = [&TABLES[..], &["settings", "documents"]].concat();
    let before = rows(&path, &tables);
    assert!(
        TABLES
            .iter()
            .all(|table| before.iter().any(|row| row.starts_with(table)))
    );
    drop(Store::open(&path).unwrap());
    drop(Store::open(&fresh).unwrap());
    assert_eq!(rows(&path, &tables), before);
    assert_eq!(
        schema(&path),
        schema(&fresh),
        "what was missing has been added"
    );
    let findings = Store::open(&path).unwrap().check().unwrap();
    for named in [
        "row 3 of jira_tickets: jira_key \"no key\" is not a ticket key",
        "row 3 of jira_tickets: summary (2 bytes) is not text",
        "row 2 of test_patterns: frequency \"often\" is not a whole number",
        "row 5 of testing_sessions: started_at \"noon\" is not a time",
    ] {
        assert!(
            findings.iter().any(|one| one.starts_with(named)),
            "{named}: {findings:#?}"
        );
    }
    assert!(
        findings.iter().all(|one| one.starts_with("row ")),
        "{findings:#?}"
    );
}

#[test]
fn rows_of_another_program_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tar_testing.db");
    foreign_database(&path);
    let store = Store::open(&path).unwrap();
    store
        .read(|db| {
            let first = db.tickets().by_key(&key("WRKA-1"))?.unwrap().value;
            assert_eq!(first.components, ["Forms"]);
            assert_eq!(first.created, Some(time("2024-05-01T09:30:00Z")));
            assert_eq!(first.updated, None);
            let lower = db.tickets().by_key(&key("WRKA-2"))?.unwrap().value;
            assert_eq!(lower.components, ["Forms", "Web"]);
            assert_eq!(lower.created, first.created);
            let mut headers = 0;
            db.tickets().for_each_header(&mut |_| headers += 1)?;
            assert_eq!(headers, 2, "a row whose key is none is not seen");
            assert_eq!(db.tickets().by_id(3)?, None);
            let pattern = db.patterns().by_id(1)?.unwrap().value;
            assert_eq!(
                pattern.steps,
                [Step::new("Open", ""), Step::new("Save", "")]
            );
            let odd = db.patterns().by_id(2)?.unwrap().value;
            assert_eq!(
                (odd.success_rate, odd.frequency, odd.is_active),
                (0.0, 0, true)
            );
            let (early, late) = (time("2024-05-01T09:29:59Z"), time("2024-05-01T09:30:00Z"));
            assert!(db.memory().get("context", "k", early)?.is_some());
            assert!(db.memory().get("context", "k", late)?.is_none());
            Ok(())
        })
        .unwrap();
}

#[test]
fn sessions_of_another_program_get_the_events_that_their_rows_tell() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tar_testing.db");
    foreign_database(&path);
    let before = rows(&path, &TABLES);
    let store = Store::open(&path).unwrap();
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let adopt = |db: &Repositories<'_>| {
        let foreign = db.sessions().foreign()?;
        for session in &foreign {
            db.sessions().adopt(session, &berlin, 0)?;
            db.sessions().adopt(session, &berlin, 0)?;
        }
        Ok(foreign.len())
    };
    assert_eq!(store.write(adopt).unwrap(), 3, "2, 3 and 6 tell enough");
    assert_eq!(store.write(adopt).unwrap(), 0);
    let ids = store.read(|db| db.sessions().ids(1)).unwrap();
    assert!(ids.is_empty(), "their rows are never written again");
    let told = |session| -> Vec<(String, String)> {
        let events = store.read(|db| db.events().of_session(session)).unwrap();
        let told = events.into_iter().map(|event| {
            let kind = serde_json::to_value(&event.kind).unwrap();
            let time = event.moment.at.strftime("%H:%M").to_string();
            (time, kind["kind"].as_str().unwrap().to_owned())
        });
        told.collect()
    };
    let pairs = |told: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = |(time, kind): &(&str, &str)| ((*time).to_owned(), (*kind).to_owned());
        told.iter().map(owned).collect()
    };
    let second = [
        ("09:00", "session_started"),
        ("09:50", "paused"),
        ("09:55", "resumed"),
        ("09:55", "paused"),
        ("10:00", "resumed"),
        ("10:00", "step_done"),
        ("10:00", "step_done"),
        ("10:00", "step_done"),
        ("10:00", "session_noted"),
        ("10:00", "ended"),
    ];
    assert_eq!(told(2), pairs(&second));
    let third = [("09:10", "session_started"), ("09:40", "ended")];
    assert_eq!(told(3), pairs(&third));
    let sixth = [
        ("09:00", "session_started"),
        ("09:00", "step_done"),
        ("09:00", "step_done"),
    ];
    assert_eq!(told(6), pairs(&sixth));
    store
        .read(|db| {
            let all = db.events().all(1)?;
            assert_eq!(all[0].moment.zone.as_deref(), Some("Europe/Berlin"));
            let EventKind::SessionStarted { plan, .. } = &all[0].kind else {
                panic!("{:?}", all[0]);
            };
            assert_eq!(
                (plan[0].name.as_str(), plan[0].steps),
                ("Form Validation", 4)
            );
            assert_eq!(db.sessions().open(1)?.unwrap().id, 6);
            assert_eq!(db.profiles().current()?.unwrap().username, "kayla");
            Ok(())
        })
        .unwrap();
    drop(store);
    assert_eq!(rows(&path, &TABLES), before, "the rows stay as they are");
}

#[test]
fn what_play_writes_leaves_rows_of_another_program_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tar_testing.db");
    foreign_database(&path);
    let tables = ["achievements", "daily_challenges"];
    let before = rows(&path, &tables);
    let store = Store::open(&path).unwrap();
    let challenge = Challenge {
        day: "2024-05-01".parse().unwrap(),
        goal: ChallengeGoal::CompleteSessions,
        text: "Complete 3 sessions".to_owned(),
        target: 3,
        progress: 0,
        xp: 50,
        completed_at: None,
    };
    store
        .write(|db| {
            db.achievements().replace(&[])?;
            db.challenges().replace(1, &[challenge])?;
            assert_eq!(db.challenges().list(1)?, []);
            Ok(())
        })
        .unwrap();
    drop(store);
    assert_eq!(rows(&path, &tables), before);
}

#[test]
fn rows_of_another_program_are_updated_not_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tar_testing.db");
    foreign_database(&path);
    let store = Store::open(&path).unwrap();
    store
        .write(|db| {
            assert_eq!(put(db, &ticket("WRKA-1")), (1, Change::Updated));
            assert_eq!(put(db, &ticket("WRKA-1")), (1, Change::Unchanged));
            let lower = db
                .tickets()
                .upsert(&ticket("WRKA-2"), TicketFields::filled(&ticket("WRKA-2")))?;
            assert_eq!(lower, (2, Change::Updated));
            let pattern = TestPattern::new("Form Validation", "MHIS");
            assert_eq!(db.patterns().upsert(&pattern)?, (1, Change::Updated));
            assert_eq!(db.patterns().by_id(1)?.unwrap().value.frequency, 4);
            Ok(())
        })
        .unwrap();
}

/// Where the frozen databases are: one per schema version that was ever released.
fn frozen(version: usize) -> String {
    format!(
        "{}/tests/data/schema-v{version}.sqlite",
        env!("CARGO_MANIFEST_DIR")
    )
}

#[test]
fn frozen_databases_open_with_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("fresh.db");
    drop(Store::open(&fresh).unwrap());
    for version in 2..=atlas_migrations::MIGRATIONS.len() {
        let path = folder.path().join(format!("v{version}.db"));
        fs::copy(frozen(version), &path).unwrap();
        let store = Store::open(&path).unwrap();
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
        let read = store.read(|db| {
            assert_eq!(
                db.patterns().by_key("MM-T1")?.unwrap().value.name,
                "Save a form"
            );
            assert_eq!(db.settings().get("theme")?.as_deref(), Some("dark"));
            if version >= 4 {
                assert_eq!(db.events().all(1)?, [started()]);
                let note = db.notes().get(1, 1)?;
                assert_eq!(note.unwrap().note.as_deref(), Some("hard"));
            }
            Ok(db.tickets().by_key(&key("WRKA-1"))?.unwrap().value)
        });
        assert_eq!(read.unwrap(), ticket("WRKA-1"));
        drop(store);
        assert_eq!(schema(&path), schema(&fresh));
    }
}

/// What the frozen databases from version 4 on have in their log.
fn started() -> Event {
    Event {
        id: 1,
        moment: Moment::new(time("2024-05-01T09:30:00.25Z"), &TimeZone::UTC, 4),
        session_id: Some(1),
        kind: EventKind::SessionStarted {
            ticket_id: 1,
            ticket_key: key("WRKA-1"),
            components: vec!["Forms".to_owned()],
            plan: Vec::new(),
        },
    }
}

/// Run once per new schema version: `cargo test -p atlas-core --test store freeze -- --ignored`.
#[test]
#[ignore = "writes the frozen database of the present schema version"]
fn freeze() {
    let path = frozen(atlas_migrations::MIGRATIONS.len());
    assert!(
        !Path::new(&path).exists(),
        "a frozen database is never written again"
    );
    let store = Store::open(Path::new(&path)).unwrap();
    store
        .write(|db| {
            put(db, &ticket("WRKA-1"));
            let mut pattern = TestPattern::new("Save a form", "Form Submission");
            pattern.key = Some("MM-T1".to_owned());
            pattern.steps = vec![Step::new("Open", "It opens")];
            db.patterns().upsert(&pattern)?;
            let now = started().moment.at;
            let user = db.profiles().current_or_new(now)?.id;
            db.notes().set_note(1, user, Some("hard"), now)?;
            db.sessions().begin(user, 1, now)?;
            db.events().append(user, &started(), None)?;
            db.settings().set("theme", Some("dark"))
        })
        .unwrap();
    drop(store);
    let small = "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;";
    Connection::open(&path)
        .unwrap()
        .execute_batch(small)
        .unwrap();
}
