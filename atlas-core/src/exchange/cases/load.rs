//! A file of test cases or results in memory.

use std::io::Read;
use std::path::Path;

use crate::Result;
use crate::domain::ReadOptions;
use crate::exchange::budget::Budget;
use crate::exchange::input::{Input, Watch};
use crate::exchange::kind::{Content, WORKBOOK};
use crate::exchange::report::FileAccount;

/// The most that a file may hold, undone from compression.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// A file in memory: text as UTF-8, a workbook as it is.
pub(super) struct LoadedFile {
    pub bytes: Vec<u8>,
    /// Why they end early, if they do.
    pub truncated: Option<String>,
    pub account: FileAccount,
    /// The memory that their content may take.
    pub budget: Budget,
}

/// Reads a file to its end.
///
/// # Errors
/// `FILE_FAILED`; `UNKNOWN_FORMAT` for one that is empty, too large or no text; `CANCELLED`.
pub(super) fn load(path: &Path, options: &ReadOptions, watch: Watch<'_>) -> Result<LoadedFile> {
    let mut input = Input::watched(path, options, watch)?;
    match input.content() {
        Content::Empty => return Err(input.file.unknown("it is empty")),
        Content::Other(what) if what != WORKBOOK => {
            return Err(input.file.unknown(format!("it is {what}")));
        }
        _ => {}
    }
    let budget = input.file.budget();
    let most = MOST_BYTES.min(budget.bytes());
    let mut bytes = Vec::new();
    let read = (&mut input.reader).take(most + 1).read_to_end(&mut bytes);
    let truncated = match read {
        Ok(_) => None,
        Err(error) => Some(input.file.ended_early(error)?),
    };
    if bytes.len() as u64 > most {
        let most = most / (1024 * 1024);
        let reason = format!("undone from compression it is larger than {most} MB: split it");
        return Err(input.file.unknown(reason));
    }
    Ok(LoadedFile {
        bytes,
        truncated,
        account: input.account,
        budget,
    })
}
