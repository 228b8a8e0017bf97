//! Learning, its versions, and the backtest.

use atlas_core::learning::backtest::{BacktestOptions, BacktestReport};
use pyo3::prelude::*;

use super::Atlas;
use super::areas::Learning;
use crate::errors;
use crate::from_python::from_python;
use crate::to_python::to_python;

#[pymethods]
impl Learning {
    /// Learns from everything that was observed, and lets the result answer if it does better on the
    /// past than what answers now. None where nothing was judged yet.
    #[pyo3(signature = (*, progress=None))]
    fn retrain<'py>(
        &self,
        py: Python<'py>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let version = self.call_long(py, progress, |core, tell| core.learning().retrain(tell))?;
        to_python(py, &version)
    }

    /// Every version of what was learned, newest first.
    fn models<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.learning().models())
    }

    /// Lets an earlier version answer again; None for the weighted sum as it is without learning.
    #[pyo3(signature = (version=None))]
    fn roll_back(&self, py: Python<'_>, version: Option<i64>) -> PyResult<()> {
        self.call(py, |core| core.learning().roll_back(version))
    }

    /// Whether there is something new to learn from.
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.learning().status())
    }

    /// Waits until a training in the background has finished.
    fn wait_until_trained(&self, py: Python<'_>) -> PyResult<()> {
        self.call(py, |core| {
            core.learning().wait_until_trained();
            Ok(())
        })
    }
}

#[pymethods]
impl Atlas {
    /// Replays the past in order of time, predicting each ticket before learning from it, and
    /// measures the predictions beside simpler ways. Nothing is stored.
    ///
    /// The first `learn_first` judged tickets are only learned from; with `frozen` nothing is learned
    /// after them, else every `retrain_every` tickets. `resamples` pasts, drawn with `seed`, are
    /// behind the intervals.
    #[pyo3(signature = (*, learn_first=0, frozen=false, retrain_every=20, resamples=1000, seed=1, progress=None))]
    #[allow(clippy::too_many_arguments)]
    fn backtest<'py>(
        &self,
        py: Python<'py>,
        learn_first: usize,
        frozen: bool,
        retrain_every: usize,
        resamples: usize,
        seed: u64,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = BacktestOptions {
            learn_first,
            frozen,
            retrain_every,
            resamples,
            seed,
        };
        let report = self.call_long(py, progress, |core, tell| core.backtest(&options, tell))?;
        to_python(py, &report)
    }
}

/// The picture of a backtest, an SVG.
#[pyfunction]
pub fn backtest_svg(report: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = report.py();
    let report: BacktestReport = from_python(report, "report")?;
    let drawn = py.detach(|| report.to_svg());
    drawn.map_err(|error| errors::to_python(py, &error))
}
