//! The table `agent_memory`: values by type and key, with an embedding and an end.

use jiff::Timestamp;
use rusqlite::Row;

use super::{Repositories, columns};
use crate::Result;

/// One remembered value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryEntry {
    /// pattern, context, preference, session, or a host's own.
    pub memory_type: String,
    /// Unique within its type.
    pub key: String,
    /// JSON or text.
    pub value: Option<String>,
    /// The value's vector, as bytes.
    pub embedding: Option<Vec<u8>>,
    /// The vector's id in an index elsewhere.
    pub vector_id: Option<String>,
    /// When it stops being true; never, if absent.
    pub expires_at: Option<Timestamp>,
}

/// Remembered values.
#[derive(Debug)]
pub struct Memory<'r>(pub(super) &'r Repositories<'r>);

impl Memory<'_> {
    /// Stores an entry, replacing the one of the same type and key.
    ///
    /// # Errors
    /// Storage errors.
    pub fn put(&self, entry: &MemoryEntry) -> Result<()> {
        self.0.execute(
            "INSERT INTO agent_memory (memory_type, key, value, embedding, vector_id, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT(memory_type, key) DO UPDATE SET
                 value = excluded.value, embedding = excluded.embedding,
                 vector_id = excluded.vector_id, expires_at = excluded.expires_at",
            (
                &entry.memory_type,
                &entry.key,
                &entry.value,
                &entry.embedding,
                &entry.vector_id,
                entry.expires_at.map(columns::time_text),
            ),
        )?;
        Ok(())
    }

    /// An entry that has not expired.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(&self, memory_type: &str, key: &str, now: Timestamp) -> Result<Option<MemoryEntry>> {
        let entry = self.0.first(
            "SELECT memory_type, key, value, embedding, vector_id, expires_at
             FROM agent_memory WHERE memory_type = ?1 AND key = ?2",
            (memory_type, key),
            |row| Ok(entry_of(row)),
        )?;
        Ok(entry.filter(|entry| entry.expires_at.is_none_or(|end| end > now)))
    }

    /// Every entry of a type that has not expired, by key.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_type(&self, memory_type: &str, now: Timestamp) -> Result<Vec<MemoryEntry>> {
        let mut entries = Vec::new();
        self.0.each(
            "SELECT memory_type, key, value, embedding, vector_id, expires_at
             FROM agent_memory WHERE memory_type = ?1 ORDER BY key",
            [memory_type],
            |row| {
                entries.push(entry_of(row));
                Ok(())
            },
        )?;
        entries.retain(|entry| entry.expires_at.is_none_or(|end| end > now));
        Ok(entries)
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

fn entry_of(row: &Row<'_>) -> MemoryEntry {
    MemoryEntry {
        memory_type: columns::text(row, 0).unwrap_or_default(),
        key: columns::text(row, 1).unwrap_or_default(),
        value: columns::text(row, 2),
        embedding: row.get(3).ok(),
        vector_id: columns::text(row, 4),
        expires_at: columns::time(row, 5),
    }
}
