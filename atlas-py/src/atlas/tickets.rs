//! Tickets: stored ones, their analysis, what is like them; and the database as a whole.

use atlas_core::SimilarOptions;
use atlas_core::domain::TicketFilter;
use jiff::Timestamp;
use pyo3::prelude::*;

use super::areas::{Database, Tickets};
use super::{Asked, Atlas, Given};
use crate::from_python::words;

#[pymethods]
impl Tickets {
    /// A stored ticket by its row id, as `Session.ticket_id` names it.
    fn of_row<'py>(&self, py: Python<'py>, id: i64) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().of_row(id))
    }

    /// A stored ticket.
    fn get<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().get(key))
    }

    /// Every stored ticket, in the order in which they came.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> _ = db.tickets.add([atlas.Ticket("WRKA-7", "Export is empty")])
    /// >>> atlas.table(db.tickets.list())["summary"]
    /// ['Export is empty']
    fn list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().list())
    }

    /// Notes that two tickets are not similar; whether that is new.
    fn mark_not_similar(&self, py: Python<'_>, key: &str, other: &str) -> PyResult<bool> {
        self.call(py, |core| core.tickets().mark_not_similar(key, other))
    }

    /// Takes that back; whether it was noted.
    fn unmark_not_similar(&self, py: Python<'_>, key: &str, other: &str) -> PyResult<bool> {
        self.call(py, |core| core.tickets().unmark_not_similar(key, other))
    }
}

#[pymethods]
impl Atlas {
    /// What a ticket is about: components, types of scenario, similar tickets.
    #[pyo3(signature = (key=None, *, text=None, description=None, ticket_type=None, priority=None, components=None, labels=None))]
    #[allow(clippy::too_many_arguments)]
    fn analyze<'py>(
        &self,
        py: Python<'py>,
        key: Option<String>,
        text: Option<String>,
        description: Option<String>,
        ticket_type: Option<String>,
        priority: Option<String>,
        components: Option<Bound<'py, PyAny>>,
        labels: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given {
            text,
            description,
            ticket_type,
            priority,
            components,
            labels,
        };
        let asked = Asked::new(py, key, given)?;
        self.ask(py, |core| match &asked {
            Asked::Key(key) => core.analyze(key),
            Asked::Draft(draft) => core.analyze(draft),
        })
    }

    /// What a tester would ask the author of a ticket before testing: what is missing, vague or
    /// contradictory in it, each with the sentences that it quotes. Nothing is stored.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> review = db.review(text="Upload", description="Large files must be refused.")
    /// >>> review.findings[0].code, review.findings[0].quotes[0].text
    /// ('limit-without-number', 'Large files must be refused.')
    #[pyo3(signature = (key=None, *, text=None, description=None, ticket_type=None, priority=None, components=None, labels=None))]
    #[allow(clippy::too_many_arguments)]
    fn review<'py>(
        &self,
        py: Python<'py>,
        key: Option<String>,
        text: Option<String>,
        description: Option<String>,
        ticket_type: Option<String>,
        priority: Option<String>,
        components: Option<Bound<'py, PyAny>>,
        labels: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given {
            text,
            description,
            ticket_type,
            priority,
            components,
            labels,
        };
        let asked = Asked::new(py, key, given)?;
        self.ask(py, |core| match &asked {
            Asked::Key(key) => core.review(key),
            Asked::Draft(draft) => core.review(draft),
        })
    }

    /// The `k` stored tickets most like a stored one or a text, 1 to 200, most alike first.
    ///
    /// Only those with at least the similarity `threshold`, 0 to 1, and, where they are given, of
    /// these `projects`, with one of these `components` and `statuses`, filed at or after
    /// `created_from` and before `created_before`.
    #[pyo3(signature = (key=None, k=10, *, text=None, description=None, threshold=0.0, projects=None, components=None, statuses=None, created_from=None, created_before=None))]
    #[allow(clippy::too_many_arguments)]
    fn similar<'py>(
        &self,
        py: Python<'py>,
        key: Option<String>,
        k: usize,
        text: Option<String>,
        description: Option<String>,
        threshold: f32,
        projects: Option<Bound<'py, PyAny>>,
        components: Option<Bound<'py, PyAny>>,
        statuses: Option<Bound<'py, PyAny>>,
        created_from: Option<Timestamp>,
        created_before: Option<Timestamp>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given {
            text,
            description,
            ..Given::default()
        };
        let asked = Asked::new(py, key, given)?;
        let options = SimilarOptions {
            limit: k,
            threshold,
            filter: TicketFilter {
                projects: words(projects.as_ref(), "projects")?,
                components: words(components.as_ref(), "components")?,
                statuses: words(statuses.as_ref(), "statuses")?,
                created_from,
                created_before,
            },
        };
        self.ask(py, |core| match &asked {
            Asked::Key(key) => core.similar(key, &options),
            Asked::Draft(draft) => core.similar(draft, &options),
        })
    }

    /// The `k` stored tickets that are most likely the same report as a stored one, likeliest first.
    #[pyo3(signature = (key, k=10))]
    fn duplicates<'py>(&self, py: Python<'py>, key: &str, k: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.duplicates(key, k))
    }
}

#[pymethods]
impl Database {
    /// How much is stored.
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.database().counts())
    }

    /// The id of the model that encodes here: its name and a hash of its content.
    fn model_id(&self, py: Python<'_>) -> PyResult<String> {
        self.call(py, |core| core.database().model_id())
    }

    /// The version of the database's schema.
    fn schema_version(&self, py: Python<'_>) -> PyResult<usize> {
        self.call(py, |core| Ok(core.database().schema_version()))
    }
}
