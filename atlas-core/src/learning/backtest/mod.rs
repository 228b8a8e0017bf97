//! How good predictions are on the user's own past: each ticket predicted before it is learned
//! from, beside baselines.
//!
//! It trains every 20 tickets, as a retraining does. Intervals are bootstrapped over tickets. A
//! fall of the hit rate on the latest 40 tickets is tested against all tickets before.
//!
//! `chart` draws the report with `plotters` (feature `charts`), and only what `BacktestReport`
//! holds: `chart/curves` and `chart/methods` draw the parts, `chart/ink` has colors and text. The
//! SVG has a light background of its own and a style that swaps each color in dark mode; a new
//! color needs its line in `DARK`. Texts go through `plain`. `text_width` estimates widths, since
//! an SVG knows no font.

mod baselines;
#[cfg(feature = "charts")]
mod chart;
mod drift;
mod options;
mod report;
mod run;
mod score;
mod timeline;

pub use drift::{Drift, drift};
pub use options::BacktestOptions;
pub use report::{
    ATLAS, BacktestReport, FREQUENCY, GroupScore, Interval, LEARNED, MethodScore, WEIGHTED_SUM,
};
pub use run::backtest;
pub use timeline::{Timeline, TimelinePoint};
