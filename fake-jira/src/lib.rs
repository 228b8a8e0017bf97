//! A Jira for tests: serves issues over the interfaces of Cloud and Data Center, on loopback, and
//! has a switch for every fault that the real ones show.

mod answer;
mod api;
mod fault;
mod form;
mod issues;
mod jql;
mod python;
mod server;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use fault::Fault;
pub use issues::{Issue, Issues, read};
pub use python::python;

/// The user that may log in.
pub const USER: &str = "tester@example.com";
/// The token of this user; tests look for it where it must not be.
pub const TOKEN: &str = "planted-token-5f1c";

/// Something that is done to it.
pub type Work = fn(&mut Jira);

/// What it is and how it behaves.
#[derive(Debug, Clone)]
pub struct Jira {
    /// Whether it is Cloud; else Data Center.
    pub cloud: bool,
    /// The issues.
    pub issues: Issues,
    /// How long each page takes.
    pub delay: Duration,
    /// Issues on a page at most.
    pub most: usize,
    /// The account's time zone, in which dates in JQL are read.
    pub zone: TimeZone,
    /// The time, for dates relative to now; none for the machine's.
    pub now: Option<Timestamp>,
    /// Faults that are switched on, each for so many requests that it concerns.
    pub faults: Vec<(Fault, u32)>,
    /// A path before all others, as scoped tokens have it.
    pub prefix: String,
    /// What was asked: method, path and body.
    pub log: Vec<String>,
    /// Something to do before the search with this number is answered, once.
    pub before_search: Option<(usize, Work)>,
    /// Searches that were answered.
    pub searches: usize,
}

impl Jira {
    /// One of Cloud, without faults.
    pub fn new(issues: Vec<serde_json::Value>) -> Self {
        Jira {
            cloud: true,
            issues: Issues::new(issues),
            delay: Duration::ZERO,
            most: 100,
            zone: TimeZone::UTC,
            now: None,
            faults: Vec::new(),
            prefix: String::new(),
            log: Vec::new(),
            before_search: None,
            searches: 0,
        }
    }

    /// Switches a fault on for good.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push((fault, u32::MAX));
    }

    /// Switches a fault on for the next requests that it concerns.
    pub fn fault_times(&mut self, fault: Fault, times: u32) {
        self.faults.push((fault, times));
    }

    /// Whether a fault is on; counts it down.
    fn takes(&mut self, fault: Fault) -> bool {
        match self
            .faults
            .iter_mut()
            .find(|(f, left)| *f == fault && *left > 0)
        {
            Some((_, left)) => {
                *left = left.saturating_sub(u32::from(*left != u32::MAX));
                true
            }
            None => false,
        }
    }

    fn time(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }
}

/// A running server; stops when dropped.
pub struct Served {
    jira: Arc<Mutex<Jira>>,
    server: server::Server,
}

impl Served {
    /// Serves on a free port, or on a given one.
    ///
    /// # Errors
    /// That the port cannot be had.
    pub fn start(jira: Jira, port: u16) -> std::io::Result<Self> {
        let jira = Arc::new(Mutex::new(jira));
        let server = server::Server::start(jira.clone(), port)?;
        Ok(Served { jira, server })
    }

    /// Its address, with the prefix.
    pub fn url(&self) -> String {
        format!(
            "http://127.0.0.1:{}{}",
            self.server.port,
            self.jira().prefix
        )
    }

    /// Looks at it, or changes it between requests.
    pub fn jira(&self) -> MutexGuard<'_, Jira> {
        lock(&self.jira)
    }
}

fn lock(jira: &Mutex<Jira>) -> MutexGuard<'_, Jira> {
    jira.lock().unwrap_or_else(PoisonError::into_inner)
}
