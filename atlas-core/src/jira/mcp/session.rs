//! The conversation with an MCP server: handshake, requests and their answers, calls of tools.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::McpTool;
use super::secrets::Secrets;
use super::transport::{McpFault, McpTransport};
use crate::http::{Control, after};
use crate::{Error, Result};

const MODERN: &str = "2026-07-28";
/// Versions with a handshake, newest first.
const LEGACY: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

const UNSUPPORTED_VERSION: i64 = -32022;
/// Errors that only a server of the newer generation knows.
const MODERN_ERRORS: std::ops::RangeInclusive<i64> = -32029..=-32020;
pub(super) const METHOD_NOT_FOUND: i64 = -32601;

/// How often a wait looks whether it was stopped.
const LOOK: Duration = Duration::from_millis(25);
/// Tools that a server may list.
const MOST_TOOLS: usize = 10_000;

/// Which generation of the protocol to speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum McpGeneration {
    /// Finds out: asks as the newer one does, and shakes hands where that is not understood.
    #[default]
    Auto,
    /// 2026-07-28: every request says its version.
    Modern,
    /// Up to 2025-11-25: a handshake first.
    Legacy,
}

/// An error that a server answers with.
struct Refusal {
    code: i64,
    message: String,
    data: Value,
}

/// A result, or why there is none.
type RpcAnswer = std::result::Result<Value, Refusal>;

/// A conversation.
pub(super) struct McpSession {
    /// `None` after a failure: then nothing can be said any more.
    transport: Option<Box<dyn McpTransport>>,
    name: String,
    secrets: Secrets,
    control: Control,
    next_id: u64,
    version: String,
}

impl McpSession {
    pub(super) fn new(
        transport: Box<dyn McpTransport>,
        name: String,
        secrets: Secrets,
        control: Control,
    ) -> Self {
        McpSession {
            transport: Some(transport),
            name,
            secrets,
            control,
            next_id: 1,
            version: MODERN.to_owned(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// `MCP_FAILED` with a reason, from which credentials are removed.
    pub(super) fn failed(&self, reason: impl AsRef<str>) -> Error {
        Error::Mcp {
            server: self.name.clone(),
            reason: self.secrets.removed(reason.as_ref()),
        }
    }

    /// Agrees on a version.
    pub(super) fn shake_hands(&mut self, how: McpGeneration, deadline: Instant) -> Result<()> {
        if how == McpGeneration::Legacy {
            return self.initialize(deadline);
        }
        // A server that knows only the handshake may leave the question unanswered.
        let now = Instant::now();
        let half = now + deadline.saturating_duration_since(now) / 2;
        let auto = how == McpGeneration::Auto;
        let asked_until = if auto { half } else { deadline };
        let versions = match self.ask("server/discover", json!({}), asked_until) {
            Ok(Ok(result)) => texts(&result["supportedVersions"]),
            Ok(Err(refusal)) if refusal.code == UNSUPPORTED_VERSION => {
                texts(&refusal.data["supported"])
            }
            Ok(Err(refusal)) if auto && !MODERN_ERRORS.contains(&refusal.code) => {
                return self.initialize(deadline);
            }
            Ok(Err(refusal)) => return Err(self.failed(refusal.message)),
            Err(McpFault::TimedOut | McpFault::Unanswered(_))
                if auto && !self.control.is_cancelled() =>
            {
                return self.initialize(deadline);
            }
            Err(fault) => return Err(self.fault(fault, "server/discover", asked_until - now)),
        };
        if versions.iter().any(|version| version == MODERN) {
            return Ok(());
        }
        if auto
            && versions
                .iter()
                .any(|version| LEGACY.contains(&version.as_str()))
        {
            return self.initialize(deadline);
        }
        Err(self.failed("it speaks no version of the protocol that is known here"))
    }

    fn initialize(&mut self, deadline: Instant) -> Result<()> {
        self.version = LEGACY[0].to_owned();
        let hello =
            json!({"protocolVersion": LEGACY[0], "capabilities": {}, "clientInfo": client()});
        let result = self.request("initialize", hello, deadline)?;
        let result = result.map_err(|refusal| self.failed(refusal.message))?;
        let version = result["protocolVersion"].as_str().unwrap_or_default();
        if !LEGACY.contains(&version) {
            return Err(self.failed("it speaks no version of the protocol that is known here"));
        }
        self.version = version.to_owned();
        self.notify("notifications/initialized", json!({}), deadline)
    }

    /// Every tool, page by page.
    pub(super) fn list_tools(&mut self, deadline: Instant) -> Result<Vec<McpTool>> {
        let (mut tools, mut cursors) = (Vec::new(), BTreeSet::new());
        let mut params = json!({});
        loop {
            let result = self.request("tools/list", params, deadline)?;
            let result = result.map_err(|refusal| self.failed(refusal.message))?;
            for tool in result["tools"].as_array().into_iter().flatten() {
                tools.push(McpTool {
                    name: tool["name"].as_str().unwrap_or_default().to_owned(),
                    input: tool["inputSchema"].clone(),
                });
            }
            let Some(cursor) = result["nextCursor"].as_str() else {
                return Ok(tools);
            };
            if !cursors.insert(cursor.to_owned()) || tools.len() > MOST_TOOLS {
                return Err(self.failed("its list of tools has no end"));
            }
            params = json!({"cursor": cursor});
        }
    }

    /// What a tool answers.
    pub(super) fn call(&mut self, tool: &str, arguments: Value, most: Duration) -> Result<Value> {
        let params = json!({"name": tool, "arguments": arguments});
        let result = self.request("tools/call", params, after(most))?;
        let refused = |session: &Self, reason: &str| Error::McpTool {
            server: session.name.clone(),
            tool: tool.to_owned(),
            reason: session.secrets.removed(reason),
        };
        let result = result.map_err(|refusal| refused(self, &refusal.message))?;
        if result["resultType"]
            .as_str()
            .is_some_and(|kind| kind != "complete")
        {
            return Err(self.failed("it asks for input, which cannot be given here"));
        }
        if result["isError"] == true {
            return Err(refused(
                self,
                first_text(&result).unwrap_or("it says no reason"),
            ));
        }
        let content = content(&result);
        let content = content.ok_or_else(|| self.failed("its answer holds no JSON"))?;
        // Some say an error as if it were an answer.
        let error = content["error"].as_str();
        match error.filter(|_| content.get("issues").is_none() && content.get("key").is_none()) {
            Some(reason) => Err(refused(self, reason)),
            None => Ok(content),
        }
    }

    fn notify(&mut self, method: &str, params: Value, deadline: Instant) -> Result<()> {
        let message = notification(method, params);
        let sent = match &mut self.transport {
            Some(transport) => transport.send(&message, deadline),
            None => return Ok(()),
        };
        sent.map_err(|fault| self.fault(fault, method, Duration::ZERO))
    }

    /// The answer to a request. A server that has forgotten the conversation is greeted again,
    /// once.
    fn request(&mut self, method: &str, params: Value, deadline: Instant) -> Result<RpcAnswer> {
        let since = Instant::now();
        let mut answer = self.ask(method, params.clone(), deadline);
        if answer.as_ref().err() == Some(&McpFault::Forgotten) && method != "initialize" {
            self.initialize(deadline)?;
            answer = self.ask(method, params, deadline);
        }
        let most = deadline.saturating_duration_since(since);
        answer.map_err(|fault| self.fault(fault, method, most))
    }

    /// Sends a request and waits for its answer. Whatever else comes meanwhile is passed over;
    /// the server's own requests are refused.
    fn ask(
        &mut self,
        method: &str,
        mut params: Value,
        deadline: Instant,
    ) -> std::result::Result<RpcAnswer, McpFault> {
        let id = self.next_id;
        self.next_id += 1;
        if self.version == MODERN {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": MODERN,
                "io.modelcontextprotocol/clientInfo": client(),
                "io.modelcontextprotocol/clientCapabilities": {},
            });
        }
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        let Some(transport) = &mut self.transport else {
            let reason = "the connection has ended after an earlier failure";
            return Err(McpFault::Failed(reason.to_owned()));
        };
        let answer = exchange(transport.as_mut(), &message, id, deadline, &self.control);
        if matches!(answer, Err(McpFault::TimedOut)) && method == "tools/call" {
            let what = json!({"requestId": id, "reason": "time-out"});
            let cancelled = notification("notifications/cancelled", what);
            // Whether it still hears that changes nothing here.
            let _ = transport.send(&cancelled, deadline);
        }
        answer
    }

    fn fault(&mut self, fault: McpFault, method: &str, waited: Duration) -> Error {
        match fault {
            McpFault::TimedOut if self.control.is_cancelled() => Error::Cancelled,
            McpFault::TimedOut => Error::McpTimeout {
                server: self.name.clone(),
                method: method.to_owned(),
                seconds: waited.as_secs_f32(),
            },
            McpFault::Unanswered(reason) => self.failed(reason),
            McpFault::Forgotten => self.failed("it forgets the conversation at once"),
            McpFault::Failed(reason) => {
                self.transport = None;
                self.failed(reason)
            }
        }
    }
}

fn notification(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

/// A time-out also where `control` was stopped.
fn exchange(
    transport: &mut dyn McpTransport,
    message: &Value,
    id: u64,
    deadline: Instant,
    control: &Control,
) -> std::result::Result<RpcAnswer, McpFault> {
    let goes_on = || Instant::now() < deadline && !control.is_cancelled();
    let soon = || deadline.min(Instant::now() + LOOK);
    transport.send(message, deadline)?;
    loop {
        let mut heard = match transport.receive(soon()) {
            Err(McpFault::TimedOut) if goes_on() => continue,
            heard => heard?,
        };
        if let Some(method) = heard["method"].as_str() {
            if let Some(answer) = answer_to(method, heard.get("id")) {
                transport.send(&answer, deadline)?;
            }
        } else if is_id(&heard["id"], id) {
            if let Some(result) = heard.get_mut("result") {
                return Ok(Ok(result.take()));
            }
            let error = &heard["error"];
            return Ok(Err(Refusal {
                code: error["code"].as_i64().unwrap_or(0),
                message: error["message"].as_str().unwrap_or("no reason").to_owned(),
                data: error["data"].clone(),
            }));
        }
        // While a server talks without end, `receive` always has something.
        if !goes_on() {
            return Err(McpFault::TimedOut);
        }
    }
}

fn client() -> Value {
    json!({"name": "atlas", "version": env!("CARGO_PKG_VERSION")})
}

/// Some servers give a number back as a text.
pub(super) fn is_id(value: &Value, id: u64) -> bool {
    value.as_u64() == Some(id) || value.as_str() == Some(id.to_string().as_str())
}

/// What to answer to a request of the server's; notifications have no answer.
fn answer_to(method: &str, id: Option<&Value>) -> Option<Value> {
    let id = id?;
    Some(match method {
        "ping" => json!({"jsonrpc": "2.0", "id": id, "result": {}}),
        _ => json!({"jsonrpc": "2.0", "id": id,
                    "error": {"code": METHOD_NOT_FOUND, "message": "not supported"}}),
    })
}

fn texts(value: &Value) -> Vec<String> {
    let values = value.as_array().into_iter().flatten();
    values
        .filter_map(|v| Some(v.as_str()?.to_owned()))
        .collect()
}

fn first_text(result: &Value) -> Option<&str> {
    let items = result["content"].as_array()?;
    items.iter().find_map(|item| item["text"].as_str())
}

/// Structured content, else the JSON in the first text. A text that a library has wrapped as
/// `{"result": …}` is unwrapped.
fn content(result: &Value) -> Option<Value> {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    match result.get("structuredContent") {
        Some(Value::Object(fields)) => match (fields.len(), fields.get("result")) {
            (1, Some(Value::String(text))) => parsed(text),
            (1, Some(inner)) => Some(inner.clone()),
            _ => Some(Value::Object(fields.clone())),
        },
        _ => parsed(first_text(result)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_wherever_it_stands() {
        let issue = json!({"key": "WRKA-7"});
        for result in [
            json!({"structuredContent": {"key": "WRKA-7"}}),
            json!({"structuredContent": {"result": "{\"key\": \"WRKA-7\"}"}}),
            json!({"structuredContent": {"result": {"key": "WRKA-7"}}}),
            json!({"content": [{"type": "image"}, {"type": "text", "text": "{\"key\": \"WRKA-7\"}"}]}),
        ] {
            assert_eq!(content(&result), Some(issue.clone()), "{result}");
        }
        assert_eq!(
            content(&json!({"content": [{"type": "text", "text": "Sorry"}]})),
            None
        );
        assert_eq!(content(&json!({})), None);
    }

    #[test]
    fn ids_may_come_back_as_texts() {
        assert!(is_id(&json!(7), 7) && is_id(&json!("7"), 7));
        assert!(!is_id(&json!("07"), 7) && !is_id(&Value::Null, 7) && !is_id(&json!(7.5), 7));
    }
}
