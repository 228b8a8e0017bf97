//! Pairs of tickets that the user called not similar.

use super::{Repositories, Revision};
use crate::Result;

/// Pairs of tickets, in either order.
#[derive(Debug)]
pub struct NotSimilarPairs<'r>(pub(super) &'r Repositories<'r>);

impl NotSimilarPairs<'_> {
    /// Notes a pair; `false` when it was noted already. The two must differ.
    ///
    /// # Errors
    /// Storage errors.
    pub fn add(&self, ticket_id: i64, other_id: i64) -> Result<bool> {
        let sql = "INSERT INTO atlas_not_similar (ticket_id, other_id)
                   VALUES (min(?1, ?2), max(?1, ?2)) ON CONFLICT DO NOTHING";
        self.moved(self.0.execute(sql, (ticket_id, other_id))?)
            .map(|pairs| pairs > 0)
    }

    /// Takes a pair back; `false` when it was not noted.
    ///
    /// # Errors
    /// Storage errors.
    pub fn remove(&self, ticket_id: i64, other_id: i64) -> Result<bool> {
        let sql = "DELETE FROM atlas_not_similar
                   WHERE ticket_id = min(?1, ?2) AND other_id = max(?1, ?2)";
        self.moved(self.0.execute(sql, (ticket_id, other_id))?)
            .map(|pairs| pairs > 0)
    }

    /// Takes back every pair of a ticket; how many there were.
    ///
    /// # Errors
    /// Storage errors.
    pub fn remove_of_ticket(&self, ticket_id: i64) -> Result<u64> {
        let sql = "DELETE FROM atlas_not_similar WHERE ticket_id = ?1 OR other_id = ?1";
        self.moved(self.0.execute(sql, [ticket_id])?)
    }

    /// Every pair, the smaller row id first, in order.
    ///
    /// # Errors
    /// Storage errors.
    pub fn all(&self) -> Result<Vec<(i64, i64)>> {
        let mut pairs = Vec::new();
        let sql = "SELECT ticket_id, other_id FROM atlas_not_similar ORDER BY ticket_id, other_id";
        self.0.each(sql, [], |row| {
            pairs.push((row.get(0)?, row.get(1)?));
            Ok(())
        })?;
        Ok(pairs)
    }

    fn moved(&self, pairs: usize) -> Result<u64> {
        if pairs > 0 {
            self.0.changed(Revision::Observations)?;
        }
        Ok(pairs as u64)
    }
}
