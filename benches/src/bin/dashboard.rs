//! How fast a tester's dashboard is after a year of work: 22,371 tickets, 2,000 sessions.
//!
//! `cargo run --release -p atlas-benches --bin dashboard`. The database is made once in
//! `target/benches` (some minutes) and kept.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use atlas_benches::data;
use atlas_core::domain::{Outcome, SessionPlan, UserSettings, WorkFilter, silent};
use atlas_core::{Atlas, Result};
use jiff::Timestamp;

const SESSIONS: usize = 2_000;
const SESSIONS_A_DAY: usize = 8;
const STEPS: u32 = 12;
/// How often each call is timed.
const CALLS: usize = 200;
/// 1 January 2024, nine o'clock.
const FIRST: i64 = 1_704_099_600;

/// The clock of the year that is made up, in seconds since 1970.
static NOW: AtomicI64 = AtomicI64::new(FIRST);

fn now() -> Timestamp {
    Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn main() -> Result<()> {
    let Some(folder) = data::folder() else {
        println!("the data sets are missing");
        return Ok(());
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches/work.db");
    let _ = path.parent().map(std::fs::create_dir_all);
    let open = || {
        let builder = Atlas::builder().clock(now).retrain_after(None);
        builder.open(&path)
    };
    let begin = Instant::now();
    let atlas = open()?;
    work_a_year(&atlas, folder)?;
    println!(
        "the year is there after {:.0} s",
        begin.elapsed().as_secs_f64()
    );
    drop(atlas);

    let begin = Instant::now();
    let atlas = open()?;
    atlas.tickets().quick_stats()?;
    let first = begin.elapsed();
    println!(
        "open and the first quick stats: {:.1} ms",
        first.as_secs_f64() * 1e3
    );
    measure(&atlas)
}

/// Fills the database, unless it is full.
fn work_a_year(atlas: &Atlas, folder: PathBuf) -> Result<()> {
    if atlas.database().counts()?.tickets == 0 {
        atlas
            .tickets()
            .import_file(folder.join("titanium/issues.jsonl.gz"), &mut silent)?;
        atlas.profile().set_settings(&UserSettings {
            time_zone: Some("Europe/Berlin".to_owned()),
            ..UserSettings::default()
        })?;
    }
    let done = atlas
        .sessions()
        .list(1, 0)?
        .first()
        .map_or(0, |session| session.id);
    let tickets = atlas
        .tickets()
        .work(&WorkFilter::default(), 1_000, 0)?
        .tickets;
    for number in done as usize..SESSIONS {
        let (day, hour) = (number / SESSIONS_A_DAY, number % SESSIONS_A_DAY);
        // Five days of seven.
        let day = day / 5 * 7 + day % 5;
        NOW.store(FIRST + (day * 24 + hour) as i64 * 3_600, Ordering::Relaxed);
        let key = tickets[number * 7 % tickets.len()].ticket_key.to_string();
        if hour == 0 {
            atlas.predict(&key, 5)?;
            atlas.play().offer_challenge()?;
        }
        let session = atlas.sessions().start(&key, &SessionPlan::Free)?;
        for step in 1..=STEPS {
            NOW.fetch_add(180, Ordering::Relaxed);
            atlas.sessions().step_done(session.id, step)?;
        }
        atlas.sessions().end(session.id, Outcome::ALL[number % 3])?;
    }
    NOW.store(FIRST + 365 * 24 * 3_600, Ordering::Relaxed);
    Ok(())
}

fn measure(atlas: &Atlas) -> Result<()> {
    let all = WorkFilter::default();
    let key = atlas.tickets().work(&all, 1, 0)?.tickets[0]
        .ticket_key
        .to_string();
    p95("quick_stats", || atlas.tickets().quick_stats());
    p95("standing", || atlas.play().standing());
    p95("activity of 90 days", || atlas.play().activity(90));
    p95("my_work, 50 of all", || atlas.tickets().work(&all, 50, 0));
    let unresolved = WorkFilter {
        unresolved: true,
        ..WorkFilter::default()
    };
    p95("my_work, 50 unresolved", || {
        atlas.tickets().work(&unresolved, 50, 0)
    });
    p95("recent_tickets, 10", || atlas.tickets().recent(10));
    p95("sessions, 20", || atlas.sessions().list(20, 0));
    p95("challenge", || atlas.play().challenge());
    let session = atlas.sessions().start(&key, &SessionPlan::Free)?;
    let mut step = 0;
    p95("step_done", || {
        step += 1;
        atlas.sessions().step_done(session.id, step)
    });
    p95("quick_stats with a session open", || {
        atlas.tickets().quick_stats()
    });
    let begin = Instant::now();
    atlas.sessions().cancel(session.id)?;
    println!(
        "cancel_session: {:.2} ms",
        begin.elapsed().as_secs_f64() * 1e3
    );
    let begin = Instant::now();
    atlas.play().rebuild()?;
    println!(
        "rebuild_progress: {:.0} ms",
        begin.elapsed().as_secs_f64() * 1e3
    );
    Ok(())
}

fn p95<T>(what: &str, mut call: impl FnMut() -> Result<T>) {
    let mut took: Vec<f64> = (0..CALLS)
        .map(|_| {
            let begin = Instant::now();
            if let Err(error) = black_box(call()) {
                println!("{what}: {error}");
            }
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    took.sort_by(f64::total_cmp);
    let (median, p95) = (took[CALLS / 2], took[CALLS * 95 / 100]);
    println!("{what}: median {median:.2} ms, p95 {p95:.2} ms");
}
