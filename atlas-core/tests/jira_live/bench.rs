//! What these tests stand on: a Jira that serves the sample, a client, a clock that does not wait.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atlas_core::Error;
use atlas_core::http::{Clock, Control, NetworkSettings, NetworkTransport, RetryPolicy, Secret};
use atlas_core::jira::{Credentials, JiraClient, JiraSettings};
use fake_jira::{Jira, Served, TOKEN, USER, read};
use jiff::Timestamp;

/// A Jira with the sample's 65 tickets.
pub fn sample(change: impl FnOnce(&mut Jira)) -> Served {
    let file = "../examples/sample/tickets.jsonl";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut jira = Jira::new(read(&file).unwrap());
    jira.now = Some(now());
    change(&mut jira);
    Served::start(jira, 0).unwrap()
}

pub fn now() -> Timestamp {
    "2026-03-26T15:58:30Z".parse().unwrap()
}

/// Time that passes only where somebody waits.
pub struct Hourglass {
    now: Mutex<Timestamp>,
    pub waits: Mutex<Vec<Duration>>,
}

impl Hourglass {
    pub fn new() -> Arc<Self> {
        Arc::new(Hourglass {
            now: Mutex::new(now()),
            waits: Mutex::default(),
        })
    }

    pub fn waited(&self) -> Duration {
        self.waits.lock().unwrap().iter().sum()
    }
}

impl Clock for Hourglass {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn wait(&self, time: Duration, control: &Control) -> bool {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(time).unwrap();
        self.waits.lock().unwrap().push(time);
        !control.is_cancelled()
    }
}

pub fn credentials() -> Credentials {
    Credentials::Basic {
        user: USER.to_owned(),
        token: Secret::new(TOKEN),
    }
}

pub fn settings(served: &Served) -> JiraSettings {
    let mut settings = JiraSettings::new(&served.url(), credentials()).unwrap();
    settings.timeout = Duration::from_secs(5);
    settings.page_size = 20;
    settings.retry = RetryPolicy {
        seed: Some(7),
        ..RetryPolicy::default()
    };
    settings
}

pub fn client(served: &Served) -> (JiraClient, Arc<Hourglass>) {
    client_with(settings(served))
}

pub fn client_with(settings: JiraSettings) -> (JiraClient, Arc<Hourglass>) {
    let clock = Hourglass::new();
    let network = NetworkTransport::new(&NetworkSettings::default()).unwrap();
    let client = JiraClient::with_transport(settings, Arc::new(network), clock.clone()).unwrap();
    (client, clock)
}

/// Whether anything that is shown of an error holds the token.
pub fn leaks(error: &Error) -> bool {
    let encoded = "dGVzdGVyQGV4YW1wbGUuY29tOnBsYW50ZWQ";
    let shown = format!("{error} {error:?} {:?}", error.details());
    shown.contains(TOKEN) || shown.contains(encoded)
}

/// Every row that a sync writes for tickets, byte for byte; but for the time when SQLite made it,
/// which is by its own clock.
pub fn tables(file: &Path) -> Vec<String> {
    let db = rusqlite::Connection::open(file).unwrap();
    let mut rows = Vec::new();
    for (table, order) in [
        ("jira_tickets", "id"),
        ("atlas_ticket_details", "ticket_id"),
        ("atlas_ticket_keys", "jira_key"),
        ("atlas_ticket_links", "ticket_id, kind, other_key"),
    ] {
        let mut found = db
            .prepare(&format!("SELECT * FROM {table} ORDER BY {order}"))
            .unwrap();
        let names: Vec<String> = found.column_names().map(str::to_owned).collect();
        let columns: Vec<usize> = (0..names.len())
            .filter(|&at| names[at] != "created_at")
            .collect();
        let mut found = found.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<_> = columns.iter().map(|&at| row.get_ref(at).unwrap()).collect();
            rows.push(format!("{table} {values:?}"));
        }
    }
    rows
}

/// Compares two dumps, and names the first rows that differ.
pub fn assert_same(left: &[String], right: &[String]) {
    for (left, right) in left.iter().zip(right) {
        assert_eq!(left, right);
    }
    assert_eq!(left.len(), right.len());
}
