//! How a backtest is run.

use serde::{Deserialize, Serialize};

/// How a backtest is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BacktestOptions {
    /// So many judged tickets at the beginning are learned from and not scored.
    pub learn_first: usize,
    /// Whether what is known stays as it was after these, votes of past tickets included. Without
    /// it every ticket knows all before it.
    pub frozen: bool,
    /// Tickets between two trainings; 1 or more.
    pub retrain_every: usize,
    /// Resampled pasts behind the intervals.
    pub resamples: usize,
    /// The seed of the resampling.
    pub seed: u64,
}

impl Default for BacktestOptions {
    fn default() -> Self {
        BacktestOptions {
            learn_first: 0,
            frozen: false,
            retrain_every: 20,
            resamples: 1_000,
            seed: 1,
        }
    }
}
