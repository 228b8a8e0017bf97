//! Pattern libraries, histories, and the formats of other tools.

mod files;
mod out;
mod readers;
mod round_trip;
mod runs;
mod speed;
mod tools;

use std::path::PathBuf;

use atlas_core::Atlas;
use atlas_core::domain::{Step, TestImport, TestItem, TestReport, silent};
use atlas_core::exchange::cases::{self, TestCase, TestFile};
use tempfile::TempDir;

/// A folder for the files of a test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn read(name: &str, content: impl AsRef<[u8]>) -> TestFile<TestCase> {
    let folder = Folder::new();
    let path = folder.put(name, content);
    cases::read(&path, &TestImport::default()).unwrap()
}

/// The test cases of a file that is all well.
fn cases_of(name: &str, content: impl AsRef<[u8]>) -> Vec<TestCase> {
    let entries = read(name, content).entries;
    entries
        .into_iter()
        .map(|entry| entry.value.unwrap())
        .collect()
}

fn step(action: &str, expected: &str, data: &str) -> Step {
    let mut step = Step::new(action, expected);
    step.data = (!data.is_empty()).then(|| data.to_owned());
    step
}

/// A database without patterns.
fn empty() -> Atlas {
    Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap()
}

fn import(atlas: &Atlas, path: &std::path::Path) -> TestReport {
    atlas
        .patterns()
        .import_file_with(path, &TestImport::default(), &mut silent)
        .unwrap()
}

fn counts(report: &TestReport) -> [u64; 4] {
    [
        report.created,
        report.updated,
        report.unchanged,
        report.refused,
    ]
}

fn reasons(report: &TestReport) -> Vec<&str> {
    report
        .items
        .iter()
        .filter_map(|item: &TestItem| item.reason.as_deref())
        .collect()
}
