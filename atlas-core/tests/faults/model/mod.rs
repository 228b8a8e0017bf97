//! Random sequences of calls on an open database, against a plain model of what must be stored.

mod calls;
mod compare;
mod feedback;
mod found;
mod library;
mod random;
mod sessions;
mod world;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use atlas_core::domain::{TestPattern, silent};
use atlas_core::{Atlas, Database, Result};
use jiff::Timestamp;

use super::place::{DATABASE, ticket};
use random::Random;
use world::World;

/// How many sequences are tried; each begins with a number of its own, from 0.
const SEQUENCES: &str = "ATLAS_MODEL_SEQUENCES";
/// Which sequence is tried alone.
const ONLY: &str = "ATLAS_MODEL_ONLY";
const FEW: u64 = 200;
const CALLS: usize = 30;

/// A database, its model, and a clock that the calls move on.
struct Run {
    atlas: Option<Atlas>,
    world: World,
    random: Random,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
    /// What there was when the last backup was made.
    kept: Option<World>,
    /// What was called, for the message of a failure.
    told: Vec<String>,
}

impl Run {
    fn new(seed: u64, database: &[u8], world: World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(DATABASE), database).unwrap();
        let clock = Arc::new(AtomicI64::new(1_760_000_000));
        Run {
            atlas: Some(open(folder.path(), &clock)),
            world,
            random: Random::new(seed),
            clock,
            folder,
            kept: None,
            told: Vec::new(),
        }
    }

    fn atlas(&self) -> &Atlas {
        self.atlas.as_ref().unwrap()
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    fn tell(&mut self, call: String) {
        self.told.push(call);
    }

    fn reopen(&mut self) {
        self.tell("reopen".to_owned());
        self.atlas = None;
        self.atlas = Some(open(self.folder.path(), &self.clock));
    }

    /// All rows out, and into a database of its own, which takes the place of the one before.
    fn move_out(&mut self) {
        self.tell("export all, import all".to_owned());
        let folder = tempfile::tempdir().unwrap();
        let rows = folder.path().join("all.jsonl.gz");
        self.atlas()
            .database()
            .export_all_to(&rows, &mut silent)
            .unwrap();
        let atlas = open(folder.path(), &self.clock);
        atlas.database().import_all(&rows, &mut silent).unwrap();
        self.atlas = Some(atlas);
        self.folder = folder;
        self.kept = None;
    }

    fn back_up(&mut self) {
        self.tell("backup".to_owned());
        let copy = self.folder.path().join("copy.db");
        self.atlas().database().backup(copy).unwrap();
        self.kept = Some(self.world.clone());
    }

    fn restore(&mut self) {
        let Some(kept) = self.kept.clone() else {
            return self.back_up();
        };
        self.tell("restore".to_owned());
        self.atlas = None;
        let folder = self.folder.path();
        Database::restore(folder.join("copy.db"), folder.join(DATABASE)).unwrap();
        self.atlas = Some(open(folder, &self.clock));
        self.world = kept;
    }
}

fn open(folder: &Path, clock: &Arc<AtomicI64>) -> Atlas {
    let clock = clock.clone();
    let now = move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap();
    let builder = Atlas::builder()
        .model(super::tiny::model())
        .starter_catalogue(false)
        .retrain_after(None)
        .clock(now);
    builder.open(folder.join(DATABASE)).unwrap()
}

/// Whether a call did what the model expects: nothing, or an error with this code.
fn agree<T>(result: Result<T>, expected: std::result::Result<(), &str>) -> Option<T> {
    match (result, expected) {
        (Ok(value), Ok(())) => Some(value),
        (Err(error), Err(code)) => {
            assert_eq!(error.code(), code, "{error}");
            None
        }
        (Ok(_), Err(code)) => panic!("it was done in place of {code}"),
        (Err(error), Ok(())) => panic!("{error}"),
    }
}

/// Four tickets and four patterns, two of them with a past, and a prediction of each ticket.
fn start() -> (Vec<u8>, World) {
    let folder = tempfile::tempdir().unwrap();
    let atlas = open(folder.path(), &Arc::new(AtomicI64::new(1_760_000_000)));
    let summaries = [
        "CSV export drops umlauts",
        "Export of a report never ends",
        "Login accepts an expired password",
        "The form loses the date",
    ];
    let tickets = (1..).zip(summaries).map(|(n, summary)| ticket(n, summary));
    atlas.tickets().add(&tickets.collect::<Vec<_>>()).unwrap();
    let pattern = |key: &str, name: &str, frequency, success_rate, avg_time_minutes| TestPattern {
        key: Some(key.to_owned()),
        steps: vec![world::step("Do it"), world::step("Look")],
        frequency,
        success_rate,
        avg_time_minutes,
        ..TestPattern::new(name, "Form Submission")
    };
    let patterns = [
        pattern("MM-T1", "Export keeps all characters", 4, 0.25, Some(31)),
        pattern("MM-T2", "An expired password is refused", 8, 0.5, None),
        pattern("MM-T3", "Form keeps its values", 0, 0.0, None),
        pattern("MM-T4", "A large report is exported", 0, 0.0, Some(10)),
    ];
    atlas.patterns().add_all(&patterns).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    for number in 1..=4 {
        atlas.predict(&format!("WRKA-{number}"), 3).unwrap();
    }
    let world = World::read(&atlas);
    drop(atlas);
    let bytes = std::fs::read(folder.path().join(DATABASE)).unwrap();
    (bytes, world)
}

fn sequence(seed: u64, database: &[u8], world: &World) {
    let mut run = Run::new(seed, database, world.clone());
    let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for number in 1..=CALLS {
            let pause = run.random.below(400) as i64;
            run.clock.fetch_add(pause, Ordering::Relaxed);
            run.call();
            if number % 3 == 0 {
                run.compare();
            }
        }
        run.reopen();
        run.compare();
        run.compare_what_is_earned();
    }));
    if tried.is_err() {
        panic!("sequence {seed}:\n  {}", run.told.join("\n  "));
    }
}

#[test]
fn what_is_stored_is_what_was_called() {
    let (database, world) = start();
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse().ok());
    if let Some(seed) = number(ONLY) {
        return sequence(seed, &database, &world);
    }
    let (next, end) = (AtomicU64::new(0), number(SEQUENCES).unwrap_or(FEW));
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    sequence(seed, &database, &world);
                }
            });
        }
    });
}
