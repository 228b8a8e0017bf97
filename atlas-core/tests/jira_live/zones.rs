//! Time: zones of the account, a change of clocks, and tickets that are always busy.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use atlas_core::Atlas;
use atlas_core::http::{Clock, Control, NetworkSettings, NetworkTransport};
use atlas_core::jira::{Census, JiraClient, SyncOptions};
use fake_jira::Fault;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::bench::{sample, settings};
use crate::sync::go;

/// The time of the one test that moves it.
static SECONDS: AtomicI64 = AtomicI64::new(0);

fn time() -> Timestamp {
    Timestamp::from_second(SECONDS.load(Ordering::Relaxed)).unwrap()
}

struct Moved;

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        time()
    }

    fn wait(&self, _: Duration, control: &Control) -> bool {
        !control.is_cancelled()
    }
}

/// Through the night of a change of clocks in Berlin, Los Angeles and nowhere in Kolkata: every
/// quarter of an hour one issue is changed, and one is changed all the time.
#[test]
fn no_zone_and_no_change_of_clocks_loses_an_issue() {
    for zone in ["America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin"] {
        for (start, millis) in [
            ("2026-03-28T23:00:00Z", true),
            ("2026-03-28T23:00:00Z", false),
            ("2026-03-08T08:00:00Z", false),
            ("2026-10-24T22:00:00Z", false),
        ] {
            let start: Timestamp = start.parse().unwrap();
            SECONDS.store(start.as_second(), Ordering::Relaxed);
            let served = sample(|jira| {
                jira.zone = TimeZone::get(zone).unwrap();
                jira.now = Some(start);
                if !millis {
                    jira.fault(Fault::NoMillis);
                }
            });
            let network = Arc::new(NetworkTransport::new(&NetworkSettings::default()).unwrap());
            let client =
                JiraClient::with_transport(settings(&served), network, Arc::new(Moved)).unwrap();
            let atlas = Atlas::builder().clock(time).open_in_memory().unwrap();
            let options = SyncOptions {
                census: Census::Never,
                ..SyncOptions::default()
            };
            atlas.sync(&client, &options, &mut go).unwrap();
            let ids: Vec<(u64, String)> = served
                .jira()
                .issues
                .visible()
                .map(|i| (i.id, i.key.clone()))
                .take(11)
                .collect();
            let (busy, others) = ids.split_first().unwrap();
            for (round, (id, key)) in others.iter().enumerate() {
                let now = start + SignedDuration::from_mins(15 * (round as i64 + 1));
                SECONDS.store(now.as_second(), Ordering::Relaxed);
                let text = format!("changed in round {round}");
                {
                    let mut jira = served.jira();
                    jira.now = Some(now);
                    let changed = now - SignedDuration::from_mins(7);
                    jira.issues.change(*id, changed, "summary", text.clone());
                    jira.issues.change(busy.0, now, "summary", text.clone());
                }
                let report = atlas.sync(&client, &options, &mut go).unwrap();
                assert_eq!(report.updated, 2, "{zone} {start} {millis} {round}");
                assert_eq!(atlas.tickets().get(key).unwrap().summary, text);
                assert_eq!(atlas.tickets().get(&busy.1).unwrap().summary, text);
            }
        }
    }
}
