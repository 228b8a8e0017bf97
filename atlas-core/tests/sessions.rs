//! A tester's work through `Atlas`: sessions and what they earn, teach and survive.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use atlas_core::domain::{
    EventKind, Feedback, FeedbackTarget, Outcome, Personality, ProfileChange, SessionEnd,
    SessionPlan, SessionStatus, Step, TestPattern, Ticket, TicketKey, UserSettings, WorkFilter,
};
use atlas_core::{Atlas, AtlasBuilder};
use jiff::Timestamp;

/// Seconds since 1970. One test at a time sets it: the clock of an `Atlas` is a plain function.
static NOW: AtomicI64 = AtomicI64::new(0);
static ONE_TEST: Mutex<()> = Mutex::new(());

fn now() -> Timestamp {
    Timestamp::from_second(NOW.load(Ordering::SeqCst)).unwrap()
}

fn set(time: &str) {
    let time: Timestamp = time.parse().unwrap();
    NOW.store(time.as_second(), Ordering::SeqCst);
}

fn later(minutes: i64) {
    NOW.fetch_add(60 * minutes, Ordering::SeqCst);
}

fn alone() -> MutexGuard<'static, ()> {
    let guard = ONE_TEST.lock().unwrap_or_else(PoisonError::into_inner);
    set("2024-05-06T09:00:00Z");
    guard
}

fn builder() -> AtlasBuilder {
    Atlas::builder().clock(now).retrain_after(None)
}

fn fill(atlas: &Atlas) {
    let mut first = Ticket::new(TicketKey::parse("SHOP-1").unwrap(), "Login fails");
    first.components = vec!["Login".to_owned()];
    let second = Ticket::new(TicketKey::parse("SHOP-2").unwrap(), "The export is empty");
    atlas.tickets().add(&[first, second]).unwrap();
    let utc = UserSettings {
        time_zone: Some("UTC".to_owned()),
        ..UserSettings::default()
    };
    atlas.profile().set_settings(&utc).unwrap();
}

fn atlas() -> Atlas {
    let atlas = builder().open_in_memory().unwrap();
    fill(&atlas);
    atlas
}

#[test]
fn an_end_with_more_steps_than_there_are_ticks_none() {
    let _alone = alone();
    let atlas = atlas();
    let mut pattern = TestPattern::new("Login fails", "Login");
    pattern.steps = ["Open", "Sign in", "Sign out"]
        .map(|step| Step::new(step, ""))
        .to_vec();
    atlas.patterns().add_all(&[pattern]).unwrap();
    let prediction = atlas.predict("SHOP-1", 1).unwrap();
    let plan = SessionPlan::Prediction(prediction.id.unwrap());
    let session = atlas.sessions().start("SHOP-1", &plan).unwrap();
    let most = session.steps_total().unwrap();
    later(10);
    let events = atlas.sessions().events(session.id).unwrap();
    for wrong in [most + 1, u32::MAX] {
        let end = SessionEnd {
            steps_completed: Some(wrong),
            ..SessionEnd::default()
        };
        let error = atlas.sessions().end_with(session.id, Outcome::Passed, &end);
        assert!(error.unwrap_err().to_string().contains(&wrong.to_string()));
        let marked = atlas.sessions().mark_steps(session.id, &[1, wrong], true);
        assert_eq!(marked.unwrap_err().code(), "INVALID_VALUE");
        assert_eq!(atlas.sessions().events(session.id).unwrap(), events);
    }
    atlas
        .sessions()
        .mark_steps(session.id, &[1, 1], true)
        .unwrap();
    let end = SessionEnd {
        steps_completed: Some(most),
        ..SessionEnd::default()
    };
    let result = atlas.sessions().end_with(session.id, Outcome::Passed, &end);
    assert_eq!(result.unwrap().steps_completed, most);
    // The start, each step once, the end.
    let count = atlas.sessions().events(session.id).unwrap().len();
    assert_eq!(count, most as usize + 2);
}

#[test]
fn the_specifications_example_earns_25() {
    let _alone = alone();
    let atlas = atlas();
    let session = atlas
        .sessions()
        .start("SHOP-1", &SessionPlan::Free)
        .unwrap();
    for step in 1..=12 {
        later(2);
        atlas.sessions().step_done(session.id, step).unwrap();
        atlas.sessions().step_done(session.id, step).unwrap();
    }
    let result = atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    assert_eq!((result.xp_earned, result.duration_minutes), (25, 24));
    assert_eq!((result.current_streak, result.first_of_day), (1, true));
    assert!(result.coach.is_some());
    let parts: u32 = result.xp_parts.iter().map(|part| part.xp).sum();
    assert_eq!(parts, atlas.play().standing().unwrap().xp);
    assert_eq!(parts, result.xp_total);
    let stats = atlas.tickets().quick_stats().unwrap();
    assert_eq!((stats.tickets_today, stats.minutes_today), (1, 24));
    assert_eq!(atlas.profile().get().unwrap().xp_total, parts);
    assert_eq!(
        atlas
            .sessions()
            .end(session.id, Outcome::Passed)
            .unwrap_err()
            .code(),
        "SESSION_ENDED"
    );
}

#[test]
fn one_session_is_open_and_its_breaks_are_left_out() {
    let _alone = alone();
    let atlas = atlas();
    let session = atlas
        .sessions()
        .start("shop-1", &SessionPlan::Free)
        .unwrap();
    let error = atlas
        .sessions()
        .start("SHOP-2", &SessionPlan::Free)
        .unwrap_err();
    assert_eq!(error.code(), "SESSION_OPEN");
    assert_eq!(error.details()["ticket_key"], "SHOP-1");
    later(10);
    atlas.sessions().pause(session.id).unwrap();
    assert_eq!(
        atlas.sessions().pause(session.id).unwrap_err().code(),
        "SESSION_PAUSED"
    );
    later(30);
    atlas.sessions().resume(session.id).unwrap();
    assert_eq!(
        atlas.sessions().resume(session.id).unwrap_err().code(),
        "SESSION_NOT_PAUSED"
    );
    later(5);
    atlas
        .sessions()
        .note(session.id, "the error names no field")
        .unwrap();
    assert_eq!(
        atlas
            .sessions()
            .step_done(session.id, 0)
            .unwrap_err()
            .code(),
        "INVALID_VALUE"
    );
    let result = atlas.sessions().end(session.id, Outcome::Failed).unwrap();
    assert_eq!((result.duration_minutes, result.break_minutes), (15, 30));
    let row = &atlas.sessions().list(10, 0).unwrap()[0];
    assert_eq!(
        (row.breaks, row.minutes, row.outcome),
        (1, 15, Some(Outcome::Failed))
    );
    assert_eq!(row.notes.as_deref(), Some("the error names no field"));
    assert_eq!(
        atlas.sessions().get(99).unwrap_err().code(),
        "SESSION_NOT_FOUND"
    );
    assert!(atlas.sessions().open().unwrap().is_none());
}

#[test]
fn a_session_teaches_what_was_tested_and_asks_about_what_was_passed_over() {
    let _alone = alone();
    let atlas = atlas();
    let prediction = atlas.predict("SHOP-1", 3).unwrap();
    let id = prediction.id.unwrap();
    let error = atlas
        .sessions()
        .start("SHOP-2", &SessionPlan::Prediction(id))
        .unwrap_err();
    assert_eq!(
        error.code(),
        "INVALID_VALUE",
        "a prediction of another ticket"
    );
    let error = atlas
        .sessions()
        .start("SHOP-2", &SessionPlan::Prediction(99))
        .unwrap_err();
    assert_eq!(error.code(), "PREDICTION_NOT_FOUND");

    let session = atlas
        .sessions()
        .start("SHOP-1", &SessionPlan::Prediction(id))
        .unwrap();
    let first = session.plan[0].steps;
    assert!(first > 0 && session.plan.len() == 3);
    later(20);
    for step in 1..=first {
        atlas.sessions().step_done(session.id, step).unwrap();
    }
    atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    assert_eq!(atlas.database().counts().unwrap().observations, 1);

    // The pattern took its 20 minutes, and the others are asked about, one for the ticket.
    let again = atlas.predict("SHOP-1", 3).unwrap();
    let tested = prediction.scenarios[0].pattern_id;
    let scenario = again
        .scenarios
        .iter()
        .find(|s| s.pattern_id == tested)
        .unwrap();
    assert_ne!(
        scenario.minutes_origin.clone(),
        prediction.scenarios[0].minutes_origin
    );
    let question = &atlas.predictions().ask_questions(5).unwrap()[0];
    assert!(
        question.reason.starts_with("passed over in a session"),
        "{}",
        question.reason
    );
    assert_ne!(Some(question.pattern_id), tested);

    // Answering it is an event of the log.
    let answered = FeedbackTarget::Scenario(question.prediction_id);
    let before = atlas.play().standing().unwrap().xp;
    let receipt = atlas.feedback(answered, &Feedback::rejected()).unwrap();
    assert!(atlas.play().standing().unwrap().xp > before);
    atlas.undo(receipt.feedback_id).unwrap();
}

#[test]
fn a_session_that_was_left_open_can_be_gone_on_with_or_closed() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let open = || builder().open(&path).unwrap();
    let atlas = open();
    fill(&atlas);
    let session = atlas
        .sessions()
        .start("SHOP-1", &SessionPlan::Free)
        .unwrap();
    later(8);
    atlas.sessions().alive(session.id).unwrap();
    atlas.sessions().alive(session.id).unwrap();
    assert_eq!(
        atlas.sessions().events(session.id).unwrap().len(),
        2,
        "one a minute"
    );
    assert!(atlas.sessions().left_open().unwrap().is_none());
    drop(atlas);

    later(600);
    let atlas = open();
    assert_eq!(
        atlas.sessions().left_open().unwrap().unwrap().id,
        session.id
    );
    let resumed = atlas.sessions().resume(session.id).unwrap();
    assert_eq!((resumed.minutes(), resumed.break_minutes()), (8, 600));
    later(2);
    atlas.sessions().alive(session.id).unwrap();
    later(600);
    let result = atlas
        .sessions()
        .close(session.id, Outcome::Blocked)
        .unwrap();
    assert_eq!(result.duration_minutes, 10);
    let closed = atlas.sessions().get(session.id).unwrap();
    assert_eq!(closed.status, SessionStatus::Completed);
    assert_eq!(
        closed.ended_at,
        Some("2024-05-06T19:10:00Z".parse().unwrap())
    );
}

#[test]
fn a_rebuild_says_what_was_said() {
    let _alone = alone();
    let atlas = atlas();
    for day in 0..5 {
        set("2024-05-06T09:00:00Z");
        later(24 * 60 * day);
        atlas.play().offer_challenge().unwrap();
        let session = atlas
            .sessions()
            .start("SHOP-1", &SessionPlan::Free)
            .unwrap();
        later(20);
        atlas.sessions().step_done(session.id, 1).unwrap();
        atlas.sessions().end(session.id, Outcome::Passed).unwrap();
        atlas
            .tickets()
            .set_difficulty("SHOP-2", Some(1 + day as u8 % 5))
            .unwrap();
    }
    let live = atlas.play().standing().unwrap();
    let rows = atlas.sessions().list(10, 0).unwrap();
    assert_eq!(live.current_streak, 5);
    assert_eq!(live.challenges.len(), 5);
    assert_eq!(atlas.play().rebuild().unwrap().standing, live);
    assert_eq!(atlas.sessions().list(10, 0).unwrap(), rows);
    later(5 * 24 * 60);
    let profile = atlas.profile().get().unwrap();
    assert_eq!((profile.current_streak, profile.longest_streak), (0, 5));
    later(-5 * 24 * 60);
    let activity = atlas.play().activity(7).unwrap();
    let sessions: Vec<u32> = activity.iter().map(|day| day.sessions).collect();
    assert_eq!(sessions, [0, 0, 1, 1, 1, 1, 1]);
}

#[test]
fn a_challenge_stays_for_its_day() {
    let _alone = alone();
    let atlas = atlas();
    assert_eq!(atlas.play().challenge().unwrap(), None);
    let first = atlas.play().offer_challenge().unwrap().unwrap();
    later(60);
    assert_eq!(atlas.play().challenge().unwrap().unwrap(), first);
    later(24 * 60);
    assert_eq!(atlas.play().challenge().unwrap(), None);
    let second = atlas.play().offer_challenge().unwrap().unwrap();
    assert_ne!(second.day, first.day);
    let empty = builder().open_in_memory().unwrap();
    assert_eq!(
        empty.play().offer_challenge().unwrap(),
        None,
        "there is nothing to do"
    );
}

#[test]
fn the_coach_keeps_its_greeting_for_the_day_and_can_be_silent() {
    let _alone = alone();
    let atlas = atlas();
    let greeting = atlas.play().greeting().unwrap().unwrap();
    assert_eq!(atlas.play().greeting().unwrap().unwrap(), greeting);
    let silent = ProfileChange {
        coach_personality: Some(Personality::Silent),
        ..ProfileChange::default()
    };
    atlas.profile().update(&silent).unwrap();
    assert_eq!(atlas.play().greeting().unwrap(), None);
    let session = atlas
        .sessions()
        .start("SHOP-1", &SessionPlan::Free)
        .unwrap();
    assert_eq!(atlas.sessions().greeting(session.id).unwrap(), None);
    later(5);
    assert_eq!(
        atlas
            .sessions()
            .end(session.id, Outcome::Passed)
            .unwrap()
            .coach,
        None
    );
}

#[test]
fn work_shows_notes_predictions_and_the_open_session() {
    let _alone = alone();
    let atlas = atlas();
    atlas.tickets().set_note("SHOP-2", Some("ask Kim")).unwrap();
    atlas.tickets().set_difficulty("SHOP-2", Some(4)).unwrap();
    assert_eq!(
        atlas
            .tickets()
            .set_difficulty("SHOP-2", Some(6))
            .unwrap_err()
            .code(),
        "INVALID_VALUE"
    );
    later(1);
    let prediction = atlas.predict("SHOP-1", 2).unwrap();
    let session = atlas
        .sessions()
        .start("SHOP-1", &SessionPlan::Free)
        .unwrap();
    let work = atlas.tickets().work(&WorkFilter::default(), 10, 0).unwrap();
    assert_eq!(work.count, 2);
    let item = |key: &str| {
        work.tickets
            .iter()
            .find(|t| t.ticket_key.as_str() == key)
            .unwrap()
    };
    assert_eq!(item("SHOP-2").my_note.as_deref(), Some("ask Kim"));
    assert_eq!(item("SHOP-2").difficulty, Some(4));
    assert_eq!(
        item("SHOP-1").prediction.as_ref().unwrap().id,
        prediction.id.unwrap()
    );
    assert_eq!(item("SHOP-1").session.as_ref().unwrap().id, session.id);
    let recent = atlas.tickets().recent(5).unwrap();
    let keys: Vec<&str> = recent.iter().map(|item| item.ticket_key.as_str()).collect();
    assert_eq!(keys, ["SHOP-1", "SHOP-2"]);
    assert_eq!(atlas.tickets().search_notes("KIM", 5).unwrap().len(), 1);
    assert!(atlas.tickets().clear_note("SHOP-2").unwrap());
    assert!(!atlas.tickets().clear_note("SHOP-2").unwrap());
}

#[test]
fn cancelled_and_empty_sessions_earn_nothing() {
    let _alone = alone();
    let atlas = atlas();
    let session = atlas
        .sessions()
        .start("SHOP-1", &SessionPlan::Free)
        .unwrap();
    later(30);
    let cancelled = atlas.sessions().cancel(session.id).unwrap();
    assert_eq!(cancelled.status, SessionStatus::Cancelled);
    let session = atlas
        .sessions()
        .start("SHOP-1", &SessionPlan::Free)
        .unwrap();
    let result = atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    assert_eq!((result.xp_earned, result.coach), (0, None));
    assert_eq!(atlas.play().standing().unwrap().xp, 0);
    let kinds = atlas.sessions().events(session.id).unwrap();
    assert!(matches!(kinds[1].kind, EventKind::Ended { .. }));
}

#[test]
fn a_missed_day_can_be_repaired_and_only_a_missed_one() {
    let _alone = alone();
    let atlas = atlas();
    let test = || {
        let session = atlas
            .sessions()
            .start("SHOP-1", &SessionPlan::Free)
            .unwrap();
        later(5);
        atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    };
    test();
    later(48 * 60);
    test();
    assert_eq!(atlas.play().standing().unwrap().current_streak, 1);
    let day = |day: &str| day.parse().unwrap();
    assert_eq!(
        atlas
            .play()
            .repair_streak(day("2024-05-06"))
            .unwrap_err()
            .code(),
        "INVALID_VALUE"
    );
    assert_eq!(
        atlas
            .play()
            .repair_streak(day("2024-05-08"))
            .unwrap_err()
            .code(),
        "INVALID_VALUE"
    );
    let standing = atlas.play().repair_streak(day("2024-05-07")).unwrap();
    assert!(standing.current_streak >= 2);
}
