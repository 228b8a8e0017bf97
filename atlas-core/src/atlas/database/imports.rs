//! Imports as units: which there were, and taking one back.

use std::path::Path;

use super::Database;
use crate::Result;
use crate::atlas::core::Core;
use crate::domain::{
    Draft, ImportKind, ImportRecord, ImportReport, ImportUndone, ProgressFn, ReadOptions,
    SampleFiles, SampleReport, TestImport, TicketImport,
};
use crate::jira::JiraClient;
use crate::search::documents::Document;
use crate::store::{ImportUnit, Owner, Repositories, TakenBack};

impl Database {
    /// The imports of files and the syncs, newest first; at most a thousand. One that found and
    /// changed nothing is not among them.
    ///
    /// What was before an import is kept for the newest hundred, and of these for as many as take
    /// 64 MiB; the newest one and the sample always can be taken back.
    ///
    /// # Errors
    /// Storage errors.
    pub fn imports(&self) -> Result<Vec<ImportRecord>> {
        self.core.store.read(|stored| stored.imports().all())
    }

    /// Takes an import back, whenever it was and in whatever order: what had come with it goes,
    /// what it had changed is as it was before, and how far a sync was is forgotten.
    ///
    /// What was changed or used since is kept and named: a ticket with feedback, a session or a
    /// note, a pattern that was answered or edited, what a later import has too. Taking that later
    /// import back brings what was before both. A pattern that an answered prediction still names
    /// is retired. Predictions without an answer that name what is gone go too, and versions of
    /// what was learned that had seen it are withdrawn. A sync that is taken back comes again with
    /// the next one.
    ///
    /// # Errors
    /// `IMPORT_NOT_FOUND` for one that is not there, that was taken back already or that is too
    /// long ago; storage errors. Nothing is changed then.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::silent};
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("list.csv");
    /// std::fs::write(&path, "Issue key,Summary\nWRKA-7,Export is empty\n").unwrap();
    /// let atlas = Atlas::open_in_memory()?;
    /// let import = atlas.tickets().import_file(&path, &mut silent)?.import_id.unwrap();
    /// assert_eq!(atlas.database().imports()?[0].source, "list.csv");
    /// let undone = atlas.database().undo_import(import)?;
    /// assert_eq!((undone.removed.tickets, undone.kept_count), (1, 0));
    /// assert_eq!(atlas.database().counts()?.tickets, 0);
    /// assert_eq!(atlas.database().undo_import(import).unwrap_err().code(), "IMPORT_NOT_FOUND");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn undo_import(&self, import_id: i64) -> Result<ImportUndone> {
        self.core
            .observe(|stored| self.core.take_back(stored, import_id))
    }

    /// Loads a sample, such as the invented data that ships, from its three files. It is marked, so
    /// that [`Database::remove_sample`](crate::Database::remove_sample) takes it out whole. A second time changes
    /// nothing.
    ///
    /// # Errors
    /// As [`Tickets::import_file`](crate::Tickets::import_file).
    pub fn load_sample(
        &self,
        files: &SampleFiles<'_>,
        progress: ProgressFn<'_>,
    ) -> Result<SampleReport> {
        let part = |kind, path| self.core.new_import(kind, path, true);
        let tickets = part(ImportKind::Tickets, files.tickets);
        let patterns = part(ImportKind::Patterns, files.patterns);
        let history = part(ImportKind::History, files.history);
        let (of_tickets, of_patterns) = (TicketImport::default(), TestImport::default());
        let reading = ReadOptions::default();
        Ok(SampleReport {
            tickets: self
                .core
                .import_tickets_as(&tickets, files.tickets, &of_tickets, progress)?,
            patterns: ImportReport::from(self.core.import_patterns_as(
                &patterns,
                files.patterns,
                &of_patterns,
                progress,
            )?),
            history: self
                .core
                .import_history_as(&history, files.history, &reading, progress)?,
        })
    }

    /// Whether a sample is loaded that [`Database::remove_sample`](crate::Database::remove_sample) would take out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn has_sample(&self) -> Result<bool> {
        let parts = self
            .core
            .store
            .read(|stored| stored.imports().of_sample())?;
        Ok(!parts.is_empty())
    }

    /// Takes the sample out, all of its parts or, where one fails, none, the newest first; what was
    /// changed or used since is kept and named. Empty where no sample is loaded.
    ///
    /// # Errors
    /// Storage errors.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{SampleFiles, silent}};
    /// let folder = tempfile::tempdir().unwrap();
    /// let file = |name: &str, content: &str| {
    ///     let path = folder.path().join(name);
    ///     std::fs::write(&path, content).unwrap();
    ///     path
    /// };
    /// let tickets = file("tickets.csv", "Issue key,Summary\nWRKA-7,Export is empty\n");
    /// let patterns = file("patterns.csv", "Name,Type,Steps\nUmlauts survive,Export,Open it\n");
    /// let history = file("history.csv", "ticket_key,pattern_key\nWRKA-7,Umlauts survive\n");
    /// let files = SampleFiles { tickets: &tickets, patterns: &patterns, history: &history };
    /// let atlas = Atlas::open_in_memory()?;
    /// let before = atlas.database().counts()?;
    /// atlas.database().load_sample(&files, &mut silent)?;
    /// assert!(atlas.database().has_sample()?);
    /// assert_eq!(atlas.database().remove_sample()?.len(), 3);
    /// assert_eq!((atlas.database().counts()?, atlas.database().has_sample()?), (before, false));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn remove_sample(&self) -> Result<Vec<ImportUndone>> {
        self.core.observe(|stored| {
            let parts = stored.imports().of_sample()?;
            let parts = parts
                .iter()
                .map(|part| self.core.take_back(stored, part.import_id));
            parts.collect()
        })
    }
}

impl Core {
    fn take_back(&self, stored: &Repositories<'_>, import_id: i64) -> Result<ImportUndone> {
        let TakenBack {
            removed,
            put_back,
            kept,
            kept_count,
            removed_predictions,
            first_observation,
            tickets,
            patterns,
        } = stored.imports().take_back(import_id)?;
        for id in tickets {
            self.renew_ticket_document(stored, id)?;
        }
        for id in patterns {
            self.renew_pattern_document(stored, id)?;
        }
        let withdrawn = first_observation.map(|id| stored.models().withdraw_since(id));
        Ok(ImportUndone {
            record: stored.imports().by_id(import_id)?,
            removed,
            put_back,
            kept,
            kept_count,
            removed_predictions,
            withdrawn_models: withdrawn.transpose()?.unwrap_or(0),
        })
    }

    /// Makes what search knows of a ticket fit what is stored of it.
    fn renew_ticket_document(&self, stored: &Repositories<'_>, id: i64) -> Result<()> {
        match stored.tickets().by_id(id)? {
            Some(ticket) => {
                let document = Document::of_ticket(&Draft::from(&ticket.value));
                self.put_document(stored, Owner::Ticket, id, &document)
            }
            None => stored.documents().remove(Owner::Ticket, id),
        }
    }

    fn renew_pattern_document(&self, stored: &Repositories<'_>, id: i64) -> Result<()> {
        match stored.patterns().by_id(id)? {
            Some(pattern) => {
                let document = Document::of_pattern(&pattern.value);
                self.put_document(stored, Owner::Pattern, id, &document)
            }
            None => stored.documents().remove(Owner::Pattern, id),
        }
    }

    /// An import of a file that begins now.
    pub(crate) fn new_import(&self, kind: ImportKind, path: &Path, is_sample: bool) -> ImportUnit {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        ImportUnit::new(kind, name, (self.clock)(), is_sample)
    }

    /// A sync that begins now.
    pub(crate) fn new_sync(&self, client: &JiraClient) -> ImportUnit {
        let host = client.settings().site.host().to_owned();
        ImportUnit::new(ImportKind::Sync, host, (self.clock)(), false)
    }

    /// Ends an import; its number, where it found or changed anything.
    pub(crate) fn end_import(&self, import: &ImportUnit) -> Result<Option<i64>> {
        if import.id().is_some() {
            let now = (self.clock)();
            self.store
                .write(|stored| stored.imports().end(import, now))?;
        }
        Ok(import.id())
    }
}
