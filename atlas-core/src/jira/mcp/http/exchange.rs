//! One message over HTTP, and what the server answers to it: nothing, one body, or a stream of
//! events. Runs in a thread of its own, so that it can be left alone.

use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::session::{METHOD_NOT_FOUND, is_id};
use super::super::transport::McpFault;
use super::events::Events;
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
pub(super) enum Heard {
    /// The id of the session that the server began.
    Session(String),
    Message(Value),
    /// Nothing more comes.
    End(McpFault),
    /// The server took a message that has no answer.
    Taken,
}

/// A message under way.
pub(super) struct Exchange {
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
    pub heard: SyncSender<Heard>,
}

/// Nobody listens any more.
struct Unheard;

/// How an answer ended.
enum Ended {
    /// The answer to the request was among it.
    Answered,
    /// A stream ended before that.
    BrokenOff(Events),
}

impl Exchange {
    /// Sends the message and hands on what comes, until the answer has come.
    pub(super) fn run(mut self) {
        let last = match self.talk() {
            Ok(true) => return,
            Ok(false) => McpFault::Unanswered("it ended its answer before the result".to_owned()),
            Err(fault) => fault,
        };
        let _ = self.heard.send(Heard::End(last));
    }

    /// Whether the answer has come, or nobody waits for it any more.
    fn talk(&mut self) -> Result<bool, McpFault> {
        loop {
            let answer = self.transport.open(&self.request).map_err(not_sent)?;
            let Some(id) = self.id else {
                let outcome = match answer.status {
                    200..300 => Heard::Taken,
                    404 if self.in_session => Heard::End(McpFault::Forgotten),
                    status => Heard::End(fault_of(status, "")),
                };
                let _ = self.tell(outcome);
                return Ok(true);
            };
            let session = answer.header("mcp-session-id").map(str::to_owned);
            if let Some(session) = session.filter(|id| can_be_sent(id))
                && self.tell(Heard::Session(session)).is_err()
            {
                return Ok(true);
            }
            let events = match self.read(answer, id)? {
                Ok(Ended::Answered) | Err(Unheard) => return Ok(true),
                Ok(Ended::BrokenOff(events)) => events,
            };
            let Some(last_id) = events.last_id.filter(|_| self.in_session) else {
                return Ok(false);
            };
            let wait = events.retry.unwrap_or(RETRY).max(SHORTEST_RETRY);
            let left = self.deadline.saturating_duration_since(Instant::now());
            if wait > left || !self.control.sleep(wait) {
                // The one that waits notices the time-out by itself.
                self.control.sleep(left);
                return Ok(true);
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
        let unlike = |name: &str| name != "content-type" && name != "accept";
        request.headers.retain(|(name, _)| unlike(name));
        request
            .headers
            .push(("accept", "text/event-stream".to_owned()));
        let place = |(name, _): &(String, _)| name != "last-event-id";
        request.secret_headers.retain(place);
        let header = ("last-event-id".to_owned(), Secret::new(last_id));
        request.secret_headers.push(header);
    }

    fn read(
        &self,
        answer: Response<BodyReader>,
        id: u64,
    ) -> Result<Result<Ended, Unheard>, McpFault> {
        if answer.status != 200 {
            return match self.error_of(answer, id) {
                Ok(message) => Ok(self.tell(Heard::Message(message)).map(|()| Ended::Answered)),
                Err(fault) => Err(fault),
            };
        }
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        match kind.to_ascii_lowercase().as_str() {
            "text/event-stream" => self.read_stream(answer.body, id),
            "application/json" => self.read_whole(answer.body, id),
            _ => Err(unanswered(
                "its answer is neither JSON nor a stream of events",
            )),
        }
    }

    fn read_whole(
        &self,
        mut body: BodyReader,
        id: u64,
    ) -> Result<Result<Ended, Unheard>, McpFault> {
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes).map_err(not_read)?;
        let messages = match serde_json::from_slice(&bytes) {
            Ok(Value::Array(messages)) => messages,
            Ok(message) => vec![message],
            Err(_) => {
                return Err(unanswered(
                    "its answer is not the JSON that its header says",
                ));
            }
        };
        for message in messages {
            let is_answer = answers(&message, id);
            if self.tell(Heard::Message(message)).is_err() {
                return Ok(Err(Unheard));
            }
            if is_answer {
                return Ok(Ok(Ended::Answered));
            }
        }
        Err(unanswered("its answer belongs to another question"))
    }

    /// Stops at the answer: a server may leave the stream open after it.
    fn read_stream(
        &self,
        mut body: BodyReader,
        id: u64,
    ) -> Result<Result<Ended, Unheard>, McpFault> {
        let mut events = Events::default();
        let mut buffer = [0; 8 * 1024];
        loop {
            let read = match body.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                // A connection that breaks may be taken up like a stream that ends.
                Err(_) if events.last_id.is_some() && self.in_session => 0,
                Err(error) => return Err(not_read(error)),
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
                if self.tell(Heard::Message(message)).is_err() {
                    return Ok(Err(Unheard));
                }
                if is_answer {
                    return Ok(Ok(Ended::Answered));
                }
            }
            if self.control.is_cancelled() {
                return Ok(Err(Unheard));
            }
            if read == 0 {
                return Ok(Ok(Ended::BrokenOff(events)));
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
        if code.is_some() && !matches!(status, 401 | 403) {
            // It has no id where the server did not get so far as to read the request.
            body["id"] = json!(id);
            return Ok(body);
        }
        Err(fault_of(status, if is_html { "" } else { &text }))
    }

    fn tell(&self, heard: Heard) -> Result<(), Unheard> {
        self.heard.send(heard).map_err(|_| Unheard)
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
        403 => McpFault::Failed(format!("it does not allow this (403){said}")),
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
