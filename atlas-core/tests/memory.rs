//! Memory through `Atlas`: kept, found by meaning, forgotten.

use atlas_core::Atlas;
use atlas_core::domain::{MemoryEntry, MemoryFilter};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

fn noon() -> Timestamp {
    "2024-05-01T12:00:00Z".parse().unwrap()
}

fn evening() -> Timestamp {
    noon() + SignedDuration::from_hours(6)
}

/// Three values, one of which ends in the afternoon.
fn remember(atlas: &Atlas) {
    let outcome = r#"{"outcome": "failed", "why": "the session cookie was lost after the login"}"#;
    for entry in [
        MemoryEntry::json("session", "WRKA-7/outcome", outcome).unwrap(),
        MemoryEntry::text(
            "context",
            "WRKA-9/export",
            "umlauts break in the exported CSV file",
        ),
        MemoryEntry::text("preference", "tea", "green tea in the morning")
            .expires(noon() + SignedDuration::from_hours(3)),
    ] {
        atlas.memory().put(&entry).unwrap();
    }
}

fn found(atlas: &Atlas, text: &str, filter: &MemoryFilter) -> Vec<String> {
    let hits = atlas.memory().search(text, filter, 9).unwrap();
    assert!(hits.is_sorted_by(|a, b| a.similarity >= b.similarity));
    hits.into_iter().map(|hit| hit.entry.key).collect()
}

#[test]
fn what_is_remembered_is_found_by_meaning_and_filter() {
    let atlas = Atlas::builder().clock(noon).open_in_memory().unwrap();
    remember(&atlas);
    let all = MemoryFilter::default();
    assert_eq!(
        found(&atlas, "user is logged out unexpectedly", &all)[0],
        "WRKA-7/outcome"
    );
    assert_eq!(
        found(&atlas, "character encoding of files", &all)[0],
        "WRKA-9/export"
    );
    assert_eq!(found(&atlas, "anything", &all).len(), 3);
    let wrka = MemoryFilter {
        key_prefix: Some("WRKA-".to_owned()),
        ..MemoryFilter::default()
    };
    assert_eq!(found(&atlas, "morning", &wrka).len(), 2);
    let context = MemoryFilter {
        memory_type: Some("context".to_owned()),
        ..wrka
    };
    assert_eq!(found(&atlas, "login", &context), ["WRKA-9/export"]);
    assert_eq!(atlas.memory().search("login", &all, 1).unwrap().len(), 1);
    for (text, k) in [(" ", 3), ("login", 0), ("login", 1001)] {
        let error = atlas.memory().search(text, &all, k).unwrap_err();
        assert_eq!(error.code(), "INVALID_VALUE");
    }
    assert!(
        atlas
            .memory()
            .put(&MemoryEntry::text("context", " ", "v"))
            .is_err()
    );
}

#[test]
fn what_has_expired_never_appears() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let open = |clock: fn() -> jiff::Timestamp| Atlas::builder().clock(clock).open(&path).unwrap();
    remember(&open(noon));
    let atlas = open(evening);
    let all = MemoryFilter::default();
    assert_eq!(atlas.memory().get("preference", "tea").unwrap(), None);
    assert_eq!(atlas.memory().list(&all).unwrap().len(), 2);
    assert!(!found(&atlas, "green tea", &all).contains(&"tea".to_owned()));
    assert_eq!(atlas.memory().expire().unwrap(), 1);
    assert_eq!(atlas.memory().expire().unwrap(), 0);
    let kept = atlas
        .memory()
        .get("session", "WRKA-7/outcome")
        .unwrap()
        .unwrap();
    assert_eq!(kept.to_json().unwrap()["outcome"], "failed");
    assert_eq!(kept.created_at, Some(noon()));
    assert!(atlas.memory().delete("session", "WRKA-7/outcome").unwrap());
    assert!(!atlas.memory().delete("session", "WRKA-7/outcome").unwrap());
}

#[test]
fn vectors_of_another_model_are_made_again_and_those_of_another_program_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = Atlas::builder().clock(noon).open(&path).unwrap();
    remember(&atlas);
    let all = MemoryFilter::default();
    let before = atlas.memory().search("login", &all, 9).unwrap();
    let connection = Connection::open(&path).unwrap();
    let vectors = || -> Vec<(Option<Vec<u8>>, Option<String>)> {
        let sql = "SELECT embedding, vector_id FROM agent_memory ORDER BY id";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let own = vectors();
    let change =
        "UPDATE agent_memory SET embedding = x'00', vector_id = 'atlas:older' WHERE id = 1;
                  UPDATE agent_memory SET embedding = x'0102', vector_id = 'v-17' WHERE id = 2;
                  UPDATE agent_memory SET embedding = NULL, vector_id = NULL WHERE id = 3;";
    connection.execute_batch(change).unwrap();
    assert_eq!(atlas.memory().search("login", &all, 9).unwrap(), before);
    let after = vectors();
    assert_eq!((&after[0], &after[2]), (&own[0], &own[2]));
    assert_eq!(after[1], (Some(vec![1, 2]), Some("v-17".to_owned())));
}
