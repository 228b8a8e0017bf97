//! From a ticket to a prediction: predictors vote, a blender sums, the pipeline fills in.

pub mod blender;
pub mod design;
pub mod diversity;
pub mod edge_case_answers;
pub mod edge_cases;
pub mod flow_nexus;
pub mod kept_rules;
pub mod minutes;
pub mod neural;
pub mod past;
pub mod pool;
pub mod predictor;
pub mod query;
pub mod run;
pub mod similarity;
pub mod starter;
pub mod ticket_steps;

pub use blender::{Blended, Blender, Vote, WeightedSum};
pub use predictor::{Candidate, OwnScenario, Predictor, ScenarioRef, Signal, Suggestions};
pub use query::Query;
pub use run::{Answers, BlendedAnswer, Pipeline};
