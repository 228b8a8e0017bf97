//! A Python object as a blender.

use std::sync::Arc;

use atlas_core::Result;
use atlas_core::domain::{Blend, Part, Source};
use atlas_core::pipeline::blender::sort;
use atlas_core::pipeline::{Blended, Blender, Candidate, ScenarioRef, Vote};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::predictor::{method, scenario};
use super::{Held, failed};
use crate::to_python::to_python;

/// An object with `blend(votes)`.
#[derive(Clone)]
pub struct PyBlender {
    name: String,
    object: Held,
    raises: bool,
}

impl PyBlender {
    /// Looks at the object once; what it lacks is said here.
    pub fn new(object: Bound<'_, PyAny>, raises: bool) -> PyResult<Self> {
        let class = object.get_type().name()?.to_string();
        if method(&object, "blend")?.is_none() {
            let lacking = format!("{class} is no blender: it has no method `blend`");
            return Err(PyTypeError::new_err(lacking));
        }
        let name = object.getattr_opt("name")?;
        let name = name.and_then(|name| name.extract().ok());
        Ok(PyBlender {
            name: name.unwrap_or(class),
            object: Arc::new(object.unbind()),
            raises,
        })
    }

    /// The object, for the garbage collector.
    pub fn held(&self) -> &Held {
        &self.object
    }

    fn ask(&self, py: Python<'_>, votes: &[Vote<'_>]) -> PyResult<Vec<Blended>> {
        let plugins = py.import("atlas._plugins")?;
        let (vote_class, candidate_class) =
            (plugins.getattr("Vote")?, plugins.getattr("Candidate")?);
        let mut given = Vec::with_capacity(votes.len());
        for vote in votes {
            let candidates = vote.suggestions.scenarios.iter();
            let candidates = candidates
                .map(|candidate| candidate_to_python(&candidate_class, candidate))
                .collect::<PyResult<Vec<_>>>()?;
            let candidates = PyTuple::new(py, candidates)?;
            given.push(vote_class.call1((vote.predictor, vote.weight, candidates))?);
        }
        let blend = self.object.bind(py).getattr(pyo3::intern!(py, "blend"))?;
        let answer = blend.call1((PyTuple::new(py, given)?,))?;
        let mut blended = Vec::new();
        for item in answer.try_iter()? {
            blended.push(self.blended(&item?, votes)?);
        }
        sort(&mut blended);
        Ok(blended)
    }

    /// A `Blended`, or a pair of scenario and confidence.
    fn blended(&self, item: &Bound<'_, PyAny>, votes: &[Vote<'_>]) -> PyResult<Blended> {
        let mut parts: Vec<Part> = Vec::new();
        let (named, confidence) = match item.cast::<PyTuple>() {
            Ok(pair) => (pair.get_item(0)?, pair.get_item(1)?.extract::<f32>()?),
            Err(_) => {
                let given = item.getattr("parts")?;
                for (name, value) in given.cast::<PyDict>()? {
                    parts.push(Part::new(name.extract::<String>()?, value.extract()?));
                }
                let confidence = item.getattr("confidence")?.extract()?;
                (item.getattr("scenario")?, confidence)
            }
        };
        if !(0.0..=100.0).contains(&confidence) {
            let wrong = format!("a confidence of {confidence} is not within 0 to 100");
            return Err(PyValueError::new_err(wrong));
        }
        let wanted = scenario(&named)?;
        let by: Vec<(&Vote<'_>, &Candidate)> = votes
            .iter()
            .filter_map(|vote| {
                let mut candidates = vote.suggestions.scenarios.iter();
                let found = candidates.find(|candidate| same(&candidate.scenario, &wanted))?;
                Some((vote, found))
            })
            .collect();
        let Some((first, candidate)) = by.first() else {
            let wrong = format!("no vote names the scenario {named}");
            return Err(PyValueError::new_err(wrong));
        };
        if parts.is_empty() {
            parts.push(Part::new(self.name.as_str(), confidence));
        }
        let mut reasons: Vec<_> = by
            .iter()
            .flat_map(|(_, c)| c.reasons.iter().cloned())
            .collect();
        reasons.sort_by_key(|reason| reason.kind);
        Ok(Blended {
            scenario: candidate.scenario.clone(),
            confidence,
            parts,
            source: match by.len() {
                1 => Source::from(first.predictor.to_owned()),
                _ => Source::Hybrid,
            },
            reasons,
            calibrated: false,
        })
    }
}

fn same(a: &ScenarioRef, b: &ScenarioRef) -> bool {
    match (a, b) {
        (ScenarioRef::Pattern(a), ScenarioRef::Pattern(b)) => a == b,
        (ScenarioRef::Own(a), ScenarioRef::Own(b)) => a.name == b.name,
        _ => false,
    }
}

fn candidate_to_python<'py>(
    class: &Bound<'py, PyAny>,
    candidate: &Candidate,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let values = PyDict::new(py);
    if let ScenarioRef::Own(own) = &candidate.scenario {
        values.set_item("steps", to_python(py, &own.steps)?)?;
        values.set_item("minutes", own.minutes)?;
    }
    let signals = PyDict::new(py);
    for signal in &candidate.signals {
        signals.set_item(signal.name.as_ref(), signal.value)?;
    }
    values.set_item("signals", signals)?;
    values.set_item("reasons", to_python(py, &candidate.reasons)?)?;
    let scenario = match &candidate.scenario {
        ScenarioRef::Pattern(id) => id.into_pyobject(py)?.into_any(),
        ScenarioRef::Own(own) => own.name.as_str().into_pyobject(py)?.into_any(),
    };
    class.call((scenario, candidate.confidence), Some(&values))
}

impl Blender for PyBlender {
    fn blend(&self, votes: &[Vote<'_>]) -> Result<Vec<Blended>> {
        Python::attach(|py| {
            let answer = self.ask(py, votes);
            answer.map_err(|error| failed(py, &self.name, error, self.raises))
        })
    }

    fn account(&self, votes: &[Vote<'_>]) -> Blend {
        let weights = votes
            .iter()
            .map(|vote| Part::new(vote.predictor, vote.weight));
        Blend::new(self.name.as_str(), weights.collect())
    }
}
