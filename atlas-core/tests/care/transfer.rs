//! All rows out, and into an empty database.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use atlas_core::domain::{Progress, silent};
use rusqlite::Connection;

use super::{builder, lived_in};

/// Tells a child process what to import into which database.
const CHILD: &str = "ATLAS_CARE_TEST";

/// The rows of every table as SQLite prints them, without what is derived from them.
fn rows(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN
               ('atlas_documents', 'atlas_vectors', 'atlas_revisions') ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    let names: Vec<String> = names.map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for name in names {
        let order = if name == "sqlite_sequence" {
            "ORDER BY name"
        } else {
            ""
        };
        let sql = format!("SELECT * FROM {name} {order}");
        let mut statement = connection.prepare(&sql).unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<_> = (0..columns).map(|at| row.get_ref(at).unwrap()).collect();
            rows.push(format!("{name}: {values:?}"));
        }
    }
    rows
}

#[test]
fn what_is_exported_comes_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let atlas = lived_in(&at("work.db"));
    atlas.learning().retrain(&mut silent).unwrap();
    let prediction = atlas.predict("WRKA-1012", 3).unwrap();
    let written = atlas
        .database()
        .export_all_to(at("all.jsonl.gz"), &mut silent)
        .unwrap();
    assert_eq!(
        written["jira_tickets"],
        atlas.database().counts().unwrap().tickets
    );
    for table in [
        "atlas_feedback",
        "atlas_observations",
        "atlas_models",
        "agent_memory",
    ] {
        assert!(written[table] > 0, "{table}");
    }
    assert!(
        fs::read(at("all.jsonl.gz"))
            .unwrap()
            .starts_with(&[0x1f, 0x8b])
    );

    let other = builder().open(at("other.db")).unwrap();
    other.predict("WRKA-1012", 3).unwrap_err();
    let read = other
        .database()
        .import_all(at("all.jsonl.gz"), &mut silent)
        .unwrap();
    assert_eq!(read, written);
    assert_eq!(other.database().check().unwrap(), Vec::<String>::new());
    assert_eq!(
        other.database().counts().unwrap(),
        atlas.database().counts().unwrap()
    );
    assert_eq!(
        other.profile().get().unwrap(),
        atlas.profile().get().unwrap()
    );
    let mut again = Vec::new();
    other.database().export_all(&mut again).unwrap();
    let mut first = Vec::new();
    atlas.database().export_all(&mut first).unwrap();
    assert!(again == first, "an export of the import is the same");
    let predicted = other.predict("WRKA-1012", 3).unwrap();
    let confidences = |of: &atlas_core::domain::Prediction| -> Vec<(String, f32)> {
        let scenarios = of.scenarios.iter();
        scenarios.map(|s| (s.name.clone(), s.confidence)).collect()
    };
    assert_eq!(confidences(&predicted), confidences(&prediction));
    drop((atlas, other));
    builder()
        .open(at("third.db"))
        .unwrap()
        .database()
        .import_all(at("all.jsonl.gz"), &mut silent)
        .unwrap();
    assert_eq!(rows(&at("third.db")), rows(&at("work.db")));
}

#[test]
fn a_database_that_holds_something_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = lived_in(&path);
    let file = folder.path().join("all.jsonl");
    atlas.database().export_all_to(&file, &mut silent).unwrap();
    let before = rows(&path);
    let error = atlas.database().import_all(&file, &mut silent).unwrap_err();
    assert_eq!(error.code(), "DATABASE_NOT_EMPTY");
    assert_eq!(rows(&path), before);
}

#[test]
fn a_file_that_is_not_whole_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, file) = (
        folder.path().join("empty.db"),
        folder.path().join("all.jsonl"),
    );
    let atlas = lived_in(&folder.path().join("work.db"));
    atlas.database().export_all_to(&file, &mut silent).unwrap();
    let whole = fs::read_to_string(&file).unwrap();
    let empty = builder().open(&path).unwrap();
    let before = rows(&path);
    let refused = |text: &str| {
        fs::write(&file, text).unwrap();
        let error = empty.database().import_all(&file, &mut silent).unwrap_err();
        assert_eq!(rows(&path), before, "{error}");
        (error.code(), error.to_string())
    };
    let lines: Vec<&str> = whole.lines().collect();
    let cut = lines[..lines.len() - 1].join("\n");
    assert!(refused(&cut).1.contains("ends too early"));
    assert_eq!(refused(&whole[..whole.len() / 2]).0, "UNKNOWN_FORMAT");
    let one_less = [&lines[..5], &lines[6..]].concat().join("\n");
    assert!(refused(&one_less).1.contains("rows before it"));
    for (old, new, said) in [
        (
            "\"table\":\"jira_tickets\"",
            "\"table\":\"sqlite_schema\"",
            "no table",
        ),
        (
            "\"summary\":",
            "\"summary); DROP TABLE jira_tickets;\":",
            "no column",
        ),
        (
            "\"summary\":\"",
            "\"summary\":[1],\"x\":\"",
            "cannot be read",
        ),
        (
            "\"verdict\":\"right\"",
            "\"verdict\":\"perhaps\"",
            "refuses it",
        ),
        ("\"pattern_id\":1", "\"pattern_id\":99991", "missing row"),
        ("\"schema\":8", "\"schema\":99", "newer ATLAS"),
        ("\"schema\":8", "\"schema\":3", "older"),
        ("\"version\":1", "\"version\":2", "export_all"),
        ("atlas-database", "atlas-training", "export_all"),
    ] {
        assert!(whole.contains(old), "{old}");
        let (_, message) = refused(&whole.replacen(old, new, 1));
        assert!(message.contains(said), "{message}");
    }
    assert_eq!(refused("").0, "UNKNOWN_FORMAT");
    assert_eq!(refused("key,summary\n").0, "UNKNOWN_FORMAT");
    fs::write(&file, &whole).unwrap();
    let stop = |_: Progress| ControlFlow::Break(());
    let stopped = empty
        .database()
        .import_all(&file, &mut { stop })
        .unwrap_err();
    assert_eq!(stopped.code(), "CANCELLED");
    assert_eq!(rows(&path), before);
}

/// Does nothing unless it is started by the test below: imports and dies on the way.
#[test]
fn child_process() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let folder = Path::new(&folder);
    let atlas = builder().open(folder.join("empty.db")).unwrap();
    let mut die = |_: Progress| std::process::abort();
    atlas
        .database()
        .import_all(folder.join("all.jsonl"), &mut die)
        .unwrap();
}

#[test]
fn an_import_that_is_killed_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    lived_in(&at("work.db"))
        .database()
        .export_all_to(at("all.jsonl"), &mut silent)
        .unwrap();
    drop(builder().open(at("empty.db")).unwrap());
    let before = rows(&at("empty.db"));
    let died = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "transfer::child_process"])
        .env(CHILD, folder.path())
        .output()
        .unwrap();
    assert!(!died.status.success());
    assert_ne!(died.status.code(), Some(101), "it was not a failed test");
    assert_eq!(rows(&at("empty.db")), before);
    let atlas = builder().open(at("empty.db")).unwrap();
    assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
    atlas
        .database()
        .import_all(at("all.jsonl"), &mut silent)
        .unwrap();
    drop(atlas);
    assert_eq!(rows(&at("empty.db")), rows(&at("work.db")));
}
