//! HTTP without a runtime: a transport that a host can replace, retries, and secrets that stay
//! secret. Knows nothing of Jira.
//!
//! [`Caller`] sends a [`Request`] through a [`Transport`] and waits where a server asks for it;
//! [`Control`] lets another thread stop that. `NetworkTransport` (feature `network`) is the
//! built-in transport.

mod address;
mod caller;
mod control;
#[cfg(feature = "network")]
mod network;
mod retry;
mod secret;

use std::fmt;
use std::io::{Cursor, Read};
use std::time::Duration;

pub use address::Address;
pub use caller::{Caller, Failure};
pub(crate) use control::after;
pub use control::{Clock, Control, SystemClock, Waiting};
#[cfg(feature = "network")]
pub use network::{NetworkSettings, NetworkTransport, Roots};
pub use retry::RetryPolicy;
pub(crate) use retry::come_back;
pub use secret::Secret;
pub(crate) use secret::hidden;

/// What is done with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Send a body and read the answer.
    Post,
    /// End something, such as a conversation that the server keeps in mind.
    Delete,
}

/// A request. Its `Debug` shows no credentials.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is done.
    pub method: Method,
    /// The whole address, `https://…`; `http://` only to this machine.
    pub url: String,
    /// The value of the header `Authorization`.
    pub authorization: Option<Secret>,
    /// Further headers: names in lower case, values.
    pub headers: Vec<(&'static str, String)>,
    /// Headers that `Debug` shows only the names of, in lower case: further credentials, or what
    /// else is private.
    pub secret_headers: Vec<(String, Secret)>,
    /// What is sent with [`Method::Post`].
    pub body: Vec<u8>,
    /// From the look-up of the name to the last byte of the answer.
    pub timeout: Duration,
    /// Bytes of the answer's body at most.
    pub most_bytes: u64,
}

/// An answer, whatever its status.
#[derive(Debug, Clone, Default)]
pub struct Response<Body = Vec<u8>> {
    /// Such as 200 or 429.
    pub status: u16,
    /// Names and values, in the server's order.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed: whole, or a reader of what comes.
    pub body: Body,
}

/// The body of an answer as it comes. Its errors name no credential.
pub type BodyReader = Box<dyn Read + Send>;

impl<Body> Response<Body> {
    /// The first header with this name, whatever its case.
    ///
    /// ```
    /// use atlas_core::http::Response;
    /// let headers = vec![("Retry-After".to_owned(), "7".to_owned())];
    /// let response: Response = Response { status: 429, headers, body: Vec::new() };
    /// assert_eq!(response.header("retry-after"), Some("7"));
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |(n, _): &&(String, String)| n.eq_ignore_ascii_case(name);
        self.headers.iter().find(named).map(|(_, value)| &**value)
    }
}

/// Sends requests. A host that has its own networking implements this; so do tests.
///
/// An implementation follows no redirect, or none that carries `authorization` and
/// `secret_headers` to another host; it gives back any status as a [`Response`], keeps to the
/// request's time-out and size limit, and writes no secret to a log.
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// Why there is no answer.
    fn send(&self, request: &Request) -> Result<Response, TransportError>;

    /// Sends a request and reads of the answer only its head; the body is read as it comes, for
    /// streams that a server leaves open. Without an implementation of its own it is read whole
    /// first, so a stream that stays open ends in a time-out.
    ///
    /// # Errors
    /// Why there is no answer.
    fn open(&self, request: &Request) -> Result<Response<BodyReader>, TransportError> {
        let Response {
            status,
            headers,
            body,
        } = self.send(request)?;
        Ok(Response {
            status,
            headers,
            body: Box::new(Cursor::new(body)),
        })
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// In words, without credentials.
    pub reason: String,
    /// Whether another attempt may succeed: a time-out may pass, a bad certificate will not.
    pub passing: bool,
}

impl TransportError {
    /// A failure that may pass.
    pub fn passing(reason: impl Into<String>) -> Self {
        TransportError {
            reason: reason.into(),
            passing: true,
        }
    }

    /// A failure that stays.
    pub fn lasting(reason: impl Into<String>) -> Self {
        TransportError {
            reason: reason.into(),
            passing: false,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for TransportError {}
