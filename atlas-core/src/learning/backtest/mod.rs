//! How good predictions are on the user's own past: each ticket predicted before it is learned
//! from, beside baselines.

mod baselines;
#[cfg(feature = "charts")]
mod chart;
mod drift;
mod report;
mod run;
mod score;
mod timeline;

pub use drift::{Drift, drift};
pub use report::{
    ATLAS, BacktestReport, FREQUENCY, GroupScore, Interval, LEARNED, MethodScore, WEIGHTED_SUM,
};
pub use run::{BacktestOptions, backtest};
pub use timeline::{Timeline, TimelinePoint};
