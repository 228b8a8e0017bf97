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
/// A streak never reaches further than so many days, repaired ones left out: two are covered by
/// freezes, and two calendars differ by three at most.
const REACH: i32 = 6;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
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

    /// The chain with one more day.
    fn next(self) -> Self {
        Chain {
            days: self.days + 1,
            saved: (self.saved + 1).min(FREEZES_MOST * DAYS_PER_FREEZE),
        }
    }

    fn is_as_good_as(self, other: Self) -> bool {
        self.days >= other.days && self.saved >= other.saved
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

/// Days between two days with sessions that are missed by every calendar of theirs.
fn missed(spans: &[Span], later: &[Span]) -> i32 {
    let pairs = spans
        .iter()
        .flat_map(|one| later.iter().map(|other| one.missed_until(other)));
    pairs.min().unwrap_or(0)
}

fn days_between(one: Date, other: Date) -> i32 {
    (other - one).get_days()
}

/// A day with sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct StreakDay {
    spans: Vec<Span>,
    /// The best chains up to it: none is both shorter and has less saved than another.
    chains: Vec<Chain>,
}

/// The days that count for streaks.
///
/// A chain may leave a day out. That matters where two calendars overlap: of two days with
/// sessions that are one day by a third calendar, the second would else seem to follow a gap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Days {
    days: BTreeMap<Date, StreakDay>,
    repaired: BTreeSet<Date>,
    longest: u32,
}

impl Days {
    /// Takes a completed session that ended then. Returns whether the day had none before.
    pub fn add(&mut self, moment: &Moment) -> bool {
        let last = self.days.last_key_value().map(|(day, _)| *day);
        let spans = &mut self.days.entry(moment.day).or_default().spans;
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
        self.update_from(moment.day);
        new
    }

    /// Takes a repair of a day.
    pub fn repair(&mut self, day: Date) {
        if self.repaired.insert(day) {
            self.update_from(day);
        }
    }

    /// Computes the chains of this day and of those after it anew.
    fn update_from(&mut self, day: Date) {
        let later: Vec<Date> = self.days.range(day..).map(|(day, _)| *day).collect();
        for day in later {
            let chains = self.chains_to(day, &self.days[&day].spans);
            let longest = chains.iter().map(|chain| chain.days).max();
            self.longest = self.longest.max(longest.unwrap_or(0));
            if let Some(entry) = self.days.get_mut(&day) {
                entry.chains = chains;
            }
        }
    }

    /// The best chains to a day with these sessions.
    fn chains_to(&self, day: Date, spans: &[Span]) -> Vec<Chain> {
        let mut best = vec![Chain::default().next()];
        for chain in self.across_to(day, spans) {
            let chain = chain.next();
            if best.iter().any(|other| other.is_as_good_as(chain)) {
                continue;
            }
            best.retain(|other| !chain.is_as_good_as(*other));
            best.push(chain);
        }
        best
    }

    /// Chains of the days before this one that reach it with their freezes.
    fn across_to(&self, day: Date, spans: &[Span]) -> impl Iterator<Item = Chain> {
        let before = self.days.range(..day).rev().map(move |(before, entry)| {
            let apart = days_between(*before, day);
            (before, entry, apart, self.repaired_between(*before, day))
        });
        let near = before.take_while(|(.., apart, repaired)| apart - repaired <= REACH);
        near.flat_map(move |(_, entry, apart, repaired)| {
            let missed = match apart {
                1 => 0,
                _ => missed(&entry.spans, spans) - repaired,
            };
            let missed = u32::try_from(missed).unwrap_or(0);
            entry
                .chains
                .iter()
                .filter_map(move |chain| chain.across(missed))
        })
    }

    fn repaired_between(&self, day: Date, later: Date) -> i32 {
        let repaired = self.repaired.range(day..later).filter(|r| **r != day);
        i32::try_from(repaired.count()).unwrap_or(i32::MAX)
    }

    /// How the streak stands today. Days after today are there when the clock was set back; they
    /// are not taken away.
    pub fn streak(&self, today: &Moment) -> Streak {
        let since = self.days.range(today.day..);
        let counted = since
            .flat_map(|(_, entry)| entry.chains.iter().copied())
            .max();
        let now = [Span::of(today)];
        let reaching = self.across_to(today.day, &now).max();
        let best = counted.max(reaching).unwrap_or_default();
        Streak {
            current: best.days,
            longest: self.longest,
            freezes: best.saved / DAYS_PER_FREEZE,
            last_day: self.days.last_key_value().map(|(day, _)| *day),
            waits_for_today: best.days > 0 && counted.is_none(),
        }
    }

    /// The most days in a row so far.
    pub fn longest(&self) -> u32 {
        self.longest
    }

    /// Whether a repair of this day would mend anything: a streak can only go over a day that
    /// comes after its first.
    pub(super) fn may_repair(&self, day: Date, today: &Moment) -> Result<()> {
        let first = self.days.first_key_value().map(|(day, _)| *day);
        let expected = if day >= today.day {
            "a day before today".to_owned()
        } else if self.days.contains_key(&day) {
            "a day without a completed session".to_owned()
        } else if self.repaired.contains(&day) {
            "a day that is not repaired yet".to_owned()
        } else {
            match first {
                Some(first) if first < day => return Ok(()),
                Some(first) => format!("a day after {first}, the first with a completed session"),
                None => "a day after the first completed session, and there is none yet".to_owned(),
            }
        };
        Err(Error::invalid("day", day, expected))
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
/// `INVALID_VALUE` if it is today or later, has a completed session, was repaired already, or is
/// before the first day with a completed session.
pub fn may_repair(events: &[Event], day: Date, today: &Moment) -> Result<()> {
    days_of(events).may_repair(day, today)
}
