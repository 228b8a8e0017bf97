//! Learning through `Atlas`: it learns, unlearns, retrains by itself, and answers meanwhile.

use std::num::NonZeroU32;
use std::ops::ControlFlow;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, Weak};
use std::thread;

use atlas_core::domain::{Draft, Feedback, FeedbackTarget, Prediction, Ticket, TicketKey, silent};
use atlas_core::learning::backtest::BacktestOptions;
use atlas_core::pipeline::{Candidate, Predictor, Query, ScenarioRef, Suggestions};
use atlas_core::store::ModelState;
use atlas_core::{Atlas, BlendPolicy};

const PLACES: [&str; 10] = [
    "the shop",
    "the office",
    "the ward",
    "the desk",
    "the branch",
    "the hall",
    "the depot",
    "the station",
    "the kiosk",
    "the lab",
];
const THINGS: [&str; 5] = [
    "an invoice",
    "an order",
    "a visit",
    "a payment",
    "a referral",
];

/// Fifty tickets of one kind, each worded in its own way.
fn tickets() -> Vec<Ticket> {
    (0..50)
        .map(|n| {
            let (place, thing) = (PLACES[n % 10], THINGS[n / 10]);
            let key = TicketKey::parse(&format!("SHOP-{}", n + 1)).unwrap();
            let mut ticket = Ticket::new(
                key,
                format!("Login with an expired password fails at {place} after {thing}"),
            );
            ticket.ticket_type = "Bug".to_owned();
            ticket
        })
        .collect()
}

fn new_ticket() -> Draft {
    Draft::new("Login with an expired password fails at the gate after a refund")
}

/// An `Atlas` that retrains only when it is told to.
fn atlas() -> Atlas {
    let atlas = Atlas::builder()
        .retrain_after(None)
        .open_in_memory()
        .unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    atlas
}

fn names(prediction: &Prediction) -> Vec<String> {
    prediction
        .scenarios
        .iter()
        .map(|s| s.name.clone())
        .collect()
}

fn confidence(prediction: &Prediction, name: &str) -> f32 {
    let found = prediction.scenarios.iter().find(|s| s.name == name);
    found.map_or(0.0, |scenario| scenario.confidence)
}

/// Accepts one scenario and rejects another for every ticket; the feedback's ids.
fn judge(atlas: &Atlas, accepted: &str, rejected: &str) -> Vec<i64> {
    // All are predicted first, so that no answer depends on what a training in the background has
    // learned by then.
    let predicted: Vec<Prediction> = tickets()
        .iter()
        .map(|ticket| atlas.predict(ticket.key.as_str(), 100).unwrap())
        .collect();
    let mut given = Vec::new();
    for prediction in predicted {
        for (name, said) in [
            (accepted, Feedback::accepted()),
            (rejected, Feedback::rejected()),
        ] {
            let mut scenarios = prediction.scenarios.iter();
            let scenario = scenarios.find(|s| s.name == name).unwrap();
            let row = FeedbackTarget::Scenario(scenario.prediction_id.unwrap());
            given.push(atlas.feedback(row, &said).unwrap().feedback_id);
        }
    }
    given
}

#[test]
fn what_was_accepted_rises_and_what_was_rejected_falls_and_undoing_gives_the_same_bytes() {
    let atlas = atlas();
    let before = atlas.predict(&new_ticket(), 100).unwrap();
    let bytes = serde_json::to_string(&before).unwrap();
    let all = names(&before);
    let (accepted, rejected) = (all[1].clone(), all[0].clone());
    let given = judge(&atlas, &accepted, &rejected);
    let version = atlas.learning().retrain(&mut silent).unwrap().unwrap();
    assert_eq!(version.state, ModelState::Serving);
    assert_eq!(version.log.observations, 100);

    let learned = atlas.predict(&new_ticket(), 100).unwrap();
    assert!(learned.blend.calibrated && learned.blend.model == Some(version.version));
    let (up, down) = (
        confidence(&learned, &accepted),
        confidence(&learned, &rejected),
    );
    assert!(
        up > 80.0 && down < 20.0,
        "{up} {down} {}",
        version.log.decision
    );
    for scenario in &learned.scenarios {
        let sum: f32 = scenario.parts.iter().map(|part| part.value).sum();
        assert!((sum - scenario.confidence).abs() < 1e-3);
        assert!((0.0..=100.001).contains(&scenario.confidence));
    }

    for id in given.into_iter().rev() {
        atlas.undo(id).unwrap();
    }
    let after = atlas.predict(&new_ticket(), 100).unwrap();
    assert_eq!(serde_json::to_string(&after).unwrap(), bytes);
    let states: Vec<_> = atlas
        .learning()
        .models()
        .unwrap()
        .iter()
        .map(|m| m.state)
        .collect();
    assert_eq!(states, [ModelState::Withdrawn]);
    assert_eq!(atlas.learning().retrain(&mut silent).unwrap(), None);
}

#[test]
fn few_answers_say_how_many_are_missing() {
    let atlas = atlas();
    let first = atlas.predict("SHOP-1", 3).unwrap();
    assert_eq!(
        (first.blend.by.as_str(), first.blend.missing),
        ("weighted sum", 30)
    );
    assert!(!first.blend.calibrated);
    let row = FeedbackTarget::Scenario(first.scenarios[0].prediction_id.unwrap());
    atlas.feedback(row, &Feedback::accepted()).unwrap();
    assert_eq!(atlas.predict("SHOP-2", 3).unwrap().blend.missing, 29);
    atlas.learning().retrain(&mut silent).unwrap();
    let after = atlas.predict("SHOP-2", 3).unwrap();
    assert_eq!(after.blend.missing, 29);
    assert!(after.scenarios.iter().all(|scenario| !scenario.calibrated));
}

#[test]
fn it_retrains_by_itself_and_the_host_can_fix_who_speaks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = Atlas::open(&path).unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    let all = names(&atlas.predict(&new_ticket(), 100).unwrap());
    judge(&atlas, &all[1], &all[0]);
    atlas.learning().wait_until_trained();
    let status = atlas.learning().status().unwrap();
    assert!(!status.due && !status.running && status.failure.is_none());
    assert!(status.new_observations < 20 && status.serving.is_some());
    atlas.learning().retrain(&mut silent).unwrap();
    drop(atlas);

    let plain = Atlas::builder()
        .blend(BlendPolicy::WeightedSum)
        .open(&path)
        .unwrap();
    let fixed = plain.predict(&new_ticket(), 5).unwrap();
    assert_eq!(fixed.blend.by, "weighted sum");
    let free = Atlas::open(&path).unwrap();
    assert_eq!(free.predict(&new_ticket(), 5).unwrap().blend.by, "learned");
    free.learning().roll_back(None).unwrap();
    assert_eq!(free.predict(&new_ticket(), 5).unwrap().blend.model, None);
    let newest = free.learning().models().unwrap()[0].version;
    free.learning().roll_back(Some(newest)).unwrap();
    assert_eq!(
        free.predict(&new_ticket(), 5).unwrap().blend.model,
        Some(newest)
    );
    let unknown = free.learning().roll_back(Some(99)).unwrap_err();
    assert_eq!(unknown.code(), "MODEL_VERSION_NOT_FOUND");
}

/// Names one pattern for everything.
struct Stubborn(i64);

impl Predictor for Stubborn {
    fn name(&self) -> &str {
        "stubborn"
    }

    fn predict(&self, _: &Query<'_>) -> atlas_core::Result<Suggestions> {
        let named = Candidate::new(ScenarioRef::Pattern(self.0), 1.0);
        Ok(Suggestions {
            scenarios: vec![named],
            ..Suggestions::default()
        })
    }
}

#[test]
fn a_new_plugin_is_heard_at_once_and_weighed_after_the_next_training() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let builder = || Atlas::builder().retrain_after(None);
    let atlas = builder().open(&path).unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    let first = atlas.predict(&new_ticket(), 100).unwrap();
    let all = names(&first);
    judge(&atlas, &all[1], &all[0]);
    atlas.learning().retrain(&mut silent).unwrap();
    let wrong = first.scenarios.last().unwrap().pattern_id.unwrap();
    drop(atlas);
    let atlas = builder().predictor(Stubborn(wrong)).open(&path).unwrap();
    assert!(atlas.learning().status().unwrap().due);
    let heard = atlas.predict(&new_ticket(), 100).unwrap();
    assert_eq!(heard.blend.by, "weighted sum");
    let of = |p: &Prediction| p.scenarios.iter().position(|s| s.pattern_id == Some(wrong));
    let before = of(&heard).unwrap();
    atlas.learning().retrain(&mut silent).unwrap();
    let weighed = atlas.predict(&new_ticket(), 100).unwrap();
    assert_eq!(weighed.blend.by, "learned");
    assert!(
        weighed
            .blend
            .weights
            .iter()
            .any(|part| part.name == "stubborn")
    );
    assert!(
        of(&weighed).is_none_or(|place| place > before),
        "it was never right"
    );
}

#[test]
fn a_stopped_retraining_leaves_what_was() {
    let atlas = atlas();
    let all = names(&atlas.predict(&new_ticket(), 100).unwrap());
    judge(&atlas, &all[1], &all[0]);
    let before = atlas.predict(&new_ticket(), 5).unwrap();
    let mut stop = |_| ControlFlow::Break(());
    assert_eq!(
        atlas.learning().retrain(&mut stop).unwrap_err().code(),
        "CANCELLED"
    );
    assert!(atlas.learning().models().unwrap().is_empty());
    assert_eq!(atlas.predict(&new_ticket(), 5).unwrap(), before);
}

/// Names the file on which [`dies_while_retraining`] is to work.
const FILE: &str = "ATLAS_LEARNING_TEST_FILE";

/// Does nothing unless started by [`a_kill_during_retraining_leaves_the_old_model`].
#[test]
fn dies_while_retraining() {
    let Some(path) = std::env::var_os(FILE) else {
        return;
    };
    let atlas = Atlas::builder().retrain_after(None).open(path).unwrap();
    let mut die = |_| std::process::abort();
    let _: Result<_, _> = atlas.learning().retrain(&mut die);
}

#[test]
fn a_kill_during_retraining_leaves_the_old_model() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let open = || {
        let builder = Atlas::builder().retrain_after(None);
        builder.open(&path).unwrap()
    };
    let atlas = open();
    atlas.tickets().add(&tickets()).unwrap();
    let all = names(&atlas.predict(&new_ticket(), 100).unwrap());
    judge(&atlas, &all[1], &all[0]);
    let version = atlas
        .learning()
        .retrain(&mut silent)
        .unwrap()
        .unwrap()
        .version;
    let before = atlas.predict(&new_ticket(), 5).unwrap();
    drop(atlas);
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "dies_while_retraining"])
        .env(FILE, &path)
        .output()
        .unwrap();
    assert!(!child.status.success());
    let atlas = open();
    assert_eq!(atlas.learning().status().unwrap().serving, Some(version));
    assert_eq!(atlas.learning().models().unwrap().len(), 1);
    assert_eq!(atlas.predict(&new_ticket(), 5).unwrap(), before);
    assert!(atlas.database().check().unwrap().is_empty());
}

#[test]
fn equal_pasts_give_equal_models_and_backtests() {
    let report = |atlas: &Atlas| {
        let options = BacktestOptions {
            resamples: 100,
            ..BacktestOptions::default()
        };
        atlas.backtest(&options, &mut silent).unwrap()
    };
    let [first, second] = [(); 2].map(|()| {
        let atlas = atlas();
        let all = names(&atlas.predict(&new_ticket(), 100).unwrap());
        judge(&atlas, &all[1], &all[0]);
        let log = atlas.learning().retrain(&mut silent).unwrap().unwrap().log;
        (
            log,
            atlas.predict(&new_ticket(), 10).unwrap(),
            report(&atlas),
        )
    });
    assert_eq!(first, second);
    assert_eq!(first.2.tickets, 50);
    assert!(first.2.method("ATLAS").unwrap().hit_10.value > 0.9);
}

#[test]
fn the_past_may_be_judged_in_the_background_while_predictions_go_on() {
    let atlas = Atlas::builder()
        .retrain_after(NonZeroU32::new(1))
        .cache(false)
        .open_in_memory()
        .unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    for ticket in tickets().iter().take(10) {
        let prediction = atlas.predict(ticket.key.as_str(), 5).unwrap();
        let row = FeedbackTarget::Prediction(prediction.id.unwrap());
        atlas.feedback(row, &Feedback::accepted()).unwrap();
    }
    // Dropped while it may be at work: it is stopped and waited for.
    drop(atlas);
}

/// Gives feedback whenever it is asked, which replaces what it gave before.
#[derive(Default)]
struct Meddler(Mutex<Option<(Weak<Atlas>, i64)>>, AtomicBool);

impl Predictor for &'static Meddler {
    fn name(&self) -> &str {
        "meddler"
    }

    fn predict(&self, _: &Query<'_>) -> atlas_core::Result<Suggestions> {
        let known = self.0.lock().unwrap().clone();
        if let Some((atlas, row)) = known
            && let Some(atlas) = atlas.upgrade()
        {
            let said = match self.1.fetch_not(Ordering::Relaxed) {
                true => Feedback::accepted(),
                false => Feedback::rejected(),
            };
            atlas.feedback(FeedbackTarget::Scenario(row), &said)?;
        }
        Ok(Suggestions::default())
    }
}

#[test]
fn a_plugin_that_gives_feedback_when_it_is_asked_does_not_train_without_end() {
    let meddler: &'static Meddler = Box::leak(Box::default());
    let atlas = Atlas::builder()
        .retrain_after(NonZeroU32::new(1))
        .cache(false)
        .predictor(meddler)
        .open_in_memory()
        .unwrap();
    let atlas = Arc::new(atlas);
    atlas.tickets().add(&tickets()[..2]).unwrap();
    let first = atlas.predict("SHOP-1", 1).unwrap().scenarios[0].prediction_id;
    *meddler.0.lock().unwrap() = Some((Arc::downgrade(&atlas), first.unwrap()));
    atlas.predict("SHOP-1", 1).unwrap();
    let error = atlas.learning().retrain(&mut silent).unwrap_err();
    assert_eq!(error.code(), "TRAINING_UNSETTLED");
    // The one in the background, which the feedback began, ends as well and says why.
    atlas.learning().wait_until_trained();
    let status = atlas.learning().status().unwrap();
    assert!(!status.running);
    assert!(status.failure.unwrap().contains("again and again"));
    *meddler.0.lock().unwrap() = None;
    assert!(atlas.learning().retrain(&mut silent).unwrap().is_some());
}

/// Stands still while it is asked in the background, and counts how many ask at once.
struct Gate {
    open: Mutex<bool>,
    changed: Condvar,
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Predictor for &'static Gate {
    fn name(&self) -> &str {
        "gate"
    }

    fn predict_batch(&self, queries: &[Query<'_>]) -> Vec<atlas_core::Result<Suggestions>> {
        if thread::current().name() == Some("atlas-trainer") {
            let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(inside, Ordering::SeqCst);
            let open = self.open.lock().unwrap();
            drop(self.changed.wait_while(open, |open| !*open).unwrap());
            self.inside.fetch_sub(1, Ordering::SeqCst);
        }
        queries.iter().map(|query| self.predict(query)).collect()
    }

    fn predict(&self, _: &Query<'_>) -> atlas_core::Result<Suggestions> {
        Ok(Suggestions::default())
    }
}

#[test]
fn whoever_waits_for_a_training_makes_no_place_for_a_second_one() {
    let gate: &'static Gate = Box::leak(Box::new(Gate {
        open: Mutex::new(false),
        changed: Condvar::new(),
        inside: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
    }));
    let atlas = Atlas::builder()
        .retrain_after(NonZeroU32::new(1))
        .predictor(gate)
        .open_in_memory()
        .unwrap();
    atlas.tickets().add(&tickets()).unwrap();
    let rows: Vec<i64> = (1..=50)
        .map(|n| atlas.predict(&format!("SHOP-{n}"), 1).unwrap())
        .map(|prediction| prediction.scenarios[0].prediction_id.unwrap())
        .collect();
    let accept = |row: i64| {
        let target = FeedbackTarget::Scenario(row);
        atlas.feedback(target, &Feedback::accepted()).unwrap();
    };
    accept(rows[0]);
    while gate.inside.load(Ordering::SeqCst) == 0 {
        thread::yield_now();
    }
    thread::scope(|scope| {
        let waiter = scope.spawn(|| atlas.learning().wait_until_trained());
        for row in &rows[1..] {
            accept(*row);
            assert!(atlas.learning().status().unwrap().running);
        }
        *gate.open.lock().unwrap() = true;
        gate.changed.notify_all();
        waiter.join().unwrap();
    });
    atlas.learning().wait_until_trained();
    assert_eq!(gate.most.load(Ordering::SeqCst), 1);
    assert!(!atlas.learning().status().unwrap().running);
}

#[test]
fn a_past_without_a_right_scenario_says_what_is_missing_and_has_no_minus_zero() {
    let atlas = atlas();
    let options = BacktestOptions::default();
    let report = atlas.backtest(&options, &mut silent).unwrap();
    let json = serde_json::to_string(&report).unwrap();
    assert!(!json.contains("-0.0"), "{json}");

    // Every ticket is judged, and nothing was right.
    for ticket in tickets() {
        let prediction = atlas.predict(ticket.key.as_str(), 2).unwrap();
        let scenario = prediction.scenarios[0].prediction_id.unwrap();
        let row = FeedbackTarget::Scenario(scenario);
        atlas.feedback(row, &Feedback::rejected()).unwrap();
    }
    let version = atlas.learning().retrain(&mut silent).unwrap().unwrap();
    let log = version.log;
    assert!(log.decision.contains("0 of 50"), "{}", log.decision);
    let json = serde_json::to_string(&log).unwrap();
    assert!(!json.contains("-0.0"), "{json}");
}
