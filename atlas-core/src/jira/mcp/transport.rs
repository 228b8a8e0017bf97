//! How messages travel to an MCP server and back.

use std::time::Instant;

use serde_json::Value;

/// Why a message could not be sent or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum McpFault {
    /// Nothing came in time; the transport can still be used.
    TimedOut,
    /// This message was not taken or not answered, for this reason; the next one may be.
    Unanswered(String),
    /// The server no longer knows the conversation: hands have to be shaken again.
    Forgotten,
    /// It cannot be used any more, for this reason.
    Failed(String),
}

/// A way to an MCP server: JSON-RPC messages go out and come in, one at a time.
///
/// Over HTTP a `send` begins the request, and `receive` gives what it answers, one body or a
/// stream; the headers follow from the messages.
pub trait McpTransport: Send {
    /// Sends a request, a notification or an answer; what answers a request has time until the
    /// deadline.
    ///
    /// # Errors
    /// [`McpFault`].
    fn send(&mut self, message: &Value, deadline: Instant) -> Result<(), McpFault>;

    /// The next message of the server's. Is called again after a time-out, with a later deadline:
    /// a caller that can be stopped waits in small parts.
    ///
    /// # Errors
    /// [`McpFault::TimedOut`] at the deadline, another one at once when no message will come.
    fn receive(&mut self, deadline: Instant) -> Result<Value, McpFault>;
}
