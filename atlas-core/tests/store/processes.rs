//! Several processes on one file, one of which dies.

use std::path::Path;
use std::process::Command;

use atlas_core::Result;
use atlas_core::domain::{AnswerKind, FeedbackItem, TestPattern};
use atlas_core::store::{NewFeedback, Store};

use super::{key, put, ticket, time};

/// Says what a child process is to do, and on which file.
const WORK: &str = "ATLAS_STORE_TEST_WORK";
const FILE: &str = "ATLAS_STORE_TEST_FILE";

fn child(work: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "processes::child_process"])
        .env(WORK, work)
        .env(FILE, path);
    command
}

/// Does nothing unless started by [`child`].
#[test]
fn child_process() {
    let Ok(work) = std::env::var(WORK) else {
        return;
    };
    let store = Store::open(Path::new(&std::env::var_os(FILE).unwrap())).unwrap();
    if work == "die" {
        store.write(|db| Ok(put(db, &ticket("WRKA-1")))).unwrap();
        let never: Result<()> = store.write(|db| {
            put(db, &ticket("WRKA-2"));
            std::process::abort()
        });
        never.unwrap();
    }
    if work == "die while learning" {
        let never: Result<()> = store.write(|db| {
            let (ticket_id, _) = put(db, &ticket("WRKA-1"));
            db.feedback().add(&NewFeedback {
                ticket_id,
                host_id: Some("click 2"),
                given_at: time("2024-05-01T09:30:00Z"),
                items: &[missed(1)],
            })?;
            std::process::abort()
        });
        never.unwrap();
    }
    for number in 1..=50 {
        store
            .write(|db| Ok(put(db, &ticket(&format!("{work}-{number}")))))
            .unwrap();
    }
}

#[test]
fn a_killed_process_loses_nothing_that_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    assert!(!child("die", &path).output().unwrap().status.success());
    let store = Store::open(&path).unwrap();
    assert_eq!(
        store.read(|db| db.tickets().keys()).unwrap(),
        [key("WRKA-1")]
    );
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

fn missed(pattern_id: i64) -> FeedbackItem {
    FeedbackItem {
        prediction_id: None,
        pattern_id: Some(pattern_id),
        scenario_name: None,
        answer: AnswerKind::Missed,
        steps: None,
        rating: None,
        comments: None,
        actual_minutes: Some(20),
        made_pattern: false,
    }
}

#[test]
fn feedback_of_a_killed_process_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let store = Store::open(&path).unwrap();
    let given = store.write(|db| {
        let (ticket_id, _) = put(db, &ticket("WRKA-1"));
        db.patterns().upsert(&TestPattern::new("Save", "Form"))?;
        db.feedback().add(&NewFeedback {
            ticket_id,
            host_id: Some("click 1"),
            given_at: time("2024-05-01T09:00:00Z"),
            items: &[missed(1)],
        })
    });
    let before = store.read(|db| db.patterns().by_id(1)).unwrap();
    let died = child("die while learning", &path).output().unwrap();
    assert!(!died.status.success());
    assert_ne!(died.status.code(), Some(101), "it was not a failed test");
    assert_eq!(store.read(|db| db.patterns().by_id(1)).unwrap(), before);
    let recent = store.read(|db| db.feedback().recent(9)).unwrap();
    assert_eq!(recent, [given.unwrap()]);
    assert_eq!(store.read(|db| db.observations().count()).unwrap(), 1);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn processes_share_a_file_from_its_making_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let children = ["AA", "BB", "CC"].map(|work| child(work, &path).spawn().unwrap());
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let store = Store::open(&path).unwrap();
    assert_eq!(store.read(|db| db.tickets().count()).unwrap(), 150);
}
