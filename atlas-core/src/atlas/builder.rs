//! Settings and plugins of an [`Atlas`].

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::encode::LazyEncoder;
use super::learning::BlendPolicy;
use super::profile::user_settings;
use super::scheduler::Scheduler;
use super::state::State;
use super::trainer::Trainer;
use super::{Atlas, Clock};
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

/// Numbers that a host may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Tokens of a ticket that are encoded, 8 to 512.
    pub ticket_tokens: usize,
    /// Tokens of a pattern that are encoded, 8 to 512.
    pub pattern_tokens: usize,
    /// From so many tickets of different texts on, an approximate index is made in the background
    /// and used by searches without a filter; `usize::MAX` for never. It takes about 2 kB of memory
    /// a ticket, 3 kB after it was read from its file, and 1 kB in a folder beside the database, a
    /// cache that may be deleted. Nothing is made without the feature `hnsw`.
    pub approximate_from: usize,
    /// See [`AtlasBuilder::retrain_after`].
    pub retrain_after: Option<NonZeroU32>,
    /// See [`AtlasBuilder::blend`].
    pub blend: BlendPolicy,
}

/// See [`Settings::approximate_from`]. Measured (`benches/README.md`): up to 50,000 the exact scan
/// is as fast.
const HNSW_FROM: usize = 100_000;

impl Default for Settings {
    /// Chosen from the curves that `evaluate --tokens` prints.
    fn default() -> Self {
        Settings {
            ticket_tokens: 128,
            pattern_tokens: 256,
            approximate_from: HNSW_FROM,
            retrain_after: NonZeroU32::new(20),
            blend: BlendPolicy::Auto,
        }
    }
}

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
    /// ([`Atlas::set_user_settings`]). Built in: `neural` 0.7, `similarity` 0.3 (specification
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
    /// when [`Atlas::retrain`] is called. The thread is the `Atlas`'s own: it is stopped and waited
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
    /// lies where it cannot be written is opened so by itself: see [`Atlas::read_only`].
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("work.db");
    /// drop(Atlas::open(&path)?);
    /// let atlas = Atlas::builder().read_only(true).open(&path)?;
    /// assert!(atlas.read_only()?.is_some());
    /// assert_eq!(atlas.memory_expire().unwrap_err().code(), "READ_ONLY_DATABASE");
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
            Atlas::adopt_sessions(&store)?;
        }
        let atlas = Atlas {
            store: Arc::new(store),
            pipeline: Arc::new(pipeline),
            settings: self.settings,
            encoder,
            state: Arc::new(State::default()),
            times: Arc::default(),
            #[cfg(feature = "hnsw")]
            background: Default::default(),
            scenario_types: Arc::new(OnceLock::new()),
            learned: Arc::default(),
            trainer: Trainer::default(),
            one_sync: Arc::default(),
            scheduler: Scheduler::default(),
            tally: Arc::default(),
            coach: Arc::new(self.coach?),
            clock: self.clock,
            cache: self.cache,
            configuration: format!("{:?} {}", self.settings, self.configuration),
        };
        if atlas.store.read_only().is_none() {
            atlas.note_count()?;
        }
        if self.starter && atlas.store.read_only().is_none() {
            atlas.offer_starter_catalogue()?;
        }
        Ok(atlas)
    }
}
