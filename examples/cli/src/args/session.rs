//! What can be typed to test a ticket: a session from its start to its end.

use std::ops::RangeInclusive;

use atlas_core::domain::Outcome;
use clap::{ArgGroup, Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  atlas session start WRKA-1234 --predict     predicts, and its scenarios are the plan
  atlas session step 1 2 5-7                  these steps are done
  atlas session pause
  atlas session resume
  atlas session status                        plan, steps, time
  atlas session end failed                    a defect was found

At most one session is open; it is the one that is meant.";

const START: &str = "\
Examples:
  atlas session start WRKA-1234                             no plan: any step may be done
  atlas session start WRKA-1234 --predict                   predicts 5 scenarios and plans them
  atlas session start WRKA-1234 --scenario 1 --scenario 3   two of the newest prediction
  atlas session start WRKA-1234 --prediction 7              all of an earlier one";

/// `atlas session`.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Session {
    /// Begin to test a ticket
    Start(Start),
    /// Steps that are done, by their numbers in the plan
    #[command(after_help = "Example:\n  atlas session step 1 2 5-7")]
    Step(Steps),
    /// Steps that are not done after all
    #[command(after_help = "Example:\n  atlas session undo-step 2")]
    UndoStep(Steps),
    /// Begin a break, which does not count as work
    Pause,
    /// End a break; in a session that was left open, the time since its last sign of life is one
    Resume,
    /// Write something down
    #[command(after_help = "Example:\n  atlas session note \"page 2 loads twice\"")]
    Note(Note),
    /// Complete the session: passed, failed (a defect was found) or blocked
    #[command(after_help = "Example:\n  atlas session end passed")]
    End(End),
    /// Give the session up: it counts for nothing
    Cancel,
    /// Complete a session that was left open, as if at its last sign of life
    #[command(after_help = "Example:\n  atlas session close passed")]
    Close(End),
    /// The open session: its plan, what is done, the time
    Status,
    /// The sessions, newest first
    #[command(after_help = "Example:\n  atlas session list --ticket WRKA-1234")]
    List(List),
    /// A session with everything that happened in it
    #[command(after_help = "Example:\n  atlas session show 3")]
    Show(Show),
}

/// `atlas session start`.
#[derive(Debug, Args)]
#[command(after_help = START)]
#[command(group = ArgGroup::new("plan").multiple(false))]
pub struct Start {
    /// The ticket, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Predict, and take all its scenarios as the plan
    #[arg(long, group = "plan")]
    pub predict: bool,
    /// How many scenarios to predict
    #[arg(long, value_name = "NUMBER", default_value_t = 5, requires = "predict")]
    pub top: usize,
    /// Take all scenarios of this stored prediction as the plan
    #[arg(long, value_name = "ID", group = "plan")]
    pub prediction: Option<i64>,
    /// Take this scenario of the newest prediction, by its number there; may be repeated
    #[arg(long = "scenario", value_name = "NUMBER", group = "plan")]
    pub scenarios: Vec<usize>,
}

/// Steps of the plan.
#[derive(Debug, Args)]
pub struct Steps {
    /// A number, or several such as 5-7
    #[arg(required = true, value_name = "NUMBER", value_parser = steps)]
    pub steps: Vec<RangeInclusive<u32>>,
}

/// `atlas session note`.
#[derive(Debug, Args)]
pub struct Note {
    /// The text; - reads standard input
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub text: String,
}

/// `atlas session end`.
#[derive(Debug, Args)]
pub struct End {
    /// passed, failed or blocked
    #[arg(value_name = "OUTCOME", value_parser = outcome)]
    pub outcome: Outcome,
}

/// `atlas session list`.
#[derive(Debug, Args)]
pub struct List {
    /// Only sessions on this ticket
    #[arg(long, value_name = "KEY")]
    pub ticket: Option<String>,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub limit: usize,
}

/// `atlas session show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The session's number, as `atlas session list` shows it
    #[arg(value_name = "ID")]
    pub id: i64,
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::from_name(text).ok_or_else(|| "one of passed, failed, blocked".to_owned())
}

/// `3` or `5-7`. The most that a plan can have is far below what a mistyped range would loop over.
fn steps(text: &str) -> Result<RangeInclusive<u32>, String> {
    const MOST: u32 = 1_000;
    let wrong = || format!("a step's number, 1 to {MOST}, or a range of them such as 5-7");
    let number = |text: &str| text.parse().map_err(|_| wrong());
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    match first <= last && last <= MOST {
        true => Ok(first..=last),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbers_and_ranges() {
        assert_eq!(steps("3"), Ok(3..=3));
        assert_eq!(steps("5-7"), Ok(5..=7));
        for wrong in ["", "-", "7-5", "x", "1-99999"] {
            assert!(steps(wrong).is_err(), "{wrong}");
        }
        assert!(outcome("passed").is_ok() && outcome("fine").is_err());
    }
}
