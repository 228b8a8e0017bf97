//! A host's predictor.

use std::sync::Arc;

use atlas_core::Error;
use atlas_core::domain::TicketKey;
use atlas_core::pipeline::{Predictor as CorePredictor, Query as CoreQuery};

use crate::error::{AtlasError, CallbackError, Result};
use crate::records::{Draft, Part, Suggestions};

/// A ticket that a predictor is asked about.
#[derive(uniffi::Record)]
pub struct Query {
    /// The ticket's key; none for free text.
    pub key: Option<TicketKey>,
    /// Its text and facts.
    pub draft: Draft,
    /// Types of scenario that the ticket calls for, with their relevance 0 to 1, most relevant first.
    pub scenario_types: Vec<Part>,
    /// Components of the ticket: those it names, else those that are likely, with confidence 0 to 1.
    pub components: Vec<Part>,
}

/// A plugin of the host's: names scenarios and edge cases for tickets.
///
/// It is called by batch, on the thread that asks for a prediction; a retraining or a backtest calls
/// it from theirs. An exception costs it its own vote and is named in `Prediction.degraded`.
#[uniffi::export(foreign)]
pub trait Predictor: Send + Sync {
    /// A name that is unique among the plugins, such as `acme-rules`.
    fn name(&self) -> Result<String, CallbackError>;

    /// Scenarios and edge cases, one answer for each query, in order; an empty one abstains.
    fn predict(&self, queries: Vec<Query>) -> Result<Vec<Suggestions>, CallbackError>;
}

/// It, as the core's.
pub struct ForeignPredictor {
    name: String,
    foreign: Arc<dyn Predictor>,
}

impl ForeignPredictor {
    /// Asks for its name.
    pub fn new(foreign: Arc<dyn Predictor>) -> Result<Self> {
        let name = foreign.name();
        let name = name.map_err(|e| AtlasError::callback("name", e.reason()))?;
        Ok(ForeignPredictor { name, foreign })
    }

    fn failed(&self, reason: impl Into<String>) -> Error {
        let (name, reason) = (self.name.clone(), reason.into());
        Error::Predictor { name, reason }
    }
}

impl CorePredictor for ForeignPredictor {
    fn name(&self) -> &str {
        &self.name
    }

    fn predict(&self, query: &CoreQuery<'_>) -> atlas_core::Result<Suggestions> {
        let answer = self.predict_batch(std::slice::from_ref(query)).pop();
        answer.unwrap_or_else(|| Err(self.failed("it gave no answer")))
    }

    fn predict_batch(&self, queries: &[CoreQuery<'_>]) -> Vec<atlas_core::Result<Suggestions>> {
        let asked = queries.iter().map(|query| Query {
            key: query.key.cloned(),
            draft: query.draft.clone(),
            scenario_types: parts(query.scenario_types),
            components: parts(query.components),
        });
        match self.foreign.predict(asked.collect()) {
            Ok(answers) => answers.into_iter().map(Ok).collect(),
            Err(error) => {
                let failed = |_| Err(self.failed(error.reason()));
                queries.iter().map(failed).collect()
            }
        }
    }
}

fn parts(pairs: &[(String, f32)]) -> Vec<Part> {
    let part = |(name, value): &(String, f32)| Part::new(name.as_str(), *value);
    pairs.iter().map(part).collect()
}
