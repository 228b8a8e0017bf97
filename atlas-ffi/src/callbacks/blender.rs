//! A host's blender.

use std::sync::Arc;

use atlas_core::Error;
use atlas_core::domain::Blend;
use atlas_core::pipeline::blender::sort;
use atlas_core::pipeline::{Blended, Blender as CoreBlender, Vote as CoreVote};

use crate::error::{AtlasError, CallbackError, Result};
use crate::records::{BlendedScenario, Part, Suggestions};

/// One plugin's answer with its weight. Plugins that failed or abstained are not among the votes.
#[derive(uniffi::Record)]
pub struct Vote {
    /// The plugin's name.
    pub predictor: String,
    /// Its weight, 0 or more.
    pub weight: f32,
    /// What it answered.
    pub suggestions: Suggestions,
}

/// Sums votes into one list, in place of the weighted sum and of what was learned.
///
/// An exception leaves the blending to the weighted sum and is named in `Prediction.degraded`.
#[uniffi::export(foreign)]
pub trait Blender: Send + Sync {
    /// Its name, which `Prediction.blend` tells.
    fn name(&self) -> Result<String, CallbackError>;

    /// The scenarios, in any order; every vote's candidates are finite and within 0 to 1.
    fn blend(&self, votes: Vec<Vote>) -> Result<Vec<BlendedScenario>, CallbackError>;
}

/// It, as the core's.
pub struct ForeignBlender {
    name: String,
    foreign: Arc<dyn Blender>,
}

impl ForeignBlender {
    /// Asks for its name.
    pub fn new(foreign: Arc<dyn Blender>) -> Result<Self> {
        let name = foreign.name();
        let name = name.map_err(|e| AtlasError::callback("name", e.reason()))?;
        Ok(ForeignBlender { name, foreign })
    }
}

impl CoreBlender for ForeignBlender {
    fn blend(&self, votes: &[CoreVote<'_>]) -> atlas_core::Result<Vec<Blended>> {
        let given = votes.iter().map(|vote| Vote {
            predictor: vote.predictor.to_owned(),
            weight: vote.weight,
            suggestions: vote.suggestions.clone(),
        });
        let blended = self.foreign.blend(given.collect());
        let mut blended = blended.map_err(|error| Error::Predictor {
            name: self.name.clone(),
            reason: error.reason().to_owned(),
        })?;
        sort(&mut blended);
        Ok(blended)
    }

    fn account(&self, votes: &[CoreVote<'_>]) -> Blend {
        let weights = votes.iter();
        let weights = weights.map(|vote| Part::new(vote.predictor, vote.weight));
        Blend::new(self.name.as_str(), weights.collect())
    }
}
