//! What can be typed to remember things.

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::instant;

const EXAMPLES: &str = "\
Examples:
  atlas memory put context export \"umlauts break in the CSV export\"
  atlas memory search \"character encoding\"
  atlas memory list --type context";

/// `atlas memory`.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Memory {
    /// Remember a value, in place of the one of the same type and key
    Put(Put),
    /// A remembered value
    Get(Name),
    /// What is remembered
    List(Filter),
    /// The values nearest in meaning to a text
    Search(Search),
    /// Forget a value
    Delete(Name),
    /// Remove what has expired from the file
    Expire,
}

/// A type and a key.
#[derive(Debug, Args)]
pub struct Name {
    /// pattern, context, preference, session, or a word of your own
    #[arg(value_name = "TYPE")]
    pub memory_type: String,
    /// The name of the value, unique within its type
    #[arg(value_name = "KEY")]
    pub key: String,
}

/// `atlas memory put`.
#[derive(Debug, Args)]
pub struct Put {
    #[command(flatten)]
    pub name: Name,
    /// The value; - reads standard input
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    pub value: String,
    /// Refuse a value that is not JSON
    #[arg(long)]
    pub is_json: bool,
    /// Forget it on this day (2025-06-30, midnight UTC) or at this instant
    #[arg(long, value_name = "DATE", value_parser = instant)]
    pub expires: Option<Timestamp>,
}

/// Which values.
#[derive(Debug, Args)]
pub struct Filter {
    /// Only this type
    #[arg(long = "type", value_name = "TYPE")]
    pub memory_type: Option<String>,
    /// Only keys that begin with this
    #[arg(long, value_name = "TEXT")]
    pub prefix: Option<String>,
}

/// `atlas memory search`.
#[derive(Debug, Args)]
pub struct Search {
    /// What is looked for
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub text: String,
    #[command(flatten)]
    pub filter: Filter,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub limit: usize,
}
