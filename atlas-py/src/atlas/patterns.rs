//! The library of patterns, and patterns found in tickets.

use atlas_core::Result;
use atlas_core::domain::{
    PatternFilter, PatternOrigin, PatternProposal, ProposalEdits, StoredPattern, TestPattern,
};
use atlas_core::learning::mining::DetectOptions;
use atlas_core::learning::near_duplicates::NearDuplicates;
use jiff::Timestamp;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::Atlas;
use super::areas::Patterns;
use crate::errors;
use crate::from_python::from_python;
use crate::to_python::{flat_to_python, to_python};

impl Atlas {
    fn one<'py>(
        &self,
        py: Python<'py>,
        work: impl FnOnce(&atlas_core::Atlas) -> Result<StoredPattern> + Send,
    ) -> PyResult<Bound<'py, PyAny>> {
        flat_to_python(py, "StoredPattern", &self.call(py, work)?)
    }

    fn several<'py>(
        &self,
        py: Python<'py>,
        work: impl FnOnce(&atlas_core::Atlas) -> Result<Vec<StoredPattern>> + Send,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let found = self.call(py, work)?;
        let found = found
            .iter()
            .map(|pattern| flat_to_python(py, "StoredPattern", pattern));
        PyTuple::new(py, found.collect::<PyResult<Vec<_>>>()?)
    }
}

#[pymethods]
impl Patterns {
    /// The stored patterns, the retired among them: those whose name or key holds `text`, of this
    /// type, component and origin, active or not.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> {pattern.origin for pattern in db.patterns.list(text="export")}
    /// {'starter'}
    #[pyo3(signature = (*, text=None, pattern_type=None, component=None, origin=None, active=None))]
    fn list<'py>(
        &self,
        py: Python<'py>,
        text: Option<String>,
        pattern_type: Option<String>,
        component: Option<String>,
        origin: Option<String>,
        active: Option<bool>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let origin = match origin.as_deref() {
            None => None,
            Some("starter") => Some(PatternOrigin::Starter),
            Some("imported") => Some(PatternOrigin::Imported),
            Some("user") => Some(PatternOrigin::User),
            Some("mined") => Some(PatternOrigin::Mined),
            Some(other) => {
                let expected = "starter, imported, user or mined";
                return Err(errors::invalid(py, "origin", other, expected));
            }
        };
        let filter = PatternFilter {
            text,
            pattern_type,
            component,
            origin,
            active,
        };
        self.several(py, |core| core.patterns().list(&filter))
    }

    /// A pattern by its row id, its key, or its name where only one active pattern has it.
    fn get<'py>(&self, py: Python<'py>, pattern: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let named = name_of(&pattern)?;
        self.one(py, |core| core.patterns().get(&named))
    }

    /// Stores and encodes a new pattern.
    fn add<'py>(&self, py: Python<'py>, pattern: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let pattern: TestPattern = from_python(&pattern, "pattern")?;
        self.one(py, |core| core.patterns().add(&pattern))
    }

    /// Writes a stored pattern anew and encodes it; what it has learned stays.
    fn update<'py>(
        &self,
        py: Python<'py>,
        id: i64,
        pattern: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let pattern: TestPattern = from_python(&pattern, "pattern")?;
        self.one(py, |core| core.patterns().update(id, &pattern))
    }

    /// Gives a pattern another name.
    fn rename<'py>(
        &self,
        py: Python<'py>,
        pattern: Bound<'py, PyAny>,
        name: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let named = name_of(&pattern)?;
        self.one(py, |core| core.patterns().rename(&named, name))
    }

    /// Keeps a pattern and what it learned, and predicts it no more.
    fn retire<'py>(
        &self,
        py: Python<'py>,
        pattern: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let named = name_of(&pattern)?;
        self.one(py, |core| core.patterns().retire(&named))
    }

    /// Predicts a retired pattern again.
    fn reactivate<'py>(
        &self,
        py: Python<'py>,
        pattern: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let named = name_of(&pattern)?;
        self.one(py, |core| core.patterns().reactivate(&named))
    }

    /// Active patterns that were never used, or not since an instant.
    #[pyo3(signature = (since=None))]
    fn unused<'py>(
        &self,
        py: Python<'py>,
        since: Option<Timestamp>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        self.several(py, |core| core.patterns().unused(since))
    }

    /// Pairs of patterns that say much the same, at least this similar, 0.5 to 1; at most `limit`,
    /// 0 for all.
    #[pyo3(signature = (*, similarity=0.9, limit=50))]
    fn duplicates<'py>(
        &self,
        py: Python<'py>,
        similarity: f32,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = NearDuplicates { similarity, limit };
        self.ask(py, |core| core.patterns().duplicates(&options))
    }

    /// Retires `drop` in favour of `keep`, which takes over the tickets that it came from.
    fn merge<'py>(
        &self,
        py: Python<'py>,
        keep: Bound<'py, PyAny>,
        drop: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (keep, drop) = (name_of(&keep)?, name_of(&drop)?);
        self.ask(py, |core| core.patterns().merge(&keep, &drop))
    }

    /// Scenarios that several stored tickets tell, best first. Nothing is stored.
    ///
    /// A scenario is told by `min_tickets` at least, `similarity` (0.3 to 1) alike; at most `limit`,
    /// 0 for all; with `known` also those that a pattern says already.
    #[pyo3(signature = (*, min_tickets=2, similarity=0.62, limit=0, known=false, progress=None))]
    fn detect<'py>(
        &self,
        py: Python<'py>,
        min_tickets: usize,
        similarity: f32,
        limit: usize,
        known: bool,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = DetectOptions {
            min_tickets,
            similarity,
            limit,
            known,
        };
        let found = self.call_long(py, progress, |core, tell| {
            core.patterns().detect(&options, tell)
        });
        to_python(py, &found?)
    }

    /// Two proposals as one: `keep` with the tickets of both. Nothing is stored.
    fn merge_proposals<'py>(
        &self,
        py: Python<'py>,
        keep: Bound<'py, PyAny>,
        other: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keep: PatternProposal = from_python(&keep, "keep")?;
        let other: PatternProposal = from_python(&other, "other")?;
        self.ask(py, |core| {
            Ok(core.patterns().merge_proposals(&keep, &other))
        })
    }

    /// Keeps a proposal as a pattern, with another name, type or component where given.
    #[pyo3(signature = (proposal, *, name=None, pattern_type=None, component=None))]
    fn accept<'py>(
        &self,
        py: Python<'py>,
        proposal: Bound<'py, PyAny>,
        name: Option<String>,
        pattern_type: Option<String>,
        component: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let proposal: PatternProposal = from_python(&proposal, "proposal")?;
        let edits = ProposalEdits {
            name,
            pattern_type,
            component,
        };
        self.one(py, |core| core.patterns().accept(&proposal, &edits))
    }

    /// Remembers that a proposal is not wanted.
    fn drop_proposal(&self, py: Python<'_>, proposal: Bound<'_, PyAny>) -> PyResult<()> {
        let proposal: PatternProposal = from_python(&proposal, "proposal")?;
        self.call(py, |core| core.patterns().drop_proposal(&proposal))
    }
}

/// What names a pattern: its row id, key or name, or the pattern itself.
fn name_of(pattern: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(id) = pattern.extract::<i64>() {
        return Ok(id.to_string());
    }
    match pattern.extract::<String>() {
        Ok(name) => Ok(name),
        Err(_) => Ok(pattern.getattr("id")?.extract::<i64>()?.to_string()),
    }
}
