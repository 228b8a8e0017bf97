//! Where Jira is and who asks.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::http::{Address, RetryPolicy, Secret};
use crate::{Error, Result};

/// Which of the two kinds of Jira it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JiraKind {
    /// Atlassian's own service: version 3 of the interface, pages by token.
    Cloud,
    /// A company's server: version 2, pages by number.
    DataCenter,
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Cloud: e-mail and API token. Data Center: user name and password.
    Basic {
        /// E-mail or user name.
        user: String,
        /// API token or password.
        token: Secret,
    },
    /// Data Center: a personal access token. Cloud does not take API tokens this way.
    Bearer(Secret),
}

impl Credentials {
    pub(in crate::jira) fn header(&self) -> Secret {
        match self {
            Credentials::Basic { user, token } => {
                let pair = format!("{user}:{}", token.expose());
                Secret::new(format!("Basic {}", BASE64_STANDARD.encode(pair)))
            }
            Credentials::Bearer(token) => Secret::new(format!("Bearer {}", token.expose())),
        }
    }

    pub(in crate::jira) fn token(&self) -> &Secret {
        match self {
            Credentials::Basic { token, .. } | Credentials::Bearer(token) => token,
        }
    }

    /// A text in which the credentials do not appear.
    pub(super) fn hide_in(&self, text: &str) -> String {
        let header = self.header();
        let encoded = header.expose().split(' ').next_back().unwrap_or_default();
        self.token().hide_in(&Secret::new(encoded).hide_in(text))
    }
}

/// Where Jira is, who asks, and how patiently.
///
/// ```
/// use atlas_core::http::Secret;
/// use atlas_core::jira::{Credentials, JiraSettings};
/// let user = "me@example.com".to_owned();
/// let credentials = Credentials::Basic { user, token: Secret::new("hunter2") };
/// let settings = JiraSettings::new("https://example.atlassian.net", credentials)?;
/// assert!(!format!("{settings:?}").contains("hunter2"));
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct JiraSettings {
    /// Where requests go. A scoped token needs `https://api.atlassian.com/ex/jira/{cloud id}`.
    pub api_base: Address,
    /// Where people read issues: links begin with it, and it names this Jira in the database.
    pub site: Address,
    /// Who asks.
    pub credentials: Credentials,
    /// Cloud or Data Center; asked for where it is not set.
    pub kind: Option<JiraKind>,
    /// How long one request may take.
    pub timeout: Duration,
    /// Bytes of one answer at most.
    pub most_bytes: u64,
    /// Issues asked for at a time, 1 to 5,000; Jira may give fewer.
    pub page_size: u32,
    /// When to try again.
    pub retry: RetryPolicy,
}

impl JiraSettings {
    /// Settings for a Jira whose interface is where people read it.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an address that is none, or plain `http` to another machine.
    pub fn new(site: &str, credentials: Credentials) -> Result<Self> {
        if let Credentials::Basic { user, .. } = &credentials
            && (user.is_empty() || user.contains([':', '\r', '\n']))
        {
            // What follows a colon may be a token.
            let shown = if user.is_empty() { "" } else { "…:…" };
            let expected = "an e-mail or user name without a colon";
            return Err(Error::invalid("user", shown, expected));
        }
        let token = credentials.token().expose();
        if token.is_empty() || token.contains(|c: char| c.is_control() || c.is_whitespace()) {
            let expected = "a token on one line, without spaces";
            return Err(Error::invalid("token", "***", expected));
        }
        let site = Address::parse(site)?;
        Ok(JiraSettings {
            api_base: site.clone(),
            site,
            credentials,
            kind: None,
            timeout: Duration::from_secs(60),
            most_bytes: 64 * 1024 * 1024,
            page_size: 100,
            retry: RetryPolicy::default(),
        })
    }

    /// Settings from the environment, as the specification names them: `JIRA_INSTANCE_URL`,
    /// `JIRA_USER_EMAIL` and `JIRA_API_KEY`. Without an e-mail the key is a personal access token
    /// of Data Center. `JIRA_API_BASE_URL` is where requests go, if that is elsewhere.
    ///
    /// # Errors
    /// `INVALID_VALUE` that names the variable.
    pub fn from_env() -> Result<Self> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let find = |name| {
            let value = get(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let missing = |name, expected: &str| Error::invalid(name, "", expected);
        let site = find("JIRA_INSTANCE_URL").ok_or_else(|| {
            missing(
                "JIRA_INSTANCE_URL",
                "Jira's address, such as https://example.atlassian.net",
            )
        })?;
        let token = find("JIRA_API_KEY").ok_or_else(|| {
            missing(
                "JIRA_API_KEY",
                "an API token or, without JIRA_USER_EMAIL, a personal access token",
            )
        })?;
        let token = Secret::new(token);
        let credentials = match find("JIRA_USER_EMAIL") {
            Some(user) => Credentials::Basic { user, token },
            None => Credentials::Bearer(token),
        };
        let mut settings = JiraSettings::new(&site, credentials)?;
        if let Some(base) = find("JIRA_API_BASE_URL") {
            settings.api_base = Address::parse(&base)?;
        }
        Ok(settings)
    }

    /// The page on which people read an issue.
    pub fn browse_url(&self, key: &crate::domain::TicketKey) -> String {
        self.site.join(&format!("/browse/{key}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<JiraSettings> {
        JiraSettings::from_variables(|name| {
            let found = pairs.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_specifications_variables() {
        let site = ("JIRA_INSTANCE_URL", "https://a.atlassian.net/");
        let (mail, key) = (("JIRA_USER_EMAIL", "me@a.b"), ("JIRA_API_KEY", "planted"));
        let basic = from(&[site, mail, key]).unwrap();
        assert_eq!(
            basic.credentials.header().expose(),
            "Basic bWVAYS5iOnBsYW50ZWQ="
        );
        let base = ("JIRA_API_BASE_URL", "https://api.atlassian.com/ex/jira/1f");
        let scoped = from(&[site, key, base]).unwrap();
        assert_eq!(scoped.credentials.header().expose(), "Bearer planted");
        assert_eq!(scoped.api_base.host(), "api.atlassian.com");
        let issue = crate::domain::TicketKey::parse("WRKA-7").unwrap();
        assert_eq!(
            scoped.browse_url(&issue),
            "https://a.atlassian.net/browse/WRKA-7"
        );
        for (missing, pairs) in [
            ("JIRA_INSTANCE_URL", vec![mail, key]),
            ("JIRA_API_KEY", vec![site, mail, ("JIRA_API_KEY", " ")]),
        ] {
            let error = from(&pairs).unwrap_err();
            assert!(error.to_string().contains(missing), "{error}");
        }
    }

    #[test]
    fn credentials_do_not_show() {
        let user = "me@a.b".to_owned();
        let token = Secret::new("planted");
        let credentials = Credentials::Basic { user, token };
        let said = "no: planted, Basic bWVAYS5iOnBsYW50ZWQ=";
        assert_eq!(credentials.hide_in(said), "no: ***, Basic ***");
        let settings = JiraSettings::new("https://a.b", credentials).unwrap();
        assert!(!format!("{settings:?}").contains("planted"));
        let both = Credentials::Basic {
            user: "me@x:planted".to_owned(),
            token: Secret::new("abc"),
        };
        let error = JiraSettings::new("https://a.b", both).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"));
        let odd = Credentials::Bearer(Secret::new("planted\nX: y"));
        let error = JiraSettings::new("https://a.b", odd).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"));
    }
}
