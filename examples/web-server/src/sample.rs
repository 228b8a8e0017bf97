//! The sample that ships: invented tickets, test patterns and testing history.

use atlas_core::domain::{ImportReport, ProgressFn};
use atlas_core::{Atlas, Error, Result};
use serde::Serialize;
use utoipa::ToSchema;

const TICKETS: &str = include_str!("../../sample/tickets.jsonl");
const PATTERNS: &str = include_str!("../../sample/patterns.csv");
const HISTORY: &str = include_str!("../../sample/history.csv");

/// What loading the sample did.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleReport {
    /// Its tickets.
    pub tickets: ImportReport,
    /// Its patterns.
    pub patterns: ImportReport,
    /// Its history.
    pub history: ImportReport,
}

/// Loads the sample as a user would import it, and waits until it is learned from. A second time
/// changes nothing.
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
    let report = SampleReport {
        tickets: atlas.import_tickets(write("tickets.jsonl", TICKETS)?, progress)?,
        patterns: atlas.import_patterns(write("patterns.csv", PATTERNS)?, progress)?,
        history: atlas.import_history(write("history.csv", HISTORY)?, progress)?,
    };
    atlas.wait_for_retraining();
    Ok(report)
}
