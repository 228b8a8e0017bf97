//! What a file is to be read as, where it is not to decide itself; tickets and the past.

use std::path::PathBuf;

use atlas_core::domain::{DateOrder, DecimalMark, ReadOptions, TicketImport};
use clap::Args;

const TICKETS: &str = "\
Encoding, separator, order of day and month, and the columns are told from the whole file; what
was assumed, not used or not read is said.

Examples:
  atlas import jira.csv
  atlas import jira.csv --dry-run
  atlas import export.csv --date-order month-first
  atlas import sheet.csv --column key=Ticket --column summary=\"What is it about\"";

/// `--encoding` and its like.
#[derive(Debug, Default, Args)]
pub struct Reading {
    /// The encoding, such as utf-8, windows-1252 or shift_jis [default: told from the file]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The character between the columns of a table, or tab [default: told from the file]
    #[arg(long, value_name = "CHARACTER", allow_hyphen_values = true)]
    pub delimiter: Option<String>,
    /// How dates of numbers are read, day-first or month-first [default: told from the file]
    #[arg(long, value_name = "ORDER", value_parser = date_order)]
    pub date_order: Option<DateOrder>,
    /// The mark before decimals, comma or point [default: told from the file]
    #[arg(long, value_name = "MARK", value_parser = decimal)]
    pub decimal: Option<DecimalMark>,
}

impl Reading {
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            encoding: self.encoding.clone(),
            delimiter: self.delimiter.clone(),
            date_order: self.date_order,
            decimal: self.decimal,
        }
    }
}

fn date_order(word: &str) -> Result<DateOrder, String> {
    DateOrder::parse(word).map_err(|error| error.to_string())
}

fn decimal(word: &str) -> Result<DecimalMark, String> {
    DecimalMark::parse(word).map_err(|error| error.to_string())
}

/// `FIELD=NAME`.
pub fn column(text: &str) -> Result<(String, String), String> {
    let (field, name) = text
        .split_once('=')
        .ok_or("FIELD=NAME, such as name=\"Test title\"")?;
    Ok((field.trim().to_owned(), name.trim().to_owned()))
}

/// `atlas import`.
#[derive(Debug, Args)]
#[command(after_help = TICKETS)]
pub struct ImportTickets {
    /// The files, imported one after the other
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Which column is a field: key, summary, description, type, status, priority, resolution,
    /// assignee, reporter, components, labels, created, updated, resolved, parent or id; may be
    /// repeated
    #[arg(long = "column", value_name = "FIELD=NAME", value_parser = column)]
    pub columns: Vec<(String, String)>,
    #[command(flatten)]
    pub reading: Reading,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl ImportTickets {
    pub fn options(&self) -> TicketImport {
        TicketImport {
            columns: self.columns.iter().cloned().collect(),
            reading: self.reading.options(),
            dry_run: self.dry_run,
        }
    }
}

/// `atlas import-history`.
#[derive(Debug, Args)]
pub struct ImportHistory {
    /// The files, imported one after the other
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}
