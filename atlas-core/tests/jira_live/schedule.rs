//! Syncs in the background.

use std::ops::ControlFlow;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use atlas_core::Atlas;
use atlas_core::http::{Request, Response, SystemClock, Transport, TransportError};
use atlas_core::jira::{JiraClient, Schedule, SyncOptions};
use fake_jira::Fault;

use crate::bench::{client_with, sample, settings};

/// Waits until something is so; a minute is long enough for any machine.
fn until(mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "it never came");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn it_syncs_again_and_again_and_says_how_it_went() {
    let served = sample(|_| {});
    let (client, _) = client_with(settings(&served));
    let atlas = Atlas::open_in_memory().unwrap();
    let every = Schedule::Every(Duration::from_secs(1));
    assert!(atlas.jira().status().unwrap().last.is_none());
    atlas
        .jira()
        .schedule(&client, &SyncOptions::default(), &every)
        .unwrap();
    until(|| atlas.jira().status().unwrap().last.is_some());
    let status = atlas.jira().status().unwrap();
    assert_eq!(status.last.unwrap().report.unwrap().new, 65);
    assert_eq!(atlas.database().counts().unwrap().tickets, 65);
    served.jira().fault(Fault::Captcha);
    until(|| atlas.jira().last_sync().unwrap().unwrap().failure.is_some());
    let failure = atlas.jira().last_sync().unwrap().unwrap().failure.unwrap();
    assert_eq!(failure.code, "JIRA_CAPTCHA");
    served.jira().faults.clear();
    until(|| atlas.jira().last_sync().unwrap().unwrap().report.is_some());
    assert!(atlas.jira().status().unwrap().next.is_some());
    atlas.jira().stop();
    assert!(atlas.jira().status().unwrap().next.is_none());
}

#[test]
fn it_stops_with_atlas_even_while_nobody_answers() {
    let served = sample(|jira| jira.fault(Fault::Hang));
    let mut settings = settings(&served);
    settings.timeout = Duration::from_secs(600);
    let (client, _) = client_with(settings);
    let atlas = Atlas::open_in_memory().unwrap();
    let daily = Schedule::Daily {
        at: jiff::civil::Time::midnight(),
        zone: jiff::tz::TimeZone::UTC,
    };
    atlas
        .jira()
        .schedule(&client, &SyncOptions::default(), &daily)
        .unwrap();
    until(|| atlas.jira().status().unwrap().running);
    let began = Instant::now();
    drop(atlas);
    assert!(began.elapsed() < Duration::from_secs(60));
    let atlas = Atlas::open_in_memory().unwrap();
    let never = Schedule::Every(Duration::ZERO);
    let error = atlas
        .jira()
        .schedule(&client, &SyncOptions::default(), &never)
        .unwrap_err();
    assert_eq!(error.code(), "INVALID_VALUE");
}

struct Nowhere;

impl Transport for Nowhere {
    fn send(&self, _: &Request) -> Result<Response, TransportError> {
        Err(TransportError::lasting("nobody answers"))
    }
}

#[test]
fn of_two_schedules_at_once_one_stays_and_can_be_stopped() {
    let served = sample(|_| {});
    let options = SyncOptions::default();
    let daily = Schedule::every("1d").unwrap();
    let atlas = Atlas::open_in_memory().unwrap();
    let transport: Arc<dyn Transport> = Arc::new(Nowhere);
    let alive = Arc::downgrade(&transport);
    let client = JiraClient::with_transport(settings(&served), transport, Arc::new(SystemClock));
    let client = client.unwrap();
    // So that none is due.
    let mut go_on = |_| ControlFlow::Continue(());
    assert!(atlas.sync(&client, &options, &mut go_on).is_err());
    for _ in 0..20 {
        let both = Barrier::new(2);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    both.wait();
                    atlas.jira().schedule(&client, &options, &daily).unwrap();
                });
            }
        });
    }
    assert!(!atlas.jira().status().unwrap().running);
    atlas.jira().stop();
    drop(client);
    assert!(
        alive.upgrade().is_none(),
        "a thread that nobody stopped has it"
    );
}

#[test]
fn a_schedule_may_be_as_far_off_as_can_be_written() {
    let served = sample(|_| {});
    let (client, _) = client_with(settings(&served));
    let atlas = Atlas::open_in_memory().unwrap();
    let never = Schedule::Every(Duration::MAX);
    let options = SyncOptions {
        overlap: Duration::MAX,
        ..SyncOptions::default()
    };
    atlas.jira().schedule(&client, &options, &never).unwrap();
    until(|| atlas.jira().last_sync().unwrap().is_some());
    let status = atlas.jira().status().unwrap();
    assert_eq!(status.last.unwrap().failure, None);
    // Again, now that there is a change to begin from.
    let mut go_on = |_| ControlFlow::Continue(());
    assert!(atlas.sync(&client, &options, &mut go_on).is_ok());
    atlas.jira().stop();
}
