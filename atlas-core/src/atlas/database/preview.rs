//! What a file is, by its content, and how it begins: a look before an import.

use std::ops::ControlFlow;
use std::path::Path;

use super::Database;
use crate::domain::{
    FilePreview, ImportKind, PreviewRecord, ReadOptions, TestImport, TicketImport,
};
use crate::exchange::history::read_history_with;
use crate::exchange::{Record, cases};
use crate::jira::read_tickets_with;
use crate::{Error, Result};

/// How many records are shown.
const SHOWN: usize = 3;
/// How many records may fail before a reader gives up.
const FAILED: usize = 200;

impl Database {
    /// What a file holds, by its content and whatever its name is: tickets, test cases, a history or
    /// results; with its first three records. Nothing is stored. A dry run of the import says what
    /// it would change.
    ///
    /// # Errors
    /// `FILE_FAILED`; `UNKNOWN_FORMAT` where no reader finds a record in it, with the reason of the
    /// first one; `INVALID_VALUE` for an option.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{ImportKind, ReadOptions}};
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("test cases.csv");
    /// std::fs::write(&path, "Issue key,Summary,Status\nWRKA-7,Export is empty,To Do\n").unwrap();
    /// let atlas = Atlas::open_in_memory()?;
    /// let preview = atlas.database().preview_file(&path, &ReadOptions::default())?;
    /// assert_eq!(preview.kind, ImportKind::Tickets);
    /// assert_eq!(preview.records[0].key.as_deref(), Some("WRKA-7"));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn preview_file(
        &self,
        path: impl AsRef<Path>,
        reading: &ReadOptions,
    ) -> Result<FilePreview> {
        let path = path.as_ref();
        // Readers refuse what is not theirs. That of tickets knows lists of executions and test
        // cases, that of test cases takes every table with names: it comes after the others.
        let readers: [(ImportKind, Reader); 4] = [
            (ImportKind::Tickets, tickets),
            (ImportKind::History, history),
            (ImportKind::Patterns, test_cases),
            (ImportKind::Results, results),
        ];
        let mut refused = None;
        for (kind, read) in readers {
            match read(path, reading) {
                Ok(records) if !records.is_empty() => return Ok(FilePreview { kind, records }),
                Ok(_) => {}
                Err(error @ Error::UnknownFormat { .. }) => {
                    refused.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(refused.unwrap_or_else(|| Error::UnknownFormat {
            path: path.to_owned(),
            expected:
                "none of its records can be read as a ticket, a test case, a line of a history \
                       or a result"
                    .to_owned(),
        }))
    }
}

type Reader = fn(&Path, &ReadOptions) -> Result<Vec<PreviewRecord>>;

fn tickets(path: &Path, reading: &ReadOptions) -> Result<Vec<PreviewRecord>> {
    let options = TicketImport {
        reading: reading.clone(),
        ..TicketImport::default()
    };
    let mut first = First::default();
    read_tickets_with(path, &options, &mut |record| {
        first.see(record, |read| {
            let key = read.ticket.key.to_string();
            (Some(key), read.ticket.summary)
        })
    })?;
    Ok(first.records)
}

fn history(path: &Path, reading: &ReadOptions) -> Result<Vec<PreviewRecord>> {
    let mut first = First::default();
    read_history_with(path, reading, &mut |record| {
        first.see(record, |link| {
            (Some(link.ticket_key.to_string()), link.pattern_key)
        })
    })?;
    Ok(first.records)
}

fn test_cases(path: &Path, reading: &ReadOptions) -> Result<Vec<PreviewRecord>> {
    let file = cases::read(path, &test_import(reading))?;
    let entries = file.entries.into_iter();
    let good = entries.filter_map(|entry| {
        let case = entry.value.ok()?;
        let key = case.pattern.key.or_else(|| case.ids.into_iter().next());
        Some(PreviewRecord {
            line: entry.line,
            key,
            title: case.pattern.name,
        })
    });
    Ok(good.take(SHOWN).collect())
}

fn results(path: &Path, reading: &ReadOptions) -> Result<Vec<PreviewRecord>> {
    let file = cases::read_results(path, &test_import(reading))?;
    let entries = file.entries.into_iter();
    let good = entries.filter_map(|entry| {
        let result = entry.value.ok()?;
        Some(PreviewRecord {
            line: entry.line,
            key: result.ids.into_iter().next(),
            title: result.name,
        })
    });
    Ok(good.take(SHOWN).collect())
}

fn test_import(reading: &ReadOptions) -> TestImport {
    TestImport {
        reading: reading.clone(),
        ..TestImport::default()
    }
}

/// The first records that are read well.
#[derive(Default)]
struct First {
    records: Vec<PreviewRecord>,
    failed: usize,
}

impl First {
    fn see<T>(
        &mut self,
        record: Record<T>,
        named: impl FnOnce(T) -> (Option<String>, String),
    ) -> ControlFlow<()> {
        let line = record.line;
        match record.value {
            Ok(value) => {
                let (key, title) = named(value);
                self.records.push(PreviewRecord { line, key, title });
            }
            Err(_) => self.failed += 1,
        }
        match self.records.len() >= SHOWN || self.failed >= FAILED {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}
