//! How good predictions are on the user's own past: each ticket predicted before it is learned
//! from, beside baselines.

mod baselines;
mod drift;
mod report;
mod run;
mod score;

pub use drift::{Drift, drift};
pub use report::{BacktestReport, GroupScore, Interval, MethodScore, MinutesScore};
pub use run::{BacktestOptions, backtest};
