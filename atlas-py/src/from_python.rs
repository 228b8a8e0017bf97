//! What callers give, as the core's types.

use atlas_core::domain::{Reason, ReasonKind, Step};
use atlas_core::error::plain_words;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use serde::de::DeserializeOwned;

use crate::errors;

/// An object with the fields of one of the core's types: an instance of the class of that name, or
/// a dictionary.
pub fn from_python<T: DeserializeOwned>(
    object: &Bound<'_, PyAny>,
    field: &'static str,
) -> PyResult<T> {
    let py = object.py();
    let json = py
        .import("atlas._results")?
        .call_method1("to_json", (object,))?;
    let json = json.cast_into::<PyString>()?;
    serde_json::from_str(json.to_str()?).map_err(|error| {
        errors::invalid(
            py,
            field,
            object.get_type(),
            &plain_words(&error.to_string()),
        )
    })
}

/// One word or several.
pub fn words(object: Option<&Bound<'_, PyAny>>, field: &'static str) -> PyResult<Vec<String>> {
    let Some(object) = object else {
        return Ok(Vec::new());
    };
    if let Ok(one) = object.extract::<String>() {
        return Ok(vec![one]);
    }
    let listed: PyResult<Vec<String>> = object
        .try_iter()
        .and_then(|items| items.map(|item| item?.extract()).collect());
    listed.map_err(|_| errors::invalid(object.py(), field, object.get_type(), "a list of str"))
}

/// Steps: `Step`s, pairs of action and expected result, or actions.
pub fn steps(object: &Bound<'_, PyAny>) -> PyResult<Vec<Step>> {
    object.try_iter()?.map(|item| step(&item?)).collect()
}

fn step(object: &Bound<'_, PyAny>) -> PyResult<Step> {
    if let Ok(action) = object.extract::<String>() {
        return Ok(Step::new(action, ""));
    }
    if let Ok((action, expected)) = object.extract::<(String, String)>() {
        return Ok(Step::new(action, expected));
    }
    if object.is_instance_of::<PyDict>() {
        return from_python(object, "steps");
    }
    let text = |name: &str| object.getattr(name)?.extract::<Option<String>>();
    Ok(Step {
        action: object.getattr("action")?.extract()?,
        expected: text("expected")?,
        data: text("data")?,
    })
}

/// A reason: a `Reason`, or its text.
pub fn reason(object: &Bound<'_, PyAny>) -> PyResult<Reason> {
    match object.extract::<String>() {
        Ok(text) => Ok(Reason::new(ReasonKind::Plugin, text)),
        Err(_) => from_python(object, "reasons"),
    }
}
