//! Servers over HTTP that fail, and calls that are stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use atlas_core::Error;
use atlas_core::http::Control;
use atlas_core::jira::mcp::{JiraMcp, McpEndpoint, McpOptions};
use serde_json::{Value, json};

use super::{calls, connect};
use crate::loopback::{Loopback, Reply};
use crate::{keys, options};

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
