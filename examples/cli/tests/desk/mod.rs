//! The `atlas` binary in a folder of its own, for tests.
#![allow(dead_code, reason = "each test file uses a part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own, in which `atlas` runs.
pub struct Desk(pub TempDir);

impl Desk {
    pub fn new() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    /// With the whole sample imported into `atlas.db`, once for all tests.
    pub fn with_sample() -> Self {
        static IMPORTED: OnceLock<Vec<u8>> = OnceLock::new();
        let database = IMPORTED.get_or_init(|| {
            let desk = Desk::new();
            for (command, file) in [
                ("import", "tickets.jsonl"),
                ("import-patterns", "patterns.csv"),
                ("import-history", "history.csv"),
            ] {
                desk.json(&[command, sample(file).to_str().unwrap()]);
            }
            desk.json(&["backup", "copy.db"]);
            std::fs::read(desk.path("copy.db")).unwrap()
        });
        let desk = Desk::new();
        std::fs::write(desk.path("atlas.db"), database).unwrap();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_atlas"));
        command
            .args(args)
            .current_dir(self.0.path())
            .env_remove("ATLAS_DB")
            .env_remove("CLICOLOR_FORCE");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().unwrap()
    }

    /// What a command that succeeds prints.
    pub fn text(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that succeeds answers in JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.text(&[args, &["--json"]].concat())).unwrap()
    }

    /// The exit code and the JSON error of a command that fails.
    pub fn error(&self, args: &[&str]) -> (i32, Value) {
        let output = self.run(&[args, &["--json"]].concat());
        assert!(
            output.stdout.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        (output.status.code().unwrap(), error["error"].clone())
    }
}

pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../sample")
        .join(name)
}
