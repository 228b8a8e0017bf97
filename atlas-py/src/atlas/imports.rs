//! Bringing tickets, patterns and the past into the database, and training data out of it.

use std::path::PathBuf;

use atlas_core::Error;
use atlas_core::domain::{TestPattern, Ticket};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Atlas;
use crate::from_python::from_python;
use crate::to_python::to_python;

#[pymethods]
impl Atlas {
    /// Imports tickets from a file of Jira JSON or CSV, plain or gzip, and encodes them.
    ///
    /// Importing again changes nothing. `progress` is True for a bar (where `tqdm` is installed) or
    /// a function that gets a `Progress`; it stops the call by returning False. What was stored
    /// before a stop, also by Ctrl-C, is whole and is kept.
    #[pyo3(signature = (path, *, progress=None))]
    fn import_tickets<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let report = self.call_long(py, progress, |core, tell| core.import_tickets(&path, tell));
        to_python(py, &report?)
    }

    /// Imports test patterns from JSON lines or CSV, plain or gzip, and encodes them.
    #[pyo3(signature = (path, *, progress=None))]
    fn import_patterns<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let report = self.call_long(py, progress, |core, tell| core.import_patterns(&path, tell));
        to_python(py, &report?)
    }

    /// Imports the past from CSV: which pattern was right for which ticket.
    #[pyo3(signature = (path, *, progress=None))]
    fn import_history<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let report = self.call_long(py, progress, |core, tell| core.import_history(&path, tell));
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
        let report = self.call_long(py, progress, |core, tell| core.import_training(&path, tell));
        to_python(py, &report?)
    }

    /// Writes everything that was observed to a file of JSON lines; returns how many there are.
    fn export_training(&self, py: Python<'_>, path: PathBuf) -> PyResult<u64> {
        self.call(py, |core| {
            let failed = |source| Error::File {
                path: path.clone(),
                source,
            };
            core.export_training(std::fs::File::create(&path).map_err(failed)?)
        })
    }

    /// Stores tickets that the program has: `Ticket`s, or dictionaries with their fields.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> db.add_tickets([atlas.Ticket("WRKA-7", "CSV export drops umlauts")]).new
    /// 1
    fn add_tickets<'py>(
        &self,
        py: Python<'py>,
        tickets: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tickets: Vec<Ticket> = from_python(&listed(&tickets)?, "tickets")?;
        self.ask(py, |core| core.add_tickets(&tickets))
    }

    /// Stores patterns that the program has: `TestPattern`s, or dictionaries with their fields.
    fn add_patterns<'py>(
        &self,
        py: Python<'py>,
        patterns: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let patterns: Vec<TestPattern> = from_python(&listed(&patterns)?, "patterns")?;
        self.ask(py, |core| core.add_patterns(&patterns))
    }

    /// Encodes the texts that have no vector yet; returns how many. Imports do this themselves:
    /// call it after one that was stopped.
    #[pyo3(signature = (*, progress=None))]
    fn encode_pending(&self, py: Python<'_>, progress: Option<Bound<'_, PyAny>>) -> PyResult<u64> {
        self.call_long(py, progress, |core, tell| core.encode_pending(tell))
    }
}

/// Any iterable as a list.
fn listed<'py>(items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let list = PyList::empty(items.py());
    for item in items.try_iter()? {
        list.append(item?)?;
    }
    Ok(list.into_any())
}
