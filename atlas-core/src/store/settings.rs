//! Settings that live in the database, and the revisions that say what has changed.

use super::{Repositories, columns};
use crate::Result;

/// Settings by key.
#[derive(Debug)]
pub struct StoredSettings<'r>(pub(super) &'r Repositories<'r>);

impl StoredSettings<'_> {
    /// The value under a key. Bytes that another program put there count as none.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(&self, key: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM atlas_settings WHERE key = ?1";
        let value = self.0.first(sql, [key], |row| Ok(columns::text(row, 0)))?;
        Ok(value.flatten())
    }

    /// Stores a value under a key; `None` removes it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set(&self, key: &str, value: Option<&str>) -> Result<()> {
        match value {
            Some(value) => self.0.execute(
                "INSERT INTO atlas_settings (key, value) VALUES (?1, ?2)
                 ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                (key, value),
            )?,
            None => self
                .0
                .execute("DELETE FROM atlas_settings WHERE key = ?1", [key])?,
        };
        Ok(())
    }
}

/// Where a counter goes on that another program has spoiled: it was never there before, so that
/// nothing old is taken for the present state.
const SPOILED: i64 = 1 << 52;

/// A family of rows whose changes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Revision {
    /// Tickets.
    Tickets,
    /// Test patterns; not the numbers that observations make of them.
    Patterns,
    /// Observations, and pairs of tickets that are not similar.
    Observations,
    /// Documents and vectors.
    Vectors,
    /// What was learned from the observations.
    Models,
}

impl Revision {
    pub(crate) const ALL: [Revision; 5] = [
        Revision::Tickets,
        Revision::Patterns,
        Revision::Observations,
        Revision::Vectors,
        Revision::Models,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Revision::Tickets => "tickets",
            Revision::Patterns => "patterns",
            Revision::Observations => "observations",
            Revision::Vectors => "vectors",
            Revision::Models => "models",
        }
    }
}

/// Counters that move at most once per transaction, when rows of their family have changed.
/// They outlive the process, so that a cache file can say what it was made from.
#[derive(Debug)]
pub struct Revisions<'r>(pub(super) &'r Repositories<'r>);

impl Revisions<'_> {
    /// The present number.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(&self, revision: Revision) -> Result<u64> {
        let sql = "SELECT value FROM atlas_revisions WHERE name = ?1";
        self.0.number(sql, [revision.as_str()])
    }

    /// Moves the number. Repositories do this themselves.
    ///
    /// # Errors
    /// Storage errors.
    pub fn bump(&self, revision: Revision) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_revisions (name, value) VALUES (?1, 1)
             ON CONFLICT(name) DO UPDATE SET value =
                 CASE WHEN typeof(value) = 'integer' AND value BETWEEN 0 AND ?2 * 512
                      THEN value + 1 ELSE ?2 END",
            (revision.as_str(), SPOILED),
        )?;
        Ok(())
    }
}

impl Repositories<'_> {
    /// Moves a revision, once per transaction.
    pub(super) fn changed(&self, revision: Revision) -> Result<()> {
        let bit = 1 << revision as u8;
        if self.moved.get() & bit == 0 {
            self.moved.set(self.moved.get() | bit);
            Revisions(self).bump(revision)?;
        }
        Ok(())
    }
}
