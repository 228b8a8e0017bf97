//! Results of tests that ran for tickets, as observations.

use std::path::Path;

use super::super::Atlas;
use super::super::import::watched;
use super::{item, patterns};
use crate::Result;
use crate::domain::{
    Observation, ObservationOrigin, ProgressFn, TestAction, TestImport, TestItem, TestOutcome,
    TestReport, TestRun, Verdict,
};
use crate::exchange::cases::{self, Entry, TestResult, tickets_of};
use crate::store::{Repositories, StoredRun};

/// What takes longer than a day was left open, and says nothing of how long it takes.
const MOST_MINUTES: f64 = 1_440.0;

impl Atlas {
    /// Imports results as JUnit XML or Xray's JSON, or says what an import would do: a test that ran
    /// for a ticket is an observation of history, with its outcome, its date and its minutes.
    ///
    /// A test is known by the ids in its properties, else by its name. Its tickets stand in the
    /// property `requirements`, in its name, its class or its suite, or in
    /// [`TestImport::tickets`]. It is right for a ticket whether it passed or failed; one that was
    /// skipped says nothing. For each pattern and ticket the newest result counts. Less than half a
    /// minute is a machine's time, and says nothing of a tester's: then the minutes stay unknown.
    ///
    /// # Errors
    /// As [`import_patterns_with`](Self::import_patterns_with).
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{TestImport, TestOutcome, TestPattern, Ticket, TicketKey, silent}};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.add_tickets(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// atlas.add_pattern(&TestPattern::new("Umlauts survive", "Data Export"))?;
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("report.xml");
    /// std::fs::write(&path, "<testsuite name='WRKA-7'><testcase name='Umlauts survive' time='90'/></testsuite>").unwrap();
    /// atlas.import_results(&path, &TestImport::default(), &mut silent)?;
    /// assert_eq!(atlas.test_runs("WRKA-7")?[0].outcome, TestOutcome::Passed);
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
        let put = |stored: &Repositories<'_>, entry: &Entry<TestResult>| {
            put_result(stored, entry, options)
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
            self.retrain_if_due();
        }
        Ok(report)
    }

    /// The newest imported result of each test of a ticket, the newest first.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn test_runs(&self, key: &str) -> Result<Vec<TestRun>> {
        let ticket = self.find(key)?;
        self.store.read(|stored| stored.exchange().runs(ticket.id))
    }
}

fn put_result(
    stored: &Repositories<'_>,
    entry: &Entry<TestResult>,
    options: &TestImport,
) -> Result<(TestItem, u64)> {
    let refused = |item: TestItem, reason: String| {
        let reason = Some(reason);
        Ok((TestItem { reason, ..item }, 0))
    };
    let result = match &entry.value {
        Ok(result) => result,
        Err(reason) => return refused(item(entry, ""), reason.clone()),
    };
    let mut item = item(entry, &result.name);
    item.external_id = result.ids.first().cloned();
    if result.outcome == TestOutcome::Skipped {
        item.action = TestAction::Unchanged;
        return refused(item, "it did not run".into());
    }
    let Some(pattern_id) = pattern(stored, result)? else {
        let reason = "no pattern has its ids or its name: import the test cases first, or name the \
                      pattern's key in the property external_id, test_key or test_id";
        return refused(item, reason.into());
    };
    let tickets = tickets_of(result, &options.tickets);
    if tickets.is_empty() {
        let reason = "it names no ticket: give one for all, or name it in the property requirements \
                      or in the test's name";
        return refused(item, reason.into());
    }
    let (mut linked, mut missing, mut actions) = (0, Vec::new(), Vec::new());
    for key in &tickets {
        match stored.tickets().by_key(key)? {
            None => missing.push(key.to_string()),
            Some(ticket) => {
                let (action, reason) = put_run(stored, ticket.id, pattern_id, result)?;
                item.reason = item.reason.or(reason.map(str::to_owned));
                linked += u64::from(action == TestAction::Created);
                actions.push(action);
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

/// The pattern that was tested: by an id, else the one active pattern of the name.
fn pattern(stored: &Repositories<'_>, result: &TestResult) -> Result<Option<i64>> {
    for id in &result.ids {
        if let Some(found) = patterns::by_id(stored, id)? {
            return Ok(Some(found.id));
        }
    }
    let named = stored.patterns().by_name(&result.name)?;
    let mut active = named.iter().filter(|pattern| pattern.value.is_active);
    match (active.next(), active.next()) {
        (Some(only), None) => Ok(Some(only.id)),
        _ => Ok(None),
    }
}

fn put_run(
    stored: &Repositories<'_>,
    ticket_id: i64,
    pattern_id: i64,
    result: &TestResult,
) -> Result<(TestAction, Option<&'static str>)> {
    let minutes = minutes(result.seconds);
    let before = stored.exchange().run(ticket_id, pattern_id)?;
    let Some(before) = before else {
        let observation = Observation {
            ticket_id,
            pattern_id,
            verdict: Verdict::Right,
            origin: ObservationOrigin::History,
            observed_at: result.ran_at,
            minutes,
        };
        stored.observations().add_uncounted(&observation, None)?;
        if let Some(run) = stored.exchange().run(ticket_id, pattern_id)? {
            put(stored, &run, pattern_id, result, minutes)?;
        }
        return Ok((TestAction::Created, None));
    };
    if let Some(outcome) = before.outcome {
        if before.ran_at > result.ran_at && result.ran_at.is_some() {
            return Ok((TestAction::Unchanged, Some("a newer result is stored")));
        }
        let same_time = before.ran_at == result.ran_at;
        if same_time && outcome == result.outcome && before.seconds == result.seconds {
            return Ok((TestAction::Unchanged, None));
        }
        let worse = outcome != TestOutcome::Passed && result.outcome == TestOutcome::Passed;
        if same_time && before.ran_at.is_some() && worse {
            let reason = "of the same run a worse result is stored";
            return Ok((TestAction::Unchanged, Some(reason)));
        }
    }
    put(stored, &before, pattern_id, result, minutes)?;
    Ok((TestAction::Updated, None))
}

fn put(
    stored: &Repositories<'_>,
    run: &StoredRun,
    pattern_id: i64,
    result: &TestResult,
    minutes: Option<u32>,
) -> Result<()> {
    let run = StoredRun {
        seconds: result.seconds,
        ran_at: result.ran_at,
        ..run.clone()
    };
    stored
        .exchange()
        .put_run(&run, result.outcome, pattern_id, minutes)
}

fn minutes(seconds: Option<f64>) -> Option<u32> {
    let minutes = (seconds? / 60.0).round();
    (1.0..=MOST_MINUTES)
        .contains(&minutes)
        .then_some(minutes as u32)
}
