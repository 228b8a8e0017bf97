//! The database itself: what it holds, its copy, its faults.

use std::path::{Path, PathBuf};

use atlas_core::{Atlas, Counts, ReadOnly, Result, TrainingStatus};
use serde::Serialize;

use super::quoted;
use crate::output::path_text;
use crate::style::{BAD, FAINT, GOOD, paint};
use crate::text::{count, plain, size, wrap};

/// What a database holds and how large it is.
#[derive(Debug, Serialize)]
pub struct Info {
    #[serde(serialize_with = "path_text")]
    database: PathBuf,
    #[serde(flatten)]
    counts: Counts,
    /// Absent where the database can be written.
    read_only: Option<ReadOnly>,
    learning: TrainingStatus,
    /// Opening brings every database to this version.
    schema: usize,
    model: String,
    file_size: u64,
    bytes_per_ticket: Option<u64>,
}

impl Info {
    pub fn of(atlas: &Atlas, path: &Path) -> Result<Self> {
        let counts = atlas.database().counts()?;
        let file_size = bytes_of(path) + bytes_of(&write_ahead(path));
        Ok(Info {
            database: path.to_owned(),
            counts,
            read_only: atlas.database().read_only()?,
            learning: atlas.learning().status()?,
            schema: atlas.database().schema_version(),
            model: atlas.database().model_id()?,
            file_size,
            bytes_per_ticket: file_size.checked_div(counts.tickets),
        })
    }
}

pub fn text(info: &Info) -> String {
    let counts = &info.counts;
    let per_ticket = info
        .bytes_per_ticket
        .map(|bytes| format!(", {} a ticket", size(bytes)))
        .unwrap_or_default();
    let waiting = match counts.unencoded {
        0 => "all texts encoded".to_owned(),
        waiting => format!("{} not encoded yet: atlas encode", count(waiting, "text")),
    };
    let lines = [
        ("database", quoted(&info.database)),
        ("size", format!("{}{per_ticket}", size(info.file_size))),
        ("tickets", counts.tickets.to_string()),
        (
            "patterns",
            format!(
                "{}, {} of them from the starter catalogue",
                counts.patterns, counts.starter_patterns
            ),
        ),
        (
            "history",
            format!(
                "{} of a pattern with a ticket",
                count(counts.observations, "result")
            ),
        ),
        ("learning", super::models::status(&info.learning)),
        ("search", waiting),
        ("model", plain(&info.model)),
        ("schema", info.schema.to_string()),
    ];
    let only_read = info
        .read_only
        .iter()
        .flat_map(|why| std::iter::once(&why.reason).chain(&why.left_out))
        .map(|said| ("reading", format!("only: {}", plain(said))));
    lines
        .into_iter()
        .chain(only_read)
        .map(|(name, value)| format!("{}  {value}\n", paint(FAINT, format!("{name:>8}"))))
        .collect()
}

/// That a database is only read, and what is left out because of it.
pub fn only_read(path: &Path, why: &ReadOnly) -> String {
    let left_out = why.left_out.iter().map(|left| format!("; {}", plain(left)));
    format!(
        "{} is only read, and nothing is stored: {}{}",
        quoted(path),
        plain(&why.reason),
        left_out.collect::<String>()
    )
}

pub fn encoded(texts: u64) -> String {
    match texts {
        0 => "Nothing was left to encode.\n".to_owned(),
        _ => format!("Encoded {}.\n", count(texts, "text")),
    }
}

pub fn checked(faults: &[String], width: usize) -> String {
    if faults.is_empty() {
        return format!("{} no damage was found.\n", paint(GOOD, "Sound:"));
    }
    let found = paint(BAD, format!("{}:", count(faults.len() as u64, "fault")));
    format!(
        "{found}\n{}The file was left as it is. `atlas check --repair` derives again what can be \
         derived and keeps a copy; for anything else restore a backup.\n",
        listed(faults, width)
    )
}

/// Faults, each in its lines.
pub fn listed(faults: &[String], width: usize) -> String {
    let lines = faults
        .iter()
        .map(|fault| wrap(&plain(fault), width, "  ") + "\n");
    lines.collect()
}

/// The size of a file; 0 where there is none, as with a database in memory.
pub fn bytes_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// Where SQLite keeps the latest changes while a database is open.
fn write_ahead(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}
