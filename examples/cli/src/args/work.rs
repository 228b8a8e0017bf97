//! What can be typed about the tester's tickets and the notes on them.

use std::path::PathBuf;

use clap::Args;

use super::sync::Kind;

const WORK: &str = "\
Whose tickets are yours says `atlas settings --assignee NAME`; without it all are listed.

Examples:
  atlas work
  atlas work --assignee \"Kayla Gilbert\" --status \"In Progress\"
  atlas work --live                     asks Jira first, as `atlas sync` does";

const NOTE: &str = "\
Examples:
  atlas note WRKA-1234 \"ask Kim for a test account\" --difficulty 4
  atlas note WRKA-1234                                            what was noted
  atlas note WRKA-1234 --clear";

/// `atlas work`.
#[derive(Debug, Args)]
#[command(after_help = WORK)]
pub struct Work {
    /// Whose tickets, by the name that Jira shows [default: yours]
    #[arg(long, value_name = "NAME")]
    pub assignee: Option<String>,
    /// Only this status
    #[arg(long, value_name = "NAME")]
    pub status: Option<String>,
    /// Only this project
    #[arg(long, value_name = "KEY")]
    pub project: Option<String>,
    /// Only tickets with all of these words, or beginnings of a key, in key, title, components,
    /// assignee or note
    #[arg(long, value_name = "WORDS")]
    pub words: Option<String>,
    /// priority, updated, key, minutes or difficulty
    #[arg(long, value_name = "ORDER", default_value = "priority")]
    pub order: String,
    /// Resolved tickets too
    #[arg(long)]
    pub all: bool,
    /// Ask Jira first; if it cannot be asked, the stored tickets are listed
    #[arg(long)]
    pub live: bool,
    /// How many tickets at most
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub limit: usize,
    /// Which kind of Jira it is [default: as it says itself]
    #[arg(long, value_name = "KIND", requires = "live")]
    pub kind: Option<Kind>,
    /// Trust the certificates in this PEM file instead of the system's
    #[arg(long, value_name = "FILE", requires = "live")]
    pub ca_file: Option<PathBuf>,
}

/// `atlas recent`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  atlas recent --limit 5")]
pub struct Recent {
    /// How many tickets at most
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub limit: usize,
}

/// `atlas note`.
#[derive(Debug, Args)]
#[command(after_help = NOTE)]
pub struct Note {
    /// The ticket, such as WRKA-1234
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The note, in place of the one that is there; - reads standard input
    #[arg(value_name = "TEXT", conflicts_with = "clear")]
    pub text: Option<String>,
    /// How hard the ticket is to test, 1 (easy) to 5
    #[arg(long, value_name = "NUMBER", conflicts_with = "clear")]
    pub difficulty: Option<u8>,
    /// Remove the note and the difficulty
    #[arg(long)]
    pub clear: bool,
}

/// `atlas notes`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  atlas notes account kim")]
pub struct Notes {
    /// Words that all stand in the note; without any, every note
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,
    /// How many notes at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub limit: usize,
}
