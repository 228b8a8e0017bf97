//! What an open database consists of; shared by [`Atlas`](super::Atlas), its areas and the threads
//! that work for them.

#[cfg(feature = "hnsw")]
pub(super) mod background;
pub(super) mod encode;
pub(super) mod import;
pub(super) mod index;
pub(super) mod learned;
mod mend;
mod one_sync;
mod recount;
pub(super) mod retrain;
mod scheduler;
pub(super) mod times;
mod trainer;
pub(super) mod user;
pub(super) mod work_log;

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use crate::analysis::scenario_types::ScenarioTypes;
use crate::domain::{Ticket, TicketKey};
use crate::pipeline::Pipeline;
use crate::play::coach::Coach;
use crate::store::{Store, Stored};
use crate::{Error, Result};

use super::settings::Settings;
use encode::LazyEncoder;
use index::State;
use learned::Learned;
use one_sync::OneSync;
use scheduler::Scheduler;
use times::Times;
use trainer::Trainer;
use work_log::KeptTally;

/// Says what time it is.
pub(super) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The store, the encoder, the index, the pipeline, what was learned, and the clock.
///
/// The threads that retrain and that sync hold it too; [`stop`](Self::stop) ends them.
pub(crate) struct Core {
    pub(super) store: Store,
    pub(super) pipeline: Pipeline,
    pub(super) settings: Settings,
    pub(super) encoder: Arc<LazyEncoder>,
    pub(super) state: State,
    pub(super) times: Times,
    #[cfg(feature = "hnsw")]
    pub(super) background: background::Background,
    pub(super) scenario_types: OnceLock<ScenarioTypes>,
    pub(super) learned: Learned,
    pub(super) trainer: Trainer,
    pub(super) one_sync: OneSync,
    pub(super) scheduler: Scheduler,
    pub(super) tally: KeptTally,
    pub(super) coach: Coach,
    pub(super) clock: Clock,
    /// Whether stored predictions answer again.
    pub(super) cache: bool,
    /// What was configured beside plugins and weights, for telling stored predictions apart.
    pub(super) configuration: String,
}

impl Core {
    /// Ends the threads that work for it, for good, and waits for them.
    pub(super) fn stop(&self) {
        self.scheduler.close();
        self.trainer.close();
    }

    pub(super) fn find(&self, key: &str) -> Result<Stored<Ticket>> {
        let key = TicketKey::parse(key)?;
        let found = self.store.read(|stored| stored.tickets().by_key(&key))?;
        found.ok_or_else(|| Error::TicketNotFound {
            key: key.to_string(),
        })
    }
}
