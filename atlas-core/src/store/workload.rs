//! What the tester could do now, in numbers.

use std::collections::BTreeSet;

use rusqlite::params_from_iter;

use super::{Repositories, columns};
use crate::Result;
use crate::domain::WorkFilter;

/// What is open and what was done for it.
#[derive(Debug)]
pub struct WorkloadNumbers<'r>(pub(super) &'r Repositories<'r>);

/// Open tickets with a prediction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Predicted {
    /// Tickets whose newest prediction has minutes.
    pub estimated_tickets: u32,
    /// Steps of their newest predictions.
    pub steps: u32,
}

impl WorkloadNumbers<'_> {
    /// How many of the tickets that pass a filter have neither a note nor a difficulty.
    ///
    /// # Errors
    /// Storage errors.
    pub fn without_note(&self, user_id: i64, filter: &WorkFilter) -> Result<u64> {
        let (conditions, params) = self.0.work().conditions(filter)?;
        let sql = format!(
            "SELECT count(*) FROM jira_tickets WHERE {conditions} AND jira_tickets.id NOT IN
                 (SELECT jira_ticket_id FROM ticket_notes WHERE user_id = {user_id})"
        );
        self.0.number(&sql, params_from_iter(params))
    }

    /// The newest predictions of the tickets that pass a filter.
    ///
    /// # Errors
    /// Storage errors.
    pub fn predicted(&self, filter: &WorkFilter) -> Result<Predicted> {
        let (conditions, params) = self.0.work().conditions(filter)?;
        let sql = format!(
            "SELECT count(DISTINCT r.ticket_id),
                    sum(CASE WHEN json_valid(p.predicted_steps)
                        THEN json_array_length(p.predicted_steps) END)
             FROM (SELECT max(id) AS id FROM atlas_prediction_runs GROUP BY ticket_id) newest
             CROSS JOIN atlas_prediction_runs r ON r.id = newest.id
             CROSS JOIN atlas_prediction_run_items i ON i.run_id = r.id
             CROSS JOIN predictions p ON p.id = i.prediction_id
             WHERE p.estimated_time_minutes > 0
               AND r.ticket_id IN (SELECT id FROM jira_tickets WHERE {conditions})"
        );
        let predicted = self.0.first(&sql, params_from_iter(params), |row| {
            Ok(Predicted {
                estimated_tickets: columns::count(row, 0).unwrap_or(0),
                steps: columns::count(row, 1).unwrap_or(0),
            })
        })?;
        Ok(predicted.unwrap_or_default())
    }

    /// The components of the tickets that pass a filter, in alphabetical order.
    ///
    /// # Errors
    /// Storage errors.
    pub fn components(&self, filter: &WorkFilter) -> Result<Vec<String>> {
        let (conditions, params) = self.0.work().conditions(filter)?;
        let sql = format!("SELECT DISTINCT components FROM jira_tickets WHERE {conditions}");
        let mut components = BTreeSet::new();
        self.0.each(&sql, params_from_iter(params), |row| {
            components.extend(columns::names(row, 0));
            Ok(())
        })?;
        Ok(components.into_iter().collect())
    }
}
