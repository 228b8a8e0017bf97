//! The thread that retrains while the old model answers.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::Result;
use crate::domain::{Progress, ProgressFn};

/// At most one thread; it is stopped and waited for when this is closed.
#[derive(Default)]
pub(crate) struct Trainer {
    job: Mutex<Option<Job>>,
    closed: AtomicBool,
    failure: Arc<Mutex<Option<String>>>,
}

struct Job {
    stop: Arc<AtomicBool>,
    ended: Arc<Ended>,
    thread: JoinHandle<()>,
}

/// Whether a thread has done its work, for those who wait for it.
#[derive(Default)]
struct Ended {
    is: Mutex<bool>,
    changed: Condvar,
}

impl Trainer {
    /// Retrains in the background until nothing is due any more; returns at once. A thread that is
    /// at it already goes on.
    pub(crate) fn start(
        &self,
        retrain: impl FnOnce(ProgressFn<'_>) -> Result<()> + Send + 'static,
    ) {
        let mut job = lock(&self.job);
        let is_closed = self.closed.load(Ordering::Relaxed);
        if is_closed || job.as_ref().is_some_and(|job| !job.ended.is()) {
            return;
        }
        let (stop, ended) = (Arc::<AtomicBool>::default(), Arc::<Ended>::default());
        let failure = self.failure.clone();
        let work = {
            let (stop, ended) = (stop.clone(), EndsWhenDropped(ended.clone()));
            move || {
                // Dropped last, also by a panic: whoever waited finds everything else let go.
                let _ended = ended;
                let retrain = retrain;
                let mut progress = |_: Progress| match stop.load(Ordering::Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                };
                let result = retrain(&mut progress);
                let failed = result.err().map(|error| error.to_string());
                *lock(&failure) = failed;
            }
        };
        // Where no thread can be had the old model goes on answering.
        let thread = thread::Builder::new()
            .name("atlas-trainer".to_owned())
            .spawn(work);
        *job = thread.ok().map(|thread| Job {
            stop,
            ended,
            thread,
        });
    }

    /// Whether it is at work.
    pub(crate) fn running(&self) -> bool {
        lock(&self.job).as_ref().is_some_and(|job| !job.ended.is())
    }

    /// Waits until it has finished; its place stays taken meanwhile. A plugin that it asks does not
    /// wait for itself.
    pub(crate) fn wait(&self) {
        let ended = match lock(&self.job).as_ref() {
            Some(job) if !is_this_thread(&job.thread) => job.ended.clone(),
            _ => return,
        };
        ended.wait();
    }

    /// Ends it for good, and waits for it: what it did not finish is due again.
    pub(crate) fn close(&self) {
        let mut job = lock(&self.job);
        self.closed.store(true, Ordering::Relaxed);
        let last = job.take();
        drop(job);
        if let Some(job) = last {
            job.stop.store(true, Ordering::Relaxed);
            if !is_this_thread(&job.thread) {
                // One that panicked has stored nothing.
                let _ = job.thread.join();
            }
        }
    }

    /// Why the last run failed, if it did.
    pub(crate) fn failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }
}

impl Ended {
    fn is(&self) -> bool {
        *lock(&self.is)
    }

    fn wait(&self) {
        let ended = self.changed.wait_while(lock(&self.is), |is| !*is);
        drop(ended.unwrap_or_else(PoisonError::into_inner));
    }
}

struct EndsWhenDropped(Arc<Ended>);

impl Drop for EndsWhenDropped {
    fn drop(&mut self) {
        *lock(&self.0.is) = true;
        self.0.changed.notify_all();
    }
}

/// Whether a thread is the one that asks, which cannot wait for itself.
pub(crate) fn is_this_thread(thread: &JoinHandle<()>) -> bool {
    thread.thread().id() == thread::current().id()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
