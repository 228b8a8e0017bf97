//! Scenarios that wait for an answer.

use super::{Predictions, columns};
use crate::Result;

/// A scenario of a ticket's newest prediction that nobody has answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnansweredScenario {
    /// The row in `predictions`.
    pub prediction_id: i64,
    /// The ticket's row id.
    pub ticket_id: i64,
    /// The pattern's row id.
    pub pattern_id: i64,
    /// Its place in the prediction, from 0.
    pub position: usize,
    /// Confidence, 0 to 100.
    pub confidence: f32,
}

impl Predictions<'_> {
    /// The scenarios without an answer of every ticket's newest prediction, by row; those that are
    /// no stored pattern, stale predictions and tickets that are gone are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn undecided(&self) -> Result<Vec<UnansweredScenario>> {
        // CROSS keeps SQLite from beginning with all rows that have no answer.
        let sql = "SELECT p.id, r.ticket_id, p.pattern_id, i.position, p.confidence_score
                   FROM (SELECT max(id) AS id FROM atlas_prediction_runs GROUP BY ticket_id) newest
                   CROSS JOIN atlas_prediction_runs r ON r.id = newest.id
                   LEFT JOIN atlas_ticket_details d ON d.ticket_id = r.ticket_id
                   CROSS JOIN atlas_prediction_run_items i ON i.run_id = r.id
                   CROSS JOIN predictions p ON p.id = i.prediction_id
                   WHERE r.stale IS NULL AND coalesce(d.gone, 0) = 0
                     AND p.user_feedback IS NULL AND p.pattern_id IS NOT NULL
                   ORDER BY p.id";
        let mut undecided = Vec::new();
        self.0.each(sql, [], |row| {
            undecided.push(UnansweredScenario {
                prediction_id: row.get(0)?,
                ticket_id: row.get(1)?,
                pattern_id: row.get(2)?,
                position: columns::count(row, 3).unwrap_or(0) as usize,
                confidence: columns::real(row, 4).unwrap_or(0.0) as f32,
            });
            Ok(())
        })?;
        Ok(undecided)
    }
}
