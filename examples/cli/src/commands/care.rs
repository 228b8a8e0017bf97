//! Backups, restoring one, all rows out and in, looking for damage and repairing it.

use std::io::{BufWriter, stdout};
use std::path::Path;

use atlas_core::{Atlas, Error, Result};
use serde_json::json;

use super::{Database, absent, readable};
use crate::args::care as args;
use crate::output::Output;
use crate::progress::Bar;
use crate::show;

pub fn backup(db: &Database, args: &args::Backup, output: Output) -> Result<()> {
    let file = &args.path;
    let Some(keep) = args.keep else {
        absent("PATH", file, "a new file: a backup overwrites nothing")?;
        db.open()?.database().backup(file)?;
        let bytes = show::info::bytes_of(file);
        let value = json!({"database": shown(&db.path), "backup": shown(file), "bytes": bytes});
        return output.answer(&value, |_| show::care::backed_up(file, bytes, 0));
    };
    let made = db.open()?.database().backup_to_folder(file, keep)?;
    let bytes = show::info::bytes_of(&made.path);
    let value = json!({
        "database": shown(&db.path), "backup": shown(&made.path), "bytes": bytes,
        "removed": made.removed.iter().map(|path| shown(path)).collect::<Vec<_>>()
    });
    output.answer(&value, |_| {
        show::care::backed_up(&made.path, bytes, made.removed.len())
    })
}

/// As text: JSON cannot hold a path that is not Unicode.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

pub fn restore(db: &Database, args: &args::Restore, output: Output) -> Result<()> {
    if db.read_only {
        return Err(Error::ReadOnlyDatabase {
            path: db.path.clone(),
            reason: "it was opened only for reading".to_owned(),
        });
    }
    let restored = atlas_core::Database::restore(&args.backup, &db.path)?;
    output.answer(&restored, |_| show::care::restored(&restored))
}

pub fn export_all(db: &Database, args: &args::ExportAll, output: Output) -> Result<()> {
    let atlas = db.open()?;
    let file = &args.file;
    if file.as_os_str() == "-" {
        atlas
            .database()
            .export_all(BufWriter::new(stdout().lock()))?;
        return Ok(());
    }
    absent("FILE", file, "a new file: an export overwrites nothing")?;
    let mut bar = Bar::new(output.json);
    let rows = atlas
        .database()
        .export_all_to(file, &mut |progress| bar.show(progress))?;
    drop(bar);
    output.answer(&json!({"file": shown(file), "rows": rows}), |_| {
        show::care::exported(file, &rows)
    })
}

pub fn import_all(db: &Database, args: &args::ImportAll, output: Output) -> Result<()> {
    // Before the database is made: a mistyped name leaves nothing behind.
    readable(&args.file)?;
    let atlas = Atlas::builder().read_only(db.read_only).open(&db.path)?;
    let mut bar = Bar::new(output.json);
    let rows = atlas
        .database()
        .import_all(&args.file, &mut |progress| bar.show(progress))?;
    drop(bar);
    output.answer(&json!({"database": shown(&db.path), "rows": rows}), |_| {
        show::care::imported(&db.path, &rows)
    })
}

/// Whether nothing is amiss, or nothing any more.
pub fn check(db: &Database, args: &args::Check, output: Output) -> Result<bool> {
    let atlas = db.open()?;
    if args.repair {
        let mut bar = Bar::new(output.json);
        let repair = atlas
            .database()
            .repair(&mut |progress| bar.show(progress))?;
        drop(bar);
        output.answer(&repair, |width| show::care::repaired(&repair, width))?;
        return Ok(repair.left.is_empty());
    }
    let faults = atlas.database().check()?;
    let value = json!({"sound": faults.is_empty(), "faults": faults});
    output.answer(&value, |width| show::info::checked(&faults, width))?;
    Ok(faults.is_empty())
}
