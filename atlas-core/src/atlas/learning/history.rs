//! The past: which pattern was right for which ticket.

use std::path::Path;
use std::sync::Arc;

use super::Learning;
use crate::Result;
use crate::atlas::core::Core;
use crate::atlas::core::import::Outcome;
use crate::domain::{
    ImportKind, ImportReport, Observation, ObservationOrigin, ProgressFn, ReadOptions, Ticket,
    TicketKey,
};
use crate::exchange::history::{HistoryLink, read_history_watched};
use crate::exchange::{Each, Watch};
use crate::store::{Change, ImportUnit, Repositories};

impl Learning {
    /// Imports the past from CSV: which pattern was right for which ticket. A ticket that is not
    /// stored is made from its key and summary. See [`crate::exchange::history`].
    ///
    /// # Errors
    /// As [`Tickets::import_file`](crate::Tickets::import_file).
    pub fn import_history(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        self.import_history_with(path, &ReadOptions::default(), progress)
    }

    /// The same, where the file itself is not to decide the order of day and month or the mark
    /// before decimals.
    ///
    /// # Errors
    /// As [`Tickets::import_file`](crate::Tickets::import_file).
    pub fn import_history_with(
        &self,
        path: impl AsRef<Path>,
        reading: &ReadOptions,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let import = self
            .core
            .new_import(ImportKind::History, path.as_ref(), false);
        self.core
            .import_history_as(&import, path.as_ref(), reading, progress)
    }
}

impl Core {
    pub(crate) fn import_history_as(
        self: &Arc<Self>,
        import: &ImportUnit,
        path: &Path,
        reading: &ReadOptions,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let read = |watch: Watch<'_>, each: Each<'_, HistoryLink>| {
            read_history_watched(path, reading, watch, each)
        };
        let put = |stored: &Repositories<'_>, link: &HistoryLink| self.put_link(stored, link);
        let report = self.import(import, read, progress, put)?;
        self.encode_pending(progress)?;
        self.retrain_if_due();
        Ok(report)
    }

    fn put_link(&self, stored: &Repositories<'_>, link: &HistoryLink) -> Result<Outcome> {
        let Some(pattern_id) = self.linked_pattern(stored, &link.pattern_key)? else {
            let reason = format!(
                "pattern {} is not stored: import the patterns first",
                link.pattern_key
            );
            return Ok(Outcome::Refused(reason));
        };
        let ticket_id =
            self.linked_ticket(stored, &link.ticket_key, link.ticket_summary.as_deref())?;
        let Some(ticket_id) = ticket_id else {
            let reason = format!(
                "ticket {} is not stored and the line has no summary",
                link.ticket_key
            );
            return Ok(Outcome::Refused(reason));
        };
        let observation = Observation {
            ticket_id,
            pattern_id,
            verdict: link.verdict,
            origin: ObservationOrigin::History,
            observed_at: link.date,
            minutes: link.minutes,
        };
        let added = stored.observations().add_uncounted(&observation, None)?;
        Ok(Outcome::Done(if added {
            Change::New
        } else {
            Change::Unchanged
        }))
    }

    /// The row id of a past ticket; made from key and summary where it is not stored.
    fn linked_ticket(
        &self,
        stored: &Repositories<'_>,
        key: &TicketKey,
        summary: Option<&str>,
    ) -> Result<Option<i64>> {
        if let Some(ticket) = stored.tickets().by_key(key)? {
            return Ok(Some(ticket.id));
        }
        let Some(summary) = summary.filter(|summary| !summary.trim().is_empty()) else {
            return Ok(None);
        };
        let ticket = Ticket::new(key.clone(), summary);
        self.made_ticket(stored, &ticket).map(Some)
    }
}
