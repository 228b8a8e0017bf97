//! What is derived from texts is made again where it is missing or spoiled, by itself.

use std::path::Path;

use atlas_core::Atlas;
use atlas_core::domain::{Prediction, Ticket, TicketKey, silent};
use rusqlite::Connection;

use super::{builder, lived_in};

fn change(path: &Path, sql: &str) {
    let other = Connection::open(path).unwrap();
    other.execute_batch(sql).unwrap();
}

fn number(path: &Path, sql: &str) -> i64 {
    let other = Connection::open(path).unwrap();
    other.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Names with how sure or how like each is.
type Rated = Vec<(String, f32)>;

/// What is predicted for a ticket and how like it others are.
fn said(atlas: &Atlas) -> (Rated, Rated) {
    let prediction: Prediction = atlas.predict("WRKA-1012", 5).unwrap();
    let scenarios = prediction.scenarios.iter();
    let similar = atlas.similar("WRKA-1012", &Default::default()).unwrap();
    (
        scenarios.map(|s| (s.name.clone(), s.confidence)).collect(),
        similar
            .iter()
            .map(|s| (s.ticket_key.to_string(), s.similarity))
            .collect(),
    )
}

/// Spoils the database, and holds it to saying so and to answering as before.
fn answers_as_before(sql: &str, found: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = lived_in(&path);
    let before = said(&atlas);
    drop(atlas);
    change(&path, sql);
    let atlas = builder().cache(false).open(&path).unwrap();
    let findings = atlas.database().check().unwrap().join("\n");
    for words in found {
        assert!(findings.contains(words), "{sql}: {findings}");
    }
    assert_eq!(said(&atlas), before, "{sql}");
    assert_eq!(
        atlas.database().check().unwrap(),
        Vec::<String>::new(),
        "{sql}"
    );
    assert_eq!(atlas.database().counts().unwrap().unencoded, 0, "{sql}");
}

#[test]
fn a_spoiled_vector_is_made_again() {
    let of =
        "(SELECT vector_id FROM atlas_documents WHERE owner = 'ticket' ORDER BY owner_id LIMIT 1)";
    for value in [
        "x'00'",
        "zeroblob(100)",
        "x'ffffffff' || substr(codes, 5)",
        "substr(codes, 1, 9) || x'7f807f' || substr(codes, 13)",
    ] {
        let sql = format!("UPDATE atlas_vectors SET codes = CAST({value} AS BLOB) WHERE id = {of}");
        answers_as_before(
            &sql,
            &["of atlas_vectors: codes are no vector of the model"],
        );
    }
}

#[test]
fn words_and_vectors_that_are_gone_are_made_again() {
    answers_as_before(
        "DELETE FROM atlas_documents",
        &["of jira_tickets: search has no words"],
    );
    answers_as_before(
        "DROP TABLE atlas_documents; DROP TABLE atlas_vectors; DROP TABLE atlas_revisions",
        &["of test_patterns: search has no words"],
    );
}

#[test]
fn a_vector_of_another_text_is_taken_away() {
    answers_as_before(
        "UPDATE atlas_documents SET vector_id =
             (SELECT vector_id FROM atlas_documents WHERE owner = 'pattern' AND field = 'name'
              ORDER BY owner_id LIMIT 1)
         WHERE owner = 'ticket' AND owner_id IN (1, 2, 3)",
        &["vectors of other texts in atlas_documents: 6"],
    );
}

#[test]
fn a_ticket_that_another_program_changed_is_asked_about_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = lived_in(&path);
    let asked = said(&atlas);
    let summary = atlas.tickets().get("WRKA-1012").unwrap().summary;
    drop(atlas);
    change(
        &path,
        "UPDATE jira_tickets SET summary = 'Something else', description = NULL
                   WHERE jira_key = 'WRKA-1012'",
    );
    let atlas = builder().open(&path).unwrap();
    let findings = atlas.database().check().unwrap().join("\n");
    assert!(
        findings.contains("(WRKA-1012) of jira_tickets: it is not as ATLAS stored it"),
        "{findings}"
    );
    assert!(
        findings.contains("or those of another; a repair"),
        "{findings}"
    );
    assert_ne!(said(&atlas), asked);
    let key = TicketKey::parse("WRKA-9999").unwrap();
    let alike = Ticket::new(key, "Something else");
    atlas.tickets().add(&[alike]).unwrap();
    let similar = atlas.similar("WRKA-9999", &Default::default()).unwrap();
    assert_eq!(similar[0].ticket_key.as_str(), "WRKA-1012");
    // What was damaged is taken from the file again, although the file has not changed.
    let repair = atlas.database().repair(&mut silent).unwrap();
    assert_eq!(repair.left, Vec::<String>::new());
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/sample/tickets.jsonl"
    );
    atlas.tickets().import_file(file, &mut silent).unwrap();
    assert_eq!(atlas.tickets().get("WRKA-1012").unwrap().summary, summary);
    let keys = |said: &[(String, f32)]| said.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&said(&atlas).1), keys(&asked.1));
}

#[test]
fn tables_that_were_dropped_are_made_again_and_named_where_they_held_something() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(lived_in(&path));
    change(
        &path,
        "PRAGMA foreign_keys = OFF; DROP TABLE atlas_feedback_items; DROP INDEX atlas_events_user;
         DROP INDEX atlas_jira_tickets_work; DROP TABLE atlas_ticket_keys",
    );
    let atlas = builder().open(&path).unwrap();
    atlas.predict("WRKA-1234", 3).unwrap();
    atlas.tickets().work(&Default::default(), 10, 0).unwrap();
    let named = |findings: Vec<String>| -> Vec<String> {
        let missing = findings
            .into_iter()
            .filter(|one| one.contains("was missing"));
        missing
            .map(|one| one.split(' ').nth(2).unwrap().to_owned())
            .collect()
    };
    let expected = ["atlas_feedback_items", "atlas_ticket_keys"];
    assert_eq!(named(atlas.database().check().unwrap()), expected);
    assert!(number(&path, "SELECT count(*) FROM atlas_ticket_keys") > 60);
    assert_eq!(
        named(atlas.database().repair(&mut silent).unwrap().left),
        expected
    );
    assert_eq!(
        named(atlas.database().check().unwrap()),
        Vec::<String>::new(),
        "somebody was told"
    );
}

#[test]
fn edited_tickets_leave_no_vectors_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = builder().open(&path).unwrap();
    let vectors = "SELECT count(*) FROM atlas_vectors";
    let edited = |word: &str| {
        let tickets: Vec<Ticket> = (1..=5)
            .map(|number| {
                let key = TicketKey::parse(&format!("WRKA-{number}")).unwrap();
                Ticket::new(key, format!("{word} number {number}"))
            })
            .collect();
        atlas.tickets().add(&tickets).unwrap();
        atlas.database().encode(&mut silent).unwrap();
        number(&path, vectors)
    };
    let first = edited("Export");
    assert_eq!(edited("Import"), first);
    assert_eq!(edited("Print"), first);
    let had = number(
        &path,
        "SELECT count(DISTINCT vector_id) FROM atlas_documents",
    );
    assert_eq!(first, had, "every vector is one of a document's");
}

#[test]
fn what_earlier_versions_left_behind_is_dropped_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(lived_in(&path));
    change(
        &path,
        "INSERT INTO atlas_vectors (model, text_hash, codes)
             SELECT model, randomblob(16), codes FROM atlas_vectors LIMIT 50;
         INSERT INTO atlas_vectors (model, text_hash, codes)
             SELECT 'another model', text_hash, codes FROM atlas_vectors LIMIT 50;
         UPDATE atlas_settings SET value = '1 0.6' WHERE key = 'text_version'",
    );
    let atlas = builder().open(&path).unwrap();
    atlas.similar("WRKA-1012", &Default::default()).unwrap();
    let unowned = "SELECT count(*) FROM atlas_vectors WHERE id NOT IN
                       (SELECT vector_id FROM atlas_documents WHERE vector_id IS NOT NULL)";
    assert_eq!(number(&path, unowned), 0);
}
