//! Backups, restoring, and the whole database as a file.

use std::path::PathBuf;

use pyo3::prelude::*;

use super::areas::Database;
use crate::errors;
use crate::to_python::to_python;

#[pymethods]
impl Database {
    /// Copies the database to a new file while it is in use.
    fn backup(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        self.call(py, |core| core.database().backup(&path))
    }

    /// Copies it to a new file in a folder, and removes the oldest of its earlier backups there
    /// until `keep` are left.
    #[pyo3(signature = (folder, *, keep=7))]
    fn backup_to_folder<'py>(
        &self,
        py: Python<'py>,
        folder: PathBuf,
        keep: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.database().backup_to_folder(&folder, keep))
    }

    /// Puts a copy of a backup in a database's place, once the copy is found sound. The file that it
    /// replaces is kept beside it. No program may have the database open.
    #[staticmethod]
    fn restore<'py>(
        py: Python<'py>,
        backup: PathBuf,
        database: PathBuf,
    ) -> PyResult<Bound<'py, PyAny>> {
        let restored = py.detach(|| atlas_core::Database::restore(&backup, &database));
        to_python(
            py,
            &restored.map_err(|error| errors::to_python(py, &error))?,
        )
    }

    /// Writes every row as JSON lines, compressed where the name ends in `.gz`; how many rows of
    /// which table.
    #[pyo3(signature = (path, *, progress=None))]
    fn export_all<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.call_long(py, progress, |core, tell| {
            core.database().export_all_to(&path, tell)
        });
        to_python(py, &rows?)
    }

    /// Imports that into a new database; all of it, or nothing. How many rows of which table.
    #[pyo3(signature = (path, *, progress=None))]
    fn import_all<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.call_long(py, progress, |core, tell| {
            core.database().import_all(&path, tell)
        });
        to_python(py, &rows?)
    }

    /// Why the database is only read, and what is left out because of it; None where it can be
    /// written. One that lies where it cannot be written is opened so by itself.
    fn read_only<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.database().read_only())
    }

    /// Looks for damage; every line is a fault and says what mends it, no line means sound.
    fn check<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.database().check())
    }

    /// Derives again what `check` finds and what can be derived. The database as it was is kept
    /// beside it.
    #[pyo3(signature = (*, progress=None))]
    fn repair<'py>(
        &self,
        py: Python<'py>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let repair = self.call_long(py, progress, |core, tell| core.database().repair(tell));
        to_python(py, &repair?)
    }
}
