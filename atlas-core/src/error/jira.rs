//! Why Jira could not be asked, or refused.

use std::fmt;

use jiff::Timestamp;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JiraFault {
    /// The credentials are wrong or have expired.
    Unauthorized,
    /// The account may not see or do this.
    Forbidden,
    /// Jira wants a person to log in with a browser first.
    Captcha,
    /// Nothing is at this address, or the issue is not visible.
    NotFound,
    /// Jira does not understand the request, most often the JQL.
    Refused,
    /// Jira has removed this part of its interface.
    Gone,
    /// Too many requests, and waiting would take longer than is allowed.
    RateLimited,
    /// No answer, or none from Jira: the network, the name, the certificate, a server error.
    Unreachable,
    /// An answer that is not what Jira's documentation says.
    BadAnswer,
}

impl JiraFault {
    pub(super) fn code(self) -> &'static str {
        match self {
            JiraFault::Unauthorized => "JIRA_UNAUTHORIZED",
            JiraFault::Forbidden => "JIRA_FORBIDDEN",
            JiraFault::Captcha => "JIRA_CAPTCHA",
            JiraFault::NotFound => "JIRA_NOT_FOUND",
            JiraFault::Refused => "JIRA_REFUSED",
            JiraFault::Gone => "JIRA_GONE",
            JiraFault::RateLimited => "JIRA_RATE_LIMITED",
            JiraFault::Unreachable => "JIRA_UNREACHABLE",
            JiraFault::BadAnswer => "JIRA_BAD_ANSWER",
        }
    }

    fn cause(self) -> &'static str {
        match self {
            JiraFault::Unauthorized => "does not accept the credentials",
            JiraFault::Forbidden => "forbids this account what was asked",
            JiraFault::Captcha => "wants this account to log in with a browser first",
            JiraFault::NotFound => "has nothing there",
            JiraFault::Refused => "refused the request",
            JiraFault::Gone => "has removed what was asked for",
            JiraFault::RateLimited => "asks for fewer requests",
            JiraFault::Unreachable => "cannot be reached",
            JiraFault::BadAnswer => "gave an answer that cannot be used",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            JiraFault::Unauthorized => {
                "check address, e-mail and API token; tokens expire, so a new one may be needed"
            }
            JiraFault::Forbidden => {
                "ask for the permission to browse the project, or give the token the scopes \
                 read:jira-work and read:jira-user"
            }
            JiraFault::Captcha => "log in once in a browser, answer its question, and try again",
            JiraFault::NotFound => {
                "check the key, the address and the permissions; a scoped token needs the address \
                 https://api.atlassian.com/ex/jira/{cloud id}"
            }
            JiraFault::Refused => "check projects and JQL",
            JiraFault::Gone => "set the kind of Jira (Cloud or Data Center), or update ATLAS",
            JiraFault::RateLimited => "try again later; what was stored is kept",
            JiraFault::Unreachable => {
                "check the address, the network, proxy and certificates; then try again"
            }
            JiraFault::BadAnswer => "check that the address is Jira's and not that of a login page",
        }
    }
}

/// Jira could not be asked, or refused. Never holds a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JiraError {
    /// What kind of failure.
    pub fault: JiraFault,
    /// The host that was asked.
    pub host: String,
    /// What Jira or the network said.
    pub reason: String,
    /// When Jira may be asked again, where it said so.
    pub retry_at: Option<Timestamp>,
}

impl fmt::Display for JiraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jira at {} {}", self.host, self.fault.cause())?;
        if let Some(at) = self.retry_at {
            write!(f, " until {at}")?;
        }
        if !self.reason.is_empty() {
            write!(f, " ({})", self.reason)?;
        }
        write!(f, ": {}", self.fault.remedy())
    }
}

impl std::error::Error for JiraError {}
