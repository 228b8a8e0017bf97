//! A database that is only read: why, and what is left out because of it.

use super::Database;
use crate::Result;
use crate::atlas::core::Core;
use crate::atlas::core::encode::pending_patterns;
use crate::domain::Degraded;

/// Why a database is only read, and what is left out because of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReadOnly {
    /// Why: what the system says, or that the caller wanted it.
    pub reason: String,
    /// What opening for writing would have put right, in sentences; usually nothing.
    pub left_out: Vec<String>,
}

impl Database {
    /// Why the database is only read; `None` where it can be written.
    ///
    /// A database that lies on a medium or in a folder that cannot be written is opened so by
    /// itself, [`AtlasBuilder::read_only`](crate::AtlasBuilder::read_only) asks for it. Everything
    /// that reads works; a prediction is not stored and has no id; everything that stores something
    /// fails with `READ_ONLY_DATABASE`.
    ///
    /// # Errors
    /// Storage errors, `MODEL_FAILED`.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// assert_eq!(Atlas::open_in_memory()?.database().read_only()?, None);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn read_only(&self) -> Result<Option<ReadOnly>> {
        let Some(reason) = self.core.store.read_only() else {
            return Ok(None);
        };
        let mut left_out = Vec::new();
        let (patterns, foreign) = self.core.store.read(|stored| {
            let foreign = stored.sessions().foreign()?.len();
            Ok((stored.patterns().count(None)?, foreign))
        })?;
        if patterns == 0 {
            left_out.push("it has no patterns, so nothing can be named to test".to_owned());
        }
        if foreign > 0 {
            left_out.push(format!(
                "sessions of other programs that are not listed: {foreign}"
            ));
        }
        if !self
            .core
            .store
            .read(|stored| self.core.counts_as_now(stored))?
        {
            let counted = "texts in other scripts may have been counted by an earlier ATLAS, and \
                           are then not found by their words";
            left_out.push(counted.to_owned());
        }
        left_out.extend(self.core.unencoded_patterns()?);
        Ok(Some(ReadOnly {
            reason: reason.to_owned(),
            left_out,
        }))
    }
}

impl Core {
    /// That patterns wait to be encoded, and cannot be.
    pub(crate) fn not_encoded(&self) -> Result<Option<Degraded>> {
        let reason = self.unencoded_patterns()?;
        Ok(reason.map(|reason| Degraded {
            predictor: crate::atlas::core::encode::ENCODER.to_owned(),
            reason,
        }))
    }

    fn unencoded_patterns(&self) -> Result<Option<String>> {
        let model = self.encoder.id()?;
        let waiting = self.store.read(|stored| pending_patterns(stored, &model))?;
        Ok((waiting > 0).then(|| {
            format!(
                "texts of patterns that were never encoded, and cannot be where the database is \
                 only read, so that they are found by their words: {waiting}"
            )
        }))
    }
}
