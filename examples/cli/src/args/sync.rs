//! `atlas sync`.

use std::path::PathBuf;

use atlas_core::jira::{JiraKind, Schedule};
use clap::{Args, ValueEnum};

const VARIABLES: &str = "\
Where Jira is and who asks comes from the environment, or from a file .env in this folder:
  JIRA_INSTANCE_URL  such as https://example.atlassian.net
  JIRA_USER_EMAIL    whose token it is; leave it out for a personal access token of Data Center
  JIRA_API_KEY       the token
  JIRA_API_BASE_URL  for scoped tokens: https://api.atlassian.com/ex/jira/{cloud id}";

/// Which tickets are brought, and when.
#[derive(Debug, Args)]
#[command(after_help = VARIABLES)]
pub struct Sync {
    /// Only this project; may be repeated [default: all that the account sees]
    #[arg(long = "project", value_name = "KEY")]
    pub projects: Vec<String>,
    /// Only what this query finds
    #[arg(long, value_name = "QUERY", conflicts_with = "projects")]
    pub jql: Option<String>,
    /// Read everything again
    #[arg(long)]
    pub full: bool,
    /// Go on, and sync again after this time, such as 15m, 2h or 1d
    #[arg(long, value_name = "TIME", value_parser = every)]
    pub every: Option<Schedule>,
    /// Which kind of Jira it is [default: as it says itself]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<Kind>,
    /// Trust the certificates in this PEM file instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
}

/// The kinds of Jira.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    /// Atlassian's own service
    Cloud,
    /// A company's server
    DataCenter,
}

impl From<Kind> for JiraKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Cloud => JiraKind::Cloud,
            Kind::DataCenter => JiraKind::DataCenter,
        }
    }
}

fn every(text: &str) -> Result<Schedule, String> {
    Schedule::every(text).map_err(|_| "a time such as 15m, 2h or 1d".to_owned())
}
