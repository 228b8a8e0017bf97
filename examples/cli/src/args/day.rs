//! What can be typed about the tester's day and what it earned.

use atlas_core::domain::Personality;
use clap::{Args, Subcommand};
use jiff::civil::Date;

const SIMULATE: &str = "\
Everything is invented but the library: what is earned, said and learned is computed as on any
other day, with a clock that is set. The same seed gives the same day.

Examples:
  atlas day --simulate
  atlas day --simulate --seed 7 --personality drill_sergeant --slow
  atlas --db played.db day --simulate --days 5     keeps the database, to look around in";

/// `atlas activity`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  atlas activity --days 90")]
pub struct Activity {
    /// How many days, today last
    #[arg(long, value_name = "NUMBER", default_value_t = 14)]
    pub days: u32,
}

/// `atlas achievements`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  atlas achievements --earned")]
pub struct Achievements {
    /// Only what was earned
    #[arg(long)]
    pub earned: bool,
}

/// `atlas streak`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlas streak\n  atlas streak repair 2025-06-30")]
pub struct Streak {
    /// What to do with it; without, it is shown.
    #[command(subcommand)]
    pub command: Option<StreakCommand>,
}

/// What can be done with a streak.
#[derive(Debug, Subcommand)]
pub enum StreakCommand {
    /// Fill a missed day, so that it does not break the streak; the repair stays in the log
    #[command(after_help = "Example:\n  atlas streak repair 2025-06-30")]
    Repair(Repair),
}

/// `atlas streak repair`.
#[derive(Debug, Args)]
pub struct Repair {
    /// The day that was missed, such as 2025-06-30
    #[arg(value_name = "DAY", value_parser = day)]
    pub day: Date,
}

/// `atlas day`.
#[derive(Debug, Args)]
#[command(after_help = SIMULATE)]
pub struct Day {
    /// Play a tester's day on the sample, in a database in memory or in a new file (--db)
    #[arg(long, required = true)]
    pub simulate: bool,
    /// Another number is another day
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// How the coach speaks: coach, analyst, hype_man, drill_sergeant or silent
    #[arg(long, value_name = "NAME", default_value = "coach")]
    pub personality: Personality,
    /// How many days in a row
    #[arg(long, value_name = "NUMBER", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..=31))]
    pub days: u32,
    /// Pause a little between the lines
    #[arg(long)]
    pub slow: bool,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "a day such as 2025-06-30".to_owned())
}
