//! The thread that syncs again and again.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;

use super::Atlas;
use super::trainer::is_this_thread;
use crate::http::Control;
use crate::jira::{JiraClient, Schedule, SyncOptions, SyncStatus};
use crate::{Error, Result};

/// How often the clock is looked at: it may be set, and the machine may have slept.
const LOOK: Duration = Duration::from_secs(20);

/// At most one thread; it is stopped and waited for when this is dropped.
#[derive(Default)]
pub(super) struct Scheduler {
    job: Mutex<Option<Job>>,
}

struct Job {
    control: Control,
    next: Arc<Mutex<Option<Timestamp>>>,
    thread: JoinHandle<()>,
}

impl Atlas {
    /// Syncs in the background as the schedule says, the first time when that is due: at once if
    /// there was none. Returns at once; an earlier schedule ends. The thread is the `Atlas`'s own:
    /// it is stopped and waited for when that is dropped, and [`sync_status`](Self::sync_status)
    /// says what came of it.
    ///
    /// # Errors
    /// `INVALID_VALUE` for options or a schedule that cannot be.
    pub fn schedule_sync(
        &self,
        client: &JiraClient,
        options: &SyncOptions,
        schedule: &Schedule,
    ) -> Result<()> {
        options.query()?;
        if let Schedule::Every(time) = schedule
            && *time < Duration::from_secs(1)
        {
            return Err(Error::invalid(
                "every",
                format!("{time:?}"),
                "a second or more",
            ));
        }
        let control = Control::default();
        let work = Work {
            atlas: self.shared(),
            client: client.controlled_by(&control),
            options: options.clone(),
            schedule: schedule.clone(),
            next: Arc::default(),
        };
        self.scheduler.start(control, work)
    }

    /// Ends the schedule. A sync under way is stopped and waited for, unless it asks for this itself
    /// (from a clock of the host's); what it stored is kept.
    pub fn stop_scheduled_sync(&self) {
        self.scheduler.stop();
    }

    /// Whether a sync is under way, when the next one is due, and what the last one did.
    ///
    /// # Errors
    /// Storage errors.
    pub fn sync_status(&self) -> Result<SyncStatus> {
        let next = lock(&self.scheduler.job)
            .as_ref()
            .and_then(|job| *lock(&job.next));
        Ok(SyncStatus {
            running: self.one_sync.is_running(),
            next,
            last: self.last_sync()?,
        })
    }
}

struct Work {
    atlas: Atlas,
    client: JiraClient,
    options: SyncOptions,
    schedule: Schedule,
    next: Arc<Mutex<Option<Timestamp>>>,
}

impl Work {
    fn run(self) {
        let last = self.atlas.last_sync().ok().flatten();
        let mut last = last.map(|last| (last.started, last.failure.is_none()));
        loop {
            let due = self.schedule.due(last, (self.atlas.clock)());
            *lock(&self.next) = Some(due);
            if !self.wait_until(due) {
                return;
            }
            let began = (self.atlas.clock)();
            let mut progress = |_| ControlFlow::Continue(());
            // What goes wrong is noted by the sync itself.
            let result = self.atlas.sync(&self.client, &self.options, &mut progress);
            last = Some((began, result.is_ok()));
        }
    }

    /// False where it was stopped.
    fn wait_until(&self, due: Timestamp) -> bool {
        loop {
            let left = due.duration_since((self.atlas.clock)());
            let Ok(left) = Duration::try_from(left) else {
                return !self.client.control().is_cancelled();
            };
            if !self.client.control().sleep(left.min(LOOK)) {
                return false;
            }
            if left.is_zero() {
                return true;
            }
        }
    }
}

impl Scheduler {
    /// Starts to work once the earlier job has ended. Of two calls at once the later one ends the
    /// earlier one's job.
    fn start(&self, control: Control, work: Work) -> Result<()> {
        let mut job = lock(&self.job);
        let earlier = job.take();
        if let Some(earlier) = &earlier {
            earlier.control.cancel();
        }
        let next = work.next.clone();
        let thread = thread::Builder::new().name("atlas-sync".to_owned());
        // Where no thread can be had the earlier one ends by itself.
        let thread = thread.spawn(move || {
            if let Some(earlier) = earlier {
                earlier.end();
            }
            work.run();
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

    fn stop(&self) {
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

impl Drop for Scheduler {
    fn drop(&mut self) {
        self.stop();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
