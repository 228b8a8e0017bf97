//! One sync: a thread that reads, one that encodes, and this one, which stores.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::encode::{Work, encode_behind};
use super::{SyncProgressFn, to_json};
use crate::atlas::core::Core;
use crate::http::Control;
use crate::jira::sync::{Fetched, Plan, SyncState, walk};
use crate::jira::{
    JiraClient, ReadTicket, SkippedIssue, SyncOptions, SyncProgress, SyncReport, SyncStage,
};
use crate::store::{Change, ImportUnit, Repositories};
use crate::{Error, Result};

/// Pages that are read ahead of storing.
const AHEAD: usize = 8;
/// How often progress is told while nothing comes.
const TICK: Duration = Duration::from_millis(100);
/// How often a thread that is waited for is looked at.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) type Tickets = Vec<std::result::Result<ReadTicket, SkippedIssue>>;

/// A sync under way.
pub(super) struct Sync<'a> {
    pub(super) core: &'a Core,
    pub(super) client: JiraClient,
    pub(super) options: &'a SyncOptions,
    pub(super) plan: Plan,
    /// Of this sync alone; the client's own is looked at beside it.
    control: Control,
    parent: Control,
    setting: String,
    /// What is stored is one import.
    import: ImportUnit,
    pub(super) state: SyncState,
    pub(super) report: SyncReport,
    progress: SyncProgressFn<'a>,
    pub(super) stage: SyncStage,
    total: Option<u64>,
    began: Instant,
    work: &'a Work,
}

impl<'a> Sync<'a> {
    pub(super) fn run(
        core: &'a Core,
        client: &JiraClient,
        options: &'a SyncOptions,
        progress: SyncProgressFn<'_>,
    ) -> Result<SyncReport> {
        let setting = options.setting(client)?;
        let kept = core.store.read(|stored| stored.settings().get(&setting))?;
        let mut state = SyncState::from_json(kept.as_deref());
        if options.full {
            (state.watermark, state.complete) = (None, false);
        }
        let begin = state.begin(options);
        let control = Control::default();
        let sync = Sync {
            core,
            client: client.controlled_by(&control),
            options,
            plan: Plan {
                query: options.query()?,
                begin: begin.or(options.since),
            },
            control,
            parent: client.control().clone(),
            setting,
            import: core.new_sync(client),
            state,
            report: SyncReport {
                full: begin.is_none(),
                ..SyncReport::default()
            },
            progress,
            stage: SyncStage::Reading,
            total: None,
            began: Instant::now(),
            work: &Work::default(),
        };
        sync.finish()
    }

    fn finish(mut self) -> Result<SyncReport> {
        let work = self.work;
        let (core, control) = (self.core, self.control.clone());
        let (wake, woken) = sync_channel::<()>(1);
        thread::scope(|scope| {
            let encoder = scope.spawn(move || encode_behind(core, &woken, &control, work));
            let read = self.read(scope, &mut || {
                // Full means that the encoder will look anyway.
                let _ = wake.try_send(());
            });
            let compared = read.and_then(|()| self.compare(scope));
            if matches!(compared, Err(Error::Cancelled)) {
                self.control.cancel();
            }
            drop(wake);
            // What is stored is encoded even where Jira fails.
            self.stage = SyncStage::Encoding;
            let finished = self.attend(encoder);
            compared?;
            finished
        })?;
        self.report.encoded = work.encoded.load(Ordering::Relaxed);
        self.report.import_id = core.end_import(&self.import)?;
        Ok(self.report)
    }

    /// Reads in one thread and stores in this one.
    fn read<'s>(
        &mut self,
        scope: &'s thread::Scope<'s, '_>,
        stored: &mut dyn FnMut(),
    ) -> Result<()> {
        let (send, pages) = sync_channel(AHEAD);
        let (client, plan) = (self.client.clone(), self.plan.clone());
        let reader = scope.spawn(move || walk(&client, &plan, &send));
        let outcome = self.store_pages(&pages, stored);
        if outcome.is_err() {
            self.control.cancel();
        }
        drop(pages);
        let read = joined(reader);
        outcome?;
        read?;
        let now = (self.core.clock)();
        let first = !std::mem::replace(&mut self.state.complete, true);
        if first && self.state.census.is_none() && self.options.since.is_none() {
            // What was just read whole needs no comparison.
            self.state.census = Some(now);
        }
        let text = to_json(&self.state)?;
        let setting = &self.setting;
        let write = |db: &Repositories<'_>| db.settings().set(setting, Some(&text));
        self.write(write)
    }

    fn store_pages(&mut self, pages: &Receiver<Fetched>, stored: &mut dyn FnMut()) -> Result<()> {
        loop {
            self.tell()?;
            match pages.recv_timeout(TICK) {
                Ok(Fetched::Estimate(total)) => self.total = Some(total),
                Ok(Fetched::Page(tickets)) => {
                    self.work.storing.store(true, Ordering::Relaxed);
                    let outcome = self.store(tickets, true);
                    self.work.storing.store(false, Ordering::Relaxed);
                    outcome?;
                    stored();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Stores tickets and, for a page in Jira's order, how far that is, in one transaction.
    pub(super) fn store(&mut self, tickets: Tickets, in_order: bool) -> Result<()> {
        let now = (self.core.clock)();
        let mut state = self.state.clone();
        let mut report = self.report.clone();
        self.write(|db| {
            for ticket in tickets {
                match ticket {
                    Ok(ticket) => {
                        self.core.put_synced(db, &ticket, now, &mut report)?;
                        if in_order {
                            state.note(&ticket.ticket, now);
                        }
                    }
                    Err(skipped) => report.skipped.push(skipped),
                }
            }
            db.settings().set(&self.setting, Some(&to_json(&state)?))
        })?;
        (self.state, self.report) = (state, report);
        Ok(())
    }

    /// One transaction of the sync.
    pub(super) fn write<T>(&self, f: impl FnOnce(&Repositories<'_>) -> Result<T>) -> Result<T> {
        self.core.store.write_import(&self.import, f)
    }

    /// Waits for a thread, tells progress meanwhile, and stops it where that is wanted.
    pub(super) fn attend<T>(&mut self, thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
        let mut told = Ok(());
        while told.is_ok() && !thread.is_finished() {
            told = self.tell();
            match &told {
                // A finished thread is noticed soon; a stop of another one sooner.
                Ok(()) => self.parent.sleep(PAUSE),
                Err(_) => {
                    self.control.cancel();
                    break;
                }
            };
        }
        let result = joined(thread);
        told?;
        result
    }

    fn tell(&mut self) -> Result<()> {
        let done = self.report.new + self.report.updated + self.report.unchanged;
        let seconds = self.began.elapsed().as_secs_f64();
        let progress = SyncProgress {
            stage: self.stage,
            done,
            total: self.total,
            per_second: if seconds > 0.0 {
                done as f64 / seconds
            } else {
                0.0
            },
            encoded: self.work.encoded.load(Ordering::Relaxed),
            waiting: self.control.waiting(),
        };
        if self.parent.is_cancelled() || (self.progress)(progress).is_break() {
            return Err(Error::Cancelled);
        }
        Ok(())
    }
}

impl Core {
    fn put_synced(
        &self,
        db: &Repositories<'_>,
        read: &ReadTicket,
        now: jiff::Timestamp,
        report: &mut SyncReport,
    ) -> Result<()> {
        match self.store_read(db, read)? {
            Ok((id, change)) => {
                db.tickets().set_synced(id, now)?;
                match change {
                    Change::New => report.new += 1,
                    Change::Updated => report.updated += 1,
                    Change::Unchanged => report.unchanged += 1,
                }
            }
            Err(reason) => report.skipped.push(SkippedIssue {
                issue: read.ticket.key.to_string(),
                reason,
            }),
        }
        Ok(())
    }
}

fn joined<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
