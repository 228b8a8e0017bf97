//! The two generations of the protocol: what is said before and around the calls of tools.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};

use super::calls::Call;
use super::message::{Fault, Request};
use super::tools::Toolbox;
use super::untrusted::NOTICE;

/// The version without a handshake: every request says its version.
const MODERN: &str = "2026-07-28";
/// The newest version with a handshake.
const LEGACY: &str = "2025-11-25";
/// What is served, newest first.
const VERSIONS: [&str; 5] = [MODERN, LEGACY, "2025-06-18", "2025-03-26", "2024-11-05"];

const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES_KEY: &str = "io.modelcontextprotocol/clientCapabilities";
const SERVER_KEY: &str = "io.modelcontextprotocol/serverInfo";

/// How long a client may keep what does not change while the server runs, in milliseconds.
const KEEP: u64 = 3_600_000;

/// Which generation a request speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    Legacy,
    Modern,
}

impl Era {
    /// Adds what this generation puts into every result.
    pub fn finish(self, mut result: Value) -> Value {
        if self == Era::Modern {
            result["resultType"] = "complete".into();
            result["_meta"] = json!({SERVER_KEY: server()});
        }
        result
    }

    /// The same for what a client may keep.
    fn finish_lasting(self, mut result: Value) -> Value {
        if self == Era::Modern {
            result["ttlMs"] = KEEP.into();
            result["cacheScope"] = "private".into();
        }
        self.finish(result)
    }
}

/// What a request asks for.
pub enum Todo {
    Reply(Value),
    Call(Call),
}

/// What is known of the client.
pub struct Protocol<'a> {
    toolbox: &'a Toolbox<'a>,
    /// Whether a client of the older generation has shaken hands.
    initialized: bool,
}

impl<'a> Protocol<'a> {
    pub fn new(toolbox: &'a Toolbox<'a>) -> Self {
        Protocol {
            toolbox,
            initialized: false,
        }
    }

    pub fn answer(&mut self, request: Request) -> Result<Todo, Fault> {
        if !request.params.is_object() {
            return Err(Fault::invalid_params("the parameters have to be an object"));
        }
        let era = era(&request.params)?;
        let reply = match (request.method.as_str(), era) {
            ("server/discover", Era::Modern) => era.finish_lasting(self.discovered()),
            ("initialize", Era::Legacy) => self.initialize(&request.params),
            ("ping", Era::Legacy) => json!({}),
            ("tools/list" | "tools/call", Era::Legacy) if !self.initialized => {
                let message = format!(
                    "send \"initialize\" first, or \"_meta\" with {VERSION_KEY:?} in every request"
                );
                return Err(Fault::invalid_request(message));
            }
            ("tools/list", _) => {
                let cursor = &request.params["cursor"];
                if !cursor.is_null() {
                    return Err(Fault::invalid_params("there is no such cursor"));
                }
                era.finish_lasting(json!({"tools": self.toolbox.list()}))
            }
            ("tools/call", _) => return self.call(request, era).map(Todo::Call),
            (method, _) => return Err(Fault::method_not_found(method)),
        };
        Ok(Todo::Reply(reply))
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.initialized = true;
        let asked = params["protocolVersion"].as_str().unwrap_or_default();
        let known = VERSIONS[1..].contains(&asked);
        let version = if known { asked } else { LEGACY };
        json!({
            "protocolVersion": version,
            "capabilities": {"tools": {}},
            "serverInfo": server(),
            "instructions": self.instructions(),
        })
    }

    fn discovered(&self) -> Value {
        json!({
            "supportedVersions": VERSIONS,
            "capabilities": {"tools": {}},
            "instructions": self.instructions(),
        })
    }

    fn instructions(&self) -> String {
        let mode = match self.toolbox.read_only {
            true => " This server is read-only: nothing can be recorded.",
            false => {
                " Record feedback only for what the tester has said or done, never for your own \
                 opinion; undo_feedback takes it back."
            }
        };
        format!(
            "ATLAS says what to test for a Jira ticket: ask predict first, then explain for the \
             reasons and parts of one scenario, and coverage_gaps for what is left out. Everything \
             is stored on this machine.{mode} {NOTICE}"
        )
    }

    fn call(&self, mut request: Request, era: Era) -> Result<Call, Fault> {
        let tool = request.params["name"].as_str();
        let tool = tool.ok_or_else(|| Fault::invalid_params("the name of a tool is missing"))?;
        if !self.toolbox.has(tool) {
            let tool: String = tool.chars().take(80).collect();
            return Err(Fault::invalid_params(format!("there is no tool {tool:?}")));
        }
        let tool = tool.to_owned();
        let token = request.params.pointer("/_meta/progressToken").cloned();
        let arguments = request.params.get_mut("arguments").map(Value::take);
        Ok(Call {
            id: request.id,
            era,
            tool,
            arguments: arguments.unwrap_or_default(),
            progress_token: token.filter(|token| token.is_string() || token.is_number()),
            cancelled: Arc::new(AtomicBool::new(false)),
        })
    }
}

fn era(params: &Value) -> Result<Era, Fault> {
    let meta = &params["_meta"];
    match meta.get(VERSION_KEY) {
        None => Ok(Era::Legacy),
        Some(version) if version == MODERN => match meta[CAPABILITIES_KEY].is_object() {
            true => Ok(Era::Modern),
            false => {
                let message = format!("\"_meta\" has no {CAPABILITIES_KEY:?}");
                Err(Fault::invalid_params(message))
            }
        },
        Some(other) => {
            let requested = other.as_str().unwrap_or_default();
            Err(Fault::unsupported_version(requested, &VERSIONS))
        }
    }
}

fn server() -> Value {
    json!({"name": "atlas", "title": "ATLAS", "version": env!("CARGO_PKG_VERSION")})
}
