//! What a host can say of a sync.

use std::time::Duration;

use jiff::Timestamp;

use crate::jira::{JiraClient, Jql};
use crate::{Error, Result};

/// How often all ids are compared, to find what was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Census {
    /// Once a day.
    #[default]
    Daily,
    /// With every sync.
    Always,
    /// Never.
    Never,
}

/// Which issues are kept in step, and how.
///
/// ```
/// use atlas_core::jira::SyncOptions;
/// let options = SyncOptions { projects: vec!["WRKA".into()], ..SyncOptions::default() };
/// assert!(!options.full);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOptions {
    /// Only these projects, by key; none for all that the account sees.
    pub projects: Vec<String>,
    /// Only what this query finds, instead of projects; its `ORDER BY` is dropped.
    pub jql: Option<String>,
    /// Only what was changed at this instant or later.
    pub since: Option<Timestamp>,
    /// Whether everything is read again.
    pub full: bool,
    /// How far behind the newest change that was seen the next sync begins. An issue that Jira's
    /// index shows later than this is found by the next census only.
    pub overlap: Duration,
    /// How often all ids are compared.
    pub census: Census,
}

impl Default for SyncOptions {
    fn default() -> Self {
        SyncOptions {
            projects: Vec::new(),
            jql: None,
            since: None,
            full: false,
            overlap: Duration::from_secs(10 * 60),
            census: Census::default(),
        }
    }
}

impl SyncOptions {
    /// The issues that are meant, whenever they were changed.
    ///
    /// # Errors
    /// `INVALID_VALUE` for projects beside a query, and for what is neither.
    pub(crate) fn query(&self) -> Result<Jql> {
        match &self.jql {
            Some(text) if self.projects.is_empty() => Jql::written(text),
            Some(_) => Err(Error::invalid("jql", "", "either projects or a query")),
            None => {
                let mut projects: Vec<String> = self
                    .projects
                    .iter()
                    .map(|key| key.trim().to_ascii_uppercase())
                    .collect();
                projects.sort();
                projects.dedup();
                Jql::projects(&projects)
            }
        }
    }

    /// The setting under which the state of this sync is kept: one for each site and query.
    pub(crate) fn setting(&self, client: &JiraClient) -> Result<String> {
        let since = self.since.map(|since| format!(" since {since}"));
        let (site, query) = (&client.settings().site, self.query()?);
        Ok(format!(
            "jira_sync {site} {query}{}",
            since.unwrap_or_default()
        ))
    }
}
