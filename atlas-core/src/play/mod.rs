//! Play: experience, levels, streaks, achievements, daily challenges, the coach. Everything is a
//! pure function of the log of [events](crate::domain::Event) and of the moment that it is asked
//! for; nothing reads a clock, a file or a ticket's text.
//!
//! [`Tally`] takes the log event by event, or all at once, with the same result, and
//! [`Tally::standing`] shows what it amounts to. [`session_of`] tells one session from its events,
//! [`accepts`] which event it takes next. [`coach::Coach`] has the words.
//!
//! # The rules
//!
//! | what | rule |
//! |---|---|
//! | a session counts | if it was completed, and took at least 60 seconds of work or has a step done |
//! | its time | between start and end, breaks left out; a clock that was set back adds none |
//! | its day | the one on which it ended, by the tester's calendar of then |
//! | points of a session | 10; 1 for each step done, at most 50; 3 passed, 5 failed (a defect was found), 1 blocked |
//! | points of feedback | 1 for each scenario, at most 10 in a day; undone feedback gives its points back |
//! | points of achievements and challenges | as each says; in the total, and once |
//! | level n | starts at 50·n·(n−1) points: 0, 100, 300, 600, 1,000, … |
//! | streak | days in a row with a session that counts, up to today or yesterday |
//! | a missed day | lies between two such days by the calendar of the first and by that of the second |
//! | freezes | one for every 15 days of a streak that have a session (two in 30), 2 at most at a time; each covers a missed day by itself; a streak that ends takes its freezes along |
//! | a covered or repaired day | keeps the streak and does not lengthen it |
//! | repairs | any past day without a session after the first with one, once |
//! | longest streak | never gets shorter |
//! | achievements | 32, see `data/achievements.toml`; earned by the event that reaches the target, and kept |
//! | mastery of a component | sessions of one component |
//! | mastery of a pattern | sessions in which every step of it was done |
//! | a good estimate | every step of a plan done, within 10 % of its minutes |
//! | challenge | one a day, the first that was set; see [`challenges`] for targets and points |
//! | coach | says no line again within ten; see [`coach`] |
//!
//! An event that is delivered twice, or that its session does not take in its state, changes
//! nothing. Events are read in the order of their ids, because instants go back with the clock.

mod achievements;
mod log;
mod session;
mod tally;

pub mod challenges;
pub mod coach;
pub mod goals;
pub mod level;
pub mod streak;
pub mod xp;

pub use session::{MOST_STEPS, accepts, may_start, not_found, session_of};
pub use streak::Streak;
pub use tally::{Gains, Tally, standing};
