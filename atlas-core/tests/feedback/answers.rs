//! What an answer does: the prediction's row, the pattern's numbers, the next prediction.

use atlas_core::domain::{
    AnswerKind, Feedback, FeedbackPart, FeedbackTarget, Missed, Step, StepsOrigin, Ticket,
};

use super::{filled, key, numbers, open, rows, select, set_clock, step};

#[test]
fn an_answer_stands_in_its_row_and_counts_in_its_pattern() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    set_clock(100);
    let atlas = filled(&path);
    let prediction = atlas.predict("WRKA-1", 2).unwrap();
    let first = &prediction.scenarios[0];
    assert_eq!(first.pattern_key.as_deref(), Some("MM-T1"));
    let target = FeedbackTarget::Scenario(first.prediction_id.unwrap());
    let said = Feedback::accepted().rating(4).comments("fine").minutes(20);
    let receipt = atlas.feedback(target, &said).unwrap();
    assert_eq!(receipt.ticket_key, Some(key("WRKA-1")));
    let item = &receipt.items[0];
    assert_eq!(
        (item.prediction_id, item.pattern_id, item.answer),
        (first.prediction_id, first.pattern_id, AnswerKind::Accepted)
    );
    assert_eq!(item.scenario_name.as_deref(), Some(first.name.as_str()));
    let answered = "SELECT id FROM predictions WHERE user_feedback = 'accepted'
        AND user_rating = 4 AND user_comments = 'fine' AND actual_time_minutes = 20";
    let row = format!("[Integer({})]", first.prediction_id.unwrap());
    assert_eq!(select(&path, &[answered]), [row]);
    let (frequency, rate, minutes, last) = numbers(&path, "MM-T1");
    assert_eq!((frequency, rate, minutes), (4, 0.5, Some(20)));
    assert_eq!(last.as_deref(), Some("2025-10-09T08:55:00Z"));
    // A second answer supersedes the first, whatever it says.
    set_clock(200);
    atlas.feedback(target, &Feedback::rejected()).unwrap();
    let (frequency, rate, minutes, _) = numbers(&path, "MM-T1");
    // The minutes of before still hold: the second answer does not mention any.
    assert_eq!((frequency, rate, minutes), (4, 0.25, Some(20)));
    assert_eq!(atlas.database().counts().unwrap().observations, 1);
}

#[test]
fn a_later_answer_keeps_what_it_does_not_mention() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let row = rows(&atlas.predict("WRKA-1", 1).unwrap())[0];
    let target = FeedbackTarget::Scenario(row);
    let say = |feedback: Feedback| atlas.feedback(target, &feedback).unwrap().feedback_id;
    let stored = || {
        let columns = "user_feedback, user_rating, user_comments, actual_time_minutes";
        let sql = format!("SELECT {columns} FROM predictions WHERE id = {row}");
        select(&path, &[&sql]).join("")
    };
    let text = |answer: &str, rating: &str, comments: &str, minutes: &str| {
        format!(
            "[Text({:?}), {rating}, {comments}, {minutes}]",
            answer.as_bytes()
        )
    };
    let first = say(Feedback::accepted().rating(4).comments("slow").minutes(20));
    let second = say(Feedback::accepted().rating(2));
    let (slow, twenty) = (&format!("Text({:?})", b"slow"), "Integer(20)");
    assert_eq!(stored(), text("accepted", "Integer(2)", slow, twenty));
    let third = say(Feedback::rejected().clear(FeedbackPart::ActualMinutes));
    assert_eq!(stored(), text("rejected", "Integer(2)", slow, "Null"));
    let fourth = say(Feedback::rejected().clear(FeedbackPart::Comments).rating(1));
    assert_eq!(stored(), text("rejected", "Integer(1)", "Null", "Null"));
    atlas.undo(fourth).unwrap();
    atlas.undo(third).unwrap();
    assert_eq!(stored(), text("accepted", "Integer(2)", slow, twenty));
    // What was said only by what is taken back goes with it.
    atlas.undo(first).unwrap();
    assert_eq!(stored(), text("accepted", "Integer(2)", "Null", "Null"));
    assert_eq!(numbers(&path, "MM-T1").2, Some(31));
    atlas.undo(second).unwrap();
    assert_eq!(stored(), "[Null, Null, Null, Null]");
}

#[test]
fn the_testers_own_steps_are_shown_and_the_pattern_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let steps_of = |ticket: &str| {
        let prediction = atlas.predict(ticket, 4).unwrap();
        let of = |s: &atlas_core::domain::Scenario| s.pattern_key.as_deref() == Some("MM-T1");
        let scenario = prediction.scenarios.into_iter().find(of).unwrap();
        (scenario.steps, scenario.steps_origin)
    };
    let row = rows(&atlas.predict("WRKA-1", 1).unwrap())[0];
    let target = FeedbackTarget::Scenario(row);
    let own = vec![Step::new("Export names with umlauts", "They are there")];
    let first = atlas
        .feedback(target, &Feedback::modified(own.clone()))
        .unwrap();
    assert_eq!(first.items[0].steps.as_ref(), Some(&own));
    assert_eq!(steps_of("WRKA-2"), (own.clone(), StepsOrigin::Edited));
    let newer = atlas
        .feedback(target, &Feedback::modified(step("Newer")))
        .unwrap();
    assert_eq!(steps_of("WRKA-2").0, step("Newer"));
    atlas.undo(newer.feedback_id).unwrap();
    assert_eq!(steps_of("WRKA-1"), (own, StepsOrigin::Edited));
    atlas.undo(first.feedback_id).unwrap();
    assert_eq!(steps_of("WRKA-1"), (step("Do it"), StepsOrigin::Pattern));
}

#[test]
fn a_scenario_that_is_no_pattern_is_answered_and_teaches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let mut ticket = Ticket::new(key("WRKA-9"), "Save loses the date");
    ticket.description = Some("# Steps to reproduce\n\n1. Open a case\n2. Save".to_owned());
    atlas.tickets().add(&[ticket]).unwrap();
    let prediction = atlas.predict("WRKA-9", 9).unwrap();
    let own = prediction.scenarios.iter().find(|s| s.pattern_id.is_none());
    let own = own.unwrap();
    let target = FeedbackTarget::Scenario(own.prediction_id.unwrap());
    let receipt = atlas
        .feedback(target, &Feedback::accepted().minutes(9))
        .unwrap();
    assert_eq!(receipt.items[0].pattern_id, None);
    assert_eq!(receipt.items[0].scenario_name.as_ref(), Some(&own.name));
    assert_eq!(atlas.database().counts().unwrap().observations, 0);
    let stored = "SELECT user_feedback FROM predictions WHERE user_feedback IS NOT NULL";
    assert_eq!(select(&path, &[stored]).len(), 1);
    atlas.undo(receipt.feedback_id).unwrap();
    assert!(select(&path, &[stored]).is_empty());
}

#[test]
fn a_whole_prediction_is_answered_at_once_and_shares_its_minutes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let prediction = atlas.predict("WRKA-1", 4).unwrap();
    let target = FeedbackTarget::Prediction(prediction.id.unwrap());
    let receipt = atlas
        .feedback(target, &Feedback::accepted().minutes(100))
        .unwrap();
    assert_eq!(receipt.items.len(), 4);
    let minutes = receipt
        .items
        .iter()
        .map(|item| item.actual_minutes.unwrap());
    assert_eq!(minutes.sum::<u32>(), 100);
    for (item, scenario) in receipt.items.iter().zip(&prediction.scenarios) {
        let fair = f64::from(scenario.minutes) / f64::from(prediction.total_minutes) * 100.0;
        assert!((f64::from(item.actual_minutes.unwrap()) - fair).abs() <= 1.0);
    }
    let all = Feedback::modified(step("x"));
    assert_eq!(
        atlas.feedback(target, &all).unwrap_err().code(),
        "INVALID_VALUE"
    );
    assert_eq!(atlas.database().counts().unwrap().observations, 4);
}

#[test]
fn a_call_with_a_known_id_changes_nothing_in_any_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let prediction = atlas.predict("WRKA-1", 2).unwrap();
    let targets: Vec<_> = rows(&prediction)
        .into_iter()
        .map(FeedbackTarget::Scenario)
        .collect();
    let said = Feedback::accepted().minutes(20).host_id("click 1");
    let first = atlas.feedback(targets[0], &said).unwrap();
    assert!(!first.repeated);
    let other = open(&path);
    let again = other.feedback(targets[1], &Feedback::rejected().host_id("click 1"));
    let again = again.unwrap();
    assert!(again.repeated);
    assert_eq!(
        (again.feedback_id, &again.items),
        (first.feedback_id, &first.items)
    );
    let missed = other.missed("WRKA-2", &Missed::pattern("MM-T4"), None, Some("click 1"));
    assert!(missed.unwrap().repeated);
    assert_eq!(atlas.database().counts().unwrap().observations, 1);
    atlas.undo(first.feedback_id).unwrap();
    assert!(
        !atlas.feedback(targets[0], &said).unwrap().repeated,
        "free again"
    );
}

#[test]
fn two_handles_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let rows = rows(&atlas.predict("WRKA-1", 1).unwrap());
    let target = FeedbackTarget::Scenario(rows[0]);
    std::thread::scope(|scope| {
        for handle in 0..3 {
            let (path, target) = (&path, target);
            scope.spawn(move || {
                let atlas = open(path);
                for call in 0..20 {
                    let said = Feedback::accepted().host_id(format!("{handle} {call}"));
                    let receipt = atlas.feedback(target, &said).unwrap();
                    if call % 4 > 0 {
                        atlas.undo(receipt.feedback_id).unwrap();
                    }
                    let pattern = Missed::pattern("MM-T3");
                    atlas
                        .missed("WRKA-3", &pattern, Some(10 + call), None)
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(
        atlas.predictions().recent_feedback(100).unwrap().len(),
        3 * 5 + 3 * 20
    );
    assert_eq!(
        atlas.database().counts().unwrap().observations,
        2,
        "one in force each"
    );
    assert_eq!(numbers(&path, "MM-T1").0, 4);
    assert_eq!(numbers(&path, "MM-T3").0, 1);
    assert!(atlas.database().check().unwrap().is_empty());
}

#[test]
fn what_was_missed_is_known_by_its_pattern_or_becomes_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    atlas
        .missed("wrka-3", &Missed::pattern("MM-T3"), Some(12), None)
        .unwrap();
    let (frequency, rate, minutes, _) = numbers(&path, "MM-T3");
    assert_eq!((frequency, rate, minutes), (1, 1.0, Some(12)));
    let by_name = Missed::pattern("Form keeps its values when saved");
    atlas.missed("WRKA-3", &by_name, None, None).unwrap();
    assert_eq!(numbers(&path, "MM-T3").0, 1, "the same answer again");
    let new = Missed::New {
        name: " Leap day ".to_owned(),
        steps: step("Save on 29 February"),
        pattern_type: None,
        component: Some("Forms".to_owned()),
    };
    let receipt = atlas.missed("WRKA-4", &new, None, None).unwrap();
    assert_eq!(receipt.items[0].scenario_name.as_deref(), Some("Leap day"));
    let prediction = atlas.predict("WRKA-4", 9).unwrap();
    let named = prediction.scenarios.iter().find(|s| s.name == "Leap day");
    let named = named.unwrap();
    assert_eq!(named.component.as_deref(), Some("Forms"));
    assert_ne!(named.pattern_type.as_deref(), Some(""));
    assert_eq!(named.steps, step("Save on 29 February"));
    assert_eq!(
        atlas.database().counts().unwrap().unencoded,
        0,
        "predicting encoded it"
    );
}

#[test]
fn bad_feedback_is_refused_and_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let row = rows(&atlas.predict("WRKA-1", 1).unwrap())[0];
    let before = super::dump(&path);
    let refuse = |target, feedback: &Feedback| atlas.feedback(target, feedback).unwrap_err();
    let scenario = FeedbackTarget::Scenario(row);
    for feedback in [
        Feedback::accepted().rating(6),
        Feedback::accepted().minutes(0),
        Feedback::accepted().minutes(1_441),
        Feedback::modified(Vec::new()),
        Feedback::rejected().host_id(""),
    ] {
        assert_eq!(
            refuse(scenario, &feedback).code(),
            "INVALID_VALUE",
            "{feedback:?}"
        );
    }
    let unknown = refuse(FeedbackTarget::Scenario(999), &Feedback::accepted());
    assert_eq!(unknown.code(), "PREDICTION_NOT_FOUND");
    assert_eq!(unknown.details()["id"], "999");
    let unknown = refuse(FeedbackTarget::Prediction(999), &Feedback::accepted());
    assert_eq!(unknown.code(), "PREDICTION_NOT_FOUND");
    let missed = |key: &str, missed: &Missed, minutes| {
        atlas.missed(key, missed, minutes, None).unwrap_err().code()
    };
    let known = Missed::pattern("MM-T1");
    assert_eq!(missed("WRKA-77", &known, None), "TICKET_NOT_FOUND");
    assert_eq!(
        missed("WRKA-1", &Missed::pattern("MM-T77"), None),
        "PATTERN_NOT_FOUND"
    );
    assert_eq!(
        missed("WRKA-1", &Missed::pattern(77), None),
        "PATTERN_NOT_FOUND"
    );
    assert_eq!(missed("WRKA-1", &known, Some(0)), "INVALID_VALUE");
    assert_eq!(
        missed("WRKA-1", &Missed::new("x", Vec::new()), None),
        "INVALID_VALUE"
    );
    assert_eq!(atlas.undo(1).unwrap_err().code(), "FEEDBACK_NOT_FOUND");
    assert_eq!(super::dump(&path), before);
    assert!(atlas.predictions().recent_feedback(1).unwrap().is_empty());
}
