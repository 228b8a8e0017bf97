//! Bringing tickets, patterns and the past into the database.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::path::Path;

use super::Atlas;
use crate::domain::{
    Draft, ImportReport, Observation, ObservationOrigin, Progress, ProgressFn, ReadOptions,
    Skipped, Stage, TestPattern, Ticket, TicketKey,
};
use crate::exchange::history::{HistoryLink, read_history_with};
use crate::exchange::{Each, ReadSummary, Record, Watch};
use crate::jira::{Completeness, ReadTicket, read_tickets_with};
use crate::pipeline::starter;
use crate::search::documents::Document;
use crate::store::{Absent, Change, Owner, Repositories};
use crate::{Error, Result};

/// Records stored in one transaction: what is lost at most when the process is killed.
pub(super) const BATCH: usize = 1_000;
/// The setting that says that the catalogue was offered, so that it is not offered twice.
const STARTER_OFFERED: &str = "starter_catalogue_offered";

impl Atlas {
    /// Imports tickets from a file of Jira JSON or CSV, plain or gzip, and encodes them.
    ///
    /// Records are stored, and searchable by words, as they are read; importing again changes
    /// nothing. See [`crate::jira`] for the formats.
    ///
    /// # Errors
    /// `FILE_FAILED`, `UNKNOWN_FORMAT`, storage errors; `CANCELLED` when `progress` says so: what
    /// was stored is kept.
    pub fn import_tickets(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let options = ReadOptions::default();
        let read = |watch: Watch<'_>, each: Each<'_, ReadTicket>| {
            read_tickets_with(path.as_ref(), &options, watch, each)
        };
        let report = self.import(read, progress, |stored, read| {
            let absent = match read.completeness {
                Completeness::Complete => Absent::Clear,
                Completeness::Partial => Absent::Keep,
            };
            self.put_ticket(stored, &read.ticket, absent)
        })?;
        self.encode_pending(progress)?;
        Ok(report)
    }

    /// Imports the past from CSV: which pattern was right for which ticket. A ticket that is not
    /// stored is made from its key and summary. See [`crate::exchange::history`].
    ///
    /// # Errors
    /// As [`import_tickets`](Self::import_tickets).
    pub fn import_history(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let options = ReadOptions::default();
        let read = |watch: Watch<'_>, each: Each<'_, HistoryLink>| {
            read_history_with(path.as_ref(), &options, watch, each)
        };
        let report = self.import(read, progress, |stored, link| self.put_link(stored, link))?;
        self.encode_pending(progress)?;
        self.retrain_if_due();
        Ok(report)
    }

    /// Stores tickets that the host has; returns what an import would.
    ///
    /// # Errors
    /// Storage errors; nothing is stored then.
    pub fn add_tickets(&self, tickets: &[Ticket]) -> Result<ImportReport> {
        self.add(tickets, |stored, ticket| {
            self.put_ticket(stored, ticket, Absent::Clear)
        })
    }

    /// Stores patterns that the host has; returns what an import would.
    ///
    /// # Errors
    /// Storage errors; nothing is stored then.
    pub fn add_patterns(&self, patterns: &[TestPattern]) -> Result<ImportReport> {
        self.add(patterns, |stored, pattern| {
            self.put_pattern(stored, pattern)
        })
    }

    /// Gives a database that has no pattern the starter catalogue, once.
    pub(super) fn offer_starter_catalogue(&self) -> Result<()> {
        let wanted = self.store.read(|stored| {
            Ok(stored.patterns().count(None)? == 0
                && stored.settings().get(STARTER_OFFERED)?.is_none())
        })?;
        if !wanted {
            return Ok(());
        }
        let patterns = starter::patterns()?;
        self.store.write(|stored| {
            for pattern in &patterns {
                self.put_pattern(stored, pattern)?;
            }
            stored.settings().set(STARTER_OFFERED, Some("1"))
        })
    }

    /// Reads entries and stores them batch by batch, a transaction each.
    pub(super) fn import<T>(
        &self,
        read: impl FnOnce(Watch<'_>, Each<'_, T>) -> Result<ReadSummary>,
        progress: ProgressFn<'_>,
        put: impl Fn(&Repositories<'_>, &T) -> Result<Outcome>,
    ) -> Result<ImportReport> {
        let mut import = Batches {
            atlas: self,
            put,
            batch: Vec::new(),
            report: ImportReport::default(),
        };
        let mut failed = Ok(());
        let summary = watched(progress, |tell| {
            read(tell, &mut |record| match import.take(record, tell) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Err(error);
                    ControlFlow::Break(())
                }
            })
        });
        // What was read before a failure is kept.
        import.store()?;
        failed?;
        let summary = summary?;
        import.report.truncated = summary.truncated;
        import.report.file = summary.file;
        Ok(import.report)
    }

    fn add<T>(
        &self,
        records: &[T],
        put: impl Fn(&Repositories<'_>, &T) -> Result<Outcome>,
    ) -> Result<ImportReport> {
        let mut report = ImportReport::default();
        self.store.write(|stored| {
            for record in records {
                report.count(0, put(stored, record)?);
            }
            Ok(())
        })?;
        Ok(report)
    }

    fn put_ticket(
        &self,
        stored: &Repositories<'_>,
        ticket: &Ticket,
        absent: Absent,
    ) -> Result<Outcome> {
        let (_, change) = self.store_ticket(stored, ticket, absent)?;
        Ok(Outcome::Done(change))
    }

    /// Stores a ticket and, where it is new or has changed, what search needs of it.
    pub(super) fn store_ticket(
        &self,
        stored: &Repositories<'_>,
        ticket: &Ticket,
        absent: Absent,
    ) -> Result<(i64, Change)> {
        let (id, change) = stored.tickets().upsert(ticket, absent)?;
        if change != Change::Unchanged {
            // A partial record is completed by what was stored before.
            let whole = stored
                .tickets()
                .by_id(id)?
                .map_or_else(|| Draft::from(ticket), |t| Draft::from(&t.value));
            self.put_document(stored, Owner::Ticket, id, &Document::of_ticket(&whole))?;
        }
        Ok((id, change))
    }

    fn put_pattern(&self, stored: &Repositories<'_>, pattern: &TestPattern) -> Result<Outcome> {
        let (id, change) = stored.patterns().upsert(pattern)?;
        if change != Change::Unchanged {
            self.put_document(stored, Owner::Pattern, id, &Document::of_pattern(pattern))?;
        }
        Ok(Outcome::Done(change))
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

    /// The row id of the pattern with a key or, if there is none, a name.
    pub(super) fn linked_pattern(
        &self,
        stored: &Repositories<'_>,
        key: &str,
    ) -> Result<Option<i64>> {
        if let Some(pattern) = stored.patterns().by_key(key)? {
            return Ok(Some(pattern.id));
        }
        Ok(stored
            .patterns()
            .by_name(key)?
            .first()
            .map(|pattern| pattern.id))
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

    /// Stores a ticket of which little is known, with what search needs of it.
    pub(super) fn made_ticket(&self, stored: &Repositories<'_>, ticket: &Ticket) -> Result<i64> {
        let (id, _) = stored.tickets().upsert(ticket, Absent::Keep)?;
        let document = Document::of_ticket(&Draft::from(ticket));
        self.put_document(stored, Owner::Ticket, id, &document)?;
        Ok(id)
    }
}

/// Reads while a callback sees how far it is, record or no record, and may stop it.
pub(super) fn watched<T>(progress: ProgressFn<'_>, read: impl FnOnce(Watch<'_>) -> T) -> T {
    let progress = RefCell::new(progress);
    read(&|done, total| {
        (progress.borrow_mut())(Progress {
            stage: Stage::Importing,
            done,
            total: Some(total),
        })
    })
}

/// What became of one record.
pub(super) enum Outcome {
    Done(Change),
    Refused(String),
}

impl ImportReport {
    fn count(&mut self, line: u64, stored: Outcome) {
        match stored {
            Outcome::Done(Change::New) => self.new += 1,
            Outcome::Done(Change::Updated) => self.updated += 1,
            Outcome::Done(Change::Unchanged) => self.unchanged += 1,
            Outcome::Refused(reason) => self.skipped.push(Skipped { line, reason }),
        }
    }
}

/// An import under way.
struct Batches<'a, T, P> {
    atlas: &'a Atlas,
    put: P,
    batch: Vec<(u64, T)>,
    report: ImportReport,
}

impl<T, P: Fn(&Repositories<'_>, &T) -> Result<Outcome>> Batches<'_, T, P> {
    fn take(&mut self, record: Record<T>, tell: Watch<'_>) -> Result<()> {
        let (line, done, total) = (record.line, record.offset, record.file_length);
        match record.value {
            Err(reason) => self.report.skipped.push(Skipped { line, reason }),
            Ok(value) => self.batch.push((line, value)),
        }
        if self.batch.len() >= BATCH {
            self.store()?;
            if tell(done, total).is_break() {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }

    fn store(&mut self) -> Result<()> {
        let (batch, put) = (std::mem::take(&mut self.batch), &self.put);
        let mut outcomes = Vec::with_capacity(batch.len());
        self.atlas.store.write(|stored| {
            for (line, record) in &batch {
                outcomes.push((*line, put(stored, record)?));
            }
            Ok(())
        })?;
        outcomes
            .into_iter()
            .for_each(|(line, outcome)| self.report.count(line, outcome));
        Ok(())
    }
}
