//! Backups of a store, and the check for damage.

use std::path::Path;

use jiff::Timestamp;

use super::{FolderBackup, Repositories, Store, backup, backup_folder, schema, unreadable};
use crate::Result;

impl Store {
    /// Copies the database, as it is now, to another file, while others go on working.
    ///
    /// The copy appears whole or not at all. An earlier ATLAS database at `path` is replaced.
    ///
    /// # Errors
    /// `INVALID_VALUE` when `path` holds anything else or is a database in use,
    /// `READ_ONLY_DATABASE` and `FILE_FAILED` when it cannot be written.
    pub fn backup_to(&self, path: &Path) -> Result<()> {
        self.with_reader(|connection| backup::backup(connection, self.path(), path))
    }

    /// Copies the database to a new file in a folder, which is made where there is none, and
    /// removes the oldest of this database's earlier backups there until `keep` are left.
    ///
    /// The file's name is the database's, `.backup-`, and `now` in UTC:
    /// `work.backup-20240501T093000Z.db`. Files with other names, and files that are no ATLAS
    /// database, are left alone. Give each database a folder of its own, or a name of its own.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a `keep` of 0; as [`backup_to`](Self::backup_to). Nothing is removed
    /// then.
    pub fn backup_to_folder(
        &self,
        folder: &Path,
        keep: usize,
        now: Timestamp,
    ) -> Result<FolderBackup> {
        backup_folder::backup(self, folder, keep, now)
    }

    /// Looks for damage: what SQLite's integrity check and its foreign key check say; values that
    /// another program put where readers find nothing of use, by table, row and column; tables that
    /// were missing. Empty when the database is sound.
    ///
    /// # Errors
    /// Storage errors; damage that keeps the check from running is `CORRUPT_DATABASE`.
    pub fn check(&self) -> Result<Vec<String>> {
        self.with_reader(|connection| {
            let mut findings = backup::check(connection)?;
            match unreadable::findings(connection) {
                Ok(values) => findings.extend(values),
                // Damage that was found already keeps rows from being read.
                Err(_) if !findings.is_empty() => {}
                Err(error) => return Err(error),
            }
            let stored = Repositories::new(connection);
            let tables = schema::made_again(&stored.settings())?;
            findings.extend(tables.into_iter().map(|table| {
                format!(
                    "the table {table} was missing and was made again without rows; restore a \
                     backup if it held any"
                )
            }));
            Ok(findings)
        })
    }

    /// Makes all of SQLite's indexes again from the rows.
    ///
    /// # Errors
    /// Storage errors, also for rows of which an index allows one only.
    pub fn make_indexes_again(&self) -> Result<()> {
        self.transact(|transaction| {
            transaction.execute_batch("REINDEX")?;
            Ok(transaction.commit()?)
        })
    }

    /// No longer says in [`check`](Self::check) that tables were missing.
    ///
    /// # Errors
    /// Storage errors.
    pub fn forget_missing_tables(&self) -> Result<()> {
        self.write(|stored| schema::forget_made_again(&stored.settings()))
    }
}
