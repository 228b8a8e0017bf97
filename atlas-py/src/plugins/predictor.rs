//! A Python object as a predictor.

use std::borrow::Cow;
use std::sync::Arc;

use atlas_core::domain::EdgeCase;
use atlas_core::pipeline::{
    Candidate, OwnScenario, Predictor, Query, ScenarioRef, Signal, Suggestions,
};
use atlas_core::{Error, Result};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::{Held, failed};
use crate::from_python::{from_python, reason, steps};

/// An object with `name` and `predict(query)` or `predict_batch(queries)`.
#[derive(Clone)]
pub struct PyPredictor {
    name: String,
    object: Held,
    raises: bool,
}

impl PyPredictor {
    /// Looks at the object once; what it lacks is said here.
    pub fn new(object: Bound<'_, PyAny>, raises: bool) -> PyResult<Self> {
        let class = object.get_type().name()?;
        let lacking =
            |what: &str| PyTypeError::new_err(format!("{class} is no predictor: it has no {what}"));
        let name = object.getattr_opt("name")?;
        let name = name.ok_or_else(|| lacking("attribute `name`"))?;
        let name = name.extract::<String>();
        let name = name.map_err(|_| lacking("attribute `name` that is a str"))?;
        if method(&object, "predict")?.is_none() && method(&object, "predict_batch")?.is_none() {
            return Err(lacking("method `predict` or `predict_batch`"));
        }
        Ok(PyPredictor {
            name,
            object: Arc::new(object.unbind()),
            raises,
        })
    }

    /// The object, for the garbage collector.
    pub fn held(&self) -> &Held {
        &self.object
    }

    fn ask(&self, py: Python<'_>, queries: &[Query<'_>]) -> PyResult<Vec<Result<Suggestions>>> {
        let object = self.object.bind(py);
        let asked = queries
            .iter()
            .map(|query| Bound::new(py, super::Query::of(query)));
        let batch = method(object, "predict_batch")?;
        let single = method(object, "predict")?;
        match (batch, single) {
            (Some(batch), single) if queries.len() > 1 || single.is_none() => {
                let asked = PyList::new(py, asked.collect::<PyResult<Vec<_>>>()?)?;
                let answers = batch.call1((asked,))?;
                let mut read = Vec::with_capacity(queries.len());
                for answer in answers.try_iter()? {
                    let answer = suggestions(&answer?);
                    read.push(answer.map_err(|error| failed(py, &self.name, error, self.raises)));
                }
                Ok(read)
            }
            (_, Some(single)) => {
                let mut answers = Vec::with_capacity(queries.len());
                for query in asked {
                    let answer = single.call1((query?,)).and_then(|said| suggestions(&said));
                    let answer = answer.map_err(|error| failed(py, &self.name, error, self.raises));
                    let stops = matches!(answer, Err(Error::Cancelled));
                    answers.push(answer);
                    if stops {
                        // The count is right even where the rest is not asked.
                        answers.resize_with(queries.len(), || Err(Error::Cancelled));
                        break;
                    }
                }
                Ok(answers)
            }
            (_, None) => Err(PyTypeError::new_err("it has no method `predict` any more")),
        }
    }
}

impl Predictor for PyPredictor {
    fn name(&self) -> &str {
        &self.name
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        let mut answers = self.predict_batch(std::slice::from_ref(query));
        answers.pop().unwrap_or_else(|| Ok(Suggestions::default()))
    }

    fn predict_batch(&self, queries: &[Query<'_>]) -> Vec<Result<Suggestions>> {
        Python::attach(|py| {
            self.ask(py, queries).unwrap_or_else(|error| {
                // Failed as a whole: the same for every ticket.
                match failed(py, &self.name, error, self.raises) {
                    Error::Predictor { name, reason } => {
                        let again = || Error::Predictor {
                            name: name.clone(),
                            reason: reason.clone(),
                        };
                        queries.iter().map(|_| Err(again())).collect()
                    }
                    _ => queries.iter().map(|_| Err(Error::Cancelled)).collect(),
                }
            })
        })
    }
}

/// A method that is there and not None.
pub fn method<'py>(
    object: &Bound<'py, PyAny>,
    name: &'static str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let found = object.getattr_opt(PyString::intern(object.py(), name))?;
    Ok(found.filter(|found| !found.is_none()))
}

/// What a predictor answers: None to abstain, `Suggestions`, or a list of candidates.
fn suggestions(answer: &Bound<'_, PyAny>) -> PyResult<Suggestions> {
    let py = answer.py();
    if answer.is_none() {
        return Ok(Suggestions::default());
    }
    let (scenarios, edge_cases) = match answer.getattr_opt(pyo3::intern!(py, "scenarios"))? {
        Some(scenarios) => {
            let edge_cases = answer.getattr(pyo3::intern!(py, "edge_cases"))?;
            let edge_cases = edge_cases.try_iter()?;
            (
                scenarios,
                edge_cases
                    .map(|case| edge_case(&case?))
                    .collect::<PyResult<_>>()?,
            )
        }
        None => (answer.clone(), Vec::new()),
    };
    let scenarios = scenarios.try_iter().map_err(|_| {
        PyTypeError::new_err(format!(
            "a predictor answers None, Suggestions or a list of candidates, not {:?}",
            answer.get_type()
        ))
    })?;
    Ok(Suggestions {
        scenarios: scenarios
            .map(|item| candidate(&item?))
            .collect::<PyResult<_>>()?,
        edge_cases,
    })
}

fn edge_case(object: &Bound<'_, PyAny>) -> PyResult<EdgeCase> {
    from_python(object, "edge_cases")
}

/// A `Candidate`, or a pair of scenario and confidence, or a triple with the reason.
fn candidate(object: &Bound<'_, PyAny>) -> PyResult<Candidate> {
    let py = object.py();
    if let Ok(short) = object.cast::<PyTuple>() {
        let scenario = scenario(&short.get_item(0)?)?;
        let mut candidate = Candidate::new(scenario, short.get_item(1)?.extract()?);
        if short.len() > 2 {
            candidate.reasons.push(reason(&short.get_item(2)?)?);
        }
        return Ok(candidate);
    }
    let scenario_object = object.getattr(pyo3::intern!(py, "scenario"))?;
    let mut scenario = scenario(&scenario_object)?;
    if let ScenarioRef::Own(own) = &mut scenario {
        own.steps = steps(&object.getattr(pyo3::intern!(py, "steps"))?)?;
        own.minutes = object.getattr(pyo3::intern!(py, "minutes"))?.extract()?;
    }
    let mut candidate = Candidate::new(
        scenario,
        object.getattr(pyo3::intern!(py, "confidence"))?.extract()?,
    );
    for item in object.getattr(pyo3::intern!(py, "reasons"))?.try_iter()? {
        candidate.reasons.push(reason(&item?)?);
    }
    let signals = object.getattr(pyo3::intern!(py, "signals"))?;
    if let Ok(signals) = signals.cast::<PyDict>() {
        for (name, value) in signals {
            candidate.signals.push(Signal {
                name: Cow::Owned(name.extract()?),
                value: value.extract()?,
            });
        }
    }
    Ok(candidate)
}

/// The row id of a stored pattern, or the name of a scenario of the plugin's own.
pub fn scenario(object: &Bound<'_, PyAny>) -> PyResult<ScenarioRef> {
    if let Ok(name) = object.cast::<PyString>() {
        return Ok(OwnScenario::new(name.to_str()?).into());
    }
    let id = object.extract::<i64>().map_err(|_| {
        PyTypeError::new_err(format!(
            "a scenario is a name (str) or the id of a stored pattern (int), not {:?}",
            object.get_type()
        ))
    })?;
    Ok(ScenarioRef::Pattern(id))
}
