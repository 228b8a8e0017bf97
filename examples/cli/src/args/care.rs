//! What can be typed to take care of the database.

use std::path::PathBuf;

use clap::Args;

/// `atlas backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The copy, a file that does not exist yet; with --keep the folder of the copies
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Copy to a new file in the folder, and keep only so many of the newest copies there
    #[arg(long, value_name = "NUMBER")]
    pub keep: Option<usize>,
}

/// `atlas restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup; it stays as it is
    #[arg(value_name = "BACKUP")]
    pub backup: PathBuf,
}

/// `atlas export-all`.
#[derive(Debug, Args)]
pub struct ExportAll {
    /// A file that does not exist yet, compressed if it ends in .gz; - writes to standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `atlas import-all`.
#[derive(Debug, Args)]
pub struct ImportAll {
    /// What `atlas export-all` wrote, plain or .gz
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `atlas check`.
#[derive(Debug, Args)]
#[command(after_help = "Example: atlas check --repair")]
pub struct Check {
    /// Derive again what is not what it should be: words, vectors, indexes, numbers of patterns,
    /// progress. A copy of the database as it was is kept beside it
    #[arg(long)]
    pub repair: bool,
}
