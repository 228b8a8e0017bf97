//! Why the remote neural service has no prediction.

use std::fmt;

use jiff::Timestamp;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FlowNexusFault {
    /// The key is wrong, has expired, or may not use this model.
    Unauthorized,
    /// The service does not understand the request, or does not know the model.
    Refused,
    /// Too many requests.
    RateLimited,
    /// No answer in time, or a server error.
    Unreachable,
    /// An answer that is not what the service's interface says.
    BadAnswer,
    /// It failed a moment ago and is left alone for a while.
    RecentlyFailed,
}

impl FlowNexusFault {
    pub(super) fn code(self) -> &'static str {
        match self {
            FlowNexusFault::Unauthorized => "FLOW_NEXUS_UNAUTHORIZED",
            FlowNexusFault::Refused => "FLOW_NEXUS_REFUSED",
            FlowNexusFault::RateLimited => "FLOW_NEXUS_RATE_LIMITED",
            FlowNexusFault::Unreachable => "FLOW_NEXUS_UNREACHABLE",
            FlowNexusFault::BadAnswer => "FLOW_NEXUS_BAD_ANSWER",
            FlowNexusFault::RecentlyFailed => "FLOW_NEXUS_RESTING",
        }
    }

    fn cause(self) -> &'static str {
        match self {
            FlowNexusFault::Unauthorized => "does not accept the key: check FLOW_NEXUS_API_KEY",
            FlowNexusFault::Refused => "refused the request: check the model's name",
            FlowNexusFault::RateLimited => "asks for fewer requests",
            FlowNexusFault::Unreachable => "cannot be reached",
            FlowNexusFault::BadAnswer => "gave an answer that cannot be used",
            FlowNexusFault::RecentlyFailed => "failed a moment ago and is not asked",
        }
    }
}

/// The remote neural service has no prediction. Never holds a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowNexusError {
    /// What kind of failure.
    pub fault: FlowNexusFault,
    /// The host that was asked.
    pub host: String,
    /// What the service or the network said.
    pub reason: String,
    /// When it will be asked again, where that is known.
    pub retry_at: Option<Timestamp>,
}

impl fmt::Display for FlowNexusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flow-Nexus at {} {}", self.host, self.fault.cause())?;
        if let Some(at) = self.retry_at {
            write!(f, " until {at}")?;
        }
        if !self.reason.is_empty() {
            write!(f, " ({})", self.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for FlowNexusError {}
