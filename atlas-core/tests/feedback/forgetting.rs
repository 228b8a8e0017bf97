//! Forgetting a ticket, and withdrawing what was learned from it.

use atlas_core::domain::{Feedback, FeedbackTarget, Missed, silent};
use rusqlite::Connection;

use super::{filled, key, models, numbers, rows, select, serve_a_model, step};

#[test]
fn a_forgotten_ticket_is_in_nothing_that_was_learned() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let patterns = |path| select(path, &["SELECT * FROM test_patterns ORDER BY id"]);
    let before = patterns(&path);
    let keep = atlas
        .missed("WRKA-2", &Missed::pattern("MM-T4"), Some(30), None)
        .unwrap();
    serve_a_model(&path);
    let prediction = atlas.predict("WRKA-1", 3).unwrap();
    let target = FeedbackTarget::Scenario(rows(&prediction)[0]);
    atlas
        .feedback(target, &Feedback::accepted().minutes(9))
        .unwrap();
    atlas.feedback(target, &Feedback::rejected()).unwrap();
    let whole = FeedbackTarget::Prediction(prediction.id.unwrap());
    atlas.feedback(whole, &Feedback::accepted()).unwrap();
    let new = Missed::new("Leap day", step("Save on 29 February"));
    atlas.missed("WRKA-1", &new, None, None).unwrap();
    let csv = folder.path().join("history.csv");
    std::fs::write(&csv, "ticket_key,test_key\nWRKA-1,MM-T4\n").unwrap();
    atlas.learning().import_history(&csv, &mut silent).unwrap();
    atlas
        .tickets()
        .mark_not_similar("WRKA-1", "WRKA-3")
        .unwrap();
    atlas
        .tickets()
        .mark_not_similar("WRKA-2", "WRKA-3")
        .unwrap();
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "UPDATE atlas_models SET state = 'retired';
             INSERT INTO atlas_pattern_sources (pattern_id, ticket_id) VALUES (3, 1), (3, 2);",
        )
        .unwrap();
    serve_a_model(&path);

    let forgotten = atlas.tickets().forget("WRKA-1").unwrap();
    assert_eq!(forgotten.ticket_key, Some(key("WRKA-1")));
    assert_eq!((forgotten.feedback, forgotten.observations), (4, 5));
    assert_eq!((forgotten.answers, forgotten.not_similar), (3, 1));
    assert_eq!(
        (forgotten.pattern_sources, forgotten.removed_patterns),
        (1, 1)
    );
    assert_eq!(forgotten.withdrawn_models, 1);
    let text = models(&path);
    assert!(
        text[0].contains("Text") && !text[0].contains("Null"),
        "{text:?}"
    );
    assert!(text[1].ends_with("Null]"), "its body is gone: {text:?}");
    assert_eq!(numbers(&path, "MM-T4").0, 1, "what others taught stays");
    let answered = "SELECT 1 FROM predictions WHERE user_feedback IS NOT NULL";
    assert!(select(&path, &[answered]).is_empty());
    assert_eq!(select(&path, &["SELECT * FROM atlas_not_similar"]).len(), 1);
    assert!(atlas.tickets().get("WRKA-1").is_ok());
    atlas.undo(keep.feedback_id).unwrap();
    assert_eq!(patterns(&path), before);
    let again = atlas.tickets().forget("WRKA-1").unwrap();
    assert_eq!(
        (again.observations, again.feedback, again.answers),
        (0, 0, 0)
    );
    assert_eq!(
        atlas.tickets().forget("WRKA-99").unwrap_err().code(),
        "TICKET_NOT_FOUND"
    );
    assert!(atlas.database().check().unwrap().is_empty());
}

#[test]
fn undo_withdraws_what_saw_the_answer_and_nothing_older() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let missed = |pattern: &str| {
        let receipt = atlas.missed("WRKA-1", &Missed::pattern(pattern), None, None);
        receipt.unwrap().feedback_id
    };
    missed("MM-T1");
    serve_a_model(&path);
    let revision = || {
        select(
            &path,
            &["SELECT value FROM atlas_revisions WHERE name = 'models'"],
        )
    };
    let still = revision();
    let second = missed("MM-T2");
    let undone = atlas.undo(second).unwrap();
    assert_eq!(undone.withdrawn_models, 0, "it was trained before");
    assert_eq!(revision(), still);
    let third = missed("MM-T3");
    Connection::open(&path)
        .unwrap()
        .execute("UPDATE atlas_models SET state = 'retired'", [])
        .unwrap();
    serve_a_model(&path);
    assert_eq!(atlas.undo(third).unwrap().withdrawn_models, 1);
    assert_ne!(revision(), still);
}
