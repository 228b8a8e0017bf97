//! An MCP server in the behaviours that tests ask for, here on standard input and output.

use std::io::{BufRead, Write, stdin, stdout};
use std::process::{Command, exit};
use std::time::Duration;

use serde_json::{Value, json};

/// The variable that says how to behave.
pub const BEHAVIOUR: &str = "ATLAS_TEST_MCP";
/// A file that the server writes its process's number to.
pub const PID_FILE: &str = "ATLAS_TEST_MCP_PID";
const PAGE: usize = 2;
const ISSUES: usize = 5;

/// Not a test: what a server's process runs. The lines that the test runner prints before it are
/// greetings, which a client passes over.
#[test]
#[allow(
    clippy::zombie_processes,
    reason = "whoever ends the server ends its child"
)]
fn serves_where_it_is_asked_to() {
    let Ok(behaviour) = std::env::var(BEHAVIOUR) else {
        return;
    };
    if let Ok(file) = std::env::var(PID_FILE) {
        let mut pids = std::process::id().to_string();
        if behaviour == "with a child" {
            let child = Command::new("sleep").arg("600").spawn().unwrap();
            pids += &format!(" {}", child.id());
        }
        std::fs::write(file, pids).unwrap();
    }
    let server = Server { behaviour };
    for line in stdin().lock().lines() {
        let message: Value = serde_json::from_str(&line.unwrap()).unwrap();
        server.misbehave(message["method"].as_str().unwrap_or_default());
        if let Some(answer) = server.answer(&message) {
            say(&answer);
        }
    }
    if server.is("stubborn") || server.is("with a child") {
        sleep();
    }
    exit(0);
}

/// What answers, however messages come.
pub struct Server {
    pub behaviour: String,
}

impl Server {
    fn is(&self, behaviour: &str) -> bool {
        self.behaviour == behaviour
    }

    /// The answer to a request; none to other messages.
    pub fn answer(&self, message: &Value) -> Option<Value> {
        let (method, id) = (message["method"].as_str()?, message.get("id")?);
        let id = match self.is("string ids") {
            true => json!(id.to_string()),
            false => id.clone(),
        };
        let modern =
            message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] == "2026-07-28";
        let serves_modern = self.is("modern") || self.is("atlassian");
        let answer = match (method, modern) {
            ("server/discover", true) if serves_modern => Ok(json!({
                "resultType": "complete", "supportedVersions": ["2026-07-28"],
                "capabilities": {}, "ttlMs": 0, "cacheScope": "private"})),
            ("server/discover", _) if self.is("older than all") => {
                Err((-32022, json!({"supported": ["1999-01-01"]})))
            }
            ("server/discover", _) if self.is("names older ones") => {
                Err((-32022, json!({"supported": ["2025-06-18"]})))
            }
            ("server/discover", _) => Err((-32602, Value::Null)),
            ("initialize", false) if !serves_modern => Ok(json!({
                "protocolVersion": "2025-06-18", "capabilities": {},
                "serverInfo": {"name": "fake", "version": "1"}})),
            ("tools/list", now) if now == serves_modern => Ok(self.tools(&message["params"])),
            ("tools/call", now) if now == serves_modern => Ok(self.call(&message["params"])),
            _ => Err((-32600, Value::Null)),
        };
        Some(match answer {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err((code, data)) => json!({"jsonrpc": "2.0", "id": id,
                "error": {"code": code, "message": "refused", "data": data}}),
        })
    }

    /// Does what no server should.
    fn misbehave(&self, method: &str) {
        let calls = method == "tools/call";
        match self.behaviour.as_str() {
            "silent" => sleep(),
            "deaf to questions" if method == "server/discover" => {
                std::thread::sleep(Duration::from_millis(800));
            }
            "silent when called" if calls => sleep(),
            "talkative" if calls => loop {
                say(&json!({"jsonrpc": "2.0", "method": "notifications/message", "params": {}}));
            },
            "noisy" => loop {
                out(b"Loading modules, please wait\n");
            },
            "endless line" if calls => loop {
                out(&[b'x'; 65_536]);
            },
            "huge" if calls => say(&json!({"x": "x".repeat(3 << 20)})),
            "dying" => exit(3),
            "complaining" => {
                for _ in 0..2_000 {
                    complain("a line of the log");
                }
                complain("\x1b[31mValueError\x1b[0m: 401 for planted-token at planted-token");
                exit(3);
            }
            "dying when called" if calls => exit(4),
            "asking" => {
                say(&json!({"jsonrpc": "2.0", "id": "a", "method": "roots/list"}));
                say(&json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}));
            }
            "flooding errors" => {
                for _ in 0..50_000 {
                    complain("a line of the log, long enough to fill a pipe that nobody reads");
                }
            }
            _ => {}
        }
    }

    fn tools(&self, params: &Value) -> Value {
        let names = match self.behaviour.as_str() {
            "atlassian" => ["searchJiraIssuesUsingJql", "getJiraIssue"],
            "without Jira" => ["read_file", "write_file"],
            _ => ["jira_search", "jira_get_issue"],
        };
        let names = match (params["cursor"].as_str(), self.is("endless list")) {
            (None, _) | (_, true) => (&names[..1], Some("more")),
            (Some(_), false) => (&names[1..], None),
        };
        let takes = json!({"type": "object", "properties": {
            "page_token": {}, "fields": {}, "update_history": {}, "nextPageToken": {}}});
        let tool = |name: &&str| json!({"name": name, "inputSchema": takes});
        let mut listed = json!({"tools": names.0.iter().map(tool).collect::<Vec<_>>()});
        if let Some(cursor) = names.1 {
            listed["nextCursor"] = cursor.into();
        }
        listed
    }

    fn call(&self, params: &Value) -> Value {
        let arguments = &params["arguments"];
        match self.behaviour.as_str() {
            "refusing" => {
                let text = "Unauthorized: planted-token, Authorization: Bearer abc.def";
                return json!({"isError": true, "content": [{"type": "text", "text": text}]});
            }
            "prose" => return json!({"content": [{"type": "text", "text": "I found nothing."}]}),
            "asking for input" => return json!({"resultType": "input_required"}),
            _ => {}
        }
        let name = params["name"].as_str().unwrap();
        let answer = match name {
            "jira_search" => self.page(arguments["page_token"].as_str()),
            "searchJiraIssuesUsingJql" => {
                assert_eq!(arguments["cloudId"], "https://example.atlassian.net");
                let mut page = self.page(arguments["nextPageToken"].as_str());
                page["isLast"] = page.get("next_page_token").is_none().into();
                page["nextPageToken"] = page["next_page_token"].take();
                page
            }
            "jira_get_issue" => {
                assert_eq!(arguments["update_history"], false);
                issue(arguments["issue_key"].as_str().unwrap())
            }
            _ => issue(arguments["issueIdOrKey"].as_str().unwrap()),
        };
        let text = answer.to_string();
        let content = json!([{"type": "text", "text": text}]);
        match self.behaviour.as_str() {
            "text only" => json!({"content": content}),
            "wrapped" => json!({"content": content, "structuredContent": {"result": text}}),
            _ => json!({"resultType": "complete", "content": [], "structuredContent": answer}),
        }
    }

    fn page(&self, cursor: Option<&str>) -> Value {
        let from: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let to = (from + PAGE).min(ISSUES);
        let issues: Vec<Value> = (from..to)
            .map(|n| issue(&format!("WRKA-{}", n + 1)))
            .collect();
        let mut page = json!({"total": -1, "issues": issues});
        if self.is("cutting") {
            page["remainingCount"] = (ISSUES - to).into();
        } else if self.is("repeating") {
            page["next_page_token"] = "2".into();
        } else if to < ISSUES {
            page["next_page_token"] = to.to_string().into();
        }
        if self.is("odd issues") {
            page["issues"][0] = json!({"summary": "an issue without a key"});
        }
        page
    }
}

fn issue(key: &str) -> Value {
    json!({"key": key, "summary": format!("Summary of {key}"), "status": {"name": "Open"}})
}

fn say(message: &Value) {
    out(format!("{message}\n").as_bytes());
}

/// Not by `eprintln!`, which the test runner catches.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A client that has gone is the end.
fn out(bytes: &[u8]) {
    let mut stdout = stdout();
    if stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .is_err()
    {
        exit(0);
    }
}

fn sleep() {
    std::thread::sleep(Duration::from_secs(600));
}
