//! What each command does: open the database, ask ATLAS, give the answer.

mod care;
mod coverage;
mod feedback;
pub mod learning;
mod memory;
mod patterns;
mod profile;
mod sync;

use std::io::Read;
use std::path::{Path, PathBuf};

use atlas_core::domain::{Draft, ImportReport, ProgressFn, Ticket, TicketFilter};
use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};
use atlas_core::{Atlas, AtlasBuilder, Error, Result, SimilarOptions};
use serde::Serialize;
use serde_json::json;

use crate::args::coverage::Training;
use crate::args::{Analyze, Cli, Command, Duplicates, Files, Predict, Question, Similar};
use crate::environment::variables;
use crate::mcp;
use crate::output::Output;
use crate::progress::Bar;
use crate::show::{self, Asked};
use crate::{demo, show::info::Info};

/// Runs a command; says whether all is well.
pub fn run(cli: &Cli, output: Output) -> Result<bool> {
    let db = Database::of(cli);
    match &cli.command {
        Command::Import(files) => db.import(files, output, |atlas, file, bar| {
            atlas.import_tickets(file, bar)
        })?,
        Command::ImportPatterns(files) => {
            db.import(files, output, |atlas, file, bar| {
                atlas.import_patterns(file, bar)
            })?;
        }
        Command::ImportHistory(files) => db.import(files, output, |atlas, file, bar| {
            atlas.import_history(file, bar)
        })?,
        Command::Sync(args) => sync::run(&db, args, output)?,
        Command::Analyze(args) => analyze(&db.open()?, args, output)?,
        Command::Predict(args) => predict(&db, args, output)?,
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
        Command::NotSimilar(args) => feedback::not_similar(&db.open()?, args, output)?,
        Command::Gaps(args) => coverage::gaps(&db.open()?, args, output)?,
        Command::Questions(args) => coverage::questions(&db.open()?, args, output)?,
        Command::Training(Training::Export(args)) => {
            coverage::export(&db.open()?, &args.file, output)?;
        }
        Command::Training(Training::Import(files)) => {
            db.import(files, output, |atlas, file, bar| {
                atlas.import_training(file, bar)
            })?;
        }
        Command::Similar(args) => similar(&db.open()?, args, output)?,
        Command::Duplicates(args) => duplicates(&db.open()?, args, output)?,
        Command::Patterns(args) => patterns::run(&db.open()?, args, &db.command, output)?,
        Command::Show(args) => {
            let ticket = db.open()?.ticket(&args.key)?;
            output.answer(&ticket, |width| show::ticket::text(&ticket, width))?;
        }
        Command::Encode => encode(&db.open()?, output)?,
        Command::Info => {
            let info = Info::of(&db.open()?, &db.path)?;
            output.answer(&info, |_| show::info::text(&info))?;
        }
        Command::Memory(command) => memory::run(&db.open()?, command, output)?,
        Command::Profile(args) => profile::profile(&db.open()?, args, output)?,
        Command::Settings(args) => profile::settings(&db.open()?, args, output)?,
        Command::Backup(args) => care::backup(&db, args, output)?,
        Command::Restore(args) => care::restore(&db, args, output)?,
        Command::ExportAll(args) => care::export_all(&db, args, output)?,
        Command::ImportAll(args) => care::import_all(&db, args, output)?,
        Command::Check => return check(&db.open()?, output),
        Command::Mcp(args) => mcp::serve(&db.open_with(remote_builder()?)?, args.read_only)?,
        Command::Demo => demo::run(cli.db.as_deref(), output)?,
    }
    Ok(true)
}

/// The database that a command works on.
struct Database {
    path: PathBuf,
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
        Database { path, command }
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
        builder.open(&self.path)
    }

    /// Runs a command that may teach something, and waits until it is learned.
    fn observing(&self, output: Output, command: impl FnOnce(&Atlas) -> Result<()>) -> Result<()> {
        let atlas = self.open()?;
        learning::observing(&atlas, output, || command(&atlas))
    }

    /// Imports files, making the database where it is missing. What was imported before a file
    /// that fails is reported and kept.
    fn import(&self, args: &Files, output: Output, import: Importer) -> Result<()> {
        for file in &args.files {
            // Before the database is made: a mistyped name leaves nothing behind.
            readable(file)?;
        }
        let atlas = Atlas::open(&self.path)?;
        let before = learning::newest(&atlas)?;
        let mut imported = Vec::new();
        let outcome = args.files.iter().try_for_each(|file| {
            imported.push(Imported::from(&atlas, file, output, import)?);
            Ok(())
        });
        if !imported.is_empty() {
            let learned = learning::wait(&atlas, before, output)?;
            let next = if outcome.is_ok() {
                show::import::next(&atlas.counts()?, &self.command)
            } else {
                String::new()
            };
            output.answer(&json!({"files": imported}), |width| {
                show::import::text(&imported, width) + &learned + &next
            })?;
        }
        outcome
    }
}

/// One of ATLAS's imports.
pub type Importer = fn(&Atlas, &Path, ProgressFn<'_>) -> Result<ImportReport>;

/// A file and what its import did.
#[derive(Debug, Serialize)]
pub struct Imported {
    pub file: PathBuf,
    #[serde(flatten)]
    pub report: ImportReport,
}

impl Imported {
    /// Imports a file behind a progress bar.
    pub fn from(atlas: &Atlas, file: &Path, output: Output, import: Importer) -> Result<Self> {
        let mut bar = Bar::new(output.json);
        let report = import(atlas, file, &mut |progress| bar.show(progress))?;
        Ok(Imported {
            file: file.to_owned(),
            report,
        })
    }
}

fn analyze(atlas: &Atlas, args: &Analyze, output: Output) -> Result<()> {
    let (asked, analysis) = match subject(atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let analysis = atlas.analyze(ticket.key.as_str())?;
            (Asked::from(&*ticket), analysis)
        }
        Subject::Text(mut draft) => {
            draft.components.clone_from(&args.components);
            (Asked::from(&draft), atlas.analyze_draft(&draft)?)
        }
    };
    output.answer(&analysis, |width| {
        show::analysis::text(&asked, &analysis, width)
    })
}

/// Asks Flow-Nexus for predictions where its key is set.
fn remote_builder() -> Result<AtlasBuilder> {
    let builder = Atlas::builder();
    match FlowNexusSettings::from_variables(variables()?)? {
        Some(settings) => Ok(builder.flow_nexus(FlowNexusClient::new(settings)?)),
        None => Ok(builder),
    }
}

fn predict(db: &Database, args: &Predict, output: Output) -> Result<()> {
    let mut builder = remote_builder()?;
    if let Some(file) = &args.rules {
        let rules = std::fs::read_to_string(file).map_err(|source| Error::File {
            path: file.clone(),
            source,
        })?;
        builder = builder.edge_case_rules(&rules);
    }
    let atlas = db.open_with(builder)?;
    let (asked, prediction) = match subject(&atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let prediction = atlas.predict(ticket.key.as_str(), args.top)?;
            (Asked::from(&*ticket), prediction)
        }
        Subject::Text(mut draft) => {
            draft.components.clone_from(&args.components);
            draft.priority.clone_from(&args.priority);
            let paragraphs = [draft.description.take(), args.description.clone()];
            let description: Vec<String> = paragraphs.into_iter().flatten().collect();
            draft.description = (!description.is_empty()).then(|| description.join("\n\n"));
            (Asked::from(&draft), atlas.predict_draft(&draft, args.top)?)
        }
    };
    output.answer(&prediction, |width| {
        show::prediction::text(&asked, &prediction, args.brief, width)
    })
}

fn similar(atlas: &Atlas, args: &Similar, output: Output) -> Result<()> {
    let filter = TicketFilter {
        projects: args.projects.clone(),
        components: args.components.clone(),
        statuses: args.statuses.clone(),
        created_from: args.from,
        created_before: args.before,
    };
    let options = SimilarOptions {
        limit: args.limit,
        threshold: args.threshold,
        filter,
    };
    let (asked, found) = match subject(atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let found = atlas.similar(ticket.key.as_str(), &options)?;
            (Asked::from(&*ticket), found)
        }
        Subject::Text(draft) => (
            Asked::from(&draft),
            atlas.similar_to_draft(&draft, &options)?,
        ),
    };
    let value = json!({"ticket_key": asked.key, "similar_tickets": found});
    output.answer(&value, |width| show::alike::similar(&asked, &found, width))
}

fn duplicates(atlas: &Atlas, args: &Duplicates, output: Output) -> Result<()> {
    let ticket = atlas.ticket(&args.ticket.key)?;
    let found = atlas.duplicates(ticket.key.as_str(), args.limit)?;
    let asked = Asked::from(&ticket);
    let value = json!({"ticket_key": asked.key, "duplicates": found});
    output.answer(&value, |width| {
        show::alike::duplicates(&asked, &found, width)
    })
}

fn encode(atlas: &Atlas, output: Output) -> Result<()> {
    let mut bar = Bar::new(output.json);
    let encoded = atlas.encode_pending(&mut |progress| bar.show(progress))?;
    drop(bar);
    output.answer(&json!({"encoded": encoded}), |_| {
        show::info::encoded(encoded)
    })
}

/// Says whether the database is sound.
fn check(atlas: &Atlas, output: Output) -> Result<bool> {
    let faults = atlas.check()?;
    let value = json!({"sound": faults.is_empty(), "faults": faults});
    output.answer(&value, |width| show::info::checked(&faults, width))?;
    Ok(faults.is_empty())
}

/// What a question is about.
enum Subject {
    Ticket(Box<Ticket>),
    Text(Draft),
}

fn subject(atlas: &Atlas, question: &Question) -> Result<Subject> {
    match (&question.key, &question.text) {
        (Some(key), _) => Ok(Subject::Ticket(Box::new(atlas.ticket(key)?))),
        (None, Some(text)) if text == "-" => Ok(Subject::Text(draft(&standard_input()?))),
        (None, text) => Ok(Subject::Text(draft(text.as_deref().unwrap_or_default()))),
    }
}

/// The first line is the title, the rest the text.
pub fn draft(text: &str) -> Draft {
    let (title, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    let draft = Draft::new(title.trim());
    if rest.trim().is_empty() {
        draft
    } else {
        draft.description(rest.trim())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_text_is_its_title() {
        let draft = draft("\n Login fails \n\nSince the update.\nOnly on phones.\n");
        assert_eq!(draft.summary, "Login fails");
        assert_eq!(
            draft.description.as_deref(),
            Some("Since the update.\nOnly on phones.")
        );
        assert_eq!(super::draft("Login fails").description, None);
    }
}
