//! An import is a unit: it is listed, and taking it back is exact but for what was changed since.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use atlas_core::domain::{
    ImportCounts, ImportKind, ImportState, SampleFiles, TestImport, TestPattern, TicketImport,
    silent,
};
use atlas_core::{Atlas, AtlasBuilder};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{SAMPLE, builder, noon};

/// A database and a place for files.
pub struct Desk {
    folder: TempDir,
    pub atlas: Atlas,
}

impl Desk {
    pub fn new() -> Self {
        Desk::with(builder().starter_catalogue(false))
    }

    fn with(builder: AtlasBuilder) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let atlas = builder.open(folder.path().join("work.db")).unwrap();
        Desk { folder, atlas }
    }

    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn tickets(&self, name: &str, content: &str) -> i64 {
        let path = self.file(name, content);
        let report = self.atlas.tickets().import_file(path, &mut silent).unwrap();
        report.import_id.unwrap()
    }

    pub fn patterns(&self, name: &str, content: &str) -> i64 {
        let path = self.file(name, content);
        let report = self
            .atlas
            .patterns()
            .import_file(path, &mut silent)
            .unwrap();
        report.import_id.unwrap()
    }

    pub fn history(&self, name: &str, content: &str) -> i64 {
        let path = self.file(name, content);
        let report = self
            .atlas
            .learning()
            .import_history(path, &mut silent)
            .unwrap();
        report.import_id.unwrap()
    }

    pub fn dump(&self) -> Vec<String> {
        dump(&self.folder.path().join("work.db"))
    }

    fn keys(&self) -> Vec<String> {
        let tickets = self.atlas.tickets().list().unwrap();
        tickets
            .iter()
            .map(|ticket| ticket.key.to_string())
            .collect()
    }
}

/// Every row but counters, vectors and the list of imports itself.
pub fn dump(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN
                   ('atlas_imports', 'atlas_import_rows', 'atlas_vectors', 'atlas_revisions',
                    'sqlite_sequence') ORDER BY name";
    let mut names = connection.prepare(sql).unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut lines = Vec::new();
    for name in names {
        let columns = match name.as_str() {
            "atlas_documents" => "owner, owner_id, field, text_hash, terms",
            _ => "*",
        };
        // What search counted words with is noted when it first does.
        let rows = match name.as_str() {
            "atlas_settings" => "atlas_settings WHERE key <> 'text_version'",
            name => name,
        };
        let mut statement = connection
            .prepare(&format!("SELECT {columns} FROM {rows}"))
            .unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let first = lines.len();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<_> = (0..width)
                .map(|place| row.get_ref(place).unwrap())
                .collect();
            lines.push(format!("{name} {values:?}"));
        }
        lines[first..].sort();
    }
    lines
}

pub const OLD: &str = "Issue key,Issue id,Summary,Description,Status
WRKA-1,1,Export drops umlauts,Open the report,Open
WRKA-2,2,Login fails,With an expired password,Open
";
const NEW: &str = "Issue key,Issue id,Summary,Description,Status
WRKA-2,2,Login fails with an expired password,,Done
WRKB-1,1,Export drops umlauts,Open the report,Open
WRKA-3,3,Saving loses the date,,Open
";
pub const PATTERNS: &str = "key,name,type,minutes,steps
MM-T1,Umlauts survive,Export,30,Open the report => A table
MM-T2,Expired passwords are refused,Login,,Log in => A message
";
const HISTORY: &str = "ticket_key,ticket_summary,pattern_key,verdict,minutes,date
WRKA-1,Export drops umlauts,MM-T1,right,20,2024-04-01
WRKA-9,A ticket of history,MM-T2,wrong,,2024-04-02
";

#[test]
fn an_import_of_tickets_is_listed_and_taken_back() {
    let desk = Desk::new();
    desk.tickets("old.csv", OLD);
    desk.atlas.predict("WRKA-2", 3).unwrap();
    let before = desk.dump();
    let id = desk.tickets("new.csv", NEW);
    assert_ne!(
        desk.atlas
            .predictions()
            .latest("WRKA-2")
            .unwrap()
            .unwrap()
            .stale
            .len(),
        0
    );
    let imports = desk.atlas.database().imports().unwrap();
    assert_eq!(imports.len(), 2);
    let newest = &imports[0];
    assert_eq!((newest.import_id, newest.source.as_str()), (id, "new.csv"));
    assert_eq!(
        (newest.kind, newest.state),
        (ImportKind::Tickets, ImportState::Complete)
    );
    assert_eq!(
        (newest.began_at, newest.ended_at),
        (Some(noon()), Some(noon()))
    );
    assert_eq!((newest.new.tickets, newest.updated.tickets), (1, 2));
    let undone = desk.atlas.database().undo_import(id).unwrap();
    assert_eq!((undone.removed.tickets, undone.put_back.tickets), (1, 2));
    assert_eq!(
        (undone.kept_count, undone.record.state),
        (0, ImportState::Undone)
    );
    assert_eq!(desk.dump(), before);
    assert_eq!(desk.keys(), ["WRKA-1", "WRKA-2"]);
    let again = desk.atlas.database().undo_import(id).unwrap_err();
    assert_eq!(again.code(), "IMPORT_NOT_FOUND");
    assert!(again.to_string().contains("already"), "{again}");
    assert_eq!(
        desk.atlas.database().undo_import(99).unwrap_err().code(),
        "IMPORT_NOT_FOUND"
    );
}

#[test]
fn patterns_history_and_training_are_taken_back_with_the_numbers_of_patterns() {
    let desk = Desk::new();
    let empty = desk.dump();
    let tickets = desk.tickets("old.csv", OLD);
    let patterns = desk.patterns("patterns.csv", PATTERNS);
    let before = desk.dump();
    let history = desk.history("history.csv", HISTORY);
    assert_ne!(desk.dump(), before);
    let undone = desk.atlas.database().undo_import(history).unwrap();
    let removed = ImportCounts {
        tickets: 1,
        patterns: 0,
        observations: 2,
    };
    assert_eq!((undone.removed, undone.put_back.total()), (removed, 0));
    assert_eq!(desk.dump(), before);
    desk.history("history.csv", HISTORY);
    let mut bytes = Vec::new();
    desk.atlas.learning().export_training(&mut bytes).unwrap();
    let other = Desk::new();
    let clean = other.dump();
    let path = other.file("training.jsonl", std::str::from_utf8(&bytes).unwrap());
    let training = other
        .atlas
        .learning()
        .import_training(path, &mut silent)
        .unwrap()
        .import_id
        .unwrap();
    assert_eq!(
        other.atlas.database().imports().unwrap()[0].kind,
        ImportKind::Training
    );
    other.atlas.database().undo_import(training).unwrap();
    assert_eq!(other.dump(), clean);
    // The rest, oldest first, though the later ones need it.
    let kept = desk.atlas.database().undo_import(tickets).unwrap();
    assert_eq!((kept.kept_count, kept.kept[0].name.as_str()), (1, "WRKA-1"));
    assert!(
        kept.kept[0].reason.contains("(history.csv)"),
        "{:?}",
        kept.kept
    );
    desk.atlas.database().undo_import(patterns).unwrap();
    let last = desk.atlas.database().imports().unwrap()[0].import_id;
    desk.atlas.database().undo_import(last).unwrap();
    assert_eq!(desk.dump(), empty);
}

#[test]
fn results_are_taken_back() {
    let desk = Desk::new();
    desk.tickets("old.csv", OLD);
    desk.patterns("patterns.csv", PATTERNS);
    let report = |outcome: &str| {
        let xml = format!(
            "<testsuite name='WRKA-1' timestamp='2024-05-01T08:00:00Z'>
               <testcase name='Umlauts survive' time='90'>{outcome}</testcase></testsuite>"
        );
        let path = desk.file("report.xml", &xml);
        let options = TestImport::default();
        let report = desk
            .atlas
            .learning()
            .import_results(path, &options, &mut silent)
            .unwrap();
        report.import_id.unwrap()
    };
    let before = desk.dump();
    let first = report("");
    let between = desk.dump();
    let second = report("<failure/>");
    assert_ne!(desk.dump(), between);
    desk.atlas.database().undo_import(second).unwrap();
    assert_eq!(desk.dump(), between);
    desk.atlas.database().undo_import(first).unwrap();
    assert_eq!(desk.dump(), before);
}

#[test]
fn what_a_later_import_has_is_kept_and_is_that_ones_from_then_on() {
    let desk = Desk::new();
    let empty = desk.dump();
    let first = desk.tickets("old.csv", OLD);
    let second = desk.tickets("new.csv", NEW);
    let between = desk.dump();
    let undone = desk.atlas.database().undo_import(first).unwrap();
    assert_eq!((undone.removed.tickets, undone.kept_count), (0, 2));
    assert_eq!(
        undone.kept[0].reason,
        format!("import {second} (new.csv) has it too")
    );
    assert_eq!(desk.dump(), between);
    desk.atlas.database().undo_import(second).unwrap();
    assert_eq!(desk.dump(), empty);
}

#[test]
fn an_import_that_finds_the_same_keeps_it_when_the_first_is_taken_back() {
    let desk = Desk::new();
    let empty = desk.dump();
    let first = desk.tickets("monday.csv", OLD);
    let full = desk.dump();
    let second = desk.tickets("tuesday.csv", OLD);
    assert_eq!(desk.atlas.database().imports().unwrap()[0].new.total(), 0);
    assert_eq!(
        desk.atlas.database().undo_import(first).unwrap().kept_count,
        2
    );
    assert_eq!(desk.dump(), full);
    desk.atlas.database().undo_import(second).unwrap();
    assert_eq!(desk.dump(), empty);
}

#[test]
fn an_import_that_was_stopped_is_a_unit_as_well() {
    let desk = Desk::new();
    let before = desk.dump();
    let rows: Vec<String> = (1..=3_000).map(|n| format!("WRKA-{n},Again")).collect();
    let path = desk.file(
        "many.csv",
        &format!("Issue key,Summary\n{}\n", rows.join("\n")),
    );
    let mut told = 0;
    let stopped = desk.atlas.tickets().import_file(path, &mut |_| {
        told += u32::from(desk.atlas.database().counts().unwrap().tickets > 0);
        match told {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    });
    assert_eq!(stopped.unwrap_err().code(), "CANCELLED");
    let import = desk.atlas.database().imports().unwrap().remove(0);
    assert_eq!(
        (import.state, import.ended_at),
        (ImportState::Stopped, None)
    );
    let stored = desk.atlas.database().counts().unwrap().tickets;
    assert!(stored > 0 && import.new.tickets == stored, "{import:?}");
    desk.atlas.database().undo_import(import.import_id).unwrap();
    assert_eq!(desk.dump(), before);
}

#[test]
fn what_changes_nothing_is_not_listed() {
    let desk = Desk::new();
    let dry = TicketImport {
        dry_run: true,
        ..TicketImport::default()
    };
    let path = desk.file("old.csv", OLD);
    let report = desk
        .atlas
        .tickets()
        .import_file_with(&path, &dry, &mut silent)
        .unwrap();
    assert_eq!((report.new, report.import_id), (2, None));
    let dry = TestImport {
        dry_run: true,
        ..TestImport::default()
    };
    let path = desk.file("patterns.csv", PATTERNS);
    let report = desk
        .atlas
        .patterns()
        .import_file_with(&path, &dry, &mut silent)
        .unwrap();
    assert_eq!((report.created, report.import_id), (2, None));
    let path = desk.file("bad.csv", "Issue key,Summary\nnone,Text\n");
    assert_eq!(
        desk.atlas
            .tickets()
            .import_file(path, &mut silent)
            .unwrap()
            .import_id,
        None
    );
    desk.atlas
        .patterns()
        .add_all(&[TestPattern::new("By hand", "A")])
        .unwrap();
    assert_eq!(desk.atlas.database().imports().unwrap(), []);
}

#[test]
fn the_newest_hundred_can_be_taken_back() {
    let desk = Desk::new();
    let first = desk.tickets("first.csv", OLD);
    for _ in 0..100 {
        desk.tickets("again.csv", OLD);
    }
    let imports = desk.atlas.database().imports().unwrap();
    assert_eq!(
        (imports.len(), imports[100].state),
        (101, ImportState::Forgotten)
    );
    assert_eq!(imports[99].state, ImportState::Complete);
    let error = desk.atlas.database().undo_import(first).unwrap_err();
    assert!(error.to_string().contains("too long ago"), "{error}");
    assert_eq!(desk.keys().len(), 2);
}

#[test]
fn the_sample_goes_whole() {
    let desk = Desk::with(builder());
    let own = desk.tickets("old.csv", OLD);
    let before = desk.dump();
    let file = |name: &str| PathBuf::from(format!("{SAMPLE}/{name}"));
    let (tickets, patterns, history) = (
        file("tickets.jsonl"),
        file("patterns.csv"),
        file("history.csv"),
    );
    let files = SampleFiles {
        tickets: &tickets,
        patterns: &patterns,
        history: &history,
    };
    let loaded = desk
        .atlas
        .database()
        .load_sample(&files, &mut silent)
        .unwrap();
    assert!(loaded.tickets.new > 0 && loaded.patterns.new > 0 && loaded.history.new > 0);
    assert!(
        desk.atlas.database().imports().unwrap()[..3]
            .iter()
            .all(|import| import.is_sample)
    );
    desk.atlas
        .database()
        .load_sample(&files, &mut silent)
        .unwrap();
    // One of the user's own that names patterns of the sample.
    desk.atlas.predict("WRKA-1", 5).unwrap();
    assert!(desk.atlas.database().has_sample().unwrap());
    let undone = desk.atlas.database().remove_sample().unwrap();
    assert_eq!(
        undone.last().unwrap().kept_count + undone[3].removed.total(),
        undone[3].removed.total()
    );
    assert!(!desk.atlas.database().has_sample().unwrap());
    assert_eq!(desk.dump(), before);
    assert_eq!(desk.atlas.database().remove_sample().unwrap(), []);
    assert_eq!(
        desk.atlas
            .database()
            .imports()
            .unwrap()
            .last()
            .unwrap()
            .import_id,
        own
    );
}

#[test]
fn the_journal_travels_with_all_the_rows() {
    let desk = Desk::new();
    desk.tickets("old.csv", OLD);
    let id = desk.tickets("new.csv", NEW);
    let mut bytes = Vec::new();
    desk.atlas.database().export_all(&mut bytes).unwrap();
    let path = desk.file("all.jsonl", std::str::from_utf8(&bytes).unwrap());
    let other = Desk::new();
    other
        .atlas
        .database()
        .import_all(&path, &mut silent)
        .unwrap();
    assert_eq!(
        other.atlas.database().imports().unwrap(),
        desk.atlas.database().imports().unwrap()
    );
    desk.atlas.database().undo_import(id).unwrap();
    assert_eq!(
        other.atlas.database().undo_import(id).unwrap().kept_count,
        0
    );
    assert_eq!(other.dump(), desk.dump());
}
