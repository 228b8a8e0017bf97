//! Servers over HTTP.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use atlas_core::domain::TicketKey;
use atlas_core::http::{Control, Secret};
use atlas_core::jira::Credentials;
use atlas_core::jira::mcp::{JiraMcp, McpEndpoint, McpOptions};
use atlas_core::{Error, Result};
use serde_json::{Value, json};

use crate::fake::Server;
use crate::loopback::{Asked, Loopback, Reply};
use crate::{keys, options};

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
    assert_eq!(ticket.summary, "Summary of WRKA-7");
}

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

/// The error of a search, and how long it took.
fn failure(server: &Loopback, options: &McpOptions) -> (Error, Duration) {
    let since = Instant::now();
    let outcome = connect(server, options).and_then(|mut jira| keys(&mut jira));
    (outcome.unwrap_err(), since.elapsed())
}

#[test]
fn every_failure_has_its_code_and_names_no_credential() {
    type Call = fn(&Value, &mut Reply) -> std::io::Result<()>;
    let broken: [(&str, Call, &str, &str); 12] = [
        ("dying", |_, _| Ok(()), "MCP_FAILED", "connection"),
        ("breaking off", |_, r| r.stream(), "MCP_FAILED", "ended"),
        (
            "cut",
            |_, r| {
                r.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
            },
            "MCP_FAILED",
            "connection",
        ),
        (
            "prose",
            |_, r| r.whole("200 OK\r\nContent-Type: text/html", "<html>Hello</html>"),
            "MCP_FAILED",
            "neither JSON nor",
        ),
        (
            "no JSON",
            |_, r| r.whole("200 OK\r\nContent-Type: application/json", "Hello"),
            "MCP_FAILED",
            "not the JSON",
        ),
        (
            "another's answer",
            |_, r| r.json(&json!({"id": 999, "result": {}})),
            "MCP_FAILED",
            "another question",
        ),
        (
            "no answer",
            |_, r| r.whole("202 Accepted", ""),
            "MCP_FAILED",
            "(202)",
        ),
        (
            "huge",
            |_, r| {
                r.whole(
                    "200 OK\r\nContent-Type: application/json",
                    &"x".repeat(3 << 20),
                )
            },
            "MCP_FAILED",
            "1048576 bytes",
        ),
        (
            "overloaded",
            |_, r| {
                r.whole(
                    "503 Busy\r\nContent-Type: text/plain",
                    "busy, planted-token",
                )
            },
            "MCP_FAILED",
            "503: busy, ***",
        ),
        (
            "refusing",
            |_, r| {
                r.whole(
                    "400 Bad\r\nContent-Type: application/json",
                    r#"{"jsonrpc":"2.0","error":{"code":-32020,"message":"planted-tenant: Bearer x"}}"#,
                )
            },
            "MCP_TOOL_FAILED",
            "***: Bearer ***",
        ),
        (
            "expired",
            |_, r| r.whole("401 Unauthorized", "planted-token has expired"),
            "MCP_FAILED",
            "credentials (401): *** has expired",
        ),
        (
            "forbidding",
            |_, r| r.whole("403 Forbidden", ""),
            "MCP_FAILED",
            "(403)",
        ),
    ];
    for (name, call, code, said) in broken {
        for generation in ["modern", "legacy"] {
            let (error, took) = failure(&calls(generation, call), &options());
            assert_eq!(error.code(), code, "{name}: {error}");
            assert!(error.to_string().contains(said), "{name}: {error}");
            let all = format!("{error} {error:?} {:?}", error.details());
            assert!(!all.contains("planted"), "{all}");
            assert!(took < options().timeout, "{name}: {took:?}");
        }
    }
}

#[test]
fn a_silent_or_talkative_server_ends_in_time() {
    let options = McpOptions {
        timeout: Duration::from_millis(600),
        ..options()
    };
    let silent = |_: &Value, reply: &mut Reply| reply.hang();
    let quiet_stream = |_: &Value, reply: &mut Reply| {
        reply.stream()?;
        reply.hang()
    };
    let talkative = |_: &Value, reply: &mut Reply| {
        reply.stream()?;
        loop {
            reply.event(&json!({"jsonrpc": "2.0", "method": "notifications/progress"}))?;
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let breaking = |_: &Value, reply: &mut Reply| {
        reply.stream()?;
        reply.raw("id: 1\nretry: 0\ndata:\n\n")
    };
    let servers = [
        calls("modern", silent),
        calls("legacy", silent),
        calls("modern", quiet_stream),
        calls("legacy", talkative),
        calls("legacy", breaking),
    ];
    for (at, server) in servers.iter().enumerate() {
        let (error, took) = failure(server, &options);
        // What breaks off is taken up with a GET, which that server answers with 202.
        let code = if at == 4 { "MCP_FAILED" } else { "MCP_TIMEOUT" };
        assert_eq!(error.code(), code, "{at}: {error}");
        assert!(took < Duration::from_secs(8), "{at}: {took:?}");
    }
    let flooding = calls("modern", |_, reply| {
        reply.stream()?;
        loop {
            reply.raw(": I am still here\n\n")?;
        }
    });
    let (error, took) = failure(&flooding, &options);
    assert!(["MCP_TIMEOUT", "MCP_FAILED"].contains(&error.code()));
    assert!(took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn a_server_that_is_silent_from_the_start_or_not_there_ends_in_time() {
    let options = McpOptions {
        start_timeout: Duration::from_millis(600),
        ..options()
    };
    let silent = Loopback::start(|_, reply| reply.hang());
    let (error, took) = failure(&silent, &options);
    assert_eq!(error.code(), "MCP_TIMEOUT", "{error}");
    assert!(took < Duration::from_secs(8), "{took:?}");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/mcp", port.local_addr().unwrap());
    drop(port);
    let endpoint = McpEndpoint::new(&url).unwrap();
    let error = JiraMcp::connect(&endpoint, &options).unwrap_err();
    assert_eq!(error.code(), "MCP_FAILED", "{error}");
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

#[test]
fn no_redirect_is_followed() {
    let elsewhere = Loopback::start(|_, reply| reply.whole("200 OK", ""));
    let location = elsewhere.url.clone();
    let server = Loopback::start(move |_, reply| {
        reply.whole(&format!("307 Elsewhere\r\nLocation: {location}"), "")
    });
    let (error, _) = failure(&server, &options());
    assert_eq!(error.code(), "MCP_FAILED");
    assert!(error.to_string().contains("not followed"), "{error}");
    assert!(elsewhere.asked().is_empty());
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
fn another_thread_stops_a_call_and_the_server_hears_of_it() {
    for generation in ["modern", "legacy"] {
        let control = Control::default();
        let options = McpOptions {
            control: control.clone(),
            timeout: Duration::from_secs(60),
            ..options()
        };
        let gone = Arc::new(AtomicBool::new(false));
        let seen = gone.clone();
        let server = calls(generation, move |_, reply| {
            reply.stream()?;
            control.cancel();
            // The next comment that cannot be written shows that the stream was closed.
            while reply.raw(":\n\n").is_ok() {
                std::thread::sleep(Duration::from_millis(5));
            }
            seen.store(true, Ordering::SeqCst);
            Ok(())
        });
        let mut jira = connect(&server, &options).unwrap();
        let since = Instant::now();
        assert_eq!(keys(&mut jira).unwrap_err().code(), "CANCELLED");
        let notified = || {
            let methods = server.methods();
            methods.iter().any(|m| m == "notifications/cancelled") == (generation == "legacy")
        };
        while !(gone.load(Ordering::SeqCst) && notified()) {
            assert!(since.elapsed() < Duration::from_secs(20), "{generation}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
