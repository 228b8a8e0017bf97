//! The table `agent_memory`: values by type and key, with an embedding and an end.
//!
//! The `vector_id` of a vector made here is `atlas:`, a version, `:` and the model's id. Older ones
//! of ATLAS's are made again when they are searched; those of another program are left as they are.

use jiff::Timestamp;
use rusqlite::Row;

use super::{Repositories, columns};
use crate::Result;
use crate::domain::{MemoryEntry, MemoryFilter};

/// An entry with its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryRow {
    /// The row id.
    pub id: i64,
    /// The entry.
    pub entry: MemoryEntry,
    /// The entry's vector, as bytes.
    pub embedding: Option<Vec<u8>>,
    /// What made the vector, or its id in an index elsewhere.
    pub vector_id: Option<String>,
}

/// Remembered values.
#[derive(Debug)]
pub struct Memory<'r>(pub(super) &'r Repositories<'r>);

const SELECT: &str = "SELECT id, memory_type, key, value, embedding, vector_id, expires_at,
                             created_at FROM agent_memory";

impl Memory<'_> {
    /// Stores an entry, replacing the one of the same type and key and its vector. `vector` is the
    /// entry's vector as bytes, and what made it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put(
        &self,
        entry: &MemoryEntry,
        vector: Option<(&[u8], &str)>,
        now: Timestamp,
    ) -> Result<()> {
        self.0.execute(
            "INSERT INTO agent_memory
                 (memory_type, key, value, embedding, vector_id, expires_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT(memory_type, key) DO UPDATE SET
                 value = excluded.value, embedding = excluded.embedding,
                 vector_id = excluded.vector_id, expires_at = excluded.expires_at",
            (
                &entry.memory_type,
                &entry.key,
                &entry.value,
                vector.map(|(bytes, _)| bytes),
                vector.map(|(_, id)| id),
                entry.expires_at.map(columns::time_text),
                columns::time_text(now),
            ),
        )?;
        Ok(())
    }

    /// Gives an entry its vector, unless its value has changed since it was read.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set_vector(&self, row: &MemoryRow, bytes: &[u8], vector_id: &str) -> Result<()> {
        self.0.execute(
            "UPDATE agent_memory SET embedding = ?3, vector_id = ?4
             WHERE id = ?1 AND coalesce(value, '') = ?2",
            (row.id, &row.entry.value, bytes, vector_id),
        )?;
        Ok(())
    }

    /// An entry that has not expired.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(&self, memory_type: &str, key: &str, now: Timestamp) -> Result<Option<MemoryEntry>> {
        let sql = format!("{SELECT} WHERE memory_type = ?1 AND key = ?2");
        let found = self.0.first(&sql, (memory_type, key), row_of)?;
        let entry = found.map(|row| row.entry);
        Ok(entry.filter(|entry| lasts(entry, now)))
    }

    /// Every entry that passes a filter and has not expired, by type and key.
    ///
    /// # Errors
    /// Storage errors.
    pub fn rows(&self, filter: &MemoryFilter, now: Timestamp) -> Result<Vec<MemoryRow>> {
        let mut rows = Vec::new();
        let sql =
            format!("{SELECT} WHERE ?1 IS NULL OR memory_type = ?1 ORDER BY memory_type, key");
        self.0.each(&sql, [&filter.memory_type], |row| {
            rows.push(row_of(row)?);
            Ok(())
        })?;
        rows.retain(|row| filter.accepts(&row.entry) && lasts(&row.entry, now));
        Ok(rows)
    }

    /// Removes an entry; whether it was there.
    ///
    /// # Errors
    /// Storage errors.
    pub fn delete(&self, memory_type: &str, key: &str) -> Result<bool> {
        let sql = "DELETE FROM agent_memory WHERE memory_type = ?1 AND key = ?2";
        Ok(self.0.execute(sql, (memory_type, key))? > 0)
    }

    /// Removes what has expired; how many entries that were.
    ///
    /// # Errors
    /// Storage errors.
    pub fn expire(&self, now: Timestamp) -> Result<u64> {
        // Compared here: other programs write times in forms that do not sort with ours.
        let mut expired: Vec<i64> = Vec::new();
        let sql = "SELECT id, expires_at FROM agent_memory WHERE expires_at IS NOT NULL";
        self.0.each(sql, [], |row| {
            if columns::time(row, 1).is_some_and(|end| end <= now) {
                expired.push(row.get(0)?);
            }
            Ok(())
        })?;
        for id in &expired {
            self.0
                .execute("DELETE FROM agent_memory WHERE id = ?1", [id])?;
        }
        Ok(expired.len() as u64)
    }
}

fn lasts(entry: &MemoryEntry, now: Timestamp) -> bool {
    entry.expires_at.is_none_or(|end| end > now)
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<MemoryRow> {
    Ok(MemoryRow {
        id: row.get(0)?,
        entry: MemoryEntry {
            memory_type: columns::text(row, 1).unwrap_or_default(),
            key: columns::text(row, 2).unwrap_or_default(),
            value: columns::text(row, 3).unwrap_or_default(),
            expires_at: columns::time(row, 6),
            created_at: columns::time(row, 7),
        },
        embedding: row.get(4).ok(),
        vector_id: columns::text(row, 5),
    })
}
