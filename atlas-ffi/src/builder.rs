//! Opening with plugins and settings.

use std::sync::{Arc, Mutex, PoisonError};

use atlas_core::{Atlas as Core, AtlasBuilder as CoreBuilder};

use crate::atlas::Atlas;
use crate::callbacks::{Blender, ForeignBlender, ForeignPredictor, Predictor};
use crate::error::{AtlasError, Result};
use crate::records::{BlendPolicy, Settings};
use crate::remote::FlowNexus;

/// Makes an `Atlas` with plugins and settings. Every call changes it and returns it; `open` ends it.
#[derive(uniffi::Object)]
pub struct AtlasBuilder {
    core: Mutex<Option<CoreBuilder>>,
}

#[uniffi::export]
impl AtlasBuilder {
    /// One with the settings that `Atlas.open` has.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(AtlasBuilder {
            core: Mutex::new(Some(Core::builder())),
        })
    }

    /// Adds a plugin of the host's, with weight 0.2 unless `weight` says otherwise. Its name is asked
    /// for once, here. What it answers is not cached unless `cache` says so.
    pub fn predictor(self: Arc<Self>, predictor: Arc<dyn Predictor>) -> Result<Arc<Self>> {
        let predictor = ForeignPredictor::new(predictor)?;
        self.change(|core| core.predictor(predictor).cache(false))
    }

    /// The weight of a plugin's vote, 0 or more.
    pub fn weight(self: Arc<Self>, predictor: String, weight: f32) -> Result<Arc<Self>> {
        self.change(|core| core.weight(predictor, weight))
    }

    /// Sums the votes in place of the built-in blender.
    pub fn blender(self: Arc<Self>, blender: Arc<dyn Blender>) -> Result<Arc<Self>> {
        let blender = ForeignBlender::new(blender)?;
        self.change(|core| core.blender(blender).cache(false))
    }

    /// Asks the remote model, whose vote counts in place of the local one's where there is one.
    pub fn flow_nexus(self: Arc<Self>, service: Arc<FlowNexus>) -> Result<Arc<Self>> {
        let client = service.client.clone();
        self.change(|core| core.flow_nexus(client))
    }

    /// Who orders the scenarios.
    pub fn blend(self: Arc<Self>, policy: BlendPolicy) -> Result<Arc<Self>> {
        self.change(|core| core.blend(policy))
    }

    /// How texts are encoded and when learning starts by itself.
    pub fn settings(self: Arc<Self>, settings: Settings) -> Result<Arc<Self>> {
        self.change(|core| core.settings(settings))
    }

    /// Further rules for edge cases, as TOML; one with a known id replaces it.
    pub fn edge_case_rules(self: Arc<Self>, toml: String) -> Result<Arc<Self>> {
        self.change(|core| core.edge_case_rules(&toml))
    }

    /// Further rules of test design, as TOML; one with a known id replaces it.
    pub fn design_rules(self: Arc<Self>, toml: String) -> Result<Arc<Self>> {
        self.change(|core| core.design_rules(&toml))
    }

    /// Further lines for the coach, as TOML.
    pub fn coach_lines(self: Arc<Self>, toml: String) -> Result<Arc<Self>> {
        self.change(|core| core.coach_lines(&toml))
    }

    /// A folder with the encoder to use: needed where none is compiled in.
    pub fn model(self: Arc<Self>, folder: String) -> Result<Arc<Self>> {
        self.change(|core| core.model(folder))
    }

    /// Whether a database without patterns is given the starter catalogue; it is, by default.
    pub fn starter_catalogue(self: Arc<Self>, wanted: bool) -> Result<Arc<Self>> {
        self.change(|core| core.starter_catalogue(wanted))
    }

    /// Whether a stored prediction answers the same question for an hour. By default it does, unless
    /// there are plugins of the host's, whose code may change.
    pub fn cache(self: Arc<Self>, wanted: bool) -> Result<Arc<Self>> {
        self.change(|core| core.cache(wanted))
    }

    /// Whether nothing is changed, neither in the database nor beside it; not, by default.
    pub fn read_only(self: Arc<Self>, wanted: bool) -> Result<Arc<Self>> {
        self.change(|core| core.read_only(wanted))
    }

    /// Opens a database file, which is made where it is not there.
    pub fn open(&self, path: String) -> Result<Arc<Atlas>> {
        Ok(Atlas::of(self.take()?.open(path)?))
    }

    /// A database that lives as long as the object.
    pub fn open_in_memory(&self) -> Result<Arc<Atlas>> {
        Ok(Atlas::of(self.take()?.open_in_memory()?))
    }
}

impl AtlasBuilder {
    fn take(&self) -> Result<CoreBuilder> {
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        core.take().ok_or_else(|| AtlasError::closed("builder"))
    }

    fn change(self: Arc<Self>, work: impl FnOnce(CoreBuilder) -> CoreBuilder) -> Result<Arc<Self>> {
        let changed = work(self.take()?);
        *self.core.lock().unwrap_or_else(PoisonError::into_inner) = Some(changed);
        Ok(self)
    }
}
