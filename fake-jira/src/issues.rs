//! The issues that are served.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

/// An issue, with what queries ask of it.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Jira's id.
    pub id: u64,
    /// The key.
    pub key: String,
    /// The number in the key.
    number: u64,
    /// When it was changed, in milliseconds; 0 if it does not say.
    pub updated: i64,
    /// As the interface gives it.
    pub json: Value,
}

impl Issue {
    fn of(json: Value) -> Option<Issue> {
        let id = json["id"].as_str()?.parse().ok()?;
        let key = json["key"].as_str()?.to_owned();
        let updated = json["fields"]["updated"].as_str().and_then(instant);
        let updated = updated.unwrap_or(0);
        let number = key
            .rsplit_once('-')
            .and_then(|(_, number)| number.parse().ok());
        let number = number.unwrap_or(0);
        Some(Issue {
            id,
            number,
            key,
            updated,
            json,
        })
    }

    /// Where an issue with this key and time of change stands among others.
    pub(crate) fn mark(key: &str, updated: i64) -> Issue {
        let number = key
            .rsplit_once('-')
            .and_then(|(_, number)| number.parse().ok());
        Issue {
            id: u64::MAX,
            number: number.unwrap_or(0),
            key: key.to_owned(),
            updated,
            json: Value::Null,
        }
    }

    /// The project and the number.
    pub fn place(&self) -> (&str, u64) {
        let project = self
            .key
            .rsplit_once('-')
            .map_or(&*self.key, |(project, _)| project);
        (project, self.number)
    }
}

fn instant(text: &str) -> Option<i64> {
    let at = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).ok();
    let at = at.and_then(|at| at.to_timestamp().ok());
    at.or_else(|| text.parse().ok())
        .map(Timestamp::as_millisecond)
}

/// All issues, by id.
#[derive(Debug, Clone, Default)]
pub struct Issues {
    all: BTreeMap<u64, Issue>,
    /// Former keys.
    moved: BTreeMap<String, u64>,
    /// Issues that the index does not show yet.
    lagging: BTreeSet<u64>,
}

impl Issues {
    pub(crate) fn new(issues: Vec<Value>) -> Self {
        let issues = issues.into_iter().filter_map(Issue::of);
        Issues {
            all: issues.map(|issue| (issue.id, issue)).collect(),
            ..Issues::default()
        }
    }

    /// Adds an issue or replaces the one with its id.
    pub fn put(&mut self, json: Value) {
        if let Some(issue) = Issue::of(json) {
            self.all.insert(issue.id, issue);
        }
    }

    /// Changes a field and notes the time of the change.
    pub fn change(&mut self, id: u64, at: Timestamp, field: &str, value: impl Into<Value>) {
        if let Some(issue) = self.all.get(&id) {
            let mut json = issue.json.clone();
            json["fields"][field] = value.into();
            json["fields"]["updated"] =
                json!(at.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string());
            self.put(json);
        }
    }

    /// Moves an issue to another key.
    pub fn rename(&mut self, id: u64, at: Timestamp, key: &str) {
        if let Some(issue) = self.all.get(&id) {
            let mut json = issue.json.clone();
            let former = std::mem::take(&mut json["key"]);
            json["key"] = json!(key);
            if let Some(former) = former.as_str() {
                self.moved.insert(former.to_owned(), id);
            }
            let project = key.rsplit_once('-').map_or(key, |(project, _)| project);
            self.put(json);
            self.change(id, at, "project", json!({"key": project}));
        }
    }

    /// Deletes an issue.
    pub fn remove(&mut self, id: u64) {
        self.all.remove(&id);
    }

    /// Hides an issue from searches until [`index`](Self::index).
    pub fn lag(&mut self, id: u64) {
        self.lagging.insert(id);
    }

    /// Shows all issues to searches.
    pub fn index(&mut self) {
        self.lagging.clear();
    }

    /// By id, key or former key.
    pub fn find(&self, name: &str) -> Option<&Issue> {
        let by_id = name.parse().ok().and_then(|id: u64| self.all.get(&id));
        let by_key = || self.all.values().find(|issue| issue.key == name);
        by_id
            .or_else(by_key)
            .or_else(|| self.all.get(self.moved.get(name)?))
    }

    /// Those that searches see, by id.
    pub fn visible(&self) -> impl Iterator<Item = &Issue> {
        self.all
            .values()
            .filter(|issue| !self.lagging.contains(&issue.id))
    }
}

/// Reads issues, one a line, plain or gzip.
///
/// # Errors
/// That the file cannot be read or a line is not JSON.
pub fn read(path: &Path) -> std::io::Result<Vec<Value>> {
    let mut bytes = std::fs::read(path)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        flate2::read::MultiGzDecoder::new(&*bytes).read_to_end(&mut plain)?;
        bytes = plain;
    }
    let lines = bytes.split(|&b| b == b'\n').filter(|line| !line.is_empty());
    let values: Result<Vec<Value>, _> = lines.map(serde_json::from_slice).collect();
    Ok(values?)
}
