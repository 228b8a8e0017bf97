//! The built-in transport, on ureq: no runtime, TLS by rustls.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use ureq::http::Method as HttpMethod;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::control::LONGEST_WAIT;
use super::{Address, BodyReader, Method, Request, Response, Transport, TransportError};
use crate::{Error, Result};

/// Whose certificates are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Roots {
    /// The system's, as browsers have it; a company's own are there where it installed them.
    #[default]
    System,
    /// Those in this PEM file, and no others.
    File(PathBuf),
}

/// How to reach the network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkSettings {
    /// Whose certificates are trusted.
    pub roots: Roots,
}

/// HTTP/1.1 over TLS. Takes the proxy from `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; follows no
/// redirect; speaks plain HTTP to this machine only.
pub struct NetworkTransport {
    agent: ureq::Agent,
}

impl NetworkTransport {
    /// Makes one; connections are opened when needed and kept for the next request.
    ///
    /// # Errors
    /// `FILE_FAILED`, `INVALID_VALUE` for a PEM file that cannot be read or has no certificate.
    pub fn new(settings: &NetworkSettings) -> Result<Self> {
        let roots = match &settings.roots {
            Roots::System => RootCerts::PlatformVerifier,
            Roots::File(path) => certificates(path)?,
        };
        let agent = ureq::Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .user_agent(concat!("atlas/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(NetworkTransport { agent })
    }
}

fn certificates(path: &PathBuf) -> Result<RootCerts> {
    let pem = std::fs::read(path).map_err(|source| Error::File {
        path: path.clone(),
        source,
    })?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(_) => found.clear(),
        }
    }
    if found.is_empty() {
        let expected = "a PEM file with at least one certificate";
        return Err(Error::invalid("roots", path.display(), expected));
    }
    Ok(RootCerts::new_with_certs(&found))
}

impl Transport for NetworkTransport {
    fn send(&self, request: &Request) -> std::result::Result<Response, TransportError> {
        let mut answer = self.answer(request)?;
        let body = answer.body_mut().with_config().limit(request.most_bytes);
        let body = body.read_to_vec().map_err(|error| failure(&error))?;
        Ok(with_body(&answer, body))
    }

    fn open(&self, request: &Request) -> std::result::Result<Response<BodyReader>, TransportError> {
        let (head, body) = self.answer(request)?.into_parts();
        let reader = body.into_with_config().limit(request.most_bytes).reader();
        let head = ureq::http::Response::from_parts(head, ());
        Ok(with_body(&head, Box::new(InOurWords(reader))))
    }
}

impl NetworkTransport {
    /// The answer of which only the head was read.
    fn answer(
        &self,
        request: &Request,
    ) -> std::result::Result<ureq::http::Response<ureq::Body>, TransportError> {
        let site = request.url.split(['?', '#']).next().unwrap_or_default();
        let address = Address::parse(site).map_err(|e| TransportError::lasting(e.to_string()))?;
        let method = match request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Delete => HttpMethod::DELETE,
        };
        let mut http = ureq::http::Request::builder()
            .method(method)
            .uri(&request.url);
        for (name, value) in &request.headers {
            http = http.header(*name, value);
        }
        for (name, secret) in &request.secret_headers {
            http = http.header(name, secret.expose());
        }
        if let Some(secret) = &request.authorization {
            http = http.header("authorization", secret.expose());
        }
        // What ureq says of a header that cannot be sent may hold the header.
        let unsendable =
            |_| TransportError::lasting("a header holds characters that HTTP cannot send");
        let sent = match request.method {
            Method::Get | Method::Delete => {
                self.run(http.body(()).map_err(unsendable)?, request, &address)
            }
            Method::Post => {
                let body = request.body.clone();
                self.run(http.body(body).map_err(unsendable)?, request, &address)
            }
        };
        sent.map_err(|error| not_connected(&error))
    }

    fn run(
        &self,
        http: ureq::http::Request<impl ureq::AsSendBody>,
        request: &Request,
        address: &Address,
    ) -> std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let mut configured = self
            .agent
            .configure_request(http)
            .timeout_global(Some(request.timeout.min(LONGEST_WAIT)));
        if address.is_loopback() {
            configured = configured.proxy(None);
        }
        self.agent.run(configured.build())
    }
}

fn with_body<Body>(head: &ureq::http::Response<impl Sized>, body: Body) -> Response<Body> {
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    };
    Response {
        status: head.status().as_u16(),
        headers: head.headers().iter().map(header).collect(),
        body,
    }
}

/// A body whose errors are those of [`failure`].
struct InOurWords(ureq::BodyReader<'static>);

impl Read for InOurWords {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buffer);
        read.map_err(|error| std::io::Error::other(failure(&error.into())))
    }
}

/// A failure before the answer's head has come: what is invalid then is the certificate, or what
/// else belongs to TLS.
fn not_connected(error: &ureq::Error) -> TransportError {
    match error {
        ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => {
            TransportError::lasting(format!("no secure connection: {io}"))
        }
        other => failure(other),
    }
}

/// In words of our own, because ureq's may repeat headers and addresses.
fn failure(error: &ureq::Error) -> TransportError {
    use TransportError as E;
    match error {
        ureq::Error::Timeout(what) => E::passing(format!("time-out ({what})")),
        ureq::Error::HostNotFound => E::passing("the host's name is not known"),
        ureq::Error::Io(io) => match io.kind() {
            std::io::ErrorKind::InvalidData => E::lasting(format!("the answer is broken: {io}")),
            _ => E::passing(format!("the connection failed: {io}")),
        },
        ureq::Error::ConnectionFailed => E::passing("the connection failed"),
        ureq::Error::ConnectProxyFailed(_) => E::passing("the proxy does not connect"),
        ureq::Error::InvalidProxyUrl => E::lasting("the proxy's address is wrong"),
        ureq::Error::BodyExceedsLimit(most) => {
            E::lasting(format!("the answer is longer than {most} bytes"))
        }
        ureq::Error::Rustls(tls) => E::lasting(format!("no secure connection: {tls}")),
        ureq::Error::Tls(tls) => E::lasting(format!("no secure connection: {tls}")),
        ureq::Error::LargeResponseHeader(..) => E::lasting("the answer's header is too long"),
        ureq::Error::Decompress(..) => E::passing("the answer is not what its header says"),
        ureq::Error::Protocol(_) => E::passing("the answer is not HTTP"),
        _ => E::lasting("the request could not be sent"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Secret;

    #[test]
    fn certificates_come_from_a_file_that_has_some() {
        let folder = tempfile::tempdir().unwrap();
        let with = |roots| NetworkTransport::new(&NetworkSettings { roots }).err();
        let missing = with(Roots::File(folder.path().join("none.pem"))).unwrap();
        assert_eq!(missing.code(), "FILE_FAILED");
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "not a certificate\n").unwrap();
        assert_eq!(with(Roots::File(empty)).unwrap().code(), "INVALID_VALUE");
        assert!(with(Roots::System).is_none());
    }

    #[test]
    fn credentials_are_not_sent_in_the_clear() {
        let transport = NetworkTransport::new(&NetworkSettings::default()).unwrap();
        for url in [
            "http://jira.example.com/rest",
            "ftp://jira.example.com",
            "jira",
        ] {
            let request = Request {
                method: Method::Get,
                url: url.to_owned(),
                authorization: Some(Secret::new("planted")),
                headers: Vec::new(),
                secret_headers: vec![("x-key".to_owned(), Secret::new("planted"))],
                body: Vec::new(),
                timeout: Duration::from_secs(1),
                most_bytes: 1_000,
            };
            assert!(!format!("{request:?}").contains("planted"));
            let error = transport.send(&request).unwrap_err();
            assert!(!error.passing, "{url}: {error}");
        }
    }
}
