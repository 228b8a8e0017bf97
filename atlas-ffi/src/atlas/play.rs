//! Experience, streaks, achievements, challenges, the coach.

use jiff::civil::Date;

use super::Atlas;
use crate::error::Result;
use crate::records::{Challenge, DayActivity, Moment, Rebuilt, Standing};

#[uniffi::export]
impl Atlas {
    /// What was done on each of the last `days`, 1 to 3,660, oldest first, today last.
    #[uniffi::method(default(days = 7))]
    pub fn activity(&self, days: u32) -> Result<Vec<DayActivity>> {
        self.call(|core| core.activity(days))
    }

    /// Experience, level, streak, achievements and challenges, from the log.
    pub fn standing(&self) -> Result<Standing> {
        self.call(|core| core.standing())
    }

    /// The day's challenge, if one was offered.
    pub fn challenge(&self) -> Result<Option<Challenge>> {
        self.call(|core| core.challenge())
    }

    /// The day's challenge, chosen by the first call of the day; nothing where there is nothing to do.
    pub fn offer_challenge(&self) -> Result<Option<Challenge>> {
        self.call(|core| core.offer_challenge())
    }

    /// Fills a missed day by hand, so that it does not break the streak.
    pub fn repair_streak(&self, missed: Date) -> Result<Standing> {
        self.call(|core| core.repair_streak(missed))
    }

    /// Works everything that play shows out anew from the log.
    pub fn rebuild_progress(&self) -> Result<Rebuilt> {
        self.call(|core| core.rebuild_progress())
    }

    /// What the coach says when the program starts; nothing if it is silent.
    pub fn greeting(&self) -> Result<Option<String>> {
        self.call(|core| core.greeting())
    }

    /// Now, with the user's own day.
    pub fn now(&self) -> Result<Moment> {
        self.call(|core| core.now())
    }
}
