//! The sample that ships: invented tickets, test patterns and testing history.

use atlas_core::domain::{ProgressFn, SampleFiles, SampleReport};
use atlas_core::{Atlas, Error, Result};

const TICKETS: &str = include_str!("../../sample/tickets.jsonl");
const PATTERNS: &str = include_str!("../../sample/patterns.csv");
const HISTORY: &str = include_str!("../../sample/history.csv");

/// Loads the sample, marked as such, and waits until it is learned from. A second time changes
/// nothing.
pub fn load(atlas: &Atlas, progress: ProgressFn<'_>) -> Result<SampleReport> {
    let failed = |source| Error::File {
        path: std::env::temp_dir(),
        source,
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).map_err(failed)?;
        Ok::<_, Error>(path)
    };
    let files = SampleFiles {
        tickets: &write("tickets.jsonl", TICKETS)?,
        patterns: &write("patterns.csv", PATTERNS)?,
        history: &write("history.csv", HISTORY)?,
    };
    let report = atlas.database().load_sample(&files, progress)?;
    atlas.learning().wait_until_trained();
    Ok(report)
}
