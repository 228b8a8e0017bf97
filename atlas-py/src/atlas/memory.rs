//! What a host wants remembered.

use atlas_core::domain::{MemoryEntry, MemoryFilter};
use jiff::Timestamp;
use pyo3::prelude::*;

use super::areas::Memory;
use crate::to_python::flat_to_python;

#[pymethods]
impl Memory {
    /// Remembers a text or JSON under a type and a key, in place of what stood there.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> db.memory.put("context", "export", "the CSV export drops umlauts in Excel")
    /// >>> db.memory.search("encoding of exported files", k=1)[0].key
    /// 'export'
    #[pyo3(signature = (memory_type, key, value, *, expires_at=None))]
    fn put(
        &self,
        py: Python<'_>,
        memory_type: String,
        key: String,
        value: String,
        expires_at: Option<Timestamp>,
    ) -> PyResult<()> {
        let entry = MemoryEntry {
            expires_at,
            ..MemoryEntry::text(memory_type, key, value)
        };
        self.call(py, |core| core.memory().put(&entry))
    }

    /// A remembered value that has not expired, or None.
    fn get<'py>(
        &self,
        py: Python<'py>,
        memory_type: &str,
        key: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.memory().get(memory_type, key))
    }

    /// What is remembered and has not expired, by type and key.
    #[pyo3(signature = (memory_type=None, *, key_prefix=None))]
    fn list<'py>(
        &self,
        py: Python<'py>,
        memory_type: Option<String>,
        key_prefix: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = MemoryFilter {
            memory_type,
            key_prefix,
        };
        self.ask(py, |core| core.memory().list(&filter))
    }

    /// Forgets a value; whether it was there.
    fn delete(&self, py: Python<'_>, memory_type: &str, key: &str) -> PyResult<bool> {
        self.call(py, |core| core.memory().delete(memory_type, key))
    }

    /// Removes what has expired from the file; how many values that were.
    fn expire(&self, py: Python<'_>) -> PyResult<u64> {
        self.call(py, |core| core.memory().expire())
    }

    /// The `k` values, 1 to 1,000, nearest in meaning to a text, nearest first.
    #[pyo3(signature = (text, k=10, *, memory_type=None, key_prefix=None))]
    fn search<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        k: usize,
        memory_type: Option<String>,
        key_prefix: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = MemoryFilter {
            memory_type,
            key_prefix,
        };
        let hits = self.call(py, |core| core.memory().search(text, &filter, k))?;
        flat_to_python(py, "MemoryHit", &hits)
    }
}
