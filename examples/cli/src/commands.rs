//! What each command does: open the database, ask ATLAS, give the answer.

pub mod ask;
mod care;
mod coverage;
pub mod exchange;
mod feedback;
mod imports;
pub mod learning;
mod memory;
mod patterns;
mod profile;
pub mod session;
mod sync;
pub mod today;
mod work;

use std::io::Read;
use std::path::{Path, PathBuf};

use atlas_core::domain::{ImportReport, ProgressFn};
use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};
use atlas_core::{Atlas, AtlasBuilder, Error, Result};
use serde::Serialize;
use serde_json::json;

use crate::args::coverage::Training;
use crate::args::{Cli, Command};
use crate::environment::variables;
use crate::mcp;
use crate::output::{Output, note, path_text};
use crate::progress::Bar;
use crate::show::{self, info::Info};
use crate::{day, demo};

/// Runs a command; says whether all is well.
pub fn run(cli: &Cli, output: Output) -> Result<bool> {
    let db = Database::of(cli);
    match &cli.command {
        Command::Import(args) => {
            let options = args.options();
            db.import(&args.files, args.dry_run, output, &|atlas, file, bar| {
                atlas.tickets().import_file_with(file, &options, bar)
            })?;
        }
        Command::ImportPatterns(args) => exchange::import_patterns(&db, args, output)?,
        Command::ImportResults(args) => exchange::import_results(&db, args, output)?,
        Command::Imports => imports::imports(&db, output)?,
        Command::UndoImport(args) => {
            db.observing(output, |atlas| imports::undo(atlas, args, output))?;
        }
        Command::Sample(args) => imports::sample(&db, args, output)?,
        Command::Export(args) => exchange::export(&db, args, output)?,
        Command::ImportHistory(args) => {
            let options = args.reading.options();
            db.import(&args.files, false, output, &|atlas, file, bar| {
                atlas.learning().import_history_with(file, &options, bar)
            })?;
        }
        Command::Sync(args) => sync::run(&db, args, output)?,
        Command::Analyze(args) => ask::analyze(&db.open()?, args, output)?,
        Command::Review(args) => ask::review(&db.open()?, args, output)?,
        Command::Predict(args) => ask::predict(&db, args, output)?,
        Command::Latest(args) => feedback::latest(&db.open()?, args, output)?,
        Command::Feedback(args) => {
            db.observing(output, |atlas| feedback::feedback(atlas, args, output))?
        }
        Command::Missed(args) => {
            db.observing(output, |atlas| feedback::missed(atlas, args, output))?
        }
        Command::Undo(args) => db.observing(output, |atlas| feedback::undo(atlas, args, output))?,
        Command::Forget(args) => {
            db.observing(output, |atlas| feedback::forget(atlas, &args.key, output))?;
        }
        Command::Backtest(args) => learning::backtest(&db.open()?, args, output)?,
        Command::Retrain => learning::retrain(&db.open()?, output)?,
        Command::Models => learning::models(&db.open()?, output)?,
        Command::Rollback(args) => learning::rollback(&db.open()?, args, output)?,
        Command::EdgeCase(args) => feedback::edge_case(&db.open()?, args, output)?,
        Command::NotSimilar(args) => feedback::not_similar(&db.open()?, args, output)?,
        Command::Gaps(args) => coverage::gaps(&db.open()?, args, output)?,
        Command::Questions(args) => coverage::questions(&db.open()?, args, output)?,
        Command::Training(Training::Export(args)) => {
            coverage::export(&db.open()?, &args.file, output)?;
        }
        Command::Training(Training::Import(files)) => {
            db.import(&files.files, false, output, &|atlas, file, bar| {
                atlas.learning().import_training(file, bar)
            })?;
        }
        Command::Similar(args) => ask::similar(&db.open()?, args, output)?,
        Command::Duplicates(args) => ask::duplicates(&db.open()?, args, output)?,
        Command::Patterns(args) => patterns::run(&db.open()?, args, &db.command, output)?,
        Command::Show(args) => {
            let ticket = db.open()?.tickets().get(&args.key)?;
            output.answer(&ticket, |width| show::ticket::text(&ticket, width))?;
        }
        Command::Encode => encode(&db.open()?, output)?,
        Command::Info => {
            let info = Info::of(&db.open()?, &db.path)?;
            output.answer(&info, |_| show::info::text(&info))?;
        }
        Command::Work(args) => work::work(&db.open()?, args, output)?,
        Command::Recent(args) => work::recent(&db.open()?, args, output)?,
        Command::Note(args) => work::note(&db.open()?, args, output)?,
        Command::Notes(args) => work::notes(&db.open()?, args, output)?,
        Command::Session(command) => {
            db.observing(output, |atlas| session::run(atlas, command, output))?;
        }
        Command::Today => today::today(&db.open()?, output)?,
        Command::Activity(args) => today::activity(&db.open()?, args, output)?,
        Command::Achievements(args) => today::achievements(&db.open()?, args, output)?,
        Command::Challenge => today::challenge(&db.open()?, output)?,
        Command::Streak(args) => today::streak(&db.open()?, args, output)?,
        Command::Rebuild => today::rebuild(&db.open()?, output)?,
        Command::Day(args) => day::run(cli.db.as_deref(), args, output)?,
        Command::Memory(command) => memory::run(&db.open()?, command, output)?,
        Command::Profile(args) => profile::profile(&db.open()?, args, output)?,
        Command::Settings(args) => profile::settings(&db.open()?, args, output)?,
        Command::Backup(args) => care::backup(&db, args, output)?,
        Command::Restore(args) => care::restore(&db, args, output)?,
        Command::ExportAll(args) => care::export_all(&db, args, output)?,
        Command::ImportAll(args) => care::import_all(&db, args, output)?,
        Command::Check(args) => return care::check(&db, args, output),
        Command::Mcp => {
            // Predictions are kept all the same, so that agents can have them explained.
            let db = Database {
                read_only: false,
                ..db
            };
            let atlas = db.open_with(remote_builder()?)?;
            mcp::serve(
                &atlas,
                cli.read_only || atlas.database().read_only()?.is_some(),
            )?;
        }
        Command::Demo => demo::run(cli.db.as_deref(), output)?,
    }
    Ok(true)
}

/// The database that a command works on.
struct Database {
    path: PathBuf,
    /// Whether it is only read because the user wants it.
    read_only: bool,
    /// Whether a note can go to standard error, beside the answer.
    notes: bool,
    /// What to type to ask it something.
    command: String,
}

impl Database {
    fn of(cli: &Cli) -> Self {
        let from_environment = || {
            std::env::var_os("ATLAS_DB")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        let command = match &cli.db {
            Some(path) => format!("atlas --db {}", show::quoted(path)),
            None => "atlas".to_owned(),
        };
        let path = cli
            .db
            .clone()
            .or_else(from_environment)
            .unwrap_or_else(|| "atlas.db".into());
        Database {
            path,
            read_only: cli.read_only,
            notes: !cli.json,
            command,
        }
    }

    /// Opens a database that exists; reading makes none.
    fn open(&self) -> Result<Atlas> {
        self.open_with(Atlas::builder())
    }

    fn open_with(&self, builder: AtlasBuilder) -> Result<Atlas> {
        if self.path.as_os_str() != ":memory:" && !self.path.exists() {
            let reason = format!(
                "there is no such database; `{} import FILE` makes one",
                self.command
            );
            let source = std::io::Error::new(std::io::ErrorKind::NotFound, reason);
            return Err(Error::File {
                path: self.path.clone(),
                source,
            });
        }
        let atlas = builder.read_only(self.read_only).open(&self.path)?;
        if self.notes
            && !self.read_only
            && let Some(why) = atlas.database().read_only()?
        {
            note(&show::info::only_read(&self.path, &why));
        }
        Ok(atlas)
    }

    /// Opens a database to import into, making it; a dry run leaves no file behind.
    fn open_or_make(&self, dry_run: bool) -> Result<Atlas> {
        match dry_run && !self.path.exists() {
            true => Atlas::open_in_memory(),
            false => Atlas::builder().read_only(self.read_only).open(&self.path),
        }
    }

    /// Runs a command that may teach something, and waits until it is learned.
    fn observing(&self, output: Output, command: impl FnOnce(&Atlas) -> Result<()>) -> Result<()> {
        let atlas = self.open()?;
        learning::observing(&atlas, output, || command(&atlas))
    }

    /// Imports files, making the database where it is missing. What was imported before a file
    /// that fails is reported and kept.
    fn import(
        &self,
        files: &[PathBuf],
        dry_run: bool,
        output: Output,
        import: Importer<'_>,
    ) -> Result<()> {
        for file in files {
            // Before the database is made: a mistyped name leaves nothing behind.
            readable(file)?;
        }
        let atlas = self.open_or_make(dry_run)?;
        let before = learning::newest(&atlas)?;
        let mut imported = Vec::new();
        let outcome = files.iter().try_for_each(|file| {
            imported.push(Imported::from(&atlas, file, output, import)?);
            Ok(())
        });
        if !imported.is_empty() {
            let learned = learning::wait(&atlas, before, output)?;
            let next = if outcome.is_ok() && !dry_run {
                show::import::next(&atlas.database().counts()?, &self.command)
            } else {
                String::new()
            };
            let ids = imported
                .iter()
                .filter_map(|one: &Imported| one.report.import_id);
            let hint = show::imports::hint(&ids.collect::<Vec<_>>(), &self.command);
            output.answer(&json!({"files": imported}), |width| {
                show::import::text(&imported, width) + &hint + &learned + &next
            })?;
        }
        outcome
    }
}

/// One of ATLAS's imports.
pub type Importer<'a> = &'a dyn Fn(&Atlas, &Path, ProgressFn<'_>) -> Result<ImportReport>;

/// A file and what its import did.
#[derive(Debug, Serialize)]
pub struct Imported {
    #[serde(serialize_with = "path_text")]
    pub file: PathBuf,
    #[serde(flatten)]
    pub report: ImportReport,
}

impl Imported {
    /// Imports a file behind a progress bar.
    pub fn from(atlas: &Atlas, file: &Path, output: Output, import: Importer<'_>) -> Result<Self> {
        let mut bar = Bar::new(output.json);
        let report = import(atlas, file, &mut |progress| bar.show(progress))?;
        Ok(Imported {
            file: file.to_owned(),
            report,
        })
    }
}

/// Asks Flow-Nexus for predictions where its key is set.
fn remote_builder() -> Result<AtlasBuilder> {
    let builder = Atlas::builder();
    match FlowNexusSettings::from_variables(variables()?)? {
        Some(settings) => Ok(builder.flow_nexus(FlowNexusClient::new(settings)?)),
        None => Ok(builder),
    }
}

fn encode(atlas: &Atlas, output: Output) -> Result<()> {
    let mut bar = Bar::new(output.json);
    let encoded = atlas
        .database()
        .encode(&mut |progress| bar.show(progress))?;
    drop(bar);
    output.answer(&json!({"encoded": encoded}), |_| {
        show::info::encoded(encoded)
    })
}

fn standard_input() -> Result<String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|source| Error::File {
        path: "standard input".into(),
        source,
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn readable(file: &Path) -> Result<()> {
    std::fs::File::open(file)
        .map(drop)
        .map_err(|source| Error::File {
            path: file.to_owned(),
            source,
        })
}

/// Refuses a file that exists where a new one is made.
pub fn absent(field: &'static str, file: &Path, expected: &str) -> Result<()> {
    if file.exists() {
        let value = file.display().to_string();
        return Err(Error::InvalidValue {
            field,
            value,
            expected: expected.to_owned(),
        });
    }
    Ok(())
}
