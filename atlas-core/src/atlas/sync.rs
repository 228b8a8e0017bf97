//! Keeping in step with a live Jira: reading, storing and encoding at the same time.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::Atlas;
use crate::domain::{Progress, Ticket};
use crate::http::Control;
use crate::jira::sync::{Fetched, Plan, SyncState, census, read_all, walk};
use crate::jira::{
    JiraClient, SkippedIssue, SyncFailure, SyncOptions, SyncOutcome, SyncProgress, SyncReport,
    SyncStage,
};
use crate::store::{Absent, Change, Repositories, TicketIdentity};
use crate::{Error, Result};

/// Pages that are read ahead of storing.
const AHEAD: usize = 8;
/// How often progress is told while nothing comes.
const TICK: Duration = Duration::from_millis(100);
/// How often a thread that is waited for is looked at.
const PAUSE: Duration = Duration::from_millis(20);
/// How often the encoder looks whether a page is still being stored.
const BETWEEN: Duration = Duration::from_millis(2);
/// Issues that are asked for by id and stored together.
const BY_ID: usize = 500;
/// The setting that holds the last sync's outcome.
const LAST: &str = "jira_last_sync";

type Tickets = Vec<std::result::Result<Ticket, SkippedIssue>>;

/// A callback that a sync reports to; `Break` stops it, and what was stored is kept.
pub type SyncProgressFn<'a> = &'a mut dyn FnMut(SyncProgress) -> ControlFlow<()>;

/// Lets one sync run at a time.
#[derive(Debug, Default)]
pub(super) struct OneSync(AtomicBool);

struct Running<'a>(&'a OneSync);

impl OneSync {
    fn begin(&self) -> Result<Running<'_>> {
        match self.0.swap(true, Ordering::AcqRel) {
            true => Err(Error::SyncRunning),
            false => Ok(Running(self)),
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Release);
    }
}

impl Atlas {
    /// Brings what was changed in Jira since the last sync, the first time everything, and encodes
    /// it meanwhile. See [`crate::jira::sync`].
    ///
    /// Tickets are found by words as soon as their page is stored. A sync that is stopped, fails or
    /// is killed loses nothing that was stored, and the next one goes on from there. Tickets that
    /// Jira no longer has are marked gone: they are not similar to anything any more, and what was
    /// learned from them stays.
    ///
    /// # Errors
    /// `JIRA_…`, `INVALID_VALUE`, `SYNC_RUNNING`, storage errors; `CANCELLED` when `progress` or
    /// the client's control says so.
    pub fn sync(
        &self,
        client: &JiraClient,
        options: &SyncOptions,
        progress: SyncProgressFn<'_>,
    ) -> Result<SyncReport> {
        let _running = self.one_sync.begin()?;
        let started = (self.clock)();
        let result = Sync::run(self, client, options, progress);
        let outcome = SyncOutcome {
            started,
            finished: (self.clock)(),
            report: result.as_ref().ok().cloned(),
            failure: result.as_ref().err().map(SyncFailure::from),
        };
        let text = to_json(&outcome)?;
        let noted = self
            .store
            .write(|stored| stored.settings().set(LAST, Some(&text)));
        let report = result?;
        noted?;
        Ok(report)
    }

    /// The last sync of this database, by whatever process.
    ///
    /// # Errors
    /// Storage errors.
    pub fn last_sync(&self) -> Result<Option<SyncOutcome>> {
        let text = self.store.read(|stored| stored.settings().get(LAST))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

/// A sync under way.
struct Sync<'a> {
    atlas: &'a Atlas,
    client: JiraClient,
    options: &'a SyncOptions,
    plan: Plan,
    /// Of this sync alone; the client's own is looked at beside it.
    control: Control,
    parent: Control,
    setting: String,
    state: SyncState,
    report: SyncReport,
    progress: SyncProgressFn<'a>,
    stage: SyncStage,
    total: Option<u64>,
    began: Instant,
    work: &'a Work,
}

/// What the storing and the encoding thread know of each other.
#[derive(Default)]
struct Work {
    /// Texts that were turned into vectors.
    encoded: AtomicU64,
    /// A page is being stored. The encoder, which would take every core, lets it go first.
    storing: AtomicBool,
}

impl<'a> Sync<'a> {
    fn run(
        atlas: &'a Atlas,
        client: &JiraClient,
        options: &'a SyncOptions,
        progress: SyncProgressFn<'_>,
    ) -> Result<SyncReport> {
        let setting = options.setting(client)?;
        let kept = atlas.store.read(|stored| stored.settings().get(&setting))?;
        let mut state = SyncState::from_json(kept.as_deref());
        if options.full {
            (state.watermark, state.complete) = (None, false);
        }
        let begin = state.begin(options);
        let control = Control::default();
        let sync = Sync {
            atlas,
            client: client.controlled_by(&control),
            options,
            plan: Plan {
                query: options.query()?,
                begin: begin.or(options.since),
            },
            control,
            parent: client.control().clone(),
            setting,
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
        let (atlas, control) = (self.atlas, self.control.clone());
        let (wake, woken) = sync_channel::<()>(1);
        thread::scope(|scope| {
            let encoder = scope.spawn(move || encode_behind(atlas, &woken, &control, work));
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
        let now = (self.atlas.clock)();
        let first = !std::mem::replace(&mut self.state.complete, true);
        if first && self.state.census.is_none() && self.options.since.is_none() {
            // What was just read whole needs no comparison.
            self.state.census = Some(now);
        }
        let text = to_json(&self.state)?;
        let setting = &self.setting;
        self.atlas
            .store
            .write(|db| db.settings().set(setting, Some(&text)))
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
    fn store(&mut self, tickets: Tickets, in_order: bool) -> Result<()> {
        let now = (self.atlas.clock)();
        let mut state = self.state.clone();
        let mut report = self.report.clone();
        self.atlas.store.write(|db| {
            for ticket in tickets {
                match ticket {
                    Ok(ticket) => {
                        self.atlas.put_synced(db, &ticket, now, &mut report)?;
                        if in_order {
                            state.note(&ticket, now);
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

    /// Compares all ids, if that is due: what is missing here is read, what is missing there is
    /// asked for by its id, and marked gone if Jira does not have it.
    fn compare<'s>(&mut self, scope: &'s thread::Scope<'s, '_>) -> Result<()> {
        let now = (self.atlas.clock)();
        if !self.state.census_is_due(self.options, now) || self.options.since.is_some() {
            return Ok(());
        }
        self.stage = SyncStage::Comparing;
        let (client, query) = (self.client.clone(), self.plan.query.clone());
        let there = scope.spawn(move || census(&client, &query));
        let there = self.attend(there)?;
        let mut here: HashMap<String, TicketIdentity> = HashMap::new();
        self.atlas.store.read(|db| {
            db.tickets().for_each_identity(&mut |ticket| {
                here.insert(ticket.jira_id.clone(), ticket);
            })
        })?;
        let known = |id: &&String| here.get(*id).is_some_and(|ticket| !ticket.gone);
        let mut ids: Vec<String> = there.iter().filter(|id| !known(id)).cloned().collect();
        let ours = |ticket: &&TicketIdentity| {
            let project = ticket.key.as_ref().map(|key| key.project());
            ticket.synced
                && !ticket.gone
                && project.is_some_and(|p| self.state.projects.contains(p))
        };
        let unseen = here.values().filter(ours).map(|ticket| &ticket.jira_id);
        ids.extend(unseen.filter(|id| !there.contains(*id)).cloned());
        ids.sort_by_key(|id| (id.len(), id.clone()));
        for some in ids.chunks(BY_ID) {
            self.settle(scope, some, &here)?;
        }
        self.report.census = true;
        self.state.census = Some(now);
        self.store(Tickets::new(), false)
    }

    /// Asks for issues by id; stores those that are there and marks the others gone.
    fn settle<'s>(
        &mut self,
        scope: &'s thread::Scope<'s, '_>,
        ids: &[String],
        here: &HashMap<String, TicketIdentity>,
    ) -> Result<()> {
        let (client, asked) = (self.client.clone(), ids.to_vec());
        let found = scope.spawn(move || client.by_ids(&asked));
        let found = self.attend(found)?;
        let present: Vec<&str> = found
            .iter()
            .filter_map(|issue| issue["id"].as_str())
            .collect();
        let absent = ids.iter().filter(|id| !present.contains(&id.as_str()));
        let gone: Vec<i64> = absent
            .filter_map(|id| here.get(id))
            .filter(|ticket| !ticket.gone)
            .map(|ticket| ticket.id)
            .collect();
        self.store(read_all(&found), false)?;
        self.atlas
            .store
            .write(|db| gone.iter().try_for_each(|&id| db.tickets().set_gone(id)))?;
        self.report.gone += gone.len() as u64;
        Ok(())
    }

    /// Waits for a thread, tells progress meanwhile, and stops it where that is wanted.
    fn attend<T>(&mut self, thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
        let mut told = Ok(());
        while !thread.is_finished() {
            if told.is_ok() {
                told = self.tell();
            }
            if told.is_err() {
                self.control.cancel();
            }
            // A finished thread is noticed soon; a stop of another one sooner.
            self.parent.sleep(PAUSE);
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

impl Atlas {
    fn put_synced(
        &self,
        db: &Repositories<'_>,
        ticket: &Ticket,
        now: jiff::Timestamp,
        report: &mut SyncReport,
    ) -> Result<()> {
        let (id, change) = self.store_ticket(db, ticket, Absent::Clear)?;
        db.tickets().set_synced(id, now)?;
        match change {
            Change::New => report.new += 1,
            Change::Updated => report.updated += 1,
            Change::Unchanged => report.unchanged += 1,
        }
        Ok(())
    }
}

/// Encodes what is stored, whenever a page was, until nothing more comes.
fn encode_behind(
    atlas: &Atlas,
    woken: &Receiver<()>,
    control: &Control,
    work: &Work,
) -> Result<()> {
    let encoded = &work.encoded;
    loop {
        let more = woken.recv().is_ok();
        let before = encoded.load(Ordering::Relaxed);
        let mut report = |progress: Progress| {
            encoded.store(before + progress.done, Ordering::Relaxed);
            while work.storing.load(Ordering::Relaxed) {
                if !control.sleep(BETWEEN) {
                    break;
                }
            }
            match control.is_cancelled() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let now = atlas.encode_pending(&mut report)?;
        encoded.store(before + now, Ordering::Relaxed);
        if !more {
            return Ok(());
        }
    }
}

fn joined<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::invalid("sync", error, "a state that JSON can hold"))
}
