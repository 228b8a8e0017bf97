//! A year of work: 2,000 sessions, about 30,000 events.

use super::log::{Log, scenario};
use atlas_core::domain::{Event, EventKind, Outcome};
use atlas_core::play::{Tally, standing};
use jiff::{SignedDuration, ToSpan};
use std::hint::black_box;
use std::time::Instant;

/// Eight sessions on each of 250 working days.
fn year() -> Log {
    let mut log = Log::new("Europe/Berlin");
    let first: jiff::civil::Date = "2024-01-01".parse().unwrap();
    let days = (0..350).map(|n| first + n.days());
    for (n, day) in days
        .filter(|d| d.weekday().to_monday_one_offset() < 6)
        .enumerate()
    {
        for hour in 9..17 {
            let begin = log.at(&format!("{day}T{hour:02}:00"));
            let components = ["Reports", "Login", "Search", "Billing"];
            let component = components[(n + hour) % 4];
            let ticket = ((n * 8 + hour) % 700 + 1) as i64;
            let plan = vec![
                scenario(6, Some(ticket % 60), Some(20)),
                scenario(6, None, Some(20)),
            ];
            let id = log.start_with_plan(begin, ticket, &[component], plan);
            for step in 1..=12 {
                let at = begin + SignedDuration::from_mins(i64::from(step) * 3);
                log.push(at, Some(id), EventKind::StepDone { step });
            }
            let outcome = Outcome::ALL[(n + hour) % 3];
            let end = begin + SignedDuration::from_mins(38);
            log.push(end, Some(id), EventKind::Ended { outcome });
        }
    }
    log
}

#[test]
fn a_year_adds_up() {
    let log = year();
    assert_eq!(log.events.len(), 2_000 * 14);
    let last: &Event = log.events.last().unwrap();
    let standing = standing(&log.events, &last.moment);
    let sessions = 2_000 * (10 + 12) + 666 * (3 + 5 + 1) + 3 + 5;
    let earned = standing
        .achievements
        .iter()
        .filter(|a| a.earned_at.is_some());
    let achievements: u32 = earned.map(|a| a.xp).sum();
    assert_eq!(standing.xp, sessions + achievements);
    assert_eq!((standing.level, standing.longest_streak), (32, 5));
    let tally = Tally::of(&log.events);
    let days = tally.activity("2024-01-01".parse().unwrap(), "2024-12-31".parse().unwrap());
    assert_eq!(
        (days.len(), days[0].sessions, days[0].minutes),
        (250, 8, 304)
    );
}

/// Prints how long the year takes: `cargo test --release -p atlas-core --test play -- --ignored
/// --nocapture`.
#[test]
#[ignore = "measures"]
fn how_long_a_year_takes() {
    let log = year();
    let today = &log.events.last().unwrap().moment;
    let time = |what: &str, call: &dyn Fn()| {
        let mut times: Vec<_> = (0..50)
            .map(|_| {
                let begin = Instant::now();
                call();
                begin.elapsed()
            })
            .collect();
        times.sort();
        println!("{what}: median {:?}, p95 {:?}", times[25], times[47]);
    };
    time("whole log", &|| {
        black_box(standing(&log.events, today));
    });
    let tally = Tally::of(&log.events);
    time("standing of a tally", &|| {
        black_box(tally.standing(today));
    });
}
