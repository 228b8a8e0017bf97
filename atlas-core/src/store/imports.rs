//! Imports as units: the list of them, and how long what they changed is kept.
//!
//! The journal is kept for the newest 100 imports, for as many as take 64 MiB, and for the sample
//! until it is taken out.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use rusqlite::Row;

use super::{Repositories, columns};
use crate::domain::{ImportCounts, ImportKind, ImportRecord, ImportState};
use crate::{Error, Result};

/// Imports that can be taken back at most; of older ones what was before is forgotten.
const MOST_KEPT: i64 = 100;
/// About the most bytes that are kept of what was before, the newest import's aside.
const MOST_BYTES: i64 = 64 << 20;
/// Imports that are listed at most.
const MOST_LISTED: i64 = 1_000;

/// The list of imports.
#[derive(Debug)]
pub struct Imports<'r>(pub(super) &'r Repositories<'r>);

/// An import under way: what [`Store::write_import`](super::Store::write_import) records is its.
/// It has a row from the first transaction on that finds or changes something.
#[derive(Debug)]
pub struct ImportUnit {
    kind: ImportKind,
    source: String,
    is_sample: bool,
    began_at: Timestamp,
    /// 0 before there is a row.
    id: AtomicI64,
}

impl ImportUnit {
    /// An import that begins now. `source` is a file's name without its folder.
    pub fn new(kind: ImportKind, source: String, began_at: Timestamp, is_sample: bool) -> Self {
        ImportUnit {
            kind,
            source,
            is_sample,
            began_at,
            id: AtomicI64::new(0),
        }
    }

    /// Its row, where it has one.
    pub fn id(&self) -> Option<i64> {
        Some(self.id.load(Ordering::Acquire)).filter(|id| *id > 0)
    }

    /// Whether it is a sync, which finds most of what it reads as it was.
    pub(super) fn is_sync(&self) -> bool {
        self.kind == ImportKind::Sync
    }

    pub(super) fn has_row(&self, id: i64) {
        self.id.store(id, Ordering::Release);
    }
}

/// What a transaction adds to an import.
#[derive(Debug, Default)]
pub(super) struct Gained {
    pub(super) new: [i64; 3],
    pub(super) updated: [i64; 3],
    pub(super) bytes: i64,
}

const SELECT: &str = "SELECT id, kind, source, is_sample, began_at, ended_at, tickets_new,
    tickets_updated, patterns_new, patterns_updated, observations_new, observations_updated, state
    FROM atlas_imports";

impl Imports<'_> {
    /// The imports, newest first; at most a thousand.
    ///
    /// # Errors
    /// Storage errors.
    pub fn all(&self) -> Result<Vec<ImportRecord>> {
        self.list(&format!("{SELECT} ORDER BY id DESC LIMIT {MOST_LISTED}"))
    }

    /// The parts of the sample that can be taken back, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_sample(&self) -> Result<Vec<ImportRecord>> {
        self.list(&format!(
            "{SELECT} WHERE is_sample = 1 AND state = 'kept' ORDER BY id DESC"
        ))
    }

    /// The import with an id.
    ///
    /// # Errors
    /// `IMPORT_NOT_FOUND`, storage errors.
    pub fn by_id(&self, id: i64) -> Result<ImportRecord> {
        let found = self
            .0
            .first(&format!("{SELECT} WHERE id = ?1"), [id], record_of)?;
        found.ok_or(Error::ImportNotFound {
            id,
            reason: "there is none with this number",
        })
    }

    /// Notes that an import came to its end, and forgets what is too long ago.
    ///
    /// # Errors
    /// Storage errors.
    pub fn end(&self, unit: &ImportUnit, at: Timestamp) -> Result<()> {
        let sql = "UPDATE atlas_imports SET ended_at = ?2 WHERE id = ?1";
        self.0.execute(sql, (unit.id(), columns::time_text(at)))?;
        self.forget_old()
    }

    pub(super) fn add(&self, unit: &ImportUnit) -> Result<i64> {
        let sql = "SELECT id FROM atlas_imports WHERE id = ?1 AND state = 'kept'";
        if let Some(id) = self.0.first(sql, [unit.id()], |row| row.get(0))? {
            return Ok(id);
        }
        // None yet, or it was taken back while it is under way: what follows is a unit of its own.
        self.0.insert(
            "INSERT INTO atlas_imports (kind, source, is_sample, began_at) VALUES (?1, ?2, ?3, ?4)",
            (
                unit.kind.as_str(),
                &unit.source,
                unit.is_sample,
                columns::time_text(unit.began_at),
            ),
        )
    }

    pub(super) fn gain(&self, id: i64, gained: &Gained) -> Result<()> {
        let Gained {
            new,
            updated,
            bytes,
        } = gained;
        self.0.execute(
            "UPDATE atlas_imports SET
                 tickets_new = tickets_new + ?2, tickets_updated = tickets_updated + ?3,
                 patterns_new = patterns_new + ?4, patterns_updated = patterns_updated + ?5,
                 observations_new = observations_new + ?6,
                 observations_updated = observations_updated + ?7,
                 journal_bytes = journal_bytes + ?8
             WHERE id = ?1",
            (
                id, new[0], updated[0], new[1], updated[1], new[2], updated[2], bytes,
            ),
        )?;
        Ok(())
    }

    /// Drops the journal of an import and says what became of it.
    pub(super) fn close(&self, id: i64, state: &str) -> Result<()> {
        let sql = "DELETE FROM atlas_import_rows WHERE import_id = ?1";
        self.0.execute(sql, [id])?;
        let sql = "UPDATE atlas_imports SET state = ?2, journal_bytes = 0 WHERE id = ?1";
        self.0.execute(sql, (id, state))?;
        Ok(())
    }

    /// The sample's imports are kept until they are taken back.
    fn forget_old(&self) -> Result<()> {
        let mut old = Vec::new();
        let sql = "SELECT id, row_number() OVER newest, sum(journal_bytes) OVER newest
                   FROM atlas_imports WHERE state = 'kept' AND is_sample = 0
                   WINDOW newest AS (ORDER BY id DESC)";
        self.0.each(sql, [], |row| {
            let (id, place, bytes): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if place > MOST_KEPT || (place > 1 && bytes > MOST_BYTES) {
                old.push(id);
            }
            Ok(())
        })?;
        old.into_iter()
            .try_for_each(|id| self.close(id, "forgotten"))?;
        let sql = "DELETE FROM atlas_imports WHERE state <> 'kept' AND id NOT IN
                       (SELECT id FROM atlas_imports ORDER BY id DESC LIMIT ?1)";
        self.0.execute(sql, [MOST_LISTED])?;
        Ok(())
    }

    fn list(&self, sql: &str) -> Result<Vec<ImportRecord>> {
        let mut imports = Vec::new();
        self.0.each(sql, [], |row| {
            imports.push(record_of(row)?);
            Ok(())
        })?;
        Ok(imports)
    }
}

fn record_of(row: &Row<'_>) -> rusqlite::Result<ImportRecord> {
    let count = |place| columns::integer(row, place).map_or(0, i64::unsigned_abs);
    let counts = |first| ImportCounts {
        tickets: count(first),
        patterns: count(first + 2),
        observations: count(first + 4),
    };
    let ended_at = columns::time(row, 5);
    let state = match columns::text(row, 12).as_deref() {
        Some("undone") => ImportState::Undone,
        Some("forgotten") => ImportState::Forgotten,
        _ if ended_at.is_some() => ImportState::Complete,
        _ => ImportState::Stopped,
    };
    let kind = columns::text(row, 1).and_then(|name| ImportKind::from_name(&name));
    Ok(ImportRecord {
        import_id: row.get(0)?,
        kind: kind.unwrap_or(ImportKind::Tickets),
        source: columns::text(row, 2).unwrap_or_default(),
        is_sample: columns::integer(row, 3) == Some(1),
        began_at: columns::time(row, 4),
        ended_at,
        new: counts(6),
        updated: counts(7),
        state,
    })
}
