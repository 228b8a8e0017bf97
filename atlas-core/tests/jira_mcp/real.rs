//! The real `mcp-atlassian` (PyPI) as the server; skipped where it cannot be had.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use atlas_core::domain::TicketKey;
use atlas_core::jira::mcp::{JiraMcp, McpOptions, McpServer};
use serde_json::{Value, json};

const SERVER: &str = "mcp-atlassian==0.23.1";

#[test]
#[ignore = "installs the server from PyPI; `make interop` runs it"]
fn the_real_mcp_atlassian_gives_tickets_and_fails_without_a_credential_in_its_words() {
    let Some(program) = program() else {
        eprintln!("skipped: {SERVER} cannot be had");
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that goes away is its own matter.
            let _ = answer(stream.unwrap());
        }
    });
    let server = McpServer::new(program)
        .env("JIRA_URL", url)
        .env("JIRA_PERSONAL_TOKEN", TOKEN)
        .env("READ_ONLY_MODE", "true");
    let options = McpOptions {
        start_timeout: Duration::from_secs(120),
        timeout: Duration::from_secs(120),
        ..McpOptions::default()
    };
    let mut jira = JiraMcp::start(&server, &options).unwrap();
    assert!(jira.protocol_version() >= "2025-06-18");
    let ticket = jira.issue(&TicketKey::parse("WRKA-7").unwrap()).unwrap();
    let mut found = Vec::new();
    jira.search("project = WRKA", &mut |ticket| {
        found.push(ticket);
        ControlFlow::Continue(())
    })
    .unwrap();
    let keys: Vec<&str> = found.iter().map(|ticket| ticket.key.as_str()).collect();
    assert_eq!(keys, ["WRKA-1", "WRKA-2", "WRKA-3"]);
    for ticket in found.iter().chain([&ticket]) {
        let steps = "## Steps\n\n1. Open the report\n2. Export it";
        assert_eq!(ticket.description.as_deref(), Some(steps), "{}", ticket.key);
        assert_eq!((&*ticket.ticket_type, &*ticket.status), ("Bug", "Open"));
        assert_eq!(
            (&ticket.assignee, &ticket.components[..]),
            (&None, &["Reports".into()][..])
        );
        assert_eq!(ticket.reporter.as_deref(), Some("Kayla Gilbert"));
        assert_eq!(ticket.created.unwrap().to_string(), "2025-11-15T15:00:00Z");
        assert_eq!(ticket.links[0].key.as_str(), "WMB-2");
    }
    let error = jira
        .issue(&TicketKey::parse("GONE-1").unwrap())
        .unwrap_err();
    assert_eq!(error.code(), "MCP_TOOL_FAILED", "{error}");
    assert!(!format!("{error} {error:?}").contains(TOKEN), "{error}");
}

const TOKEN: &str = "planted-token";

/// Answers as a Data Center does, two issues a page.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let asked = lines.next().unwrap_or(Ok(String::new()))?;
    let mut known = false;
    for line in lines {
        let line = line?;
        known |= line == format!("Authorization: Bearer {TOKEN}");
        if line.is_empty() {
            break;
        }
    }
    let path = asked.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match known {
        false => ("401 Unauthorized", json!({})),
        true if path.contains("/search") => {
            let from = if path.contains("startAt=2") { 2 } else { 0 };
            let keys = &["WRKA-1", "WRKA-2", "WRKA-3"][from..(from + 2).min(3)];
            let issues: Vec<Value> = keys.iter().map(|key| issue(key)).collect();
            (
                "200 OK",
                json!({"startAt": from, "maxResults": 2, "total": 3, "issues": issues}),
            )
        }
        true if path.contains("/issue/WRKA-7") => ("200 OK", issue("WRKA-7")),
        true if path.contains("/issue/") => (
            "404 Not Found",
            json!({"errorMessages": [format!("{TOKEN} finds nothing")]}),
        ),
        true => ("200 OK", json!([])),
    };
    let body = body.to_string();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

fn issue(key: &str) -> Value {
    json!({"id": "10007", "key": key, "fields": {
        "summary": "Export is empty", "description": "h2. Steps\n# *Open* the report\n# Export it",
        "status": {"name": "Open"}, "issuetype": {"name": "Bug"}, "priority": {"name": "High"},
        "components": [{"name": "Reports"}], "assignee": null,
        "reporter": {"name": "kgilbert", "displayName": "Kayla Gilbert"},
        "created": "2025-11-15T10:00:00.000-0500", "issuelinks": [{"id": "1",
            "type": {"name": "Relates", "inward": "relates to", "outward": "relates to"},
            "inwardIssue": {"id": "9", "key": "WMB-2", "fields": {"summary": "On the phone"}}}]}})
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
