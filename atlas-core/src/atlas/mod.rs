//! The one object that a host holds, and its areas.
//!
//! [`Atlas`] answers the questions (`ask`); every other call is in an area, a small object over the
//! same [`Core`]: `atlas.tickets()`, `atlas.patterns()` and so on, each in a folder of
//! its own.
//! `core` holds what they share; `exchange` brings test cases and results of other tools in and out.

mod ask;
mod builder;
mod core;
mod database;
mod exchange;
mod jira;
mod learning;
mod memory;
mod patterns;
mod play;
mod predictions;
mod sessions;
mod settings;
mod tester;
mod tickets;

use std::path::Path;
use std::sync::Arc;

use crate::Result;

pub use ask::{SimilarOptions, Subject};
pub use builder::AtlasBuilder;
pub use database::{Counts, Database, ReadOnly};
pub use jira::{LiveJira, SyncProgressFn};
pub use learning::Learning;
pub use memory::Memory;
pub use patterns::Patterns;
pub use play::Play;
pub use predictions::Predictions;
pub use sessions::Sessions;
pub use settings::{BlendPolicy, Settings};
pub use tester::Tester;
pub use tickets::Tickets;

pub use self::core::retrain::{ModelVersion, TrainingStatus};

use self::core::Core;

/// An open ATLAS database with its plugins: import, analyse, predict.
///
/// `Atlas` is `Send + Sync`; share it behind an `Arc`. Every method is synchronous. Callbacks
/// (progress, writers, plugins, the clock, transports) may call it: no lock is held while they run.
/// In a process that was forked from the one that opened the database, calls answer `FORKED`: open
/// it there again, let go of the copy with [`std::mem::forget`], and fork while no call is under way,
/// as SQLite asks for too. No method touches the
/// network but [`Atlas::sync`](crate::Atlas::sync), [`LiveJira::schedule`](crate::LiveJira::schedule),
/// [`Tickets::work_live`](crate::Tickets::work_live) and, where [`AtlasBuilder::flow_nexus`] was called,
/// predictions.
///
/// ```
/// use atlas_core::{Atlas, domain::Draft};
/// let atlas = Atlas::open_in_memory()?;
/// let prediction = atlas.predict(&Draft::new("Login fails with an expired password"), 3)?;
/// assert_eq!(prediction.scenarios.len(), 3);
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub struct Atlas {
    core: Arc<Core>,
}

impl Atlas {
    /// Opens or makes a database with the built-in plugins. One that lies where it cannot be written
    /// is opened for reading: see [`Database::read_only`](crate::Database::read_only).
    ///
    /// # Errors
    /// `NOT_A_DATABASE`, `NEWER_DATABASE`, `OLDER_DATABASE` where it cannot be upgraded,
    /// `READ_ONLY_DATABASE` where none can be made, `CORRUPT_DATABASE`, `DATABASE_BUSY`,
    /// `DISK_FULL`, `TOO_MANY_FILES`: the file is left as it is.
    ///
    /// # While it is open
    /// Everything that stores fails with `DATABASE_REPLACED` once another program has moved or
    /// removed the file or its log: nothing is acknowledged that would be lost.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Atlas::builder().open(path)
    }

    /// An empty database that lives as long as the object.
    ///
    /// # Errors
    /// Storage errors.
    pub fn open_in_memory() -> Result<Self> {
        Atlas::builder().open_in_memory()
    }

    /// Settings and plugins before opening.
    pub fn builder() -> AtlasBuilder {
        AtlasBuilder::default()
    }

    /// Closes the database: ends the work in the background and waits for it. Dropping does the
    /// same. An area that outlives it goes on answering, without work in the background.
    pub fn close(self) {
        drop(self);
    }

    /// What is stored of Jira's tickets, and the tester's notes on them.
    pub fn tickets(&self) -> Tickets {
        Tickets {
            core: self.core.clone(),
        }
    }

    /// The library of test patterns, and patterns found in tickets.
    pub fn patterns(&self) -> Patterns {
        Patterns {
            core: self.core.clone(),
        }
    }

    /// Stored predictions with the tester's answers, and questions.
    pub fn predictions(&self) -> Predictions {
        Predictions {
            core: self.core.clone(),
        }
    }

    /// The past, training data, retraining, and versions of what was learned.
    pub fn learning(&self) -> Learning {
        Learning {
            core: self.core.clone(),
        }
    }

    /// The tester's day: sessions.
    pub fn sessions(&self) -> Sessions {
        Sessions {
            core: self.core.clone(),
        }
    }

    /// Experience, streak, achievements, challenges and the coach.
    pub fn play(&self) -> Play {
        Play {
            core: self.core.clone(),
        }
    }

    /// Values that a host remembers.
    pub fn memory(&self) -> Memory {
        Memory {
            core: self.core.clone(),
        }
    }

    /// Syncing with a live Jira on a schedule.
    pub fn jira(&self) -> LiveJira {
        LiveJira {
            core: self.core.clone(),
        }
    }

    /// Who the tester is, and what they have set.
    pub fn profile(&self) -> Tester {
        Tester {
            core: self.core.clone(),
        }
    }

    /// Backups, checks, exports of everything, imports and the sample.
    pub fn database(&self) -> Database {
        Database {
            core: self.core.clone(),
        }
    }
}

impl Drop for Atlas {
    fn drop(&mut self) {
        self.core.stop();
    }
}
