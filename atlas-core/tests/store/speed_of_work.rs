//! How long the reads behind a dashboard take after a year of work. Not asserted: machines differ.
//!
//! `cargo test -p atlas-core --test store speed_of_work -- --ignored --nocapture`

use std::time::Instant;

use atlas_core::Result;
use atlas_core::domain::{
    Event, EventKind, Moment, Outcome, Session, SessionStatus, Ticket, TicketFields, WorkFilter,
};
use atlas_core::store::{Repositories, Store};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{key, time};

const TICKETS: i64 = 22_371;
const SESSIONS: i64 = 2_000;
const STEPS: u32 = 13;

fn tickets(db: &Repositories<'_>) -> Result<()> {
    let priorities = ["Blocker", "High", "Medium", "Low", "Trivial", "Odd"];
    for n in 1..=TICKETS {
        let ticket = Ticket {
            description: Some("What was seen, and how. ".repeat(60)),
            priority: Some(priorities[n as usize % 6].to_owned()),
            assignee: Some(format!("Tester {}", n % 40)),
            status: ["To Do", "In Progress", "Done", "Rare"]
                [if n % 997 == 0 { 3 } else { n as usize % 3 }]
            .to_owned(),
            updated: Timestamp::from_second(1_700_000_000 + (n * 7919) % 9_000_000).ok(),
            ..Ticket::new(
                key(&format!("AB{}-{n}", n % 5)),
                format!("Form {n} loses the date"),
            )
        };
        db.tickets().upsert(&ticket, TicketFields::ALL).unwrap();
        if n % 3 == 0 {
            let given = super::predictions::prediction(88.8, None);
            let now = time("2024-05-01T09:00:00Z");
            db.predictions().save_run(n, "f", &given, now)?;
        }
    }
    Ok(())
}

fn year(db: &Repositories<'_>) -> i64 {
    let start = time("2024-01-01T08:00:00Z");
    let user = db.profiles().current_or_new(start).unwrap().id;
    for n in 0..SESSIONS {
        let ticket_id = n * 11 % TICKETS + 1;
        let at = start + SignedDuration::from_hours(n * 4);
        let id = db.sessions().begin(user, ticket_id, at).unwrap();
        let ticket_key = key("WRKA-1");
        let mut kinds = vec![EventKind::SessionStarted {
            ticket_id,
            ticket_key: ticket_key.clone(),
            components: vec!["Forms".to_owned()],
            plan: Vec::new(),
        }];
        kinds.extend((1..=STEPS).map(|step| EventKind::StepDone { step }));
        let outcome = Outcome::Passed;
        kinds.push(EventKind::Ended { outcome });
        for (minute, kind) in kinds.into_iter().enumerate() {
            let at = at + SignedDuration::from_mins(minute as i64);
            let event = Event {
                id: 0,
                moment: Moment::new(at, &TimeZone::UTC, 4),
                session_id: Some(id),
                kind,
            };
            db.events().append(user, &event, None).unwrap();
        }
        let session = Session {
            id,
            ticket_id,
            ticket_key,
            components: Vec::new(),
            started_at: at,
            ended_at: Some(at + SignedDuration::from_mins(14)),
            status: SessionStatus::Completed,
            outcome: Some(outcome),
            work_seconds: 14 * 60,
            breaks: 0,
            break_seconds: 0,
            plan: Vec::new(),
            steps_done: (1..=STEPS).collect(),
            notes: Vec::new(),
            last_alive: at,
        };
        db.sessions().save(&session).unwrap();
    }
    user
}

/// Prints the 95th of 100 calls.
fn p95<T>(what: &str, mut call: impl FnMut() -> T) {
    let mut took: Vec<f64> = (0..100)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(call());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    println!("{what}: {:.2} ms", took[94]);
}

#[test]
#[ignore = "measures"]
fn speed_of_work() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("work.db")).unwrap();
    store.write(tickets).unwrap();
    let user = store.write(|db| Ok(year(db))).unwrap();
    let list = |filter: &WorkFilter, limit, offset| {
        let read = |db: &Repositories<'_>| db.work().list(user, filter, limit, offset);
        store.read(read).unwrap()
    };
    let all = WorkFilter::default();
    let mine = WorkFilter {
        assignee: Some("tester 7".to_owned()),
        ..WorkFilter::default()
    };
    let rare = WorkFilter {
        status: Some("rare".to_owned()),
        ..WorkFilter::default()
    };
    let project = WorkFilter {
        project: Some("AB3".to_owned()),
        unresolved: true,
        ..WorkFilter::default()
    };
    p95("work of one, 50", || list(&mine, 50, 0));
    p95("work of one, all 560", || list(&mine, 999, 0));
    p95("work of all, 50", || list(&all, 50, 0));
    p95("work of all, 50 after 20,000", || list(&all, 50, 20_000));
    p95("work in a rare status", || list(&rare, 50, 0));
    p95("unresolved work of a project, 50", || list(&project, 50, 0));
    for (what, filter) in [("all", &all), ("one", &mine), ("rare", &rare)] {
        p95(&format!("count of {what}"), || {
            store.read(|db| db.work().count(filter)).unwrap()
        });
    }
    p95("open session", || {
        store.read(|db| db.sessions().open(user)).unwrap()
    });
    p95("20 sessions", || {
        store.read(|db| db.sessions().list(user, 20, 0)).unwrap()
    });
    p95("events of a session", || {
        store.read(|db| db.events().of_session(1000)).unwrap()
    });
    p95("sessions of others", || {
        store.read(|db| db.sessions().foreign()).unwrap()
    });
    p95("all ended events", || {
        store.read(|db| db.events().of_kind(user, "ended")).unwrap()
    });
    p95("the whole log", || {
        store.read(|db| db.events().all(user)).unwrap()
    });
}
