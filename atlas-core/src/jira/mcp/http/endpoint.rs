//! Where an MCP server is on the network, and who asks it.

use std::fmt;

use crate::http::{Address, Secret};
use crate::jira::Credentials;
use crate::{Error, Result};

/// Headers that the protocol or the credentials set.
const TAKEN: [&str; 7] = [
    "accept",
    "accept-encoding",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "last-event-id",
];

/// The address of an MCP server, and what is sent with every request: credentials, and headers of
/// the host's.
///
/// ```
/// use atlas_core::http::Secret;
/// use atlas_core::jira::Credentials;
/// use atlas_core::jira::mcp::McpEndpoint;
/// let endpoint = McpEndpoint::new("https://mcp.example.com/mcp")?
///     .credentials(Credentials::Bearer(Secret::new("s3cret-token")))
///     .header("X-Tenant", Secret::new("a-team"))?;
/// assert!(!format!("{endpoint:?}").contains("s3cret"));
/// assert!(McpEndpoint::new("http://mcp.example.com/mcp").is_err());
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Clone)]
pub struct McpEndpoint {
    address: Address,
    credentials: Option<Credentials>,
    headers: Vec<(String, Secret)>,
}

impl McpEndpoint {
    /// A server at an address: `https`, or `http` to this machine.
    ///
    /// # Errors
    /// `INVALID_VALUE`, as [`Address::parse`].
    pub fn new(url: &str) -> Result<Self> {
        Ok(McpEndpoint {
            address: Address::parse(url)?,
            credentials: None,
            headers: Vec::new(),
        })
    }

    /// Sends credentials with every request.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sends a header with every request. Its value is treated as a secret.
    ///
    /// # Errors
    /// `INVALID_VALUE` for what is no name of a header, or one that the protocol sets itself, and
    /// for a value that no header can hold.
    pub fn header(mut self, name: &str, value: Secret) -> Result<Self> {
        let name = name.to_ascii_lowercase();
        if !is_token(&name) || name.starts_with("mcp-") || TAKEN.contains(&name.as_str()) {
            let expected = "the name of a header that the protocol does not set itself";
            return Err(Error::invalid("header", name, expected));
        }
        let can_be_sent = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if !value.expose().bytes().all(can_be_sent) {
            let expected = format!("a value of {name} in visible ASCII characters");
            return Err(Error::invalid("header", "***", expected));
        }
        self.headers.push((name, value));
        Ok(self)
    }

    pub(super) fn url(&self) -> String {
        self.address.to_string()
    }

    /// What errors call the server.
    pub(in crate::jira::mcp) fn name(&self) -> String {
        self.address.host().to_owned()
    }

    pub(super) fn authorization(&self) -> Option<Secret> {
        self.credentials.as_ref().map(Credentials::header)
    }

    pub(super) fn headers(&self) -> &[(String, Secret)] {
        &self.headers
    }

    /// What must not be repeated.
    pub(in crate::jira::mcp) fn secrets(&self) -> Vec<String> {
        let authorization = self.authorization();
        let encoded = authorization
            .iter()
            .filter_map(|header| header.expose().split(' ').next_back());
        let token = self.credentials.iter().map(|c| c.token().expose());
        let values = self.headers.iter().map(|(_, value)| value.expose());
        encoded
            .chain(token)
            .chain(values)
            .map(str::to_owned)
            .collect()
    }
}

impl fmt::Debug for McpEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McpEndpoint")
            .field("address", &self.address.to_string())
            .field("credentials", &self.credentials)
            .field("headers", &self.headers)
            .finish()
    }
}

/// Whether this can be the name of a header (RFC 9110, 5.1).
pub(super) fn is_token(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_the_protocol_or_a_broken_one_is_refused() {
        let endpoint = || McpEndpoint::new("http://127.0.0.1:1/mcp").unwrap();
        for name in ["", "a b", "Mcp-Session-Id", "Authorization", "X:y", "é"] {
            let error = endpoint().header(name, Secret::new("x")).unwrap_err();
            assert_eq!(error.code(), "INVALID_VALUE", "{name}");
        }
        let broken = endpoint().header("X-Key", Secret::new("planted\r\nX: y"));
        let error = broken.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
        assert!(endpoint().header("X-Key", Secret::new("planted")).is_ok());
    }
}
