//! Retraining: when it is due, and what it stores.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Core;
use crate::domain::ProgressFn;
use crate::learning::replay::Replay;
use crate::learning::train::{TrainingLog, train};
use crate::store::{ModelRow, ModelState, Repositories};
use crate::{Error, Result};

/// Judged tickets that are learned from at most, the newest ones: with more, time goes up and
/// accuracy does not.
const MOST_TICKETS: usize = 2_000;
/// Versions that are kept.
const KEPT: usize = 50;
/// How often a training begins again because what it learned from was taken back meanwhile.
const MOST_TRIES: usize = 5;
/// Trainings in a row for what was observed during the one before.
const MOST_ROUNDS: usize = 20;

/// A version of what was learned, and how it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ModelVersion {
    /// Its number, ascending.
    pub version: i64,
    /// What became of it.
    pub state: ModelState,
    /// When it was trained.
    pub trained_at: Option<jiff::Timestamp>,
    /// What it was trained on and how it did.
    pub log: TrainingLog,
}

/// Whether there is something new to learn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TrainingStatus {
    /// Whether it is being learned from right now.
    pub running: bool,
    /// Whether the policy wants a retraining.
    pub due: bool,
    /// Observations since the last training.
    pub new_observations: u64,
    /// The version that answers.
    pub serving: Option<i64>,
    /// Why the last training in the background failed, if it did.
    pub failure: Option<String>,
}

impl Core {
    pub(crate) fn retrain(&self, mut progress: ProgressFn<'_>) -> Result<Option<ModelVersion>> {
        self.store.writable()?;
        for _ in 0..MOST_TRIES {
            let seen = self.seen_observations()?;
            let (index, _) = self.ready_index()?;
            let judged = index.history.judged().len();
            if judged == 0 {
                self.store.write(|stored| stored.models().retire())?;
                return Ok(None);
            }
            let load = |places| self.past_tickets(&index, places);
            let replay = Replay {
                index: &index,
                pipeline: &self.pipeline,
                load: &load,
            };
            let places = judged.saturating_sub(MOST_TICKETS)..judged;
            let examples = replay.examples(places, &mut progress)?;
            let serving = self.serving_model()?;
            let setting = self.setting()?;
            // One that was learned from other plugins is no rival.
            let before = serving
                .as_ref()
                .filter(|(_, model)| model.fits(&setting))
                .map(|(row, model)| (model, row.newest_observation));
            let trained = train(&examples.features, &examples.list, before, &setting)?;
            let row = ModelRow {
                version: 0,
                state: match trained.refused {
                    true => ModelState::Refused,
                    false => ModelState::Serving,
                },
                trained_at: Some((self.clock)()),
                newest_observation: seen.newest,
                log: json(&trained.log)?,
            };
            let body = json(&trained.model)?;
            let version = self.store.write(|stored| {
                // What was taken back meanwhile has been learned from here: start again.
                if stored.observations().count_until(seen.newest)? != seen.count {
                    return Ok(None);
                }
                let version = stored.models().add(&row, &body)?;
                stored.models().trim(KEPT)?;
                Ok(Some(version))
            })?;
            if let Some(version) = version {
                return Ok(Some(ModelVersion {
                    version,
                    state: row.state,
                    trained_at: row.trained_at,
                    log: trained.log,
                }));
            }
        }
        Err(Error::TrainingUnsettled)
    }

    /// A write that changes what was observed; a retraining may follow it.
    pub(crate) fn observe<T>(
        self: &Arc<Self>,
        write: impl FnOnce(&Repositories<'_>) -> Result<T>,
    ) -> Result<T> {
        let written = self.store.write(write)?;
        self.retrain_if_due();
        Ok(written)
    }

    /// Starts a retraining in the background if the policy wants one. That it cannot be started is
    /// no failure of what was observed.
    pub(crate) fn retrain_if_due(self: &Arc<Self>) {
        if self.settings.retrain_after.is_some() && self.due().is_ok_and(|(_, due)| due) {
            let core = self.clone();
            self.trainer
                .start(move |progress| core.retrain_while_due(progress));
        }
    }

    /// Trains until nothing is due any more. What keeps coming is left for the next observation.
    pub(crate) fn retrain_while_due(&self, progress: ProgressFn<'_>) -> Result<()> {
        for _ in 0..MOST_ROUNDS {
            if !self.due()?.1 || self.retrain(progress)?.is_none() {
                return Ok(());
            }
        }
        match self.due()?.1 {
            true => Err(Error::TrainingUnsettled),
            false => Ok(()),
        }
    }

    /// Observations since the last training, and whether the policy wants one: for enough of them,
    /// because what was learned had to be withdrawn, or because it was learned from other plugins
    /// or with another encoder.
    pub(crate) fn due(&self) -> Result<(u64, bool)> {
        let Seen { newest, count } = self.seen_observations()?;
        let last = self.store.read(|stored| stored.models().newest())?;
        let new = self.store.read(|stored| match &last {
            Some(row) => {
                let seen = stored.observations().count_until(row.newest_observation)?;
                Ok(count.saturating_sub(seen))
            }
            None => Ok(count),
        })?;
        let after = self.settings.retrain_after;
        let enough = after.is_some_and(|after| new >= u64::from(after.get()));
        let withdrawn = last.is_some_and(|row| row.state == ModelState::Withdrawn);
        let setting = self.setting()?;
        let serving = self.serving_model()?;
        let foreign = serving.is_some_and(|(_, model)| !model.fits(&setting));
        Ok((new, newest > 0 && (enough || withdrawn || foreign)))
    }

    fn seen_observations(&self) -> Result<Seen> {
        self.store.read(|stored| {
            let newest = stored.observations().newest()?;
            let count = stored.observations().count_until(newest)?;
            Ok(Seen { newest, count })
        })
    }
}

/// Which observations a training saw.
struct Seen {
    newest: i64,
    count: u64,
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::invalid("model", error, "values that JSON can hold"))
}
