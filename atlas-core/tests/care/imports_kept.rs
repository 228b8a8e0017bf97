//! What was changed or used since an import is kept when that is taken back, and named.

use atlas_core::Atlas;
use atlas_core::domain::{Feedback, FeedbackTarget, Outcome, SessionPlan, silent};

use super::imports::{Desk, OLD, PATTERNS};

#[test]
fn what_was_used_or_changed_since_is_kept_and_named() {
    let desk = Desk::new();
    let rows: Vec<String> = (1..=6).map(|n| format!("WRKA-{n},Ticket {n}")).collect();
    let tickets = desk.tickets(
        "t.csv",
        &format!("Issue key,Summary\n{}\n", rows.join("\n")),
    );
    let patterns = desk.patterns(
        "p.csv",
        "key,name,type,steps\nP-1,One,A,Do\nP-2,Two,A,Do\nP-3,Three,A,Do\nP-4,Four,A,Do\n",
    );
    let atlas = &desk.atlas;
    atlas.tickets().set_note("WRKA-1", Some("hard")).unwrap();
    let prediction = atlas.predict("WRKA-2", 1).unwrap();
    let answered = prediction.scenarios[0].name.clone();
    let row = prediction.scenarios[0].prediction_id.unwrap();
    atlas
        .feedback(FeedbackTarget::Scenario(row), &Feedback::accepted())
        .unwrap();
    let session = atlas
        .sessions()
        .start("WRKA-3", &SessionPlan::Free)
        .unwrap();
    atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    let mut changed = atlas.tickets().get("WRKA-4").unwrap();
    changed.summary = "Changed by hand".to_owned();
    atlas.tickets().add(&[changed]).unwrap();
    // Only asked about: that alone keeps nothing.
    atlas.predict("WRKA-5", 2).unwrap();
    let undone = atlas.database().undo_import(tickets).unwrap();
    assert_eq!(undone.removed.tickets, 2);
    assert!(undone.removed_predictions > 0);
    let named: Vec<_> = undone
        .kept
        .iter()
        .map(|kept| (kept.name.as_str(), kept.reason.as_str()))
        .collect();
    assert_eq!(
        named,
        [
            ("WRKA-1", "a note is about it"),
            ("WRKA-2", "feedback was given on it"),
            ("WRKA-3", "a session is about it"),
            ("WRKA-4", "it was changed since"),
        ]
    );
    let other = ["P-1", "P-2", "P-3", "P-4"];
    let retired = other
        .iter()
        .find(|key| atlas.patterns().get(key).unwrap().pattern.name != answered);
    atlas.patterns().retire(retired.unwrap()).unwrap();
    let undone = atlas.database().undo_import(patterns).unwrap();
    assert_eq!(
        (undone.removed.patterns, undone.kept_count),
        (2, 2),
        "{:?}",
        undone.kept
    );
    let reasons: Vec<&str> = undone
        .kept
        .iter()
        .map(|kept| kept.reason.as_str())
        .collect();
    assert!(
        reasons.contains(&"feedback was given on it") && reasons.contains(&"it was changed since")
    );
    assert_eq!(
        atlas
            .tickets()
            .note("WRKA-1")
            .unwrap()
            .unwrap()
            .note
            .as_deref(),
        Some("hard")
    );
    assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
}

#[test]
fn feedback_since_an_import_changed_a_pattern_stays_counted() {
    let desk = Desk::new();
    desk.tickets("old.csv", OLD);
    desk.patterns("patterns.csv", PATTERNS);
    let renamed = PATTERNS
        .replace("Open the report", "Open the export")
        .replace(",30,", ",50,");
    let change = |atlas: &Atlas| {
        let prediction = atlas.predict("WRKA-1", 2).unwrap();
        let scenario = prediction
            .scenarios
            .iter()
            .find(|s| s.name == "Umlauts survive");
        let row = scenario.unwrap().prediction_id.unwrap();
        let said = Feedback::accepted().minutes(10);
        atlas
            .feedback(FeedbackTarget::Scenario(row), &said)
            .unwrap();
    };
    let second = desk.patterns("patterns.csv", &renamed);
    change(&desk.atlas);
    desk.atlas.database().undo_import(second).unwrap();
    let pattern = desk.atlas.patterns().get("MM-T1").unwrap().pattern;
    assert_eq!((pattern.frequency, pattern.avg_time_minutes), (1, Some(10)));
    assert_eq!(pattern.steps[0].action, "Open the report");
    let receipt = desk.atlas.predictions().recent_feedback(1).unwrap()[0].feedback_id;
    desk.atlas.undo(receipt).unwrap();
    assert_eq!(
        desk.atlas
            .patterns()
            .get("MM-T1")
            .unwrap()
            .pattern
            .avg_time_minutes,
        Some(30)
    );
}

#[test]
fn a_pattern_that_an_answered_prediction_names_is_retired() {
    let desk = Desk::new();
    desk.tickets("old.csv", OLD);
    let first = desk.patterns("one.csv", "key,name,type,steps\nP-1,Umlauts survive,A,Do\n");
    let second = desk.patterns(
        "two.csv",
        "key,name,type,steps\nP-2,Umlauts are kept,A,Do it\n",
    );
    let prediction = desk.atlas.predict("WRKA-1", 2).unwrap();
    let of = |name: &str| {
        let named = prediction.scenarios.iter().find(|s| s.name == name);
        named.unwrap().prediction_id.unwrap()
    };
    let target = FeedbackTarget::Scenario(of("Umlauts survive"));
    of("Umlauts are kept");
    desk.atlas.feedback(target, &Feedback::accepted()).unwrap();
    let undone = desk.atlas.database().undo_import(second).unwrap();
    assert_eq!((undone.removed.patterns, undone.kept_count), (0, 1));
    assert!(
        undone.kept[0].reason.contains("retired"),
        "{:?}",
        undone.kept
    );
    assert!(!desk.atlas.patterns().get("P-2").unwrap().pattern.is_active);
    let undone = desk.atlas.database().undo_import(first).unwrap();
    assert_eq!(undone.kept[0].reason, "feedback was given on it");
    assert!(desk.atlas.patterns().get("P-1").unwrap().pattern.is_active);
}

#[test]
fn an_earlier_key_that_another_ticket_has_now_is_left_to_it() {
    let desk = Desk::new();
    desk.tickets("old.csv", OLD);
    let moved = desk.tickets(
        "moved.csv",
        "Issue key,Issue id,Summary\nWRKB-1,1,Export drops umlauts\n",
    );
    let by_hand = "Issue key,Issue id,Summary\nWRKA-1,7,Another ticket\n";
    let path = desk.file("hand.csv", by_hand);
    desk.atlas.tickets().import_file(path, &mut silent).unwrap();
    let undone = desk.atlas.database().undo_import(moved).unwrap();
    assert_eq!(undone.kept_count, 1, "{undone:?}");
    assert_eq!(undone.kept[0].name, "WRKB-1");
    assert_eq!(
        desk.atlas.tickets().get("WRKB-1").unwrap().summary,
        "Export drops umlauts"
    );
    assert_eq!(
        desk.atlas.tickets().get("WRKA-1").unwrap().summary,
        "Another ticket"
    );
    assert_eq!(desk.atlas.database().check().unwrap(), Vec::<String>::new());
}

#[test]
fn what_follows_on_a_taking_back_half_way_is_a_unit_of_its_own() {
    let desk = Desk::new();
    let before = desk.dump();
    let rows: Vec<String> = (1..=2_500).map(|n| format!("WRKA-{n},Again")).collect();
    let path = desk.file(
        "many.csv",
        &format!("Issue key,Summary\n{}\n", rows.join("\n")),
    );
    let mut undone = None;
    let report = desk.atlas.tickets().import_file(path, &mut |_| {
        let first = desk.atlas.database().imports().unwrap();
        if let (None, Some(first)) = (undone, first.first()) {
            undone = Some(
                desk.atlas
                    .database()
                    .undo_import(first.import_id)
                    .unwrap()
                    .removed
                    .tickets,
            );
        }
        std::ops::ControlFlow::Continue(())
    });
    let rest = 2_500 - undone.unwrap();
    assert_eq!(desk.atlas.database().counts().unwrap().tickets, rest);
    let imports = desk.atlas.database().imports().unwrap();
    assert_eq!((imports.len(), imports[0].new.tickets), (2, rest));
    let id = report.unwrap().import_id;
    assert_eq!(id, Some(imports[0].import_id));
    desk.atlas
        .database()
        .undo_import(imports[0].import_id)
        .unwrap();
    assert_eq!(desk.dump(), before);
}
