//! Days in a row with a completed session.
//!
//! A session counts for the day on which it ended. The streak is a function of the set of such
//! days, of the calendars of then, and of the days that were repaired; not of the order in which
//! the log tells of them.
//!
//! Between two days with sessions, a day is *missed* only if it lies between them by the calendar
//! that was in force at the first **and** by that at the second (offset and start of the day).
//! So a day that a flight skipped is not missed, nor one that a new start of the day skipped; and
//! a clock that was set back only adds days.
//!
//! Freezes cover missed days by themselves. A streak earns one with every
//! [`DAYS_PER_FREEZE`] days that have sessions, two in 30 days, and holds at most
//! [`FREEZES_MOST`]; days while it holds that many earn nothing. A covered day does not
//! lengthen the streak. A streak that ends takes its freezes along. With these rules another
//! completed session never shortens a streak, whenever it was.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::log;
use crate::domain::{Event, EventKind, Moment};
use crate::{Error, Result};

/// Days with sessions that earn a freeze.
pub const DAYS_PER_FREEZE: u32 = 15;
/// The most freezes that a streak holds.
pub const FREEZES_MOST: u32 = 2;

/// How the streak stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Streak {
    /// Days with a session in a row, up to today or yesterday, freezes used.
    pub current: u32,
    /// The most days in a row so far.
    pub longest: u32,
    /// Freezes that are left.
    pub freezes: u32,
    /// The last day with a completed session.
    pub last_day: Option<Date>,
    /// Whether there is a streak that today has not lengthened yet.
    pub waits_for_today: bool,
}

/// A streak up to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Chain {
    days: u32,
    /// Days towards freezes: each full [`DAYS_PER_FREEZE`] are one.
    saved: u32,
}

impl Chain {
    /// The chain after `missed` days, if its freezes cover them.
    fn across(self, missed: u32) -> Option<Self> {
        let saved = self
            .saved
            .checked_sub(missed.checked_mul(DAYS_PER_FREEZE)?)?;
        Some(Chain { saved, ..self })
    }

    /// The chain with one more day, after `missed` ones.
    fn next(self, missed: u32) -> Self {
        let chain = self.across(missed).unwrap_or_default();
        Chain {
            days: chain.days + 1,
            saved: (chain.saved + 1).min(FREEZES_MOST * DAYS_PER_FREEZE),
        }
    }
}

/// The sessions of one day under one calendar: the earliest and the latest.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    first: Moment,
    last: Timestamp,
}

impl Span {
    fn of(moment: &Moment) -> Self {
        Span {
            first: moment.clone(),
            last: moment.at,
        }
    }

    fn has_calendar_of(&self, moment: &Moment) -> bool {
        self.first.offset_seconds == moment.offset_seconds
            && self.first.day_start == moment.day_start
    }

    /// Days between the two that are missed by both calendars.
    fn missed_until(&self, later: &Span) -> i32 {
        let written = days_between(self.first.day, later.first.day);
        let by_first = days_between(self.first.day, self.first.day_of(later.first.at));
        let by_second = days_between(later.first.day_of(self.last), later.first.day);
        written.min(by_first).min(by_second) - 1
    }
}

fn days_between(one: Date, other: Date) -> i32 {
    (other - one).get_days()
}

/// The days that count for streaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Days {
    days: BTreeMap<Date, Vec<Span>>,
    repaired: BTreeSet<Date>,
    /// The chain up to the last day.
    chain: Chain,
    longest: u32,
}

impl Days {
    /// Takes a completed session that ended then. Returns whether the day had none before.
    pub fn add(&mut self, moment: &Moment) -> bool {
        let last = self.days.last_key_value().map(|(day, _)| *day);
        let spans = self.days.entry(moment.day).or_default();
        let new = spans.is_empty();
        match spans.iter_mut().find(|span| span.has_calendar_of(moment)) {
            Some(span) if span.first.at <= moment.at => {
                span.last = span.last.max(moment.at);
                if last == Some(moment.day) {
                    return false;
                }
            }
            Some(span) => span.first = moment.clone(),
            None => spans.push(Span::of(moment)),
        }
        match last {
            Some(last) if new && last < moment.day => self.lengthen(last, moment),
            _ => self.rebuild(),
        }
        new
    }

    /// Takes a repair of a day.
    pub fn repair(&mut self, day: Date) {
        if self.repaired.insert(day) {
            self.rebuild();
        }
    }

    fn lengthen(&mut self, last: Date, moment: &Moment) {
        let missed = self.missed(last, &self.days[&last], moment.day, &[Span::of(moment)]);
        self.chain = self.chain.next(missed);
        self.longest = self.longest.max(self.chain.days);
    }

    fn rebuild(&mut self) {
        let (mut last, mut longest) = (Chain::default(), 0);
        for (_, chain) in self.chains() {
            longest = chain.days.max(longest);
            last = chain;
        }
        (self.chain, self.longest) = (last, longest);
    }

    /// Each day with the chain up to it.
    fn chains(&self) -> impl Iterator<Item = (Date, Chain)> {
        let mut before: Option<(Date, &[Span], Chain)> = None;
        self.days.iter().map(move |(day, spans)| {
            let chain = match before {
                Some((last, earlier, chain)) => chain.next(self.missed(last, earlier, *day, spans)),
                None => Chain::default().next(0),
            };
            before = Some((*day, spans, chain));
            (*day, chain)
        })
    }

    /// How many days between two are missed and not repaired.
    fn missed(&self, day: Date, spans: &[Span], later: Date, later_spans: &[Span]) -> u32 {
        if days_between(day, later) <= 1 {
            return 0;
        }
        let pairs = spans
            .iter()
            .flat_map(|one| later_spans.iter().map(|other| one.missed_until(other)));
        let missed = u32::try_from(pairs.min().unwrap_or(0)).unwrap_or(0);
        let repaired = self.repaired.range(day..later).filter(|r| **r != day);
        missed.saturating_sub(u32::try_from(repaired.count()).unwrap_or(u32::MAX))
    }

    /// How the streak stands today. Days after today are there when the clock was set back; they
    /// are not taken away.
    pub fn streak(&self, today: &Moment) -> Streak {
        let last_day = self.days.last_key_value().map(|(day, _)| *day);
        let mut streak = Streak {
            longest: self.longest,
            last_day,
            ..Streak::default()
        };
        let ahead = last_day.is_some_and(|last| last > today.day);
        let (chain, day) = match last_day {
            Some(last) if !ahead => (self.chain, last),
            Some(_) => match self
                .chains()
                .take_while(|(day, _)| *day <= today.day)
                .last()
            {
                Some((day, chain)) => (chain, day),
                None => (Chain::default(), today.day),
            },
            None => return streak,
        };
        let missed = match self.days.get(&day) {
            Some(spans) => self.missed(day, spans, today.day, &[Span::of(today)]),
            None => 0,
        };
        let mut best = chain.across(missed).unwrap_or_default();
        streak.waits_for_today = best.days > 0 && day != today.day;
        if ahead {
            let later = self.chains().filter(|(day, _)| *day > today.day);
            let longest = later.map(|(_, chain)| chain).max_by_key(|chain| chain.days);
            if let Some(longest) = longest.filter(|longest| longest.days >= best.days) {
                best = longest;
                streak.waits_for_today = false;
            }
        }
        streak.current = best.days;
        streak.freezes = best.saved / DAYS_PER_FREEZE;
        streak
    }

    /// The most days in a row so far.
    pub fn longest(&self) -> u32 {
        self.longest
    }

    /// Whether a repair of this day would mend anything.
    fn may_repair(&self, day: Date, today: &Moment) -> Result<()> {
        let reason = if day >= today.day {
            "a day before today"
        } else if self.days.contains_key(&day) {
            "a day without a completed session"
        } else if self.repaired.contains(&day) {
            "a day that is not repaired yet"
        } else {
            return Ok(());
        };
        Err(Error::invalid("day", day, reason))
    }
}

/// The days in a log.
fn days_of(events: &[Event]) -> Days {
    let mut days = Days::default();
    let mut open = super::session::Courses::default();
    log::for_each(events, |event| {
        if let EventKind::StreakRepaired { repaired } = event.kind {
            days.repair(repaired);
        }
        open.begin(event);
        let ended = open.completed(event);
        if ended.is_some_and(|course| course.xp().is_some()) {
            days.add(&event.moment);
        }
    });
    days
}

/// The streak that the log tells of, as it stands today.
///
/// ```
/// # use atlas_core::domain::{Event, EventKind, Moment, Outcome, TicketKey};
/// use atlas_core::play::streak;
/// # use jiff::tz::TimeZone;
/// # let moment = |at: &str| Moment::new(at.parse().unwrap(), &TimeZone::UTC, 0);
/// # let ticket_key = TicketKey::parse("WRKA-7")?;
/// # let mut log = Vec::new();
/// # for day in [6, 7, 9] {
/// #     let id = log.len() as i64 + 1;
/// #     log.push(Event {
/// #         id, session_id: Some(id), moment: moment(&format!("2024-05-0{day}T09:00:00Z")),
/// #         kind: EventKind::SessionStarted {
/// #             ticket_id: 7, ticket_key: ticket_key.clone(), components: vec![], plan: vec![],
/// #         },
/// #     });
/// #     log.push(Event {
/// #         id: id + 1, session_id: Some(id), moment: moment(&format!("2024-05-0{day}T10:00:00Z")),
/// #         kind: EventKind::Ended { outcome: Outcome::Passed },
/// #     });
/// # }
/// // Sessions on 6, 7 and 9 May.
/// let today = moment("2024-05-10T08:00:00Z");
/// let streak = streak::of(&log, &today);
/// assert_eq!((streak.current, streak.longest), (1, 2));
/// assert!(streak.waits_for_today);
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn of(events: &[Event], today: &Moment) -> Streak {
    days_of(events).streak(today)
}

/// Whether this day can be filled by hand today.
///
/// # Errors
/// `INVALID_VALUE` if it is today or later, has a completed session, or was repaired already.
pub fn may_repair(events: &[Event], day: Date, today: &Moment) -> Result<()> {
    days_of(events).may_repair(day, today)
}
