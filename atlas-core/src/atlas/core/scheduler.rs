//! The thread that does something again and again until it is told to end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use jiff::Timestamp;

use super::trainer::is_this_thread;
use crate::http::Control;
use crate::{Error, Result};

/// At most one thread; it is stopped and waited for when this is closed.
#[derive(Default)]
pub(crate) struct Scheduler {
    job: Mutex<Option<Job>>,
    closed: AtomicBool,
}

struct Job {
    control: Control,
    next: Arc<Mutex<Option<Timestamp>>>,
    thread: JoinHandle<()>,
}

impl Scheduler {
    /// Starts to work once the earlier job has ended. Of two calls at once the later one ends the
    /// earlier one's job.
    pub(crate) fn start(
        &self,
        control: Control,
        next: Arc<Mutex<Option<Timestamp>>>,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<()> {
        let mut job = lock(&self.job);
        if self.closed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let earlier = job.take();
        if let Some(earlier) = &earlier {
            earlier.control.cancel();
        }
        let thread = thread::Builder::new().name("atlas-sync".to_owned());
        // Where no thread can be had the earlier one ends by itself.
        let thread = thread.spawn(move || {
            if let Some(earlier) = earlier {
                earlier.end();
            }
            work();
        });
        let what = "syncing on a schedule";
        let thread = thread.map_err(|source| Error::Thread { what, source })?;
        *job = Some(Job {
            control,
            next,
            thread,
        });
        Ok(())
    }

    /// Ends it for good.
    pub(crate) fn close(&self) {
        let job = lock(&self.job);
        self.closed.store(true, Ordering::Relaxed);
        drop(job);
        self.stop();
    }

    /// When it works next.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        let job = lock(&self.job);
        job.as_ref().and_then(|job| *lock(&job.next))
    }

    /// Ends what is under way, and waits for it.
    pub(crate) fn stop(&self) {
        let job = lock(&self.job).take();
        if let Some(job) = job {
            job.end();
        }
    }
}

impl Job {
    fn end(self) {
        self.control.cancel();
        if !is_this_thread(&self.thread) {
            // One that panicked has stored nothing that is not whole.
            let _ = self.thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
