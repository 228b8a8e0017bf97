//! Servers over HTTP.

mod ends;
mod talks;

use atlas_core::Result;
use atlas_core::domain::TicketKey;
use atlas_core::http::Secret;
use atlas_core::jira::Credentials;
use atlas_core::jira::mcp::{JiraMcp, McpEndpoint, McpOptions};
use serde_json::Value;

use crate::fake::Server;
use crate::keys;
use crate::loopback::{Asked, Loopback, Reply};

const ALL: [&str; 5] = ["WRKA-1", "WRKA-2", "WRKA-3", "WRKA-4", "WRKA-5"];
const SESSION: &str = "200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: s-1";

fn fake(behaviour: &str) -> Server {
    Server {
        behaviour: behaviour.to_owned(),
    }
}

fn connect(server: &Loopback, options: &McpOptions) -> Result<JiraMcp> {
    let endpoint = McpEndpoint::new(&server.url)?
        .credentials(Credentials::Bearer(Secret::new("planted-token")))
        .header("X-Tenant", Secret::new("planted-tenant"))?;
    JiraMcp::connect(&endpoint, options)
}

/// Answers a message as `server` does, in one body; the handshake begins a session.
fn whole(server: &Server, asked: &Asked, reply: &mut Reply) -> std::io::Result<()> {
    match (asked.method(), server.answer(&asked.message)) {
        ("initialize", Some(answer)) => reply.whole(SESSION, &answer.to_string()),
        (_, Some(answer)) => reply.json(&answer),
        (_, None) => reply.whole("202 Accepted", ""),
    }
}

/// Answers calls of tools as `call` does, everything else in one body.
fn calls(
    behaviour: &str,
    call: impl Fn(&Value, &mut Reply) -> std::io::Result<()> + Send + Sync + 'static,
) -> Loopback {
    let server = fake(behaviour);
    Loopback::start(move |asked, reply| match asked.method() {
        "tools/call" => call(&server.answer(&asked.message).unwrap_or_default(), reply),
        _ => whole(&server, asked, reply),
    })
}

fn assert_reads(jira: &mut JiraMcp) {
    assert_eq!(keys(jira).unwrap(), ALL);
    let ticket = jira.issue(&TicketKey::parse("WRKA-7").unwrap()).unwrap();
    assert_eq!(ticket.ticket.summary, "Summary of WRKA-7");
}
