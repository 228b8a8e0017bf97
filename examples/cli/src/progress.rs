//! Progress bars on standard error; none where that is no terminal.

use std::ops::ControlFlow;
use std::time::Duration;

use atlas_core::domain::{Progress, Stage};
use atlas_core::jira::{SyncProgress, SyncStage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const BYTES: &str = "{msg:>10} {bar:30} {binary_bytes}/{binary_total_bytes}";
const TICKETS: &str = "{msg:>10} {bar:30} {pos}/{len} tickets";
const COUNTED: &str = "{msg:>10} {bar:30} {pos}/{len}, {eta} left";
const SYNCED: &str = "{msg} {bar:30} {pos}/{len}";
const TEXTS: &str = "{msg:>10} {bar:30} {pos}/{len} texts, {eta} left";
/// How often a sign of life moves.
const TICK: Duration = Duration::from_millis(100);

/// Shows one bar for the work that is under way.
pub struct Bar {
    bar: ProgressBar,
    /// Its stage and amount: patterns and tickets are encoded one after the other.
    work: Option<(Stage, Option<u64>)>,
}

impl Bar {
    /// A bar, or nothing where answers are JSON or standard error is no terminal.
    pub fn new(json: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if json {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Bar { bar, work: None }
    }

    /// A sign of life for work that nobody counts.
    pub fn waiting(json: bool, what: &'static str) -> Self {
        let bar = Bar::new(json);
        bar.bar.set_style(ProgressStyle::default_spinner());
        bar.bar.set_message(what);
        bar.bar.enable_steady_tick(TICK);
        bar
    }

    /// Takes a report.
    pub fn show(&mut self, progress: Progress) -> ControlFlow<()> {
        let work = Some((progress.stage, progress.total));
        if std::mem::replace(&mut self.work, work) != work {
            let (message, template) = match progress.stage {
                Stage::Importing => ("importing", BYTES),
                Stage::Replaying => ("replaying", TICKETS),
                Stage::Learning => ("learning", TICKETS),
                Stage::Reading => ("reading", COUNTED),
                Stage::Comparing => ("comparing", COUNTED),
                Stage::Exporting => ("exporting", COUNTED),
                _ => ("encoding", TEXTS),
            };
            let style = ProgressStyle::with_template(template)
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            self.bar.set_style(style);
            self.bar.set_message(message);
            self.bar.reset();
            self.bar.set_length(progress.total.unwrap_or(0));
        }
        self.bar.set_position(progress.done);
        ControlFlow::Continue(())
    }

    /// Takes a report of a sync.
    pub fn sync(&mut self, progress: &SyncProgress) -> ControlFlow<()> {
        if let Ok(style) = ProgressStyle::with_template(SYNCED) {
            self.bar.set_style(style);
        }
        let doing = match progress.stage {
            SyncStage::Reading => "reading tickets",
            SyncStage::Comparing => "comparing ids",
            _ => "encoding",
        };
        let message = match &progress.waiting {
            Some(waiting) => {
                let until = waiting.until.strftime("%H:%M:%SZ");
                format!("waiting until {until}: {}", waiting.reason)
            }
            None => format!("{doing}, {} texts encoded", progress.encoded),
        };
        self.bar.set_message(message);
        self.bar
            .set_length(progress.total.unwrap_or(progress.done).max(progress.done));
        self.bar.set_position(progress.done);
        ControlFlow::Continue(())
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
