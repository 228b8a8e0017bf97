//! Several processes on one file, one of which dies.

use std::fs;
use std::path::Path;
use std::process::Command;

use atlas_core::Result;
use atlas_core::domain::{AnswerKind, FeedbackItem, TestPattern};
use atlas_core::store::{NewFeedback, Store};

use super::{key, put, ticket, time};

fn add(store: &Store, number: usize) -> Result<()> {
    let ticket = ticket(&format!("WRKA-{number}"));
    store.write(|db| Ok(put(db, &ticket))).map(drop)
}

/// The tickets that would be there if this process were killed now.
fn after_a_kill(path: &Path) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("work.db");
    fs::copy(path, &copy).unwrap();
    let log = path.with_extension("db-wal");
    if log.exists() {
        fs::copy(log, copy.with_extension("db-wal")).unwrap();
    }
    let store = Store::open(&copy).unwrap();
    store.read(|db| db.tickets().count()).unwrap()
}

/// What a second SQLite in this process does to the locks of the first when it closes the file.
fn open_and_close(path: &Path) {
    for ending in ["db", "db-shm"] {
        let path = path.with_extension(ending);
        drop(
            fs::File::options()
                .read(true)
                .write(true)
                .open(path)
                .unwrap(),
        );
    }
}

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
    if work == "visit" {
        store.read(|db| db.tickets().count()).unwrap();
        return;
    }
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
        cleared: Vec::new(),
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

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[test]
fn a_second_sqlite_in_this_process_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let store = Store::open(&path).unwrap();
    add(&store, 1).unwrap();
    for number in 2..=5 {
        open_and_close(&path);
        // Another process that takes itself for the last one removes the log.
        assert!(child("visit", &path).output().unwrap().status.success());
        add(&store, number).unwrap();
        assert_eq!(after_a_kill(&path), number as u64);
    }
    drop(store);
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 1, "the last one tidies up");
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[test]
fn two_stores_of_one_process_keep_each_others_locks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let first = Store::open(&path).unwrap();
    add(&first, 1).unwrap();
    drop(Store::open(&path).unwrap());
    let backups = folder.path().join("backups");
    let noon = time("2024-05-01T12:00:00Z");
    first.backup_to_folder(&backups, 1, noon).unwrap();
    assert!(child("visit", &path).output().unwrap().status.success());
    add(&first, 2).unwrap();
    assert_eq!(after_a_kill(&path), 2);
}

#[cfg(unix)]
#[test]
fn nothing_is_acknowledged_that_goes_into_a_file_that_is_gone() {
    let refused = |take: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("work.db");
        let store = Store::open(&path).unwrap();
        add(&store, 1).unwrap();
        take(&path);
        let error = add(&store, 2).unwrap_err();
        assert_eq!(error.code(), "DATABASE_REPLACED", "{error}");
        let error = store.read(|db| db.tickets().count()).unwrap_err();
        assert_eq!(error.code(), "DATABASE_REPLACED", "{error}");
        drop(store);
        let again = Store::open(&path).unwrap();
        add(&again, 3).unwrap();
        assert_eq!(
            after_a_kill(&path),
            again.read(|db| db.tickets().count()).unwrap()
        );
        assert_eq!(again.check().unwrap(), Vec::<String>::new());
    };
    refused(&|path| {
        for ending in ["db-wal", "db-shm"] {
            fs::remove_file(path.with_extension(ending)).unwrap();
        }
    });
    refused(&|path| fs::rename(path, path.with_extension("moved")).unwrap());
    refused(&|path| {
        let other = path.with_extension("other");
        drop(Store::open(&other).unwrap());
        fs::rename(other, path).unwrap();
    });
    // After the writing began, and before it is acknowledged.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let store = Store::open(&path).unwrap();
    let told = store.write(|db| {
        put(db, &ticket("WRKA-1"));
        fs::remove_file(path.with_extension("db-wal")).unwrap();
        Ok(())
    });
    assert_eq!(told.unwrap_err().code(), "DATABASE_REPLACED");
}
