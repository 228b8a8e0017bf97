//! What became of mined scenarios: where accepted ones came from, and which were dropped.

use std::collections::{BTreeMap, BTreeSet};

use super::{Repositories, columns};
use crate::Result;
use crate::domain::TicketKey;

/// Sources of mined patterns, and dropped proposals.
#[derive(Debug)]
pub struct Proposals<'r>(pub(super) &'r Repositories<'r>);

impl Proposals<'_> {
    /// Says which tickets a pattern came from, beside those that it has. Tickets that are not
    /// stored are left out. Returns how many are new to it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn add_sources(&self, pattern_id: i64, tickets: &[TicketKey]) -> Result<u64> {
        let mut added = 0;
        for key in tickets {
            added += self.0.execute(
                "INSERT OR IGNORE INTO atlas_pattern_sources (pattern_id, ticket_id)
                 SELECT ?1, ticket_id FROM atlas_ticket_keys WHERE jira_key = ?2",
                (pattern_id, key.as_str()),
            )?;
        }
        Ok(added as u64)
    }

    /// The keys of the tickets that each mined pattern came from, by the pattern's row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn sources(&self) -> Result<BTreeMap<i64, Vec<TicketKey>>> {
        let mut sources: BTreeMap<i64, Vec<TicketKey>> = BTreeMap::new();
        let sql = "SELECT s.pattern_id, t.jira_key FROM atlas_pattern_sources s
                   JOIN jira_tickets t ON t.id = s.ticket_id ORDER BY s.pattern_id, t.id";
        self.0.each(sql, [], |row| {
            if let Some(Ok(key)) = columns::text(row, 1).map(|key| TicketKey::parse(&key)) {
                sources.entry(row.get(0)?).or_default().push(key);
            }
            Ok(())
        })?;
        Ok(sources)
    }

    /// Gives one pattern the sources of another as well; returns how many are new to it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn copy_sources(&self, from: i64, to: i64) -> Result<u64> {
        let copied = self.0.execute(
            "INSERT OR IGNORE INTO atlas_pattern_sources (pattern_id, ticket_id)
             SELECT ?2, ticket_id FROM atlas_pattern_sources WHERE pattern_id = ?1",
            (from, to),
        )?;
        Ok(copied as u64)
    }

    /// Remembers that steps with this hash are not to be proposed again.
    ///
    /// # Errors
    /// Storage errors.
    pub fn drop(&self, steps_hash: u128) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO atlas_dropped_proposals (steps_hash) VALUES (?1)";
        self.0.execute(sql, [steps_hash.to_be_bytes()])?;
        Ok(())
    }

    /// Forgets that steps were dropped.
    ///
    /// # Errors
    /// Storage errors.
    pub fn take_back(&self, steps_hash: u128) -> Result<()> {
        let sql = "DELETE FROM atlas_dropped_proposals WHERE steps_hash = ?1";
        self.0.execute(sql, [steps_hash.to_be_bytes()])?;
        Ok(())
    }

    /// The hashes of steps that were dropped.
    ///
    /// # Errors
    /// Storage errors.
    pub fn dropped(&self) -> Result<BTreeSet<u128>> {
        let mut dropped = BTreeSet::new();
        let sql = "SELECT steps_hash FROM atlas_dropped_proposals";
        self.0.each(sql, [], |row| {
            dropped.extend(columns::hash(row, 0));
            Ok(())
        })?;
        Ok(dropped)
    }
}
