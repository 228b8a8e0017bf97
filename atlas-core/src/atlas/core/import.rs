//! Bringing tickets, patterns and the past into the database.

use std::cell::RefCell;
use std::ops::ControlFlow;

use super::Core;
use crate::domain::{ImportReport, Progress, ProgressFn, Skipped, Stage, TestPattern};
use crate::exchange::{Each, ReadSummary, Watch};
use crate::pipeline::starter;
use crate::search::documents::Document;
use crate::store::{Change, ImportUnit, Owner, Repositories};
use crate::{Error, Result};

/// Records stored in one transaction: what is lost at most when the process is killed.
pub(crate) const BATCH: usize = 1_000;
/// So many bytes of text make a batch too: what is read waits in memory until it is stored.
const BATCH_TEXT: u64 = 16 * 1024 * 1024;
/// The most records that could not be imported of which the reasons are kept.
pub(crate) const MOST_SKIPPED: usize = 1_000;
/// The setting that says that the catalogue was offered, so that it is not offered twice.
const STARTER_OFFERED: &str = "starter_catalogue_offered";

impl Core {
    /// Gives a database that has no pattern the starter catalogue, once.
    pub(crate) fn offer_starter_catalogue(&self) -> Result<()> {
        let wanted = self.store.read(|stored| {
            Ok(stored.patterns().count(None)? == 0
                && stored.settings().get(STARTER_OFFERED)?.is_none())
        })?;
        if !wanted {
            return Ok(());
        }
        let patterns = starter::shared()?;
        self.store.write(|stored| {
            for pattern in patterns {
                self.put_pattern(stored, pattern)?;
            }
            stored.settings().set(STARTER_OFFERED, Some("1"))
        })
    }

    /// Reads entries of an import and stores them batch by batch, a transaction each.
    pub(crate) fn import<T>(
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
    pub(crate) fn rehearse_import<T>(
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
    pub(crate) fn add<T>(
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

    pub(crate) fn put_pattern(
        &self,
        stored: &Repositories<'_>,
        pattern: &TestPattern,
    ) -> Result<Outcome> {
        let (id, change) = stored.patterns().upsert(pattern)?;
        if change != Change::Unchanged {
            self.put_document(stored, Owner::Pattern, id, &Document::of_pattern(pattern))?;
        }
        Ok(Outcome::Done(change))
    }

    /// The row id of the pattern with a key or, if there is none, a name.
    pub(crate) fn linked_pattern(
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
}

/// Reads while a callback sees how far it is, record or no record, and may stop it.
pub(crate) fn watched<T>(progress: ProgressFn<'_>, read: impl FnOnce(Watch<'_>) -> T) -> T {
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
pub(crate) enum Outcome {
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
