//! Test cases and results of other tools, in and out.

use std::path::PathBuf;

use atlas_core::domain::{PatternFilter, PatternOrigin, TestExport, TestImport, TestReport};
use atlas_core::{Atlas, Error, Result};
use serde::Serialize;
use serde_json::json;

use super::{Database, absent, learning, readable};
use crate::args::Origin;
use crate::args::exchange as args;
use crate::output::{Output, path_text};
use crate::progress::Bar;
use crate::show;

/// A file and what became of it.
#[derive(Debug, Serialize)]
pub struct Taken {
    #[serde(serialize_with = "path_text")]
    pub file: PathBuf,
    /// As in the other imports.
    pub new: u64,
    #[serde(flatten)]
    pub report: TestReport,
}

pub(super) fn import_patterns(
    db: &Database,
    args: &args::ImportPatterns,
    output: Output,
) -> Result<()> {
    let options = TestImport {
        format: args.format,
        columns: args.columns.iter().cloned().collect(),
        project: args.project.clone(),
        reading: args.reading.options(),
        dry_run: args.dry_run,
        ..TestImport::default()
    };
    import(db, &args.files, args.dry_run, output, |atlas, file, bar| {
        atlas
            .patterns()
            .import_file_with(file, &options, &mut |progress| bar.show(progress))
    })
}

pub(super) fn import_results(
    db: &Database,
    args: &args::ImportResults,
    output: Output,
) -> Result<()> {
    let options = TestImport {
        format: args.format,
        tickets: args.tickets.clone(),
        reading: args.reading.options(),
        dry_run: args.dry_run,
        ..TestImport::default()
    };
    import(db, &args.files, args.dry_run, output, |atlas, file, bar| {
        atlas
            .learning()
            .import_results(file, &options, &mut |progress| bar.show(progress))
    })
}

/// Imports files; what was imported before a file that fails is reported and kept.
fn import(
    db: &Database,
    files: &[PathBuf],
    dry_run: bool,
    output: Output,
    one: impl Fn(&Atlas, &PathBuf, &mut Bar) -> Result<TestReport>,
) -> Result<()> {
    for file in files {
        // Before the database is made: a mistyped name leaves nothing behind.
        readable(file)?;
    }
    let atlas = db.open_or_make(dry_run)?;
    let before = learning::newest(&atlas)?;
    let mut taken = Vec::new();
    let outcome = files.iter().try_for_each(|file| {
        let mut bar = Bar::new(output.json);
        let report = one(&atlas, file, &mut bar)?;
        taken.push(Taken {
            file: file.clone(),
            new: report.created,
            report,
        });
        Ok(())
    });
    if !taken.is_empty() {
        let learned = learning::wait(&atlas, before, output)?;
        let next = match outcome.is_ok() && !dry_run {
            true => show::import::next(&atlas.database().counts()?, &db.command),
            false => String::new(),
        };
        let ids = taken.iter().filter_map(|one: &Taken| one.report.import_id);
        let hint = show::imports::hint(&ids.collect::<Vec<_>>(), &db.command);
        output.answer(&json!({"files": taken}), |width| {
            show::exchange::taken(&taken, width) + &hint + &learned + &next
        })?;
    }
    outcome
}

pub(super) fn export(db: &Database, args: &args::Export, output: Output) -> Result<()> {
    if !args.overwrite && !args.dry_run {
        absent("FILE", &args.file, "a new file, or --overwrite")?;
    }
    let atlas = db.open()?;
    let options = TestExport {
        project: args.project.clone(),
        bdd: args.bdd,
        formula_guard: args.formula_guard,
        changed_only: args.changed_only,
        dry_run: args.dry_run,
        ..TestExport::new(args.format)
    };
    let report = if let Some(key) = &args.ticket {
        let chosen = chosen(&atlas, key, &args.scenarios)?;
        atlas
            .predictions()
            .export(key, &chosen, &args.file, &options)?
    } else if let Some(session) = args.session {
        atlas.sessions().export(session, &args.file, &options)?
    } else {
        let origin = args.origin.map(|origin| match origin {
            Origin::Starter => PatternOrigin::Starter,
            Origin::Imported => PatternOrigin::Imported,
            Origin::User => PatternOrigin::User,
            Origin::Mined => PatternOrigin::Mined,
        });
        let filter = PatternFilter {
            text: args.find.clone(),
            pattern_type: args.pattern_type.clone(),
            component: args.component.clone(),
            origin,
            active: None,
        };
        atlas.patterns().export(&filter, &args.file, &options)?
    };
    output.answer(&report, |width| show::exchange::exported(&report, width))
}

/// The ids of the scenarios at these places of the newest prediction.
fn chosen(atlas: &Atlas, key: &str, places: &[usize]) -> Result<Vec<i64>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let prediction = atlas.predictions().latest(key)?;
    let scenarios = prediction.map_or_else(Vec::new, |prediction| prediction.scenarios);
    let id = |place: &usize| {
        let scenario = place.checked_sub(1).and_then(|place| scenarios.get(place));
        scenario
            .and_then(|scenario| scenario.prediction_id)
            .ok_or_else(|| Error::InvalidValue {
                field: "scenario",
                value: place.to_string(),
                expected: format!(
                    "a place from 1 to {} of the newest prediction",
                    scenarios.len()
                ),
            })
    };
    places.iter().map(id).collect()
}
