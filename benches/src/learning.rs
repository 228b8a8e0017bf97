//! Learning, measured by the product's own backtest on the Mattermost links.

use std::path::Path;

use atlas_core::domain::silent;
use atlas_core::learning::backtest::{BacktestOptions, BacktestReport};
use atlas_core::{Atlas, Result};

/// How many of the 552 tickets are learned from before the last 221 are scored.
const LEARN_FIRST: usize = 331;

/// Test cases and links, imported as a user would.
///
/// # Errors
/// As the imports'.
pub fn mattermost(folder: &Path) -> Result<Atlas> {
    let atlas = Atlas::builder().retrain_after(None).open_in_memory()?;
    atlas
        .patterns()
        .import_file(folder.join("mattermost/testcases.jsonl.gz"), &mut silent)?;
    atlas
        .learning()
        .import_history(folder.join("mattermost/ticket_test_links.csv"), &mut silent)?;
    Ok(atlas)
}

/// Learned on the first 331 tickets, scored on the last 221, which know nothing later.
///
/// # Errors
/// As the backtest's.
pub fn learned_once(atlas: &Atlas) -> Result<BacktestReport> {
    let options = BacktestOptions {
        learn_first: LEARN_FIRST,
        frozen: true,
        ..BacktestOptions::default()
    };
    atlas.backtest(&options, &mut silent)
}

/// Every ticket predicted from those before it, learned again every 20 tickets.
///
/// # Errors
/// As the backtest's.
pub fn prequential(atlas: &Atlas) -> Result<BacktestReport> {
    atlas.backtest(&BacktestOptions::default(), &mut silent)
}
