//! One message over HTTP, and what the server answers to it: nothing, one body, or a stream of
//! events. Runs in a thread of its own, so that it can be left alone.

use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::session::{METHOD_NOT_FOUND, is_id};
use super::super::transport::McpFault;
use super::events::ServerEvents;
use crate::http::{
    BodyReader, Control, Method, Request, Response, Secret, Transport, TransportError,
};

/// The wait before a stream that broke off is taken up again, where the server says nothing, and
/// the shortest.
const RETRY: Duration = Duration::from_secs(1);
const SHORTEST_RETRY: Duration = Duration::from_millis(100);
/// How much of an answer that is a failure is looked at, in bytes.
const MOST_OF_FAILURE: u64 = 64 * 1024;

/// What comes back.
#[derive(Debug)]
pub(super) enum HttpAnswer {
    /// The id of the session that the server began.
    Session(String),
    Message(Value),
    /// Nothing more comes.
    End(McpFault),
    /// The server took a message that has no answer.
    Taken,
}

/// A message under way.
pub(super) struct HttpExchange {
    pub transport: Arc<dyn Transport>,
    pub request: Request,
    /// The id of the request that is to be answered; none for what has no answer.
    pub id: Option<u64>,
    /// A moment after the caller's.
    pub deadline: Instant,
    /// Whether a session may be lost, and a stream that broke off be taken up.
    pub in_session: bool,
    /// Stops it where nobody listens any more.
    pub control: Control,
    pub heard: SyncSender<HttpAnswer>,
}

/// Why an exchange ends before its answer.
enum ExchangeEnd {
    /// Nobody listens any more.
    Unheard,
    Fault(McpFault),
}

impl From<McpFault> for ExchangeEnd {
    fn from(fault: McpFault) -> Self {
        ExchangeEnd::Fault(fault)
    }
}

/// A stream that ended before the answer, if one did.
type BrokenOff = Option<ServerEvents>;

impl HttpExchange {
    /// Sends the message and hands on what comes, until the answer has come.
    pub(super) fn run(mut self) {
        if let Err(ExchangeEnd::Fault(fault)) = self.talk() {
            let _ = self.heard.send(HttpAnswer::End(fault));
        }
    }

    fn talk(&mut self) -> Result<(), ExchangeEnd> {
        loop {
            let answer = self.transport.open(&self.request).map_err(not_sent)?;
            let Some(id) = self.id else {
                return match answer.status {
                    200..300 => self.tell(HttpAnswer::Taken),
                    404 if self.in_session => Err(McpFault::Forgotten.into()),
                    status => Err(fault_of(status, "").into()),
                };
            };
            let session = answer.header("mcp-session-id").map(str::to_owned);
            if let Some(session) = session.filter(|id| can_be_sent(id)) {
                self.tell(HttpAnswer::Session(session))?;
            }
            let Some(events) = self.read(answer, id)? else {
                return Ok(());
            };
            let last_id = events.last_id.filter(|_| self.in_session);
            let last_id = last_id.ok_or_else(|| unanswered("it ended its answer too early"))?;
            let wait = events.retry.unwrap_or(RETRY).max(SHORTEST_RETRY);
            let left = self.deadline.saturating_duration_since(Instant::now());
            // Past the deadline nobody listens.
            if !self.control.sleep(wait.min(left)) || wait >= left {
                return Err(ExchangeEnd::Unheard);
            }
            self.take_up(last_id);
        }
    }

    /// From here on the rest of the stream is asked for.
    fn take_up(&mut self, last_id: String) {
        let request = &mut self.request;
        request.method = Method::Get;
        request.body.clear();
        request.timeout = self.deadline.saturating_duration_since(Instant::now());
        request.headers = vec![
            ("accept", "text/event-stream".to_owned()),
            ("accept-encoding", "identity".to_owned()),
        ];
        let others = |(name, _): &(String, _)| name != "last-event-id";
        request.secret_headers.retain(others);
        let place = ("last-event-id".to_owned(), Secret::new(last_id));
        request.secret_headers.push(place);
    }

    fn read(&self, answer: Response<BodyReader>, id: u64) -> Result<BrokenOff, ExchangeEnd> {
        if answer.status != 200 {
            let error = self.error_of(answer, id)?;
            self.tell(HttpAnswer::Message(error))?;
            return Ok(None);
        }
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        match kind.to_ascii_lowercase().as_str() {
            "text/event-stream" => self.read_stream(answer.body, id),
            "application/json" => self.read_whole(answer.body, id).map(|()| None),
            _ => Err(unanswered("its answer is neither JSON nor a stream of events").into()),
        }
    }

    fn read_whole(&self, mut body: BodyReader, id: u64) -> Result<(), ExchangeEnd> {
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes).map_err(not_read)?;
        let messages = match serde_json::from_slice(&bytes) {
            Ok(Value::Array(messages)) => messages,
            Ok(message) => vec![message],
            Err(_) => {
                let reason = "its answer is not the JSON that its header says";
                return Err(unanswered(reason).into());
            }
        };
        for message in messages {
            let is_answer = answers(&message, id);
            self.tell(HttpAnswer::Message(message))?;
            if is_answer {
                return Ok(());
            }
        }
        Err(unanswered("its answer belongs to another question").into())
    }

    /// Stops at the answer: a server may leave the stream open after it.
    fn read_stream(&self, mut body: BodyReader, id: u64) -> Result<BrokenOff, ExchangeEnd> {
        let mut events = ServerEvents::default();
        let mut buffer = [0; 8 * 1024];
        loop {
            let read = match body.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                // A connection that breaks may be taken up like a stream that ends.
                Err(_) if events.last_id.is_some() && self.in_session => 0,
                Err(error) => return Err(not_read(error).into()),
            };
            let complete = match read {
                0 => events.end().into_iter().collect(),
                read => events.feed(&buffer[..read]),
            };
            for event in complete {
                let Ok(message) = serde_json::from_str::<Value>(&event.data) else {
                    continue;
                };
                let is_answer = answers(&message, id);
                self.tell(HttpAnswer::Message(message))?;
                if is_answer {
                    return Ok(None);
                }
            }
            if self.control.is_cancelled() {
                return Err(ExchangeEnd::Unheard);
            }
            if read == 0 {
                return Ok(Some(events));
            }
        }
    }

    /// The JSON-RPC error in an answer with a status of failure, as the answer to the request, or
    /// what the status says.
    fn error_of(&self, answer: Response<BodyReader>, id: u64) -> Result<Value, McpFault> {
        let (status, is_html) = (answer.status, is_html(&answer));
        let text = beginning(answer.body);
        let mut body: Value = serde_json::from_str(&text).unwrap_or_default();
        let code = body["error"]["code"].as_i64();
        if status == 404 && self.in_session && code != Some(METHOD_NOT_FOUND) {
            return Err(McpFault::Forgotten);
        }
        if code.is_some() && status != 401 {
            // It has no id where the server did not get so far as to read the request.
            body["id"] = json!(id);
            return Ok(body);
        }
        Err(fault_of(status, if is_html { "" } else { &text }))
    }

    fn tell(&self, heard: HttpAnswer) -> Result<(), ExchangeEnd> {
        self.heard.send(heard).map_err(|_| ExchangeEnd::Unheard)
    }
}

fn answers(message: &Value, id: u64) -> bool {
    message.get("method").is_none() && is_id(&message["id"], id)
}

fn is_html(answer: &Response<BodyReader>) -> bool {
    let kind = answer.header("content-type").unwrap_or_default();
    kind.to_ascii_lowercase().contains("html")
}

fn beginning(body: BodyReader) -> String {
    let mut bytes = Vec::new();
    // What could be read of it is enough.
    let _ = body.take(MOST_OF_FAILURE).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a status of failure means.
fn fault_of(status: u16, said: &str) -> McpFault {
    let said = match said.trim() {
        "" => String::new(),
        said => format!(": {said}"),
    };
    match status {
        401 => McpFault::Failed(format!("it does not accept the credentials (401){said}")),
        403 => McpFault::Unanswered(format!("it does not allow this (403){said}")),
        300..=399 => McpFault::Failed(format!(
            "it redirects to another address ({status}), which is not followed"
        )),
        202 => unanswered("it took the request and gives no answer (202)"),
        status => McpFault::Unanswered(format!("it answers {status}{said}")),
    }
}

fn unanswered(reason: &str) -> McpFault {
    McpFault::Unanswered(reason.to_owned())
}

fn not_sent(error: TransportError) -> McpFault {
    match error.passing {
        true => McpFault::Unanswered(error.reason),
        false => McpFault::Failed(error.reason),
    }
}

fn not_read(error: std::io::Error) -> McpFault {
    McpFault::Unanswered(error.to_string())
}

/// Whether a session's id can go back in a header.
fn can_be_sent(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic())
}
