//! Rows of ATLAS's own that another program spoiled: named by the check, put right by a repair.

use std::path::Path;

use atlas_core::domain::{Outcome, SessionPlan, silent};
use atlas_core::{Atlas, Database};
use rusqlite::Connection;

use super::{builder, lived_in};

fn change(path: &Path, sql: &str) {
    let other = Connection::open(path).unwrap();
    other
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .unwrap();
    other.execute_batch(sql).unwrap();
}

/// The sample with a session.
fn worked(path: &Path) -> Atlas {
    let atlas = lived_in(path);
    let session = atlas
        .sessions()
        .start("WRKA-1234", &SessionPlan::Free)
        .unwrap();
    atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    atlas
}

#[test]
fn a_spoiled_row_stops_no_prediction_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    for (sql, named) in [
        (
            "UPDATE atlas_revisions SET value = 'many' WHERE name = 'tickets'",
            "row tickets of atlas_revisions: value \"many\" is not a whole number",
        ),
        (
            "UPDATE atlas_settings SET value = x'00ff' WHERE key = 'user_settings'",
            "row user_settings of atlas_settings: value (2 bytes) is not text",
        ),
        (
            "UPDATE test_patterns SET frequency = 'often' WHERE id = 120",
            "row 120 of test_patterns: frequency \"often\" is not a whole number",
        ),
        (
            "UPDATE atlas_prediction_runs SET body = x'00'",
            "of atlas_prediction_runs: body (1 bytes) is not JSON",
        ),
        (
            "UPDATE atlas_observations SET minutes = 'long', observed_at = 'then' WHERE id = 2",
            "row 2 of atlas_observations: observed_at \"then\" is not a time",
        ),
        (
            "UPDATE atlas_pattern_details SET content_hash = 7, labels = x'01' WHERE pattern_id = 1",
            "row 1 of atlas_pattern_details: content_hash 7 is not a hash",
        ),
        (
            "UPDATE atlas_feedback_items SET prediction_id = 'x', rating = 'good'",
            "of atlas_feedback_items: rating \"good\" is not a whole number",
        ),
        (
            "INSERT INTO atlas_models (state, trained_at, newest_observation, body, log)
              VALUES ('serving', '2024-05-01T00:00:00Z', 1, x'00', '{')",
            "row 1 of atlas_models: body (1 bytes) is not JSON",
        ),
        (
            "UPDATE atlas_documents SET terms = 'words' WHERE owner_id = 1",
            "of atlas_documents: terms \"words\" is not bytes",
        ),
    ] {
        drop(worked(&path));
        change(&path, sql);
        let atlas = builder().cache(false).open(&path).unwrap();
        let findings = atlas.database().check().unwrap().join("\n");
        assert!(findings.contains(named), "{sql}: {findings}");
        let prediction = atlas.predict("WRKA-1012", 3);
        let prediction = prediction.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(prediction.scenarios.len(), 3);
        atlas.predictions().recent_feedback(10).unwrap();
        atlas.play().standing().unwrap();
        atlas.predictions().latest("WRKA-1234").unwrap();
    }
}

#[test]
fn an_event_that_cannot_be_read_is_named_where_the_log_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(worked(&path));
    change(
        &path,
        "UPDATE atlas_events SET offset_seconds = 'east' WHERE id = 2",
    );
    let atlas = builder().open(&path).unwrap();
    atlas.predict("WRKA-1012", 3).unwrap();
    let error = atlas.play().standing().unwrap_err();
    assert_eq!(error.code(), "CORRUPT_DATABASE");
    assert!(
        error
            .to_string()
            .contains("offset_seconds of row 2 of atlas_events"),
        "{error}"
    );
    let findings = atlas.database().check().unwrap();
    let named = "row 2 of atlas_events: offset_seconds \"east\" is not a whole number; nothing can \
                 be reckoned from the log; restore a backup";
    assert_eq!(findings, [named]);
}

#[test]
fn a_repair_puts_right_what_is_derived_and_keeps_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = worked(&path);
    let patterns = atlas.patterns().list(&Default::default()).unwrap();
    let (profile, sessions) = (
        atlas.profile().get().unwrap(),
        atlas.sessions().list(9, 0).unwrap(),
    );
    drop(atlas);
    let spoil = "UPDATE test_patterns SET frequency = 'often', success_rate = 0.01
                     WHERE id IN (SELECT pattern_id FROM atlas_observations);
                 UPDATE user_profiles SET xp_total = 'much';
                 UPDATE testing_sessions SET duration_minutes = 999, outcome = 'failed';
                 UPDATE atlas_revisions SET value = 'x';
                 DELETE FROM atlas_documents WHERE owner_id = 3;
                 INSERT INTO atlas_documents VALUES ('ticket', 4444, 'name', zeroblob(16), x'', NULL);
                 UPDATE ticket_notes SET difficulty_rating = 'hard';
                 INSERT INTO predictions (jira_ticket_id, pattern_id, confidence_score,
                     predicted_steps, source) VALUES (1, '', 50, '[]', 'mine')";
    change(&path, spoil);
    let atlas = builder().open(&path).unwrap();
    let before = atlas.database().check().unwrap();
    assert!(
        before.iter().any(|one| one.contains("`rebuild` mends it")),
        "{before:#?}"
    );
    let repair = atlas.database().repair(&mut silent).unwrap();
    assert_eq!(repair.repaired.len() + repair.left.len(), before.len());
    assert_eq!(
        atlas.patterns().list(&Default::default()).unwrap(),
        patterns
    );
    assert_eq!(atlas.profile().get().unwrap(), profile);
    assert_eq!(atlas.sessions().list(9, 0).unwrap(), sessions);
    // What another program wrote stays, and is named.
    let left = repair.left.join("\n");
    assert!(
        left.contains("pattern_id \"\" is not a whole number"),
        "{left}"
    );
    assert_eq!(atlas.database().check().unwrap(), repair.left);
    let copy = repair.copy.unwrap();
    assert_eq!(copy, folder.path().join("work.before-repair.db"));
    let kept = Connection::open(&copy).unwrap();
    let sql = "SELECT count(*) FROM test_patterns WHERE frequency = 'often'";
    let often: i64 = kept.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(often > 0);
    kept.close().unwrap();
    // Nothing is left to do, so nothing is copied.
    let again = atlas.database().repair(&mut silent).unwrap();
    assert_eq!((again.repaired.len(), again.copy), (0, None));
    drop(atlas);
    Database::restore(&copy, &path).unwrap();
}

#[test]
fn indexes_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(worked(&path));
    change(
        &path,
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, '(status)', '(summary)')
             WHERE name = 'idx_jira_tickets_status'",
    );
    let atlas = builder().open(&path).unwrap();
    assert!(
        atlas
            .database()
            .check()
            .unwrap()
            .join("\n")
            .contains("idx_jira_tickets_status")
    );
    let repair = atlas.database().repair(&mut silent).unwrap();
    assert_eq!(repair.left, Vec::<String>::new());
}
