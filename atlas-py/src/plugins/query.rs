//! What a Python predictor is asked.

use atlas_core::domain::Draft;
use jiff::Timestamp;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::from_python::words;

/// A ticket that a predictor is asked about.
///
/// It can be made by hand, to try a predictor without a database.
///
/// >>> import atlas
/// >>> query = atlas.Query("Invoice total is wrong", components=["Billing"])
/// >>> query.summary, query.components, query.key
/// ('Invoice total is wrong', ('Billing',), None)
#[pyclass(module = "atlas", frozen)]
pub struct Query {
    key: Option<String>,
    draft: Draft,
    scenario_types: Vec<(String, f32)>,
    likely_components: Vec<(String, f32)>,
}

impl Query {
    /// A copy of what the core asks: the object may outlive the call.
    pub fn of(query: &atlas_core::pipeline::Query<'_>) -> Self {
        Query {
            key: query.key.map(ToString::to_string),
            draft: query.draft.clone(),
            scenario_types: query.scenario_types.to_vec(),
            likely_components: query.components.to_vec(),
        }
    }
}

#[pymethods]
impl Query {
    #[new]
    #[pyo3(signature = (summary, *, description=None, key=None, ticket_type="", priority=None, components=None, labels=None))]
    fn new(
        summary: String,
        description: Option<String>,
        key: Option<String>,
        ticket_type: &str,
        priority: Option<String>,
        components: Option<Bound<'_, PyAny>>,
        labels: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let draft = Draft {
            summary,
            description,
            ticket_type: ticket_type.to_owned(),
            priority,
            components: words(components.as_ref(), "components")?,
            labels: words(labels.as_ref(), "labels")?,
            ..Draft::default()
        };
        Ok(Query {
            key,
            draft,
            scenario_types: Vec::new(),
            likely_components: Vec::new(),
        })
    }

    /// The ticket's key; None for free text.
    #[getter]
    fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The title, or the whole text where there is no title.
    #[getter]
    fn summary(&self) -> &str {
        &self.draft.summary
    }

    /// The description as plain text.
    #[getter]
    fn description(&self) -> Option<&str> {
        self.draft.description.as_deref()
    }

    /// Summary and description.
    #[getter]
    fn text(&self) -> String {
        match &self.draft.description {
            Some(description) => format!("{}\n{description}", self.draft.summary),
            None => self.draft.summary.clone(),
        }
    }

    /// Story, Task, Bug, …; may be empty.
    #[getter]
    fn ticket_type(&self) -> &str {
        &self.draft.ticket_type
    }

    /// The Jira site's own name for the priority.
    #[getter]
    fn priority(&self) -> Option<&str> {
        self.draft.priority.as_deref()
    }

    /// The components that the ticket names.
    #[getter]
    fn components<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.draft.components)
    }

    /// The ticket's labels.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.draft.labels)
    }

    /// Who filed it.
    #[getter]
    fn reporter(&self) -> Option<&str> {
        self.draft.reporter.as_deref()
    }

    /// When it was filed.
    #[getter]
    fn created(&self) -> Option<Timestamp> {
        self.draft.created
    }

    /// Types of scenario that the ticket calls for, with their relevance 0 to 1, most relevant first.
    #[getter]
    fn scenario_types<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.scenario_types.iter().cloned())
    }

    /// Components of the ticket: those it names, else those that are likely, with confidence 0 to 1.
    #[getter]
    fn likely_components<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.likely_components.iter().cloned())
    }

    fn __repr__(&self) -> String {
        let key = self.key.as_deref().unwrap_or("free text");
        format!("Query({key}: {:?})", self.draft.summary)
    }
}
