//! Copies of the database, as text.

use std::collections::BTreeMap;
use std::path::Path;

use atlas_core::store::Restored;

use super::quoted;
use crate::text::{count, size};

pub fn backed_up(file: &Path, bytes: u64, removed: usize) -> String {
    let copied = format!("Copied to {} ({}).\n", quoted(file), size(bytes));
    match removed {
        0 => copied,
        removed => copied + &format!("Removed {}.\n", count(removed as u64, "older copy")),
    }
}

pub fn restored(restored: &Restored) -> String {
    let path = quoted(&restored.path);
    match &restored.replaced {
        None => format!("Restored to {path}; the copy was checked and is sound.\n"),
        Some(replaced) => format!(
            "Restored to {path}; the copy was checked and is sound.\n\
             The file that was there before is kept as {}.\n",
            quoted(replaced)
        ),
    }
}

pub fn exported(file: &Path, rows: &BTreeMap<String, u64>) -> String {
    format!("Written to {}: {}.\n", quoted(file), totals(rows))
}

pub fn imported(database: &Path, rows: &BTreeMap<String, u64>) -> String {
    format!("Imported into {}: {}.\n", quoted(database), totals(rows))
}

fn totals(rows: &BTreeMap<String, u64>) -> String {
    let of = |table: &str| rows.get(table).copied().unwrap_or(0);
    format!(
        "{} ({}, {}, {})",
        count(rows.values().sum(), "row"),
        count(of("jira_tickets"), "ticket"),
        count(of("test_patterns"), "pattern"),
        count(of("atlas_observations"), "observation")
    )
}
