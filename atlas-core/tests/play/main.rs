//! Play over whole logs: streaks across zones, experience, achievements, challenges, a year of it.

mod challenges;
mod laws;
mod log;
mod sessions;
mod streaks;
mod year;
