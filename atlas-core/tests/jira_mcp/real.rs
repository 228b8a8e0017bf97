//! Real servers of PyPI: `mcp-atlassian` in front of the Jira for tests, and the protocol's own
//! library; skipped where they cannot be had.

use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use atlas_core::domain::{Ticket, TicketKey};
use atlas_core::http::Secret;
use atlas_core::jira::mcp::{JiraMcp, McpEndpoint, McpGeneration, McpOptions, McpServer};
use atlas_core::jira::{Credentials, JiraClient, JiraSettings};
use fake_jira::{Fault, Jira, Served, TOKEN, python, read};

use crate::keys;

const SERVER: &str = "mcp-atlassian==0.23.1";
const LIBRARY: &str = "mcp==2.3.0";

#[test]
#[ignore = "installs the server from PyPI; `make interop` runs it"]
fn the_real_mcp_atlassian_gives_the_tickets_that_jira_itself_gives() {
    let Some(program) = program() else {
        eprintln!("skipped: {SERVER} cannot be had");
        return;
    };
    let served = data_center();
    let expected = from_jira_itself(&served);
    let over_stdio = McpServer::new(&program)
        .env("JIRA_URL", served.url())
        .env("JIRA_PERSONAL_TOKEN", TOKEN)
        .env("READ_ONLY_MODE", "true");
    let mut jira = JiraMcp::start(&over_stdio, &patient()).unwrap();
    assert_gives(&mut jira, &expected);
    drop(jira);
    let port = free_port();
    let mut command = Command::new(&program);
    command
        .args(["--transport", "streamable-http", "--host", "127.0.0.1"])
        .args(["--port", &port.to_string()])
        .env("JIRA_URL", served.url())
        .env("JIRA_PERSONAL_TOKEN", TOKEN)
        .env("READ_ONLY_MODE", "true")
        .env("TZ", "UTC")
        .env("DISABLE_JIRA_MARKUP_TRANSLATION", "true");
    let over_http = OverHttp::start(command, port);
    let mut jira = over_http.connect(&patient()).unwrap();
    assert_gives(&mut jira, &expected);
    // Jira repeats the token, and the server passes that on.
    served.jira().fault(Fault::Echo);
    let error = jira.issue(&expected[0].key).unwrap_err();
    assert_eq!(error.code(), "MCP_TOOL_FAILED", "{error}");
    assert!(!format!("{error} {error:?}").contains(TOKEN), "{error}");
}

#[test]
#[ignore = "installs the server from PyPI; `make interop` runs it"]
fn the_real_mcp_atlassian_says_why_it_fails() {
    let Some(program) = program() else {
        eprintln!("skipped: {SERVER} cannot be had");
        return;
    };
    let server = McpServer::new(&program).arg("--no-such-option");
    let error = JiraMcp::start(&server, &patient()).unwrap_err();
    assert_eq!(error.code(), "MCP_FAILED");
    assert!(error.to_string().contains("no-such-option"), "{error}");
}

#[test]
#[ignore = "installs the library from PyPI; `make interop` runs it"]
fn the_official_python_library_is_spoken_to_over_http_in_both_generations() {
    let Some(bin) = python(Path::new(env!("CARGO_TARGET_TMPDIR")), LIBRARY) else {
        eprintln!("skipped: {LIBRARY} cannot be had");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jira_mcp/server.py");
    let port = free_port();
    let mut command = Command::new(bin.join("python"));
    command.arg(script).arg(port.to_string());
    let server = OverHttp::start(command, port);
    for (generation, version) in [
        (McpGeneration::Auto, "2026-07-28"),
        (McpGeneration::Legacy, "2025-11-25"),
    ] {
        let options = McpOptions {
            generation,
            ..patient()
        };
        let mut jira = server.connect(&options).unwrap();
        assert_eq!(jira.protocol_version(), version);
        let all = ["WRKA-1", "WRKA-2", "WRKA-3", "WRKA-4", "WRKA-5"];
        assert_eq!(keys(&mut jira).unwrap(), all);
        let ticket = jira.issue(&TicketKey::parse("WRKA-7").unwrap()).unwrap();
        assert_eq!(ticket.ticket.summary, "Summary of WRKA-7");
    }
}

fn patient() -> McpOptions {
    McpOptions {
        start_timeout: Duration::from_secs(120),
        timeout: Duration::from_secs(120),
        ..McpOptions::default()
    }
}

/// The sample, as a Data Center gives it: `mcp-atlassian` takes no address on loopback for Cloud.
fn data_center() -> Served {
    let file = "../examples/sample/tickets.jsonl";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut jira = Jira::new(read(&file).unwrap());
    jira.cloud = false;
    // Fewer than a page is asked for, so that there are several.
    jira.most = 20;
    Served::start(jira, 0).unwrap()
}

fn from_jira_itself(served: &Served) -> Vec<Ticket> {
    let credentials = Credentials::Bearer(Secret::new(TOKEN));
    let settings = JiraSettings::new(&served.url(), credentials).unwrap();
    let client = JiraClient::new(settings).unwrap();
    let mut keys: Vec<String> = {
        let jira = served.jira();
        jira.issues
            .visible()
            .map(|issue| issue.key.clone())
            .collect()
    };
    keys.sort();
    let tickets = keys.iter().map(|key| client.issue(key).unwrap());
    tickets.map(to_the_second).collect()
}

/// `mcp-atlassian` writes instants without their milliseconds.
fn to_the_second(mut ticket: Ticket) -> Ticket {
    for at in [&mut ticket.created, &mut ticket.updated] {
        *at = at.map(|at| jiff::Timestamp::from_second(at.as_second()).unwrap());
    }
    ticket
}

fn assert_gives(jira: &mut JiraMcp, expected: &[Ticket]) {
    let mut found = Vec::new();
    let search = jira.search("project in (WRKA, WMB) ORDER BY key", &mut |ticket| {
        found.push(ticket.ticket);
        ControlFlow::Continue(())
    });
    assert_eq!(search.unwrap().skipped, []);
    found.sort_by(|a, b| a.key.as_str().cmp(b.key.as_str()));
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected, "{}", expected.key);
    }
    for expected in expected.iter().step_by(7) {
        let mut ticket = to_the_second(jira.issue(&expected.key).unwrap().ticket);
        // It writes a mention in its own way.
        let text = ticket.description.take();
        ticket.description = text.map(|text| text.replace("User:", "@"));
        assert_eq!(ticket, *expected);
    }
    let gone = TicketKey::parse("GONE-1").unwrap();
    let error = jira.issue(&gone).unwrap_err();
    assert_eq!(error.code(), "MCP_TOOL_FAILED", "{error}");
    assert!(!format!("{error} {error:?}").contains(TOKEN), "{error}");
}

/// The server over HTTP; ended with this.
struct OverHttp {
    process: Child,
    url: String,
}

impl OverHttp {
    fn start(mut command: Command, port: u16) -> Self {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        let process = quiet.stderr(Stdio::null()).spawn().unwrap();
        let url = format!("http://127.0.0.1:{port}/mcp");
        OverHttp { process, url }
    }

    /// Tries until the server listens.
    fn connect(&self, options: &McpOptions) -> atlas_core::Result<JiraMcp> {
        let endpoint = McpEndpoint::new(&self.url)?;
        let endpoint = endpoint.credentials(Credentials::Bearer(Secret::new(TOKEN)));
        let since = Instant::now();
        loop {
            let connected = JiraMcp::connect(&endpoint, options);
            if connected.is_ok() || since.elapsed() > options.start_timeout {
                return connected;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

/// Free a moment ago: these servers choose none themselves.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Drop for OverHttp {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, in a Python environment of its own under the target folder.
fn program() -> Option<PathBuf> {
    let bin = python(Path::new(env!("CARGO_TARGET_TMPDIR")), SERVER)?;
    Some(bin.join("mcp-atlassian"))
}
