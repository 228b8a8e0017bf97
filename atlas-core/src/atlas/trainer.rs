//! The thread that retrains while the old model answers.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::Atlas;
use crate::domain::Progress;

/// At most one thread; it is stopped and waited for when this is dropped.
#[derive(Default)]
pub(super) struct Trainer {
    job: Mutex<Option<Job>>,
    failure: Arc<Mutex<Option<String>>>,
}

struct Job {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Trainer {
    /// Retrains in the background until nothing is due any more; returns at once. A thread that is
    /// at it already goes on.
    pub(super) fn start(&self, atlas: Atlas) {
        let mut job = self.job();
        if job.as_ref().is_some_and(|job| !job.thread.is_finished()) {
            return;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let failure = self.failure.clone();
        let work = {
            let stop = stop.clone();
            move || {
                let mut progress = |_: Progress| match stop.load(Ordering::Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                };
                let result = atlas.retrain_while_due(&mut progress);
                let failed = result.err().map(|error| error.to_string());
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = failed;
            }
        };
        // Where no thread can be had the old model goes on answering.
        let thread = thread::Builder::new()
            .name("atlas-trainer".to_owned())
            .spawn(work);
        *job = thread.ok().map(|thread| Job { stop, thread });
    }

    /// Whether it is at work.
    pub(super) fn running(&self) -> bool {
        let job = self.job();
        job.as_ref().is_some_and(|job| !job.thread.is_finished())
    }

    /// Waits until it has finished.
    pub(super) fn wait(&self) {
        let job = self.job().take();
        if let Some(job) = job {
            // One that panicked has stored nothing.
            let _ = job.thread.join();
        }
    }

    /// Why the last run failed, if it did.
    pub(super) fn failure(&self) -> Option<String> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.clone()
    }

    fn job(&self) -> MutexGuard<'_, Option<Job>> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Trainer {
    fn drop(&mut self) {
        if let Some(job) = self.job().as_ref() {
            job.stop.store(true, Ordering::Relaxed);
        }
        self.wait();
    }
}
