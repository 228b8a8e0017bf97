//! Patterns, scenarios and sessions in the formats of other tools.

mod files;
mod report;
mod session_results;

use std::fs;
use std::path::Path;

use files::{failed, file, replace};
use report::{classify, not_held, notes};
use session_results::results_of;

use super::{external_id, is_own, own_id};
use crate::atlas::core::Core;
use crate::atlas::patterns::Patterns;
use crate::atlas::predictions::Predictions;
use crate::atlas::sessions::Sessions;
use crate::domain::{
    PatternFilter, Scenario, Session, StoredPattern, TestAction, TestExport, TestFormat, TestItem,
    TestPattern, TestReport, TicketKey,
};
use crate::exchange::cases::{self, TestCase};
use crate::exchange::identity;
use crate::store::Repositories;
use crate::{Error, Result};

/// A pattern names so many of its tickets.
const MOST_TICKETS: usize = 100;

impl Patterns {
    /// Writes patterns in the format of another tool, or says what it would write. What is at
    /// `path` is replaced; for [`TestFormat::Gherkin`] a path that does not end in `.feature` is a
    /// folder, and where a tool takes only so much at once several files are numbered.
    ///
    /// Each test case has an id that stays: its key, or one that ATLAS gives it. What is written is
    /// read again, and the report names what the format could not hold. Created is what was not
    /// exported in this format before, and was not imported from its tool.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a format that is not written, or without a project where the format
    /// needs one; `FILE_FAILED`; storage errors.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{PatternFilter, TestExport, TestFormat, TestPattern}};
    /// let atlas = Atlas::builder().starter_catalogue(false).open_in_memory()?;
    /// atlas.patterns().add(&TestPattern::new("Umlauts survive", "Data Export"))?;
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("export.feature");
    /// let options = TestExport::new(TestFormat::Gherkin);
    /// let report = atlas.patterns().export(&PatternFilter::default(), &path, &options)?;
    /// assert!(std::fs::read_to_string(&path).unwrap().contains("Scenario: Umlauts survive"));
    /// assert_eq!((report.created, report.items[0].not_held.len()), (1, 0));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn export(
        &self,
        filter: &PatternFilter,
        path: impl AsRef<Path>,
        options: &TestExport,
    ) -> Result<TestReport> {
        let patterns = self.list(filter)?;
        self.core.export(path.as_ref(), options, |stored| {
            let mut links = stored.exchange().links()?;
            let case = |pattern: &StoredPattern| {
                let mut tickets = links.remove(&pattern.id).unwrap_or_default();
                tickets.truncate(MOST_TICKETS);
                of_pattern(stored, pattern.id, pattern.pattern.clone(), tickets)
            };
            patterns.iter().map(case).collect()
        })
    }
}

impl Predictions {
    /// Writes scenarios of the newest prediction of a ticket: those with these
    /// [`prediction_id`](Scenario::prediction_id)s, or all. As
    /// [`Patterns::export`](crate::Patterns::export); the ticket is what each tests.
    ///
    /// # Errors
    /// `TICKET_NOT_FOUND`; `PREDICTION_NOT_FOUND` for an id that the prediction does not have, and
    /// where nothing was predicted; as [`Patterns::export`](crate::Patterns::export).
    pub fn export(
        &self,
        key: &str,
        chosen: &[i64],
        path: impl AsRef<Path>,
        options: &TestExport,
    ) -> Result<TestReport> {
        let ticket = self.core.find(key)?.value.key;
        let missing = |id| Error::PredictionNotFound {
            what: "scenario",
            id,
        };
        let prediction = self.latest(key)?;
        let prediction = prediction.ok_or_else(|| Error::NothingPredicted {
            key: ticket.to_string(),
        })?;
        let mut scenarios = prediction.scenarios;
        if let Some(id) = chosen
            .iter()
            .find(|id| !scenarios.iter().any(|s| s.prediction_id == Some(**id)))
        {
            return Err(missing(*id));
        }
        scenarios.retain(|scenario| {
            chosen.is_empty()
                || scenario
                    .prediction_id
                    .is_some_and(|id| chosen.contains(&id))
        });
        self.core.export(path.as_ref(), options, |stored| {
            let case = |scenario: &Scenario| of_scenario(stored, scenario, &ticket);
            scenarios.iter().map(case).collect()
        })
    }
}

impl Sessions {
    /// Writes a session: as JUnit XML, Xray's JSON or Markdown its results, in another format the
    /// test cases that it set out to test. As [`Patterns::export`](crate::Patterns::export).
    ///
    /// ATLAS keeps one outcome a session. A scenario with a step done has that outcome, one without
    /// was skipped.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`; as [`Patterns::export`](crate::Patterns::export).
    pub fn export(
        &self,
        session_id: i64,
        path: impl AsRef<Path>,
        options: &TestExport,
    ) -> Result<TestReport> {
        let session = self.get(session_id)?;
        let is_result = options.format.holds_results() || options.format == TestFormat::Markdown;
        let planned = |stored: &Repositories<'_>| self.core.planned(stored, &session);
        if !is_result {
            return self.core.export(path.as_ref(), options, planned);
        }
        let cases = self.core.in_transaction(options.dry_run, planned)?;
        let results = results_of(&session, cases);
        let title = format!("Session {} for {}", session.id, session.ticket_key);
        let bytes = cases::write_results(&title, &results, options)?;
        let mut report = TestReport::new(options.format, options.dry_run);
        report.files.push(path.as_ref().to_owned());
        for result in &results {
            report.add(TestItem {
                action: TestAction::Created,
                name: result.name.clone(),
                external_id: result.ids.first().cloned(),
                file: None,
                line: 0,
                column: None,
                reason: result.comment.clone(),
                not_held: Vec::new(),
            });
        }
        if !options.dry_run {
            replace(path.as_ref(), &bytes)?;
        }
        Ok(report)
    }
}

impl Core {
    /// The test cases of a session's plan.
    fn planned(&self, stored: &Repositories<'_>, session: &Session) -> Result<Vec<TestCase>> {
        let ticket = &session.ticket_key;
        let case = |planned: &crate::domain::PlannedScenario| {
            if let Some(id) = planned.prediction_id
                && let Some(scenario) = stored.predictions().scenario(id)?
            {
                return of_scenario(stored, &scenario, ticket);
            }
            if let Some(id) = planned.pattern_id
                && let Some(found) = stored.patterns().by_id(id)?
            {
                return of_pattern(stored, id, found.value, vec![ticket.clone()]);
            }
            let id = own_id(&[ticket.as_str(), &planned.name], 0);
            Ok(TestCase {
                ids: vec![id],
                pattern: TestPattern::new(&planned.name, "General"),
                tickets: vec![ticket.clone()],
                scope: None,
                holds: None,
            })
        };
        session.plan.iter().map(case).collect()
    }

    fn in_transaction<T>(
        &self,
        dry_run: bool,
        f: impl FnOnce(&Repositories<'_>) -> Result<T>,
    ) -> Result<T> {
        match dry_run {
            true => self.store.rehearse(f),
            false => self.store.write(f),
        }
    }

    /// Writes test cases, reads them again, and notes what was written. The files come last: if one
    /// cannot be written, nothing is noted.
    fn export(
        &self,
        path: &Path,
        options: &TestExport,
        cases: impl FnOnce(&Repositories<'_>) -> Result<Vec<TestCase>>,
    ) -> Result<TestReport> {
        let now = (self.clock)();
        self.in_transaction(options.dry_run, |stored| {
            let mut report = TestReport::new(options.format, options.dry_run);
            let mut chosen = Vec::new();
            for case in cases(stored)? {
                let item = classify(stored, &case, options, now)?;
                let is_left = options.changed_only && item.action == TestAction::Unchanged;
                if item.action == TestAction::Refused || is_left {
                    report.add(item);
                } else {
                    chosen.push((case, item));
                }
            }
            let (cases, mut items): (Vec<TestCase>, Vec<TestItem>) = chosen.into_iter().unzip();
            let folder = options.format == TestFormat::Gherkin
                && !path
                    .extension()
                    .is_some_and(|e| e.eq_ignore_ascii_case("feature"));
            let written = cases::write(&cases, options, folder)?;
            not_held(&written, &cases, options, &mut items)?;
            items.into_iter().for_each(|item| report.add(item));
            report.notes = notes(options, &written);
            report.files = written.iter().map(|one| file(path, one, folder)).collect();
            if !options.dry_run {
                if folder {
                    let failed = |source| failed(path, source);
                    fs::create_dir_all(path).map_err(failed)?;
                }
                for (file, written) in report.files.iter().zip(&written) {
                    replace(file, &written.bytes)?;
                }
            }
            Ok(report)
        })
    }
}

fn of_pattern(
    stored: &Repositories<'_>,
    id: i64,
    mut pattern: TestPattern,
    tickets: Vec<TicketKey>,
) -> Result<TestCase> {
    let mut ids = vec![external_id(stored, id, &pattern)?];
    let others = stored.exchange().ids(id)?;
    let plain = |other: &String| !is_own(other) && !identity::is_scoped(other);
    ids.extend(others.into_iter().filter(plain));
    pattern.key = None;
    Ok(TestCase {
        ids,
        pattern,
        tickets,
        scope: None,
        holds: None,
    })
}

fn of_scenario(
    stored: &Repositories<'_>,
    scenario: &Scenario,
    ticket: &TicketKey,
) -> Result<TestCase> {
    let tickets = vec![ticket.clone()];
    let found = match scenario.pattern_id {
        Some(id) => stored.patterns().by_id(id)?,
        None => None,
    };
    let mut case = match found {
        Some(found) => of_pattern(stored, found.id, found.value, tickets)?,
        None => {
            let kind = scenario.pattern_type.as_deref().unwrap_or("General");
            let mut pattern = TestPattern::new(&scenario.name, kind);
            pattern.component.clone_from(&scenario.component);
            TestCase {
                ids: vec![own_id(&[ticket.as_str(), &scenario.name], 0)],
                pattern,
                tickets,
                scope: None,
                holds: None,
            }
        }
    };
    case.pattern.name.clone_from(&scenario.name);
    case.pattern.steps.clone_from(&scenario.steps);
    case.pattern.avg_time_minutes = Some(scenario.minutes).filter(|minutes| *minutes > 0);
    Ok(case)
}
