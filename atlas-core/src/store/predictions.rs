//! Predictions as they were answered: whole runs, and a row per scenario.

use jiff::{SignedDuration, Timestamp};

use super::{Repositories, columns};
use crate::domain::{Prediction, Scenario};
use crate::{Error, Result};

/// What feedback needs of a scenario's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PredictionRow {
    /// The row id.
    pub id: i64,
    /// The ticket's row id.
    pub ticket_id: i64,
    /// The pattern's row id; absent for a scenario that is no stored pattern.
    pub pattern_id: Option<i64>,
    /// Estimated minutes.
    pub minutes: Option<u32>,
}

/// Predictions.
#[derive(Debug)]
pub struct Predictions<'r>(pub(super) &'r Repositories<'r>);

impl Predictions<'_> {
    /// Stores a prediction and returns it with its ids: the run's, and one per scenario.
    ///
    /// When the ticket's newest run has the same fingerprint and says the same, that run gets the
    /// new time and is returned instead.
    ///
    /// # Errors
    /// Storage errors.
    pub fn save_run(
        &self,
        ticket_id: i64,
        fingerprint: &str,
        prediction: &Prediction,
        now: Timestamp,
    ) -> Result<Prediction> {
        let mut prediction = without_ids(prediction);
        let body = json("prediction", &prediction)?;
        let now = columns::time_text(now);
        if let Some(run) = self.same_run(ticket_id, fingerprint, &body)? {
            let sql = "UPDATE atlas_prediction_runs SET created_at = ?2 WHERE id = ?1";
            self.0.execute(sql, (run, &now))?;
            self.fill_ids(run, &mut prediction)?;
            return Ok(prediction);
        }
        let run = self.0.insert(
            "INSERT INTO atlas_prediction_runs (ticket_id, fingerprint, body, created_at)
             VALUES (?1, ?2, ?3, ?4)",
            (ticket_id, fingerprint, &body, &now),
        )?;
        self.insert_scenarios(run, ticket_id, &prediction, &now)?;
        self.fill_ids(run, &mut prediction)?;
        Ok(prediction)
    }

    /// The newest prediction with this fingerprint that is at most `max_age` old and not stale.
    ///
    /// # Errors
    /// Storage errors.
    pub fn cached(
        &self,
        ticket_id: i64,
        fingerprint: &str,
        now: Timestamp,
        max_age: SignedDuration,
    ) -> Result<Option<Prediction>> {
        let found = self.0.first(
            "SELECT id, body, created_at FROM atlas_prediction_runs
             WHERE ticket_id = ?1 AND fingerprint = ?2 AND stale IS NULL ORDER BY id DESC",
            (ticket_id, fingerprint),
            |row| {
                let young =
                    columns::time(row, 2).is_some_and(|at| now.duration_since(at) <= max_age);
                Ok(if young {
                    Some((row.get(0)?, row.get(1)?))
                } else {
                    None
                })
            },
        )?;
        found
            .flatten()
            .map_or(Ok(None), |(run, body)| self.read(run, body, Vec::new()))
    }

    /// The ticket's newest prediction, with what of the ticket has changed since.
    ///
    /// # Errors
    /// Storage errors.
    pub fn latest(&self, ticket_id: i64) -> Result<Option<Prediction>> {
        let found = self.0.first(
            "SELECT id, body, stale FROM atlas_prediction_runs WHERE ticket_id = ?1
             ORDER BY id DESC",
            [ticket_id],
            |row| Ok((row.get(0)?, row.get(1)?, columns::names(row, 2))),
        )?;
        found.map_or(Ok(None), |(run, body, stale)| self.read(run, body, stale))
    }

    /// The newest prediction of every ticket that has one, by the ticket's id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn latest_of_all(&self) -> Result<Vec<Prediction>> {
        let mut found = Vec::new();
        self.0.each(
            "SELECT id, body, stale FROM atlas_prediction_runs
             WHERE id IN (SELECT max(id) FROM atlas_prediction_runs GROUP BY ticket_id)
             ORDER BY ticket_id",
            [],
            |row| {
                found.extend(self.read(row.get(0)?, row.get(1)?, columns::names(row, 2))?);
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// A scenario's row.
    ///
    /// # Errors
    /// Storage errors.
    pub fn row(&self, id: i64) -> Result<Option<PredictionRow>> {
        self.0
            .first(&format!("{ROW} WHERE p.id = ?1"), [id], row_of)
    }

    /// A scenario as it was predicted, by its row.
    ///
    /// # Errors
    /// Storage errors.
    pub fn scenario(&self, id: i64) -> Result<Option<Scenario>> {
        let sql = "SELECT r.id, r.body, i.position FROM atlas_prediction_run_items i
                   JOIN atlas_prediction_runs r ON r.id = i.run_id WHERE i.prediction_id = ?1";
        let found = self.0.first(sql, [id], |row| {
            Ok((row.get(0)?, row.get(1)?, columns::count(row, 2)))
        })?;
        let Some((run, body, Some(position))) = found else {
            return Ok(None);
        };
        let prediction = self.read(run, body, Vec::new())?;
        Ok(prediction.and_then(|p| p.scenarios.into_iter().nth(position as usize)))
    }

    /// The rows of a prediction's scenarios that were accepted or modified, in their order.
    ///
    /// # Errors
    /// Storage errors.
    pub fn accepted_of_run(&self, run: i64) -> Result<Vec<i64>> {
        let mut accepted = Vec::new();
        let sql = "SELECT p.id FROM atlas_prediction_run_items i
                   JOIN predictions p ON p.id = i.prediction_id
                   WHERE i.run_id = ?1 AND p.user_feedback IN ('accepted', 'modified')
                   ORDER BY i.position";
        self.0.each(sql, [run], |row| {
            accepted.push(row.get(0)?);
            Ok(())
        })?;
        Ok(accepted)
    }

    /// The rows of a whole prediction's scenarios, in their order; `None` for an unknown one.
    ///
    /// # Errors
    /// Storage errors.
    pub fn rows_of_run(&self, run: i64) -> Result<Option<Vec<PredictionRow>>> {
        let sql = "SELECT 1 FROM atlas_prediction_runs WHERE id = ?1";
        if self.0.first(sql, [run], |_| Ok(()))?.is_none() {
            return Ok(None);
        }
        let mut rows = Vec::new();
        let sql = format!(
            "{ROW} JOIN atlas_prediction_run_items i ON i.prediction_id = p.id
             WHERE i.run_id = ?1 ORDER BY i.position"
        );
        self.0.each(&sql, [run], |row| {
            rows.push(row_of(row)?);
            Ok(())
        })?;
        Ok(Some(rows))
    }

    /// Notes which fields of a ticket have changed since its predictions were made.
    ///
    /// # Errors
    /// Storage errors.
    pub(super) fn mark_stale(&self, ticket_id: i64, changed: &[&str]) -> Result<()> {
        let mut runs: Vec<(i64, Vec<String>)> = Vec::new();
        let sql = "SELECT id, stale FROM atlas_prediction_runs WHERE ticket_id = ?1";
        self.0.each(sql, [ticket_id], |row| {
            runs.push((row.get(0)?, columns::names(row, 1)));
            Ok(())
        })?;
        for (run, mut stale) in runs {
            let known = stale.len();
            for &field in changed {
                if !stale.iter().any(|name| name == field) {
                    stale.push(field.to_owned());
                }
            }
            if stale.len() > known {
                let sql = "UPDATE atlas_prediction_runs SET stale = ?2 WHERE id = ?1";
                self.0.execute(sql, (run, columns::names_text(&stale)))?;
            }
        }
        Ok(())
    }

    /// Clears what was answered to a ticket's predictions; how many rows had an answer.
    ///
    /// # Errors
    /// Storage errors.
    pub fn clear_answers(&self, ticket_id: i64) -> Result<u64> {
        let cleared = self.0.execute(
            "UPDATE predictions SET user_feedback = NULL, user_rating = NULL,
                 user_comments = NULL, actual_time_minutes = NULL
             WHERE jira_ticket_id = ?1
               AND coalesce(user_feedback, user_rating, user_comments, actual_time_minutes)
                   IS NOT NULL",
            [ticket_id],
        )?;
        Ok(cleared as u64)
    }

    /// The ticket's newest run, if it says the same.
    fn same_run(&self, ticket_id: i64, fingerprint: &str, body: &str) -> Result<Option<i64>> {
        let newest = self.0.first(
            "SELECT id, fingerprint = ?2 AND body = ?3 AND stale IS NULL FROM atlas_prediction_runs
             WHERE ticket_id = ?1 ORDER BY id DESC",
            (ticket_id, fingerprint, body),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(newest.and_then(|(run, same): (i64, bool)| same.then_some(run)))
    }

    fn insert_scenarios(
        &self,
        run: i64,
        ticket_id: i64,
        prediction: &Prediction,
        now: &str,
    ) -> Result<()> {
        for (position, scenario) in prediction.scenarios.iter().enumerate() {
            let row = self.0.insert(
                // A pattern that has gone meanwhile does not stop the answer.
                "INSERT INTO predictions
                     (jira_ticket_id, pattern_id, confidence_score, predicted_steps, source,
                      estimated_time_minutes, created_at)
                 VALUES (?1, (SELECT id FROM test_patterns WHERE id = ?2), ?3, ?4, ?5, ?6, ?7)",
                (
                    ticket_id,
                    scenario.pattern_id,
                    f64::from(scenario.confidence),
                    json("steps", &scenario.steps)?,
                    scenario.source.as_str(),
                    scenario.minutes,
                    now,
                ),
            )?;
            self.0.execute(
                "INSERT INTO atlas_prediction_run_items (run_id, position, prediction_id)
                 VALUES (?1, ?2, ?3)",
                (run, position as i64, row),
            )?;
        }
        Ok(())
    }

    /// A body that this version cannot read counts as absent.
    fn read(&self, run: i64, body: String, stale: Vec<String>) -> Result<Option<Prediction>> {
        let Ok(mut prediction) = serde_json::from_str::<Prediction>(&body) else {
            return Ok(None);
        };
        prediction.stale = stale;
        self.fill_ids(run, &mut prediction)?;
        Ok(Some(prediction))
    }

    fn fill_ids(&self, run: i64, prediction: &mut Prediction) -> Result<()> {
        prediction.id = Some(run);
        let sql =
            "SELECT position, prediction_id FROM atlas_prediction_run_items WHERE run_id = ?1";
        self.0.each(sql, [run], |row| {
            let position = usize::try_from(row.get::<_, i64>(0)?).ok();
            let scenario = position.and_then(|at| prediction.scenarios.get_mut(at));
            if let Some(scenario) = scenario {
                scenario.prediction_id = row.get(1)?;
            }
            Ok(())
        })
    }
}

const ROW: &str =
    "SELECT p.id, p.jira_ticket_id, p.pattern_id, p.estimated_time_minutes FROM predictions p";

fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<PredictionRow> {
    Ok(PredictionRow {
        id: row.get(0)?,
        ticket_id: row.get(1)?,
        pattern_id: columns::integer(row, 2),
        minutes: columns::count(row, 3),
    })
}

fn without_ids(prediction: &Prediction) -> Prediction {
    let mut prediction = prediction.clone();
    prediction.id = None;
    prediction.stale.clear();
    for scenario in &mut prediction.scenarios {
        scenario.prediction_id = None;
    }
    prediction
}

fn json(field: &'static str, value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::invalid(field, error, "values that JSON can hold"))
}
