//! The real `mcp-atlassian` (PyPI) as the server; skipped where it cannot be had.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use atlas_core::domain::TicketKey;
use atlas_core::jira::mcp::{JiraMcp, McpOptions, McpServer};

const SERVER: &str = "mcp-atlassian==0.23.1";

#[test]
fn the_real_mcp_atlassian_shakes_hands_and_fails_without_a_credential_in_its_words() {
    let Some(program) = program() else {
        eprintln!("skipped: {SERVER} cannot be had");
        return;
    };
    // Nobody listens there.
    let server = McpServer::new(program)
        .env("JIRA_URL", "http://127.0.0.1:9")
        .env("JIRA_USERNAME", "planted-user@example.com")
        .env("JIRA_API_TOKEN", "planted-token")
        .env("READ_ONLY_MODE", "true");
    let options = McpOptions {
        start_timeout: Duration::from_secs(120),
        timeout: Duration::from_secs(120),
        ..McpOptions::default()
    };
    let mut jira = JiraMcp::start(&server, &options).unwrap();
    assert!(jira.protocol_version() >= "2025-06-18");
    let has = |name: &str| jira.tools().iter().any(|tool| tool.name == name);
    assert!(has("jira_search") && has("jira_get_issue"));
    let error = jira
        .issue(&TicketKey::parse("WRKA-7").unwrap())
        .unwrap_err();
    assert_eq!(error.code(), "MCP_TOOL_FAILED", "{error}");
    assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
}

/// The program, in a Python environment of its own under the target folder.
fn program() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-mcp-atlassian");
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let runs = |command: &mut Command| {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        let status = quiet.stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    let has = || runs(Command::new(bin.join("mcp-atlassian")).arg("--version"));
    if has() {
        return Some(bin.join("mcp-atlassian"));
    }
    let pip = [
        "-m",
        "pip",
        "install",
        "-q",
        "--retries",
        "0",
        "--timeout",
        "10",
        SERVER,
    ];
    let made = runs(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    ) && runs(Command::new(bin.join("python")).args(pip));
    (made && has()).then(|| bin.join("mcp-atlassian"))
}
