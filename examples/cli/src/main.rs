//! The `atlas` command: import tickets, ask what to test.

mod args;
mod commands;
mod day;
mod demo;
mod environment;
mod mcp;
mod output;
mod progress;
mod sample;
mod show;
mod style;
mod text;

use std::process::ExitCode;

use clap::Parser;
use serde_json::json;

use args::Cli;
use output::{Output, nobody_reads};

const FAILED: u8 = 1;
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    let output = Output::new(cli.json);
    match commands::run(&cli, output) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(error) if nobody_reads(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output.fail(&error);
            ExitCode::from(FAILED)
        }
    }
}

/// Help and version are no errors; everything else is, and is JSON where JSON was asked for.
fn misused(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|arg| arg == "--json");
    if json && error.use_stderr() {
        let message = error.to_string();
        let message = message
            .strip_prefix("error: ")
            .unwrap_or(&message)
            .trim_end();
        Output::new(true).complain("USAGE", message, &json!({}));
    } else {
        // A closed pipe: nobody reads the help.
        let _ = error.print();
    }
    if error.use_stderr() {
        ExitCode::from(USAGE)
    } else {
        ExitCode::SUCCESS
    }
}
