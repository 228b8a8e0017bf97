//! What other tools know: their ids of patterns, what was last written for them, results of tests.

use jiff::Timestamp;
use std::collections::HashMap;

use super::{Repositories, columns};
use crate::Result;
use crate::domain::{TestOutcome, TestRun, TicketKey};

/// Ids, exports and results.
#[derive(Debug)]
pub struct Exchange<'r>(pub(super) &'r Repositories<'r>);

/// The newest result of a pattern for a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRun {
    /// The observation that it belongs to.
    pub observation_id: i64,
    /// What came of it; absent for an observation that came from elsewhere.
    pub outcome: Option<TestOutcome>,
    /// How long it took, in seconds.
    pub seconds: Option<f64>,
    /// When it ran.
    pub ran_at: Option<Timestamp>,
}

/// The newest result of one of the tests that cover a pattern for a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredResult {
    /// The test's class or the path of its suites; empty where it has none.
    pub class: String,
    /// The test's name.
    pub name: String,
    /// What came of it.
    pub outcome: TestOutcome,
    /// How long it took, in seconds.
    pub seconds: Option<f64>,
    /// When it ran.
    pub ran_at: Option<Timestamp>,
}

impl Exchange<'_> {
    /// The row id of the pattern that is known by an id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn pattern(&self, external_id: &str) -> Result<Option<i64>> {
        let sql = "SELECT pattern_id FROM atlas_external_ids WHERE external_id = ?1";
        self.0.first(sql, [external_id], |row| row.get(0))
    }

    /// The ids that a pattern is known by beside its key.
    ///
    /// # Errors
    /// Storage errors.
    pub fn ids(&self, pattern_id: i64) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        let sql = "SELECT external_id FROM atlas_external_ids WHERE pattern_id = ?1
                   ORDER BY external_id";
        self.0.each(sql, [pattern_id], |row| {
            ids.extend(columns::text(row, 0));
            Ok(())
        })?;
        Ok(ids)
    }

    /// The ids that begin so, with the rows of their patterns; at most a thousand.
    ///
    /// # Errors
    /// Storage errors.
    pub fn starting(&self, start: &str) -> Result<Vec<(String, i64)>> {
        let mut ids = Vec::new();
        // Every text that begins so comes before the same with the last of all characters.
        let sql = "SELECT external_id, pattern_id FROM atlas_external_ids
                   WHERE external_id >= ?1 AND external_id < ?1 || char(1114111)
                   ORDER BY external_id LIMIT 1000";
        self.0.each(sql, [start], |row| {
            ids.extend(columns::text(row, 0).zip(row.get(1).ok()));
            Ok(())
        })?;
        Ok(ids)
    }

    /// Says by which id a pattern is known; one that is taken stays as it is.
    ///
    /// # Errors
    /// Storage errors.
    pub fn name(&self, external_id: &str, pattern_id: i64) -> Result<()> {
        let sql = "INSERT INTO atlas_external_ids (external_id, pattern_id) VALUES (?1, ?2)
                   ON CONFLICT (external_id) DO NOTHING";
        self.0.execute(sql, (external_id, pattern_id))?;
        Ok(())
    }

    /// What was last written for a tool, as a hash.
    ///
    /// # Errors
    /// Storage errors.
    pub fn exported(&self, format: &str, external_id: &str) -> Result<Option<u128>> {
        let sql = "SELECT content_hash FROM atlas_exports WHERE format = ?1 AND external_id = ?2";
        let read = |row: &rusqlite::Row<'_>| Ok(columns::hash(row, 0));
        Ok(self.0.first(sql, (format, external_id), read)?.flatten())
    }

    /// Notes what was written for a tool.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set_exported(
        &self,
        format: &str,
        external_id: &str,
        hash: u128,
        at: Timestamp,
    ) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_exports (format, external_id, content_hash, exported_at)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (format, external_id) DO UPDATE SET
                 content_hash = excluded.content_hash, exported_at = excluded.exported_at",
            (
                format,
                external_id,
                hash.to_be_bytes(),
                columns::time_text(at),
            ),
        )?;
        Ok(())
    }

    /// The tickets that each pattern is linked with by history, by the pattern's row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn links(&self) -> Result<HashMap<i64, Vec<TicketKey>>> {
        let mut links: HashMap<i64, Vec<TicketKey>> = HashMap::new();
        let sql = "SELECT o.pattern_id, t.jira_key FROM atlas_observations o
                   JOIN jira_tickets t ON t.id = o.ticket_id
                   WHERE o.origin = 'history' AND o.verdict = 'right' ORDER BY o.id";
        self.0.each(sql, [], |row| {
            if let Some(Ok(key)) = columns::text(row, 1).map(|key| TicketKey::parse(&key)) {
                links.entry(row.get(0)?).or_default().push(key);
            }
            Ok(())
        })?;
        Ok(links)
    }

    /// The result of a pattern for a ticket, where history links them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn run(&self, ticket_id: i64, pattern_id: i64) -> Result<Option<StoredRun>> {
        self.0.first(
            "SELECT o.id, r.outcome, r.seconds, r.ran_at FROM atlas_observations o
             LEFT JOIN atlas_test_runs r ON r.observation_id = o.id
             WHERE o.ticket_id = ?1 AND o.pattern_id = ?2 AND o.origin = 'history'",
            (ticket_id, pattern_id),
            |row| {
                Ok(StoredRun {
                    observation_id: row.get(0)?,
                    outcome: columns::text(row, 1).and_then(|name| TestOutcome::from_name(&name)),
                    seconds: columns::real(row, 2),
                    ran_at: columns::time(row, 3),
                })
            },
        )
    }

    /// The newest result of each test of an observation, by class and name; none for one that was
    /// stored before tests were told apart.
    ///
    /// # Errors
    /// Storage errors.
    pub fn results(&self, observation_id: i64) -> Result<Vec<StoredResult>> {
        let mut results = Vec::new();
        let sql = "SELECT class, name, outcome, seconds, ran_at FROM atlas_test_results
                   WHERE observation_id = ?1 ORDER BY class, name";
        self.0.each(sql, [observation_id], |row| {
            if let Some(outcome) = columns::text(row, 2).and_then(|o| TestOutcome::from_name(&o)) {
                results.push(StoredResult {
                    class: columns::text(row, 0).unwrap_or_default(),
                    name: columns::text(row, 1).unwrap_or_default(),
                    outcome,
                    seconds: columns::real(row, 3),
                    ran_at: columns::time(row, 4),
                });
            }
            Ok(())
        })?;
        Ok(results)
    }

    /// Stores the newest result of a test of an observation.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put_result(&self, observation_id: i64, result: &StoredResult) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_test_results (observation_id, class, name, outcome, seconds, ran_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (observation_id, class, name) DO UPDATE SET
                 outcome = excluded.outcome, seconds = excluded.seconds, ran_at = excluded.ran_at",
            (
                observation_id,
                &result.class,
                &result.name,
                result.outcome.as_str(),
                result.seconds,
                result.ran_at.map(columns::time_text),
            ),
        )?;
        Ok(())
    }

    /// Stores what the results of an observation's tests come to, with the minutes and the date
    /// that the observation has from it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put_run(
        &self,
        run: &StoredRun,
        outcome: TestOutcome,
        pattern_id: i64,
        minutes: Option<u32>,
    ) -> Result<()> {
        let at = run.ran_at.map(columns::time_text);
        self.0.execute(
            "INSERT INTO atlas_test_runs (observation_id, outcome, seconds, ran_at)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (observation_id) DO UPDATE SET outcome = excluded.outcome,
                 seconds = excluded.seconds, ran_at = excluded.ran_at",
            (run.observation_id, outcome.as_str(), run.seconds, &at),
        )?;
        self.0.execute(
            "UPDATE atlas_observations SET minutes = coalesce(?2, minutes),
                 observed_at = coalesce(?3, observed_at) WHERE id = ?1",
            (run.observation_id, minutes, &at),
        )?;
        self.0.observations().to_count(pattern_id)
    }

    /// The results of a ticket's tests, the newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn runs(&self, ticket_id: i64) -> Result<Vec<TestRun>> {
        let mut runs = Vec::new();
        let sql = "SELECT p.id, p.pattern_name, r.outcome, r.seconds, r.ran_at
                   FROM atlas_observations o
                   JOIN atlas_test_runs r ON r.observation_id = o.id
                   JOIN test_patterns p ON p.id = o.pattern_id
                   WHERE o.ticket_id = ?1 ORDER BY r.ran_at DESC, o.id";
        self.0.each(sql, [ticket_id], |row| {
            if let Some(outcome) = columns::text(row, 2).and_then(|o| TestOutcome::from_name(&o)) {
                runs.push(TestRun {
                    pattern_id: row.get(0)?,
                    pattern_name: columns::text(row, 1).unwrap_or_default(),
                    outcome,
                    seconds: columns::real(row, 3),
                    ran_at: columns::time(row, 4),
                });
            }
            Ok(())
        })?;
        Ok(runs)
    }
}
