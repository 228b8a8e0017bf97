//! The area [`Learning`]: the past, training data, retraining, and the versions of what was learned.

mod history;
mod training_data;

use std::sync::Arc;

use super::core::Core;
use super::core::retrain::{ModelVersion, TrainingStatus};
use crate::Result;
use crate::domain::ProgressFn;

/// What is learned: the past, training data, retraining, and the versions of what was learned.
#[derive(Clone)]
pub struct Learning {
    pub(super) core: Arc<Core>,
}

impl Learning {
    /// Learns from all observations, and lets the result answer if it does better on the past than
    /// what answers now. In one transaction: the old version serves until then, and after a kill.
    ///
    /// Done in the background when the policy of [`AtlasBuilder::retrain_after`] says so; see
    /// there. `None` where nothing was judged yet.
    ///
    /// [`AtlasBuilder::retrain_after`]: super::AtlasBuilder::retrain_after
    ///
    /// # Errors
    /// `CANCELLED`, storage errors; `TRAINING_UNSETTLED` where what it learns from is taken back
    /// again and again, as by a plugin that gives feedback whenever it is asked.
    pub fn retrain(&self, progress: ProgressFn<'_>) -> Result<Option<ModelVersion>> {
        self.core.retrain(progress)
    }

    /// Every version of what was learned, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn models(&self) -> Result<Vec<ModelVersion>> {
        let rows = self.core.store.read(|stored| stored.models().all())?;
        let versions = rows.into_iter().map(|row| ModelVersion {
            version: row.version,
            state: row.state,
            trained_at: row.trained_at,
            log: serde_json::from_str(&row.log).unwrap_or_default(),
        });
        Ok(versions.collect())
    }

    /// Lets an earlier version answer again; `None` for the weighted sum as it is without learning.
    /// The next retraining decides anew.
    ///
    /// # Errors
    /// `MODEL_VERSION_NOT_FOUND`, storage errors.
    pub fn roll_back(&self, version: Option<i64>) -> Result<()> {
        self.core.store.write(|stored| match version {
            Some(version) => stored.models().serve(version),
            None => stored.models().retire(),
        })
    }

    /// Whether there is something new to learn from.
    ///
    /// # Errors
    /// Storage errors.
    pub fn status(&self) -> Result<TrainingStatus> {
        let (new_observations, due) = self.core.due()?;
        let serving = self.core.store.read(|stored| stored.models().serving())?;
        Ok(TrainingStatus {
            running: self.core.trainer.running(),
            due,
            new_observations,
            serving: serving.map(|(row, _)| row.version),
            failure: self.core.trainer.failure(),
        })
    }

    /// Waits until a retraining in the background has finished.
    pub fn wait_until_trained(&self) {
        self.core.trainer.wait();
    }
}
