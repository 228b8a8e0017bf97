//! What a host wants remembered.

use super::Atlas;
use crate::error::Result;
use crate::records::{MemoryEntry, MemoryFilter, MemoryHit};

#[uniffi::export]
impl Atlas {
    /// Remembers a text or JSON under a type and a key, in place of what stood there.
    pub fn memory_put(&self, entry: MemoryEntry) -> Result<()> {
        self.call(|core| core.memory_put(&entry))
    }

    /// A remembered value that has not expired.
    pub fn memory_get(&self, memory_type: String, key: String) -> Result<Option<MemoryEntry>> {
        self.call(|core| core.memory_get(&memory_type, &key))
    }

    /// What is remembered and has not expired, by type and key.
    #[uniffi::method(default(filter = None))]
    pub fn memory_list(&self, filter: Option<MemoryFilter>) -> Result<Vec<MemoryEntry>> {
        self.call(|core| core.memory_list(&filter.unwrap_or_default()))
    }

    /// Forgets a value; whether it was there.
    pub fn memory_delete(&self, memory_type: String, key: String) -> Result<bool> {
        self.call(|core| core.memory_delete(&memory_type, &key))
    }

    /// Removes what has expired from the file; how many values that were.
    pub fn memory_expire(&self) -> Result<u64> {
        self.call(|core| core.memory_expire())
    }

    /// The `k` values, 1 to 1,000, nearest in meaning to a text, nearest first.
    #[uniffi::method(default(k = 10, filter = None))]
    pub fn memory_search(
        &self,
        text: String,
        k: usize,
        filter: Option<MemoryFilter>,
    ) -> Result<Vec<MemoryHit>> {
        self.call(|core| core.memory_search(&text, &filter.unwrap_or_default(), k))
    }
}
