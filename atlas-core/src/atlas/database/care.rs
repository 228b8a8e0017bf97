//! Taking care of the database: backups, restoring one, and all rows out and in.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Database;
use crate::atlas::core::Core;
use crate::domain::{Draft, Progress, ProgressFn, Stage, silent};
use crate::exchange::database::{DatabaseLine, DatabaseReader, DatabaseWriter};
use crate::search::documents::Document;
use crate::store::{FolderBackup, Owner, Repositories, Restored, Store, restore};
use crate::whole_file::WholeFile;
use crate::{Error, Result};

/// Rows by table.
type Counted = BTreeMap<String, u64>;
/// Rows between two signs of progress.
const REPORT_EVERY: u64 = 500;

impl Database {
    /// Copies the database, while it is in use, to a new file in a folder, and removes the oldest
    /// of its earlier backups there until `keep` are left.
    ///
    /// The file's name has the time in UTC: `work.backup-20240501T093000Z.db`. Nothing but this
    /// database's own backups is ever removed; databases of one name need folders of their own.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a `keep` of 0, `FILE_FAILED`, `READ_ONLY_DATABASE`. Nothing is removed
    /// then.
    pub fn backup_to_folder(&self, folder: impl AsRef<Path>, keep: usize) -> Result<FolderBackup> {
        self.core
            .store
            .backup_to_folder(folder.as_ref(), keep, (self.core.clock)())
    }

    /// Puts a copy of a backup in a database's place, once the copy is found sound. The file that
    /// it replaces is kept beside it under the name that is returned. No program may have the
    /// database open.
    ///
    /// # Errors
    /// `FILE_FAILED`, `NOT_A_DATABASE`, `NEWER_DATABASE`, `CORRUPT_DATABASE`, `INVALID_VALUE` for a
    /// backup that is none; `DATABASE_BUSY`, `READ_ONLY_DATABASE` for a database that cannot be
    /// replaced. The present file is as it was then.
    pub fn restore(backup: impl AsRef<Path>, database: impl AsRef<Path>) -> Result<Restored> {
        restore(backup.as_ref(), database.as_ref())
    }

    /// Writes every row of ATLAS's tables as JSON lines, as they are at one moment; how many rows
    /// of which table. See [`crate::exchange::database`] for the format, and for what is left out:
    /// words and vectors, which are made again, and what other programs keep in the file.
    ///
    /// The same database gives the same bytes, and so does one that imported them.
    ///
    /// # Errors
    /// `FILE_FAILED` when the writer fails, which ends the export; storage errors.
    pub fn export_all(&self, writer: impl Write) -> Result<BTreeMap<String, u64>> {
        Ok(self.core.write_all(writer, &mut silent)?.1)
    }

    /// As [`Database::export_all`](crate::Database::export_all), to a file, which appears whole or not at all and
    /// replaces an earlier one; compressed where its name ends in `.gz`. Of two programs that write
    /// one name the later one is told.
    ///
    /// # Errors
    /// As [`Database::export_all`](crate::Database::export_all); `CANCELLED` when `progress` says so: no file is left
    /// then, and an earlier one stays.
    pub fn export_all_to(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<BTreeMap<String, u64>> {
        let path = path.as_ref();
        let failed = |source| Error::File {
            path: path.to_owned(),
            source,
        };
        let gzip = path.extension().is_some_and(|ending| ending == "gz");
        WholeFile::begin(path)?.write(|to| match gzip {
            true => {
                let to = GzEncoder::new(to, Compression::default());
                let (to, rows) = self.core.write_all(to, progress)?;
                to.finish().map_err(failed)?;
                Ok(rows)
            }
            false => Ok(self.core.write_all(to, progress)?.1),
        })
    }

    /// Imports what [`Database::export_all`](crate::Database::export_all) wrote, plain or gzip, into a database that
    /// holds nothing yet but what every new one has: the starter catalogue, a profile and settings,
    /// which the imported ones replace. How many rows of which table.
    ///
    /// All rows are stored in one transaction, or none. Then the texts are encoded; what is stopped
    /// there is finished by [`Database::encode`](crate::Database::encode). Weights that the user has set
    /// count from the next opening on.
    ///
    /// # Errors
    /// `DATABASE_NOT_EMPTY`, `FILE_FAILED`, `UNKNOWN_FORMAT` with the line that cannot be used,
    /// `NEWER_DATABASE`, `CANCELLED` when `progress` says so; storage errors.
    pub fn import_all(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<BTreeMap<String, u64>> {
        self.core.store.writable()?;
        let schema = u32::try_from(atlas_migrations::MIGRATIONS.len()).unwrap_or(u32::MAX);
        let mut reader = DatabaseReader::open(path.as_ref(), schema)?;
        // Refused before it is read.
        self.core
            .store
            .rehearse(|stored| stored.rows()?.make_room())?;
        // Read into a database of its own, so that nothing waits for the host's callback.
        let apart = Store::temporary()?;
        let rows = apart.write(|stored| {
            let rows = read_rows(stored, &mut reader, progress)?;
            self.core.document_all(stored, &mut || {
                let (done, total) = reader.position();
                tell(progress, Stage::Importing, done, Some(total))
            })?;
            Ok(rows)
        })?;
        self.core
            .store
            .write(|stored| stored.rows()?.move_in(&apart))?;
        self.core.encode_pending(progress)?;
        Ok(rows)
    }
}

impl Core {
    fn write_all<W: Write>(&self, writer: W, progress: ProgressFn<'_>) -> Result<(W, Counted)> {
        let schema = u32::try_from(atlas_migrations::MIGRATIONS.len()).unwrap_or(u32::MAX);
        let mut writer = DatabaseWriter::new(writer, schema)?;
        let (mut counted, mut written) = (Counted::new(), 0);
        self.store.read_with_callbacks(|stored| {
            stored.rows()?.for_each(&mut |table, row| {
                let table = table.to_owned();
                *counted.entry(table.clone()).or_default() += 1;
                writer.row(&DatabaseLine { table, row })?;
                written += 1;
                if written % REPORT_EVERY == 0 {
                    tell(progress, Stage::Exporting, written, None)?;
                }
                Ok(())
            })
        })?;
        Ok((writer.finish()?, counted))
    }

    /// The words of all tickets and patterns, and what of them is to be encoded; `alive` is called
    /// now and then.
    fn document_all(
        &self,
        stored: &Repositories<'_>,
        alive: &mut dyn FnMut() -> Result<()>,
    ) -> Result<()> {
        let mut done = 0;
        stored.tickets().for_each(&mut |ticket| {
            done += 1;
            if done % REPORT_EVERY == 0 {
                alive()?;
            }
            let document = Document::of_ticket(&Draft::from(&ticket.value));
            self.put_document(stored, Owner::Ticket, ticket.id, &document)
        })?;
        stored.patterns().for_each(&mut |pattern| {
            let document = Document::of_pattern(&pattern.value);
            self.put_document(stored, Owner::Pattern, pattern.id, &document)
        })
    }
}

fn tell(progress: ProgressFn<'_>, stage: Stage, done: u64, total: Option<u64>) -> Result<()> {
    match progress(Progress { stage, done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}

fn read_rows(
    stored: &Repositories<'_>,
    reader: &mut DatabaseReader,
    progress: ProgressFn<'_>,
) -> Result<Counted> {
    let rows = stored.rows()?;
    rows.make_room()?;
    let mut counted = Counted::new();
    let mut read = 0;
    while let Some(line) = reader.next_row()? {
        if let Err(reason) = rows.insert(&line.table, &line.row)? {
            return Err(reader.refuse(&reason));
        }
        *counted.entry(line.table).or_default() += 1;
        read += 1;
        if read % REPORT_EVERY == 0 {
            let (done, total) = reader.position();
            tell(progress, Stage::Importing, done, Some(total))?;
        }
    }
    match rows.settle()?.first() {
        Some(finding) => Err(reader.refuse(finding)),
        None => Ok(counted),
    }
}
