//! One sync at a time.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Error, Result};

/// Lets one sync run at a time.
#[derive(Debug, Default)]
pub(crate) struct OneSync(AtomicBool);

pub(crate) struct Running<'a>(&'a OneSync);

impl OneSync {
    pub(crate) fn begin(&self) -> Result<Running<'_>> {
        match self.0.swap(true, Ordering::AcqRel) {
            true => Err(Error::SyncRunning),
            false => Ok(Running(self)),
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Release);
    }
}
