//! Calls that only ask: they leave the database as it is.

use atlas_core::domain::{
    Draft, Feedback, FeedbackTarget, MemoryFilter, PatternFilter, SessionPlan, TestPattern,
    WorkFilter,
};
use atlas_core::learning::near_duplicates::NearDuplicates;
use atlas_core::{Atlas, SimilarOptions};

use super::every_call::{KEY, ticket};
use super::{builder, lived_in};

/// Every row of the database, but for what is derived from others.
fn rows(atlas: &Atlas) -> Vec<u8> {
    let mut bytes = Vec::new();
    atlas.export_all(&mut bytes).unwrap();
    bytes
}

/// Every call that asks; whether there is an answer does not matter here.
fn ask_everything(atlas: &Atlas, key: &str) {
    let draft = Draft::new("Login fails with an expired password");
    let options = SimilarOptions::default();
    let filter = WorkFilter::default();
    let _ = (
        atlas.profile(),
        atlas.user_settings(),
        atlas.now(),
        atlas.standing(),
    );
    let _ = (
        atlas.challenge(),
        atlas.questions(5),
        atlas.activity(7),
        atlas.quick_stats(),
    );
    let _ = (
        atlas.greeting(),
        atlas.open_session(),
        atlas.left_open(),
        atlas.sessions(5, 0),
    );
    let _ = (
        atlas.session(1),
        atlas.session_events(1),
        atlas.session_greeting(1),
    );
    let _ = (
        atlas.sessions_of(key),
        atlas.my_work(&filter, 5, 0),
        atlas.recent_tickets(5),
    );
    let _ = (
        atlas.note(key),
        atlas.search_notes("menu", 5),
        atlas.recent_feedback(5),
    );
    let _ = (
        atlas.ticket(key),
        atlas.ticket_of_row(1),
        atlas.tickets(),
        atlas.counts(),
    );
    let _ = (
        atlas.analyze(key),
        atlas.analyze_draft(&draft),
        atlas.predict_draft(&draft, 3),
    );
    let _ = (
        atlas.latest_prediction(key),
        atlas.latest_predictions(),
        atlas.scenario(1),
    );
    let _ = (atlas.review(key), atlas.review_draft(&draft));
    let _ = (
        atlas.coverage_gaps(key, &[]),
        atlas.coverage_gaps_draft(&draft, &[]),
    );
    let _ = (
        atlas.similar(key, &options),
        atlas.similar_to_draft(&draft, &options),
    );
    let _ = (
        atlas.duplicates(key, 5),
        atlas.patterns(&PatternFilter::default()),
    );
    let _ = (
        atlas.pattern("P-1"),
        atlas.unused_patterns(None),
        atlas.test_runs(key),
    );
    let _ = atlas.duplicate_patterns(&NearDuplicates::default());
    let _ = (
        atlas.models(),
        atlas.training_status(),
        atlas.last_sync(),
        atlas.sync_status(),
    );
    let memory = MemoryFilter::default();
    let _ = (atlas.memory_get("context", "k"), atlas.memory_list(&memory));
    let _ = (
        atlas.check(),
        atlas.export_training(Vec::new()),
        atlas.model_id(),
    );
}

#[test]
fn no_getter_writes() {
    let new = builder().open_in_memory().unwrap();
    let before = rows(&new);
    ask_everything(&new, KEY);
    assert!(rows(&new) == before, "a new database");

    let folder = tempfile::tempdir().unwrap();
    let atlas = lived_in(&folder.path().join("work.db"));
    atlas
        .start_session("WRKA-1234", &SessionPlan::Free)
        .unwrap();
    let before = rows(&atlas);
    ask_everything(&atlas, "WRKA-1234");
    assert!(rows(&atlas) == before, "one that was worked with");
}

/// Whether the newest feedback counts as an answered question.
fn answered(atlas: &Atlas) -> bool {
    let rows = String::from_utf8(rows(atlas)).unwrap();
    let newest = rows.lines().rfind(|line| line.contains("feedback_given"));
    newest.unwrap().contains("\\\"questions\\\":1")
}

#[test]
fn an_answer_counts_as_one_to_a_question_only_where_it_was_asked() {
    let atlas = builder().starter_catalogue(false).open_in_memory().unwrap();
    atlas
        .add_pattern(&TestPattern::new("Rows are exported", "Data Export"))
        .unwrap();
    let answer = |key: &str, ask: &dyn Fn()| {
        atlas
            .add_tickets(&[ticket(key, "Export is empty")])
            .unwrap();
        let row = atlas.predict(key, 1).unwrap().scenarios[0]
            .prediction_id
            .unwrap();
        ask();
        let said = Feedback::accepted();
        atlas
            .feedback(FeedbackTarget::Scenario(row), &said)
            .unwrap();
        answered(&atlas)
    };
    assert!(!answer("WRKA-1", &|| assert!(
        !atlas.questions(5).unwrap().is_empty()
    )));
    // What the day offers counts the questions and asks none.
    assert!(!answer("WRKA-2", &|| drop(
        atlas.offer_challenge().unwrap()
    )));
    assert!(answer("WRKA-3", &|| assert!(
        !atlas.ask_questions(5).unwrap().is_empty()
    )));
}
