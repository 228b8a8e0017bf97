//! The object `Atlas`: an open database. A file per area, as in the core.

mod care;
mod exchange;
mod feedback;
mod imports;
mod learning;
mod memory;
mod patterns;
mod play;
mod predictions;
mod sessions;
mod sync;
mod tickets;
mod work;

use std::sync::{Arc, PoisonError, RwLock};

use atlas_core::Atlas as Core;

use crate::builder::AtlasBuilder;
use crate::error::{AtlasError, Result};

/// An open ATLAS database with its plugins: import, analyse, predict, learn.
///
/// It can be used from several threads. Closing it ends its background threads and closes the file
/// once the calls under way have returned; closing twice is harmless.
#[derive(uniffi::Object)]
pub struct Atlas {
    core: RwLock<Option<Arc<Core>>>,
}

#[uniffi::export]
impl Atlas {
    /// Opens a database file, which is made where it is not there.
    #[uniffi::constructor]
    pub fn open(path: String) -> Result<Arc<Self>> {
        AtlasBuilder::new().open(path)
    }

    /// A database that lives as long as the object.
    #[uniffi::constructor]
    pub fn open_in_memory() -> Result<Arc<Self>> {
        AtlasBuilder::new().open_in_memory()
    }

    /// Ends background threads and closes the file, once calls under way have returned. Whatever is
    /// called afterwards throws `CLOSED`.
    pub fn close(&self) {
        let core = self
            .core
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(core);
    }
}

impl Atlas {
    /// Around the core's object.
    pub fn of(core: Core) -> Arc<Self> {
        Arc::new(Atlas {
            core: RwLock::new(Some(Arc::new(core))),
        })
    }

    /// The core's object, held for one call: the last one closes the file.
    fn core(&self) -> Result<Arc<Core>> {
        let core = self.core.read().unwrap_or_else(PoisonError::into_inner);
        core.clone().ok_or_else(|| AtlasError::closed("database"))
    }

    /// A call of the core.
    fn call<T>(&self, work: impl FnOnce(&Core) -> atlas_core::Result<T>) -> Result<T> {
        let core = self.core()?;
        Ok(work(&core)?)
    }
}

/// The version of ATLAS.
#[uniffi::export]
pub fn atlas_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
