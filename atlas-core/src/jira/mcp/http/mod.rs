//! An MCP server over HTTP ("streamable HTTP"): every message is a request of its own, which is
//! answered by one body or by a stream of events.

mod endpoint;
mod events;
mod exchange;
mod headers;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::transport::{McpFault, McpTransport};
use crate::http::{Control, Method, Request, Secret, Transport};
use exchange::{HttpAnswer, HttpExchange};
use headers::{MirroredArguments, mirrored, version_of};

pub use endpoint::McpEndpoint;

/// Messages that may wait to be heard.
const MOST_WAITING: usize = 4;
/// What a request may take longer than its caller waits: the caller notices first.
const GRACE: Duration = Duration::from_millis(500);
/// How long the end of a session may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// A way to a server. The session of the older generation, its version and what the newer one
/// repeats in headers are taken from the messages that pass.
pub(super) struct Http {
    transport: Arc<dyn Transport>,
    endpoint: McpEndpoint,
    most_bytes: usize,
    /// Whether the last request was of the newer generation.
    is_modern: bool,
    /// What the older generation agreed on; the newer one says it in each message.
    agreed: Agreed,
    mirrored: MirroredArguments,
    /// The request that is being answered.
    current: Option<Current>,
}

/// What a handshake led to.
#[derive(Debug, Default)]
struct Agreed {
    session: Option<Secret>,
    version: Option<String>,
}

struct Current {
    heard: Receiver<HttpAnswer>,
    control: Control,
    is_handshake: bool,
}

impl Drop for Current {
    /// What is still under way stops, which a server takes for a cancellation.
    fn drop(&mut self) {
        self.control.cancel();
    }
}

impl Http {
    pub(super) fn new(
        transport: Arc<dyn Transport>,
        endpoint: McpEndpoint,
        most_bytes: usize,
    ) -> Self {
        Http {
            transport,
            endpoint,
            most_bytes,
            is_modern: true,
            agreed: Agreed::default(),
            mirrored: MirroredArguments::default(),
            current: None,
        }
    }

    /// Sends a message, or ends the session, in a thread of its own.
    fn begin(&self, message: Option<&Value>, deadline: Instant) -> Result<Current, McpFault> {
        let id = message.filter(|message| message.get("method").is_some());
        let id = id.and_then(|message| message["id"].as_u64());
        let (hears, heard) = sync_channel(MOST_WAITING);
        let control = Control::default();
        let exchange = HttpExchange {
            transport: self.transport.clone(),
            request: self.request(message, deadline + GRACE),
            id,
            deadline: deadline + GRACE,
            in_session: self.agreed.session.is_some(),
            control: control.clone(),
            heard: hears,
        };
        let thread = thread::Builder::new().name("atlas-mcp-http".to_owned());
        let started = thread.spawn(move || exchange.run());
        started.map_err(|_| McpFault::Unanswered("no thread can be had".to_owned()))?;
        Ok(Current {
            heard,
            control,
            is_handshake: message.is_some_and(|message| message["method"] == "initialize"),
        })
    }

    fn request(&self, message: Option<&Value>, deadline: Instant) -> Request {
        let mut secret_headers = self.endpoint.headers().to_vec();
        let mut add = |name: &str, value: Secret| secret_headers.push((name.to_owned(), value));
        match message.filter(|message| version_of(message).is_some()) {
            Some(modern) => {
                for (name, value) in mirrored(modern, &self.mirrored) {
                    add(&name, Secret::new(value));
                }
            }
            None => {
                if let Some(version) = &self.agreed.version {
                    add("mcp-protocol-version", Secret::new(version));
                }
                if let Some(session) = &self.agreed.session {
                    add("mcp-session-id", session.clone());
                }
            }
        }
        let left = deadline.saturating_duration_since(Instant::now());
        Request {
            method: match message {
                Some(_) => Method::Post,
                None => Method::Delete,
            },
            url: self.endpoint.url(),
            authorization: self.endpoint.authorization(),
            headers: vec![
                ("accept", "application/json, text/event-stream".to_owned()),
                // Compressed, events would wait for one another.
                ("accept-encoding", "identity".to_owned()),
                ("content-type", "application/json".to_owned()),
            ],
            secret_headers,
            body: message.map_or_else(Vec::new, |message| message.to_string().into_bytes()),
            timeout: left,
            most_bytes: self.most_bytes as u64,
        }
    }

    /// Waits until a message without an answer was taken.
    fn wait_until_taken(current: &Current, deadline: Instant) -> Result<(), McpFault> {
        let left = deadline.saturating_duration_since(Instant::now());
        match current.heard.recv_timeout(left) {
            Ok(HttpAnswer::End(fault)) => Err(fault),
            Ok(_) => Ok(()),
            Err(RecvTimeoutError::Timeout) => Err(McpFault::TimedOut),
            Err(RecvTimeoutError::Disconnected) => Err(gave_up()),
        }
    }

    /// Takes from a message what later ones need.
    fn note(&mut self, message: &mut Value) {
        let version = message["result"]["protocolVersion"].as_str();
        if let Some(version) = version.filter(|_| self.is_handshake()) {
            let can_be_sent = version.bytes().all(|byte| byte.is_ascii_graphic());
            self.agreed.version = can_be_sent.then(|| version.to_owned());
        }
        if self.is_modern {
            self.mirrored.learn(message);
        }
    }

    fn is_handshake(&self) -> bool {
        self.current.as_ref().is_some_and(|c| c.is_handshake)
    }
}

impl McpTransport for Http {
    fn send(&mut self, message: &Value, deadline: Instant) -> Result<(), McpFault> {
        let method = message["method"].as_str();
        match method {
            Some("initialize") => self.agreed = Agreed::default(),
            // Its stream is closed, which is all that the newer generation wants.
            Some("notifications/cancelled") => self.current = None,
            _ => {}
        }
        if method.is_some() && message.get("id").is_some() {
            self.is_modern = version_of(message).is_some();
            self.current = None;
            self.current = Some(self.begin(Some(message), deadline)?);
            return Ok(());
        }
        // The newer generation has neither notifications nor answers of the client's.
        if self.is_modern {
            return Ok(());
        }
        let sent = self.begin(Some(message), deadline)?;
        if method == Some("notifications/cancelled") {
            // The deadline is past. It goes on by itself.
            thread::spawn(move || Self::wait_until_taken(&sent, Instant::now() + GRACE));
            return Ok(());
        }
        Self::wait_until_taken(&sent, deadline)
    }

    fn receive(&mut self, deadline: Instant) -> Result<Value, McpFault> {
        loop {
            let Some(current) = &self.current else {
                return Err(gave_up());
            };
            let left = deadline.saturating_duration_since(Instant::now());
            match current.heard.recv_timeout(left) {
                Ok(HttpAnswer::Session(id)) if current.is_handshake => {
                    self.agreed.session = Some(Secret::new(id));
                }
                Ok(HttpAnswer::Session(_) | HttpAnswer::Taken) => {}
                Ok(HttpAnswer::Message(mut message)) => {
                    self.note(&mut message);
                    return Ok(message);
                }
                Ok(HttpAnswer::End(fault)) => {
                    self.current = None;
                    return Err(fault);
                }
                Err(RecvTimeoutError::Timeout) => return Err(McpFault::TimedOut),
                Err(RecvTimeoutError::Disconnected) => {
                    self.current = None;
                    return Err(gave_up());
                }
            }
        }
    }
}

fn gave_up() -> McpFault {
    McpFault::Unanswered("the transport gave up without a word".to_owned())
}

impl Drop for Http {
    /// Tells the server that its session is over. A server that does not mind, or does not
    /// answer, is its own matter.
    fn drop(&mut self) {
        self.current = None;
        if self.agreed.session.is_some() {
            let until = Instant::now() + FAREWELL;
            if let Ok(sent) = self.begin(None, until) {
                let _ = Self::wait_until_taken(&sent, until);
            }
        }
    }
}
