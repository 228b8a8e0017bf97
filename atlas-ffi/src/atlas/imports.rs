//! Bringing tickets, patterns and the past into the database, and training data out of it.

use std::fs::File;
use std::sync::Arc;

use atlas_core::Error;
use atlas_core::domain::SampleFiles;

use super::Atlas;
use crate::callbacks::{Cancellation, ProgressListener, Watch};
use crate::error::Result;
use crate::records::{
    ImportRecord, ImportReport, ImportUndone, ReadOptions, SampleReport, TestPattern, Ticket,
    TicketImport,
};

type Listener = Option<Arc<dyn ProgressListener>>;
type Cancel = Option<Arc<Cancellation>>;

#[uniffi::export]
impl Atlas {
    /// Imports tickets from a file of Jira JSON or CSV, plain or gzip, and encodes them. Importing
    /// again changes nothing. What was stored before a stop is whole and is kept.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_tickets(
        &self,
        path: String,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<ImportReport> {
        let core = self.core()?;
        Watch::new(cancellation).run(progress, |tell| core.import_tickets(&path, tell))
    }

    /// Imports tickets as `options` say: which column is which, what the file is to be read as, or a
    /// dry run that stores nothing.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_tickets_with(
        &self,
        path: String,
        options: TicketImport,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<ImportReport> {
        let core = self.core()?;
        let watch = Watch::new(cancellation);
        watch.run(progress, |tell| {
            core.import_tickets_with(&path, &options, tell)
        })
    }

    /// Imports test patterns from JSON lines or CSV, plain or gzip, and encodes them.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_patterns(
        &self,
        path: String,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<ImportReport> {
        let core = self.core()?;
        Watch::new(cancellation).run(progress, |tell| core.import_patterns(&path, tell))
    }

    /// Imports the past from CSV: which pattern was right for which ticket.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_history(
        &self,
        path: String,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<ImportReport> {
        let core = self.core()?;
        Watch::new(cancellation).run(progress, |tell| core.import_history(&path, tell))
    }

    /// Imports the past; `options` say what the file is to be read as.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_history_with(
        &self,
        path: String,
        options: ReadOptions,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<ImportReport> {
        let core = self.core()?;
        let watch = Watch::new(cancellation);
        watch.run(progress, |tell| {
            core.import_history_with(&path, &options, tell)
        })
    }

    /// Imports what `export_training` wrote, into this or another database.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn import_training(
        &self,
        path: String,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<ImportReport> {
        let core = self.core()?;
        Watch::new(cancellation).run(progress, |tell| core.import_training(&path, tell))
    }

    /// Writes everything that was observed to a file of JSON lines; how many observations.
    pub fn export_training(&self, path: String) -> Result<u64> {
        self.call(|core| {
            let file = File::create(&path);
            let failed = |source| Error::File {
                path: (&path).into(),
                source,
            };
            core.export_training(file.map_err(failed)?)
        })
    }

    /// Stores tickets that the program has. `encode_pending` gives them their vectors; until then they
    /// are found by words.
    pub fn add_tickets(&self, tickets: Vec<Ticket>) -> Result<ImportReport> {
        self.call(|core| core.add_tickets(&tickets))
    }

    /// Stores patterns that the program has; as for tickets, `encode_pending` follows.
    pub fn add_patterns(&self, patterns: Vec<TestPattern>) -> Result<ImportReport> {
        self.call(|core| core.add_patterns(&patterns))
    }

    /// Encodes the texts that have no vector yet; how many. Imports do this themselves.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn encode_pending(&self, progress: Listener, cancellation: Cancel) -> Result<u64> {
        let core = self.core()?;
        Watch::new(cancellation).run(progress, |tell| core.encode_pending(tell))
    }

    /// The imports of files and the syncs, newest first; at most a thousand. The newest hundred can
    /// be taken back.
    pub fn imports(&self) -> Result<Vec<ImportRecord>> {
        self.call(|core| core.imports())
    }

    /// Takes an import back: what had come with it goes, what it had changed is as it was before.
    /// What was changed or used since is kept and named.
    pub fn undo_import(&self, import_id: i64) -> Result<ImportUndone> {
        self.call(|core| core.undo_import(import_id))
    }

    /// Loads a sample from its three files. It is marked, so that `remove_sample` takes it out whole.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn load_sample(
        &self,
        tickets: String,
        patterns: String,
        history: String,
        progress: Listener,
        cancellation: Cancel,
    ) -> Result<SampleReport> {
        let core = self.core()?;
        let files = SampleFiles {
            tickets: tickets.as_ref(),
            patterns: patterns.as_ref(),
            history: history.as_ref(),
        };
        Watch::new(cancellation).run(progress, |tell| core.load_sample(&files, tell))
    }

    /// Whether a sample is loaded that `remove_sample` would take out.
    pub fn has_sample(&self) -> Result<bool> {
        self.call(|core| core.has_sample())
    }

    /// Takes the sample out whole; what was changed or used since is kept and named.
    pub fn remove_sample(&self) -> Result<Vec<ImportUndone>> {
        self.call(|core| core.remove_sample())
    }
}
