//! Taking feedback back is exact, whatever was given before and after.

use std::path::Path;

use atlas_core::Atlas;
use atlas_core::domain::{
    Feedback, FeedbackPart, FeedbackTarget, Missed, PatternOrigin, TestPattern,
};

use super::{TICKETS, dump, filled, open, rows, select, set_clock, step};

/// A small generator of numbers (xorshift), for sequences that are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
}

/// One call of the host, which can be made again.
#[derive(Debug, Clone)]
enum Call {
    Scenario(i64, Feedback),
    Whole(i64, Feedback),
    Missed(&'static str, Missed, Option<u32>),
}

impl Call {
    fn random(random: &mut Random, runs: &[(i64, Vec<i64>)]) -> Self {
        let minutes = random.below(3).checked_sub(1).map(|n| 17 + n as u32 * 40);
        let mut feedback = match random.below(3) {
            0 => Feedback::accepted(),
            1 => Feedback::rejected(),
            _ => Feedback::modified(step(&format!("My own {}", random.below(9)))),
        };
        feedback.actual_minutes = minutes;
        if random.below(4) == 0 {
            feedback = feedback
                .clear(FeedbackPart::Rating)
                .clear(FeedbackPart::ActualMinutes);
        }
        feedback.rating = random.below(6).try_into().ok().filter(|rating| *rating > 0);
        let (run, rows) = &runs[random.below(runs.len())];
        match random.below(6) {
            0 if feedback.answer.kind().as_str() != "modified" => Call::Whole(*run, feedback),
            1 => {
                let pattern = ["MM-T1", "MM-T2"][random.below(2)];
                let ticket = TICKETS[random.below(2)];
                Call::Missed(ticket, Missed::pattern(pattern), minutes)
            }
            2 => {
                let name = ["Umlauts in names", "Leap day"][random.below(2)];
                let ticket = TICKETS[random.below(2)];
                Call::Missed(ticket, Missed::new(name, step(name)), minutes)
            }
            // Few rows, so that answers supersede each other.
            _ => Call::Scenario(rows[random.below(2)], feedback),
        }
    }

    fn make(&self, atlas: &Atlas) -> i64 {
        let receipt = match self {
            Call::Scenario(row, feedback) => {
                atlas.feedback(FeedbackTarget::Scenario(*row), feedback)
            }
            Call::Whole(run, feedback) => {
                atlas.feedback(FeedbackTarget::Prediction(*run), feedback)
            }
            Call::Missed(ticket, missed, minutes) => atlas.missed(ticket, missed, *minutes, None),
        };
        receipt.unwrap().feedback_id
    }
}

/// What two databases with the same feedback must agree on: all but row ids of what was made.
fn meaning(path: &Path) -> Vec<String> {
    select(
        path,
        &[
            "SELECT pattern_name, pattern_type, test_steps, success_rate, frequency,
                    avg_time_minutes, component, last_used, is_active
             FROM test_patterns ORDER BY pattern_name",
            "SELECT * FROM predictions ORDER BY id",
            "SELECT p.pattern_name, o.ticket_id, o.verdict, o.origin, o.observed_at, o.minutes,
                    o.prediction_id, o.created_at
             FROM atlas_observations o JOIN test_patterns p ON p.id = o.pattern_id
             ORDER BY p.pattern_name, o.observed_at, o.prediction_id",
            "SELECT count(*) FROM atlas_pattern_base",
        ],
    )
}

#[test]
fn feedback_in_any_order_is_taken_back_to_the_last_byte() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 1..=6 {
        let path = folder.path().join(format!("{seed}.db"));
        set_clock(0);
        let atlas = filled(&path);
        // Something was observed before, of one pattern and not of the others.
        let csv = folder.path().join("history.csv");
        std::fs::write(&csv, "ticket_key,test_key,minutes\nWRKA-4,MM-T1,12\n").unwrap();
        atlas
            .learning()
            .import_history(&csv, &mut atlas_core::domain::silent)
            .unwrap();
        let runs: Vec<(i64, Vec<i64>)> = TICKETS[..2]
            .iter()
            .map(|ticket| {
                let prediction = atlas.predict(*ticket, 3).unwrap();
                (prediction.id.unwrap(), rows(&prediction))
            })
            .collect();
        let copy = folder.path().join(format!("{seed}-copy.db"));
        atlas.database().backup(&copy).unwrap();
        let beginning = dump(&path);

        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ seed);
        let mut live: Vec<(i64, i64, Call)> = Vec::new();
        for second in 1..=60 {
            if !live.is_empty() && random.below(3) == 0 {
                let (feedback, ..) = live.remove(random.below(live.len()));
                atlas.undo(feedback).unwrap();
                continue;
            }
            let call = Call::random(&mut random, &runs);
            let before = dump(&path);
            set_clock(second * 10);
            let feedback = call.make(&atlas);
            assert_ne!(dump(&path), before, "{call:?} says something");
            atlas.undo(feedback).unwrap();
            assert_eq!(dump(&path), before, "{call:?}");
            live.push((call.make(&atlas), second * 10, call));
        }
        // As if only what is left had been said.
        let replay = open(&copy);
        for (_, second, call) in &live {
            set_clock(*second);
            call.make(&replay);
        }
        assert_eq!(meaning(&path), meaning(&copy), "seed {seed}");
        assert!(live.len() > 10);
        while !live.is_empty() {
            let (feedback, ..) = live.remove(random.below(live.len()));
            atlas.undo(feedback).unwrap();
        }
        assert_eq!(dump(&path), beginning, "seed {seed}");
        assert!(atlas.database().check().unwrap().is_empty());
        assert!(atlas.predictions().recent_feedback(5).unwrap().is_empty());
    }
}

#[test]
fn what_happens_to_others_in_between_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let prediction = atlas.predict("WRKA-1", 4).unwrap();
    let of_pattern = |key: &str| {
        let scenario = prediction
            .scenarios
            .iter()
            .find(|s| s.pattern_key.as_deref() == Some(key));
        FeedbackTarget::Scenario(scenario.unwrap().prediction_id.unwrap())
    };
    let first = atlas
        .feedback(of_pattern("MM-T1"), &Feedback::accepted().minutes(50))
        .unwrap();
    let others = atlas
        .feedback(of_pattern("MM-T2"), &Feedback::rejected())
        .unwrap();
    atlas
        .missed("WRKA-3", &Missed::pattern("MM-T1"), Some(20), None)
        .unwrap();
    let mut library = TestPattern::new("Renamed", "Form Submission");
    library.key = Some("MM-T1".to_owned());
    library.avg_time_minutes = Some(44);
    atlas.patterns().add_all(&[library]).unwrap();
    assert_eq!(super::numbers(&path, "MM-T1").2, Some(35));
    atlas.undo(first.feedback_id).unwrap();
    let (frequency, rate, minutes, _) = super::numbers(&path, "MM-T1");
    assert_eq!((frequency, rate, minutes), (4, 0.5, Some(20)));
    assert_eq!(super::numbers(&path, "MM-T2").0, 8);
    let newest = atlas.predictions().recent_feedback(1).unwrap().remove(0);
    atlas.undo(newest.feedback_id).unwrap();
    let (frequency, rate, minutes, last) = super::numbers(&path, "MM-T1");
    assert_eq!(
        (frequency, rate, minutes, last),
        (3, 1.0 / 3.0, Some(44), None),
        "the library's new minutes hold"
    );
    atlas.undo(others.feedback_id).unwrap();
    let missing = atlas.undo(others.feedback_id).unwrap_err();
    assert_eq!(
        (missing.code(), missing.details()["feedback_id"].as_str()),
        ("FEEDBACK_NOT_FOUND", &*others.feedback_id.to_string())
    );
}

#[test]
fn a_pattern_that_came_with_an_answer_goes_when_nothing_else_speaks_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = filled(&path);
    let missed = Missed::new("Leap day", step("Save on 29 February"));
    let first = atlas.missed("WRKA-4", &missed, Some(5), None).unwrap();
    assert!(first.items[0].made_pattern);
    let again = atlas.missed("WRKA-3", &missed, None, None).unwrap();
    assert!(!again.items[0].made_pattern);
    assert_eq!(again.items[0].pattern_id, first.items[0].pattern_id);
    assert_eq!(atlas.undo(first.feedback_id).unwrap().removed_patterns, 0);
    assert_eq!(
        atlas.database().counts().unwrap().patterns,
        5,
        "the other ticket needs it"
    );
    assert_eq!(atlas.undo(again.feedback_id).unwrap().removed_patterns, 1);
    assert_eq!(atlas.database().counts().unwrap().patterns, 4);

    let third = atlas.missed("WRKA-4", &missed, None, None).unwrap();
    let names = |prediction: atlas_core::domain::Prediction| {
        let scenarios = prediction.scenarios.into_iter();
        scenarios.map(|s| s.name).collect::<Vec<_>>()
    };
    let predicted = names(atlas.predict("WRKA-4", 9).unwrap());
    assert!(predicted.contains(&"Leap day".to_owned()), "{predicted:?}");
    assert_eq!(atlas.undo(third.feedback_id).unwrap().removed_patterns, 0);
    let predicted = names(atlas.predict("WRKA-4", 9).unwrap());
    assert!(
        !predicted.contains(&"Leap day".to_owned()),
        "retired, because a stored prediction names it: {predicted:?}"
    );
    assert!(atlas.database().check().unwrap().is_empty());
}

#[test]
fn a_pattern_that_a_library_has_taken_over_stays() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = filled(&folder.path().join("work.db"));
    let missed = Missed::New {
        name: "Leap day".to_owned(),
        steps: step("Save on 29 February"),
        pattern_type: Some("Dates".to_owned()),
        component: None,
    };
    let receipt = atlas.missed("WRKA-4", &missed, None, None).unwrap();
    let mut library = TestPattern::new("Leap day", "Dates");
    library.origin = PatternOrigin::Imported;
    assert_eq!(atlas.patterns().add_all(&[library]).unwrap().updated, 1);
    assert_eq!(atlas.undo(receipt.feedback_id).unwrap().removed_patterns, 0);
    assert_eq!(atlas.database().counts().unwrap().patterns, 5);
}
