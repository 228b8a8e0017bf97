//! Test cases of other tools as patterns.

use std::path::Path;

use super::super::Atlas;
use super::super::import::{BATCH, watched};
use super::{action, is_own, item};
use crate::domain::{
    ImportReport, Observation, ObservationOrigin, Progress, ProgressFn, Skipped, Stage, TestAction,
    TestField, TestImport, TestItem, TestPattern, TestReport, Verdict,
};
use crate::exchange::cases::{self, Entry, TestCase};
use crate::search::documents::Document;
use crate::store::{Change, Owner, Repositories, Stored};
use crate::{Error, Result};

impl Atlas {
    /// Imports test patterns and encodes them: a file of any of the formats of
    /// [`exchange::cases`](crate::exchange::cases), told by its content, plain or gzip, or a folder
    /// of feature files. See [`import_patterns_with`](Self::import_patterns_with).
    ///
    /// # Errors
    /// As [`import_tickets`](Self::import_tickets).
    pub fn import_patterns(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let report = self.import_patterns_with(path, &TestImport::default(), progress)?;
        let refused = report
            .items
            .iter()
            .filter(|i| i.action == TestAction::Refused);
        Ok(ImportReport {
            new: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            skipped_count: refused.clone().count() as u64,
            skipped: refused.take(1_000).map(skipped).collect(),
            truncated: report.truncated.clone(),
            dry_run: false,
            file: report.file,
        })
    }

    /// Imports test cases of other tools as patterns, or says what an import would do.
    ///
    /// A test case is known again by any of its ids, or where none is known by name, type and
    /// component among the patterns without a key. A known one is changed where the file says
    /// something else; what the format cannot say stays, and so do what was learned and whether
    /// it is retired. A stored ticket that a test case names is linked with it: an observation of
    /// history.
    ///
    /// # Errors
    /// `FILE_FAILED`, `UNKNOWN_FORMAT`, `INVALID_VALUE` for a column that is not there, storage
    /// errors; `CANCELLED` when `progress` says so: what was stored is kept.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{TestImport, silent}};
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("cases.csv");
    /// std::fs::write(&path, "ID,Title,Section,Steps (Step)\nC7,Log in,Login,Open the page\n").unwrap();
    /// let atlas = Atlas::open_in_memory()?;
    /// let dry = TestImport { dry_run: true, ..TestImport::default() };
    /// let report = atlas.import_patterns_with(&path, &dry, &mut silent)?;
    /// assert_eq!((report.format.as_str(), report.created), ("testrail-csv", 1));
    /// assert!(atlas.pattern("C7").is_err());
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn import_patterns_with(
        &self,
        path: impl AsRef<Path>,
        options: &TestImport,
        progress: ProgressFn<'_>,
    ) -> Result<TestReport> {
        // A file is in memory before its first record is stored.
        let mut file = watched(progress, |tell| {
            let read = |_, total| tell(0, total);
            cases::read_watched(path.as_ref(), options, &read)
        })?;
        let projects = self.store.read(|stored| stored.tickets().projects())?;
        cases::settle_guesses(&mut file, &projects);
        let mut report = TestReport::new(file.format, options.dry_run);
        report.truncated.clone_from(&file.truncated);
        report.file.clone_from(&file.report);
        report.notes.clone_from(&file.notes);
        let put = |stored: &Repositories<'_>, entry: &Entry<TestCase>| {
            self.put_entry(stored, entry, &file.holds)
        };
        self.put_all(
            &file.entries,
            options.dry_run,
            put,
            &mut report,
            path.as_ref(),
            progress,
        )?;
        if !options.dry_run {
            self.encode_pending(progress)?;
            if report.linked > 0 {
                self.retrain_if_due();
            }
        }
        Ok(report)
    }

    /// Stores records a thousand at a time, or all and takes them back.
    pub(super) fn put_all<T>(
        &self,
        entries: &[Entry<T>],
        dry_run: bool,
        put: impl Fn(&Repositories<'_>, &Entry<T>) -> Result<(TestItem, u64)>,
        report: &mut TestReport,
        path: &Path,
        progress: ProgressFn<'_>,
    ) -> Result<()> {
        let put_batch = |stored: &Repositories<'_>, batch: &[Entry<T>]| {
            let put = batch.iter().map(|entry| put(stored, entry));
            put.collect::<Result<Vec<_>>>()
        };
        let mut add = |items: Vec<(TestItem, u64)>| {
            for (item, linked) in items {
                report.linked += linked;
                report.add(item);
            }
        };
        if dry_run {
            add(self.store.rehearse(|stored| put_batch(stored, entries))?);
            return Ok(());
        }
        let total = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        for (number, batch) in entries.chunks(BATCH).enumerate() {
            add(self.store.write(|stored| put_batch(stored, batch))?);
            let share = (number * BATCH + batch.len()) as f64 / entries.len() as f64;
            let done = Progress {
                stage: Stage::Importing,
                done: (total as f64 * share) as u64,
                total: Some(total),
            };
            // The last batch leaves nothing to stop.
            if share < 1.0 && progress(done).is_break() {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }

    fn put_entry(
        &self,
        stored: &Repositories<'_>,
        entry: &Entry<TestCase>,
        holds: &[TestField],
    ) -> Result<(TestItem, u64)> {
        let case = match &entry.value {
            Ok(case) => case,
            Err(reason) => {
                let reason = Some(reason.clone());
                return Ok((
                    TestItem {
                        reason,
                        ..item(entry, "")
                    },
                    0,
                ));
            }
        };
        let mut item = item(entry, &case.pattern.name);
        item.external_id = case.ids.first().cloned();
        if case.pattern.name.trim().is_empty() {
            item.reason = Some("it has no name".into());
            return Ok((item, 0));
        }
        let (id, change) = self.put_case(stored, case, holds)?;
        item.action = action(change);
        let (linked, missing) = link(stored, id, case)?;
        if !missing.is_empty() {
            let missing = missing.join(", ");
            item.reason = Some(format!("not linked, since they are not stored: {missing}"));
        }
        Ok((item, linked))
    }

    fn put_case(
        &self,
        stored: &Repositories<'_>,
        case: &TestCase,
        holds: &[TestField],
    ) -> Result<(i64, Change)> {
        let mut pattern = case.pattern.clone();
        let (id, change) = match known(stored, case)? {
            Some(known) => {
                complete(&mut pattern, known.value, holds);
                (known.id, stored.patterns().renew(known.id, &pattern)?)
            }
            None => {
                pattern.key = case.ids.iter().find(|id| !is_own(id)).cloned();
                stored.patterns().upsert(&pattern)?
            }
        };
        if change != Change::Unchanged {
            self.put_document(stored, Owner::Pattern, id, &Document::of_pattern(&pattern))?;
        }
        for other in case
            .ids
            .iter()
            .filter(|id| Some(*id) != pattern.key.as_ref())
        {
            stored.exchange().name(other, id)?;
        }
        Ok((id, change))
    }
}

/// The stored pattern that a test case stands for.
fn known(stored: &Repositories<'_>, case: &TestCase) -> Result<Option<Stored<TestPattern>>> {
    for id in &case.ids {
        if let Some(found) = by_id(stored, id)? {
            return Ok(Some(found));
        }
    }
    let keyless = TestPattern {
        key: None,
        ..case.pattern.clone()
    };
    match stored.patterns().same(&keyless)? {
        Some(id) => stored.patterns().by_id(id),
        None => Ok(None),
    }
}

/// The pattern with a key, or that is known by an id elsewhere.
pub(super) fn by_id(stored: &Repositories<'_>, id: &str) -> Result<Option<Stored<TestPattern>>> {
    if let Some(found) = stored.patterns().by_key(id)? {
        return Ok(Some(found));
    }
    match stored.exchange().pattern(id)? {
        Some(row) => stored.patterns().by_id(row),
        None => Ok(None),
    }
}

/// What the file cannot say stays as it is stored, and so does where the pattern came from.
fn complete(pattern: &mut TestPattern, stored: TestPattern, holds: &[TestField]) {
    let keeps = |field| !holds.contains(&field);
    pattern.key = stored.key;
    pattern.origin = stored.origin;
    if keeps(TestField::PatternType) {
        pattern.pattern_type = stored.pattern_type;
    }
    if keeps(TestField::Component) {
        pattern.component = stored.component;
    }
    if keeps(TestField::Objective) {
        pattern.objective = stored.objective;
    }
    if keeps(TestField::Precondition) {
        pattern.precondition = stored.precondition;
    }
    if keeps(TestField::Steps) {
        pattern.steps = stored.steps;
    }
    if keeps(TestField::Labels) {
        pattern.labels = stored.labels;
    }
}

/// Links a pattern with the stored tickets of its test case: how many links are new, and which
/// tickets are not stored.
fn link(stored: &Repositories<'_>, id: i64, case: &TestCase) -> Result<(u64, Vec<String>)> {
    let (mut linked, mut missing) = (0, Vec::new());
    for key in &case.tickets {
        let Some(ticket) = stored.tickets().by_key(key)? else {
            missing.push(key.to_string());
            continue;
        };
        let observation = Observation {
            ticket_id: ticket.id,
            pattern_id: id,
            verdict: Verdict::Right,
            origin: ObservationOrigin::History,
            observed_at: None,
            minutes: None,
        };
        let added = stored.observations().add_uncounted(&observation, None)?;
        linked += u64::from(added);
    }
    Ok((linked, missing))
}

fn skipped(item: &TestItem) -> Skipped {
    let mut reason = item.reason.clone().unwrap_or_default();
    if let Some(column) = item.column {
        reason = format!("character {column}: {reason}");
    }
    if let Some(file) = &item.file {
        reason = format!("{}, line {}: {reason}", file.display(), item.line);
    }
    Skipped {
        line: item.line,
        reason,
    }
}
