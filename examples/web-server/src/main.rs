//! `atlas-web`: ATLAS in a browser, over one database.
//!
//! A host like the command line: it asks `Atlas` and decides nothing itself. axum on tokio; the
//! library is synchronous, so every call runs in a thread where it may block.
//!
//! | place | what it holds |
//! |---|---|
//! | `app.rs` | one `Atlas` for all; as many short calls at a time as threads can use, four long ones |
//! | `guard.rs` | who may ask: names (`Host`), origins, and the headers of every answer |
//! | `answer.rs`, `failure.rs`, `input.rs` | envelopes, parts of lists, statuses, and what a request brings |
//! | `long.rs` | long calls: events on the way, and a stop when the client goes away or the server ends |
//! | `routes/` | the API, a file per subject: what comes in, which method of `Atlas`, what goes out |
//! | `openapi.rs`, `docs.rs` | the document, and a page of plain HTML to read it on |
//! | `pages/` | HTML, style sheets and modules, compiled in; debug builds read the folder |
//!
//! - Results are the library's own. Its feature `schema` gives them `utoipa::ToSchema`, so the
//!   document has their documentation and cannot differ from what serde writes. `check` asks every
//!   operation and compares.
//! - An error's kind is its status: invalid 400, not found 404, conflict 409, remote 503 (and a
//!   database that is busy), all else 500 without a word of what happened, which goes to the
//!   server's output.
//! - A long call writes its progress into a place that holds the last one, so a slow client delays
//!   nothing. Dropping the answer cancels a `Control`, at which progress callbacks and clients of
//!   Jira stop.
//! - A cursor is where the list goes on: a row id for patterns, else a number of items.
//! - Addresses are names of this server only where it listens to more than this machine.

mod answer;
mod app;
mod args;
mod docs;
mod environment;
mod failure;
mod guard;
mod input;
mod long;
mod openapi;
mod pages;
mod routes;
mod sample;
mod server;

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use atlas_core::domain::{Draft, silent};
use atlas_core::http::{NetworkSettings, Roots};
use atlas_core::jira::{JiraClient, JiraSettings};
use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};
use atlas_core::{Atlas, Error, Result};
use clap::Parser;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use app::App;
use args::Args;
use guard::Names;
use server::Bound;

const MIB: usize = 1 << 20;
/// How long calls that do not hear of the stop are waited for.
const PATIENCE: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    match start(&Args::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("atlas-web: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &Args) -> Result<ExitCode> {
    let variable = environment::variables()?;
    let database = args.database(&variable);
    let port = args.port(&variable)?;
    let jira = jira(args, &variable)?;
    let mut builder = Atlas::builder();
    if let Some(settings) = FlowNexusSettings::from_variables(&variable)? {
        builder = builder.flow_nexus(FlowNexusClient::new(settings)?);
    }
    let failed = |source| Error::File {
        path: format!("{}:{port}", args.bind).into(),
        source,
    };
    let runtime = Runtime::new().map_err(failed)?;
    let Some(listener) = runtime.block_on(listen(args, port)).map_err(failed)? else {
        return Ok(ExitCode::FAILURE);
    };
    let atlas = builder.open(&database)?;
    if args.sample && atlas.database().counts()?.tickets == 0 {
        say(&format!("Loading the sample into {} …", database.display()));
        sample::load(&atlas, &mut silent)?;
    }
    let counts = atlas.database().counts()?;
    let address = listener.local_addr().map_err(failed)?;
    say(&format!(
        "ATLAS on {}: {} tickets, {} patterns\nOpen http://{address}   (Ctrl-C stops it)",
        database.display(),
        counts.tickets,
        counts.patterns,
    ));
    if !args.bind.is_loopback() {
        eprintln!(
            "Warning: everybody who reaches {address} can read and change this database; there is no log-in."
        );
    }
    let app = App::new(atlas, database, jira);
    let names = Names::new(args.bind, &args.allow_host);
    let router = server::router(app.clone(), names, args.max_upload as usize * MIB);
    let warm = app.clone();
    runtime.spawn_blocking(move || {
        // The first question would wait for the index otherwise. That it fails, the first will say.
        let _ = warm.atlas().analyze(&Draft::new("what is this about"));
    });
    let served = runtime
        .block_on(server::run(listener, app, router))
        .map_err(failed);
    runtime.shutdown_timeout(PATIENCE);
    served?;
    say("Stopped.");
    Ok(ExitCode::SUCCESS)
}

/// Tells the user; that nobody listens any more is no reason to end.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The Jira that the variables name, if they name one.
fn jira(args: &Args, variable: impl Fn(&str) -> Option<String>) -> Result<Option<JiraClient>> {
    let named = |name| variable(name).is_some_and(|value| !value.trim().is_empty());
    if !named("JIRA_INSTANCE_URL") && !named("JIRA_API_KEY") {
        return Ok(None);
    }
    let mut settings = JiraSettings::from_variables(variable)?;
    settings.kind = args.jira_kind.map(Into::into);
    let roots = args.ca_file.clone().map_or(Roots::System, Roots::File);
    JiraClient::on_network(settings, &NetworkSettings { roots }).map(Some)
}

/// Listens on the port. Where it is busy, the next free one is offered; nothing if that is not
/// taken.
async fn listen(args: &Args, port: u16) -> std::io::Result<Option<TcpListener>> {
    let next = match server::bind(args.bind, port).await? {
        Bound::Free(listener) => return Ok(Some(listener)),
        Bound::Busy { next } => next,
    };
    eprintln!("Port {port} of {} is in use by another program.", args.bind);
    let Some(next) = next else {
        return Ok(None);
    };
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        eprintln!("The next free one is {next}: atlas-web --port {next}");
        return Ok(None);
    }
    eprint!("The next free one is {next}. Use it? [Y/n] ");
    let mut answer = String::new();
    std::io::stderr().flush()?;
    std::io::stdin().lock().read_line(&mut answer)?;
    match answer.trim() {
        "" | "y" | "Y" | "yes" => match server::bind(args.bind, next).await? {
            Bound::Free(listener) => Ok(Some(listener)),
            Bound::Busy { .. } => Ok(None),
        },
        _ => Ok(None),
    }
}
