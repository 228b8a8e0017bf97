//! What a sync brings.

use std::time::Duration;

use atlas_core::jira::SyncOptions as CoreOptions;
use jiff::Timestamp;

use crate::records::Census;

/// What is synced, and how.
#[derive(uniffi::Record)]
pub struct SyncOptions {
    /// Only these projects, by key; all by default.
    #[uniffi(default = [])]
    pub projects: Vec<String>,
    /// Only what this query finds.
    #[uniffi(default = None)]
    pub jql: Option<String>,
    /// Only what was changed at this instant or later.
    #[uniffi(default = None)]
    pub since: Option<Timestamp>,
    /// Everything is read again.
    #[uniffi(default = false)]
    pub full: bool,
    /// A sync begins so long before the newest change that was seen; ten minutes by default.
    #[uniffi(default = None)]
    pub overlap: Option<Duration>,
    /// How often all ids are compared, to find what was deleted; daily by default.
    #[uniffi(default = None)]
    pub census: Option<Census>,
}

impl SyncOptions {
    /// As the core takes them.
    pub fn core(options: Option<Self>) -> CoreOptions {
        let usual = CoreOptions::default();
        match options {
            None => usual,
            Some(options) => CoreOptions {
                projects: options.projects,
                jql: options.jql,
                since: options.since,
                full: options.full,
                overlap: options.overlap.unwrap_or(usual.overlap),
                census: options.census.unwrap_or(usual.census),
            },
        }
    }
}
