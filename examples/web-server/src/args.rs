//! Flags, and the variables that stand in for them.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use atlas_core::jira::JiraKind;
use atlas_core::{Error, Result};
use clap::{Parser, ValueEnum};

/// The port of the specification.
pub const PORT: u16 = 5000;

/// ATLAS in a browser: the REST API and the pages, over one database.
///
/// Variables are read from the environment and from the file .env of the working folder: ATLAS_DB,
/// ATLAS_PORT; JIRA_INSTANCE_URL, JIRA_USER_EMAIL and JIRA_API_KEY for a live Jira;
/// FLOW_NEXUS_API_KEY for a remote model.
#[derive(Debug, Parser)]
#[command(
    name = "atlas-web",
    version,
    after_help = "Example: atlas-web --db work.db --port 5001"
)]
pub struct Args {
    /// The database; made where it is missing [default: ATLAS_DB, else atlas.db]
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// The port [default: ATLAS_PORT, else 5000]
    #[arg(long, value_name = "NUMBER")]
    pub port: Option<u16>,
    /// The address to listen on; any but this machine's own lets others in
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,
    /// Another name that this machine may be called by; may be repeated
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Load the sample where the database has no tickets yet
    #[arg(long)]
    pub sample: bool,
    /// The largest file that may be imported, in MiB
    #[arg(long, value_name = "NUMBER", default_value_t = 256)]
    pub max_upload: u32,
    /// Which Jira it is; found out where nothing is said
    #[arg(long, value_name = "KIND")]
    pub jira_kind: Option<Kind>,
    /// A file of certificates (PEM) to trust for Jira, instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
}

/// The two kinds of Jira.
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

impl Args {
    /// The database, from the flag or from a variable.
    pub fn database(&self, variable: impl Fn(&str) -> Option<String>) -> PathBuf {
        let from_variable = || {
            variable("ATLAS_DB")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        let database = self.db.clone().or_else(from_variable);
        database.unwrap_or_else(|| "atlas.db".into())
    }

    /// The port, from the flag or from a variable.
    pub fn port(&self, variable: impl Fn(&str) -> Option<String>) -> Result<u16> {
        if let Some(port) = self.port {
            return Ok(port);
        }
        let Some(value) = variable("ATLAS_PORT").filter(|port| !port.is_empty()) else {
            return Ok(PORT);
        };
        value.trim().parse().map_err(|_| Error::InvalidValue {
            field: "ATLAS_PORT",
            value,
            expected: "a number, 0 to 65535".to_owned(),
        })
    }
}
