//! How messages travel to an MCP server and back.

use std::time::Instant;

use serde_json::Value;

/// Why a message could not be sent or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum McpFault {
    /// Nothing came in time; the transport can still be used.
    TimedOut,
    /// It cannot be used any more; the reason names no credential.
    Failed(String),
}

/// A way to an MCP server: JSON-RPC messages go out and come in, one at a time.
///
/// Over HTTP a `send` makes the request and keeps what it answers, one body or a stream, for
/// `receive`; the headers follow from the message.
pub trait McpTransport: Send {
    /// Sends a request, a notification or an answer.
    ///
    /// # Errors
    /// [`McpFault`].
    fn send(&mut self, message: &Value, deadline: Instant) -> Result<(), McpFault>;

    /// The next message of the server's.
    ///
    /// # Errors
    /// [`McpFault::TimedOut`] at the deadline, [`McpFault::Failed`] at once when none will come.
    fn receive(&mut self, deadline: Instant) -> Result<Value, McpFault>;
}
