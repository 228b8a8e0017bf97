//! What one sync asks for.

use jiff::Timestamp;

use crate::jira::Jql;

/// The issues that are meant and where to begin.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Whenever they were changed.
    pub query: Jql,
    /// Only what was changed then or later.
    pub begin: Option<Timestamp>,
}

impl Plan {
    /// The query, as any Jira should take it.
    pub fn jql(&self) -> Jql {
        match self.begin {
            Some(begin) => self.query.clone().changed_since(begin),
            None => self.query.clone().by_change(),
        }
    }

    /// The query in minutes before now, a minute more than needed, for a Jira that refuses
    /// milliseconds.
    pub fn relative(&self, now: Timestamp) -> Option<Jql> {
        let seconds = now.duration_since(self.begin?).as_secs().max(0);
        Some(self.query.clone().changed_within(seconds / 60 + 2))
    }
}
