//! Who may ask: only pages that this server itself has given out, and programs of this machine.
//!
//! A page of another site can make a browser send requests here. It is told from our own by what
//! the browser says of it (`Sec-Fetch-Site`, `Origin`) and by the name that it called this server
//! by (`Host`): a name that was made to point here (DNS rebinding) is none of ours. There is no
//! CORS, so what such a page would be answered it could not read either.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;

/// Scripts, styles, fonts and pictures from here alone, and nothing written into the document.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What every answer says to browsers.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// The names that this server answers to.
#[derive(Debug, Clone)]
pub struct Names(Arc<Listed>);

#[derive(Debug)]
struct Listed {
    names: Vec<String>,
    /// Whether it may be called by any address: then it listens to more than this machine. An
    /// address cannot be made to point elsewhere, as a name can.
    addresses: bool,
}

impl Names {
    pub fn new(bind: IpAddr, more: &[String]) -> Self {
        let names = more.iter().map(|name| name.to_ascii_lowercase());
        Names(Arc::new(Listed {
            names: names.chain(["localhost".to_owned()]).collect(),
            addresses: !bind.is_loopback(),
        }))
    }

    /// Whether a `Host` header calls this server by a name of its own.
    fn hold(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let address: Option<IpAddr> = match name.strip_prefix('[') {
            Some(six) => six
                .strip_suffix(']')
                .and_then(|six| six.parse::<Ipv6Addr>().ok())
                .map(IpAddr::V6),
            None => name.parse().ok(),
        };
        match address {
            Some(address) => address.is_loopback() || self.0.addresses,
            None => self.0.names.contains(&name),
        }
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Refuses what comes from elsewhere, and gives every answer its headers.
pub async fn guard(State(names): State<Names>, request: Request, next: Next) -> Response {
    let mut response = match refuse(&names, &request) {
        Some(failure) => failure.into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refuse(names: &Names, request: &Request) -> Option<Failure> {
    let forbidden = |code, message: &str| Some(Failure::new(StatusCode::FORBIDDEN, code, message));
    let headers = request.headers();
    let Some(host) = only(headers, header::HOST).filter(|host| names.hold(host)) else {
        let message = "atlas-web does not go by this name: use http://127.0.0.1 with its port, or start it \
                       with --allow-host NAME";
        return forbidden("FOREIGN_HOST", message);
    };
    let writes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let api = request.uri().path().starts_with("/api/");
    // A link from elsewhere may lead to a page, and to the documentation.
    let follows_link = !writes && text(headers, "sec-fetch-mode") == Some("navigate");
    let foreign = match text(headers, "sec-fetch-site") {
        Some("same-origin" | "none") => false,
        Some(_) => true,
        None => false,
    } || headers.contains_key(header::ORIGIN) && !same_origin(headers, host);
    if foreign && (writes || (api && !follows_link)) {
        return forbidden("FOREIGN_ORIGIN", "this comes from a page of another site");
    }
    None
}

/// Whether the page that asks was given out under the name that it asks.
fn same_origin(headers: &HeaderMap, host: &str) -> bool {
    let origin = only(headers, header::ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(scheme, from)| {
        matches!(scheme, "http" | "https") && from.eq_ignore_ascii_case(host)
    })
}

/// The value of a header that is there once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values
        .next()
        .is_none()
        .then(|| value.to_str().ok())
        .flatten()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap_or("unreadable"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_for_this_machine_goes_by_its_own_names() {
        let names = Names::new("127.0.0.1".parse().unwrap(), &["Atlas.Test".to_owned()]);
        for own in [
            "127.0.0.1",
            "127.0.0.1:5000",
            "localhost:5000",
            "LOCALHOST",
            "[::1]:5000",
            "atlas.test:80",
        ] {
            assert!(names.hold(own), "{own}");
        }
        for foreign in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:5000",
            "192.168.1.7:5000",
            "",
            "[::1",
            ":5000",
        ] {
            assert!(!names.hold(foreign), "{foreign}");
        }
        let open = Names::new("0.0.0.0".parse().unwrap(), &[]);
        assert!(open.hold("192.168.1.7:5000") && !open.hold("evil.example:5000"));
    }
}
