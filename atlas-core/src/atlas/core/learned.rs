//! Who blends: what was learned, else the weighted sum.

use std::sync::{Arc, Mutex, PoisonError};

use super::Core;
use crate::Result;
use crate::atlas::settings::BlendPolicy;
use crate::domain::Blend;
use crate::learning::model::{LearnedBlender, Model, RankedBy};
use crate::learning::train::JUDGED_NEEDED;
use crate::pipeline::{Blender, WeightedSum};
use crate::search::Index;
use crate::store::{ModelRow, Revision};

/// What serves, as of a revision.
#[derive(Default)]
pub(crate) struct Learned(Mutex<Option<(u64, Option<Arc<LearnedBlender>>)>>);

impl Core {
    /// Who blends now, and what a prediction is to say about it.
    pub(crate) fn blender(&self, index: &Index) -> Result<UsualBlender> {
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
    pub(crate) fn serving_model(&self) -> Result<Option<(ModelRow, Model)>> {
        let serving = self.store.read(|stored| stored.models().serving())?;
        Ok(serving.and_then(|(row, body)| {
            let model: Model = serde_json::from_str(&body).ok()?;
            let sound =
                model.weights.is_empty() || model.weights.len() == model.features.columns().len();
            sound.then_some((row, model))
        }))
    }
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
pub(crate) struct UsualBlender {
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
