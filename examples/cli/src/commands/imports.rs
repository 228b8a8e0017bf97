//! Imports that are done, and taking one back; the sample, in and out.

use atlas_core::{Atlas, Result};
use serde_json::json;

use super::{Database, learning};
use crate::args::imports as args;
use crate::output::Output;
use crate::{sample, show};

pub(super) fn imports(db: &Database, output: Output) -> Result<()> {
    let imports = db.open()?.database().imports()?;
    output.answer(&json!({"imports": imports}), |width| {
        show::imports::list(&imports, &db.command, width)
    })
}

pub(super) fn undo(atlas: &Atlas, args: &args::UndoImport, output: Output) -> Result<()> {
    let undone = atlas.database().undo_import(args.id)?;
    output.answer(&undone, |width| show::imports::undone(&undone, width))
}

pub(super) fn sample(db: &Database, args: &args::Sample, output: Output) -> Result<()> {
    if args.command.is_some() {
        return db.observing(output, |atlas| remove_sample(atlas, output));
    }
    let folder = sample::folder()?;
    let atlas = db.open_or_make(false)?;
    let before = learning::newest(&atlas)?;
    let imported = sample::load(&atlas, folder.path(), output)?;
    let learned = learning::wait(&atlas, before, output)?;
    output.answer(&json!({"files": imported}), |width| {
        show::import::text(&imported, width) + &learned + &show::imports::removal(&db.command)
    })
}

fn remove_sample(atlas: &Atlas, output: Output) -> Result<()> {
    let undone = atlas.database().remove_sample()?;
    output.answer(&json!({"undone": undone}), |width| {
        show::imports::sample_removed(&undone, width)
    })
}
