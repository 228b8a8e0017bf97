//! Several processes on one file, one of which dies.

use std::path::Path;
use std::process::Command;

use atlas_core::Result;
use atlas_core::store::Store;

use super::{key, put, ticket};

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
