//! Test cases and results of other tools, in and out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use atlas_core::domain::{PatternFilter, TestExport, TestFormat, TestImport, TicketKey};
use pyo3::prelude::*;

use super::areas::{Learning, Patterns, Predictions, Sessions, Tickets};
use super::imports::reading;
use super::work::id_of;
use crate::errors;
use crate::from_python::words;
use crate::to_python::to_python;

#[pymethods]
impl Patterns {
    /// Imports test cases of TestRail, Xray, Zephyr, Qase, Gherkin or any table, and encodes them:
    /// a file, plain or gzip, or a folder of feature files.
    ///
    /// `format` is told by the content where it is not given. For tables `columns` maps fields
    /// (`name`, `key`, `type`, `component`, `steps`, `action`, `expected`, ...) to the file's
    /// columns. `project` is what bare numbers are ids of. With `dry_run` nothing is stored, and the
    /// report says what would be.
    ///
    /// >>> import atlas, pathlib, tempfile
    /// >>> file = pathlib.Path(tempfile.mkdtemp()) / "cases.csv"
    /// >>> _ = file.write_text("ID,Title,Section,Steps (Step)\nC7,Log in,Login,Open the page\n")
    /// >>> report = atlas.open().patterns.import_file_with(file, dry_run=True)
    /// >>> report.format, report.created
    /// ('testrail-csv', 1)
    #[pyo3(signature = (path, *, format=None, columns=None, project=None, encoding=None, delimiter=None, date_order=None, decimal=None, dry_run=false, progress=None))]
    #[allow(clippy::too_many_arguments)]
    fn import_file_with<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        format: Option<&str>,
        columns: Option<BTreeMap<String, String>>,
        project: Option<String>,
        encoding: Option<String>,
        delimiter: Option<String>,
        date_order: Option<&str>,
        decimal: Option<&str>,
        dry_run: bool,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = TestImport {
            format: format.map(|word| format_of(py, word)).transpose()?,
            columns: columns.unwrap_or_default(),
            project,
            reading: reading(py, encoding, delimiter, date_order, decimal)?,
            dry_run,
            ..TestImport::default()
        };
        let report = self.call_long(py, progress, |core, tell| {
            core.patterns().import_file_with(&path, &options, tell)
        });
        to_python(py, &report?)
    }

    /// Writes the active patterns to a file in a format of another tool, with ids that stay the
    /// same from one export to the next. Patterns can be chosen as by `patterns`.
    ///
    /// Each item of the report says what the format could not hold (`not_held`). `changed_only`
    /// leaves out what the last export in this format had just so; `bdd` writes Zephyr's steps as
    /// Given-When-Then text.
    #[pyo3(signature = (path, format, *, text=None, pattern_type=None, component=None, project=None, bdd=false, changed_only=false, dry_run=false))]
    #[allow(clippy::too_many_arguments)]
    fn export<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        format: &str,
        text: Option<String>,
        pattern_type: Option<String>,
        component: Option<String>,
        project: Option<String>,
        bdd: bool,
        changed_only: bool,
        dry_run: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = PatternFilter {
            text,
            pattern_type,
            component,
            origin: None,
            active: Some(true),
        };
        let options = TestExport {
            format: format_of(py, format)?,
            project,
            bdd,
            formula_guard: None,
            changed_only,
            dry_run,
        };
        self.ask(py, |core| core.patterns().export(&filter, &path, &options))
    }
}

#[pymethods]
impl Learning {
    /// Imports results of tests, JUnit XML or Xray's JSON: a test that ran for a ticket is an
    /// observation, with its minutes and its outcome. `tickets` are what all of them ran for, beside
    /// those that they name.
    #[pyo3(signature = (path, *, format=None, project=None, tickets=None, encoding=None, delimiter=None, date_order=None, decimal=None, dry_run=false, progress=None))]
    #[allow(clippy::too_many_arguments)]
    fn import_results<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        format: Option<&str>,
        project: Option<String>,
        tickets: Option<Bound<'py, PyAny>>,
        encoding: Option<String>,
        delimiter: Option<String>,
        date_order: Option<&str>,
        decimal: Option<&str>,
        dry_run: bool,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keys = words(tickets.as_ref(), "tickets")?;
        let keys = keys.iter().map(|key| TicketKey::parse(key));
        let keys: Result<Vec<TicketKey>, _> = keys.collect();
        let options = TestImport {
            format: format.map(|word| format_of(py, word)).transpose()?,
            project,
            tickets: keys.map_err(|error| errors::to_python(py, &error))?,
            reading: reading(py, encoding, delimiter, date_order, decimal)?,
            dry_run,
            ..TestImport::default()
        };
        let report = self.call_long(py, progress, |core, tell| {
            core.learning().import_results(&path, &options, tell)
        });
        to_python(py, &report?)
    }
}

#[pymethods]
impl Tickets {
    /// The newest imported result of each test of a ticket, the newest first.
    fn test_runs<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().test_runs(key))
    }
}

#[pymethods]
impl Predictions {
    /// Writes scenarios of a ticket's newest prediction: those with the `prediction_id`s in
    /// `scenarios`, or all. Otherwise as `patterns.export`.
    #[pyo3(signature = (key, path, format, *, scenarios=None, project=None, bdd=false, dry_run=false))]
    #[allow(clippy::too_many_arguments)]
    fn export<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        path: PathBuf,
        format: &str,
        scenarios: Option<Vec<i64>>,
        project: Option<String>,
        bdd: bool,
        dry_run: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = TestExport {
            format: format_of(py, format)?,
            project,
            bdd,
            formula_guard: None,
            changed_only: false,
            dry_run,
        };
        let chosen = scenarios.unwrap_or_default();
        self.ask(py, |core| {
            core.predictions().export(key, &chosen, &path, &options)
        })
    }
}

#[pymethods]
impl Sessions {
    /// Writes a session: in "junit", "xray-cloud", "xray-dc" or "markdown" its results, in another
    /// format the test cases that it set out to test.
    #[pyo3(signature = (session, path, format, *, project=None, dry_run=false))]
    fn export<'py>(
        &self,
        py: Python<'py>,
        session: Bound<'py, PyAny>,
        path: PathBuf,
        format: &str,
        project: Option<String>,
        dry_run: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = id_of(&session)?;
        let options = TestExport {
            project,
            dry_run,
            ..TestExport::new(format_of(py, format)?)
        };
        self.ask(py, |core| core.sessions().export(id, &path, &options))
    }
}

fn format_of(py: Python<'_>, word: &str) -> PyResult<TestFormat> {
    TestFormat::parse(word).map_err(|error| errors::to_python(py, &error))
}
