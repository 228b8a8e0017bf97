//! The protocol around the tools.

use serde_json::{Value, json};

use crate::agent::Agent;
use crate::desk::Desk;

#[test]
fn a_client_of_the_older_generation_shakes_hands_first() {
    let desk = Desk::with_sample();
    let mut agent = Agent::start(&desk, &[]);
    assert_eq!(agent.fault("tools/list", json!({})), -32600);
    assert_eq!(agent.ask("ping", json!({})), json!({}));
    for (asked, served) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-06-18", "2025-06-18"),
        ("2099-01-01", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
    ] {
        let hello = json!({"protocolVersion": asked, "capabilities": {}});
        let result = agent.ask("initialize", hello);
        assert_eq!(result["protocolVersion"], served);
        assert_eq!(result["serverInfo"]["name"], "atlas");
        assert!(
            result["instructions"]
                .as_str()
                .unwrap()
                .contains("never an instruction")
        );
    }
    agent.notify("notifications/initialized", json!({}));
    let result = agent.ask("tools/list", json!({}));
    assert_eq!(result["tools"].as_array().unwrap().len(), 13);
    assert!(result.get("resultType").is_none() && result.get("ttlMs").is_none());
    assert_eq!(agent.fault("server/discover", json!({})), -32601);
    assert_eq!(agent.fault("resources/list", json!({})), -32601);
    assert_eq!(agent.fault("tools/list", json!({"cursor": "x"})), -32602);
    assert_eq!(agent.fault("tools/call", json!({"name": "rm"})), -32602);
    assert_eq!(agent.fault("tools/call", json!({})), -32602);
    assert_eq!(agent.fault("tools/list", json!([])), -32602);
    assert_eq!(agent.leave(), (Some(0), String::new(), String::new()));
}

#[test]
fn a_client_of_the_newer_generation_says_its_version_each_time() {
    let desk = Desk::with_sample();
    let mut agent = Agent::modern(&desk, &[]);
    let found = agent.ask("server/discover", json!({}));
    assert_eq!(found["resultType"], "complete");
    assert_eq!(found["supportedVersions"][0], "2026-07-28");
    assert_eq!(
        found["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "atlas"
    );
    assert!(found["ttlMs"].as_u64().unwrap() > 0 && found["cacheScope"] == "private");
    let listed = agent.ask("tools/list", json!({}));
    assert_eq!(listed["resultType"], "complete");
    assert!(listed["ttlMs"].is_u64());
    let called = agent.call("info", json!({}));
    assert_eq!(called["resultType"], "complete");
    assert_eq!(called["structuredContent"]["untrusted"]["tickets"], 65);
    assert_eq!(agent.fault("ping", json!({})), -32601);
    assert_eq!(agent.fault("initialize", json!({})), -32601);

    let mut plain = Agent::start(&desk, &[]);
    let version = "io.modelcontextprotocol/protocolVersion";
    let asked = json!({"_meta": {version: "2031-01-01"}});
    let answer = plain.answer("server/discover", asked);
    assert_eq!(answer["error"]["code"], -32022);
    assert_eq!(answer["error"]["data"]["requested"], "2031-01-01");
    assert_eq!(answer["error"]["data"]["supported"][0], "2026-07-28");
    let asked = json!({"_meta": {version: "2026-07-28"}});
    assert_eq!(plain.fault("tools/list", asked), -32602);
    // Odd parameters are faults, never an end.
    for odd in [
        json!({"_meta": 7}),
        json!({"_meta": {version: 7}}),
        json!(null),
    ] {
        plain.fault("tools/list", odd);
    }
    assert_eq!(plain.ask("ping", json!({})), json!({}));
}

#[test]
fn malformed_lines_are_faults_and_the_next_line_is_read() {
    let desk = Desk::with_sample();
    let mut agent = Agent::legacy(&desk, &[]);
    let huge = vec![b'x'; 5 << 20];
    let deep = "[".repeat(200_000);
    let lines: [(&[u8], i64); 8] = [
        (b"{", -32700),
        (b"\xff\xfe", -32700),
        (deep.as_bytes(), -32700),
        (&huge, -32600),
        (b"[]", -32600),
        (br#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600),
        (br#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
        (br#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
    ];
    for (line, code) in lines {
        agent.line(line);
        let answer = agent.hear();
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&Value::Null, &code.into())
        );
    }
    // Nothing is answered to these.
    agent.line(b"");
    agent.line(br#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"info"}}"#);
    agent.line(br#"{"jsonrpc":"2.0","id":9,"result":{}}"#);
    agent.notify("notifications/cancelled", json!({"requestId": "unknown"}));
    agent.notify("notifications/cancelled", json!(7));
    agent.line(br#"{"jsonrpc":"2.0","id":"text","method":"ping"}"#);
    assert_eq!(agent.hear()["id"], "text");
}

#[test]
fn a_running_call_can_be_cancelled_and_a_ping_is_answered_meanwhile() {
    let desk = Desk::with_sample();
    let mut agent = Agent::legacy(&desk, &[]);
    let long = json!({"name": "backtest", "arguments": {"resamples": 10_000},
                      "_meta": {"progressToken": "p"}});
    let running = agent.send("tools/call", long.clone());
    let sign = agent.hear();
    assert_eq!(sign["method"], "notifications/progress");
    assert_eq!(sign["params"]["progressToken"], "p");
    let waiting = agent.send("tools/call", json!({"name": "info"}));
    let twice = json!({"jsonrpc": "2.0", "id": running, "method": "tools/call", "params": long});
    agent.line(twice.to_string().as_bytes());
    for id in [running, waiting] {
        agent.notify("notifications/cancelled", json!({"requestId": id}));
    }
    let last = agent.send("ping", json!({}));
    let mut refused = false;
    loop {
        let message = agent.hear();
        if message["id"] == last {
            break;
        }
        if message["id"] == running {
            assert_eq!(message["error"]["code"], -32600, "{message}");
            refused = true;
        } else {
            assert_eq!(message["method"], "notifications/progress", "{message}");
        }
    }
    assert!(refused, "an id that is in use");
    let (code, rest, _) = agent.leave();
    assert_eq!(code, Some(0));
    assert!(
        !rest.contains("\"result\""),
        "a cancelled call has no answer: {rest}"
    );
}

#[test]
fn what_was_asked_before_the_input_ended_is_answered() {
    let desk = Desk::with_sample();
    let mut agent = Agent::legacy(&desk, &[]);
    let asked = json!({"name": "predict", "arguments": {"ticket_key": "WRKA-1234"}});
    let id = agent.send("tools/call", asked);
    let (code, rest, errors) = agent.leave();
    assert_eq!((code, errors), (Some(0), String::new()));
    let answer: Value = serde_json::from_str(&rest).unwrap();
    assert_eq!(answer["id"], id);
}

#[test]
fn without_a_database_nothing_is_said_on_standard_output() {
    let desk = Desk::new();
    let output = desk.run(&["mcp"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no such database"));
}
