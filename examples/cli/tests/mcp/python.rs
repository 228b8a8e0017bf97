//! The protocol's own Python library (`mcp` of PyPI) as the client; skipped where it cannot be had.

use std::path::Path;
use std::process::{Command, Stdio};

use fake_jira::python;
use serde_json::Value;

use crate::desk::Desk;

/// The first of the library's line that speaks both generations.
const LIBRARY: &str = "mcp==2.3.0";

#[test]
#[ignore = "installs the library from PyPI; `make interop` runs it"]
fn the_official_python_library_calls_every_tool_in_both_generations() {
    let Some(bin) = python(Path::new(env!("CARGO_TARGET_TMPDIR")), LIBRARY) else {
        eprintln!("skipped: no Python with {LIBRARY}");
        return;
    };
    let desk = Desk::with_sample();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mcp/client.py");
    let mut command = Command::new(bin.join("python"));
    command.arg(script).arg(env!("CARGO_BIN_EXE_atlas"));
    command.arg("--db").arg(desk.path("atlas.db")).arg("mcp");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let said = String::from_utf8(output.stdout).unwrap();
    let versions = ["2025-11-25", "2026-07-28"];
    assert_eq!(said.lines().count(), versions.len());
    for (line, version) in said.lines().zip(versions) {
        let talk: Value = serde_json::from_str(line).unwrap();
        assert_eq!(talk["version"], version, "{talk}");
        assert_eq!(talk["server"], "atlas", "{talk}");
        assert_eq!(
            (&talk["tools"], &talk["scenarios"]),
            (&12.into(), &5.into())
        );
        assert_eq!(talk["failed"], serde_json::json!([]), "{errors}");
        assert_eq!(talk["undone"], true);
        assert_eq!(talk["wrong"], "TICKET_NOT_FOUND");
    }
}
