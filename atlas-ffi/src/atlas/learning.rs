//! Learning, its versions, and the backtest.

use std::sync::Arc;

use super::Atlas;
use crate::callbacks::{Cancellation, ProgressListener, Watch};
use crate::error::Result;
use crate::records::{BacktestOptions, BacktestReport, ModelVersion, TrainingStatus};

#[uniffi::export]
impl Atlas {
    /// Learns from everything that was observed, and lets the result answer if it does better on the
    /// past than what answers now. Nothing where nothing was judged yet.
    #[uniffi::method(default(progress = None, cancellation = None))]
    pub fn retrain(
        &self,
        progress: Option<Arc<dyn ProgressListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<Option<ModelVersion>> {
        let core = self.core()?;
        Watch::new(cancellation).run(progress, |tell| core.retrain(tell))
    }

    /// Every version of what was learned, newest first.
    pub fn models(&self) -> Result<Vec<ModelVersion>> {
        self.call(|core| core.models())
    }

    /// Lets an earlier version answer again; without one the weighted sum, as it is without learning.
    #[uniffi::method(default(version = None))]
    pub fn roll_back(&self, version: Option<i64>) -> Result<()> {
        self.call(|core| core.roll_back(version))
    }

    /// Whether there is something new to learn from.
    pub fn training_status(&self) -> Result<TrainingStatus> {
        self.call(|core| core.training_status())
    }

    /// Waits until a training in the background has finished.
    pub fn wait_for_retraining(&self) -> Result<()> {
        self.core()?.wait_for_retraining();
        Ok(())
    }

    /// Replays the past in order of time, predicting each ticket before learning from it, and measures
    /// the predictions beside simpler ways. Nothing is stored.
    #[uniffi::method(default(options = None, progress = None, cancellation = None))]
    pub fn backtest(
        &self,
        options: Option<BacktestOptions>,
        progress: Option<Arc<dyn ProgressListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<BacktestReport> {
        let (core, options) = (self.core()?, options.unwrap_or_default());
        Watch::new(cancellation).run(progress, |tell| core.backtest(&options, tell))
    }
}

/// The picture of a backtest, an SVG.
#[cfg(feature = "charts")]
#[uniffi::export]
pub fn backtest_svg(report: BacktestReport) -> Result<String> {
    Ok(report.to_svg()?)
}
