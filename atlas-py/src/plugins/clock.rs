//! A Python function as the clock.

use std::sync::Arc;

use jiff::Timestamp;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::{Held, RAISED};

/// A function that says what time it is.
#[derive(Clone)]
pub struct PyClock(Held);

impl PyClock {
    /// Looks at the object once; what it lacks is said here.
    pub fn new(object: Bound<'_, PyAny>) -> PyResult<Self> {
        if !object.is_callable() {
            let class = object.get_type().name()?;
            let lacking = format!("clock is no function but of type {class}");
            return Err(PyTypeError::new_err(lacking));
        }
        Ok(PyClock(Arc::new(object.unbind())))
    }

    /// The object, for the garbage collector.
    pub fn held(&self) -> &Held {
        &self.0
    }

    /// Its time. What it raises is raised by the call that asked, which goes on with the machine's
    /// time.
    pub fn now(&self) -> Timestamp {
        let asked = Python::try_attach(|py| {
            let said = self.0.bind(py).call0()?;
            said.extract::<Timestamp>()
        });
        asked
            .and_then(|said| {
                said.map_err(|error| RAISED.with(|raised| raised.replace(Some(error))))
                    .ok()
            })
            .unwrap_or_else(Timestamp::now)
    }
}
