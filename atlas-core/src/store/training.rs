//! Observations as they are handed out and taken in again.

use std::collections::HashMap;

use super::observations::{COLUMNS, observation_of};
use super::{Observations, Stored, columns};
use crate::Result;
use crate::domain::Observation;

/// An observation with the host's id of it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedObservation {
    /// The observation.
    pub observation: Observation,
    /// The id that the host gave it, or the call of feedback that it came with; behind the id of a
    /// call that judged several scenarios stands the scenario's place, `click 1/2`.
    pub host_id: Option<String>,
}

const JOINED: &str = "LEFT JOIN atlas_feedback_items i ON i.id = o.feedback_item_id
    LEFT JOIN atlas_feedback f ON f.id = i.feedback_id";
const HOST_ID: &str = "coalesce(o.host_id, f.host_id ||
    CASE WHEN (SELECT count(*) FROM atlas_feedback_items s WHERE s.feedback_id = f.id) = 1 THEN ''
         ELSE '/' || (SELECT count(*) FROM atlas_feedback_items s
                      WHERE s.feedback_id = f.id AND s.id <= i.id) END)";

impl Observations<'_> {
    /// Every observation with the host's id, in the order in which they were stored.
    ///
    /// # Errors
    /// What `f` returns, storage errors.
    pub fn for_each_named(&self, f: &mut dyn FnMut(NamedObservation) -> Result<()>) -> Result<()> {
        let sql = format!("{} ORDER BY o.id", select());
        self.0.each(&sql, [], |row| f(named(row)?))
    }

    /// The same of one ticket and one pattern.
    ///
    /// # Errors
    /// Storage errors.
    pub fn named_of(&self, ticket_id: i64, pattern_id: i64) -> Result<Vec<NamedObservation>> {
        let sql = format!(
            "{} WHERE o.ticket_id = ?1 AND +o.pattern_id = ?2 ORDER BY o.id",
            select()
        );
        let mut found = Vec::new();
        self.0.each(&sql, (ticket_id, pattern_id), |row| {
            found.push(named(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The average minutes that patterns had before anything was observed of them, by row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn base_minutes(&self) -> Result<HashMap<i64, Option<u32>>> {
        let mut minutes = HashMap::new();
        let sql = "SELECT pattern_id, avg_time_minutes FROM atlas_pattern_base";
        self.0.each(sql, [], |row| {
            minutes.insert(row.get(0)?, columns::count(row, 1));
            Ok(())
        })?;
        Ok(minutes)
    }
}

fn select() -> String {
    let columns: Vec<String> = COLUMNS
        .split(", ")
        .map(|name| format!("o.{name}"))
        .collect();
    let columns = columns.join(", ");
    format!("SELECT {columns}, {HOST_ID} FROM atlas_observations o {JOINED}")
}

fn named(row: &rusqlite::Row<'_>) -> Result<NamedObservation> {
    let Stored { value, .. } = observation_of(row)?;
    Ok(NamedObservation {
        observation: value,
        host_id: columns::text(row, 7),
    })
}
