//! Pairs of tickets that are not similar.

use atlas_core::domain::{Feedback, FeedbackTarget};
use atlas_core::{Atlas, SimilarOptions};

use super::{filled, open, rows};

/// Whether one ticket names the other anywhere.
fn named(atlas: &Atlas, key: &str, other: &str) -> [bool; 4] {
    let is_other = |key: &atlas_core::domain::TicketKey| key.as_str() == other;
    let similar = atlas.similar(key, &SimilarOptions::default()).unwrap();
    let duplicates = atlas.duplicates(key, 10).unwrap();
    let analysis = atlas.analyze(key).unwrap();
    let prediction = atlas.predict(key, 4).unwrap();
    let reasons = prediction.scenarios.iter().flat_map(|s| &s.reasons);
    [
        similar.iter().any(|t| is_other(&t.ticket_key)),
        duplicates.iter().any(|t| is_other(&t.ticket_key)),
        analysis
            .similar_tickets
            .iter()
            .any(|t| is_other(&t.ticket_key)),
        reasons.filter_map(|r| r.ticket_key.as_ref()).any(is_other),
    ]
}

#[test]
fn a_pair_is_apart_at_once_in_every_answer_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    for ticket in ["WRKA-1", "WRKA-2"] {
        let row = rows(&atlas.predict(ticket, 1).unwrap())[0];
        let accepted = Feedback::accepted();
        atlas
            .feedback(FeedbackTarget::Scenario(row), &accepted)
            .unwrap();
    }
    let other = open(&path);
    assert_eq!(named(&other, "WRKA-1", "WRKA-2"), [true; 4]);
    assert!(
        atlas
            .tickets()
            .mark_not_similar("WRKA-2", "wrka-1")
            .unwrap()
    );
    assert!(
        !atlas
            .tickets()
            .mark_not_similar("WRKA-1", "WRKA-2")
            .unwrap(),
        "known"
    );
    assert_eq!(named(&other, "WRKA-1", "WRKA-2"), [false; 4]);
    assert_eq!(named(&atlas, "WRKA-2", "WRKA-1"), [false; 4]);
    let similar = atlas.similar("WRKA-1", &SimilarOptions::default()).unwrap();
    assert_eq!(similar.len(), 2, "the others are still named");
    drop((atlas, other));
    let again = open(&path);
    assert_eq!(
        named(&again, "WRKA-1", "WRKA-2"),
        [false; 4],
        "after a restart"
    );
    assert!(
        again
            .tickets()
            .unmark_not_similar("WRKA-1", "WRKA-2")
            .unwrap()
    );
    assert!(
        !again
            .tickets()
            .unmark_not_similar("WRKA-1", "WRKA-2")
            .unwrap()
    );
    assert_eq!(named(&again, "WRKA-1", "WRKA-2"), [true; 4]);
    let itself = again
        .tickets()
        .mark_not_similar("WRKA-1", "WRKA-1")
        .unwrap_err();
    assert_eq!(itself.code(), "INVALID_VALUE");
    let unknown = again
        .tickets()
        .mark_not_similar("WRKA-1", "WRKA-99")
        .unwrap_err();
    assert_eq!(unknown.code(), "TICKET_NOT_FOUND");
}
