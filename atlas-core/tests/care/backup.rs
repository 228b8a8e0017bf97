//! Backups in a folder, and restoring one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use atlas_core::domain::{Ticket, TicketKey};
use atlas_core::{Atlas, Database};
use jiff::Timestamp;
use rusqlite::Connection;

use super::builder;

fn add(atlas: &Atlas, number: u32) {
    let key = TicketKey::parse(&format!("WRKA-{number}")).unwrap();
    atlas
        .tickets()
        .add(&[Ticket::new(key, "Form loses the date")])
        .unwrap();
}

fn tickets(path: &Path) -> u64 {
    let atlas = builder().open(path).unwrap();
    assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
    atlas.database().counts().unwrap().tickets
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_folder_keeps_the_newest_and_what_is_not_its_own() {
    static NOW: AtomicI64 = AtomicI64::new(1_714_555_800);
    let clock = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let backups = folder.path().join("back/ups");
    let atlas = Atlas::builder()
        .clock(clock)
        .open(folder.path().join("work.db"))
        .unwrap();
    assert_eq!(
        atlas
            .database()
            .backup_to_folder(&backups, 0)
            .unwrap_err()
            .code(),
        "INVALID_VALUE"
    );
    let first = atlas.database().backup_to_folder(&backups, 2).unwrap();
    assert_eq!(first.path, backups.join("work.backup-20240501T093000Z.db"));
    let others = [
        "work.backup-20200101T000000Z.db", // the name alone does not make it one
        "work.backup-20200101T000000Z.db.old",
        "work.backup-yesterday.db",
        "other.backup-20200101T000000Z.db",
    ];
    for other in others {
        fs::write(backups.join(other), "dear").unwrap();
    }
    let mut removed = Vec::new();
    for number in 1..=3 {
        add(&atlas, number);
        NOW.fetch_add(3600, Ordering::Relaxed);
        removed.extend(
            atlas
                .database()
                .backup_to_folder(&backups, 2)
                .unwrap()
                .removed,
        );
    }
    let [eleven, twelve] = ["11", "12"].map(|hour| format!("work.backup-20240501T{hour}3000Z.db"));
    let mut expected = others.map(str::to_owned).to_vec();
    expected.extend([eleven, twelve.clone()]);
    expected.sort();
    assert_eq!(names(&backups), expected);
    assert_eq!(removed.len(), 2);
    assert_eq!(tickets(&backups.join(twelve)), 3);
    // A clock that was set back does not cost the backup that was just made.
    NOW.fetch_sub(86_400, Ordering::Relaxed);
    let early = atlas.database().backup_to_folder(&backups, 1).unwrap();
    assert_eq!(early.removed.len(), 2);
    assert!(early.path.exists());
}

#[test]
fn a_backup_made_while_others_write_restores() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = builder().open(&path).unwrap();
    let done = AtomicBool::new(false);
    let made: Vec<(u64, PathBuf)> = std::thread::scope(|scope| {
        scope.spawn(|| {
            (1..=60).for_each(|number| add(&atlas, number));
            done.store(true, Ordering::Release);
        });
        let mut made = Vec::new();
        while !done.load(Ordering::Acquire) || made.is_empty() {
            let copy = folder.path().join(format!("copy-{}.db", made.len()));
            let before = atlas.database().counts().unwrap().tickets;
            atlas.database().backup(&copy).unwrap();
            made.push((before, copy));
        }
        made
    });
    drop(atlas);
    for (before, copy) in made {
        let restored = folder.path().join("restored.db");
        Database::restore(&copy, &restored).unwrap();
        let found = tickets(&restored);
        assert!((before..=60).contains(&found), "{before} then {found}");
    }
}

/// A database with one ticket, a backup of it, and the database with a second ticket.
fn backed_up(folder: &Path) -> (PathBuf, PathBuf) {
    let (path, backup) = (folder.join("work.db"), folder.join("backup.db"));
    let atlas = builder().open(&path).unwrap();
    add(&atlas, 1);
    atlas.database().backup(&backup).unwrap();
    add(&atlas, 2);
    (path, backup)
}

#[test]
fn a_restore_keeps_what_it_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let (path, backup) = backed_up(folder.path());
    let before = fs::read(&backup).unwrap();
    let first = Database::restore(&backup, &path).unwrap();
    assert_eq!(tickets(&path), 1);
    assert_eq!(first.replaced, Some(folder.path().join("work.db.replaced")));
    assert_eq!(tickets(&first.replaced.unwrap()), 2);
    let second = Database::restore(&backup, &path).unwrap();
    assert_eq!(
        second.replaced,
        Some(folder.path().join("work.db.replaced-2"))
    );
    let new = folder.path().join("new.db");
    assert_eq!(Database::restore(&backup, &new).unwrap().replaced, None);
    assert_eq!(tickets(&new), 1);
    assert_eq!(fs::read(&backup).unwrap(), before);
    assert!(
        !names(folder.path())
            .iter()
            .any(|name| name.contains("partial"))
    );
}

#[test]
fn what_is_no_sound_backup_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, backup) = backed_up(folder.path());
    let present = fs::read(&path).unwrap();
    let whole = fs::read(&backup).unwrap();
    let bad = folder.path().join("bad.db");
    let refused = |bad: &Path| {
        let error = Database::restore(bad, &path).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), present);
        error.code()
    };
    assert_eq!(refused(&folder.path().join("missing.db")), "FILE_FAILED");
    fs::write(&bad, "dear").unwrap();
    assert_eq!(refused(&bad), "NOT_A_DATABASE");
    fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(refused(&bad), "CORRUPT_DATABASE");
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle..middle + 4096].fill(0xff);
    fs::write(&bad, &flipped).unwrap();
    assert_eq!(refused(&bad), "CORRUPT_DATABASE");
    fs::write(&bad, &whole).unwrap();
    let change = |sql: &str| Connection::open(&bad).unwrap().execute_batch(sql).unwrap();
    change("PRAGMA user_version = 99");
    assert_eq!(refused(&bad), "NEWER_DATABASE");
    change("PRAGMA application_id = 7");
    assert_eq!(refused(&bad), "INVALID_VALUE");
    assert_eq!(refused(&path), "INVALID_VALUE", "of itself");
    assert_eq!(names(folder.path()), ["backup.db", "bad.db", "work.db"]);
    assert_eq!(tickets(&path), 2);
}

#[test]
fn a_database_in_use_is_not_replaced_and_a_damaged_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let (path, backup) = backed_up(folder.path());
    let user = builder().open(&path).unwrap();
    let error = Database::restore(&backup, &path).unwrap_err();
    assert_eq!(error.code(), "DATABASE_BUSY");
    add(&user, 3);
    assert_eq!(user.database().counts().unwrap().tickets, 3);
    drop(user);
    let mut damaged = fs::read(&path).unwrap();
    damaged[..8192].fill(0xff);
    fs::write(&path, &damaged).unwrap();
    let restored = Database::restore(&backup, &path).unwrap();
    assert_eq!(tickets(&path), 1);
    assert_eq!(fs::read(restored.replaced.unwrap()).unwrap(), damaged);
}
