//! Servers over HTTP that answer.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use atlas_core::http::{Request, Response, Transport, TransportError};
use atlas_core::jira::mcp::{JiraMcp, McpEndpoint};
use serde_json::json;

use super::{ALL, SESSION, assert_reads, calls, connect, fake, whole};
use crate::fake::Server;
use crate::loopback::Loopback;
use crate::{keys, options};

#[test]
fn both_generations_answer_in_one_body_or_in_a_stream() {
    for (behaviour, version) in [
        ("modern", "2026-07-28"),
        ("atlassian", "2026-07-28"),
        ("legacy", "2025-06-18"),
        ("names older ones", "2025-06-18"),
        ("string ids", "2025-06-18"),
    ] {
        let whole_server = fake(behaviour);
        let in_one_body = Loopback::start(move |asked, reply| whole(&whole_server, asked, reply));
        let server = fake(behaviour);
        let in_a_stream =
            Loopback::start(move |asked, reply| match server.answer(&asked.message) {
                None => reply.whole("202 Accepted", ""),
                Some(answer) => {
                    reply.stream()?;
                    reply.raw(": keep-alive\r\n\r\nid: e-1\r\ndata:\r\n\r\n")?;
                    let other = json!({"jsonrpc": "2.0", "id": 999, "result": {}});
                    let log = json!({"jsonrpc": "2.0", "method": "notifications/message"});
                    reply.event(&other)?;
                    reply.event(&log)?;
                    // In parts, and with a line end in the middle of the data.
                    let text = serde_json::to_string_pretty(&answer).unwrap();
                    let text = text.replace('\n', "\ndata: ");
                    let (first, second) = text.split_at(text.len() / 2);
                    reply.raw(&format!("id: e-2\nretry: 10\ndata: {first}"))?;
                    std::thread::sleep(Duration::from_millis(2));
                    reply.raw(&format!("{second}\n\n"))
                }
            });
        for server in [in_one_body, in_a_stream] {
            let mut jira =
                connect(&server, &options()).unwrap_or_else(|e| panic!("{behaviour}: {e}"));
            assert_eq!(jira.protocol_version(), version, "{behaviour}");
            assert_reads(&mut jira);
        }
    }
}

/// A host's own transport, which reads whole answers.
struct InMemory(Server);

impl Transport for InMemory {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let message = serde_json::from_slice(&request.body).unwrap_or_default();
        let Some(answer) = self.0.answer(&message) else {
            return Ok(Response {
                status: 202,
                ..Response::default()
            });
        };
        let kind = ("Content-Type".to_owned(), "text/event-stream".to_owned());
        Ok(Response {
            status: 200,
            headers: vec![kind],
            body: format!("data: {answer}\n\n").into_bytes(),
        })
    }
}

#[test]
fn a_transport_of_the_hosts_own_may_read_whole_answers() {
    for behaviour in ["modern", "legacy"] {
        let endpoint = McpEndpoint::new("https://mcp.example.com/mcp").unwrap();
        let transport = Arc::new(InMemory(fake(behaviour)));
        let jira = JiraMcp::connect_with_transport(&endpoint, transport, &options());
        assert_reads(&mut jira.unwrap());
    }
}

#[test]
fn a_stream_that_stays_open_after_the_answer_is_left() {
    let server = calls("modern", |answer, reply| {
        reply.stream()?;
        reply.event(answer)?;
        reply.hang()
    });
    let since = Instant::now();
    assert_reads(&mut connect(&server, &options()).unwrap());
    assert!(since.elapsed() < options().timeout);
}

#[test]
fn every_request_says_what_the_older_generation_wants() {
    let fake = fake("legacy");
    let server = Loopback::start(move |asked, reply| whole(&fake, asked, reply));
    let mut jira = connect(&server, &options()).unwrap();
    assert_reads(&mut jira);
    drop(jira);
    let asked = server.asked();
    let methods = server.methods();
    let start = ["server/discover", "initialize", "notifications/initialized"];
    assert_eq!(methods[..3], start);
    assert_eq!(methods.last().unwrap(), "DELETE");
    for (at, request) in asked.iter().enumerate() {
        let what = &methods[at];
        let accept = request.header("accept").unwrap();
        assert_eq!(accept, "application/json, text/event-stream");
        assert_eq!(
            request.header("authorization"),
            Some("Bearer planted-token")
        );
        assert_eq!(request.header("x-tenant"), Some("planted-tenant"));
        let (session, version) = match at {
            0 => (None, Some("2026-07-28")),
            1 => (None, None),
            _ => (Some("s-1"), Some("2025-06-18")),
        };
        assert_eq!(request.header("mcp-session-id"), session, "{what}");
        assert_eq!(request.header("mcp-protocol-version"), version, "{what}");
        assert_eq!(request.header("mcp-method").is_some(), at == 0, "{what}");
    }
}

#[test]
fn every_request_says_what_the_newer_generation_wants() {
    let fake = fake("modern");
    let server = Loopback::start(move |asked, reply| {
        // It must not be taken for the beginning of a session.
        let answer = fake.answer(&asked.message).unwrap();
        reply.whole(SESSION, &answer.to_string())
    });
    let mut jira = connect(&server, &options()).unwrap();
    assert_reads(&mut jira);
    drop(jira);
    for request in server.asked() {
        assert_eq!(request.verb, "POST");
        assert_eq!(request.header("mcp-protocol-version"), Some("2026-07-28"));
        assert_eq!(request.header("mcp-method"), Some(request.method()));
        let name = request.message["params"]["name"].as_str();
        assert_eq!(request.header("mcp-name"), name);
        assert_eq!(request.header("mcp-session-id"), None);
    }
}

#[test]
fn arguments_are_repeated_in_headers_where_the_tool_says_so() {
    let server = Loopback::start(|asked, reply| {
        let mut answer = fake("modern").answer(&asked.message).unwrap();
        for tool in answer["result"]["tools"]
            .as_array_mut()
            .into_iter()
            .flatten()
        {
            tool["inputSchema"]["properties"]["jql"] =
                json!({"type": "string", "x-mcp-header": "Query"});
        }
        reply.json(&answer)
    });
    let mut jira = connect(&server, &options()).unwrap();
    keys(&mut jira).unwrap();
    let asked = server.asked();
    let call = asked.iter().find(|a| a.method() == "tools/call").unwrap();
    assert_eq!(call.header("mcp-param-query"), Some("project = WRKA"));
}

#[test]
fn the_servers_own_requests_are_answered_while_its_stream_is_open() {
    let (ask, asked) = mpsc::channel();
    let (ask, asked) = (Mutex::new(ask), Mutex::new(asked));
    let fake = fake("legacy");
    let server = Loopback::start(move |request, reply| {
        if request.message.get("method").is_none() && request.verb == "POST" {
            ask.lock().unwrap().send(request.message.clone()).unwrap();
            return reply.whole("202 Accepted", "");
        }
        if request.method() != "tools/call" {
            return whole(&fake, request, reply);
        }
        reply.stream()?;
        reply.event(&json!({"jsonrpc": "2.0", "id": "a", "method": "ping"}))?;
        reply.event(&json!({"jsonrpc": "2.0", "id": "b", "method": "roots/list"}))?;
        // It goes on only with these answers.
        let answers = asked.lock().unwrap();
        let wait = || answers.recv_timeout(Duration::from_secs(10)).unwrap();
        let (ping, roots) = (wait(), wait());
        assert_eq!((&ping["id"], &ping["result"]), (&json!("a"), &json!({})));
        assert_eq!(roots["error"]["code"], -32601);
        reply.event(&fake.answer(&request.message).unwrap())
    });
    assert_reads(&mut connect(&server, &options()).unwrap());
}

#[test]
fn a_server_that_lost_the_session_is_greeted_again_once() {
    for always in [false, true] {
        let fake = fake("legacy");
        let forgets = AtomicBool::new(true);
        let server = Loopback::start(move |asked, reply| {
            let is_call = asked.method() == "tools/call";
            if is_call && (forgets.swap(false, Ordering::SeqCst) || always) {
                let kind = "404 Not Found\r\nContent-Type: application/json";
                return reply.whole(
                    kind,
                    r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Session not found"}}"#,
                );
            }
            whole(&fake, asked, reply)
        });
        let mut jira = connect(&server, &options()).unwrap();
        let found = keys(&mut jira);
        let greetings = server.asked();
        let greetings = greetings.iter().filter(|a| a.method() == "initialize");
        assert_eq!(greetings.count(), 2);
        match always {
            false => assert_eq!(found.unwrap(), ALL),
            true => assert_eq!(found.unwrap_err().code(), "MCP_FAILED"),
        }
    }
}

#[test]
fn a_stream_that_breaks_off_is_taken_up_where_it_was() {
    let fake = fake("legacy");
    let rest = Mutex::new(String::new());
    let server = Loopback::start(move |asked, reply| match (&*asked.verb, asked.method()) {
        ("POST", "tools/call") => {
            let answer = fake.answer(&asked.message).unwrap();
            *rest.lock().unwrap() = answer.to_string();
            reply.stream()?;
            reply.raw("id: place-1\nretry: 1\ndata:\n\n")
        }
        ("GET", _) => {
            assert_eq!(asked.header("last-event-id"), Some("place-1"));
            assert_eq!(asked.header("mcp-session-id"), Some("s-1"));
            assert_eq!(asked.header("accept"), Some("text/event-stream"));
            reply.stream()?;
            let rest = rest.lock().unwrap();
            reply.raw(&format!("id: place-2\ndata: {rest}\n\n"))
        }
        _ => whole(&fake, asked, reply),
    });
    assert_reads(&mut connect(&server, &options()).unwrap());
}

#[test]
fn an_older_server_may_refuse_the_first_question_in_any_way() {
    for refusal in [
        "400 Bad Request\r\nContent-Type: text/plain",
        "404 Not Found",
        "405 Method Not Allowed",
        "500 Oh\r\nContent-Type: text/html",
    ] {
        let fake = fake("legacy");
        let server = Loopback::start(move |asked, reply| match asked.method() {
            "server/discover" => reply.whole(refusal, "Missing session ID"),
            _ => whole(&fake, asked, reply),
        });
        let mut jira = connect(&server, &options()).unwrap();
        assert_eq!(jira.protocol_version(), "2025-06-18", "{refusal}");
        assert_reads(&mut jira);
    }
}

#[test]
fn a_failure_that_passes_does_not_end_the_connection() {
    let failures = AtomicUsize::new(1);
    let server = calls("legacy", move |answer, reply| {
        let left = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        match left {
            Ok(_) => reply.whole("503 Busy", ""),
            Err(_) => reply.json(answer),
        }
    });
    let mut jira = connect(&server, &options()).unwrap();
    assert_eq!(keys(&mut jira).unwrap_err().code(), "MCP_FAILED");
    assert_reads(&mut jira);
}
