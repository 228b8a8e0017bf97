//! Servers that fail: a clear error within the time-out, and no process left.

use std::time::{Duration, Instant};

use atlas_core::Error;
use atlas_core::http::Control;
use atlas_core::jira::mcp::{JiraMcp, McpOptions, McpServer};

use crate::{fake, keys, options, server, start};

/// The error of a search, or of the start, and how long it took.
fn failure(behaviour: &str, options: &McpOptions) -> (Error, Duration) {
    let since = Instant::now();
    let outcome = JiraMcp::start(&server(behaviour), options).and_then(|mut jira| keys(&mut jira));
    (outcome.unwrap_err(), since.elapsed())
}

#[test]
fn every_failure_has_its_code_and_names_no_credential() {
    for (behaviour, code, said) in [
        ("dying", "MCP_FAILED", "exit status: 3"),
        (
            "complaining",
            "MCP_FAILED",
            "exit status: 3); it said: a line of the log a line of the log",
        ),
        (
            "complaining",
            "MCP_FAILED",
            "ValueError: 401 for *** at ***",
        ),
        ("dying when called", "MCP_FAILED", "exit status: 4"),
        ("noisy", "MCP_FAILED", "no JSON"),
        ("endless line", "MCP_FAILED", "1048576 bytes"),
        ("huge", "MCP_FAILED", "1048576 bytes"),
        ("endless list", "MCP_FAILED", "no end"),
        ("without Jira", "MCP_FAILED", "none of its 2 tools"),
        ("older than all", "MCP_FAILED", "no version"),
        ("prose", "MCP_FAILED", "no JSON"),
        ("asking for input", "MCP_FAILED", "asks for input"),
        (
            "refusing",
            "MCP_TOOL_FAILED",
            "Unauthorized: ***, Authorization: Bearer ***",
        ),
        ("cutting", "MCP_INCOMPLETE", "gave 2 issues"),
        ("repeating", "MCP_INCOMPLETE", "same cursor"),
    ] {
        let (error, took) = failure(behaviour, &options());
        assert_eq!(error.code(), code, "{behaviour}: {error}");
        assert!(error.to_string().contains(said), "{behaviour}: {error}");
        let all = format!("{error} {error:?} {:?}", error.details());
        assert!(!all.contains("planted"), "{all}");
        assert!(took < Duration::from_secs(20), "{behaviour}: {took:?}");
    }
}

#[test]
fn a_silent_or_talkative_server_ends_in_a_time_out() {
    let short = |start_ms, call_ms| McpOptions {
        start_timeout: Duration::from_millis(start_ms),
        timeout: Duration::from_millis(call_ms),
        ..options()
    };
    for (behaviour, options) in [
        ("silent", short(600, 600)),
        ("silent when called", short(20_000, 600)),
        ("talkative", short(20_000, 600)),
    ] {
        let (error, took) = failure(behaviour, &options);
        assert_eq!(error.code(), "MCP_TIMEOUT", "{behaviour}: {error}");
        assert!(error.to_string().contains("within 0."), "{error}");
        assert!(took < Duration::from_secs(8), "{behaviour}: {took:?}");
    }
}

#[test]
fn another_thread_stops_a_call() {
    let control = Control::default();
    let options = McpOptions {
        control: control.clone(),
        timeout: Duration::from_secs(60),
        ..options()
    };
    let mut jira = JiraMcp::start(&server("silent when called"), &options).unwrap();
    let since = Instant::now();
    let stopper = std::thread::spawn(move || control.cancel());
    assert_eq!(keys(&mut jira).unwrap_err().code(), "CANCELLED");
    assert!(since.elapsed() < Duration::from_secs(20));
    stopper.join().unwrap();
}

#[test]
fn after_its_end_a_server_is_not_asked_again() {
    let mut jira = start("dying when called").unwrap();
    assert!(keys(&mut jira).is_err());
    let error = keys(&mut jira).unwrap_err();
    assert_eq!(error.code(), "MCP_FAILED");
    assert!(error.to_string().contains("earlier failure"));
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let server = McpServer::new("/no/such/mcp-server").env("TOKEN", "planted-token");
    let error = JiraMcp::start(&server, &options()).unwrap_err();
    assert_eq!(error.details()["server"], "mcp-server");
    assert_eq!(error.code(), "MCP_FAILED");
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    for behaviour in ["legacy", "silent", "talkative", "stubborn", "with a child"] {
        let file = folder.path().join("pid");
        let server = server(behaviour).env(fake::PID_FILE, file.to_str().unwrap());
        let options = McpOptions {
            start_timeout: Duration::from_secs(2),
            timeout: Duration::from_millis(200),
            ..options()
        };
        let jira = JiraMcp::start(&server, &options);
        let pids = std::fs::read_to_string(&file).unwrap();
        if let Ok(mut jira) = jira {
            let _ = keys(&mut jira);
        }
        for pid in pids.split(' ') {
            // A grandchild is reaped by whoever adopts it, which may take a moment.
            let gone = || {
                let status = std::fs::read_to_string(format!("/proc/{pid}/stat"));
                status.map_or(true, |status| status.contains(") Z "))
            };
            let since = Instant::now();
            while !gone() && since.elapsed() < Duration::from_secs(5) {
                std::thread::sleep(Duration::from_millis(20));
            }
            assert!(gone(), "{behaviour}: process {pid} is still there");
        }
    }
}
