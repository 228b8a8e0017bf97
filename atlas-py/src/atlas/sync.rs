//! Keeping in step with a live Jira.

use std::time::Duration;

use atlas_core::jira::{Census, Schedule, SyncOptions};
use jiff::Timestamp;
use pyo3::prelude::*;

use super::Atlas;
use super::areas::LiveJira;
use crate::errors;
use crate::from_python::words;
use crate::progress::Watch;
use crate::remote::{Jira, seconds};
use crate::to_python::to_python;

#[pymethods]
impl Atlas {
    /// Brings what was changed in Jira since the last sync, the first time everything.
    ///
    /// Only these `projects`, or what a `jql` query finds; only what was changed at `since` or later;
    /// with `full` everything is read again. A sync begins `overlap` seconds before the newest change
    /// that was seen. `census` says how often all ids are compared, to find what was deleted: "daily",
    /// "always" or "never". A sync that is stopped loses nothing that was stored.
    #[pyo3(signature = (jira, *, projects=None, jql=None, since=None, full=false, overlap=600.0, census="daily", progress=None))]
    #[allow(clippy::too_many_arguments)]
    fn sync<'py>(
        &self,
        py: Python<'py>,
        jira: &Jira,
        projects: Option<Bound<'py, PyAny>>,
        jql: Option<String>,
        since: Option<Timestamp>,
        full: bool,
        overlap: f64,
        census: &str,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = SyncOptions {
            projects: words(projects.as_ref(), "projects")?,
            jql,
            since,
            full,
            overlap: overlap_of(py, overlap)?,
            census: census_of(py, census)?,
        };
        let mut watch = Watch::new(py, progress)?;
        let result = self.call(py, |core| {
            core.sync(&jira.client, &options, &mut |p| watch.tell_sync(&p))
        });
        watch.end(py)?;
        to_python(py, &result?)
    }
}

#[pymethods]
impl LiveJira {
    /// Syncs in the background every so many seconds until the database is closed; returns at once.
    #[pyo3(signature = (jira, every, *, projects=None, jql=None, since=None, overlap=600.0, census="daily"))]
    #[allow(clippy::too_many_arguments)]
    fn schedule(
        &self,
        py: Python<'_>,
        jira: &Jira,
        every: f64,
        projects: Option<Bound<'_, PyAny>>,
        jql: Option<String>,
        since: Option<Timestamp>,
        overlap: f64,
        census: &str,
    ) -> PyResult<()> {
        let options = SyncOptions {
            projects: words(projects.as_ref(), "projects")?,
            jql,
            since,
            full: false,
            overlap: overlap_of(py, overlap)?,
            census: census_of(py, census)?,
        };
        let schedule = Schedule::Every(seconds(py, "every", every)?);
        self.call(py, |core| {
            core.jira().schedule(&jira.client, &options, &schedule)
        })
    }

    /// Ends the schedule; a sync under way is stopped and waited for.
    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        self.call(py, |core| {
            core.jira().stop();
            Ok(())
        })
    }

    /// Whether a sync is under way, when the next one is due, and what the last one did.
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.jira().status())
    }

    /// The last sync of this database, by whatever process; None where there was none.
    fn last_sync<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.jira().last_sync())
    }
}

fn overlap_of(py: Python<'_>, overlap: f64) -> PyResult<Duration> {
    match overlap == 0.0 {
        true => Ok(Duration::ZERO),
        false => seconds(py, "overlap", overlap),
    }
}

fn census_of(py: Python<'_>, census: &str) -> PyResult<Census> {
    match census {
        "daily" => Ok(Census::Daily),
        "always" => Ok(Census::Always),
        "never" => Ok(Census::Never),
        other => Err(errors::invalid(
            py,
            "census",
            other,
            "daily, always or never",
        )),
    }
}
