//! The core's errors as the exceptions of `atlas._errors`, and Python's as the core's.

use atlas_core::{Error, ErrorKind};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyTracebackMethods;

/// The exception for an error: the class of its kind, with its code and details.
pub fn to_python(py: Python<'_>, error: &Error) -> PyErr {
    let class = match error.kind() {
        ErrorKind::Invalid => "InvalidError",
        ErrorKind::NotFound => "NotFoundError",
        ErrorKind::Conflict => "ConflictError",
        ErrorKind::Storage => "StorageError",
        ErrorKind::File => "FileError",
        ErrorKind::Model => "ModelError",
        ErrorKind::Plugin => "PluginError",
        ErrorKind::Remote => "RemoteError",
        ErrorKind::Cancelled => "CancelledError",
        _ => "AtlasError",
    };
    let made = py.import("atlas._errors").and_then(|errors| {
        let arguments = (error.to_string(), error.code(), error.details());
        errors.getattr(class)?.call1(arguments)
    });
    made.map_or_else(|failure| failure, PyErr::from_value)
}

/// An `InvalidError` that names a value and what would be right.
pub fn invalid(py: Python<'_>, field: &'static str, value: impl ToString, expected: &str) -> PyErr {
    let value: String = value.to_string().chars().take(80).collect();
    let expected = expected.to_owned();
    to_python(
        py,
        &Error::InvalidValue {
            field,
            value,
            expected,
        },
    )
}

/// A `PluginError` whose cause is what the plugin raised.
pub fn plugin_failed(py: Python<'_>, name: &str, cause: PyErr) -> PyErr {
    let (name, reason) = (name.to_owned(), cause.value(py).to_string());
    let error = to_python(py, &Error::Predictor { name, reason });
    error.set_cause(py, Some(cause));
    error
}

/// Whether it asks the program to end (KeyboardInterrupt, SystemExit) and is no failure.
pub fn ends_the_program(py: Python<'_>, error: &PyErr) -> bool {
    !error.is_instance_of::<PyException>(py)
}

/// The exception in one line, then its traceback.
pub fn told(py: Python<'_>, error: &PyErr) -> String {
    let mut told = error.to_string();
    if let Some(traceback) = error.traceback(py)
        && let Ok(lines) = traceback.format()
    {
        told.push('\n');
        told.push_str(lines.trim_end());
    }
    told
}
