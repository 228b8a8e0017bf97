//! Faults while a database is made, opened or brought to the present schema.

use std::fs;
use std::path::Path;

use atlas_core::Result;
use rusqlite::Connection;

use super::place::{DATABASE, builder, content, lived_in, open};
use super::trial::Trial;

fn opening(folder: &Path) -> Result<()> {
    open(folder).map(drop)
}

#[test]
fn a_new_database_is_made_or_told() {
    let mut trial = Trial::within(Vec::new(), &opening);
    trial
        .borders
        .push(vec![format!("{DATABASE} is a database")]);
    trial.repeats().run();
}

#[test]
fn a_new_database_has_the_whole_catalogue_or_none_of_it() {
    let open = |folder: &Path| -> Result<()> {
        let builder = builder().starter_catalogue(true);
        let atlas = builder.open(folder.join(DATABASE))?;
        assert!([0, 115].contains(&atlas.database().counts()?.patterns));
        Ok(())
    };
    let mut trial = Trial::within(Vec::new(), &open);
    let made = trial.folder();
    opening(made.path()).unwrap();
    trial.borders.push(content(made.path()));
    trial
        .borders
        .push(vec![format!("{DATABASE} is a database")]);
    trial.repeats().places(5).run();
}

#[test]
fn an_opening_changes_nothing() {
    let trial = Trial::within(vec![(DATABASE, lived_in(|_| ()))], &opening);
    trial.repeats().run();
}

#[test]
fn an_upgrade_is_done_or_the_database_is_as_it_was() {
    for version in 2..=atlas_migrations::MIGRATIONS.len() {
        let path = format!(
            "{}/tests/data/schema-v{version}.sqlite",
            env!("CARGO_MANIFEST_DIR")
        );
        // The newest schema may have none yet.
        let Ok(bytes) = fs::read(path) else { continue };
        let trial = Trial::within(vec![(DATABASE, bytes)], &opening);
        trial.repeats().places(6).run();
    }
}

#[test]
fn a_database_of_the_specification_is_taken_over_or_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(DATABASE);
    let connection = Connection::open(&path).unwrap();
    let ddl = atlas_migrations::MIGRATIONS[0].sql;
    connection.execute_batch(ddl).unwrap();
    let rows = "INSERT INTO user_profiles (id, username) VALUES (1, 'kayla');
        INSERT INTO jira_tickets (id, jira_key, summary, ticket_type, status, project_key)
        VALUES (1, 'WRKA-1', 'Form', 'Bug', 'Done', 'WRKA');
        INSERT INTO testing_sessions (id, jira_ticket_id, user_id, started_at, ended_at,
                                      duration_minutes, steps_completed, status, outcome)
        VALUES (2, 1, 1, '2024-05-02 09:00:00', '2024-05-02 10:00:00', 50, 3, 'completed', 'passed');";
    connection.execute_batch(rows).unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let mut trial = Trial::within(vec![(DATABASE, before)], &opening);
    // The tables first, then what the rows of sessions tell.
    let upgraded = trial.folder();
    drop(atlas_core::store::Store::open(&upgraded.path().join(DATABASE)).unwrap());
    trial.borders.push(content(upgraded.path()));
    trial.repeats().run();
}
