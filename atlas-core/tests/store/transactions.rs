//! Transactions: all or nothing, one snapshot per read, and what says that something changed.

use std::sync::mpsc;

use atlas_core::store::{Revision, Store};
use atlas_core::{Error, ErrorKind, Result};

use super::{put, ticket};

#[test]
fn a_write_that_fails_or_panics_is_undone() {
    let store = Store::open_in_memory().unwrap();
    let failed: Result<()> = store.write(|db| {
        put(db, &ticket("WRKA-1"));
        Err(Error::Cancelled)
    });
    assert_eq!(failed.unwrap_err().code(), "CANCELLED");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|db| -> Result<()> {
            put(db, &ticket("WRKA-1"));
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.read(|db| db.tickets().count()).unwrap(), 0);
    store.write(|db| Ok(put(db, &ticket("WRKA-2")))).unwrap();
    assert_eq!(store.read(|db| db.tickets().count()).unwrap(), 1);
}

#[test]
fn a_reader_sees_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("work.db")).unwrap();
    store.write(|db| Ok(put(db, &ticket("WRKA-1")))).unwrap();
    let counts = store.read(|db| {
        let before = db.tickets().count()?;
        store.write(|db| Ok(put(db, &ticket("WRKA-2"))))?;
        Ok((before, db.tickets().count()?))
    });
    assert_eq!(counts.unwrap(), (1, 1));
    assert_eq!(store.read(|db| db.tickets().count()).unwrap(), 2);
}

#[test]
fn a_read_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let on_disk = Store::open(&folder.path().join("work.db")).unwrap();
    let refused = on_disk.read(|db| db.settings().set("k", Some("v")));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Storage);
    let in_memory = Store::open_in_memory().unwrap();
    in_memory
        .read(|db| db.settings().set("k", Some("v")))
        .unwrap();
    assert_eq!(in_memory.read(|db| db.settings().get("k")).unwrap(), None);
}

#[test]
fn a_revision_moves_once_per_transaction_that_changed_something() {
    let store = Store::open_in_memory().unwrap();
    let revision = || {
        store
            .read(|db| db.revisions().get(Revision::Tickets))
            .unwrap()
    };
    let save = |keys: [&str; 2]| {
        let saved = store.write(|db| Ok(keys.map(|key| put(db, &ticket(key)))));
        saved.unwrap();
    };
    assert_eq!(revision(), 0);
    save(["WRKA-1", "WRKA-2"]);
    assert_eq!(revision(), 1);
    save(["WRKA-1", "WRKA-2"]);
    assert_eq!(revision(), 1, "nothing changed");
    save(["WRKA-1", "WRKA-3"]);
    assert_eq!(revision(), 2);
}

#[test]
fn the_stamp_changes_with_every_commit_of_anyone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let (one, other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    for store in [&one, &Store::open_in_memory().unwrap()] {
        let before = store.change_stamp().unwrap();
        assert_eq!(store.change_stamp().unwrap(), before);
        store.write(|db| Ok(put(db, &ticket("WRKA-1")))).unwrap();
        assert_ne!(store.change_stamp().unwrap(), before);
    }
    let before = one.change_stamp().unwrap();
    other.write(|db| Ok(put(db, &ticket("WRKA-2")))).unwrap();
    assert_ne!(one.change_stamp().unwrap(), before);
}

#[test]
fn a_second_writer_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let (one, other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    let (started, wait) = mpsc::channel();
    std::thread::scope(|scope| {
        let other = &other;
        scope.spawn(move || {
            wait.recv().unwrap();
            other.write(|db| Ok(put(db, &ticket("WRKA-2")))).unwrap();
        });
        let first = one.write(|db| {
            put(db, &ticket("WRKA-1"));
            started.send(()).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(100));
            Ok(())
        });
        first.unwrap();
    });
    assert_eq!(one.read(|db| db.tickets().count()).unwrap(), 2);
}
