//! What is known of statuses: whether the work on a ticket is over in them.

use std::collections::{BTreeMap, BTreeSet};

use super::Repositories;
use crate::Result;
use crate::domain::{done_statuses, folded_name};

/// The setting that holds which statuses are done, as the source told it.
const SETTING: &str = "status_categories";
/// A site has some dozens; what is more is left to the names.
const MOST: usize = 1_000;

/// Statuses.
#[derive(Debug)]
pub struct Statuses<'r>(pub(super) &'r Repositories<'r>);

impl Statuses<'_> {
    /// Notes whether a status is in Jira's category Done.
    ///
    /// # Errors
    /// Storage errors.
    pub fn note(&self, status: &str, done: bool) -> Result<()> {
        let name = folded_name(status);
        let mut told = self.stored()?;
        let is_known = told.get(&name) == Some(&done);
        if name.is_empty() || is_known || (told.len() >= MOST && !told.contains_key(&name)) {
            return Ok(());
        }
        told.insert(name, done);
        let json = serde_json::to_string(&told).unwrap_or_default();
        self.0.settings().set(SETTING, Some(&json))
    }

    /// The folded names of the statuses in which the work is over: those that Jira calls done, and
    /// of the others those whose name says it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn done(&self) -> Result<BTreeSet<String>> {
        let told = self.stored()?;
        let by_name = done_statuses()
            .iter()
            .filter(|name| !told.contains_key(*name));
        let by_source = told.iter().filter(|(_, done)| **done).map(|(name, _)| name);
        Ok(by_name.chain(by_source).cloned().collect())
    }

    fn stored(&self) -> Result<BTreeMap<String, bool>> {
        let stored = self.0.settings().get(SETTING)?;
        let read = |json: String| serde_json::from_str(&json).ok();
        Ok(stored.and_then(read).unwrap_or_default())
    }
}
