//! What random sequences have found, each in as few calls as show it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use atlas_core::Atlas;
use atlas_core::domain::{Feedback, FeedbackTarget, Outcome, SessionPlan, TestPattern, Ticket};

use super::super::place::{rows, ticket};
use super::open;

/// The starting point of every sequence, and the clock.
fn begin(folder: &tempfile::TempDir) -> (Atlas, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(1_760_000_000));
    let atlas = open(folder.path(), &clock);
    let tickets: [Ticket; 2] = [ticket(1, "Export is empty"), ticket(2, "Login never ends")];
    atlas.tickets().add(&tickets).unwrap();
    let mut pattern = TestPattern::new("Export keeps all rows", "Data Export");
    pattern.avg_time_minutes = Some(31);
    atlas.patterns().add(&pattern).unwrap();
    (atlas, clock)
}

#[test]
fn what_is_earned_is_the_same_when_the_log_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (atlas, clock) = begin(&folder);
    let session = atlas
        .sessions()
        .start("WRKA-1", &SessionPlan::Free)
        .unwrap();
    atlas.sessions().step_done(session.id, 1).unwrap();
    clock.fetch_add(700, Ordering::Relaxed);
    // After what the session was last heard of, and before it goes on.
    atlas.tickets().set_note("WRKA-2", Some("hard")).unwrap();
    clock.fetch_add(700, Ordering::Relaxed);
    atlas.sessions().resume(session.id).unwrap();
    clock.fetch_add(700, Ordering::Relaxed);
    atlas.sessions().end(session.id, Outcome::Passed).unwrap();
    let earned = atlas.play().standing().unwrap();
    assert!(earned.xp > 0);
    drop(atlas);
    let atlas = open(folder.path(), &clock);
    assert_eq!(atlas.play().standing().unwrap(), earned);
    assert_eq!(atlas.play().rebuild().unwrap().standing, earned);
}

#[test]
fn a_new_name_does_not_make_measured_minutes_the_librarys() {
    let folder = tempfile::tempdir().unwrap();
    let (atlas, _) = begin(&folder);
    let prediction = atlas.predict("WRKA-1", 1).unwrap();
    let target = FeedbackTarget::Scenario(rows(&prediction)[0]);
    let said = atlas.feedback(target, &Feedback::accepted().minutes(7));
    let minutes = |atlas: &Atlas| atlas.patterns().get("1").unwrap().pattern.avg_time_minutes;
    assert_eq!(minutes(&atlas), Some(7));
    atlas
        .patterns()
        .rename("1", "Export keeps every row")
        .unwrap();
    atlas.undo(said.unwrap().feedback_id).unwrap();
    assert_eq!(minutes(&atlas), Some(31));
}
