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
    atlas.database().export_all(&mut bytes).unwrap();
    bytes
}

/// Every call that asks; whether there is an answer does not matter here.
fn ask_everything(atlas: &Atlas, key: &str) {
    let draft = Draft::new("Login fails with an expired password");
    let options = SimilarOptions::default();
    let filter = WorkFilter::default();
    let _ = (
        atlas.profile(),
        atlas.profile().settings(),
        atlas.profile().now(),
        atlas.play().standing(),
    );
    let _ = (
        atlas.play().challenge(),
        atlas.predictions().questions(5),
        atlas.play().activity(7),
        atlas.tickets().quick_stats(),
    );
    let _ = (
        atlas.play().greeting(),
        atlas.sessions().open(),
        atlas.sessions().left_open(),
        atlas.sessions().list(5, 0),
    );
    let _ = (
        atlas.sessions().get(1),
        atlas.sessions().events(1),
        atlas.sessions().greeting(1),
    );
    let _ = (
        atlas.sessions().of_ticket(key),
        atlas.tickets().work(&filter, 5, 0),
        atlas.tickets().recent(5),
    );
    let _ = (
        atlas.tickets().note(key),
        atlas.tickets().search_notes("menu", 5),
        atlas.predictions().recent_feedback(5),
        atlas.predictions().edge_case_answers(5),
    );
    let _ = (
        atlas.tickets().get(key),
        atlas.tickets().of_row(1),
        atlas.tickets(),
        atlas.database().counts(),
    );
    let _ = (
        atlas.analyze(key),
        atlas.analyze(&draft),
        atlas.predict(&draft, 3),
    );
    let _ = (
        atlas.predictions().latest(key),
        atlas.predictions().latest_of_all(),
        atlas.predictions().scenario(1),
    );
    let _ = (atlas.review(key), atlas.review(&draft));
    let _ = (atlas.gaps(key, &[]), atlas.gaps(&draft, &[]));
    let _ = (
        atlas.similar(key, &options),
        atlas.similar(&draft, &options),
    );
    let _ = (
        atlas.duplicates(key, 5),
        atlas.patterns().list(&PatternFilter::default()),
    );
    let _ = (
        atlas.patterns().get("P-1"),
        atlas.patterns().unused(None),
        atlas.tickets().test_runs(key),
    );
    let _ = atlas.patterns().duplicates(&NearDuplicates::default());
    let _ = (
        atlas.learning().models(),
        atlas.learning().status(),
        atlas.jira().last_sync(),
        atlas.jira().status(),
    );
    let memory = MemoryFilter::default();
    let _ = (
        atlas.memory().get("context", "k"),
        atlas.memory().list(&memory),
    );
    let _ = (
        atlas.database().check(),
        atlas.learning().export_training(Vec::new()),
        atlas.database().model_id(),
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
        .sessions()
        .start("WRKA-1234", &SessionPlan::Free)
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
        .patterns()
        .add(&TestPattern::new("Rows are exported", "Data Export"))
        .unwrap();
    let answer = |key: &str, ask: &dyn Fn()| {
        atlas
            .tickets()
            .add(&[ticket(key, "Export is empty")])
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
        !atlas.predictions().questions(5).unwrap().is_empty()
    )));
    // What the day offers counts the questions and asks none.
    assert!(!answer("WRKA-2", &|| drop(
        atlas.play().offer_challenge().unwrap()
    )));
    assert!(answer("WRKA-3", &|| assert!(
        !atlas.predictions().ask_questions(5).unwrap().is_empty()
    )));
}
