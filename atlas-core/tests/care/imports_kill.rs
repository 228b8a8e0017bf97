//! A process that is killed while it imports leaves a unit that can be taken back.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use atlas_core::Atlas;
use atlas_core::domain::{ImportState, silent};

use super::builder;
use super::imports::dump;

/// Where the child process works; not set for the test itself.
const FOLDER: &str = "ATLAS_IMPORTS_TEST_FOLDER";

fn open(folder: &Path) -> Atlas {
    let builder = builder().starter_catalogue(false);
    builder.open(folder.join("work.db")).unwrap()
}

/// Does nothing unless started by the test below.
#[test]
fn child_process() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let folder = Path::new(&folder);
        let atlas = open(folder);
        loop {
            for name in ["a.csv", "b.csv"] {
                atlas
                    .tickets()
                    .import_file(folder.join(name), &mut silent)
                    .unwrap();
            }
        }
    }
}

fn write(folder: &Path, name: &str, summary: &str) {
    let rows = (1..=4_000).map(|n| format!("WRKA-{n},{summary}"));
    let rows: Vec<String> = rows.collect();
    let text = format!("Issue key,Summary\n{}\n", rows.join("\n"));
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn a_killed_import_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "a.csv", "One");
    write(folder, "b.csv", "Two");
    let atlas = open(folder);
    let path = folder.join("work.db");
    let before = dump(&path);
    let mut stopped = 0;
    for round in 0..6 {
        let known = atlas.database().imports().unwrap().len();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "imports_kill::child_process"])
            .env(FOLDER, folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Not before it works; then at another place of it each time.
        let patience = Instant::now() + Duration::from_secs(60);
        while atlas.database().imports().unwrap().len() <= known && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(7 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let imports = atlas.database().imports().unwrap();
        let last = imports
            .iter()
            .filter(|import| import.state == ImportState::Stopped);
        stopped += last.count();
        assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
        for import in imports.iter().filter(|import| import.state.can_be_undone()) {
            let undone = atlas.database().undo_import(import.import_id).unwrap();
            assert_eq!(undone.kept_count, 0, "{undone:?}");
        }
        assert_eq!(dump(&path), before);
    }
    assert!(stopped > 0, "none was killed in the middle");
}
