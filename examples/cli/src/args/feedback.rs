//! What can be typed to say what a prediction was worth.

use std::path::PathBuf;

use atlas_core::domain::FeedbackPart;
use clap::{Args, ValueEnum};

const FEEDBACK_EXAMPLES: &str = "\
Examples:
  atlas feedback WRKA-1234 2 accepted --minutes 20 --rating 4
  atlas feedback WRKA-1234 all rejected --comment \"wrong form\"
  atlas feedback WRKA-1234 1 modified --steps own.txt

A file of steps has one a line: Submit the form => It is saved";

/// `atlas feedback`.
#[derive(Debug, Args)]
#[command(after_help = FEEDBACK_EXAMPLES)]
pub struct Feedback {
    /// The ticket, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The scenario's number in the ticket's newest prediction (`atlas latest KEY`), or all
    #[arg(value_name = "SCENARIO", value_parser = which)]
    pub which: Which,
    /// What you did with it
    #[arg(value_name = "ANSWER")]
    pub answer: Answer,
    /// Minutes that it really took; of all scenarios together with all
    #[arg(long, value_name = "NUMBER")]
    pub minutes: Option<u32>,
    /// How good it was, 1 to 5
    #[arg(long, value_name = "NUMBER")]
    pub rating: Option<u8>,
    /// What you have to say
    #[arg(long = "comment", value_name = "TEXT", allow_hyphen_values = true)]
    pub comments: Option<String>,
    /// Your own steps, with modified: a line each or a JSON array; - reads standard input
    #[arg(long, value_name = "FILE", required_if_eq("answer", "modified"))]
    pub steps: Option<PathBuf>,
    /// Forget what an earlier answer said: rating, comment or minutes; may be repeated. What is not
    /// mentioned stays
    #[arg(long, value_name = "PART", value_parser = part)]
    pub clear: Vec<FeedbackPart>,
    /// An id of your own; the same id again changes nothing
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

fn part(word: &str) -> Result<FeedbackPart, String> {
    match word {
        "rating" => Ok(FeedbackPart::Rating),
        "comment" | "comments" => Ok(FeedbackPart::Comments),
        "minutes" => Ok(FeedbackPart::ActualMinutes),
        _ => Err("rating, comment or minutes".into()),
    }
}

/// Which scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    /// From 1.
    Number(usize),
}

/// What was done with a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// Used as it is
    #[value(alias = "accept")]
    Accepted,
    /// Does not belong to this ticket
    #[value(alias = "reject")]
    Rejected,
    /// Used with other steps
    #[value(alias = "modify")]
    Modified,
}

/// `atlas missed`.
#[derive(Debug, Args)]
pub struct Missed {
    /// The ticket, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The pattern that was needed: its key or its name
    #[arg(long, value_name = "PATTERN", required_unless_present = "name")]
    pub pattern: Option<String>,
    /// The name of a scenario of your own, which becomes a pattern
    #[arg(
        long,
        value_name = "TEXT",
        conflicts_with = "pattern",
        requires = "steps"
    )]
    pub name: Option<String>,
    /// A step of it, such as "Submit => It is saved"; repeated, in order
    #[arg(
        long = "step",
        value_name = "TEXT",
        conflicts_with = "pattern",
        allow_hyphen_values = true
    )]
    pub steps: Vec<String>,
    /// Its type, such as Form Submission [default: what the ticket calls for the most]
    #[arg(long = "type", value_name = "TYPE", conflicts_with = "pattern")]
    pub pattern_type: Option<String>,
    /// Its component
    #[arg(long, value_name = "NAME", conflicts_with = "pattern")]
    pub component: Option<String>,
    /// Minutes that it took
    #[arg(long, value_name = "NUMBER")]
    pub minutes: Option<u32>,
    /// An id of your own; the same id again changes nothing
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

/// `atlas undo`.
#[derive(Debug, Args)]
pub struct Undo {
    /// The feedback's number, as `atlas feedback` said it [default: the newest]
    #[arg(value_name = "ID")]
    pub id: Option<i64>,
}

/// `atlas latest`.
#[derive(Debug, Args)]
pub struct Latest {
    /// The ticket, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Names of scenarios and edge cases only
    #[arg(long)]
    pub brief: bool,
}

/// `atlas not-similar`.
#[derive(Debug, Args)]
pub struct NotSimilar {
    /// A ticket
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The ticket that is not like it
    #[arg(value_name = "OTHER")]
    pub other: String,
    /// Take it back
    #[arg(long)]
    pub undo: bool,
}

const EDGE_CASE_EXAMPLES: &str = "\
Examples:
  atlas edge-case WRKA-1234 2 dismissed
  atlas edge-case WRKA-1234 1 dismissed-for-component
  atlas edge-case WRKA-1234 --undo";

/// `atlas edge-case`.
#[derive(Debug, Args)]
#[command(after_help = EDGE_CASE_EXAMPLES)]
pub struct EdgeCase {
    /// The ticket, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The edge case's number in the ticket's newest prediction (`atlas latest KEY`)
    #[arg(value_name = "NUMBER", required_unless_present = "undo")]
    pub number: Option<usize>,
    /// What it is worth
    #[arg(value_name = "ANSWER", required_unless_present = "undo")]
    pub answer: Option<EdgeCaseWorth>,
    /// Take the newest answer to an edge case of this ticket back
    #[arg(long, conflicts_with_all = ["number", "answer"])]
    pub undo: bool,
}

/// What an edge case is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EdgeCaseWorth {
    /// Worth trying; such edge cases come first
    #[value(alias = "keep")]
    Kept,
    /// Not shown for this ticket any more
    #[value(alias = "dismiss")]
    Dismissed,
    /// Not shown for any ticket of its components
    #[value(alias = "dismiss-for-component")]
    DismissedForComponent,
}

fn which(text: &str) -> Result<Which, String> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(Which::All);
    }
    match text.parse() {
        Ok(number) if number > 0 => Ok(Which::Number(number)),
        _ => Err("the number of a scenario, such as 2, or all".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::{Cli, Command};

    #[test]
    fn an_answer_needs_what_it_speaks_of() {
        let parses = |args: &str| Cli::try_parse_from(args.split(' ')).is_ok();
        assert!(parses("atlas feedback WRKA-1 2 accepted --minutes 20"));
        assert!(parses("atlas feedback WRKA-1 ALL reject"));
        assert!(parses("atlas feedback WRKA-1 2 modified --steps f"));
        assert!(!parses("atlas feedback WRKA-1 2 modified"));
        assert!(!parses("atlas feedback WRKA-1 0 accepted"));
        assert!(!parses("atlas feedback WRKA-1 accepted"));
        assert!(parses("atlas missed WRKA-1 --pattern MM-T12"));
        assert!(parses("atlas missed WRKA-1 --name a --step b --step c"));
        assert!(!parses("atlas missed WRKA-1"));
        assert!(!parses("atlas missed WRKA-1 --name a"));
        assert!(!parses("atlas missed WRKA-1 --pattern a --step b"));
        let undo = Cli::try_parse_from(["atlas", "undo"]).unwrap().command;
        assert!(matches!(undo, Command::Undo(undo) if undo.id.is_none()));
    }
}
