//! Bringing tickets into the database: from files, from the host, from Jira.
//!
//! # One import, step by step
//!
//! 1. `exchange::input` opens the file, undoes gzip, settles the encoding, and tells JSON from a
//!    table by the content.
//! 2. `jira` surveys the whole file: the column of the keys, the order of day and month, the keys
//!    of ids. Then it reads one record at a time. ADF or wiki markup becomes plain text with light
//!    structure.
//! 3. A batch is 1,000 records or 16 MB of text; each batch is one transaction. A ticket with an
//!    unchanged content hash is left alone. A field that the record does not name stays, one that
//!    it names and that is empty is cleared, one that could not be read is counted and stays
//!    (`TicketFields`).
//! 4. The same transaction stores the ticket's documents: the counted words of summary and
//!    description, and the hash of the text to encode. From here on search by words finds the
//!    ticket.
//! 5. When the file is read, `encode` makes the missing vectors.
//! 6. `ImportReport` counts every record once: new, updated, unchanged or skipped. Its `file`
//!    accounts for every column and for every value that could not be read.
//!
//! A callback sees the progress and can stop the import. A killed process loses at most the batch
//! under way; `Database::encode` finishes what was stopped. `Tickets::add` and `Patterns::add_all` store
//! what a host has without a file, and leave the encoding to a call of `Database::encode`.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::path::Path;

use super::Tickets;
use crate::atlas::core::Core;
use crate::atlas::core::import::Outcome;
use crate::domain::{
    Draft, ImportKind, ImportReport, ProgressFn, Ticket, TicketField, TicketFields, TicketImport,
    TicketLink, UnreadValues,
};
use crate::exchange::{Each, Record, Watch};
use crate::jira::{ReadTicket, read_tickets_watched, with_sections};
use crate::search::documents::Document;
use crate::store::{Change, ImportUnit, Owner, Repositories};
use crate::{Error, Result};

impl Tickets {
    /// Imports tickets from a file of Jira JSON or CSV, plain or gzip, and encodes them.
    ///
    /// Records are stored, and searchable by words, as they are read; importing again changes
    /// nothing. What the file does not name keeps what is stored; what is there and empty clears
    /// it. See [`crate::jira`] for the formats.
    ///
    /// # Errors
    /// `FILE_FAILED`, `UNKNOWN_FORMAT`, storage errors; `CANCELLED` when `progress` says so: what
    /// was stored is kept.
    pub fn import_file(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        self.import_file_with(path, &TicketImport::default(), progress)
    }

    /// Imports tickets with columns that the user names and with what the file is to be read as,
    /// or says what an import would do.
    ///
    /// # Errors
    /// As [`Tickets::import_file`](crate::Tickets::import_file); `INVALID_VALUE` for a field or a column that
    /// is not there.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{TicketImport, silent}};
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("list.csv");
    /// std::fs::write(&path, "No.,Headline\nWRKA-7,Export is empty\n").unwrap();
    /// let columns = [("key".to_owned(), "No.".to_owned()), ("summary".to_owned(), "Headline".to_owned())];
    /// let dry = TicketImport { columns: columns.into(), dry_run: true, ..TicketImport::default() };
    /// let atlas = Atlas::open_in_memory()?;
    /// assert_eq!(atlas.tickets().import_file_with(&path, &dry, &mut silent)?.new, 1);
    /// assert_eq!(atlas.database().counts()?.tickets, 0);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn import_file_with(
        &self,
        path: impl AsRef<Path>,
        options: &TicketImport,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let import = self
            .core
            .new_import(ImportKind::Tickets, path.as_ref(), false);
        self.core
            .import_tickets_as(&import, path.as_ref(), options, progress)
    }

    /// Stores tickets that the host has, every field of them; returns what an import would. A new
    /// ticket without a summary is refused.
    ///
    /// # Errors
    /// Storage errors; nothing is stored then.
    pub fn add(&self, tickets: &[Ticket]) -> Result<ImportReport> {
        self.core.add(tickets, |stored, ticket| {
            Ok(self
                .core
                .store_named(stored, ticket, TicketFields::ALL)?
                .into())
        })
    }

    /// Stores tickets of which the host knows some fields, such as the answers of an MCP server;
    /// returns what an import would.
    ///
    /// # Errors
    /// Storage errors; nothing is stored then.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{Ticket, TicketKey}, jira::read_issue};
    /// let atlas = Atlas::open_in_memory()?;
    /// let key = TicketKey::parse("WRKA-7")?;
    /// atlas.tickets().add(&[Ticket::new(key.clone(), "Export is empty")])?;
    /// let answer = serde_json::json!({"key": "WRKA-7", "fields": {"status": {"name": "Done"}}});
    /// atlas.tickets().add_read(&[read_issue(&answer).unwrap()])?;
    /// let ticket = atlas.tickets().get("WRKA-7")?;
    /// assert_eq!((ticket.summary.as_str(), ticket.status.as_str()), ("Export is empty", "Done"));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn add_read(&self, tickets: &[ReadTicket]) -> Result<ImportReport> {
        self.core.add(tickets, |stored, read| {
            Ok(self.core.store_read(stored, read)?.into())
        })
    }
}

impl Core {
    pub(crate) fn import_tickets_as(
        &self,
        import: &ImportUnit,
        path: &Path,
        options: &TicketImport,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        self.store.writable()?;
        let mut report = self.import_file(import, path, options, progress)?;
        if report.nameless == report.report.skipped_count
            && report.nameless > 0
            && report.report.stored() == 0
            && !has_summary(&report.report)
        {
            return Err(Error::UnknownFormat {
                path: path.to_owned(),
                expected: "it has no column for the summary, and none of its tickets is stored: a \
                           new ticket needs a summary; name the column with a mapping of the field \
                           summary (--column summary=NAME)"
                    .to_owned(),
            });
        }
        if !options.dry_run {
            self.encode_pending(progress)?;
        }
        report.report.file.unread.append(&mut report.unresolved);
        Ok(report.report)
    }

    fn import_file(
        &self,
        import: &ImportUnit,
        path: &Path,
        options: &TicketImport,
        progress: ProgressFn<'_>,
    ) -> Result<Imported> {
        // A ticket goes with its line.
        let read = |watch: Watch<'_>, each: Each<'_, (u64, ReadTicket)>| {
            read_tickets_watched(path, options, watch, &mut |record| {
                each(Record {
                    line: record.line,
                    offset: record.offset,
                    file_length: record.file_length,
                    text_offset: record.text_offset,
                    value: record.value.map(|ticket| (record.line, ticket)),
                })
            })
        };
        let (nameless, unresolved) = (Cell::new(0), RefCell::new(Unresolved::default()));
        let put = |stored: &Repositories<'_>, (line, read): &(u64, ReadTicket)| {
            let (read, ids) = resolved(stored, read)?;
            unresolved.borrow_mut().add(*line, &ids);
            Ok(match self.store_resolved(stored, &read)? {
                Ok((_, change)) => Outcome::Done(change),
                Err(reason) => {
                    nameless.set(nameless.get() + 1);
                    Outcome::Refused(reason)
                }
            })
        };
        let report = match options.dry_run {
            true => self.rehearse_import(read, progress, put)?,
            false => self.import(import, read, progress, put)?,
        };
        let unresolved = unresolved.into_inner().finish(&report);
        Ok(Imported {
            report,
            nameless: nameless.get(),
            unresolved,
        })
    }

    /// Stores a ticket that was read, with what search needs of it; or says why not.
    pub(crate) fn store_read(
        &self,
        stored: &Repositories<'_>,
        read: &ReadTicket,
    ) -> Result<std::result::Result<(i64, Change), String>> {
        let (read, _) = resolved(stored, read)?;
        self.store_resolved(stored, &read)
    }

    fn store_resolved(
        &self,
        stored: &Repositories<'_>,
        read: &ReadTicket,
    ) -> Result<std::result::Result<(i64, Change), String>> {
        if let Some(done) = read.done {
            stored.statuses().note(&read.ticket.status, done)?;
        }
        if read.sections.is_empty() {
            return self.store_named(stored, &read.ticket, read.fields);
        }
        // Parts of a description that the source does not have itself.
        let before = stored.tickets().by_key(&read.ticket.key)?;
        let before = before.and_then(|ticket| ticket.value.description);
        let mut ticket = read.ticket.clone();
        ticket.description = with_sections(before.as_deref(), &read.sections);
        let fields = read.fields.with(TicketField::Description);
        self.store_named(stored, &ticket, fields)
    }

    /// Stores a ticket's named fields, unless it is new and has no summary.
    fn store_named(
        &self,
        stored: &Repositories<'_>,
        ticket: &Ticket,
        fields: TicketFields,
    ) -> Result<std::result::Result<(i64, Change), String>> {
        if ticket.summary.trim().is_empty() && !stored.tickets().is_stored(ticket)? {
            return Ok(Err(format!(
                "{} has no summary: only a ticket that is stored already may come without one",
                ticket.key
            )));
        }
        self.store_ticket(stored, ticket, fields).map(Ok)
    }

    /// Stores a ticket and, where it is new or has changed, what search needs of it.
    fn store_ticket(
        &self,
        stored: &Repositories<'_>,
        ticket: &Ticket,
        fields: TicketFields,
    ) -> Result<(i64, Change)> {
        let (id, change) = stored.tickets().upsert(ticket, fields)?;
        if change != Change::Unchanged {
            // What the record does not name was stored before.
            let whole = stored
                .tickets()
                .by_id(id)?
                .map_or_else(|| Draft::from(ticket), |t| Draft::from(&t.value));
            self.put_document(stored, Owner::Ticket, id, &Document::of_ticket(&whole))?;
        }
        Ok((id, change))
    }

    /// Stores a ticket of which little is known, with what search needs of it.
    pub(crate) fn made_ticket(&self, stored: &Repositories<'_>, ticket: &Ticket) -> Result<i64> {
        let (id, _) = self.store_ticket(stored, ticket, TicketFields::filled(ticket))?;
        Ok(id)
    }
}

/// An import of a file, and what of it needs a word.
struct Imported {
    report: ImportReport,
    /// New tickets that were refused because they have no summary.
    nameless: u64,
    unresolved: Vec<UnreadValues>,
}

impl From<std::result::Result<(i64, Change), String>> for Outcome {
    fn from(stored: std::result::Result<(i64, Change), String>) -> Self {
        match stored {
            Ok((_, change)) => Outcome::Done(change),
            Err(reason) => Outcome::Refused(reason),
        }
    }
}

fn has_summary(report: &ImportReport) -> bool {
    let mut used = report
        .file
        .columns
        .iter()
        .filter_map(|column| column.used_as.as_deref());
    used.any(|field| field == "summary")
}

/// Ids of tickets that are nowhere, with the field that names them.
type Ids = Vec<(&'static str, String)>;

/// A ticket with the keys of those that it names by id, and the ids that are nowhere.
fn resolved<'r>(
    stored: &Repositories<'_>,
    read: &'r ReadTicket,
) -> Result<(Cow<'r, ReadTicket>, Ids)> {
    if read.parent_id.is_none() && read.link_ids.is_empty() {
        return Ok((Cow::Borrowed(read), Ids::new()));
    }
    let (mut read, mut nowhere) = (read.clone(), Ids::new());
    if let Some(id) = read.parent_id.take() {
        read.ticket.parent = stored.tickets().key_by_jira_id(&id)?;
        if read.ticket.parent.is_none() {
            // Unknown is not empty.
            read.fields = read.fields.without(TicketField::Parent);
            nowhere.push(("parent", id));
        }
    }
    for (kind, id) in std::mem::take(&mut read.link_ids) {
        match stored.tickets().key_by_jira_id(&id)? {
            Some(key) => read.ticket.links.push(TicketLink { kind, key }),
            None => nowhere.push(("links", id)),
        }
    }
    Ok((Cow::Owned(read), nowhere))
}

/// Counts of ids that are nowhere, with the first of each field.
#[derive(Default)]
struct Unresolved(Vec<(&'static str, UnreadValues)>);

impl Unresolved {
    fn add(&mut self, line: u64, ids: &Ids) {
        for (field, id) in ids {
            match self.0.iter_mut().find(|(known, _)| known == field) {
                Some((_, values)) => values.count += 1,
                None => {
                    let values = UnreadValues {
                        column: (*field).to_owned(),
                        count: 1,
                        line,
                        example: id.clone(),
                        expected: "the id of an issue in this file, or of a stored ticket"
                            .to_owned(),
                    };
                    self.0.push((field, values));
                }
            }
        }
    }

    /// Under the names that the file's columns have.
    fn finish(self, report: &ImportReport) -> Vec<UnreadValues> {
        let named = |(field, mut values): (&str, UnreadValues)| {
            let mut columns = report.file.columns.iter();
            if let Some(column) = columns.find(|column| column.used_as.as_deref() == Some(field)) {
                values.column.clone_from(&column.name);
            }
            values
        };
        self.0.into_iter().map(named).collect()
    }
}
