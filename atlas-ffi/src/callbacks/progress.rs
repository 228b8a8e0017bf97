//! Long calls: telling the host how far they are, and stopping from another thread.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use atlas_core::http::Control;

use crate::error::{AtlasError, CallbackError, Result};
use crate::records::{Progress, SyncProgress};

/// How often the host is told.
const OFTEN: Duration = Duration::from_millis(50);

/// Stops long calls from another thread. One may be given to several calls.
#[derive(uniffi::Object)]
pub struct Cancellation {
    control: Control,
}

#[uniffi::export]
impl Cancellation {
    /// One that has not been called for.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Cancellation {
            control: Control::default(),
        })
    }

    /// Stops the calls that it was given to, at the next safe point: they throw `CANCELLED`. What
    /// was finished is stored.
    pub fn cancel(&self) {
        self.control.cancel();
    }

    /// Whether it was called for.
    pub fn is_cancelled(&self) -> bool {
        self.control.is_cancelled()
    }
}

impl Cancellation {
    /// The same for requests.
    pub fn control(&self) -> &Control {
        &self.control
    }
}

/// Hears how far a long call is, about twenty times a second.
#[uniffi::export(foreign)]
pub trait ProgressListener: Send + Sync {
    /// Whether to go on: false stops the call with `CANCELLED`, an exception with `CALLBACK_FAILED`.
    fn on_progress(&self, progress: Progress) -> Result<bool, CallbackError>;
}

/// Hears how far a sync is, about twenty times a second.
#[uniffi::export(foreign)]
pub trait SyncListener: Send + Sync {
    /// Whether to go on: false stops the sync with `CANCELLED`, an exception with `CALLBACK_FAILED`.
    fn on_progress(&self, progress: SyncProgress) -> Result<bool, CallbackError>;
}

/// What one long call reports to.
pub struct Watch {
    cancellation: Option<Arc<Cancellation>>,
    told: Option<(u8, Instant)>,
    failed: Option<AtlasError>,
}

impl Watch {
    /// One that stops with `cancellation`.
    pub fn new(cancellation: Option<Arc<Cancellation>>) -> Self {
        Watch {
            cancellation,
            told: None,
            failed: None,
        }
    }

    /// Runs a call of the core that tells its `Progress`.
    pub fn run<T>(
        mut self,
        listener: Option<Arc<dyn ProgressListener>>,
        work: impl FnOnce(&mut dyn FnMut(Progress) -> ControlFlow<()>) -> atlas_core::Result<T>,
    ) -> Result<T> {
        let result = work(&mut |progress| {
            let whole = progress.total == Some(progress.done);
            let listener = listener.as_ref();
            self.tell(progress.stage as u8, whole, || {
                listener.map_or(Ok(true), |listener| listener.on_progress(progress))
            })
        });
        self.end(result)
    }

    /// The same of a sync.
    pub fn run_sync<T>(
        mut self,
        listener: Option<Arc<dyn SyncListener>>,
        work: impl FnOnce(&mut dyn FnMut(SyncProgress) -> ControlFlow<()>) -> atlas_core::Result<T>,
    ) -> Result<T> {
        let result = work(&mut |progress| {
            let whole = progress.total == Some(progress.done);
            let listener = listener.as_ref();
            self.tell(progress.stage as u8, whole, || {
                listener.map_or(Ok(true), |listener| listener.on_progress(progress))
            })
        });
        self.end(result)
    }

    fn tell(
        &mut self,
        stage: u8,
        whole: bool,
        say: impl FnOnce() -> Result<bool, CallbackError>,
    ) -> ControlFlow<()> {
        if self.cancellation.as_ref().is_some_and(|c| c.is_cancelled()) || self.failed.is_some() {
            return ControlFlow::Break(());
        }
        let recent = |(before, at): (u8, Instant)| before == stage && at.elapsed() < OFTEN;
        if self.told.is_some_and(recent) && !whole {
            return ControlFlow::Continue(());
        }
        self.told = Some((stage, Instant::now()));
        match say() {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(()),
            Err(error) => {
                self.failed = Some(AtlasError::callback("progress", error.reason()));
                ControlFlow::Break(())
            }
        }
    }

    fn end<T>(self, result: atlas_core::Result<T>) -> Result<T> {
        match self.failed {
            Some(failed) => Err(failed),
            None => Ok(result?),
        }
    }
}
