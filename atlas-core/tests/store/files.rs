//! Files: what is refused and left as it is, backup, and the check.

use std::fs;
use std::path::Path;

use atlas_core::Error;
use atlas_core::store::Store;
use rusqlite::Connection;

use super::{key, put, ticket};

/// Opening fails, and the file is the same afterwards.
fn refuse(path: &Path) -> Error {
    let before = fs::read(path).unwrap();
    let error = Store::open(path).unwrap_err();
    assert_eq!(
        fs::read(path).unwrap(),
        before,
        "{} was changed",
        path.display()
    );
    error
}

/// A closed database with `n` tickets.
fn database(path: &Path, n: usize) {
    let store = Store::open(path).unwrap();
    store
        .write(|db| {
            for number in 1..=n {
                put(db, &ticket(&format!("WRKA-{number}")));
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_is_not_a_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for content in [
        "x",
        "key,summary\nWRKA-1,Form\n",
        "SQLite format 4\0 and more than that",
    ] {
        fs::write(&path, content).unwrap();
        let error = refuse(&path);
        assert_eq!(error.code(), "NOT_A_DATABASE");
        assert_eq!(error.details()["path"], path.display().to_string());
    }
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing was put beside it"
    );
}

#[test]
fn a_file_of_another_program_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, sql) in [
        (
            "notes.db",
            "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')",
        ),
        ("view.db", "CREATE VIEW one AS SELECT 1"),
        ("version.db", "CREATE TABLE t (x); PRAGMA user_version = 5"),
        (
            "some.db",
            "CREATE TABLE jira_tickets (id INTEGER); CREATE TABLE predictions (id INTEGER)",
        ),
    ] {
        let path = folder.path().join(name);
        let other = Connection::open(&path).unwrap();
        other.execute_batch(sql).unwrap();
        other.close().unwrap();
        let error = refuse(&path);
        assert_eq!(error.code(), "INVALID_VALUE", "{name}");
        assert!(error.to_string().contains("another program"), "{error}");
    }
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 4, "nothing was put beside them");
}

#[test]
fn a_database_that_lost_its_mark_is_recognized_by_its_tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    database(&path, 3);
    // What SQLite's .dump leaves out.
    let dumped = Connection::open(&path).unwrap();
    dumped
        .execute_batch("PRAGMA application_id = 0; PRAGMA user_version = 0")
        .unwrap();
    dumped.close().unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(store.read(|db| db.tickets().count()).unwrap(), 3);
    drop(store);
    let marked = Connection::open(&path).unwrap();
    let id: i32 = marked
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .unwrap();
    assert_eq!(id, atlas_migrations::APPLICATION_ID);
}

#[test]
fn an_empty_file_becomes_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file:work.db?mode=memory");
    fs::write(&path, "").unwrap();
    database(&path, 1);
    assert!(fs::read(&path).unwrap().starts_with(b"SQLite format 3\0"));
}

#[test]
fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    database(&path, 1);
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    match refuse(&path) {
        Error::NewerDatabase {
            found: 99,
            supported,
            ..
        } => assert!(supported >= 2),
        other => panic!("{other}"),
    }
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA application_id = 7; CREATE TABLE t (x);")
        .unwrap();
    drop(connection);
    assert_eq!(refuse(&path).code(), "INVALID_VALUE");
}

#[test]
fn a_damaged_database_is_refused_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    database(&path, 50);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(refuse(&path).code(), "CORRUPT_DATABASE", "truncated");
    fs::write(&path, &whole[..60]).unwrap();
    assert_eq!(
        refuse(&path).code(),
        "CORRUPT_DATABASE",
        "cut in the header"
    );
    let mut overwritten = whole.clone();
    overwritten[100..4096].fill(0xff);
    fs::write(&path, &overwritten).unwrap();
    assert_eq!(
        refuse(&path).code(),
        "CORRUPT_DATABASE",
        "overwritten schema"
    );
}

#[test]
fn damage_inside_is_found_by_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    database(&path, 200);
    assert_eq!(
        Store::open(&path).unwrap().check().unwrap(),
        Vec::<String>::new()
    );
    let connection = Connection::open(&path).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'idx_jira_tickets_status'";
    let page: usize = connection
        .query_row(root, [], |row| row.get::<_, i64>(0))
        .unwrap() as usize;
    let orphan = "PRAGMA foreign_keys = OFF;
                  INSERT INTO ticket_notes (jira_ticket_id, user_id) VALUES (1, 77)";
    connection.execute_batch(orphan).unwrap();
    drop(connection);
    let mut bytes = fs::read(&path).unwrap();
    bytes[(page - 1) * 4096 + 100..page * 4096 - 100].fill(0);
    fs::write(&path, &bytes).unwrap();
    let findings = Store::open(&path).unwrap().check().unwrap();
    let tree = format!("Tree {page} ");
    assert!(
        findings.iter().any(|f| f.starts_with(&tree)),
        "{findings:?}"
    );
    assert!(
        findings.iter().any(|f| f.contains("of ticket_notes")),
        "{findings:?}"
    );
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    for no_file in [folder.path(), &file.join("work.db")] {
        let error = Store::open(no_file).unwrap_err();
        assert_eq!(error.code(), "FILE_FAILED", "{error}");
    }
    let missing = Store::open(&folder.path().join("missing/work.db")).unwrap_err();
    assert_eq!(missing.code(), "FILE_FAILED");
    assert_eq!(
        Store::open(Path::new("")).unwrap_err().code(),
        "INVALID_VALUE"
    );
}

#[cfg(unix)]
#[test]
fn read_only_files_and_folders_are_read_and_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    database(&path, 1);
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&path, 0o444);
    if fs::OpenOptions::new().append(true).open(&path).is_ok() {
        println!("skipped: permissions do not bind this user");
        return;
    }
    let before = fs::read(&path).unwrap();
    let only_read = || {
        let store = Store::open(&path).unwrap();
        assert!(store.read_only().unwrap().contains("ermission"));
        assert_eq!(store.read(|db| db.tickets().count()).unwrap(), 1);
        let refused = store
            .write(|db| Ok(put(db, &ticket("WRKA-2"))))
            .unwrap_err();
        assert_eq!(refused.code(), "READ_ONLY_DATABASE");
        drop(store);
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    };
    only_read();
    mode(&path, 0o644);
    mode(folder.path(), 0o555);
    only_read();
    let new = Store::open(&folder.path().join("new.db")).unwrap_err();
    mode(folder.path(), 0o755);
    assert_eq!(new.code(), "READ_ONLY_DATABASE");
}

#[test]
fn a_backup_is_the_whole_database_in_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("work.db"), folder.path().join("copy.db"));
    let store = Store::open(&path).unwrap();
    store.write(|db| Ok(put(db, &ticket("WRKA-1")))).unwrap();
    store.backup_to(&copy).unwrap();
    store.write(|db| Ok(put(db, &ticket("WRKA-2")))).unwrap();
    let moved = folder.path().join("moved.db");
    fs::rename(&copy, &moved).unwrap();
    let restored = Store::open(&moved).unwrap();
    assert_eq!(
        restored.read(|db| db.tickets().keys()).unwrap(),
        [key("WRKA-1")]
    );
    assert!(restored.check().unwrap().is_empty());
    drop(restored);
    store.backup_to(&moved).unwrap();
    let newer = Store::open(&moved).unwrap();
    assert_eq!(
        newer.read(|db| db.tickets().count()).unwrap(),
        2,
        "an earlier backup is replaced"
    );
    let memory = Store::open_in_memory().unwrap();
    memory.backup_to(&copy).unwrap();
    assert_eq!(
        Store::open(&copy)
            .unwrap()
            .read(|db| db.tickets().count())
            .unwrap(),
        0
    );
    let partial = |name: &str| name.ends_with(".partial");
    let left = fs::read_dir(folder.path()).unwrap();
    assert!(
        !left
            .map(|e| e.unwrap().file_name())
            .any(|n| partial(&n.to_string_lossy()))
    );
}

#[test]
fn a_backup_overwrites_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let store = Store::open(&path).unwrap();
    let other = folder.path().join("letter.txt");
    fs::write(&other, "dear").unwrap();
    assert_eq!(store.backup_to(&other).unwrap_err().code(), "INVALID_VALUE");
    assert_eq!(fs::read(&other).unwrap(), b"dear");
    assert_eq!(store.backup_to(&path).unwrap_err().code(), "INVALID_VALUE");
    let in_use = folder.path().join("in-use.db");
    let user = Store::open(&in_use).unwrap();
    user.write(|db| Ok(put(db, &ticket("WRKA-1")))).unwrap();
    assert_eq!(
        store.backup_to(&in_use).unwrap_err().code(),
        "INVALID_VALUE"
    );
    let nowhere = folder.path().join("missing/copy.db");
    assert!(store.backup_to(&nowhere).is_err());
    assert!(store.backup_to(Path::new("/")).is_err());
}
