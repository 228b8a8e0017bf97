//! Memory: values that a host, an agent or ATLAS keeps, found by key and by meaning.

use std::sync::Arc;

use serde_json::Value;

use crate::atlas::core::Core;
use crate::atlas::core::encode::BATCH;
use crate::domain::{MemoryEntry, MemoryFilter, MemoryHit};
use crate::search::vectors::{Codes, VectorIndex};
use crate::search::weights::WORDS_ALONE;
use crate::store::MemoryRow;
use crate::text::terms;
use crate::{Error, Result};

/// More than this of an entry is not encoded.
const READ_LIMIT: usize = 4_000;
/// The most entries that a search may ask for.
const MOST_HITS: usize = 1_000;

/// Values that a host remembers, found by key or by meaning.
#[derive(Clone)]
pub struct Memory {
    pub(super) core: Arc<Core>,
}

impl Memory {
    /// Remembers a value, in place of the one of the same type and key, with its vector.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an empty type or key, a value of more than 1 MiB, and an end that has
    /// passed; storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{MemoryEntry, MemoryFilter};
    /// let atlas = Atlas::open_in_memory()?;
    /// let note = "the CSV export drops umlauts when Excel opens it";
    /// atlas.memory().put(&MemoryEntry::text("context", "export", note))?;
    /// atlas.memory().put(&MemoryEntry::text("preference", "tea", "green, in the morning"))?;
    /// let hits = atlas.memory().search("encoding of exported files", &MemoryFilter::default(), 1)?;
    /// assert_eq!(hits[0].entry.key, "export");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn put(&self, entry: &MemoryEntry) -> Result<()> {
        let now = (self.core.clock)();
        entry.check(now)?;
        // Without a model it is remembered all the same, and encoded when it is searched for.
        let vector = match self.core.codes_of(&[&text_of(entry)]) {
            Ok(codes) => codes.first().map(Codes::to_bytes),
            Err(Error::Model { .. }) => None,
            Err(other) => return Err(other),
        };
        let made_by = self.core.vector_id();
        let vector = vector.as_deref().zip(made_by.as_deref().ok());
        self.core
            .store
            .write(|stored| stored.memory().put(entry, vector, now))
    }

    /// A remembered value that has not expired.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(&self, memory_type: &str, key: &str) -> Result<Option<MemoryEntry>> {
        let now = (self.core.clock)();
        self.core
            .store
            .read(|stored| stored.memory().get(memory_type, key, now))
    }

    /// What is remembered and has not expired, by type and key.
    ///
    /// # Errors
    /// Storage errors.
    pub fn list(&self, filter: &MemoryFilter) -> Result<Vec<MemoryEntry>> {
        let rows = self.core.memory_rows(filter)?;
        Ok(rows.into_iter().map(|row| row.entry).collect())
    }

    /// Forgets a value; whether it was there.
    ///
    /// # Errors
    /// Storage errors.
    pub fn delete(&self, memory_type: &str, key: &str) -> Result<bool> {
        self.core
            .store
            .write(|stored| stored.memory().delete(memory_type, key))
    }

    /// Removes what has expired from the file; how many values that were. They are not seen any
    /// more before that either.
    ///
    /// # Errors
    /// Storage errors.
    pub fn expire(&self) -> Result<u64> {
        let now = (self.core.clock)();
        self.core.store.write(|stored| stored.memory().expire(now))
    }

    /// The `k` values (1 to 1,000) nearest in meaning to a text, of those that pass a filter and
    /// have not expired, nearest first. Key and value are compared, and of JSON the words in it.
    ///
    /// Where the encoder knows too little of one of the two texts, the share of the words is the
    /// similarity, at most 0.6.
    ///
    /// Entries of another program, or of another model, are encoded when they are first searched;
    /// one with a vector id of another program keeps that, and is encoded each time, as all are
    /// where the database is only read.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an empty text or a `k` out of range, `MODEL_FAILED`, storage errors.
    pub fn search(&self, text: &str, filter: &MemoryFilter, k: usize) -> Result<Vec<MemoryHit>> {
        if text.trim().is_empty() {
            return Err(Error::invalid("text", text, "at least one word"));
        }
        if !(1..=MOST_HITS).contains(&k) {
            return Err(Error::invalid("k", k, format!("1 to {MOST_HITS}")));
        }
        let text: String = text.chars().take(READ_LIMIT).collect();
        let Some(asked) = self.core.codes_of(&[&text])?.into_iter().next() else {
            return Ok(Vec::new());
        };
        let mut rows = self.core.memory_rows(filter)?;
        self.core.encode_memory(&mut rows, asked.values.len())?;
        let mut index = VectorIndex::new(asked.values.len());
        for row in &rows {
            let codes = row.embedding.as_deref().map(Codes::from_bytes);
            index.push(codes.transpose()?.as_ref())?;
        }
        let words = terms::count(&text);
        let mut cosines = index.cosines(&asked);
        for (place, (row, cosine)) in rows.iter().zip(&mut cosines).enumerate() {
            if asked.is_unknown() || !index.has(place) {
                *cosine = WORDS_ALONE * share_said(&words, &text_of(&row.entry));
            }
        }
        let mut hits: Vec<MemoryHit> = rows
            .into_iter()
            .zip(cosines)
            .map(|(row, similarity)| MemoryHit {
                entry: row.entry,
                similarity,
            })
            .collect();
        // Stable: equal ones stay in the order of type and key.
        hits.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
        hits.truncate(k);
        Ok(hits)
    }
}

impl Core {
    fn memory_rows(&self, filter: &MemoryFilter) -> Result<Vec<MemoryRow>> {
        let now = (self.clock)();
        self.store.read(|stored| stored.memory().rows(filter, now))
    }

    /// Gives the rows whose vector is not of the present model one that is, and stores it where no
    /// other program's id would be lost.
    fn encode_memory(&self, rows: &mut [MemoryRow], width: usize) -> Result<()> {
        let made_by = self.vector_id()?;
        let encoded = |row: &&mut MemoryRow| {
            let bytes = row.embedding.as_deref().unwrap_or_default();
            row.vector_id.as_ref() == Some(&made_by) && Codes::sound(bytes, width).is_some()
        };
        let mut waiting: Vec<&mut MemoryRow> =
            rows.iter_mut().filter(|row| !encoded(row)).collect();
        for batch in waiting.chunks_mut(BATCH) {
            let texts: Vec<String> = batch.iter().map(|row| text_of(&row.entry)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let codes = self.codes_of(&texts)?;
            if self.store.read_only().is_some() {
                for (row, codes) in batch.iter_mut().zip(codes) {
                    row.embedding = Some(codes.to_bytes());
                }
                continue;
            }
            self.store.write(|stored| {
                for (row, codes) in batch.iter_mut().zip(codes) {
                    let bytes = codes.to_bytes();
                    let foreign = row.vector_id.as_deref().is_some_and(|id| !is_ours(id));
                    if !foreign {
                        stored.memory().set_vector(row, &bytes, &made_by)?;
                    }
                    row.embedding = Some(bytes);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// What marks a vector as made here, by this model.
    fn vector_id(&self) -> Result<String> {
        Ok(format!("{OURS}{VERSION}:{}", self.encoder.id()?))
    }
}

const OURS: &str = "atlas:";
/// Since 2 a text that the encoder does not know has no vector.
const VERSION: &str = "2";

/// How much of the asked words a text says, 0 to 1.
fn share_said(asked: &[(u32, u8)], text: &str) -> f32 {
    let said = terms::count(text);
    let says = |hash: &u32| said.binary_search_by_key(hash, |(hash, _)| *hash).is_ok();
    let shared = asked.iter().filter(|(hash, _)| says(hash)).count();
    shared as f32 / asked.len().max(1) as f32
}

fn is_ours(vector_id: &str) -> bool {
    vector_id.starts_with(OURS)
}

/// What of an entry is encoded: the words of its key, then its value; of JSON names and values.
fn text_of(entry: &MemoryEntry) -> String {
    let mut text: String = entry
        .key
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    text.push('\n');
    match entry.to_json() {
        Some(value) => say(None, &value, &mut text),
        None => text.push_str(&entry.value),
    }
    text.chars().take(READ_LIMIT).collect()
}

fn say(name: Option<&str>, value: &Value, text: &mut String) {
    let mut line = |said: &str| {
        if let Some(name) = name {
            text.push_str(name);
            text.push_str(": ");
        }
        text.push_str(said);
        text.push('\n');
    };
    match value {
        Value::Null => {}
        Value::String(said) => line(said),
        Value::Bool(_) | Value::Number(_) => line(&value.to_string()),
        Value::Array(values) => values.iter().for_each(|value| say(name, value, text)),
        Value::Object(fields) => {
            for (name, value) in fields {
                say(Some(name), value, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_encoded_as_its_words() {
        let json = r#"{"outcome": "failed", "steps": [1, "Open"], "by": {"who": "K"}, "x": null}"#;
        let entry = MemoryEntry::text("session", "WRKA-7/end_of", json);
        let expected = "WRKA 7 end of\nwho: K\noutcome: failed\nsteps: 1\nsteps: Open\n";
        assert_eq!(text_of(&entry), expected);
        let entry = MemoryEntry::text("context", "k", "{not json");
        assert_eq!(text_of(&entry), "k\n{not json");
    }
}
