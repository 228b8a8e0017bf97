//! A host's own networking.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use atlas_core::http::{Method, Request, Response, Transport, TransportError};

use crate::error::CallbackError;

/// What is done with an address.
#[derive(uniffi::Enum)]
pub enum HttpMethod {
    /// Read.
    Get,
    /// Send a body and read the answer.
    Post,
    /// End something.
    Delete,
}

/// A header of a request or an answer. As text it shows no secret.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether the value is a credential, or private: write it to no log.
    #[uniffi(default = false)]
    pub secret: bool,
}

impl fmt::Display for HttpHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.secret { "…" } else { &self.value };
        write!(f, "{}: {value}", self.name)
    }
}

impl fmt::Debug for HttpHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A request.
#[derive(uniffi::Record)]
pub struct HttpRequest {
    /// What is done.
    pub method: HttpMethod,
    /// The whole address.
    pub url: String,
    /// All headers, credentials among them.
    pub headers: Vec<HttpHeader>,
    /// What is sent with a post.
    pub body: Vec<u8>,
    /// From the look-up of the name to the last byte of the answer.
    pub timeout: Duration,
    /// Bytes of the answer's body at most.
    pub most_bytes: u64,
}

/// An answer, whatever its status.
#[derive(uniffi::Record)]
pub struct HttpResponse {
    /// Such as 200 or 429.
    pub status: u16,
    /// In the server's order.
    pub headers: Vec<HttpHeader>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Sends requests in place of the built-in networking.
///
/// It follows no redirect, or none that carries credentials to another host, and is called from
/// threads of ATLAS's own. An exception means that there is no answer, and that another attempt may
/// have one.
#[uniffi::export(foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends a request and reads the whole answer, whatever its status.
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, CallbackError>;
}

/// It, as the core's.
pub struct ForeignTransport(pub Arc<dyn HttpTransport>);

impl Transport for ForeignTransport {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let header = |name: &str, value: &str, secret| HttpHeader {
            name: name.to_owned(),
            value: value.to_owned(),
            secret,
        };
        let open = request.headers.iter();
        let open = open.map(|(name, value)| header(name, value, false));
        let secret = request.secret_headers.iter();
        let secret = secret.map(|(name, value)| header(name, value.expose(), true));
        let authorization = request.authorization.iter();
        let authorization =
            authorization.map(|value| header("authorization", value.expose(), true));
        let answer = self.0.send(HttpRequest {
            method: match request.method {
                Method::Get => HttpMethod::Get,
                Method::Post => HttpMethod::Post,
                Method::Delete => HttpMethod::Delete,
            },
            url: request.url.clone(),
            headers: authorization.chain(open).chain(secret).collect(),
            body: request.body.clone(),
            timeout: request.timeout,
            most_bytes: request.most_bytes,
        });
        let answer = answer.map_err(|error| TransportError::passing(error.reason()))?;
        let headers = answer.headers.into_iter();
        Ok(Response {
            status: answer.status,
            headers: headers.map(|header| (header.name, header.value)).collect(),
            body: answer.body,
        })
    }
}
