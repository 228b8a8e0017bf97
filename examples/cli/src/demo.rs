//! `atlas demo`: the sample, imported and asked about as a user would.

use std::path::Path;

use atlas_core::learning::backtest::BacktestOptions;
use atlas_core::{Atlas, Result, SimilarOptions};
use serde_json::json;

use crate::commands::{Imported, absent, learning};
use crate::output::{Output, print};
use crate::progress::Bar;
use crate::sample;
use crate::show::{self, Asked};
use crate::style::{FAINT, KEY, paint};
use crate::text::wrap;

const TICKET: &str = "WRKA-1234";
const SCENARIOS: usize = 5;
/// Of these, shown with their steps.
const WHOLE: usize = 1;
const SIMILAR: usize = 5;

/// Shows ATLAS at work; the database is kept where `keep` names a file.
pub fn run(keep: Option<&Path>, output: Output) -> Result<()> {
    let folder = sample::folder()?;
    let db = keep.map_or_else(|| folder.path().join("demo.db"), Path::to_owned);
    absent(
        "--db",
        &db,
        "a new file, because the demonstration fills a database of its own",
    )?;
    let demo = Demo {
        atlas: Atlas::open(&db)?,
        command: command(keep),
        output,
    };
    demo.introduce(keep)?;
    let imported = demo.import(folder.path())?;
    // What the history taught answers from here on.
    let learned = learning::wait(&demo.atlas, 0, output)?;
    demo.print(|_| learned)?;
    let ticket = demo.atlas.tickets().get(TICKET)?;
    let asked = Asked::from(&ticket);
    let analysis = demo.atlas.analyze(TICKET)?;
    demo.say(&format!("analyze {TICKET}"), |width| {
        show::analysis::text(&asked, &analysis, width)
    })?;
    let prediction = demo.atlas.predict(TICKET, SCENARIOS)?;
    let line = format!("predict {TICKET} --top {SCENARIOS} --brief");
    demo.say(&line, |width| {
        show::prediction::text(&asked, &prediction, true, width)
    })?;
    let first = demo.atlas.predict(TICKET, WHOLE)?;
    demo.say(&format!("predict {TICKET} --top {WHOLE}"), |width| {
        show::prediction::text(&asked, &first, false, width)
    })?;
    let similar = demo.atlas.similar(
        TICKET,
        &SimilarOptions {
            limit: SIMILAR,
            ..SimilarOptions::default()
        },
    )?;
    let line = format!("similar {TICKET} --limit {SIMILAR}");
    demo.say(&line, |width| show::alike::similar(&asked, &similar, width))?;
    let mut bar = Bar::new(output.json);
    let options = BacktestOptions::default();
    let backtest = demo
        .atlas
        .backtest(&options, &mut |progress| bar.show(progress))?;
    drop(bar);
    demo.say("backtest --brief", |width| {
        show::backtest::text(&backtest, true, width)
    })?;
    if output.json {
        let value = json!({
            "database": keep, "files": imported, "analysis": analysis, "prediction": prediction,
            "similar_tickets": similar, "backtest": backtest
        });
        return output.answer(&value, |_| String::new());
    }
    demo.conclude(keep)
}

fn command(keep: Option<&Path>) -> String {
    format!(
        "atlas --db {}",
        keep.map_or_else(|| "demo.db".to_owned(), show::quoted)
    )
}

struct Demo {
    atlas: Atlas,
    /// What a user would type before a command.
    command: String,
    output: Output,
}

impl Demo {
    fn introduce(&self, keep: Option<&Path>) -> Result<()> {
        let place = if keep.is_some() {
            ""
        } else {
            " in a temporary database"
        };
        let text = format!(
            "ATLAS on a sample{place}: the tickets, test patterns and testing history of a case-management \
             system that does not exist."
        );
        self.print(|width| wrap(&text, width, "") + "\n\n")
    }

    fn import(&self, folder: &Path) -> Result<Vec<Imported>> {
        let all = sample::load(&self.atlas, folder, self.output)?;
        for (command, imported) in sample::commands().zip(&all) {
            let line = self.typed(&format!("{command} {}", imported.file.display()));
            let one = std::slice::from_ref(imported);
            self.print(|width| line + "\n" + &show::import::text(one, width))?;
        }
        Ok(all)
    }

    /// A command as typed, and its answer.
    fn say(&self, line: &str, text: impl FnOnce(usize) -> String) -> Result<()> {
        let typed = self.typed(line);
        self.print(|width| format!("\n{typed}\n{}", text(width)))
    }

    fn conclude(&self, keep: Option<&Path>) -> Result<()> {
        let hint = match keep {
            Some(_) => format!(
                "Ask it more: {}",
                paint(KEY, format!("{} predict WRKA-1243", self.command))
            ),
            None => format!(
                "Keep the database and ask it more: {}",
                paint(KEY, "atlas --db demo.db demo")
            ),
        };
        let own = paint(KEY, "atlas --db work.db import FILE");
        self.print(|_| format!("\n{hint}\nYour own tickets:  {own}\n"))
    }

    fn typed(&self, line: &str) -> String {
        format!(
            "{} {}",
            paint(FAINT, "$"),
            paint(KEY, format!("{} {line}", self.command))
        )
    }

    fn print(&self, text: impl FnOnce(usize) -> String) -> Result<()> {
        if self.output.json {
            Ok(())
        } else {
            print(&text(self.output.width))
        }
    }
}
