//! Databases that are only read: all that reads works, and nothing is changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use atlas_core::domain::{
    Draft, Feedback, FeedbackTarget, MemoryFilter, PatternFilter, Prediction, TestPattern, Ticket,
    TicketKey, UserSettings, silent,
};
use atlas_core::{Atlas, Database, SimilarOptions};
use rusqlite::Connection;

use super::{builder, lived_in};

/// Every file of a folder with its bytes and the time of its last change.
fn all(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let file = |entry: fs::DirEntry| {
        let changed = entry.metadata().unwrap().modified().unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name, (fs::read(entry.path()).unwrap(), changed))
    };
    entries.map(file).collect()
}

fn add(atlas: &Atlas, number: u32) {
    let key = TicketKey::parse(&format!("WRKA-{number}")).unwrap();
    atlas
        .tickets()
        .add(&[Ticket::new(key, "Form loses the date")])
        .unwrap();
}

fn read(path: &Path) -> Atlas {
    builder().read_only(true).open(path).unwrap()
}

/// A prediction without what only a stored one has.
fn unstored(mut prediction: Prediction) -> Prediction {
    prediction.id = None;
    for scenario in &mut prediction.scenarios {
        scenario.prediction_id = None;
    }
    prediction
}

#[test]
fn all_that_reads_works_and_nothing_changes() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("work.db");
    let writing = lived_in(&path);
    let expected = unstored(writing.predict("WRKA-1234", 4).unwrap());
    let counts = writing.database().counts().unwrap();
    let mut rows = Vec::new();
    writing.database().export_all(&mut rows).unwrap();
    drop(writing);
    let before = all(folder.path());
    assert_eq!(before.len(), 1, "{:?}", before.keys());

    let atlas = read(&path);
    let why = atlas.database().read_only().unwrap().unwrap();
    assert_eq!(why.reason, "it was opened only for reading");
    assert_eq!(why.left_out, Vec::<String>::new());
    assert_eq!(atlas.database().counts().unwrap(), counts);
    assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
    let prediction = atlas.predict("WRKA-1234", 4).unwrap();
    // The stored one answers; a new one is not stored.
    assert_eq!(unstored(prediction), expected);
    assert_eq!(atlas.predict("WRKA-1234", 3).unwrap().id, None);
    let draft = Draft::new("Login fails with an expired password");
    assert_eq!(atlas.predict(&draft, 3).unwrap().scenarios.len(), 3);
    let similar = SimilarOptions::default();
    assert!(!atlas.similar("WRKA-1234", &similar).unwrap().is_empty());
    atlas.duplicates("WRKA-1234", 3).unwrap();
    atlas.analyze("WRKA-1234").unwrap();
    assert!(
        !atlas
            .patterns()
            .list(&PatternFilter::default())
            .unwrap()
            .is_empty()
    );
    assert!(atlas.predictions().latest("WRKA-1234").unwrap().is_some());
    atlas.profile().get().unwrap();
    atlas.play().standing().unwrap();
    atlas.play().greeting().unwrap();
    atlas.play().challenge().unwrap();
    atlas.predictions().questions(3).unwrap();
    atlas.learning().status().unwrap();
    let memories = atlas
        .memory()
        .search("umlauts", &MemoryFilter::default(), 3);
    assert!(!memories.unwrap().is_empty());
    let mut exported = Vec::new();
    atlas.database().export_all(&mut exported).unwrap();
    assert!(exported.len() > 1_000);
    let copy = other.path().join("copy.db");
    atlas.database().backup(&copy).unwrap();
    drop(atlas);
    assert_eq!(all(folder.path()), before);
    assert_eq!(
        builder().open(&copy).unwrap().database().counts().unwrap(),
        counts
    );
    let restored = other.path().join("restored.db");
    Database::restore(&path, &restored).unwrap();
    assert_eq!(all(folder.path()), before);
    assert_eq!(read(&restored).database().counts().unwrap(), counts);
}

#[test]
fn what_would_store_something_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(lived_in(&path));
    let before = all(folder.path());
    let atlas = read(&path);
    let key = TicketKey::parse("WRKA-9").unwrap();
    let answer = FeedbackTarget::Scenario(1);
    for refused in [
        atlas.tickets().add(&[Ticket::new(key, "New")]).err(),
        atlas
            .tickets()
            .import_file("missing.jsonl", &mut silent)
            .err(),
        atlas
            .learning()
            .import_history("missing.csv", &mut silent)
            .err(),
        atlas
            .database()
            .import_all("missing.jsonl", &mut silent)
            .err(),
        atlas.feedback(answer, &Feedback::accepted()).err(),
        atlas.learning().retrain(&mut silent).err(),
        atlas.profile().set_settings(&UserSettings::default()).err(),
        atlas.play().rebuild().err(),
    ] {
        let error = refused.expect("nothing can be stored");
        assert_eq!(error.code(), "READ_ONLY_DATABASE", "{error}");
        assert!(
            error.to_string().contains("opened only for reading"),
            "{error}"
        );
    }
    drop(atlas);
    assert_eq!(all(folder.path()), before);
}

#[test]
fn what_lies_in_a_log_is_read_with_its_index_and_without() {
    let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("work.db");
    let writing = builder().open(&path).unwrap();
    let known = writing.database().counts().unwrap().tickets;
    for number in 1..=3 {
        add(&writing, number);
    }
    for endings in [&["", "-wal"][..], &["", "-wal", "-shm"]] {
        for ending in endings {
            let name = format!("work.db{ending}");
            fs::copy(folder.path().join(&name), place.path().join(&name)).unwrap();
        }
        // As a killed program leaves it: the tickets are in the log alone.
        let before = all(place.path());
        assert_eq!(before.len(), endings.len());
        let atlas = read(&place.path().join("work.db"));
        assert_eq!(atlas.database().counts().unwrap().tickets, known + 3);
        assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
        drop(atlas);
        let after = all(place.path());
        assert_eq!(
            after.keys().collect::<Vec<_>>(),
            before.keys().collect::<Vec<_>>()
        );
        assert_eq!(after["work.db"], before["work.db"]);
        assert_eq!(after["work.db-wal"], before["work.db-wal"]);
    }
}

#[test]
fn what_others_commit_meanwhile_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(builder().open(&path).unwrap());
    let reading = read(&path);
    let tickets = || reading.database().counts().unwrap().tickets;
    assert_eq!(tickets(), 0);
    let writing = builder().open(&path).unwrap();
    add(&writing, 1);
    assert_eq!(tickets(), 1);
    assert_eq!(
        reading.tickets().get("WRKA-1").unwrap().summary,
        "Form loses the date"
    );
    assert_eq!(reading.predict("WRKA-1", 3).unwrap().id, None);
    add(&writing, 2);
    assert_eq!(tickets(), 2);
    drop(writing);
    assert_eq!(tickets(), 2);
    assert_eq!(reading.predict("WRKA-2", 3).unwrap().scenarios.len(), 3);
}

#[test]
fn what_cannot_be_upgraded_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(atlas_migrations::MIGRATIONS[0].sql)
        .unwrap();
    old.close().unwrap();
    let before = all(folder.path());
    let error = builder().read_only(true).open(&path).err().unwrap();
    assert_eq!(error.code(), "OLDER_DATABASE");
    assert!(
        error.to_string().contains("once where it can be written"),
        "{error}"
    );
    assert_eq!(all(folder.path()), before);
    let missing = folder.path().join("none.db");
    let error = builder().read_only(true).open(&missing).err().unwrap();
    assert_eq!(error.code(), "FILE_FAILED");
    assert!(!missing.exists());
    fs::write(&missing, "dear").unwrap();
    let error = builder().read_only(true).open(&missing).err().unwrap();
    assert_eq!(error.code(), "NOT_A_DATABASE");
    drop(builder().open(&path).unwrap());
    assert!(builder().read_only(true).open(&path).is_ok());
}

#[test]
fn what_a_cut_off_write_left_is_not_read_as_if_it_were_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(builder().open(&path).unwrap());
    let connection = Connection::open(&path).unwrap();
    connection
        .pragma_update(None, "journal_mode", "delete")
        .unwrap();
    connection.pragma_update(None, "cache_size", 1).unwrap();
    connection
        .execute_batch(
            "BEGIN; CREATE TABLE junk (x);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO junk SELECT hex(randomblob(50)) FROM n;",
        )
        .unwrap();
    let cut = tempfile::tempdir().unwrap();
    for name in ["work.db", "work.db-journal"] {
        fs::copy(folder.path().join(name), cut.path().join(name)).unwrap();
    }
    drop(connection);
    let path = cut.path().join("work.db");
    let error = builder().read_only(true).open(&path).err().unwrap();
    assert_eq!(error.code(), "READ_ONLY_DATABASE");
    assert!(error.to_string().contains("cut off"), "{error}");
    assert_eq!(
        builder().open(&path).unwrap().database().check().unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_left_out_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    drop(builder().starter_catalogue(false).open(&path).unwrap());
    let why = read(&path).database().read_only().unwrap().unwrap();
    assert!(why.left_out[0].contains("no patterns"), "{why:?}");
    let writing = builder().open(&path).unwrap();
    add(&writing, 1);
    let new = TestPattern::new("Umlauts survive the export", "Data Export");
    writing.patterns().add_all(&[new]).unwrap();
    drop(writing);
    let atlas = read(&path);
    let why = atlas.database().read_only().unwrap().unwrap();
    assert!(
        why.left_out
            .iter()
            .any(|left| left.contains("never encoded")),
        "{why:?}"
    );
    let prediction = atlas.predict("WRKA-1", 3).unwrap();
    assert!(
        prediction
            .degraded
            .iter()
            .any(|d| d.reason.contains("never encoded"))
    );
}
