//! Settings and plugins of an [`Atlas`].

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::Atlas;
use super::core::encode::LazyEncoder;
use super::core::user::user_settings;
use super::core::{Clock, Core};
use super::settings::{BlendPolicy, Settings};
use crate::pipeline::blender::{NEURAL, SIMILARITY};
use crate::pipeline::design::Design;
use crate::pipeline::edge_cases::{EdgeCases, Rule, parse_rules};
use crate::pipeline::flow_nexus::{FlowNexus, FlowNexusClient};
use crate::pipeline::neural::Neural;
use crate::pipeline::similarity::Similarity;
use crate::pipeline::ticket_steps::OwnSteps;
use crate::pipeline::{Blender, Pipeline, Predictor};
use crate::play::coach::Coach;
use crate::store::Store;
use crate::{Error, Result};

/// Makes an [`Atlas`].
///
/// ```
/// use atlas_core::{Atlas, Result};
/// use atlas_core::pipeline::{Predictor, Query, Suggestions};
///
/// struct Silent;
/// impl Predictor for Silent {
///     fn name(&self) -> &str { "silent" }
///     fn predict(&self, _: &Query<'_>) -> Result<Suggestions> { Ok(Suggestions::default()) }
/// }
/// let atlas = Atlas::builder().predictor(Silent).weight("silent", 0.2).open_in_memory()?;
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub struct AtlasBuilder {
    predictors: Vec<Box<dyn Predictor>>,
    weights: HashMap<String, f32>,
    blender: Option<Box<dyn Blender>>,
    flow_nexus: Option<FlowNexusClient>,
    coach: Result<Coach>,
    rules: Result<Vec<Rule>>,
    design_rules: Vec<String>,
    model: Option<PathBuf>,
    settings: Settings,
    starter: bool,
    clock: Clock,
    cache: bool,
    read_only: bool,
    /// The text of the user's rules and the blender's type: what a stored prediction depends on.
    configuration: String,
}

impl Default for AtlasBuilder {
    fn default() -> Self {
        AtlasBuilder {
            predictors: Vec::new(),
            weights: HashMap::from([(NEURAL.to_owned(), 0.7), (SIMILARITY.to_owned(), 0.3)]),
            blender: None,
            flow_nexus: None,
            coach: Coach::shipped(),
            rules: Ok(Vec::new()),
            design_rules: Vec::new(),
            model: None,
            settings: Settings::default(),
            starter: true,
            clock: Arc::new(Timestamp::now),
            cache: true,
            read_only: false,
            configuration: String::new(),
        }
    }
}

impl AtlasBuilder {
    /// Adds a plugin after the built-in ones. Without a weight of its own it weighs 0.2.
    pub fn predictor(mut self, predictor: impl Predictor + 'static) -> Self {
        self.predictors.push(Box::new(predictor));
        self
    }

    /// Sets a plugin's weight, 0 or more, unless the user has set one
    /// ([`Tester::set_settings`](crate::Tester::set_settings)). Built in: `neural` 0.7, `similarity` 0.3 (specification
    /// §4.2); `edge-cases`, `ticket` and `design` judge no pattern and weigh 0.
    pub fn weight(mut self, predictor: impl Into<String>, weight: f32) -> Self {
        self.weights.insert(predictor.into(), weight);
        self
    }

    /// Replaces the blender.
    pub fn blender<B: Blender + 'static>(mut self, blender: B) -> Self {
        self.configuration.push_str(std::any::type_name::<B>());
        self.blender = Some(Box::new(blender));
        self
    }

    /// Asks Flow-Nexus instead of the local model, whose weight it takes; where it fails or names
    /// nothing, the local model's vote counts and [`degraded`](crate::domain::Prediction::degraded)
    /// says why. What is sent stands in [`crate::pipeline::flow_nexus`]. A ranker that was trained
    /// on the local model's signals is silent where Flow-Nexus has spoken.
    pub fn flow_nexus(mut self, client: FlowNexusClient) -> Self {
        let settings = client.settings();
        let (base, model) = (&settings.base, &settings.model_id);
        self.configuration.push_str(&format!("{base} {model}"));
        self.flow_nexus = Some(client);
        self
    }

    /// Retrains in the background after so many new observations, 20 by default; `None` for only
    /// when [`Learning::retrain`](crate::Learning::retrain) is called. The thread is the `Atlas`'s own: it is stopped and waited
    /// for when that is dropped, and what it did not finish is due again.
    pub fn retrain_after(mut self, observations: Option<NonZeroU32>) -> Self {
        self.settings.retrain_after = observations;
        self
    }

    /// Who orders the scenarios; by default whoever did better on this user's past.
    pub fn blend(mut self, policy: BlendPolicy) -> Self {
        self.settings.blend = policy;
        self
    }

    /// Adds edge-case rules (TOML, see [`crate::pipeline::edge_cases`]); one with a bundled rule's
    /// id replaces it. [`open`](Self::open) reports what is wrong with them.
    pub fn edge_case_rules(mut self, toml: &str) -> Self {
        self.configuration.push_str(toml);
        self.rules = self.rules.and_then(|mut rules| {
            rules.extend(parse_rules(toml)?);
            Ok(rules)
        });
        self
    }

    /// Adds rules of test design and words that they are found by (TOML, the shape of
    /// `data/design.toml`); a rule with a bundled rule's id replaces it, words join the bundled
    /// ones. [`open`](Self::open) reports what is wrong with them.
    pub fn design_rules(mut self, toml: &str) -> Self {
        self.configuration.push_str(toml);
        self.design_rules.push(toml.to_owned());
        self
    }

    /// Gives the coach lines of the user's own (TOML, see [`crate::play::coach`]); lists that they
    /// do not have stay as they ship. [`open`](Self::open) reports what is wrong with them.
    pub fn coach_lines(mut self, toml: &str) -> Self {
        self.coach = Coach::with_lines(toml);
        self
    }

    /// Uses a model from a folder (`model.safetensors`, and `tokenizer.json` or `vocab.txt`) instead of the bundled
    /// one. Texts are encoded again; vectors of two models are never mixed.
    pub fn model(mut self, folder: impl Into<PathBuf>) -> Self {
        self.model = Some(folder.into());
        self
    }

    /// Changes the numbers.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Whether a database without patterns is given the starter catalogue; yes by default.
    pub fn starter_catalogue(mut self, wanted: bool) -> Self {
        self.starter = wanted;
        self
    }

    /// Whether a stored prediction answers the same question again for an hour; yes by default. No
    /// for plugins whose answers change by themselves.
    pub fn cache(mut self, wanted: bool) -> Self {
        self.cache = wanted;
        self
    }

    /// Changes nothing, neither in the database nor beside it; no by default. What is predicted is
    /// not stored, and what stores something is refused with `READ_ONLY_DATABASE`. A database that
    /// lies where it cannot be written is opened so by itself: see [`Database::read_only`](crate::Database::read_only).
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("work.db");
    /// drop(Atlas::open(&path)?);
    /// let atlas = Atlas::builder().read_only(true).open(&path)?;
    /// assert!(atlas.database().read_only()?.is_some());
    /// assert_eq!(atlas.memory().expire().unwrap_err().code(), "READ_ONLY_DATABASE");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_only(mut self, wanted: bool) -> Self {
        self.read_only = wanted;
        self
    }

    /// Replaces the clock, for tests and replays. It may be asked several times by one call.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Opens or makes the database.
    ///
    /// # Errors
    /// As [`Atlas::open`]; `DUPLICATE_PREDICTOR`, `INVALID_VALUE` for what was set before.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Atlas> {
        let open = match self.read_only {
            true => Store::open_read_only,
            false => Store::open,
        };
        self.build(|| open(path.as_ref()))
    }

    /// Makes a database in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_in_memory(self) -> Result<Atlas> {
        self.build(Store::open_in_memory)
    }

    fn build(self, open: impl FnOnce() -> Result<Store>) -> Result<Atlas> {
        for tokens in [self.settings.ticket_tokens, self.settings.pattern_tokens] {
            if !(8..=512).contains(&tokens) {
                return Err(Error::invalid("tokens", tokens, "8 to 512"));
            }
        }
        let mut predictors: Vec<Box<dyn Predictor>> = vec![
            Box::new(Neural),
            Box::new(Similarity),
            Box::new(EdgeCases::new(self.rules?)?),
            Box::new(OwnSteps),
            Box::new(Design::new(&self.design_rules)?),
        ];
        let built_in = predictors.len();
        predictors.extend(self.predictors);
        let weigh = |(place, predictor): (usize, Box<dyn Predictor>)| {
            let default = if place < built_in { 0.0 } else { 0.2 };
            let weight = self
                .weights
                .get(predictor.name())
                .copied()
                .unwrap_or(default);
            (predictor, weight)
        };
        let mut pipeline = Pipeline::new(predictors.into_iter().enumerate().map(weigh).collect())?;
        if let Some(blender) = self.blender {
            pipeline = pipeline.with_blender(blender);
        }
        let encoder = Arc::new(LazyEncoder::new(self.model));
        if let Some(client) = self.flow_nexus {
            let (encoder, tokens) = (encoder.clone(), self.settings.pattern_tokens);
            let encode = Box::new(move |names: &[&str]| encoder.codes(names, tokens));
            let remote = Box::new(FlowNexus { client, encode });
            pipeline = pipeline.with_stand_in(remote, NEURAL)?;
        }
        let store = open()?;
        pipeline.set_weights(&store.read(user_settings)?.weights);
        if store.read_only().is_none() {
            Core::adopt_sessions(&store)?;
        }
        let core = Core {
            store,
            pipeline,
            settings: self.settings,
            encoder,
            state: Default::default(),
            times: Default::default(),
            #[cfg(feature = "hnsw")]
            background: Default::default(),
            scenario_types: OnceLock::new(),
            learned: Default::default(),
            trainer: Default::default(),
            one_sync: Default::default(),
            scheduler: Default::default(),
            tally: Default::default(),
            coach: self.coach?,
            clock: self.clock,
            cache: self.cache,
            configuration: format!("{:?} {}", self.settings, self.configuration),
        };
        if core.store.read_only().is_none() {
            core.note_count()?;
        }
        if self.starter && core.store.read_only().is_none() {
            core.offer_starter_catalogue()?;
        }
        Ok(Atlas {
            core: Arc::new(core),
        })
    }
}
