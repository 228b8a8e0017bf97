//! Callbacks that call the library: none of them waits for the call that it is part of.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use atlas_core::domain::{
    Draft, Feedback, FeedbackTarget, ReadOptions, Step, TestImport, TestPattern, TicketImport,
    WorkFilter, silent,
};
use atlas_core::http::{Request, Response, Secret, SystemClock, Transport, TransportError};
use atlas_core::jira::{JiraClient, SyncOptions};
use atlas_core::learning::backtest::BacktestOptions;
use atlas_core::learning::mining::DetectOptions;
use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};
use atlas_core::pipeline::{
    Blended, Blender, Candidate, Predictor, Query, ScenarioRef, Suggestions, Vote, WeightedSum,
};
use atlas_core::{Atlas, Result};

use super::every_call::{Calls, KEY, every_call, jira, ticket, write_files};
use super::noon;

/// After this long a call that has not come back never will.
const NEVER: Duration = Duration::from_secs(300);

/// Who calls the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Progress,
    Writer,
    Predictor,
    Reasons,
    Blender,
    Clock,
    Transport,
}

/// What all callbacks of one database share.
#[derive(Default)]
struct Hook {
    atlas: OnceLock<Weak<Atlas>>,
    client: OnceLock<JiraClient>,
    folder: OnceLock<tempfile::TempDir>,
    /// Who is to call everything, the next time that it is called itself.
    next: Mutex<Option<By>>,
    done: Mutex<Option<Calls>>,
}

impl Hook {
    fn called(&self, by: By) {
        let is_next = {
            let mut next = self.next.lock().unwrap();
            let is_next = *next == Some(by);
            if is_next {
                *next = None;
            }
            is_next
        };
        if is_next && let Some(atlas) = self.atlas.get().and_then(Weak::upgrade) {
            let calls = every_call(&atlas, self.client.get().unwrap(), self.folder());
            *self.done.lock().unwrap() = Some(calls);
        }
    }

    fn folder(&self) -> &Path {
        self.folder.get().unwrap().path()
    }
}

struct Asks(Arc<Hook>);

impl Predictor for Asks {
    fn name(&self) -> &str {
        "asks"
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        self.0.called(By::Predictor);
        let first = query.index.patterns.rows.first();
        let named = first.map(|row| Candidate::new(ScenarioRef::Pattern(row.id), 0.7));
        Ok(Suggestions {
            scenarios: named.into_iter().collect(),
            ..Suggestions::default()
        })
    }

    fn explain(&self, _: &Query<'_>, _: &[i64]) -> Vec<Vec<atlas_core::domain::Reason>> {
        self.0.called(By::Reasons);
        Vec::new()
    }
}

struct Sums(Arc<Hook>);

impl Blender for Sums {
    fn blend(&self, votes: &[Vote<'_>]) -> Result<Vec<Blended>> {
        self.0.called(By::Blender);
        WeightedSum.blend(votes)
    }
}

struct Nowhere(Arc<Hook>);

impl Transport for Nowhere {
    fn send(&self, _: &Request) -> std::result::Result<Response, TransportError> {
        self.0.called(By::Transport);
        Err(TransportError::lasting("nobody answers"))
    }
}

struct Tells<'a>(&'a Hook);

impl Write for Tells<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.called(By::Writer);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A database of which every callback is the test's: in a file, or in memory.
fn hooked(in_file: bool) -> (Arc<Atlas>, Arc<Hook>) {
    let hook = Arc::new(Hook::default());
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let database = folder.path().join("work.db");
    hook.folder.set(folder).unwrap();
    let transport: Arc<dyn Transport> = Arc::new(Nowhere(hook.clone()));
    assert!(hook.client.set(jira(transport.clone())).is_ok());
    let settings = FlowNexusSettings::new(Secret::new("hunter2")).unwrap();
    let clock = hook.clone();
    let builder = Atlas::builder()
        .starter_catalogue(false)
        .cache(false)
        .retrain_after(None)
        .predictor(Asks(hook.clone()))
        .blender(Sums(hook.clone()))
        .flow_nexus(FlowNexusClient::with_transport(
            settings,
            transport,
            Arc::new(SystemClock),
        ))
        .clock(move || {
            clock.called(By::Clock);
            noon()
        });
    let atlas = match in_file {
        true => builder.open(database),
        false => builder.open_in_memory(),
    };
    let atlas = Arc::new(atlas.unwrap());
    hook.atlas.set(Arc::downgrade(&atlas)).unwrap();
    (atlas, hook)
}

/// Tickets, a pattern and one answer.
fn fill(atlas: &Atlas) {
    let mut told = ticket(KEY, "Export is empty");
    let steps = "Steps to reproduce:\n1. Open the list\n2. Press Export\n\nExpected: rows";
    told.description = Some(steps.to_owned());
    let mut again = ticket("WRKA-2", "Export of clients is empty");
    again.description = told.description.clone();
    atlas.tickets().add(&[told, again]).unwrap();
    let mut pattern = TestPattern::new("Rows are exported", "Data Export");
    pattern.key = Some("P-1".to_owned());
    pattern.steps = vec![Step::new("Press Export", "There are rows")];
    atlas.patterns().add(&pattern).unwrap();
    let first = atlas.predict(KEY, 1).unwrap().scenarios[0].prediction_id;
    let target = FeedbackTarget::Scenario(first.unwrap());
    atlas.feedback(target, &Feedback::accepted()).unwrap();
}

/// Runs `call` while `by` is to call everything; fails where that does not come back.
fn within(name: &str, by: By, in_file: bool, filled: bool, call: fn(&Atlas, &Hook)) {
    let (atlas, hook) = hooked(in_file);
    if filled {
        fill(&atlas);
    }
    let (send, done) = channel();
    let (asked, seen) = (atlas.clone(), hook.clone());
    let thread = thread::spawn(move || {
        *seen.next.lock().unwrap() = Some(by);
        call(&asked, &seen);
        let _ = send.send(());
    });
    let place = if in_file { "in a file" } else { "in memory" };
    match done.recv_timeout(NEVER) {
        Ok(()) => thread.join().unwrap(),
        Err(RecvTimeoutError::Disconnected) => thread.join().unwrap(),
        Err(RecvTimeoutError::Timeout) => {
            panic!("{name} {place}: a call by the {by:?} never came back")
        }
    }
    let calls = hook.done.lock().unwrap().take();
    let calls = calls.unwrap_or_else(|| panic!("{name} {place}: no {by:?} was called"));
    assert!(calls.len() > 80);
    assert!(
        calls.busy().is_empty(),
        "{name} {place}: {:?}",
        calls.busy()
    );
}

fn both(name: &str, by: By, filled: bool, call: fn(&Atlas, &Hook)) {
    within(name, by, true, filled, call);
    within(name, by, false, filled, call);
}

/// A progress callback that calls everything.
macro_rules! tell {
    ($hook:ident) => {
        &mut |_| {
            $hook.called(By::Progress);
            ControlFlow::Continue(())
        }
    };
}

#[test]
fn every_method_is_called_by_these_tests() {
    let called: String = include_str!("every_call.rs").split_whitespace().collect();
    let areas = atlas_surface::areas(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let (mut methods, mut missing) = (0, Vec::new());
    for area in &areas {
        for method in area.methods.iter().filter(|method| method.takes_self) {
            methods += 1;
            let object = area
                .accessor
                .as_ref()
                .map(|accessor| format!("{accessor}()."));
            let call = format!("atlas.{}{}(", object.unwrap_or_default(), method.name);
            if !called.contains(&call) {
                missing.push(call);
            }
        }
    }
    assert!(methods > 100, "{methods}");
    assert!(missing.is_empty(), "add to every_call.rs: {missing:?}");
}

#[test]
fn a_progress_callback_of_a_whole_import_or_export_may_call_everything() {
    both("import_all", By::Progress, false, |atlas, hook| {
        let mut rows = String::new();
        let all = std::fs::read_to_string(hook.folder().join("all.jsonl")).unwrap();
        let (rest, _) = all.trim_end().rsplit_once('\n').unwrap();
        rows.push_str(rest);
        let row = "{\"table\":\"atlas_settings\",\"row\":{\"key\":\"x";
        (0..600).for_each(|n| rows.push_str(&format!("\n{row}{n}\",\"value\":\"1\"}}}}")));
        rows.push_str(&format!(
            "\n{{\"rows\":{}}}\n",
            rest.lines().count() - 1 + 600
        ));
        let many = hook.folder().join("many.jsonl");
        std::fs::write(&many, rows).unwrap();
        // What the callback stored is there: the import says so and changes nothing.
        let refused = atlas.database().import_all(many, tell!(hook)).unwrap_err();
        assert_eq!(refused.code(), "DATABASE_NOT_EMPTY");
    });
    both("export_all_to", By::Progress, true, |atlas, hook| {
        let many: Vec<_> = (10..700)
            .map(|n| ticket(&format!("WRKA-{n}"), "Slow"))
            .collect();
        atlas.tickets().add(&many).unwrap();
        let to = hook.folder().join("out.jsonl");
        atlas.database().export_all_to(to, tell!(hook)).unwrap();
    });
}

#[test]
fn a_progress_callback_of_a_reader_may_call_everything() {
    both("import_tickets", By::Progress, true, |atlas, hook| {
        atlas
            .tickets()
            .import_file(hook.folder().join("tickets.csv"), tell!(hook))
            .unwrap();
    });
    both("a dry run", By::Progress, true, |atlas, hook| {
        let dry = TicketImport {
            dry_run: true,
            ..TicketImport::default()
        };
        let path = hook.folder().join("tickets.csv");
        atlas
            .tickets()
            .import_file_with(path, &dry, tell!(hook))
            .unwrap();
    });
    both("import_patterns", By::Progress, true, |atlas, hook| {
        let options = TestImport::default();
        let path = hook.folder().join("patterns.csv");
        atlas
            .patterns()
            .import_file_with(path, &options, tell!(hook))
            .unwrap();
    });
    both("import_results", By::Progress, true, |atlas, hook| {
        let path = hook.folder().join("results.xml");
        atlas
            .learning()
            .import_results(path, &TestImport::default(), tell!(hook))
            .unwrap();
    });
    both("import_history", By::Progress, true, |atlas, hook| {
        let path = hook.folder().join("history.csv");
        atlas
            .learning()
            .import_history_with(path, &ReadOptions::default(), tell!(hook))
            .unwrap();
    });
    both("import_training", By::Progress, true, |atlas, hook| {
        atlas
            .learning()
            .import_training(hook.folder().join("training.jsonl"), tell!(hook))
            .unwrap();
    });
}

#[test]
fn a_progress_callback_of_a_long_reckoning_may_call_everything() {
    both("encode_pending", By::Progress, true, |atlas, hook| {
        atlas
            .tickets()
            .add(&[ticket("WRKA-3", "The list is empty")])
            .unwrap();
        atlas.database().encode(tell!(hook)).unwrap();
    });
    both("detect_patterns", By::Progress, true, |atlas, hook| {
        atlas
            .patterns()
            .detect(&DetectOptions::default(), tell!(hook))
            .unwrap();
    });
    both("backtest", By::Progress, true, |atlas, hook| {
        let _ = atlas.backtest(&BacktestOptions::default(), tell!(hook));
    });
    both("retrain", By::Progress, true, |atlas, hook| {
        let _ = atlas.learning().retrain(tell!(hook));
    });
    both("sync", By::Progress, true, |atlas, hook| {
        let client = hook.client.get().unwrap();
        let _ = atlas.sync(client, &SyncOptions::default(), tell!(hook));
    });
}

#[test]
fn a_writer_may_call_everything() {
    both("export_all", By::Writer, true, |atlas, hook| {
        atlas.database().export_all(Tells(hook)).unwrap();
    });
    both("export_training", By::Writer, true, |atlas, hook| {
        atlas.learning().export_training(Tells(hook)).unwrap();
    });
}

#[test]
fn a_plugin_may_call_everything() {
    for by in [By::Predictor, By::Reasons, By::Blender] {
        both("predict", by, true, |atlas, _| {
            atlas.predict(KEY, 3).unwrap();
        });
    }
    both("predict_draft", By::Predictor, true, |atlas, _| {
        atlas.predict(&Draft::new("Export is empty"), 3).unwrap();
    });
    both("backtest", By::Predictor, true, |atlas, _| {
        let _ = atlas.backtest(&BacktestOptions::default(), &mut silent);
    });
    both("retrain", By::Predictor, true, |atlas, _| {
        let _ = atlas.learning().retrain(&mut silent);
    });
}

#[test]
fn a_transport_may_call_everything() {
    both("predict", By::Transport, false, |atlas, _| {
        atlas
            .tickets()
            .add(&[ticket(KEY, "Export is empty")])
            .unwrap();
        atlas.predict(KEY, 3).unwrap();
    });
    both("sync", By::Transport, true, |atlas, hook| {
        let client = hook.client.get().unwrap();
        let mut go_on = |_| ControlFlow::Continue(());
        let _ = atlas.sync(client, &SyncOptions::default(), &mut go_on);
    });
    both("my_work_live", By::Transport, true, |atlas, hook| {
        let client = hook.client.get().unwrap();
        let work = atlas
            .tickets()
            .work_live(client, &WorkFilter::default(), 3, 0)
            .unwrap();
        assert!(work.live_failed.is_some());
    });
}

#[test]
fn a_clock_may_call_everything() {
    both("predict", By::Clock, true, |atlas, _| {
        atlas.predict(KEY, 3).unwrap();
    });
    both("feedback", By::Clock, true, |atlas, _| {
        let first = atlas.predictions().latest(KEY).unwrap().unwrap().scenarios[0].prediction_id;
        let target = FeedbackTarget::Scenario(first.unwrap());
        atlas.feedback(target, &Feedback::rejected()).unwrap();
    });
    both("standing", By::Clock, true, |atlas, _| {
        atlas.play().standing().unwrap();
    });
    both("set_note", By::Clock, true, |atlas, _| {
        atlas.tickets().set_note(KEY, Some("Ask")).unwrap();
    });
    both("greeting", By::Clock, true, |atlas, _| {
        // The first time is asked for by the tally, the second by the words.
        atlas.play().greeting().unwrap();
    });
}

/// Hangs in its first call until it is let go.
struct Hangs {
    first: AtomicBool,
    inside: Sender<()>,
    go_on: Mutex<Receiver<()>>,
}

impl Predictor for Hangs {
    fn name(&self) -> &str {
        "hangs"
    }

    fn predict(&self, _: &Query<'_>) -> Result<Suggestions> {
        if self.first.swap(false, Ordering::SeqCst) {
            self.inside.send(()).unwrap();
            // Ends when the test lets go, also by failing.
            let _ = self.go_on.lock().unwrap().recv();
        }
        Ok(Suggestions::default())
    }
}

#[test]
fn a_plugin_that_hangs_holds_up_its_own_call_alone() {
    let (inside, is_inside) = channel();
    let (let_go, go_on) = channel();
    let hangs = Hangs {
        first: AtomicBool::new(false),
        inside,
        go_on: Mutex::new(go_on),
    };
    let hangs: &'static Hangs = Box::leak(Box::new(hangs));
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .cache(false)
        .retrain_after(None)
        .clock(noon)
        .predictor(Shared(hangs))
        .open_in_memory()
        .unwrap();
    let atlas = Arc::new(atlas);
    fill(&atlas);
    hangs.first.store(true, Ordering::SeqCst);
    let asks = atlas.clone();
    let hanging = thread::spawn(move || asks.predict(KEY, 1).map(|p| p.scenarios.len()));
    is_inside.recv_timeout(NEVER).unwrap();
    let client = jira(Arc::new(Nowhere(Arc::default())));
    let calls = every_call(&atlas, &client, folder.path());
    assert!(calls.busy().is_empty(), "{:?}", calls.busy());
    assert!(!hanging.is_finished());
    drop(let_go);
    assert_eq!(hanging.join().unwrap().unwrap(), 1);
}

/// A plugin that the test looks at too.
struct Shared(&'static Hangs);

impl Predictor for Shared {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        self.0.predict(query)
    }
}

/// Asks what it is asked.
#[derive(Default)]
struct Echoes(OnceLock<Weak<Atlas>>, AtomicUsize);

impl Predictor for &'static Echoes {
    fn name(&self) -> &str {
        "echoes"
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        self.1.fetch_add(1, Ordering::SeqCst);
        if let Some(atlas) = self.0.get().and_then(Weak::upgrade) {
            atlas.predict(query.draft, 1)?;
        }
        Ok(Suggestions::default())
    }
}

#[test]
fn a_plugin_that_asks_what_it_is_asked_ends_and_is_told_of() {
    let echoes: &'static Echoes = Box::leak(Box::default());
    let atlas = Atlas::builder().clock(noon).predictor(echoes);
    let atlas = Arc::new(atlas.open_in_memory().unwrap());
    echoes.0.set(Arc::downgrade(&atlas)).unwrap();
    let prediction = atlas.predict(&Draft::new("Login fails"), 3).unwrap();
    assert_eq!(prediction.scenarios.len(), 3);
    assert_eq!(echoes.1.load(Ordering::SeqCst), 3);
    // Only the innermost call is without the plugin, so a later one begins anew.
    atlas.predict(&Draft::new("Login fails"), 3).unwrap();
    assert_eq!(echoes.1.load(Ordering::SeqCst), 6);
}
