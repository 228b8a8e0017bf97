//! What was learned from a user's past, and the blender that speaks with it.

use std::collections::HashMap;

use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::example::{best_first, log_shares};
use super::features::{Features, SignalTable};
use crate::Result;
use crate::domain::{Blend, Part, Reason, Source, sum};
use crate::pipeline::blender::sort;
use crate::pipeline::{Blended, Blender, ScenarioRef, Vote, WeightedSum};

/// How many scenarios a blend names at most.
const NAMED: usize = 100;
/// The name of the part that every candidate of the ticket has.
const BASE: &str = "any scenario";

/// Who orders the scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RankedBy {
    /// The specification's weighted sum of the plugins.
    WeightedSum,
    /// The ranker that was learned.
    Learned,
}

/// Who trains with what: what a model is tied to.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The plugins and their weights.
    pub plugins: Vec<(String, f32)>,
    /// The encoder's id.
    pub encoder: String,
}

/// One version of what was learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Who won the backtest.
    #[serde(rename = "speaker")]
    pub ranked_by: RankedBy,
    /// The signals that the ranker weighs.
    pub features: Features,
    /// Their weights; none where there was too little to learn from.
    pub weights: Vec<f64>,
    /// From the ranker's scores to probabilities.
    pub learned: Option<Calibration>,
    /// From the weighted sum's confidence to probabilities.
    #[serde(rename = "usual")]
    pub weighted_sum: Option<Calibration>,
    /// The plugins and weights that the weighted sum was calibrated with.
    pub plugins: Vec<(String, f32)>,
    /// The encoder behind the signals.
    pub encoder: String,
    /// How many judged scenarios the calibration rests on.
    pub judged: usize,
}

impl Model {
    /// Whether it was learned from these plugins and with this encoder.
    pub fn fits(&self, setting: &Setting) -> bool {
        self.plugins == setting.plugins && self.encoder == setting.encoder
    }

    /// The weights of the signals, those of one name together.
    pub fn weight_parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (feature, weight) in self.features.columns().iter().zip(&self.weights) {
            match parts.iter_mut().find(|part| part.name == feature.label()) {
                Some(part) => part.value += *weight as f32,
                None => parts.push(Part::new(feature.label(), *weight as f32)),
            }
        }
        parts
    }

    /// The calibration of the one who speaks.
    pub fn calibration(&self) -> Option<&Calibration> {
        match self.ranked_by {
            RankedBy::WeightedSum => self.weighted_sum.as_ref(),
            RankedBy::Learned => self.learned.as_ref(),
        }
    }
}

/// Blends as a model says; the weighted sum where the model cannot.
#[derive(Debug, Clone)]
pub struct LearnedBlender {
    /// The model.
    pub model: Model,
    /// Its version in the database.
    pub version: Option<i64>,
}

impl LearnedBlender {
    /// The ranker, if it speaks, every plugin that it listens to has voted, and no plugin that it
    /// does not know judges.
    fn ranker(&self, votes: &[Vote<'_>]) -> Option<&Calibration> {
        let known = |name: &str| self.model.plugins.iter().any(|(plugin, _)| plugin == name);
        let mut judges = votes
            .iter()
            .filter(|vote| vote.weight > 0.0 && vote.judges());
        let speaks = self.model.ranked_by == RankedBy::Learned
            && self.model.features.all_voted(votes)
            && judges.all(|vote| known(vote.predictor));
        self.model.learned.as_ref().filter(|_| speaks)
    }

    /// The weighted sum's map, if it was fitted for these plugins.
    fn weighted_sum_map(&self, votes: &[Vote<'_>]) -> Option<&Calibration> {
        let known = |vote: &Vote<'_>| {
            let plugin =
                |(name, weight): &(String, f32)| name == vote.predictor && *weight == vote.weight;
            vote.weight <= 0.0 || self.model.plugins.iter().any(plugin)
        };
        let map = self.model.weighted_sum.as_ref();
        map.filter(|_| votes.iter().all(known))
    }

    fn ranked(&self, votes: &[Vote<'_>], map: &Calibration) -> Vec<Blended> {
        let weights = Array1::from(self.model.weights.clone());
        let table = self.model.features.table(votes);
        let shares = log_shares(&table, &weights);
        let mut order: Vec<(i64, f64)> = table.patterns.iter().copied().zip(shares).collect();
        order.sort_by(best_first);
        order.truncate(NAMED);
        let parts = ScoreParts::new(&self.model, &table, map);
        let mut told = NamedBy::of(votes);
        let mut blended: Vec<Blended> = order
            .into_iter()
            .map(|(id, share)| {
                let parts = parts.of(id, share);
                let (source, reasons) = told.take(id);
                Blended {
                    scenario: ScenarioRef::Pattern(id),
                    confidence: sum(parts.iter().map(|part| part.value)),
                    parts,
                    source,
                    reasons,
                    calibrated: true,
                }
            })
            .collect();
        let own = WeightedSum.sum(votes).into_iter();
        blended.extend(own.filter(|b| matches!(b.scenario, ScenarioRef::Own(_))));
        // Stable: scenarios of one probability keep the ranker's order.
        blended.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        blended
    }
}

impl Blender for LearnedBlender {
    fn blend(&self, votes: &[Vote<'_>]) -> Result<Vec<Blended>> {
        if let Some(map) = self.ranker(votes) {
            return Ok(self.ranked(votes, map));
        }
        let mut blended = WeightedSum.sum(votes);
        if let Some(map) = self.weighted_sum_map(votes) {
            for scenario in &mut blended {
                if let ScenarioRef::Pattern(_) = scenario.scenario {
                    calibrate(scenario, map);
                }
            }
            sort(&mut blended);
        }
        Ok(blended)
    }

    fn account(&self, votes: &[Vote<'_>]) -> Blend {
        let learned = self.ranker(votes).is_some();
        let mut blend = if learned {
            Blend::new("learned", self.model.weight_parts())
        } else {
            WeightedSum.account(votes)
        };
        blend.model = self.version;
        blend.calibrated = learned || self.weighted_sum_map(votes).is_some();
        blend
    }
}

/// Turns a weighted sum into a probability; its parts keep their proportions.
fn calibrate(scenario: &mut Blended, map: &Calibration) {
    let raw = f64::from(scenario.confidence);
    let factor = 100.0 * map.probability(raw / 100.0) / raw.max(1e-9);
    for part in &mut scenario.parts {
        part.value = (f64::from(part.value) * factor) as f32;
    }
    scenario.confidence = sum(scenario.parts.iter().map(|part| part.value));
    scenario.calibrated = true;
}

/// What each signal adds to a probability.
///
/// A ticket's average candidate has a probability: the base. The way from there to a scenario's
/// own is shared out in proportion to what each signal adds to its score over the average, which
/// is what integrated gradients give for a function of a sum (Sundararajan et al., 2017).
struct ScoreParts<'a> {
    model: &'a Model,
    table: &'a SignalTable,
    map: &'a Calibration,
    means: Vec<f64>,
}

impl<'a> ScoreParts<'a> {
    fn new(model: &'a Model, table: &'a SignalTable, map: &'a Calibration) -> Self {
        let rows = table.signals.nrows().max(1) as f64;
        let mean = |column: ndarray::ArrayView1<'_, f32>| -> f64 {
            sum(column.iter().copied().map(f64::from)) / rows
        };
        ScoreParts {
            model,
            table,
            map,
            means: table.signals.columns().into_iter().map(mean).collect(),
        }
    }

    fn of(&self, pattern: i64, share: f64) -> Vec<Part> {
        let Ok(row) = self.table.patterns.binary_search(&pattern) else {
            return Vec::new();
        };
        let signals = self.table.signals.row(row);
        let mut added: Vec<(&str, f64)> = Vec::new();
        for (at, feature) in self.model.features.columns().iter().enumerate() {
            let amount = self.model.weights[at] * (f64::from(signals[at]) - self.means[at]);
            match added.iter_mut().find(|(name, _)| *name == feature.label()) {
                Some((_, sum)) => *sum += amount,
                None => added.push((feature.label(), amount)),
            }
        }
        let above = sum(added.iter().map(|(_, amount)| *amount));
        let probability = self.map.probability(share);
        let base = self.map.probability(share - above);
        let (base, factor) = if above.abs() < 1e-9 {
            (probability, 0.0)
        } else {
            (base, (probability - base) / above)
        };
        let mut parts = vec![Part::new(BASE, (100.0 * base) as f32)];
        for (name, amount) in added {
            let value = (100.0 * amount * factor) as f32;
            if value != 0.0 {
                parts.push(Part::new(name, value));
            }
        }
        parts[1..].sort_by(|a, b| {
            b.value
                .total_cmp(&a.value)
                .then_with(|| a.name.cmp(&b.name))
        });
        parts
    }
}

/// Who named each pattern, and with what reasons.
struct NamedBy(HashMap<i64, (Vec<String>, Vec<Reason>)>);

impl NamedBy {
    fn of(votes: &[Vote<'_>]) -> Self {
        let mut told: HashMap<i64, (Vec<String>, Vec<Reason>)> = HashMap::new();
        for vote in votes.iter().filter(|vote| vote.weight > 0.0) {
            for candidate in &vote.suggestions.scenarios {
                if let ScenarioRef::Pattern(id) = candidate.scenario
                    && candidate.confidence > 0.0
                {
                    let (plugins, reasons) = told.entry(id).or_default();
                    plugins.push(vote.predictor.to_owned());
                    reasons.extend(candidate.reasons.iter().cloned());
                }
            }
        }
        NamedBy(told)
    }

    /// A scenario that no plugin named stands on the signals of several.
    fn take(&mut self, pattern: i64) -> (Source, Vec<Reason>) {
        let (mut plugins, reasons) = self.0.remove(&pattern).unwrap_or_default();
        let source = match (plugins.pop(), plugins.is_empty()) {
            (Some(plugin), true) => Source::from(plugin),
            _ => Source::Hybrid,
        };
        (source, reasons)
    }
}
