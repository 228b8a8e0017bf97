//! What a sync knows from the ones before it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Census, SyncOptions};
use crate::domain::Ticket;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Kept in the database, written with each page in its transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SyncState {
    /// The newest change that was stored.
    pub watermark: Option<Timestamp>,
    /// Whether everything up to there was read once.
    pub complete: bool,
    /// When all ids were last compared.
    pub census: Option<Timestamp>,
    /// Projects of which issues came; a ticket of another one is none of this sync's business.
    pub projects: BTreeSet<String>,
}

impl SyncState {
    pub fn from_json(text: Option<&str>) -> Self {
        // A state that cannot be read means to read everything again.
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// Where to begin; `None` for everything.
    pub fn begin(&self, options: &SyncOptions) -> Option<Timestamp> {
        let kept = self.watermark?.checked_sub(options.overlap).ok();
        kept.max(options.since)
    }

    /// Notes a ticket. A change in the future, which a wrong clock makes, would hide all that
    /// follow: the watermark never passes `now`.
    pub fn note(&mut self, ticket: &Ticket, now: Timestamp) {
        self.projects.insert(ticket.key.project().to_owned());
        let changed = ticket.updated.map(|at| at.min(now));
        self.watermark = self.watermark.max(changed);
    }

    pub fn census_is_due(&self, options: &SyncOptions, now: Timestamp) -> bool {
        match options.census {
            Census::Never => false,
            Census::Always => true,
            Census::Daily => {
                let due = self.census.and_then(|last| last.checked_add(DAY).ok());
                options.full || due.is_none_or(|due| due <= now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketKey;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_change_in_the_future_hides_nothing() {
        let now = at("2026-03-26T16:00:00Z");
        let mut ticket = Ticket::new(TicketKey::parse("WRKA-7").unwrap(), "");
        let mut state = SyncState::default();
        state.note(&ticket, now);
        assert_eq!(state.watermark, None);
        ticket.updated = Some(at("2099-01-01T00:00:00Z"));
        state.note(&ticket, now);
        assert_eq!(state.watermark, Some(now));
        let begin = state.begin(&SyncOptions::default());
        assert_eq!(begin, Some(at("2026-03-26T15:50:00Z")));
    }

    #[test]
    fn a_census_is_due_once_a_day() {
        let mut state = SyncState::default();
        let options = SyncOptions::default();
        assert!(state.census_is_due(&options, at("2026-03-26T16:00:00Z")));
        state.census = Some(at("2026-03-26T16:00:00Z"));
        assert!(!state.census_is_due(&options, at("2026-03-27T15:00:00Z")));
        assert!(state.census_is_due(&options, at("2026-03-27T16:00:00Z")));
        let full = SyncOptions {
            full: true,
            ..options
        };
        assert!(state.census_is_due(&full, at("2026-03-26T16:00:00Z")));
    }
}
