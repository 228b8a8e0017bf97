//! Whether a scenario checks what a criterion asks for, by meaning and by words.
//!
//! The weights and the level were chosen on criteria labelled by hand,
//! `tests/coverage/pairs.toml`. At that level 56 of the 72 pairs that they were chosen on are
//! right, and 22 of 30 that were written afterwards; of the errors most are covered criteria that
//! are called open, which costs a look and hides nothing. What says little: the likeness to a scenario's name (all criteria of a ticket are about the same thing)
//! and words that the name has as well.

use crate::domain::Step;
use crate::search::vectors::Codes;
use crate::text::terms;

/// What the best cosine with a step, its action and its result together, counts.
const STEP: f32 = 0.625;
/// What the best cosine with a result alone counts.
const RESULT: f32 = 0.25;
/// What the share of the criterion's words counts that stand in the steps and not in the name.
const WORDS: f32 = 0.125;
/// What a likeness to the name is worth beside that to a step.
const NAME: f32 = 0.8;

/// Where the encoder does not know the texts: what the share of the criterion's words that the
/// scenario says counts. Three in five cover it; chosen, and not measured.
const WORDS_ALONE: f32 = 0.775;

/// From this score on a scenario covers a criterion.
pub const COVERED: f32 = 0.465;

/// A criterion, ready to be compared.
#[derive(Debug, Clone)]
pub struct Criterion {
    codes: Codes,
    terms: Vec<u32>,
}

/// A scenario, ready to be compared.
#[derive(Debug, Clone)]
pub struct Covering {
    name: Codes,
    steps: Vec<Codes>,
    results: Vec<Codes>,
    /// Sorted.
    name_terms: Vec<u32>,
    /// Sorted.
    step_terms: Vec<u32>,
}

impl Criterion {
    /// A criterion and the vector of its text.
    pub fn new(text: &str, codes: Codes) -> Self {
        Criterion {
            codes,
            terms: hashes(text),
        }
    }

    /// How well a scenario covers it, 0 to 1; from [`COVERED`] on it does.
    pub fn score(&self, scenario: &Covering) -> f32 {
        let best = |codes: &[Codes]| {
            let cosines = codes.iter().map(|codes| cosine(&self.codes, codes));
            cosines.fold(0.0, f32::max)
        };
        let held = |terms: &[u32], term: &u32| terms.binary_search(term).is_ok();
        let parts = [&scenario.name].into_iter().chain(&scenario.steps);
        if self.codes.is_unknown() || parts.clone().all(Codes::is_unknown) {
            let said = self.terms.iter().filter(|term| {
                held(&scenario.step_terms, term) || held(&scenario.name_terms, term)
            });
            return WORDS_ALONE * said.count() as f32 / self.terms.len().max(1) as f32;
        }
        let name = NAME * cosine(&self.codes, &scenario.name);
        let step = best(&scenario.steps).max(name);
        // A scenario that says no result is not worse for it.
        let result = match scenario.results.is_empty() {
            true => step,
            false => best(&scenario.results),
        };
        let own = self
            .terms
            .iter()
            .filter(|term| held(&scenario.step_terms, term) && !held(&scenario.name_terms, term));
        let words = own.count() as f32 / self.terms.len().max(1) as f32;
        (STEP * step + RESULT * result + WORDS * words).clamp(0.0, 1.0)
    }
}

impl Covering {
    /// The texts of a scenario whose vectors [`new`](Self::new) takes: its name, each step, and
    /// each result.
    pub fn texts(name: &str, steps: &[Step]) -> Vec<String> {
        let results = steps.iter().filter_map(|step| step.expected.clone());
        let whole = steps.iter().map(|step| match &step.expected {
            Some(result) => format!("{}. {result}", step.action),
            None => step.action.clone(),
        });
        [name.to_owned()]
            .into_iter()
            .chain(whole)
            .chain(results)
            .collect()
    }

    /// A scenario and the vectors of its [`texts`](Self::texts); `None` where their number is
    /// another.
    pub fn new(name: &str, steps: &[Step], codes: &[Codes]) -> Option<Self> {
        let (name_codes, rest) = codes.split_first()?;
        let (whole, results) = rest.split_at_checked(steps.len())?;
        let texts = Covering::texts(name, steps);
        (texts.len() == codes.len()).then(|| Covering {
            name: name_codes.clone(),
            steps: whole.to_vec(),
            results: results.to_vec(),
            name_terms: hashes(name),
            step_terms: hashes(&texts[1..].join("\n")),
        })
    }
}

fn hashes(text: &str) -> Vec<u32> {
    terms::count(text)
        .into_iter()
        .map(|(hash, _)| hash)
        .collect()
}

fn cosine(a: &Codes, b: &Codes) -> f32 {
    let products = a.values.iter().zip(&b.values);
    let product: i32 = products.map(|(&x, &y)| i32::from(x) * i32::from(y)).sum();
    product as f32 * a.scale * b.scale
}
