//! Play: experience, levels, streaks, achievements, challenges and the coach.

mod achievements;
mod log;
mod session;
mod tally;

pub mod challenges;
pub mod coach;
pub mod level;
pub mod streak;
pub mod xp;

pub use session::{MOST_STEPS, accepts, may_start, not_found, session_of};
pub use streak::Streak;
pub use tally::{Gains, Tally, standing};
