//! What can be typed after `atlas patterns`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::instant;

const EXAMPLES: &str = "\
Examples:
  atlas patterns list --find export          those whose name holds a word
  atlas patterns detect                      scenarios that your tickets tell
  atlas patterns accept 1f3a --name \"Export keeps umlauts\"
  atlas patterns duplicates                  those that say much the same
  atlas patterns merge 12 MM-T42             keep the first, retire the second
  atlas patterns unused --since 2025-01-01   not used this year";

/// `atlas patterns`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Patterns {
    /// What to do [default: list]
    #[command(subcommand)]
    pub command: Option<PatternsCommand>,
}

/// The commands on patterns. PATTERN is a row id, a key or a name, as `list` shows them.
#[derive(Debug, Subcommand)]
pub enum PatternsCommand {
    /// The stored patterns, most used first
    List(Listing),
    /// One pattern with its steps
    Show {
        /// Its id, key or name
        #[arg(value_name = "PATTERN")]
        pattern: String,
    },
    /// Look for scenarios that several tickets tell; nothing is stored until you accept one
    Detect {
        #[command(flatten)]
        detection: Detection,
        /// How many at most; 0 for all
        #[arg(long, value_name = "NUMBER", default_value_t = 20)]
        limit: usize,
        /// Name scenarios too that a pattern says already
        #[arg(long)]
        known: bool,
        /// Names only, without steps
        #[arg(long)]
        brief: bool,
    },
    /// Keep a detected scenario as a pattern
    Accept(Accept),
    /// Never propose these detected scenarios again
    Drop {
        /// Ids that detect shows; their first four digits are enough
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        detection: Detection,
    },
    /// Pairs of patterns that say much the same
    Duplicates {
        /// Only pairs at least this similar, 0.5 to 1
        #[arg(long, value_name = "SCORE", default_value_t = 0.9)]
        similarity: f32,
        /// How many pairs at most; 0 for all
        #[arg(long, value_name = "NUMBER", default_value_t = 20)]
        limit: usize,
    },
    /// Make two patterns one: keep the first, retire the second
    Merge {
        /// The pattern to keep
        #[arg(value_name = "KEEP")]
        keep: String,
        /// The pattern to retire
        #[arg(value_name = "DROP")]
        drop: String,
    },
    /// Give a pattern another name
    Rename {
        /// Its id, key or name
        #[arg(value_name = "PATTERN")]
        pattern: String,
        /// The new name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Predict these patterns no more; they and what they learned are kept
    Retire {
        /// Their ids, keys or names
        #[arg(required = true, value_name = "PATTERN")]
        patterns: Vec<String>,
    },
    /// Predict retired patterns again
    Reactivate {
        /// Their ids, keys or names
        #[arg(required = true, value_name = "PATTERN")]
        patterns: Vec<String>,
    },
    /// Patterns that were never used, or not for long
    Unused {
        /// Those too that were last used before this day (2025-06-30) or instant
        #[arg(long, value_name = "DATE", value_parser = instant)]
        since: Option<Timestamp>,
    },
}

/// Which patterns are listed.
#[derive(Debug, Default, Args)]
pub struct Listing {
    /// Only those whose name or key holds this text
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    /// Only this type
    #[arg(long = "type", value_name = "NAME")]
    pub pattern_type: Option<String>,
    /// Only this component
    #[arg(long, value_name = "NAME")]
    pub component: Option<String>,
    /// Only of this origin
    #[arg(long, value_name = "ORIGIN")]
    pub origin: Option<Origin>,
    /// Only retired ones
    #[arg(long)]
    pub retired: bool,
    /// How many at most; 0 for all [default: 50]
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
}

/// Where patterns come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Origin {
    /// The catalogue that ships with ATLAS
    Starter,
    /// A library
    Imported,
    /// Written by you
    User,
    /// Detected in your tickets
    Mined,
}

/// How scenarios are looked for. The same options give the same ids.
#[derive(Debug, Args)]
pub struct Detection {
    /// Told by at least so many tickets
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    pub min_tickets: usize,
    /// How alike the tickets are at least, 0.3 to 1 [default: 0.62]
    #[arg(long, value_name = "SCORE")]
    pub similarity: Option<f32>,
}

/// `atlas patterns accept`.
#[derive(Debug, Args)]
pub struct Accept {
    /// The id that detect shows; its first four digits are enough
    #[arg(value_name = "ID")]
    pub id: String,
    /// Another detected scenario that says the same; may be repeated
    #[arg(long = "with", value_name = "ID")]
    pub with: Vec<String>,
    /// Another name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Another type
    #[arg(long = "type", value_name = "NAME")]
    pub pattern_type: Option<String>,
    /// Another component; an empty one for none
    #[arg(long, value_name = "NAME")]
    pub component: Option<String>,
    #[command(flatten)]
    pub detection: Detection,
}
