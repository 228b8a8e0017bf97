//! The class `Atlas`: an open database for Python. A file per area, as in the core.

mod after_fork;
mod areas;
mod care;
mod exchange;
mod imports;
mod learning;
mod memory;
mod open;
mod patterns;
mod predictions;
mod sync;
mod tickets;
mod work;

use std::sync::{Arc, Mutex, PoisonError, Weak};

use atlas_core::domain::{Draft, ProgressFn};
use atlas_core::{Atlas as Core, Result};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use serde::Serialize;

use crate::errors;
use crate::from_python::words;
use crate::plugins::take_raised;
use crate::progress::Watch;
use crate::to_python::to_python;

pub use after_fork::forked;
pub use areas::{
    Database, Learning, LiveJira, Memory, Patterns, Play, Predictions, Sessions, Tester, Tickets,
};
pub use learning::backtest_svg;
use open::Recipe;

/// An open ATLAS database with its plugins: import, analyse, predict, learn.
///
/// A process that is forked opens the file anew. It may not be forked while other threads are in
/// calls: there every call raises a ConflictError with the code FORKED, as do calls of a database in
/// memory.
///
/// Made by `atlas.open` or `atlas.Atlas(...)`, which are the same. It can be used from several
/// threads, and as a context manager; `close` ends its background threads and closes the file.
/// Methods have the names of the Rust library.
///
/// `path` is a file, which is made where it is not there; None or ":memory:" for a database that
/// lives as long as the object.
///
/// - `predictors`: plugins, objects with `name` and `predict(query)`; `weights` of plugins by name.
/// - `blender`: an object with `blend(votes)` in place of the weighted sum.
/// - `on_plugin_error`: "degrade" lets a plugin that raises lose its own vote (the prediction's
///   `degraded` has the traceback), "raise" raises a PluginError whose `__cause__` is what it raised.
/// - `flow_nexus`: the remote model in place of the local one's vote.
/// - `retrain_after`: so many new observations start a training in the background; None for never.
/// - `blend`: who orders the scenarios: "auto", "weighted_sum" or "learned".
/// - `edge_case_rules`, `design_rules`: more rules, as TOML text. `model`: a folder with another encoder.
/// - `ticket_tokens`, `pattern_tokens`: how much of a text is encoded, 8 to 512.
/// - `approximate_from`: from so many tickets on an approximate index is made.
/// - `starter_catalogue`: whether a database without patterns is given the starter catalogue.
/// - `cache`: whether a stored prediction answers the same question for an hour. By default it does,
///   unless there are plugins in Python, whose code may change between two calls.
/// - `read_only`: changes nothing, neither in the file nor beside it: predictions are not stored,
///   and what stores something raises a StorageError.
/// - `clock`: a function that returns an aware datetime, in place of the machine's clock: for tests
///   and for days that are told again.
///
/// >>> import atlas
/// >>> with atlas.open() as db:
/// ...     prediction = db.predict(text="Login fails with an expired password", top_k=3)
/// >>> len(prediction.scenarios)
/// 3
#[pyclass(module = "atlas", frozen, weakref)]
pub struct Atlas {
    recipe: Recipe,
    handle: Arc<Mutex<Handle>>,
}

struct Handle {
    /// The process that opened it.
    process: u32,
    /// None once closed.
    core: Option<Arc<Core>>,
}

/// What may still be open when the interpreter ends.
static OPENED: Mutex<Vec<Weak<Mutex<Handle>>>> = Mutex::new(Vec::new());

impl Handle {
    fn new(core: Core) -> Arc<Mutex<Self>> {
        let handle = Arc::new(Mutex::new(Handle {
            process: std::process::id(),
            core: Some(Arc::new(core)),
        }));
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        opened.retain(|handle| handle.strong_count() > 0);
        opened.push(Arc::downgrade(&handle));
        handle
    }

    /// Closes, waiting for background threads, which may need the interpreter.
    fn shut(py: Python<'_>, handle: &Mutex<Self>) {
        let mut handle = handle
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner);
        let (process, core) = (handle.process, handle.core.take());
        drop(handle);
        match core {
            // A parent's connections and threads are not the child's to end.
            Some(core) if process != std::process::id() => std::mem::forget(core),
            core => py.detach(|| after_fork::counted(|| drop(core))),
        }
    }
}

/// Closes what is still open: called before the interpreter ends, because a training in the
/// background would wait for it without end.
#[pyfunction]
pub fn close_all(py: Python<'_>) {
    let opened = std::mem::take(&mut *OPENED.lock().unwrap_or_else(PoisonError::into_inner));
    for handle in opened.iter().filter_map(Weak::upgrade) {
        Handle::shut(py, &handle);
    }
}

impl Atlas {
    /// The core's object. A child process opens the file anew: neither connections nor threads
    /// survive a fork.
    fn core(&self, py: Python<'_>) -> PyResult<Arc<Core>> {
        after_fork::check(py)?;
        let mut handle = self
            .handle
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if handle.process != process && handle.core.is_some() && self.recipe.is_file() {
            std::mem::forget(handle.core.take());
            handle.core = Some(Arc::new(self.recipe.open_in_child(py)?));
            handle.process = process;
        }
        handle.core.clone().ok_or_else(|| closed(py))
    }

    /// Runs a call of the core without holding up other Python threads.
    fn call<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Core) -> Result<T> + Send,
    ) -> PyResult<T> {
        let core = self.core(py)?;
        let run = move || {
            let result = work(&core);
            // The last one closes the file, without the interpreter's lock.
            drop(core);
            (result, take_raised())
        };
        let (result, raised) =
            py.detach(|| after_fork::counted(|| after_fork::with_own_threads(run)));
        match raised {
            Some(error) => Err(error),
            None => result.map_err(|error| errors::to_python(py, &error)),
        }
    }

    /// The same with the result as Python objects.
    fn ask<'py, T: Send + Serialize>(
        &self,
        py: Python<'py>,
        work: impl FnOnce(&Core) -> Result<T> + Send,
    ) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.call(py, work)?)
    }

    /// A long call, which tells how far it is and stops for Ctrl-C.
    fn call_long<T: Send>(
        &self,
        py: Python<'_>,
        progress: Option<Bound<'_, PyAny>>,
        work: impl FnOnce(&Core, ProgressFn<'_>) -> Result<T> + Send,
    ) -> PyResult<T> {
        let mut watch = Watch::new(py, progress)?;
        let result = self.call(py, |core| work(core, &mut |progress| watch.tell(progress)));
        watch.end(py)?;
        result
    }
}

impl Drop for Atlas {
    fn drop(&mut self) {
        // Without an interpreter the process ends anyway.
        let _ = Python::try_attach(|py| Handle::shut(py, &self.handle));
    }
}

#[pymethods]
impl Atlas {
    /// Closes the database; waits for its background threads. A second call does nothing.
    fn close(&self, py: Python<'_>) {
        Handle::shut(py, &self.handle);
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, pyo3::types::PyTuple>) {
        Handle::shut(py, &self.handle);
    }

    /// The file; None in memory.
    #[getter]
    fn path(&self) -> Option<std::path::PathBuf> {
        self.recipe.file().map(std::path::Path::to_path_buf)
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self, py: Python<'_>) -> bool {
        let handle = self
            .handle
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner);
        handle.core.is_none()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let closed = if self.closed(py) { ", closed" } else { "" };
        match self.recipe.file() {
            Some(path) => format!("Atlas({:?}{closed})", path.display().to_string()),
            None => format!("Atlas(in memory{closed})"),
        }
    }

    // The class is frozen, so what makes a cycle through it can be cleared elsewhere.
    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        self.recipe
            .held()
            .try_for_each(|object| visit.call(&**object))
    }
}

fn closed(py: Python<'_>) -> PyErr {
    let made = py.import("atlas._errors").and_then(|errors| {
        let message = "the database is closed: open it again with atlas.open";
        errors.getattr("ConflictError")?.call1((message, "CLOSED"))
    });
    made.map_or_else(|failure| failure, PyErr::from_value)
}

/// Either the key of a stored ticket or the text of one that is not.
enum Asked {
    Key(String),
    Draft(Draft),
}

/// Texts and facts of a ticket that is not stored, as calls give them.
#[derive(Default)]
struct Given<'py> {
    text: Option<String>,
    description: Option<String>,
    ticket_type: Option<String>,
    priority: Option<String>,
    components: Option<Bound<'py, PyAny>>,
    labels: Option<Bound<'py, PyAny>>,
}

impl Asked {
    fn new(py: Python<'_>, key: Option<String>, given: Given<'_>) -> PyResult<Self> {
        let expected = "either the key of a stored ticket or text=…";
        let draft = Draft {
            components: words(given.components.as_ref(), "components")?,
            labels: words(given.labels.as_ref(), "labels")?,
            description: given.description,
            ticket_type: given.ticket_type.unwrap_or_default(),
            priority: given.priority,
            ..Draft::default()
        };
        match (key, given.text) {
            (Some(key), None) if draft == Draft::default() => Ok(Asked::Key(key)),
            (None, Some(summary)) => Ok(Asked::Draft(Draft { summary, ..draft })),
            (None, None) if draft.description.is_some() => Ok(Asked::Draft(draft)),
            (Some(key), _) => Err(errors::invalid(py, "key", key, expected)),
            (None, None) => Err(errors::invalid(py, "key", "None", expected)),
        }
    }
}
