//! Types of test scenario that a ticket calls for, matched by meaning and by words.

use serde::Deserialize;

use crate::domain::ScenarioTypeGuess;
use crate::search::vectors::{Codes, VectorIndex};
use crate::text::terms::{Phrases, TermLine};
use crate::{Error, Result};

/// The table that ships with ATLAS.
const TABLE: &str = include_str!("../../data/scenario_types.toml");

/// One type of the table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioType {
    /// Its name, such as `Form Submission`.
    pub name: String,
    /// A sentence that the encoder compares with tickets.
    pub description: String,
    /// Words and phrases that speak for it.
    pub words: Vec<String>,
}

#[derive(Deserialize)]
struct TypesFile {
    #[serde(rename = "type")]
    types: Vec<ScenarioType>,
}

/// The types that ship with ATLAS.
///
/// # Errors
/// None in a released version: the table is checked by tests.
pub fn bundled() -> Result<Vec<ScenarioType>> {
    let table: TypesFile = toml::from_str(TABLE).map_err(|error| {
        Error::invalid("scenario_types.toml", error.message(), "a table of types")
    })?;
    Ok(table.types)
}

/// The types, ready to be matched.
#[derive(Debug)]
pub struct ScenarioTypes {
    types: Vec<(ScenarioType, Phrases)>,
    vectors: VectorIndex,
}

/// Cosines below this say nothing: unrelated texts have about as much.
const COSINE_FLOOR: f32 = 0.10;
/// A cosine this high is as much as a ticket and a one-sentence description reach.
const COSINE_CEILING: f32 = 0.55;
/// What one word found in the summary adds, and one found elsewhere.
const SUMMARY_WORD: f32 = 0.30;
/// See [`SUMMARY_WORD`].
const BODY_WORD: f32 = 0.10;
/// Types below this are not named.
const LEAST_RELEVANCE: f32 = 0.30;

impl ScenarioTypes {
    /// Prepares types with the vectors of their descriptions, one each.
    ///
    /// # Errors
    /// `CORRUPT_DATABASE` when the vectors' widths differ.
    pub fn new(types: Vec<ScenarioType>, vectors: &[Codes]) -> Result<Self> {
        let mut index = VectorIndex::new(vectors.first().map_or(0, |v| v.values.len()));
        for vector in vectors {
            index.push(Some(vector))?;
        }
        let types = types.into_iter().map(|t| {
            let phrases = Phrases::new(&t.words);
            (t, phrases)
        });
        Ok(ScenarioTypes {
            types: types.collect(),
            vectors: index,
        })
    }

    /// The types that a ticket calls for, most relevant first.
    ///
    /// Relevance is `1 - (1 - meaning)(1 - words)`: either is enough, both are better.
    pub fn guess(
        &self,
        whole: &Codes,
        summary: &TermLine,
        body: &TermLine,
    ) -> Vec<ScenarioTypeGuess> {
        let cosines = self.vectors.cosines(whole);
        let mut guesses: Vec<ScenarioTypeGuess> = self
            .types
            .iter()
            .zip(cosines)
            .map(|((scenario_type, phrases), cosine)| {
                let meaning =
                    ((cosine - COSINE_FLOOR) / (COSINE_CEILING - COSINE_FLOOR)).clamp(0.0, 1.0);
                let in_summary = phrases.found(summary);
                let mut words = in_summary.clone();
                words.extend(
                    phrases
                        .found(body)
                        .into_iter()
                        .filter(|w| !in_summary.contains(w)),
                );
                let elsewhere = words.len() - in_summary.len();
                let said = SUMMARY_WORD * in_summary.len() as f32 + BODY_WORD * elsewhere as f32;
                let relevance = 1.0 - (1.0 - 0.8 * meaning) * (1.0 - said.min(0.8));
                ScenarioTypeGuess {
                    scenario_type: scenario_type.name.clone(),
                    relevance,
                    words: words.into_iter().map(str::to_owned).collect(),
                }
            })
            .filter(|guess| guess.relevance >= LEAST_RELEVANCE)
            .collect();
        guesses.sort_by(|a, b| {
            b.relevance
                .total_cmp(&a.relevance)
                .then_with(|| a.scenario_type.cmp(&b.scenario_type))
        });
        guesses
    }
}
