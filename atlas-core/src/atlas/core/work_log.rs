//! The log of the tester's work: an event and all that is derived from it, in one transaction.
//!
//! `Atlas::log_work` is the only way to write to the log. It locks the tally, then the database,
//! always in this order.
//!
//! 1. The tally reads the events with a higher id than its last one, also those of another process.
//!    Where the transaction fails the tally is dropped and read again.
//! 2. The call appends its events, after `play::accepts` has said whether the session takes them.
//!    The session's row is derived from its events and written.
//! 3. Where an event can change what was earned, the specification's tables (profile, achievements,
//!    challenges) are written from the tally in the same transaction. So a process that is killed
//!    leaves all of it or nothing.
//!
//! Feedback, its undoing, notes and repairs of the streak are events too. `offer_challenge` chooses
//! the day's challenge where there is none yet and appends it, so a rebuild does not depend on the
//! work of that day. `Play::rebuild` derives rows and tables from the log again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Core;
use super::user::moment;
use crate::Result;
use crate::domain::{AnswerKind, Event, EventKind, FeedbackItem, Moment, PatternOrigin, Profile};
use crate::play::{Gains, Tally};
use crate::store::Repositories;

/// Where the scenarios that were asked about are kept, as JSON, the newest last.
pub(crate) const ASKED: &str = "questions_asked";

/// What the log amounts to, kept from call to call; nothing where it must be read again.
#[derive(Default)]
pub(crate) struct KeptTally(Mutex<Option<Tally>>);

impl KeptTally {
    fn lock(&self) -> MutexGuard<'_, Option<Tally>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the log again next time.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }
}

/// The log within a transaction, and what it amounts to.
pub(crate) struct WorkLog<'a> {
    pub(crate) stored: &'a Repositories<'a>,
    pub(crate) user: Profile,
    pub(crate) now: Moment,
    pub(crate) tally: &'a mut Tally,
    /// Whether the tables that mirror the tally are behind it.
    behind: bool,
}

impl WorkLog<'_> {
    /// Adds an event that happens now.
    pub(crate) fn append(&mut self, session_id: Option<i64>, kind: EventKind) -> Result<Gains> {
        self.append_at(self.now.clone(), session_id, kind)
    }

    /// Adds an event that happened at another moment.
    pub(crate) fn append_at(
        &mut self,
        moment: Moment,
        session_id: Option<i64>,
        kind: EventKind,
    ) -> Result<Gains> {
        let event = Event {
            id: 0,
            moment,
            session_id,
            kind,
        };
        let event = self.stored.events().append(self.user.id, &event, None)?;
        self.behind |= counts(&event.kind);
        Ok(self.tally.apply(&event))
    }

    /// Makes the specification's tables say what the log amounts to.
    pub(crate) fn mirror(&mut self) -> Result<()> {
        let standing = self.tally.standing(&self.now);
        let (stored, id) = (self.stored, self.user.id);
        stored.profiles().save_standing(id, &standing)?;
        stored.achievements().replace(&standing.achievements)?;
        stored.challenges().replace(id, &standing.challenges)?;
        self.behind = false;
        Ok(())
    }
}

impl Core {
    /// A write of the tester's work: all of it or nothing.
    pub(crate) fn log_work<T>(
        &self,
        write: impl FnOnce(&mut WorkLog<'_>) -> Result<T>,
    ) -> Result<T> {
        self.store.check_process()?;
        // The clock is the host's, and may ask the library.
        let at = (self.clock)();
        // Always the tally first and the database second, so that no two calls wait for each other.
        let mut kept = self.tally.lock();
        // Where the transaction fails nothing is put back, and the log is read again.
        let mut tally = kept.take().unwrap_or_default();
        let result = self.store.write(|stored| {
            let user = stored.profiles().current_or_new(at)?;
            let now = moment(stored, at)?;
            catch_up(stored, user.id, &mut tally)?;
            let mut log = WorkLog {
                stored,
                user,
                now,
                tally: &mut tally,
                behind: false,
            };
            let result = write(&mut log)?;
            if log.behind {
                log.mirror()?;
            }
            Ok(result)
        })?;
        *kept = Some(tally);
        Ok(result)
    }

    /// The same for what changes what was observed; a retraining may follow it.
    pub(crate) fn observe_work<T>(
        self: &std::sync::Arc<Self>,
        write: impl FnOnce(&mut WorkLog<'_>) -> Result<T>,
    ) -> Result<T> {
        let written = self.log_work(write)?;
        self.retrain_if_due();
        Ok(written)
    }

    /// A look at the tester's work.
    pub(crate) fn look_at_work<T>(
        &self,
        look: impl FnOnce(&Repositories<'_>, &Profile, &Tally, &Moment) -> Result<T>,
    ) -> Result<T> {
        let user = self.user()?;
        let at = (self.clock)();
        let mut kept = self.tally.lock();
        let mut tally = kept.take().unwrap_or_default();
        let result = self.store.read(|stored| {
            catch_up(stored, user.id, &mut tally)?;
            look(stored, &user, &tally, &moment(stored, at)?)
        })?;
        *kept = Some(tally);
        Ok(result)
    }
}

fn catch_up(stored: &Repositories<'_>, user_id: i64, tally: &mut Tally) -> Result<()> {
    for event in stored.events().after(user_id, tally.last_id())? {
        tally.apply(&event);
    }
    Ok(())
}

/// The scenarios that were asked about last, by their rows in `predictions`.
pub(crate) fn asked_about(stored: &Repositories<'_>) -> Result<Vec<i64>> {
    let json = stored.settings().get(ASKED)?;
    Ok(json
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default())
}

/// What the log keeps of feedback.
pub(crate) fn feedback_event(
    stored: &Repositories<'_>,
    feedback_id: i64,
    items: &[FeedbackItem],
) -> Result<EventKind> {
    let asked = asked_about(stored)?;
    let answers_question = |item: &&FeedbackItem| {
        let id = item.prediction_id;
        id.is_some_and(|id| asked.contains(&id))
    };
    let accepted = |item: &&FeedbackItem| {
        item.prediction_id.is_some()
            && matches!(item.answer, AnswerKind::Accepted | AnswerKind::Modified)
    };
    let patterns: Vec<i64> = items
        .iter()
        .filter(accepted)
        .filter_map(|item| item.pattern_id)
        .collect();
    let patterns = stored.patterns().by_ids(&patterns)?;
    let own = patterns
        .iter()
        .filter(|p| p.value.origin == PatternOrigin::User);
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(EventKind::FeedbackGiven {
        feedback_id,
        scenarios: number(items.len()),
        questions: number(items.iter().filter(answers_question).count()),
        own_accepted: number(own.count()),
    })
}

/// Whether an event can change experience, streak, achievements or a challenge.
fn counts(kind: &EventKind) -> bool {
    !matches!(
        kind,
        EventKind::SessionStarted { .. }
            | EventKind::StepDone { .. }
            | EventKind::StepUndone { .. }
            | EventKind::Paused
            | EventKind::Resumed
            | EventKind::SessionNoted { .. }
            | EventKind::Alive
            | EventKind::Cancelled
    )
}
