//! Python objects as plugins of the core.

mod blender;
mod clock;
mod predictor;
mod query;

use std::cell::RefCell;
use std::sync::Arc;

use atlas_core::Error;
use pyo3::prelude::*;

pub use blender::PyBlender;
pub use clock::PyClock;
pub use predictor::PyPredictor;
pub use query::Query;

use crate::errors;

/// A plugin's object, held once: the garbage collector counts references, so that whoever holds it
/// shares this one.
pub type Held = Arc<Py<PyAny>>;

thread_local! {
    /// What a plugin raised during the call that this thread makes, where that is to be raised.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Takes what a plugin raised during this thread's call.
pub fn take_raised() -> Option<PyErr> {
    RAISED.with(RefCell::take)
}

/// What an exception of a plugin means: its own vote is lost, with the traceback as the reason, or
/// the call stops and raises it. What ends the program is never kept back.
fn failed(py: Python<'_>, name: &str, error: PyErr, raises: bool) -> Error {
    let ends = errors::ends_the_program(py, &error);
    if !ends && !raises {
        let (name, reason) = (name.to_owned(), errors::told(py, &error));
        return Error::Predictor { name, reason };
    }
    let error = match ends {
        true => error,
        false => errors::plugin_failed(py, name, error),
    };
    RAISED.with(|raised| raised.replace(Some(error)));
    Error::Cancelled
}
