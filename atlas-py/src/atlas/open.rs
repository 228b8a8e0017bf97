//! Opening: what `atlas.open` takes.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use atlas_core::pipeline::flow_nexus::FlowNexusClient;
use atlas_core::{Atlas as Core, AtlasBuilder, BlendPolicy, Settings};
use pyo3::prelude::*;

use super::{Atlas, Handle, after_fork};
use crate::errors;
use crate::plugins::{Held, PyBlender, PyClock, PyPredictor};
use crate::remote::FlowNexus;

/// How a database was opened, for opening it again in a child process.
pub struct Recipe {
    path: Option<PathBuf>,
    predictors: Vec<PyPredictor>,
    weights: HashMap<String, f32>,
    blender: Option<PyBlender>,
    clock: Option<PyClock>,
    flow_nexus: Option<FlowNexusClient>,
    settings: Settings,
    rules: Option<String>,
    design_rules: Option<String>,
    coach_lines: Option<String>,
    model: Option<PathBuf>,
    starter: bool,
    cache: bool,
    read_only: bool,
}

impl Recipe {
    /// The file; none in memory.
    pub fn file(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether it is a file.
    pub fn is_file(&self) -> bool {
        self.path.is_some()
    }

    /// Python objects that the core calls.
    pub fn held(&self) -> impl Iterator<Item = &Held> {
        let predictors = self.predictors.iter().map(PyPredictor::held);
        let blender = self.blender.iter().map(PyBlender::held);
        let clock = self.clock.iter().map(PyClock::held);
        predictors.chain(blender).chain(clock)
    }

    /// Opens in a child process, which trains and indexes nothing in the background.
    pub fn open_in_child(&self, py: Python<'_>) -> PyResult<Core> {
        let settings = Settings {
            retrain_after: None,
            approximate_from: usize::MAX,
            ..self.settings
        };
        self.open(py, settings)
    }

    fn open(&self, py: Python<'_>, settings: Settings) -> PyResult<Core> {
        let builder = self.builder(settings);
        let opened = py.detach(|| {
            after_fork::counted(|| match &self.path {
                Some(path) => builder.open(path),
                None => builder.open_in_memory(),
            })
        });
        opened.map_err(|error| errors::to_python(py, &error))
    }

    fn builder(&self, settings: Settings) -> AtlasBuilder {
        let mut builder = Core::builder()
            .settings(settings)
            .starter_catalogue(self.starter)
            .cache(self.cache)
            .read_only(self.read_only);
        for predictor in &self.predictors {
            builder = builder.predictor(predictor.clone());
        }
        for (name, weight) in &self.weights {
            builder = builder.weight(name.as_str(), *weight);
        }
        if let Some(blender) = &self.blender {
            builder = builder.blender(blender.clone());
        }
        if let Some(clock) = self.clock.clone() {
            builder = builder.clock(move || clock.now());
        }
        if let Some(client) = &self.flow_nexus {
            builder = builder.flow_nexus(client.clone());
        }
        if let Some(rules) = &self.rules {
            builder = builder.edge_case_rules(rules);
        }
        if let Some(rules) = &self.design_rules {
            builder = builder.design_rules(rules);
        }
        if let Some(lines) = &self.coach_lines {
            builder = builder.coach_lines(lines);
        }
        if let Some(folder) = &self.model {
            builder = builder.model(folder);
        }
        builder
    }
}

#[pymethods]
impl Atlas {
    #[new]
    #[pyo3(signature = (path=None, *, predictors=None, weights=None, blender=None, on_plugin_error="degrade", flow_nexus=None, retrain_after=20, blend="auto", edge_case_rules=None, design_rules=None, coach_lines=None, model=None, ticket_tokens=128, pattern_tokens=256, approximate_from=100_000, starter_catalogue=true, cache=None, read_only=false, clock=None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        path: Option<PathBuf>,
        predictors: Option<Bound<'_, PyAny>>,
        weights: Option<HashMap<String, f32>>,
        blender: Option<Bound<'_, PyAny>>,
        on_plugin_error: &str,
        flow_nexus: Option<PyRef<'_, FlowNexus>>,
        retrain_after: Option<u32>,
        blend: &str,
        edge_case_rules: Option<String>,
        design_rules: Option<String>,
        coach_lines: Option<String>,
        model: Option<PathBuf>,
        ticket_tokens: usize,
        pattern_tokens: usize,
        approximate_from: usize,
        starter_catalogue: bool,
        cache: Option<bool>,
        read_only: bool,
        clock: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        after_fork::check(py)?;
        after_fork::note_process();
        let raises = match on_plugin_error {
            "degrade" => false,
            "raise" => true,
            other => {
                return Err(errors::invalid(
                    py,
                    "on_plugin_error",
                    other,
                    "degrade or raise",
                ));
            }
        };
        let blend = match blend {
            "auto" => BlendPolicy::Auto,
            "weighted_sum" => BlendPolicy::WeightedSum,
            "learned" => BlendPolicy::Learned,
            other => {
                let expected = "auto, weighted_sum or learned";
                return Err(errors::invalid(py, "blend", other, expected));
            }
        };
        let mut plugins = Vec::new();
        if let Some(predictors) = predictors {
            for object in predictors.try_iter()? {
                plugins.push(PyPredictor::new(object?, raises)?);
            }
        }
        let blender = blender
            .map(|object| PyBlender::new(object, raises))
            .transpose()?;
        let recipe = Recipe {
            path: path.filter(|path| path.as_os_str() != ":memory:"),
            // A plugin's code may change between two calls, which no fingerprint would notice.
            cache: cache.unwrap_or(plugins.is_empty() && blender.is_none()),
            predictors: plugins,
            weights: weights.unwrap_or_default(),
            blender,
            clock: clock.map(PyClock::new).transpose()?,
            flow_nexus: flow_nexus.map(|flow_nexus| flow_nexus.client.clone()),
            settings: Settings {
                ticket_tokens,
                pattern_tokens,
                approximate_from,
                retrain_after: retrain_after.and_then(NonZeroU32::new),
                blend,
            },
            rules: edge_case_rules,
            design_rules,
            coach_lines,
            model,
            starter: starter_catalogue,
            read_only,
        };
        let handle = Handle::new(recipe.open(py, recipe.settings)?);
        Ok(Atlas { recipe, handle })
    }
}
