//! Results of tests that ran for tickets, as observations.

use std::collections::BTreeSet;
use std::path::Path;

use super::{item, patterns};
use crate::Result;
use crate::atlas::core::import::watched;
use crate::atlas::learning::Learning;
use crate::atlas::tickets::Tickets;
use crate::domain::{
    ImportKind, Observation, ObservationOrigin, ProgressFn, TestAction, TestImport, TestItem,
    TestOutcome, TestReport, TestRun, TicketKey, Verdict,
};
use crate::exchange::cases::{self, Entry, TestResult, tickets_of, without_keys};
use crate::exchange::report::shortened;
use crate::store::{Repositories, StoredResult, StoredRun};

/// What takes longer than a day was left open, and says nothing of how long it takes.
const MOST_MINUTES: f64 = 1_440.0;

impl Learning {
    /// Imports results as JUnit XML, as Xray's JSON or as Cucumber's, or says what an import would
    /// do: a test that ran for a ticket is an observation of history, with its outcome, its date and
    /// its minutes.
    ///
    /// A test is its class, or the path of its suites, and its name; of one that a file has in several
    /// places, such as hosts or lines, each counts. Its pattern is known by the ids in its
    /// properties, else by its name, without the tickets at the name's ends, or by a key in it. Its
    /// tickets stand in the property `requirements`, in its
    /// name or its class, else in its suite; others are in [`TestImport::tickets`]. A word such as
    /// UTF-8 is a ticket only where its project is stored.
    ///
    /// A test is right for a ticket whether it passed or failed; one that did not run says nothing.
    /// For each test the newest result counts, and where several tests cover a pattern the worst of
    /// them. Less than half a minute is a machine's time, and says nothing of a tester's: then the
    /// minutes stay unknown.
    ///
    /// # Errors
    /// As [`Patterns::import_file_with`](crate::Patterns::import_file_with).
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{TestImport, TestOutcome, TestPattern, Ticket, TicketKey, silent}};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// atlas.patterns().add(&TestPattern::new("Umlauts survive", "Data Export"))?;
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("report.xml");
    /// std::fs::write(&path, "<testsuite name='WRKA-7'><testcase name='Umlauts survive' time='90'/></testsuite>").unwrap();
    /// atlas.learning().import_results(&path, &TestImport::default(), &mut silent)?;
    /// assert_eq!(atlas.tickets().test_runs("WRKA-7")?[0].outcome, TestOutcome::Passed);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn import_results(
        &self,
        path: impl AsRef<Path>,
        options: &TestImport,
        progress: ProgressFn<'_>,
    ) -> Result<TestReport> {
        // A file is in memory before its first record is stored.
        let file = watched(progress, |tell| {
            let read = |_, total| tell(0, total);
            cases::read_results_watched(path.as_ref(), options, &read)
        })?;
        let mut report = TestReport::new(file.format, options.dry_run);
        report.truncated.clone_from(&file.truncated);
        report.file.clone_from(&file.report);
        report.notes.extend(not_run(&file.entries));
        let projects = self.core.store.read(|stored| stored.tickets().projects())?;
        let put = |stored: &Repositories<'_>, entry: &Entry<TestResult>| {
            put_entry(stored, entry, options, &projects)
        };
        let import = self
            .core
            .new_import(ImportKind::Results, path.as_ref(), false);
        let target = (!options.dry_run).then_some(&import);
        self.core.put_all(
            &file.entries,
            target,
            put,
            &mut report,
            path.as_ref(),
            progress,
        )?;
        if !options.dry_run {
            report.import_id = self.core.end_import(&import)?;
            self.core.retrain_if_due();
        }
        Ok(report)
    }
}

impl Tickets {
    /// The newest imported result of each test of a ticket, the newest first.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn test_runs(&self, key: &str) -> Result<Vec<TestRun>> {
        let ticket = self.core.find(key)?;
        self.core
            .store
            .read(|stored| stored.exchange().runs(ticket.id))
    }
}

/// How many tests did not run, in words.
fn not_run(entries: &[Entry<TestResult>]) -> Option<String> {
    let results = entries.iter().filter_map(|entry| entry.value.as_ref().ok());
    let skipped = results
        .filter(|result| result.around.refused.is_none() && !result.around.is_superseded)
        .filter(|result| result.outcome == TestOutcome::Skipped)
        .count();
    match skipped {
        0 => None,
        1 => Some("1 test did not run and says nothing".into()),
        _ => Some(format!("{skipped} tests did not run and say nothing")),
    }
}

fn put_entry(
    stored: &Repositories<'_>,
    entry: &Entry<TestResult>,
    options: &TestImport,
    projects: &BTreeSet<String>,
) -> Result<(TestItem, u64)> {
    let with = |item: TestItem, reason: String| {
        let reason = Some(reason);
        Ok((TestItem { reason, ..item }, 0))
    };
    let result = match &entry.value {
        Ok(result) => result,
        Err(reason) => return with(item(entry, ""), reason.clone()),
    };
    let mut item = item(entry, &result.name);
    item.external_id = result.ids.first().cloned();
    if let Some(reason) = &result.around.refused {
        return with(item, reason.clone());
    }
    if let Some(reason) = says_nothing(result) {
        item.action = TestAction::Unchanged;
        return with(item, reason);
    }
    let pattern_id = match pattern(stored, result)? {
        Ok(id) => id,
        Err(reason) => return with(item, reason.into()),
    };
    let tickets = tickets_of(result, &options.tickets, projects);
    if tickets.is_empty() {
        return with(item, no_ticket(result));
    }
    let (mut linked, mut missing, mut actions) = (0, Vec::new(), Vec::new());
    item.reason = note(result);
    for key in &tickets {
        match stored.tickets().by_key(key)? {
            None => missing.push(key.to_string()),
            Some(ticket) => {
                let put = put_result(stored, ticket.id, pattern_id, result)?;
                item.reason = item.reason.or(put.reason);
                linked += u64::from(put.is_linked);
                actions.push(put.action);
            }
        }
    }
    if !missing.is_empty() {
        item.reason = Some(format!(
            "not stored: {}; import or sync first",
            missing.join(", ")
        ));
    }
    // New for one ticket is new.
    item.action = actions.into_iter().min().unwrap_or(TestAction::Refused);
    Ok((item, linked))
}

/// Why a result is none to be stored.
fn says_nothing(result: &TestResult) -> Option<String> {
    if result.around.is_superseded {
        return Some(format!(
            "an earlier attempt ({}): a later one of the same test is in the file",
            result.outcome.as_str()
        ));
    }
    let why = result.comment.as_deref().map(shortened);
    (result.outcome == TestOutcome::Skipped).then(|| match why {
        Some(why) => format!("it did not run: {why}"),
        None => "it did not run".into(),
    })
}

/// What a person should know of a result that is stored.
fn note(result: &TestResult) -> Option<String> {
    let passed = result.outcome == TestOutcome::Passed;
    match result.around.failed_attempts {
        0 => result.around.note.clone(),
        1 if passed => Some("passed after 1 failed attempt".into()),
        n if passed => Some(format!("passed after {n} failed attempts")),
        _ => None,
    }
}

/// Why a result has no ticket.
fn no_ticket(result: &TestResult) -> String {
    let words = [&result.around.words, &result.around.ticket_words];
    let words = words.into_iter().flatten().map(TicketKey::as_str);
    let words: Vec<&str> = words.take(5).collect();
    let advice = "give one for all, or name it in the property requirements or in the test's name";
    match words.is_empty() {
        true => format!("it names no ticket: {advice}"),
        false => format!(
            "it names no ticket: of the projects of {} none is stored; {advice}",
            words.join(", ")
        ),
    }
}

/// The pattern that was tested: by an id, else the one active pattern of the name, also of the name
/// without tickets at its ends, else the one whose key is a word of the name.
fn pattern(
    stored: &Repositories<'_>,
    result: &TestResult,
) -> Result<std::result::Result<i64, &'static str>> {
    for id in &result.ids {
        if let Some(found) = patterns::by_id(stored, id)? {
            return Ok(Ok(found.id));
        }
    }
    let mut named = stored.patterns().by_name(&result.name)?;
    let plain = without_keys(&result.name);
    if named.is_empty() && plain != result.name && !plain.is_empty() {
        named = stored.patterns().by_name(plain)?;
    }
    if named.is_empty()
        && let Some(id) = by_key_within(stored, &result.name)?
    {
        return Ok(Ok(id));
    }
    let mut active = named.iter().filter(|pattern| pattern.value.is_active);
    Ok(match (active.next(), active.next()) {
        (Some(only), None) => Ok(only.id),
        (Some(_), Some(_)) => Err(
            "several patterns have its name: name the pattern's key in the property external_id, \
             test_key or test_id",
        ),
        _ => Err(
            "no pattern has its ids or its name: import the test cases first, or name the \
             pattern's key in the property external_id, test_key or test_id",
        ),
    })
}

/// The one pattern whose key is a word of the name: `PT-2 Menu fits`.
fn by_key_within(stored: &Repositories<'_>, name: &str) -> Result<Option<i64>> {
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    let mut found = None;
    for word in words.filter(|word| word.contains('-')) {
        if let Some(pattern) = stored.patterns().by_key(word)? {
            match found {
                Some(other) if other != pattern.id => return Ok(None),
                _ => found = Some(pattern.id),
            }
        }
    }
    Ok(found)
}

/// What became of a result for one ticket.
struct Put {
    action: TestAction,
    /// Whether the ticket and the pattern were not linked before.
    is_linked: bool,
    reason: Option<String>,
}

fn put_result(
    stored: &Repositories<'_>,
    ticket_id: i64,
    pattern_id: i64,
    result: &TestResult,
) -> Result<Put> {
    let done = |action, is_linked, reason| {
        Ok(Put {
            action,
            is_linked,
            reason,
        })
    };
    let new = StoredResult {
        class: result.group.clone().unwrap_or_default(),
        name: result.name.clone(),
        outcome: result.outcome,
        seconds: result.seconds,
        ran_at: result.ran_at,
    };
    let Some(run) = stored.exchange().run(ticket_id, pattern_id)? else {
        let observation = Observation {
            ticket_id,
            pattern_id,
            verdict: Verdict::Right,
            origin: ObservationOrigin::History,
            observed_at: result.ran_at,
            minutes: minutes(result.seconds),
        };
        stored.observations().add_uncounted(&observation, None)?;
        if let Some(run) = stored.exchange().run(ticket_id, pattern_id)? {
            put(stored, &run, pattern_id, &new)?;
        }
        return done(TestAction::Created, true, None);
    };
    let tests = stored.exchange().results(run.observation_id)?;
    let same = |test: &&StoredResult| test.class == new.class && test.name == new.name;
    // A run without tests was stored before they were told apart.
    let before = match tests.iter().find(same) {
        Some(test) => Some(test.clone()),
        None if tests.is_empty() => run.outcome.map(|outcome| StoredResult {
            outcome,
            seconds: run.seconds,
            ran_at: run.ran_at,
            ..new.clone()
        }),
        None => None,
    };
    let (action, reason) = match &before {
        Some(before) => replaces(before, &new),
        None if tests.is_empty() => (TestAction::Updated, None),
        None => (TestAction::Created, None),
    };
    if action == TestAction::Unchanged {
        stored.observations().see(run.observation_id);
        if tests.is_empty() && reason.is_none() {
            // Now it is known whose result it is.
            stored.exchange().put_result(run.observation_id, &new)?;
        }
        return done(action, false, reason.map(str::to_owned));
    }
    let worst = put(stored, &run, pattern_id, &new)?;
    let hidden = (worst.outcome != new.outcome).then(|| {
        format!(
            "another test of the pattern {}: {} {}",
            worst.outcome.as_str(),
            shortened(&worst.class),
            shortened(&worst.name)
        )
    });
    done(action, false, hidden)
}

/// Whether a result takes the place of an earlier one of the same test.
fn replaces(before: &StoredResult, new: &StoredResult) -> (TestAction, Option<&'static str>) {
    if before.ran_at > new.ran_at && new.ran_at.is_some() {
        return (TestAction::Unchanged, Some("a newer result is stored"));
    }
    let same_time = before.ran_at == new.ran_at;
    if same_time && before.outcome == new.outcome && before.seconds == new.seconds {
        return (TestAction::Unchanged, None);
    }
    let better = before.outcome != TestOutcome::Passed && new.outcome == TestOutcome::Passed;
    if same_time && before.ran_at.is_some() && better {
        let reason = "of the same run a worse result is stored";
        return (TestAction::Unchanged, Some(reason));
    }
    (TestAction::Updated, None)
}

/// Stores a test's result, and the worst of all tests as the result of the pattern.
fn put(
    stored: &Repositories<'_>,
    run: &StoredRun,
    pattern_id: i64,
    new: &StoredResult,
) -> Result<StoredResult> {
    stored.exchange().put_result(run.observation_id, new)?;
    let tests = stored.exchange().results(run.observation_id)?;
    let rank = |test: &StoredResult| match test.outcome {
        TestOutcome::Failed => 3,
        TestOutcome::Blocked => 2,
        TestOutcome::Passed => 1,
        TestOutcome::Skipped => 0,
    };
    let worst = tests
        .into_iter()
        .max_by_key(|test| (rank(test), test.ran_at));
    let worst = worst.unwrap_or_else(|| new.clone());
    let run = StoredRun {
        seconds: worst.seconds,
        ran_at: worst.ran_at,
        ..run.clone()
    };
    let minutes = minutes(worst.seconds);
    let exchange = stored.exchange();
    exchange.put_run(&run, worst.outcome, pattern_id, minutes)?;
    Ok(worst)
}

fn minutes(seconds: Option<f64>) -> Option<u32> {
    let minutes = (seconds? / 60.0).round();
    (1.0..=MOST_MINUTES)
        .contains(&minutes)
        .then_some(minutes as u32)
}
