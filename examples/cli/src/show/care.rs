//! Copies of the database, as text.

use std::collections::BTreeMap;
use std::path::Path;

use atlas_core::domain::Repair;
use atlas_core::store::Restored;

use super::info::listed;
use super::quoted;
use crate::style::{BAD, GOOD, paint};
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

pub fn repaired(repair: &Repair, width: usize) -> String {
    let mut text = String::new();
    let mut say = |color, what: String, faults: &[String]| {
        if !faults.is_empty() {
            text += &format!("{}\n{}", paint(color, what), listed(faults, width));
        }
    };
    let of = |faults: &[String]| count(faults.len() as u64, "fault");
    let (repaired, left) = (&repair.repaired, &repair.left);
    say(GOOD, format!("{} repaired:", of(repaired)), repaired);
    say(
        BAD,
        format!("{} left, which nothing else tells:", of(left)),
        left,
    );
    if let Some(copy) = &repair.copy {
        text += &format!("The database as it was is kept as {}.\n", quoted(copy));
    }
    if text.is_empty() {
        text = format!("{} nothing was to be repaired.\n", paint(GOOD, "Sound:"));
    }
    text
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
