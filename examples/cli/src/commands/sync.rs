//! Bringing tickets from a live Jira.

use std::path::PathBuf;
use std::time::Duration;

use atlas_core::http::{NetworkSettings, Roots};
use atlas_core::jira::{JiraClient, JiraSettings, Schedule, SyncOptions, SyncOutcome};
use atlas_core::{Atlas, Result};
use serde_json::json;

use super::Database;
use crate::args::sync::{Kind, Sync};
use crate::environment::variables;
use crate::output::Output;
use crate::progress::Bar;
use crate::show;

/// How often it is looked whether a sync has ended.
const LOOK: Duration = Duration::from_millis(200);

/// Syncs once, or until the process is ended.
pub fn run(db: &Database, args: &Sync, output: Output) -> Result<()> {
    let client = client(args.kind, args.ca_file.clone())?;
    let options = SyncOptions {
        projects: args.projects.clone(),
        jql: args.jql.clone(),
        full: args.full,
        ..SyncOptions::default()
    };
    // A mistyped address or token leaves no database behind.
    client.myself()?;
    let atlas = Atlas::open(&db.path)?;
    let mut bar = Bar::new(output.json);
    let report = atlas.sync(&client, &options, &mut |progress| bar.sync(&progress));
    drop(bar);
    let report = report?;
    let site = client.settings().site.host().to_owned();
    let next = match args.every {
        None => show::import::next(&atlas.database().counts()?, &db.command),
        Some(_) => String::new(),
    };
    let value = json!({"site": site, "sync": report});
    let ids = Vec::from_iter(report.import_id);
    let hint = show::imports::hint(&ids, &db.command);
    output.answer(&value, |width| {
        show::sync::report(&site, &report, width) + &hint + &next
    })?;
    match &args.every {
        None => Ok(()),
        Some(schedule) => {
            let options = SyncOptions {
                full: false,
                ..options
            };
            go_on(&atlas, &client, &options, schedule, output)
        }
    }
}

/// Says what came of each sync, until the process is ended.
fn go_on(
    atlas: &Atlas,
    client: &JiraClient,
    options: &SyncOptions,
    schedule: &Schedule,
    output: Output,
) -> Result<()> {
    let site = client.settings().site.host();
    let mut last = atlas.jira().last_sync()?;
    atlas.jira().schedule(client, options, schedule)?;
    loop {
        std::thread::sleep(LOOK);
        let now = atlas.jira().last_sync()?;
        if let Some(outcome) = now.as_ref().filter(|_| now != last) {
            say(site, outcome, output)?;
        }
        last = now;
    }
}

fn say(site: &str, outcome: &SyncOutcome, output: Output) -> Result<()> {
    let value = json!({"site": site, "last_sync": outcome});
    output.answer(&value, |width| show::sync::outcome(site, outcome, width))
}

/// The Jira that the environment names.
pub fn client(kind: Option<Kind>, ca_file: Option<PathBuf>) -> Result<JiraClient> {
    let mut settings = JiraSettings::from_variables(variables()?)?;
    settings.kind = kind.map(Into::into);
    let roots = ca_file.map_or(Roots::System, Roots::File);
    JiraClient::on_network(settings, &NetworkSettings { roots })
}
