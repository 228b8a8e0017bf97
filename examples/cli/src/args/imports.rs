//! What can be typed about imports that are done.

use clap::{Args, Subcommand};

/// `atlas undo-import`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  atlas imports\n  atlas undo-import 3")]
pub struct UndoImport {
    /// The import's number, as the import itself or `atlas imports` said it
    #[arg(value_name = "ID")]
    pub id: i64,
}

/// `atlas sample`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Example:\n  atlas --db work.db sample\n  atlas --db work.db sample remove"
)]
pub struct Sample {
    #[command(subcommand)]
    pub command: Option<SampleCommand>,
}

/// What can be done with the sample beside loading it.
#[derive(Debug, Subcommand)]
pub enum SampleCommand {
    /// Take the sample out whole; what you changed or used since is kept and named
    Remove,
}
