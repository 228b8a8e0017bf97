//! The address of a service.

use std::fmt;
use std::net::IpAddr;

use crate::{Error, Result};

/// Scheme, host and path of a service: `https`, or `http` to this machine only.
///
/// ```
/// use atlas_core::http::Address;
/// let base = Address::parse("https://api.atlassian.com/ex/jira/1f/")?;
/// assert_eq!(base.join("/rest/api/3/myself"), "https://api.atlassian.com/ex/jira/1f/rest/api/3/myself");
/// assert_eq!(base.host(), "api.atlassian.com");
/// assert!(Address::parse("http://127.0.0.1:8080").is_ok());
/// assert!(Address::parse("http://jira.example.com").is_err());
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// Without a slash at its end.
    text: String,
    host: std::ops::Range<usize>,
}

impl Address {
    /// Reads an address. A slash at its end does not matter.
    ///
    /// # Errors
    /// `INVALID_VALUE` for what is no address, for `http` to another machine, and for an address
    /// that holds credentials or a query.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim().trim_end_matches('/');
        // What may hold a password or a token is not repeated.
        let refuse = |shown: &str, expected: &str| Err(Error::invalid("address", shown, expected));
        let lower = text.to_ascii_lowercase();
        let Some((scheme, rest)) = lower.split_once("://") else {
            return refuse("", "https://, a host, and a path if need be");
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return refuse("…@…", "an address without user and password");
        }
        let odd = |c: char| c.is_whitespace() || c.is_control() || "\\?#<>\"".contains(c);
        let host = host_of(authority);
        if host.is_empty() || text.contains(odd) || !text.is_ascii() {
            let is_name = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
            let shown = match authority.chars().all(is_name) && !host.is_empty() {
                true => format!("{scheme}://{authority}…"),
                false => String::new(),
            };
            return refuse(
                &shown,
                "https://, a host, and a path if need be, without a query",
            );
        }
        let shown = format!("{scheme}://{authority}");
        match scheme {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return refuse(&shown, "https: plain http is for this machine only"),
            _ => return refuse(&shown, "https://…"),
        }
        let start = scheme.len() + 3;
        Ok(Address {
            host: start..start + authority.len(),
            text: format!(
                "{}{}",
                &lower[..start + authority.len()],
                &text[start + authority.len()..]
            ),
        })
    }

    /// The address of something below it; `path` begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// The host, with its port where one is named.
    pub fn host(&self) -> &str {
        &self.text[self.host.clone()]
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(host_of(self.host()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The host of `host:port` or `[v6]:port`.
fn host_of(authority: &str) -> &str {
    if let Some(v6) = authority.strip_prefix('[') {
        return v6.split(']').next().unwrap_or_default();
    }
    authority.split(':').next().unwrap_or_default()
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for good in [
            "https://jira.example.com",
            "HTTPS://Jira.Example.com:8443/jira/",
            "http://localhost:8080",
            "http://127.0.0.2",
            "http://[::1]:8080/jira",
        ] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "jira.example.com",
            "https://",
            "ftp://jira.example.com",
            "http://jira.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
            "https://jira.example.com/?os_username=a",
            "https://jira.example.com\\@evil.example.com",
            "https://jira.example.com/a b",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_not_repeated() {
        for held in [
            "https://me:planted@jira.example.com",
            "https://planted @jira.example.com",
            "https://jira.example.com/planted?x=1",
            "https://jira.example.com/?token=planted",
            "http://jira.example.com/planted",
            "ftp://jira.example.com/planted",
            "planted",
        ] {
            let error = Address::parse(held).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
        }
        let error = Address::parse("http://jira.example.com/jira").unwrap_err();
        assert!(error.to_string().contains("http://jira.example.com"));
    }
}
