//! Learning from the past: retraining, versions, and which of them answers.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Atlas;
use super::scheduler::Scheduler;
use super::trainer::Trainer;
use crate::domain::{Blend, ProgressFn};
use crate::learning::model::{LearnedBlender, Model, RankedBy};
use crate::learning::replay::Replay;
use crate::learning::train::{JUDGED_NEEDED, TrainingLog, train};
use crate::pipeline::{Blender, WeightedSum};
use crate::search::Index;
use crate::store::{ModelRow, ModelState, Repositories, Revision};
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

/// Who orders the scenarios.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlendPolicy {
    /// The learned blend where it did better on this user's past, else the weighted sum.
    #[default]
    Auto,
    /// Always the specification's weighted sum.
    WeightedSum,
    /// The learned blend as soon as there is one.
    Learned,
}

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

/// What serves, as of a revision.
#[derive(Default)]
pub(super) struct Learned(Mutex<Option<(u64, Option<Arc<LearnedBlender>>)>>);

impl Atlas {
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
    pub fn retrain(&self, mut progress: ProgressFn<'_>) -> Result<Option<ModelVersion>> {
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

    /// Every version of what was learned, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn models(&self) -> Result<Vec<ModelVersion>> {
        let rows = self.store.read(|stored| stored.models().all())?;
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
        self.store.write(|stored| match version {
            Some(version) => stored.models().serve(version),
            None => stored.models().retire(),
        })
    }

    /// Whether there is something new to learn from.
    ///
    /// # Errors
    /// Storage errors.
    pub fn training_status(&self) -> Result<TrainingStatus> {
        let (new_observations, due) = self.due()?;
        let serving = self.store.read(|stored| stored.models().serving())?;
        Ok(TrainingStatus {
            running: self.trainer.running(),
            due,
            new_observations,
            serving: serving.map(|(row, _)| row.version),
            failure: self.trainer.failure(),
        })
    }

    /// Waits until a retraining in the background has finished.
    pub fn wait_for_retraining(&self) {
        self.trainer.wait();
    }

    /// A write that changes what was observed; a retraining may follow it.
    pub(super) fn observe<T>(
        &self,
        write: impl FnOnce(&Repositories<'_>) -> Result<T>,
    ) -> Result<T> {
        let written = self.store.write(write)?;
        self.retrain_if_due();
        Ok(written)
    }

    /// Starts a retraining in the background if the policy wants one. That it cannot be started is
    /// no failure of what was observed.
    pub(super) fn retrain_if_due(&self) {
        if self.settings.retrain_after.is_some() && self.due().is_ok_and(|(_, due)| due) {
            self.trainer.start(self.shared());
        }
    }

    /// Trains until nothing is due any more. What keeps coming is left for the next observation.
    pub(super) fn retrain_while_due(&self, progress: ProgressFn<'_>) -> Result<()> {
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

    /// The same database and plugins once more, for a thread.
    pub(super) fn shared(&self) -> Atlas {
        Atlas {
            store: self.store.clone(),
            pipeline: self.pipeline.clone(),
            settings: self.settings,
            encoder: self.encoder.clone(),
            state: self.state.clone(),
            times: self.times.clone(),
            #[cfg(feature = "hnsw")]
            background: self.background.clone(),
            scenario_types: self.scenario_types.clone(),
            learned: self.learned.clone(),
            trainer: Trainer::default(),
            one_sync: self.one_sync.clone(),
            tally: self.tally.clone(),
            coach: self.coach.clone(),
            scheduler: Scheduler::default(),
            clock: self.clock.clone(),
            cache: self.cache,
            configuration: self.configuration.clone(),
        }
    }

    /// Observations since the last training, and whether the policy wants one: for enough of them,
    /// because what was learned had to be withdrawn, or because it was learned from other plugins
    /// or with another encoder.
    fn due(&self) -> Result<(u64, bool)> {
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

    /// Who blends now, and what a prediction is to say about it.
    pub(super) fn blender(&self, index: &Index) -> Result<UsualBlender> {
        let missing = |judged: usize| JUDGED_NEEDED.saturating_sub(judged) as u32;
        let learned = self.learned()?;
        Ok(UsualBlender {
            missing: match &learned {
                Some(learned) if learned.model.calibration().is_some() => 0,
                Some(learned) => missing(learned.model.judged),
                None => missing(judged_scenarios(index)),
            },
            learned,
        })
    }

    fn learned(&self) -> Result<Option<Arc<LearnedBlender>>> {
        let mut cached = self
            .learned
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let revision = self
            .store
            .read(|stored| stored.revisions().get(Revision::Models))?;
        if let Some((at, learned)) = cached.as_ref().filter(|(at, _)| *at == revision) {
            let _ = at;
            return Ok(learned.clone());
        }
        let encoder = self.encoder.id()?;
        let learned = self
            .serving_model()?
            .filter(|(_, model)| model.encoder == encoder)
            .map(|(row, mut model)| {
                match self.settings.blend {
                    BlendPolicy::Auto => {}
                    BlendPolicy::WeightedSum => model.ranked_by = RankedBy::WeightedSum,
                    BlendPolicy::Learned if model.learned.is_some() => {
                        model.ranked_by = RankedBy::Learned;
                    }
                    BlendPolicy::Learned => {}
                }
                Arc::new(LearnedBlender {
                    model,
                    version: Some(row.version),
                })
            });
        *cached = Some((revision, learned.clone()));
        Ok(learned)
    }

    /// The version that serves. One that this program cannot read counts as absent.
    fn serving_model(&self) -> Result<Option<(ModelRow, Model)>> {
        let serving = self.store.read(|stored| stored.models().serving())?;
        Ok(serving.and_then(|(row, body)| {
            let model: Model = serde_json::from_str(&body).ok()?;
            let sound =
                model.weights.is_empty() || model.weights.len() == model.features.columns().len();
            sound.then_some((row, model))
        }))
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

/// How many scenarios of the past a calibration would rest on.
fn judged_scenarios(index: &Index) -> usize {
    let judged = index.history.judged().iter();
    judged
        .map(|judged| match judged.complete() {
            true => crate::learning::example::SHOWN,
            false => judged.outcomes.len(),
        })
        .sum()
}

/// The blender of a host that has set none: what was learned, else the weighted sum.
pub(super) struct UsualBlender {
    learned: Option<Arc<LearnedBlender>>,
    missing: u32,
}

impl Blender for UsualBlender {
    fn blend(&self, votes: &[crate::pipeline::Vote<'_>]) -> Result<Vec<crate::pipeline::Blended>> {
        match &self.learned {
            Some(learned) => learned.blend(votes),
            None => WeightedSum.blend(votes),
        }
    }

    fn account(&self, votes: &[crate::pipeline::Vote<'_>]) -> Blend {
        let mut blend = match &self.learned {
            Some(learned) => learned.account(votes),
            None => WeightedSum.account(votes),
        };
        blend.missing = if blend.calibrated { 0 } else { self.missing };
        blend
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::invalid("model", error, "values that JSON can hold"))
}
