//! What was learned from the past: how good it is, and which version of it answers.

use atlas_core::store::ModelState;
use atlas_core::{Atlas, Error, Result};
use serde_json::json;

use crate::args::learning as args;
use crate::output::{Output, print};
use crate::progress::Bar;
use crate::show;

pub fn backtest(atlas: &Atlas, args: &args::Backtest, output: Output) -> Result<()> {
    let mut bar = Bar::new(output.json);
    let report = atlas.backtest(&args.options(), &mut |progress| bar.show(progress))?;
    drop(bar);
    if let Some(file) = &args.svg {
        let svg = report.to_svg()?;
        std::fs::write(file, svg).map_err(|source| Error::File {
            path: file.clone(),
            source,
        })?;
    }
    output.answer(&report, |width| {
        let text = show::backtest::text(&report, args.brief, width);
        let drawn = args.svg.as_deref().map(show::backtest::drawn);
        text + &drawn.unwrap_or_default()
    })
}

pub fn retrain(atlas: &Atlas, output: Output) -> Result<()> {
    let mut bar = Bar::new(output.json);
    let version = atlas
        .learning()
        .retrain(&mut |progress| bar.show(progress))?;
    drop(bar);
    output.answer(&json!({"model": version}), |width| {
        show::models::trained(version.as_ref(), width)
    })
}

pub fn models(atlas: &Atlas, output: Output) -> Result<()> {
    let versions = atlas.learning().models()?;
    output.answer(&json!({"models": versions}), |width| {
        show::models::table(&versions, width)
    })
}

pub fn rollback(atlas: &Atlas, args: &args::Rollback, output: Output) -> Result<()> {
    let version = match (args.version, args.none) {
        (Some(version), _) => Some(version),
        (None, true) => None,
        (None, false) => Some(version_before(atlas)?),
    };
    atlas.learning().roll_back(version)?;
    output.answer(&json!({"serving": version}), |_| {
        show::models::rolled_back(version)
    })
}

/// The newest version before the one that serves, or of all where none does.
fn version_before(atlas: &Atlas) -> Result<i64> {
    let serving = atlas.learning().status()?.serving.unwrap_or(i64::MAX);
    let versions = atlas.learning().models()?;
    let mut able = versions
        .iter()
        .filter(|version| version.state == ModelState::Retired);
    let before = able.find(|version| version.version < serving);
    before
        .map(|version| version.version)
        .ok_or_else(|| Error::InvalidValue {
            field: "VERSION",
            value: String::new(),
            expected: "a version that answered before (`atlas models`), or --none; there is none"
                .to_owned(),
        })
}

/// Runs a command that may change what was observed, waits for the retraining that it started, which
/// would end with the process, and says what came of it.
pub fn observing(
    atlas: &Atlas,
    output: Output,
    command: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let before = newest(atlas)?;
    command()?;
    let learned = wait(atlas, before, output)?;
    match output.json {
        true => Ok(()),
        false => print(&learned),
    }
}

/// The newest version; 0 where there is none.
pub fn newest(atlas: &Atlas) -> Result<i64> {
    Ok(atlas
        .learning()
        .models()?
        .first()
        .map_or(0, |model| model.version))
}

/// Waits for a retraining in the background; what came of it in words, if anything did.
pub fn wait(atlas: &Atlas, before: i64, output: Output) -> Result<String> {
    if atlas.learning().status()?.running {
        let _bar = Bar::waiting(output.json, "learning");
        atlas.learning().wait_until_trained();
    }
    let status = atlas.learning().status()?;
    let versions = atlas.learning().models()?;
    let new = versions.first().filter(|model| model.version > before);
    Ok(show::models::learned(
        new,
        status.failure.as_deref(),
        output.width,
    ))
}
