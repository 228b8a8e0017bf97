//! The thread that syncs again and again.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::LiveJira;
use crate::atlas::core::Core;
use crate::http::Control;
use crate::jira::{JiraClient, Schedule, SyncOptions, SyncStatus};
use crate::{Error, Result};

/// How often the clock is looked at: it may be set, and the machine may have slept.
const LOOK: Duration = Duration::from_secs(20);

impl LiveJira {
    /// Syncs in the background as the schedule says, the first time when that is due: at once if
    /// there was none. Returns at once; an earlier schedule ends. The thread is the `Atlas`'s own:
    /// it is stopped and waited for when that is dropped, and [`LiveJira::status`](crate::LiveJira::status)
    /// says what came of it.
    ///
    /// # Errors
    /// `INVALID_VALUE` for options or a schedule that cannot be.
    pub fn schedule(
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
            core: self.core.clone(),
            client: client.controlled_by(&control),
            options: options.clone(),
            schedule: schedule.clone(),
            next: Arc::default(),
        };
        let next = work.next.clone();
        self.core.scheduler.start(control, next, || work.run())
    }

    /// Ends the schedule. A sync under way is stopped and waited for, unless it asks for this itself
    /// (from a clock of the host's); what it stored is kept.
    pub fn stop(&self) {
        self.core.scheduler.stop();
    }

    /// Whether a sync is under way, when the next one is due, and what the last one did.
    ///
    /// # Errors
    /// Storage errors.
    pub fn status(&self) -> Result<SyncStatus> {
        Ok(SyncStatus {
            running: self.core.one_sync.is_running(),
            next: self.core.scheduler.next(),
            last: self.core.last_sync()?,
        })
    }
}

struct Work {
    core: Arc<Core>,
    client: JiraClient,
    options: SyncOptions,
    schedule: Schedule,
    next: Arc<Mutex<Option<Timestamp>>>,
}

impl Work {
    fn run(self) {
        let last = self.core.last_sync().ok().flatten();
        let mut last = last.map(|last| (last.started, last.failure.is_none()));
        loop {
            let due = self.schedule.due(last, (self.core.clock)());
            *lock(&self.next) = Some(due);
            if !self.wait_until(due) {
                return;
            }
            let began = (self.core.clock)();
            let mut progress = |_| ControlFlow::Continue(());
            // What goes wrong is noted by the sync itself.
            let result = self.core.sync(&self.client, &self.options, &mut progress);
            last = Some((began, result.is_ok()));
        }
    }

    /// False where it was stopped.
    fn wait_until(&self, due: Timestamp) -> bool {
        loop {
            let left = due.duration_since((self.core.clock)());
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
