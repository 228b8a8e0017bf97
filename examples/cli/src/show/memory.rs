//! What is remembered, as text.

use atlas_core::domain::{MemoryEntry, MemoryHit};

use super::table::{Rows, cell, faint, key, percent};
use crate::text::{count, plain_lines};

const NOTHING: &str = "Nothing is remembered there.\n";

pub fn value(entry: &MemoryEntry) -> String {
    plain_lines(&entry.value) + "\n"
}

pub fn stored(entry: &MemoryEntry) -> String {
    let until = entry.expires_at.map(|end| format!(" until {end}"));
    let until = until.unwrap_or_default();
    format!("Remembered {}{until}.\n", named(entry))
}

pub fn list(entries: &[MemoryEntry], width: usize) -> String {
    if entries.is_empty() {
        return NOTHING.to_owned();
    }
    let mut table = Rows::new(&["type", "key", "value"], width);
    for entry in entries {
        let start: String = entry.value.chars().take(200).collect();
        table.add(vec![
            faint(&entry.memory_type),
            key(&entry.key),
            cell(&start),
        ]);
    }
    table.text()
}

pub fn hits(hits: &[MemoryHit], width: usize) -> String {
    if hits.is_empty() {
        return NOTHING.to_owned();
    }
    let mut table = Rows::new(&["alike", "type", "key", "value"], width).numbers(0..1);
    for hit in hits {
        let start: String = hit.entry.value.chars().take(200).collect();
        table.add(vec![
            percent(hit.similarity),
            faint(&hit.entry.memory_type),
            key(&hit.entry.key),
            cell(&start),
        ]);
    }
    table.text()
}

pub fn deleted(deleted: bool) -> String {
    match deleted {
        true => "Forgotten.\n".to_owned(),
        false => NOTHING.to_owned(),
    }
}

pub fn expired(expired: u64) -> String {
    format!("Removed {}.\n", count(expired, "expired value"))
}

fn named(entry: &MemoryEntry) -> String {
    plain_lines(&format!("{} {}", entry.memory_type, entry.key))
}
