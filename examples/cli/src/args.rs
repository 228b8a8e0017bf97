//! What can be typed after `atlas`.

pub mod care;
pub mod coverage;
pub mod day;
pub mod exchange;
pub mod feedback;
pub mod imports;
pub mod learning;
pub mod memory;
pub mod profile;
pub mod reading;
pub mod session;
pub mod sync;
pub mod work;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, tz::TimeZone};

mod patterns;

pub use patterns::{Accept, Detection, Listing, Origin, Patterns, PatternsCommand};

const EXAMPLES: &str = "\
Examples:
  atlas demo                                       see it work on invented tickets
  atlas --db work.db import tickets.jsonl          bring in your tickets from a file
  atlas --db work.db sync --project WRKA           or from Jira
  atlas --db work.db predict WRKA-1234             what to test for one of them
  atlas --db work.db predict --text \"Login fails\"  what to test for any text
  atlas --db work.db session start WRKA-1234       test it, step by step
  atlas --db work.db backtest                      how good it is on your own past";

/// Reads a tester's Jira tickets and says what to test.
///
/// Everything happens on this machine, in one database file; only `sync` and `work --live` ask
/// Jira.
#[derive(Debug, Parser)]
#[command(name = "atlas", version, after_help = EXAMPLES)]
pub struct Cli {
    /// The database file [default: $ATLAS_DB, else atlas.db]
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Answer in JSON, errors too
    #[arg(long, global = true)]
    pub json: bool,
    /// Change nothing in the database nor beside it: what is predicted is not stored
    #[arg(long, global = true)]
    pub read_only: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import tickets: Jira JSON, CSV or Excel, plain or .gz
    Import(reading::ImportTickets),
    /// Import test cases as patterns: TestRail, Xray, Zephyr, Qase, Gherkin, CSV or JSON
    ImportPatterns(exchange::ImportPatterns),
    /// Import results of tests that ran for tickets: JUnit XML or Xray's JSON
    ImportResults(exchange::ImportResults),
    /// Import the past: which pattern was right or wrong for which ticket, as CSV
    ImportHistory(reading::ImportHistory),
    /// The imports that were done, and whether each can be taken back
    Imports,
    /// Take an import back; what was changed or used since is kept and named
    UndoImport(imports::UndoImport),
    /// Load the sample, invented tickets, patterns and history, or take it out again
    Sample(imports::Sample),
    /// Write patterns, scenarios or a session for another tool: Gherkin, Xray, TestRail and more
    Export(exchange::Export),
    /// Bring tickets from a live Jira, the first time all, then what was changed
    Sync(sync::Sync),
    /// What a ticket is about: components, scenario types, similar tickets
    Analyze(Analyze),
    /// What a tester would ask the author of a ticket before testing: what is missing or vague in it
    Review(Review),
    /// What to test for a ticket
    Predict(Predict),
    /// The newest prediction that is stored for a ticket, and whether it still holds
    Latest(feedback::Latest),
    /// Say what you did with a scenario that was predicted
    Feedback(feedback::Feedback),
    /// Say that a scenario was needed and not predicted
    Missed(feedback::Missed),
    /// Take feedback back
    Undo(feedback::Undo),
    /// Remove a ticket from everything that was learned; the ticket stays
    Forget(Key),
    /// Say what an edge case of a ticket is worth: keep it, or dismiss it here or for the component
    EdgeCase(feedback::EdgeCase),
    /// Say that two tickets are not similar: neither is named for the other again
    NotSimilar(feedback::NotSimilar),
    /// How good predictions are on your own past: each ticket is predicted before it is learned from
    Backtest(learning::Backtest),
    /// Learn from all results now
    Retrain,
    /// The versions of what was learned
    Models,
    /// Let an earlier version of what was learned answer again
    Rollback(learning::Rollback),
    /// Acceptance criteria and usual types of scenario for which nothing is chosen
    Gaps(coverage::Gaps),
    /// The scenarios whose answer would teach the most
    Questions(coverage::Questions),
    /// Carry what was observed from one database to another
    #[command(subcommand)]
    Training(coverage::Training),
    /// The tickets most like a ticket
    Similar(Similar),
    /// The tickets that are probably the same report
    Duplicates(Duplicates),
    /// The test patterns: list them, find new ones in your tickets, tidy up
    Patterns(Patterns),
    /// A ticket as it is stored
    Show(Key),
    /// Finish what an interrupted import left
    Encode,
    /// What the database holds
    Info,
    /// Your tickets to test, the most urgent first
    Work(work::Work),
    /// The tickets that you dealt with last
    Recent(work::Recent),
    /// Your note on a ticket and how hard it is to test
    Note(work::Note),
    /// Your notes, or those with these words
    Notes(work::Notes),
    /// Test a ticket: start, tick steps off, pause, end
    #[command(subcommand)]
    Session(session::Session),
    /// How your day stands: work, level, streak, challenge
    #[command(visible_alias = "stats")]
    Today,
    /// What you did on each of the last days
    Activity(day::Activity),
    /// What can be earned, and how far you are
    Achievements(day::Achievements),
    /// Today's challenge
    Challenge,
    /// Your streak, and filling a missed day
    Streak(day::Streak),
    /// Derive levels, streaks and all that was earned again from the log of your work
    Rebuild,
    /// Play a tester's day, to see sessions, XP, challenge and coach at work
    Day(day::Day),
    /// Remember things, and find them by meaning
    #[command(subcommand)]
    Memory(memory::Memory),
    /// Who you are, and how the coach speaks; options change it
    Profile(profile::Profile),
    /// When your day starts, your zone, your tickets, weights; options change them
    Settings(profile::Settings),
    /// Copy the database to a new file, while it is in use or not
    Backup(care::Backup),
    /// Put a copy of a backup in the database's place; what it replaces is kept
    Restore(care::Restore),
    /// Write the whole database as JSON lines
    ExportAll(care::ExportAll),
    /// Read what `atlas export-all` wrote into a new database
    ImportAll(care::ImportAll),
    /// Look for damage in the database; --repair puts right what can be derived again
    Check(care::Check),
    /// Serve AI agents over the Model Context Protocol, on standard input and output; with
    /// --read-only without the tools that record something (predictions are kept)
    Mcp,
    /// Try ATLAS on invented tickets, in a database of its own (kept with --db)
    Demo,
}

/// Files to import.
#[derive(Debug, Args)]
pub struct Files {
    /// The files, imported one after the other
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// A stored ticket.
#[derive(Debug, Args)]
pub struct Key {
    /// The ticket, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: String,
}

/// What is asked about: a stored ticket or a text.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Question {
    /// A ticket in the database, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: Option<String>,
    /// A text instead of a ticket, its first line the title; - reads standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub text: Option<String>,
}

/// `atlas analyze`.
#[derive(Debug, Args)]
pub struct Analyze {
    #[command(flatten)]
    pub question: Question,
    /// A component of the text; may be repeated
    #[arg(long = "component", value_name = "NAME", conflicts_with = "key")]
    pub components: Vec<String>,
}

const REVIEW_EXAMPLES: &str = "\
Examples:
  atlas review WRKA-1234                           what to ask its author before testing
  atlas review --type Story --text - < story.txt   the same of a draft, its first line the title";

/// `atlas review`.
#[derive(Debug, Args)]
#[command(after_help = REVIEW_EXAMPLES)]
pub struct Review {
    #[command(flatten)]
    pub question: Question,
    /// The type of the text, such as Story or Bug [default: guessed from the text]
    #[arg(long = "type", value_name = "NAME", conflicts_with = "key")]
    pub ticket_type: Option<String>,
    /// More about the text than its title
    #[arg(
        long,
        value_name = "TEXT",
        conflicts_with = "key",
        allow_hyphen_values = true
    )]
    pub description: Option<String>,
}

/// `atlas predict`.
#[derive(Debug, Args)]
pub struct Predict {
    #[command(flatten)]
    pub question: Question,
    /// A component of the text; may be repeated
    #[arg(long = "component", value_name = "NAME", conflicts_with = "key")]
    pub components: Vec<String>,
    /// The priority of the text, such as High
    #[arg(long, value_name = "NAME", conflicts_with = "key")]
    pub priority: Option<String>,
    /// More about the text than its title
    #[arg(
        long,
        value_name = "TEXT",
        conflicts_with = "key",
        allow_hyphen_values = true
    )]
    pub description: Option<String>,
    /// How many scenarios
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub top: usize,
    /// Edge-case rules of your own, a TOML file
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// Rules of test design of your own, a TOML file
    #[arg(long, value_name = "FILE")]
    pub design_rules: Option<PathBuf>,
    /// Names of scenarios and edge cases only
    #[arg(long)]
    pub brief: bool,
}

/// `atlas similar`.
#[derive(Debug, Args)]
pub struct Similar {
    #[command(flatten)]
    pub question: Question,
    /// How many tickets at most
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub limit: usize,
    /// Only tickets at least this similar, 0 to 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.0)]
    pub threshold: f32,
    /// Only this project; may be repeated
    #[arg(long = "project", value_name = "KEY")]
    pub projects: Vec<String>,
    /// Only tickets with this component; may be repeated
    #[arg(long = "component", value_name = "NAME")]
    pub components: Vec<String>,
    /// Only this status; may be repeated
    #[arg(long = "status", value_name = "NAME")]
    pub statuses: Vec<String>,
    /// Only tickets filed on this day (2025-06-30) or at this instant (2025-06-30T08:00:00Z), or later
    #[arg(long, value_name = "DATE", value_parser = instant)]
    pub from: Option<Timestamp>,
    /// Only tickets filed before this day or instant; days begin at midnight UTC
    #[arg(long, value_name = "DATE", value_parser = instant)]
    pub before: Option<Timestamp>,
}

/// `atlas duplicates`.
#[derive(Debug, Args)]
pub struct Duplicates {
    #[command(flatten)]
    pub ticket: Key,
    /// How many tickets at most
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub limit: usize,
}

/// A day or an instant.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    text.parse::<Date>()
        .and_then(|day| day.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC))
        .map(|midnight| midnight.timestamp())
        .map_err(|_| {
            "a day such as 2025-06-30, or an instant such as 2025-06-30T08:00:00Z".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_question_is_a_key_or_a_text() {
        assert!(Cli::try_parse_from(["atlas", "predict", "WRKA-1"]).is_ok());
        assert!(Cli::try_parse_from(["atlas", "predict", "--text", "- a list item"]).is_ok());
        assert!(Cli::try_parse_from(["atlas", "predict"]).is_err());
        assert!(Cli::try_parse_from(["atlas", "predict", "WRKA-1", "--text", "x"]).is_err());
        assert!(Cli::try_parse_from(["atlas", "predict", "WRKA-1", "--priority", "High"]).is_err());
    }

    #[test]
    fn days_begin_at_midnight_utc() {
        assert_eq!(
            instant("2025-06-30").unwrap().to_string(),
            "2025-06-30T00:00:00Z"
        );
        assert_eq!(
            instant("2025-06-30T08:00:00+02:00").unwrap().to_string(),
            "2025-06-30T06:00:00Z"
        );
        assert!(instant("30.6.2025").is_err());
        assert!(instant("2025-06-31").is_err());
    }
}
