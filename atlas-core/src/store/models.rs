//! What was learned from the observations, version by version.

use super::{Repositories, Revision};
use crate::Result;

/// Versions of what was learned.
#[derive(Debug)]
pub struct Models<'r>(pub(super) &'r Repositories<'r>);

impl Models<'_> {
    /// Withdraws every version that may have seen an observation that is taken back: its body is
    /// dropped, its log stays. How many there were.
    ///
    /// `observation_id` is the smallest id among those taken back.
    ///
    /// # Errors
    /// Storage errors.
    pub fn withdraw_since(&self, observation_id: i64) -> Result<u64> {
        let withdrawn = self.0.execute(
            "UPDATE atlas_models SET state = 'withdrawn', body = NULL
             WHERE newest_observation >= ?1 AND state <> 'withdrawn'",
            [observation_id],
        )?;
        if withdrawn > 0 {
            self.0.changed(Revision::Models)?;
        }
        Ok(withdrawn as u64)
    }
}
