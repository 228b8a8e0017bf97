//! Long calls: telling Python how far they are, and stopping for Ctrl-C.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use atlas_core::domain::{Progress, Stage};
use atlas_core::jira::{SyncProgress, SyncStage};
use pyo3::prelude::*;
use pyo3::types::PyBool;

/// How often Python is told and asked whether to stop.
const OFTEN: Duration = Duration::from_millis(50);

/// What a long call reports to.
pub struct Watch {
    callback: Option<Py<PyAny>>,
    told: Option<(&'static str, Instant)>,
    raised: Option<PyErr>,
}

impl Watch {
    /// From the argument `progress`: a function, true for a bar where `tqdm` is installed, else
    /// nothing.
    pub fn new(py: Python<'_>, progress: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        let callback = match progress {
            Some(wanted) if wanted.is_instance_of::<PyBool>() => match wanted.is_truthy()? {
                true => {
                    let bar = py.import("atlas._progress")?.call_method0("bar")?;
                    Some(bar).filter(|bar| !bar.is_none())
                }
                false => None,
            },
            other => other,
        };
        if let Some(callback) = &callback
            && !callback.is_callable()
        {
            let expected = "True, False, None or a function";
            return Err(crate::errors::invalid(py, "progress", callback, expected));
        }
        Ok(Watch {
            callback: callback.map(Bound::unbind),
            told: None,
            raised: None,
        })
    }

    /// Tells Python; `Break` where it wants the call to stop.
    pub fn tell(&mut self, progress: Progress) -> ControlFlow<()> {
        let stage = match progress.stage {
            Stage::Importing => "importing",
            Stage::Encoding => "encoding",
            Stage::Replaying => "replaying",
            Stage::Learning => "learning",
            Stage::Reading => "reading",
            Stage::Comparing => "comparing",
            Stage::Exporting => "exporting",
            _ => "working",
        };
        self.say(stage, progress.done, progress.total)
    }

    /// The same of a sync.
    pub fn tell_sync(&mut self, progress: &SyncProgress) -> ControlFlow<()> {
        let stage = match progress.stage {
            SyncStage::Reading => "syncing",
            SyncStage::Comparing => "comparing",
            SyncStage::Encoding => "encoding",
            _ => "working",
        };
        self.say(stage, progress.done, progress.total)
    }

    fn say(&mut self, stage: &'static str, done: u64, total: Option<u64>) -> ControlFlow<()> {
        if self.raised.is_some() {
            return ControlFlow::Break(());
        }
        let recent = |&(before, at): &(&str, Instant)| before == stage && at.elapsed() < OFTEN;
        if self.told.as_ref().is_some_and(recent) && Some(done) != total {
            return ControlFlow::Continue(());
        }
        self.told = Some((stage, Instant::now()));
        let said = Python::attach(|py| {
            py.check_signals()?;
            let Some(callback) = &self.callback else {
                return Ok(true);
            };
            let class = py.import("atlas._progress")?.getattr("Progress")?;
            let answer = callback
                .bind(py)
                .call1((class.call1((stage, done, total))?,))?;
            Ok(!answer.is(&*PyBool::new(py, false)))
        });
        match said {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(()),
            Err(error) => {
                self.raised = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// Closes the bar, and raises what was raised meanwhile.
    pub fn end(self, py: Python<'_>) -> PyResult<()> {
        if let Some(callback) = &self.callback
            && let Some(close) = callback.bind(py).getattr_opt("close")?
        {
            close.call0()?;
        }
        self.raised.map_or(Ok(()), Err)
    }
}
