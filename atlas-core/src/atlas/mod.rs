//! The one object that a host holds.

mod analyze;
#[cfg(feature = "hnsw")]
mod background;
mod backtest;
mod builder;
mod care;
mod check;
mod choice;
mod coach;
mod coverage;
mod encode;
mod exchange;
mod feedback;
mod import;
mod import_tickets;
mod imports;
mod learning;
mod memory;
mod mend;
mod mining;
mod not_similar;
mod notes;
mod patterns;
mod predict;
mod profile;
mod progress;
mod questions;
mod read_only;
mod recount;
mod review;
mod scheduler;
mod session_end;
mod sessions;
mod similar;
mod state;
mod sync;
mod time;
mod trainer;
mod training_data;
mod usual_types;
mod work;
mod work_log;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use crate::analysis::scenario_types::ScenarioTypes;
use crate::domain::{Prediction, Ticket, TicketKey};
use crate::pipeline::Pipeline;
use crate::play::coach::Coach;
use crate::store::{Store, Stored};
use crate::{Error, Result};

pub use builder::{AtlasBuilder, Settings};
pub use learning::{BlendPolicy, ModelVersion, TrainingStatus};
pub use read_only::ReadOnly;
pub use similar::SimilarOptions;
pub use sync::SyncProgressFn;

use encode::LazyEncoder;
use learning::Learned;
use scheduler::Scheduler;
use state::State;
use sync::OneSync;
use time::Times;
use trainer::Trainer;
use work_log::KeptTally;

/// Says what time it is.
type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// An open ATLAS database with its plugins: import, analyse, predict.
///
/// `Atlas` is `Send + Sync`; share it behind an `Arc`. Every method is synchronous. Callbacks
/// (progress, writers, plugins, the clock, transports) may call it: no lock is held while they run.
/// In a process that was forked from the one that opened the database, calls answer `FORKED`: open
/// it there again, let go of the copy with [`std::mem::forget`], and fork while no call is under way,
/// as SQLite asks for too. No method touches the
/// network but [`sync`](Atlas::sync), [`schedule_sync`](Atlas::schedule_sync),
/// [`my_work_live`](Atlas::my_work_live) and, where [`AtlasBuilder::flow_nexus`] was called,
/// predictions.
///
/// ```
/// use atlas_core::{Atlas, domain::Draft};
/// let atlas = Atlas::open_in_memory()?;
/// let prediction = atlas.predict_draft(&Draft::new("Login fails with an expired password"), 3)?;
/// assert_eq!(prediction.scenarios.len(), 3);
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub struct Atlas {
    // Shared with the thread that retrains.
    store: Arc<Store>,
    pipeline: Arc<Pipeline>,
    settings: Settings,
    encoder: Arc<LazyEncoder>,
    state: Arc<State>,
    times: Arc<Times>,
    #[cfg(feature = "hnsw")]
    background: Arc<background::Background>,
    scenario_types: Arc<OnceLock<ScenarioTypes>>,
    learned: Arc<Learned>,
    trainer: Trainer,
    one_sync: Arc<OneSync>,
    scheduler: Scheduler,
    tally: Arc<KeptTally>,
    coach: Arc<Coach>,
    clock: Clock,
    /// Whether stored predictions answer again.
    cache: bool,
    /// What was configured beside plugins and weights, for telling stored predictions apart.
    configuration: String,
}

/// How much a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Tickets.
    pub tickets: u64,
    /// Test patterns, the starter catalogue's among them.
    pub patterns: u64,
    /// Patterns of the starter catalogue.
    pub starter_patterns: u64,
    /// Observations: which pattern was right or wrong for which ticket.
    pub observations: u64,
    /// Texts that wait for their vector; they are found by words until they have it.
    pub unencoded: u64,
}

impl Atlas {
    /// Opens or makes a database with the built-in plugins. One that lies where it cannot be written
    /// is opened for reading: see [`read_only`](Self::read_only).
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

    /// A stored ticket.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`.
    pub fn ticket(&self, key: &str) -> Result<Ticket> {
        Ok(self.find(key)?.value)
    }

    /// A stored ticket by its row id, as [`Session::ticket_id`](crate::domain::Session::ticket_id)
    /// and the specification's `jira_ticket_id` name it.
    ///
    /// # Errors
    /// `TICKET_NOT_FOUND`.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// let atlas = Atlas::open_in_memory()?;
    /// let error = atlas.ticket_of_row(7).unwrap_err();
    /// assert_eq!(error.code(), "TICKET_NOT_FOUND");
    /// assert_eq!(error.details()["ticket_id"], "7");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn ticket_of_row(&self, id: i64) -> Result<Ticket> {
        let found = self.store.read(|stored| stored.tickets().by_ids(&[id]))?;
        let ticket = found.into_iter().next().map(|stored| stored.value);
        ticket.ok_or(Error::TicketRowNotFound { id })
    }

    /// Every stored ticket, in the order in which they came.
    ///
    /// # Errors
    /// Storage errors.
    pub fn tickets(&self) -> Result<Vec<Ticket>> {
        self.store.read(|stored| {
            let mut tickets = Vec::new();
            stored.tickets().for_each(&mut |ticket| {
                tickets.push(ticket.value);
                Ok(())
            })?;
            Ok(tickets)
        })
    }

    /// The newest stored prediction of every ticket that has one, in the tickets' order; see
    /// [`latest_prediction`](Self::latest_prediction).
    ///
    /// # Errors
    /// Storage errors.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{Ticket, TicketKey}};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.add_tickets(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// atlas.predict("WRKA-7", 3)?;
    /// let newest = atlas.predict("WRKA-7", 5)?;
    /// assert_eq!(atlas.latest_predictions()?, [newest]);
    /// assert_eq!(atlas.tickets()?[0].summary, "Export is empty");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn latest_predictions(&self) -> Result<Vec<Prediction>> {
        self.store
            .read(|stored| stored.predictions().latest_of_all())
    }

    /// How much is stored.
    ///
    /// # Errors
    /// Storage errors.
    pub fn counts(&self) -> Result<Counts> {
        let model = self.encoder.id()?;
        self.store.read(|stored| {
            Ok(Counts {
                tickets: stored.tickets().count()?,
                patterns: stored.patterns().count(None)?,
                starter_patterns: stored
                    .patterns()
                    .count(Some(crate::domain::PatternOrigin::Starter))?,
                observations: stored.observations().count()?,
                unencoded: stored.documents().pending_count(&model, None)?,
            })
        })
    }

    /// The id of the model that encodes here: its name and a hash of its content.
    ///
    /// # Errors
    /// `MODEL_FAILED` when it cannot be loaded.
    pub fn model_id(&self) -> Result<String> {
        self.encoder.id()
    }

    /// The version of the database's schema.
    pub fn schema_version(&self) -> usize {
        atlas_migrations::MIGRATIONS.len()
    }

    /// Copies the database to a new file while it is in use.
    ///
    /// # Errors
    /// `FILE_FAILED`, `READ_ONLY_DATABASE`.
    pub fn backup(&self, path: impl AsRef<Path>) -> Result<()> {
        self.store.backup_to(path.as_ref())
    }

    fn find(&self, key: &str) -> Result<Stored<Ticket>> {
        let key = TicketKey::parse(key)?;
        let found = self.store.read(|stored| stored.tickets().by_key(&key))?;
        found.ok_or_else(|| Error::TicketNotFound {
            key: key.to_string(),
        })
    }
}
