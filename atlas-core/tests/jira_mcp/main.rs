//! The client of MCP servers that speak Jira, against small servers that behave well and badly.

mod ends;
mod fake;
mod http;
mod loopback;
mod real;
mod talks;

use std::ops::ControlFlow;
use std::time::Duration;

use atlas_core::Result;
use atlas_core::jira::mcp::{JiraMcp, McpOptions, McpServer};

/// Short enough for tests, long enough for a busy machine.
fn options() -> McpOptions {
    McpOptions {
        start_timeout: Duration::from_secs(20),
        timeout: Duration::from_secs(10),
        most_bytes: 1 << 20,
        site: Some("https://example.atlassian.net".to_owned()),
        ..McpOptions::default()
    }
}

/// A server that behaves as its name says: this program, asked to run one test that serves.
fn server(behaviour: &str) -> McpServer {
    McpServer::new(std::env::current_exe().unwrap())
        .arg("--exact")
        .arg("fake::serves_where_it_is_asked_to")
        .arg("--test-threads=2")
        .env(fake::BEHAVIOUR, behaviour)
        .env("JIRA_API_TOKEN", "planted-token")
}

fn start(behaviour: &str) -> Result<JiraMcp> {
    JiraMcp::start(&server(behaviour), &options())
}

/// The keys that a search finds.
fn keys(jira: &mut JiraMcp) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    jira.search("project = WRKA", &mut |ticket| {
        keys.push(ticket.ticket.key.to_string());
        ControlFlow::Continue(())
    })?;
    Ok(keys)
}
