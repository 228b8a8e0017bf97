//! What was learned from the observations, version by version.

use jiff::Timestamp;
use rusqlite::Row;

use super::{Repositories, Revision, columns};
use crate::{Error, Result};

/// Versions of what was learned.
#[derive(Debug)]
pub struct Models<'r>(pub(super) &'r Repositories<'r>);

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// It answers now.
    Serving,
    /// It answered until a newer one came, and can answer again.
    Retired,
    /// The one that served did better, so it never answered.
    Refused,
    /// Something that it had learned from was taken back, so it is gone.
    Withdrawn,
}

/// A version without what it learned.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRow {
    /// Its number, ascending.
    pub version: i64,
    /// What became of it.
    pub state: ModelState,
    /// When it was trained.
    pub trained_at: Option<Timestamp>,
    /// The largest id of an observation that it has seen.
    pub newest_observation: i64,
    /// Its log, in JSON.
    pub log: String,
}

const COLUMNS: &str = "version, state, trained_at, newest_observation, log";

impl Models<'_> {
    /// Stores a version. One that is to serve retires the one that serves.
    ///
    /// # Errors
    /// Storage errors.
    pub fn add(&self, row: &ModelRow, body: &str) -> Result<i64> {
        if row.state == ModelState::Serving {
            self.retire()?;
        }
        let version = self.0.insert(
            "INSERT INTO atlas_models (state, trained_at, newest_observation, body, log)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                row.state.as_str(),
                row.trained_at.map(columns::time_text),
                row.newest_observation,
                body,
                &row.log,
            ),
        )?;
        self.0.changed(Revision::Models)?;
        Ok(version)
    }

    /// The version that serves, with its body.
    ///
    /// # Errors
    /// Storage errors.
    pub fn serving(&self) -> Result<Option<(ModelRow, String)>> {
        let sql = &format!("SELECT {COLUMNS}, body FROM atlas_models WHERE state = 'serving'");
        self.0
            .first(sql, [], |row| Ok((model_of(row)?, row.get(5)?)))
    }

    /// The newest version, whatever became of it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn newest(&self) -> Result<Option<ModelRow>> {
        let sql = &format!("SELECT {COLUMNS} FROM atlas_models ORDER BY version DESC LIMIT 1");
        self.0.first(sql, [], model_of)
    }

    /// Every version, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn all(&self) -> Result<Vec<ModelRow>> {
        let mut models = Vec::new();
        let sql = &format!("SELECT {COLUMNS} FROM atlas_models ORDER BY version DESC");
        self.0.each(sql, [], |row| {
            models.push(model_of(row)?);
            Ok(())
        })?;
        Ok(models)
    }

    /// Lets an earlier version serve again.
    ///
    /// # Errors
    /// `MODEL_VERSION_NOT_FOUND` for one that is not there or was withdrawn; storage errors.
    pub fn serve(&self, version: i64) -> Result<()> {
        let sql = "SELECT 1 FROM atlas_models WHERE version = ?1 AND body IS NOT NULL";
        if self.0.first(sql, [version], |_| Ok(()))?.is_none() {
            return Err(Error::ModelVersionNotFound { version });
        }
        self.retire()?;
        let sql = "UPDATE atlas_models SET state = 'serving' WHERE version = ?1";
        self.0.execute(sql, [version])?;
        self.0.changed(Revision::Models)
    }

    /// Lets no version serve.
    ///
    /// # Errors
    /// Storage errors.
    pub fn retire(&self) -> Result<()> {
        let sql = "UPDATE atlas_models SET state = 'retired' WHERE state = 'serving'";
        if self.0.execute(sql, [])? > 0 {
            self.0.changed(Revision::Models)?;
        }
        Ok(())
    }

    /// Deletes old versions, all but the newest `kept` and the one that serves.
    ///
    /// # Errors
    /// Storage errors.
    pub fn trim(&self, kept: usize) -> Result<()> {
        let sql = "DELETE FROM atlas_models WHERE state <> 'serving' AND version NOT IN
                       (SELECT version FROM atlas_models ORDER BY version DESC LIMIT ?1)";
        self.0.execute(sql, [kept as i64])?;
        Ok(())
    }

    /// Withdraws every version that may have seen an observation that is taken back: its body is
    /// dropped, its log stays. How many there were.
    ///
    /// `observation_id` is the smallest id among those taken back.
    ///
    /// # Errors
    /// Storage errors.
    pub fn withdraw_since(&self, observation_id: i64) -> Result<u64> {
        let withdrawn = self.0.execute(
            "UPDATE atlas_models SET state = 'withdrawn', body = NULL
             WHERE newest_observation >= ?1 AND state <> 'withdrawn'",
            [observation_id],
        )?;
        if withdrawn > 0 {
            self.0.changed(Revision::Models)?;
        }
        Ok(withdrawn as u64)
    }
}

impl ModelState {
    /// The name that the database keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            ModelState::Serving => "serving",
            ModelState::Retired => "retired",
            ModelState::Refused => "refused",
            ModelState::Withdrawn => "withdrawn",
        }
    }
}

fn model_of(row: &Row<'_>) -> rusqlite::Result<ModelRow> {
    let state = match row.get_ref(1)?.as_str() {
        Ok("serving") => ModelState::Serving,
        Ok("refused") => ModelState::Refused,
        Ok("withdrawn") => ModelState::Withdrawn,
        _ => ModelState::Retired,
    };
    Ok(ModelRow {
        version: row.get(0)?,
        state,
        trained_at: columns::time(row, 2),
        newest_observation: row.get(3)?,
        log: columns::text(row, 4).unwrap_or_default(),
    })
}
