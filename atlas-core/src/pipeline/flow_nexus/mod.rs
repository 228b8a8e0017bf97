//! The plugin `flow-nexus`: a remote model's vote in place of the local one's.
//!
//! Nothing is sent unless [`AtlasBuilder::flow_nexus`](crate::AtlasBuilder::flow_nexus) was given a
//! client. Then every prediction that is not answered from the database sends the ticket's summary,
//! the first 20,000 characters of its description, the names of the components that it names, the
//! model's name and the key; no key of the ticket, no people, labels or dates, and nothing of what
//! is stored. Retraining and backtests ask the local model.
//!
//! The service names scenarios in words. A name that a stored pattern has, apart from case, spaces
//! and punctuation, is that pattern; else the pattern whose name means most alike, from a cosine of
//! [`SAME_NAME`] on; else it is shown as the service says it.
//!
//! ```no_run
//! use atlas_core::Atlas;
//! use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};
//! let mut builder = Atlas::builder();
//! if let Some(settings) = FlowNexusSettings::from_env()? {
//!     builder = builder.flow_nexus(FlowNexusClient::new(settings)?);
//! }
//! let atlas = builder.open("work.db")?;
//! # Ok::<(), atlas_core::Error>(())
//! ```

mod client;
mod settings;

use std::collections::HashMap;

pub use client::{FlowNexusClient, RemoteScenario};
pub use settings::FlowNexusSettings;

use super::{Candidate, OwnScenario, Predictor, Query, ScenarioRef, Suggestions};
use crate::Result;
use crate::domain::{Reason, ReasonKind};
use crate::search::pattern_index::PatternIndex;
use crate::search::vectors::Codes;

/// The plugin's name.
pub const FLOW_NEXUS: &str = "flow-nexus";
/// From this cosine of two names on, they are taken for the same scenario. Measured on the starter
/// catalogue: no two of its names are as alike, and twelve of twenty names that say the same in
/// other words are; the others are shown as the service says them.
pub const SAME_NAME: f32 = 0.8;

/// Turns names into vectors.
pub(crate) type Encode = Box<dyn Fn(&[&str]) -> Result<Vec<Codes>> + Send + Sync>;

/// The remote model as a plugin.
pub(crate) struct FlowNexus {
    pub(crate) client: FlowNexusClient,
    pub(crate) encode: Encode,
}

impl Predictor for FlowNexus {
    fn name(&self) -> &str {
        FLOW_NEXUS
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        let named = self.client.predict(query.draft)?;
        let patterns = self.patterns(&named, &query.index.patterns)?;
        let mut scenarios: Vec<Candidate> = Vec::new();
        let mut places: HashMap<i64, usize> = HashMap::new();
        for (remote, pattern) in named.into_iter().zip(patterns) {
            match pattern {
                // The most confident of several names for one pattern comes first and stays.
                Some(matched) if places.contains_key(&matched.id) => {}
                Some(matched) => {
                    places.insert(matched.id, scenarios.len());
                    scenarios.push(of_pattern(&remote, &matched));
                }
                None => scenarios.push(of_service(remote)),
            }
        }
        Ok(Suggestions {
            scenarios,
            edge_cases: Vec::new(),
        })
    }
}

/// The stored pattern that a name stands for.
struct Matched {
    id: i64,
    /// The cosine of the names, where they are not equal.
    meaning: Option<f32>,
}

impl FlowNexus {
    /// The pattern of each scenario, if it is one.
    fn patterns(
        &self,
        named: &[RemoteScenario],
        patterns: &PatternIndex,
    ) -> Result<Vec<Option<Matched>>> {
        let mut by_name: HashMap<String, i64> = HashMap::new();
        for row in &patterns.rows {
            by_name.entry(plain(&row.name)).or_insert(row.id);
        }
        let found = |remote: &RemoteScenario| by_name.get(&plain(&remote.name)).copied();
        let mut matched: Vec<Option<Matched>> = named
            .iter()
            .map(|remote| found(remote).map(|id| Matched { id, meaning: None }))
            .collect();
        let open: Vec<usize> = (0..named.len()).filter(|&n| matched[n].is_none()).collect();
        let names: Vec<&str> = open.iter().map(|&n| named[n].name.as_str()).collect();
        for (&place, codes) in open.iter().zip((self.encode)(&names)?) {
            matched[place] = patterns
                .text
                .nearest_name(&codes)
                .filter(|(_, cosine)| *cosine >= SAME_NAME)
                .map(|(number, cosine)| Matched {
                    id: patterns.rows[number as usize].id,
                    meaning: Some(cosine),
                });
        }
        Ok(matched)
    }
}

fn of_pattern(remote: &RemoteScenario, matched: &Matched) -> Candidate {
    let mut candidate = Candidate::new(ScenarioRef::Pattern(matched.id), remote.confidence);
    candidate.reasons.extend(reasoning(remote));
    if let Some(cosine) = matched.meaning {
        let text = format!(
            "Flow-Nexus calls it \"{}\" (cosine {cosine:.2})",
            remote.name
        );
        candidate.reasons.push(Reason {
            score: Some(cosine),
            ..Reason::new(ReasonKind::Plugin, text)
        });
    }
    candidate
}

fn of_service(remote: RemoteScenario) -> Candidate {
    let reasons = reasoning(&remote).into_iter().collect();
    let scenario = OwnScenario {
        steps: remote.steps,
        ..OwnScenario::new(remote.name)
    };
    Candidate {
        reasons,
        ..Candidate::new(scenario, remote.confidence)
    }
}

fn reasoning(remote: &RemoteScenario) -> Option<Reason> {
    let said = !remote.reasoning.is_empty();
    said.then(|| {
        let text = format!("Flow-Nexus: {}", remote.reasoning);
        Reason::new(ReasonKind::Plugin, text)
    })
}

/// A name without case, spaces and punctuation.
fn plain(name: &str) -> String {
    let words = name.chars().filter(|c| c.is_alphanumeric());
    words.flat_map(char::to_lowercase).collect()
}
