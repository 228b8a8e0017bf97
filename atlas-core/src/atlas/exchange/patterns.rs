//! Test cases of other tools as patterns.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::sync::Arc;

pub(super) use super::known::by_id;
use super::known::{self, Known, Taken};
use super::plan::{MOST_ALIKE, Planned, plan};
use super::{action, item};
use crate::atlas::core::Core;
use crate::atlas::core::import::{BATCH, MOST_SKIPPED, watched};
use crate::atlas::patterns::Patterns;
use crate::domain::{
    ImportKind, ImportReport, Observation, ObservationOrigin, Progress, ProgressFn, Skipped, Stage,
    TestAction, TestField, TestImport, TestItem, TestPattern, TestReport, Verdict,
};
use crate::exchange::cases::{self, Entry, TestCase};
use crate::exchange::identity::InFile;
use crate::search::documents::Document;
use crate::store::{Change, ImportUnit, Owner, Repositories};
use crate::{Error, Result};

impl Patterns {
    /// Imports test patterns and encodes them: a file of any of the formats of
    /// [`exchange::cases`](crate::exchange::cases), told by its content, plain or gzip, or a folder
    /// of feature files. See [`Patterns::import_file_with`](crate::Patterns::import_file_with).
    ///
    /// # Errors
    /// As [`Tickets::import_file`](crate::Tickets::import_file).
    pub fn import_file(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let report = self.import_file_with(path, &TestImport::default(), progress)?;
        Ok(report.into())
    }

    /// Imports test cases of other tools as patterns, or says what an import would do.
    ///
    /// A test case is known again by any of its ids within its project, suite or sheet, or where
    /// none is known by name, type and component among the patterns without a key. A known one is
    /// changed where the file says something else: what is not in the file stays, what is there and
    /// empty is cleared; what was learned stays, and whether it is retired. The same id with
    /// another title and other steps is another test case: it is refused, and kept as a second one
    /// where [`TestImport::project`] tells the two apart. A stored ticket that a test case names is linked with it: an observation of
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
    /// let report = atlas.patterns().import_file_with(&path, &dry, &mut silent)?;
    /// assert_eq!((report.format.as_str(), report.created), ("testrail-csv", 1));
    /// assert!(atlas.patterns().get("C7").is_err());
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn import_file_with(
        &self,
        path: impl AsRef<Path>,
        options: &TestImport,
        progress: ProgressFn<'_>,
    ) -> Result<TestReport> {
        let import = self
            .core
            .new_import(ImportKind::Patterns, path.as_ref(), false);
        self.core
            .import_patterns_as(&import, path.as_ref(), options, progress)
    }
}

impl Core {
    pub(crate) fn import_patterns_as(
        self: &Arc<Self>,
        import: &ImportUnit,
        path: &Path,
        options: &TestImport,
        progress: ProgressFn<'_>,
    ) -> Result<TestReport> {
        // A file is in memory before its first record is stored.
        let mut file = watched(progress, |tell| {
            let read = |_, total| tell(0, total);
            cases::read_watched(path, options, &read)
        })?;
        let projects = self.store.read(|stored| stored.tickets().projects())?;
        cases::settle_guesses(&mut file, &projects);
        let mut report = TestReport::new(file.format, options.dry_run);
        report.truncated.clone_from(&file.truncated);
        report.file.clone_from(&file.report);
        report.notes.clone_from(&file.notes);
        let holds = file.holds.clone();
        let entries = plan(file, options);
        let run = Run {
            holds: &holds,
            taken: RefCell::default(),
            conflicts: Cell::new(0),
        };
        let put =
            |stored: &Repositories<'_>, entry: &Entry<Planned>| self.put_entry(stored, entry, &run);
        let target = (!options.dry_run).then_some(import);
        self.put_all(&entries, target, put, &mut report, path, progress)?;
        report.notes.extend(run.note());
        if !options.dry_run {
            report.import_id = self.end_import(import)?;
            self.encode_pending(progress)?;
            if report.linked > 0 {
                self.retrain_if_due();
            }
        }
        Ok(report)
    }

    /// Stores records of an import a thousand at a time; without one, all, and takes them back.
    pub(super) fn put_all<T>(
        &self,
        entries: &[Entry<T>],
        import: Option<&ImportUnit>,
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
        let Some(import) = import else {
            add(self.store.rehearse(|stored| put_batch(stored, entries))?);
            return Ok(());
        };
        let total = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        for (number, batch) in entries.chunks(BATCH).enumerate() {
            let write = |stored: &Repositories<'_>| put_batch(stored, batch);
            add(self.store.write_import(import, write)?);
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
        entry: &Entry<Planned>,
        run: &Run<'_>,
    ) -> Result<(TestItem, u64)> {
        let refused = |item: TestItem, reason: String| {
            let reason = Some(reason);
            Ok((TestItem { reason, ..item }, 0))
        };
        let record = match &entry.value {
            Ok(record) => record,
            Err(reason) => return refused(item(entry, ""), reason.clone()),
        };
        let case = &record.case;
        let mut item = item(entry, &case.pattern.name);
        item.external_id = case.ids.first().cloned();
        if case.pattern.name.trim().is_empty() {
            return refused(item, "it has no name".into());
        }
        match record.in_file {
            InFile::First => {}
            InFile::Repeats(_) => {
                item.action = TestAction::Unchanged;
                let other = &record.other;
                let reason = match case.pattern.steps.is_empty() {
                    true => format!("it has no steps, and says no more than {other}"),
                    false => format!("it repeats {other}"),
                };
                return refused(item, reason);
            }
            InFile::Crowd => {
                let reason = format!(
                    "more than {MOST_ALIKE} test cases without ids have its name and folder: give \
                     them ids"
                );
                return refused(item, reason);
            }
            InFile::Conflicts(_) => {
                run.count_conflict();
                let id = case.ids.first().map_or("", String::as_str);
                let reason = format!(
                    "the id {id} is that of {} too, which has another title or other steps: \
                     neither was imported; give each an id of its own",
                    record.other
                );
                return refused(item, reason);
            }
        }
        let known = known::find(stored, record, &run.taken.borrow())?;
        if let Known::Conflict(reason) = known {
            run.count_conflict();
            return refused(item, reason);
        }
        let put = self.put_case(stored, record, known, run.holds)?;
        run.taken.borrow_mut().insert(put.id, record.place);
        item.action = action(put.change);
        let (linked, missing) = link(stored, put.id, case)?;
        let mut reasons = Vec::from_iter(put.lost);
        if !missing.is_empty() {
            let missing = missing.join(", ");
            reasons.push(format!("not linked, since they are not stored: {missing}"));
        }
        item.reason = (!reasons.is_empty()).then(|| reasons.join("; "));
        Ok((item, linked))
    }

    fn put_case(
        &self,
        stored: &Repositories<'_>,
        record: &Planned,
        known: Known,
        holds: &[TestField],
    ) -> Result<Put> {
        let mut pattern = record.case.pattern.clone();
        let holds = record.case.holds.as_deref().unwrap_or(holds);
        let mut lost = None;
        let (id, change) = match known {
            Known::Is(known) => {
                let steps = known.value.steps.len();
                complete(&mut pattern, known.value, holds);
                if pattern.steps.is_empty() && steps > 0 {
                    lost = Some(format!(
                        "its {steps} steps were removed: the file has none for it"
                    ));
                }
                let told = holds.contains(&TestField::Minutes);
                let change = stored.patterns().renew(known.id, &pattern, told)?;
                (known.id, change)
            }
            Known::New(key) => {
                pattern.key = key;
                (stored.patterns().add(&pattern)?, Change::New)
            }
            Known::Conflict(reason) => return Err(Error::invalid("id", "", reason)),
        };
        if change != Change::Unchanged {
            self.put_document(stored, Owner::Pattern, id, &Document::of_pattern(&pattern))?;
        }
        known::remember(stored, record, id, pattern.key.as_deref())?;
        Ok(Put { id, change, lost })
    }
}

/// What an import of test cases keeps from record to record.
struct Run<'f> {
    /// Which parts the file tells.
    holds: &'f [TestField],
    taken: RefCell<Taken>,
    conflicts: Cell<u64>,
}

impl Run<'_> {
    fn count_conflict(&self) {
        self.conflicts.set(self.conflicts.get() + 1);
    }

    fn note(&self) -> Option<String> {
        let count = self.conflicts.get();
        (count > 0).then(|| {
            format!(
                "{count} test cases have the id of another one: nothing was replaced. Test cases of \
                 several projects or sheets are kept apart by --project NAME, a name for each"
            )
        })
    }
}

/// What became of a test case.
struct Put {
    id: i64,
    change: Change,
    /// What it lost, in words.
    lost: Option<String>,
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

impl From<TestReport> for ImportReport {
    /// What an import of test cases did, in the form of the other imports.
    fn from(report: TestReport) -> Self {
        let refused = report.items.iter();
        let refused = refused.filter(|item| item.action == TestAction::Refused);
        let skipped = refused.clone().take(MOST_SKIPPED).map(skipped).collect();
        ImportReport {
            dry_run: report.dry_run,
            import_id: report.import_id,
            new: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            skipped_count: refused.count() as u64,
            skipped,
            truncated: report.truncated,
            file: report.file,
        }
    }
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
