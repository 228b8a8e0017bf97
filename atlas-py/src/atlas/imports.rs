//! Bringing tickets, patterns and the past into the database, and training data out of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use atlas_core::domain::{
    DateOrder, DecimalMark, ReadOptions, SampleFiles, TestPattern, Ticket, TicketImport,
};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::areas::{Database, Learning, Patterns, Tickets};
use crate::errors;
use crate::from_python::from_python;
use crate::to_python::to_python;

#[pymethods]
impl Tickets {
    /// Imports tickets from a file of Jira JSON or CSV, plain or gzip, and encodes them.
    ///
    /// Importing again changes nothing. `progress` is True for a bar (where `tqdm` is installed) or
    /// a function that gets a `Progress`; it stops the call by returning False. What was stored
    /// before a stop, also by Ctrl-C, is whole and is kept.
    ///
    /// What the file is to be read as is told from the whole file unless `encoding`, `delimiter`,
    /// `date_order` ("day-first", "month-first") or `decimal` ("comma", "point") say so; `columns`
    /// maps fields (`key`, `summary`, `status`, ...) to the file's columns. `report.file` says what was
    /// used, assumed and left unread. With `dry_run` nothing is stored.
    ///
    /// >>> import atlas, pathlib, tempfile
    /// >>> file = pathlib.Path(tempfile.mkdtemp()) / "export.csv"
    /// >>> _ = file.write_text("Ticket;What\nWRKA-7;Export is empty\n")
    /// >>> columns = {"key": "Ticket", "summary": "What"}
    /// >>> atlas.open().tickets.import_file(file, columns=columns, dry_run=True).new
    /// 1
    #[pyo3(signature = (path, *, columns=None, encoding=None, delimiter=None, date_order=None, decimal=None, dry_run=false, progress=None))]
    #[allow(clippy::too_many_arguments)]
    fn import_file<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        columns: Option<BTreeMap<String, String>>,
        encoding: Option<String>,
        delimiter: Option<String>,
        date_order: Option<&str>,
        decimal: Option<&str>,
        dry_run: bool,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = TicketImport {
            columns: columns.unwrap_or_default(),
            reading: reading(py, encoding, delimiter, date_order, decimal)?,
            dry_run,
        };
        let report = self.call_long(py, progress, |core, tell| {
            core.tickets().import_file_with(&path, &options, tell)
        });
        to_python(py, &report?)
    }

    /// Stores tickets that the program has: `Ticket`s, or dictionaries with their fields.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> db.tickets.add([atlas.Ticket("WRKA-7", "CSV export drops umlauts")]).new
    /// 1
    fn add<'py>(&self, py: Python<'py>, tickets: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let tickets: Vec<Ticket> = from_python(&listed(&tickets)?, "tickets")?;
        self.ask(py, |core| core.tickets().add(&tickets))
    }
}

#[pymethods]
impl Patterns {
    /// Imports test patterns from JSON lines or CSV, plain or gzip, and encodes them.
    #[pyo3(signature = (path, *, progress=None))]
    fn import_file<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let report = self.call_long(py, progress, |core, tell| {
            core.patterns().import_file(&path, tell)
        });
        to_python(py, &report?)
    }

    /// Stores patterns that the program has: `TestPattern`s, or dictionaries with their fields.
    fn add_all<'py>(
        &self,
        py: Python<'py>,
        patterns: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let patterns: Vec<TestPattern> = from_python(&listed(&patterns)?, "patterns")?;
        self.ask(py, |core| core.patterns().add_all(&patterns))
    }
}

#[pymethods]
impl Learning {
    /// Imports the past from CSV: which pattern was right for which ticket. The options are those of
    /// `tickets.import_file`.
    #[pyo3(signature = (path, *, encoding=None, delimiter=None, date_order=None, decimal=None, progress=None))]
    #[allow(clippy::too_many_arguments)]
    fn import_history<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        encoding: Option<String>,
        delimiter: Option<String>,
        date_order: Option<&str>,
        decimal: Option<&str>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = reading(py, encoding, delimiter, date_order, decimal)?;
        let report = self.call_long(py, progress, |core, tell| {
            core.learning().import_history_with(&path, &options, tell)
        });
        to_python(py, &report?)
    }

    /// Imports what `export_training` wrote, into this or another database.
    #[pyo3(signature = (path, *, progress=None))]
    fn import_training<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let report = self.call_long(py, progress, |core, tell| {
            core.learning().import_training(&path, tell)
        });
        to_python(py, &report?)
    }

    /// Writes everything that was observed to a file of JSON lines; returns how many there are. The
    /// file appears whole or not at all and replaces an earlier one.
    fn export_training(&self, py: Python<'_>, path: PathBuf) -> PyResult<u64> {
        self.call(py, |core| core.learning().export_training_to(&path))
    }
}

#[pymethods]
impl Database {
    /// Encodes the texts that have no vector yet; returns how many. Imports do this themselves:
    /// call it after one that was stopped.
    #[pyo3(signature = (*, progress=None))]
    fn encode(&self, py: Python<'_>, progress: Option<Bound<'_, PyAny>>) -> PyResult<u64> {
        self.call_long(py, progress, |core, tell| core.database().encode(tell))
    }

    /// The imports of files and the syncs, newest first; at most a thousand. The newest hundred can
    /// be taken back.
    ///
    /// >>> import atlas, pathlib, tempfile
    /// >>> file = pathlib.Path(tempfile.mkdtemp()) / "export.csv"
    /// >>> _ = file.write_text("Issue key,Summary\nWRKA-7,Export is empty\n")
    /// >>> db = atlas.open()
    /// >>> report = db.tickets.import_file(file)
    /// >>> [record.source for record in db.database.imports()]
    /// ['export.csv']
    /// >>> db.database.undo_import(report.import_id).removed.tickets
    /// 1
    fn imports<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.database().imports())
    }

    /// What a file holds, by its content and whatever its name is, with its first three records.
    /// Nothing is stored.
    #[pyo3(signature = (path, *, encoding=None, delimiter=None, date_order=None, decimal=None))]
    fn preview_file<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        encoding: Option<String>,
        delimiter: Option<String>,
        date_order: Option<&str>,
        decimal: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reading = reading(py, encoding, delimiter, date_order, decimal)?;
        self.ask(py, |core| core.database().preview_file(&path, &reading))
    }

    /// Takes an import back: what had come with it goes, what it had changed is as it was before.
    /// What was changed or used since is kept and named.
    fn undo_import<'py>(&self, py: Python<'py>, import_id: i64) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.database().undo_import(import_id))
    }

    /// Loads a sample from its three files. It is marked, so that `remove_sample` takes it out whole.
    #[pyo3(signature = (tickets, patterns, history, *, progress=None))]
    fn load_sample<'py>(
        &self,
        py: Python<'py>,
        tickets: PathBuf,
        patterns: PathBuf,
        history: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let files = SampleFiles {
            tickets: &tickets,
            patterns: &patterns,
            history: &history,
        };
        let report = self.call_long(py, progress, |core, tell| {
            core.database().load_sample(&files, tell)
        });
        to_python(py, &report?)
    }

    /// Whether a sample is loaded that `remove_sample` would take out.
    fn has_sample(&self, py: Python<'_>) -> PyResult<bool> {
        self.call(py, |core| core.database().has_sample())
    }

    /// Takes the sample out whole; what was changed or used since is kept and named.
    fn remove_sample<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.database().remove_sample())
    }
}

/// What a file is to be read as.
pub(super) fn reading(
    py: Python<'_>,
    encoding: Option<String>,
    delimiter: Option<String>,
    date_order: Option<&str>,
    decimal: Option<&str>,
) -> PyResult<ReadOptions> {
    let wrong = |error| errors::to_python(py, &error);
    Ok(ReadOptions {
        encoding,
        delimiter,
        date_order: date_order
            .map(DateOrder::parse)
            .transpose()
            .map_err(wrong)?,
        decimal: decimal.map(DecimalMark::parse).transpose().map_err(wrong)?,
    })
}

/// Any iterable as a list.
fn listed<'py>(items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let list = PyList::empty(items.py());
    for item in items.try_iter()? {
        list.append(item?)?;
    }
    Ok(list.into_any())
}
