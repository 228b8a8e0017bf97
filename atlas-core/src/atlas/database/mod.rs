//! The area [`Database`]: taking care of the file.

mod care;
mod check;
mod check_vectors;
mod imports;
mod preview;
mod read_only;

use std::path::Path;
use std::sync::Arc;

use crate::Result;
use crate::atlas::core::Core;
use crate::domain::ProgressFn;

pub use read_only::ReadOnly;

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

/// The file itself: backups, checks, exports of everything, imports and the sample.
#[derive(Clone)]
pub struct Database {
    pub(crate) core: Arc<Core>,
}

impl Database {
    /// How much is stored.
    ///
    /// # Errors
    /// Storage errors.
    pub fn counts(&self) -> Result<Counts> {
        let model = self.core.encoder.id()?;
        self.core.store.read(|stored| {
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
        self.core.encoder.id()
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
        self.core.store.backup_to(path.as_ref())
    }
}

impl Database {
    /// Encodes the texts that have no vector yet; returns how many it encoded.
    ///
    /// A text of which the encoder knows little (one in Japanese, for the encoder that is compiled
    /// in) gets no vector: how much is known is stored in its place, and words answer alone.
    ///
    /// Imports do this themselves; call it again after one that was stopped.
    ///
    /// # Errors
    /// Storage errors; `CANCELLED` when `progress` says so: what was encoded is kept.
    pub fn encode(&self, progress: ProgressFn<'_>) -> Result<u64> {
        self.core.encode_pending(progress)
    }
}
