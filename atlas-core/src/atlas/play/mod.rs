//! Experience, streak, achievements and challenges: what the log amounts to.

mod coach;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::atlas::core::Core;
use crate::domain::{Challenge, DayActivity, Event, EventKind, Rebuilt, Standing};
use crate::play::challenges::choose;
use crate::play::{Tally, not_found, session_of};
use crate::{Error, Result};

/// The most days of activity that may be asked for: ten years.
const MOST_DAYS: u32 = 3_660;

/// The game: experience, streak, achievements, challenges and the coach.
#[derive(Clone)]
pub struct Play {
    pub(super) core: Arc<Core>,
}

impl Play {
    /// Everything that was earned: experience, level, streak, achievements, challenges.
    ///
    /// # Errors
    /// Storage errors.
    pub fn standing(&self) -> Result<Standing> {
        self.core
            .look_at_work(|_, _, tally, now| Ok(tally.standing(now)))
    }

    /// Today's challenge, if one was offered; see [`Play::offer_challenge`](crate::Play::offer_challenge).
    ///
    /// # Errors
    /// Storage errors.
    pub fn challenge(&self) -> Result<Option<Challenge>> {
        self.core
            .look_at_work(|_, _, tally, now| Ok(tally.challenge(now.day)))
    }

    /// Today's challenge, chosen and noted in the log by the first call on one of the tester's
    /// days; none where the present work allows none.
    ///
    /// # Errors
    /// Storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// assert_eq!(atlas.play().challenge()?, None);
    /// let offered = atlas.play().offer_challenge()?;
    /// assert!(offered.is_some());
    /// assert_eq!(atlas.play().challenge()?, offered);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn offer_challenge(&self) -> Result<Option<Challenge>> {
        let today = self.challenge()?;
        if today.is_some() || self.core.store.read_only().is_some() {
            return Ok(today);
        }
        let workload = self.core.workload()?;
        self.core.log_work(|log| {
            let day = log.now.day;
            if let Some(challenge) = log.tally.challenge(day) {
                return Ok(Some(challenge));
            }
            let seed = log.user.id.unsigned_abs();
            let Some(new) = choose(log.tally, &workload, day, seed) else {
                return Ok(None);
            };
            log.append(None, EventKind::from(new))?;
            Ok(log.tally.challenge(day))
        })
    }

    /// What was done on each of the last `days` of the tester's days, oldest first, today last;
    /// days without work are there too. 1 to 3,660.
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors.
    pub fn activity(&self, days: u32) -> Result<Vec<DayActivity>> {
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Error::invalid("days", days, format!("1 to {MOST_DAYS}")));
        }
        self.core.look_at_work(|_, _, tally, now| {
            let first = now
                .day
                .saturating_sub(Span::new().days(i64::from(days) - 1));
            let worked = tally.activity(first, now.day);
            let mut worked = worked.into_iter().peekable();
            let day = |day: Date| {
                let found = worked.next_if(|worked| worked.day == day);
                found.unwrap_or(DayActivity {
                    day,
                    ..DayActivity::default()
                })
            };
            Ok(first.series(1.day()).take(days as usize).map(day).collect())
        })
    }

    /// Fills a missed day by hand, so that it does not break the streak. The repair stands in the
    /// log.
    ///
    /// # Errors
    /// `INVALID_VALUE` for today, a later day, one with a completed session, one that is repaired,
    /// or one before the first with a completed session; storage errors.
    pub fn repair_streak(&self, missed: Date) -> Result<Standing> {
        self.core.log_work(|log| {
            log.tally.may_repair(missed, &log.now)?;
            log.append(None, EventKind::StreakRepaired { repaired: missed })?;
            Ok(log.tally.standing(&log.now))
        })
    }

    /// Derives everything again from the log: sessions' rows, experience, level, streaks,
    /// achievements, challenges. The result is what it was, unless another program has written to
    /// these tables.
    ///
    /// # Errors
    /// Storage errors.
    pub fn rebuild(&self) -> Result<Rebuilt> {
        self.core.rebuild_progress()
    }
}

impl Core {
    pub(crate) fn rebuild_progress(&self) -> Result<Rebuilt> {
        self.tally.forget();
        self.log_work(|log| {
            let events = log.stored.events().all(log.user.id)?;
            *log.tally = Tally::of(&events);
            let mut of_session: HashMap<i64, Vec<Event>> = HashMap::new();
            for event in events {
                if let Some(id) = event.session_id {
                    of_session.entry(id).or_default().push(event);
                }
            }
            for id in log.stored.sessions().ids(log.user.id)? {
                let events = of_session.remove(&id).unwrap_or_default();
                let session = session_of(&events).map_err(|_| not_found(id))?;
                log.stored.sessions().save(&session)?;
            }
            let before = log.stored.rows_written();
            log.mirror()?;
            Ok(Rebuilt {
                standing: log.tally.standing(&log.now),
                rows_written: log.stored.rows_written() - before,
            })
        })
    }
}
