//! What can be typed to see what is missing, what to answer, and to carry what was learned.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Files, Question};

const GAPS_EXAMPLES: &str = "\
Examples:
  atlas gaps WRKA-1234                             what the accepted scenarios leave out
  atlas gaps WRKA-1234 --chosen 1 --chosen TP-7    what these two leave out";

/// `atlas gaps`.
#[derive(Debug, Args)]
#[command(after_help = GAPS_EXAMPLES)]
pub struct Gaps {
    #[command(flatten)]
    pub question: Question,
    /// A scenario that you have chosen: its number in the newest prediction, a pattern's key, or a
    /// name; repeated [default: what was accepted of the newest prediction, else all of it]
    #[arg(long, value_name = "SCENARIO", allow_hyphen_values = true)]
    pub chosen: Vec<String>,
}

/// `atlas questions`.
#[derive(Debug, Args)]
pub struct Questions {
    /// How many at most
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5)]
    pub number: usize,
}

/// `atlas training`.
#[derive(Debug, Subcommand)]
pub enum Training {
    /// Write all that was observed as JSON lines
    Export(Export),
    /// Read what `atlas training export` wrote, plain or .gz, into this database
    Import(Files),
}

/// `atlas training export`.
#[derive(Debug, Args)]
pub struct Export {
    /// A file that does not exist yet; - writes to standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
