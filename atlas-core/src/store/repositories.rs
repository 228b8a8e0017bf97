//! What a transaction gives, and the small types that all repositories share.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use super::columns;
use crate::{Error, Result};

/// A record with its row id.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored<T> {
    /// The row id.
    pub id: i64,
    /// The record.
    pub value: T,
}

/// What storing a record did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It was not there before.
    New,
    /// It was there and is different now.
    Updated,
    /// It was there and is the same.
    Unchanged,
}

/// The repositories of one transaction; see [`Store`](super::Store).
#[derive(Debug)]
pub struct Repositories<'c> {
    connection: &'c Connection,
    /// One bit per revision that this transaction has moved.
    pub(super) moved: Cell<u8>,
    /// Patterns whose numbers are behind their observations.
    pub(super) uncounted: RefCell<BTreeSet<i64>>,
    /// Whether the transaction is an import's.
    records: bool,
    /// What the import found as it brings it.
    pub(super) seen: RefCell<BTreeSet<SeenRow>>,
}

/// A row that an import has and left as it was: its table's number in the journal, and its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SeenRow(pub(super) usize, pub(super) i64);

impl<'c> Repositories<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Repositories {
            connection,
            moved: Cell::new(0),
            uncounted: RefCell::default(),
            records: false,
            seen: RefCell::default(),
        }
    }

    /// Of a transaction whose changes are recorded.
    pub(super) fn recording(connection: &'c Connection) -> Self {
        Repositories {
            records: true,
            ..Repositories::new(connection)
        }
    }

    /// Notes that an import has a row that it leaves as it was.
    pub(super) fn see(&self, table: usize, id: i64) {
        if self.records {
            self.seen.borrow_mut().insert(SeenRow(table, id));
        }
    }

    /// How many rows this connection has written since it was opened.
    pub(crate) fn rows_written(&self) -> u64 {
        self.connection.total_changes()
    }

    pub(super) fn connection(&self) -> &Connection {
        self.connection
    }

    pub(super) fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// Runs a statement that returns no rows; the number of rows that it changed.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.prepare(sql)?.execute(params)?)
    }

    /// The row that an insert made.
    pub(super) fn insert(&self, sql: &str, params: impl Params) -> Result<i64> {
        Ok(self.prepare(sql)?.insert(params)?)
    }

    /// The first row, if there is one that can be read.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        match self.prepare(sql)?.query_row(params, read).optional() {
            Err(error) if is_unreadable(&error) => Ok(None),
            other => Ok(other?),
        }
    }

    /// Every row, in order. Another program may have written a row in which a number is a text or a
    /// text is bytes: it is passed over, and [`check`](super::Store::check) names it.
    pub(super) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut f: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            match f(row) {
                Err(Error::Database(error)) if is_unreadable(&error) => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// A single number, such as a count; 0 where there is none.
    pub(super) fn number(&self, sql: &str, params: impl Params) -> Result<u64> {
        let number = self.first(sql, params, |row| Ok(columns::integer(row, 0)))?;
        Ok(number.flatten().unwrap_or(0).unsigned_abs())
    }
}

/// Whether a value of a row is none that its column should hold.
fn is_unreadable(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    matches!(
        error,
        InvalidColumnType(..) | FromSqlConversionFailure(..) | IntegralValueOutOfRange(..)
    )
}
