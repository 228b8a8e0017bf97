//! Bringing tickets, patterns and the past into the database.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::path::Path;

use super::Atlas;
use crate::domain::{
    ImportKind, ImportReport, Observation, ObservationOrigin, Progress, ProgressFn, ReadOptions,
    Skipped, Stage, TestPattern, Ticket, TicketKey,
};
use crate::exchange::history::{HistoryLink, read_history_watched};
use crate::exchange::{Each, ReadSummary, Watch};
use crate::pipeline::starter;
use crate::search::documents::Document;
use crate::store::{Change, ImportUnit, Owner, Repositories};
use crate::{Error, Result};

/// Records stored in one transaction: what is lost at most when the process is killed.
pub(super) const BATCH: usize = 1_000;
/// So many bytes of text make a batch too: what is read waits in memory until it is stored.
const BATCH_TEXT: u64 = 16 * 1024 * 1024;
/// The most records that could not be imported of which the reasons are kept.
pub(super) const MOST_SKIPPED: usize = 1_000;
/// The setting that says that the catalogue was offered, so that it is not offered twice.
const STARTER_OFFERED: &str = "starter_catalogue_offered";

impl Atlas {
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
        self.import_history_with(path, &ReadOptions::default(), progress)
    }

    /// The same, where the file itself is not to decide the order of day and month or the mark
    /// before decimals.
    ///
    /// # Errors
    /// As [`import_tickets`](Self::import_tickets).
    pub fn import_history_with(
        &self,
        path: impl AsRef<Path>,
        reading: &ReadOptions,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let import = self.new_import(ImportKind::History, path.as_ref(), false);
        self.import_history_as(&import, path.as_ref(), reading, progress)
    }

    pub(super) fn import_history_as(
        &self,
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

    /// Stores patterns that the host has; returns what an import would.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a number that is out of its range; storage errors. Nothing is stored then.
    pub fn add_patterns(&self, patterns: &[TestPattern]) -> Result<ImportReport> {
        patterns.iter().try_for_each(TestPattern::check_numbers)?;
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

    /// Reads entries of an import and stores them batch by batch, a transaction each.
    pub(super) fn import<T>(
        &self,
        import: &ImportUnit,
        read: impl FnOnce(Watch<'_>, Each<'_, T>) -> Result<ReadSummary>,
        progress: ProgressFn<'_>,
        put: impl Fn(&Repositories<'_>, &T) -> Result<Outcome>,
    ) -> Result<ImportReport> {
        self.store.writable()?;
        let mut batch = Vec::new();
        let mut report = ImportReport::default();
        let store = |batch: &mut Vec<(u64, T)>, report: &mut ImportReport| {
            let batch = std::mem::take(batch);
            let outcomes = self.store.write_import(import, |stored| {
                let put = batch
                    .iter()
                    .map(|(line, record)| Ok((*line, put(stored, record)?)));
                put.collect::<Result<Vec<_>>>()
            })?;
            outcomes
                .into_iter()
                .for_each(|(line, outcome)| report.count(line, outcome));
            Ok(())
        };
        let mut failed = Ok(());
        let mut stored_to = 0;
        let summary = watched(progress, |watch| {
            read(watch, &mut |record| {
                let (done, total) = (record.offset, record.file_length);
                match record.value {
                    Ok(value) => batch.push((record.line, value)),
                    Err(reason) => report.skip(record.line, reason),
                }
                let text = record.text_offset.saturating_sub(stored_to);
                if batch.len() >= BATCH || text >= BATCH_TEXT {
                    stored_to = record.text_offset;
                    failed =
                        store(&mut batch, &mut report).and_then(|()| go_on(watch(done, total)));
                }
                flow(&failed)
            })
        });
        // What was read before a failure is kept.
        store(&mut batch, &mut report)?;
        failed?;
        report.end(summary?);
        report.import_id = self.end_import(import)?;
        Ok(report)
    }

    /// The same in a copy of the database, so that nothing waits for the host's callback.
    pub(super) fn rehearse_import<T>(
        &self,
        read: impl FnOnce(Watch<'_>, Each<'_, T>) -> Result<ReadSummary>,
        progress: ProgressFn<'_>,
        put: impl Fn(&Repositories<'_>, &T) -> Result<Outcome>,
    ) -> Result<ImportReport> {
        self.store.copied()?.write(|stored| {
            let mut report = ImportReport {
                dry_run: true,
                ..ImportReport::default()
            };
            let mut failed = Ok(());
            let summary = watched(progress, |watch| {
                read(watch, &mut |record| {
                    match record.value {
                        Err(reason) => report.skip(record.line, reason),
                        Ok(value) => match put(stored, &value) {
                            Ok(outcome) => report.count(record.line, outcome),
                            Err(error) => failed = Err(error),
                        },
                    }
                    flow(&failed)
                })
            });
            failed?;
            report.end(summary?);
            Ok(report)
        })
    }

    /// Stores records that the host has, all or none.
    pub(super) fn add<T>(
        &self,
        records: &[T],
        put: impl Fn(&Repositories<'_>, &T) -> Result<Outcome>,
    ) -> Result<ImportReport> {
        let mut report = ImportReport::default();
        self.store.write(|stored| {
            for (place, record) in (1..).zip(records) {
                report.count(place, put(stored, record)?);
            }
            Ok(())
        })?;
        Ok(report)
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
            Outcome::Refused(reason) => self.skip(line, reason),
        }
    }

    fn skip(&mut self, line: u64, reason: String) {
        self.skipped_count += 1;
        if self.skipped.len() < MOST_SKIPPED {
            self.skipped.push(Skipped { line, reason });
        }
    }

    fn end(&mut self, summary: ReadSummary) {
        self.truncated = summary.truncated;
        self.file = summary.file;
    }
}

/// What a watch's answer means for the import.
fn go_on(flow: ControlFlow<()>) -> Result<()> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}

fn flow(outcome: &Result<()>) -> ControlFlow<()> {
    match outcome {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}
