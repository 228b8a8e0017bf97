//! What is asked of [`Atlas`](super::Atlas) itself, and the tester's answers.

mod analyze;
mod backtest;
mod choice;
mod chosen;
mod coverage;
pub(super) mod feedback;
mod predict;
mod review;
mod similar;
mod subject;
mod usual_types;

pub use similar::SimilarOptions;
pub use subject::Subject;
