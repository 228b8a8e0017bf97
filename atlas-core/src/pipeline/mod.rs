//! From a ticket to a prediction: predictors vote, a blender sums, the pipeline fills in.

pub mod blender;
pub mod predictor;
pub mod query;

pub use blender::{Blended, Blender, Vote, WeightedSum};
pub use predictor::{Candidate, OwnScenario, Predictor, ScenarioRef, Signal, Suggestions};
pub use query::Query;
