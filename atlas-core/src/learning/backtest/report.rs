//! What a backtest found.

use serde::{Deserialize, Serialize};

use super::{BacktestOptions, Drift, Timeline};
use crate::learning::calibration::Reliability;
use crate::learning::time::TimeBacktest;

/// The name of what ATLAS itself would have answered.
pub const ATLAS: &str = "ATLAS";
/// The name of the ranker that was learned.
pub const LEARNED: &str = "learned blend";
/// The name of the specification's blend.
pub const WEIGHTED_SUM: &str = "weighted sum";
/// The name of the baseline that everyone should beat.
pub const FREQUENCY: &str = "most frequent";

/// A value that 95 of 100 resampled pasts stay within (percentile bootstrap over tickets).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Interval {
    /// The value.
    pub value: f64,
    /// 2.5 of 100 are lower.
    pub low: f64,
    /// 2.5 of 100 are higher.
    pub high: f64,
}

/// How one way of predicting did; all 0 to 1, means over tickets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MethodScore {
    /// `ATLAS`, `learned blend`, `weighted sum`, a plugin's name, or a baseline.
    pub name: String,
    /// Share of tickets whose first scenario was right.
    pub hit_1: Interval,
    /// With a right one among the first five.
    pub hit_5: Interval,
    /// With a right one among the first ten.
    pub hit_10: Interval,
    /// Mean of one over the first right rank, 0 beyond ten.
    pub mrr: Interval,
    /// Mean share of the right scenarios among the first ten.
    pub recall_10: Interval,
}

/// How ATLAS did on a part of the tickets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GroupScore {
    /// The component, or the first and last ticket of a stretch of time.
    pub name: String,
    /// How many tickets.
    pub tickets: usize,
    /// Share with a right scenario among the first ten.
    pub hit_10: f64,
    /// Mean of one over the first right rank.
    pub mrr: f64,
}

/// What a backtest found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BacktestReport {
    /// One sentence for a manager.
    pub summary: String,
    /// What was asked for.
    pub options: BacktestOptions,
    /// Tickets with a right scenario that were predicted and scored.
    pub tickets: usize,
    /// Judged tickets before them, which were only learned from.
    pub learned_first: usize,
    /// Patterns that could be named.
    pub patterns: usize,
    /// ATLAS first, then its parts, then baselines.
    pub methods: Vec<MethodScore>,
    /// Of the scored tickets, how many the learned blend answered.
    pub answered_by_learned: usize,
    /// How well calibrated confidence kept its promise; `None` where it was never calibrated.
    pub reliability: Option<Reliability>,
    /// Judged scenarios behind it.
    pub calibrated_scenarios: usize,
    /// How the minutes did; `None` where no real minutes are known.
    pub minutes: Option<TimeBacktest>,
    /// ATLAS by component of the tickets (else of their right patterns), most tickets first.
    pub by_component: Vec<GroupScore>,
    /// ATLAS by time, oldest first.
    pub by_time: Vec<GroupScore>,
    /// The same in more detail, beside the most frequent scenarios.
    #[serde(default)]
    pub timeline: Timeline,
    /// Whether it has become worse lately.
    pub drift: Option<Drift>,
}

impl BacktestReport {
    /// A method's score.
    pub fn method(&self, name: &str) -> Option<&MethodScore> {
        self.methods.iter().find(|method| method.name == name)
    }

    /// Baselines, and plugins alone, that do better than ATLAS in MRR or among the first ten. The
    /// two blends that it chooses between are not among them.
    pub fn better_than_atlas(&self) -> Vec<&MethodScore> {
        let Some(atlas) = self.method(ATLAS) else {
            return Vec::new();
        };
        let beats = |m: &&MethodScore| {
            let better = m.mrr.value > atlas.mrr.value || m.hit_10.value > atlas.hit_10.value;
            better && ![LEARNED, WEIGHTED_SUM].contains(&m.name.as_str())
        };
        self.methods.iter().filter(beats).collect()
    }

    /// The sentence of [`summary`](Self::summary).
    pub(super) fn sentence(&self) -> String {
        let percent = |share: f64| format!("{:.0}", 100.0 * share);
        let Some(atlas) = self.method(ATLAS).filter(|_| self.tickets > 0) else {
            return "No ticket of the past has a scenario that was right: import your history, or \
                    accept and reject scenarios, and run this again."
                .to_owned();
        };
        let mut said = format!(
            "On your last {} tickets the top 10 held what you tested {} % of the time ({} to {})",
            self.tickets,
            percent(atlas.hit_10.value),
            percent(atlas.hit_10.low),
            percent(atlas.hit_10.high)
        );
        if let Some(frequency) = self.method(FREQUENCY) {
            said += &format!("; frequency alone {} %", percent(frequency.hit_10.value));
        }
        said.push('.');
        if let Some(best) = self
            .better_than_atlas()
            .into_iter()
            .filter(|method| method.hit_10.value > atlas.hit_10.value)
            .max_by(|a, b| a.hit_10.value.total_cmp(&b.hit_10.value))
        {
            said += &format!(
                " Better here is {} alone: {} %.",
                best.name.trim_end_matches(" alone"),
                percent(best.hit_10.value)
            );
        }
        said
    }
}
