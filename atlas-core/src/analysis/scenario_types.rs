//! Types of test scenario that a ticket calls for, matched by meaning and by words.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use crate::domain::ScenarioTypeGuess;
use crate::search::vectors::{Codes, VectorIndex};
use crate::text::terms::{Phrases, TermLine, folded};
use crate::{Error, Result};

/// The table that ships with ATLAS.
const TABLE: &str = include_str!("../../data/scenario_types.toml");

/// Words of the same types in other languages: by type, by language.
const OTHER_LANGUAGES: &str = include_str!("../../data/scenario_words.toml");

type WordsByLanguage = BTreeMap<String, Vec<String>>;

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
    let mut types = read::<TypesFile>("scenario_types.toml", TABLE)?.types;
    let mut others: BTreeMap<String, WordsByLanguage> =
        read("scenario_words.toml", OTHER_LANGUAGES)?;
    for one in &mut types {
        let mut seen: HashSet<String> = one.words.iter().map(|word| folded(word)).collect();
        let others = others.remove(&one.name).unwrap_or_default();
        let others = others.into_values().flatten();
        one.words
            .extend(others.filter(|word| seen.insert(folded(word))));
    }
    Ok(types)
}

fn read<T: for<'a> Deserialize<'a>>(file: &'static str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| Error::invalid(file, error.message(), "tables of types"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_words_in_ten_more_languages() {
        let types = read::<TypesFile>("types", TABLE).unwrap().types;
        let others: BTreeMap<String, WordsByLanguage> = read("words", OTHER_LANGUAGES).unwrap();
        assert_eq!(others.len(), types.len());
        for one in &types {
            let by_language = &others[&one.name];
            let languages: Vec<&str> = by_language.keys().map(String::as_str).collect();
            let expected = ["de", "es", "fr", "it", "ja", "ko", "pl", "pt", "ru", "zh"];
            assert_eq!(languages, expected, "{}", one.name);
            for word in by_language.values().flatten() {
                let alone = Phrases::new(std::slice::from_ref(word));
                assert!(!alone.found(&TermLine::new(word)).is_empty(), "{word}");
            }
        }
        let words: usize = bundled().unwrap().iter().map(|one| one.words.len()).sum();
        let english: usize = types.iter().map(|one| one.words.len()).sum();
        assert!(words > english + 2_000, "{english} {words}");
    }

    #[test]
    fn a_ticket_in_any_of_them_names_its_type_by_words_alone() {
        let unknown = Codes::unknown(4, 0.0);
        let types = bundled().unwrap();
        let vectors = vec![unknown.clone(); types.len()];
        let types = ScenarioTypes::new(types, &vectors).unwrap();
        for (summary, expected) in [
            (
                "Passwort läuft ab: Anmeldung hängt",
                "Authentication and Session",
            ),
            ("Impossible d'imprimer le rapport", "Data Export"),
            ("La búsqueda no respeta los filtros", "Search and Filter"),
            ("Não consigo baixar: falta permissão", "Permission"),
            ("Le notifiche arrivano due volte", "Notification"),
            (
                "Po aktualizacji nie działa logowanie",
                "Upgrade and Regression",
            ),
            ("После обновления приложение вылетает", "Crash"),
            (
                "ログイン画面でパスワードを忘れた",
                "Authentication and Session",
            ),
            ("导出的文件是空的", "Data Export"),
            ("검색 결과가 정렬되지 않음", "Search and Filter"),
        ] {
            let guesses = types.guess(&unknown, &TermLine::new(summary), &TermLine::default());
            let found = guesses.iter().any(|guess| guess.scenario_type == expected);
            assert!(found, "{summary}: {guesses:?}");
        }
    }
}
