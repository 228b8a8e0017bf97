//! Patterns that say much the same.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::domain::{PatternName, PatternOrigin, PatternPair, StoredPattern, TestPattern};
use crate::search::vectors::VectorIndex;
use crate::text::terms;
use crate::{Error, Result};

/// Which pairs are named.
#[derive(Debug, Clone, PartialEq)]
pub struct NearDuplicates {
    /// Only pairs at least this similar, 0.5 to 1.
    pub similarity: f32,
    /// At most so many, the most similar; 0 for all.
    pub limit: usize,
}

impl Default for NearDuplicates {
    fn default() -> Self {
        NearDuplicates {
            similarity: 0.9,
            limit: 50,
        }
    }
}

impl NearDuplicates {
    /// Whether the values are in their ranges.
    ///
    /// # Errors
    /// `INVALID_VALUE`.
    pub fn check(&self) -> Result<()> {
        if !(0.5..=1.0).contains(&self.similarity) {
            return Err(Error::invalid("similarity", self.similarity, "0.5 to 1"));
        }
        Ok(())
    }
}

/// A pattern prepared for comparing.
struct PreparedPattern {
    terms: Vec<(u32, u8)>,
    total: u32,
    text: String,
}

/// The pairs of patterns that are at least so similar, most similar first, then by row ids.
///
/// `vectors` are those of the patterns' whole texts, in the same order. Similarity is the mean of
/// their cosine and of the Dice coefficient of their words, so a pair below `2 * similarity - 1`
/// by cosine cannot be similar enough and its words are not looked at. Of two patterns that have no
/// vector, because the encoder does not know their texts, words answer alone. 5,059 patterns with
/// vectors take less than a second on two cores.
pub fn near_duplicates(
    patterns: &[StoredPattern],
    vectors: &VectorIndex,
    options: &NearDuplicates,
) -> Vec<PatternPair> {
    let prepared: Vec<PreparedPattern> = patterns.par_iter().map(|p| prepare(&p.pattern)).collect();
    let least_cosine = 2.0 * options.similarity - 1.0;
    let mut found: Vec<(f32, usize, usize)> = (0..patterns.len())
        .into_par_iter()
        .flat_map_iter(|one| {
            let cosines: Vec<Option<f32>> = match vectors.codes(one) {
                Some(codes) => vectors.cosines(&codes).into_iter().map(Some).collect(),
                None => vec![None; patterns.len()],
            };
            let others = cosines.into_iter().enumerate().skip(one + 1);
            let near = others.filter(|(other, cosine)| match cosine {
                Some(cosine) => *cosine >= least_cosine,
                None => !vectors.has(*other),
            });
            let prepared = &prepared;
            near.map(move |(other, cosine)| {
                (
                    similarity(&prepared[one], &prepared[other], cosine),
                    one,
                    other,
                )
            })
            .filter(|(similarity, _, _)| *similarity >= options.similarity)
            .collect::<Vec<_>>()
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    if options.limit > 0 {
        found.truncate(options.limit);
    }
    found
        .into_iter()
        .map(|(similarity, one, other)| pair(&patterns[one], &patterns[other], similarity))
        .collect()
}

fn prepare(pattern: &TestPattern) -> PreparedPattern {
    let steps: Vec<&str> = pattern
        .steps
        .iter()
        .flat_map(|step| [Some(step.action.as_str()), step.expected.as_deref()])
        .flatten()
        .collect();
    let text = folded(&format!("{}\n{}", pattern.name, steps.join("\n")));
    let terms = terms::count(&text);
    PreparedPattern {
        total: terms.iter().map(|(_, count)| u32::from(*count)).sum(),
        terms,
        text,
    }
}

fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn similarity(a: &PreparedPattern, b: &PreparedPattern, cosine: Option<f32>) -> f32 {
    if a.text == b.text {
        return 1.0;
    }
    let mut shared = 0;
    let mut others = b.terms.iter().peekable();
    for (hash, count) in &a.terms {
        while others.next_if(|(other, _)| other < hash).is_some() {}
        if let Some((_, other)) = others.next_if(|(other, _)| other == hash) {
            shared += u32::from(*count.min(other));
        }
    }
    let dice = 2.0 * shared as f32 / (a.total + b.total).max(1) as f32;
    // Texts that differ are never quite the same.
    let cosine = cosine.map_or(dice, |cosine| cosine.clamp(0.0, 1.0));
    ((cosine + dice) / 2.0).min(0.999)
}

fn pair(one: &StoredPattern, other: &StoredPattern, similarity: f32) -> PatternPair {
    let own = |p: &StoredPattern| p.pattern.origin != PatternOrigin::Starter;
    let rank = |p: &StoredPattern| (own(p), p.pattern.frequency, p.pattern.steps.len());
    let (keep, drop) = match rank(other) > rank(one) {
        true => (other, one),
        false => (one, other),
    };
    PatternPair {
        keep: name_of(keep),
        drop: name_of(drop),
        similarity,
        reason: reason(&keep.pattern, &drop.pattern),
    }
}

fn name_of(stored: &StoredPattern) -> PatternName {
    PatternName {
        id: stored.id,
        key: stored.pattern.key.clone(),
        name: stored.pattern.name.clone(),
    }
}

/// Why two patterns are alike, in one line.
///
/// ```
/// use atlas_core::domain::{Step, TestPattern};
/// use atlas_core::learning::near_duplicates::reason;
/// let pattern = |name: &str, action: &str| TestPattern {
///     steps: vec![Step::new(action, "It is saved")],
///     ..TestPattern::new(name, "Form Submission")
/// };
/// assert_eq!(
///     reason(&pattern("Save the form on iOS", "Tap Save"), &pattern("Save the form on Android", "Tap Save")),
///     "the steps are equal; the names differ in \"iOS\" and \"Android\""
/// );
/// assert_eq!(
///     reason(&pattern("Save", "Tap Save"), &pattern("Save", "Click Save")),
///     "the same name; the steps are equal but for \"Tap\" and \"Click\""
/// );
/// ```
pub fn reason(a: &TestPattern, b: &TestPattern) -> String {
    let mut said = Vec::new();
    let same_name = folded(&a.name) == folded(&b.name);
    if same_name {
        said.push("the same name".to_owned());
    }
    let (steps_a, steps_b) = (steps_text(a), steps_text(b));
    if folded(&steps_a) == folded(&steps_b) {
        said.push("the steps are equal".to_owned());
    } else if let Some(words) = differing(&steps_a, &steps_b) {
        said.push(format!("the steps are equal but for {words}"));
    } else {
        let (a, b) = (prepare(a), prepare(b));
        said.push(format!(
            "{:.0} % of their words are the same",
            similarity(&a, &b, Some(1.0)) * 200.0 - 100.0
        ));
    }
    if !same_name {
        said.push(match differing(&a.name, &b.name) {
            Some(words) => format!("the names differ in {words}"),
            None => format!(
                "the names are \"{}\" and \"{}\"",
                a.name.trim(),
                b.name.trim()
            ),
        });
    }
    if let (Some(a), Some(b)) = (&a.component, &b.component)
        && folded(a) == folded(b)
    {
        said.push("the same component".to_owned());
    }
    said.join("; ").replace(['\n', '\r'], " ")
}

fn steps_text(pattern: &TestPattern) -> String {
    let lines = pattern
        .steps
        .iter()
        .flat_map(|step| [Some(step.action.as_str()), step.expected.as_deref()]);
    lines.flatten().collect::<Vec<_>>().join(" ")
}

/// The words that only one of two texts has, at most four a side; nothing where there are more,
/// or where only their order differs.
fn differing(a: &str, b: &str) -> Option<String> {
    let (only_a, only_b) = (only_in(a, b), only_in(b, a));
    if only_a.len().max(only_b.len()) > 4 || (only_a.is_empty() && only_b.is_empty()) {
        return None;
    }
    let quoted = |words: &[&str]| format!("\"{}\"", words.join(" "));
    Some(match (only_a.is_empty(), only_b.is_empty()) {
        (false, false) => format!("{} and {}", quoted(&only_a), quoted(&only_b)),
        (false, true) => quoted(&only_a),
        _ => quoted(&only_b),
    })
}

/// The words of a text that another has not, or has less often, in order.
fn only_in<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let bare = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for word in other.split_whitespace() {
        *left.entry(bare(word)).or_default() += 1;
    }
    text.split_whitespace()
        .filter(|word| match left.get_mut(&bare(word)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => !bare(word).is_empty(),
        })
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Step;
    use crate::search::vectors::Codes;

    fn stored(id: i64, name: &str, action: &str) -> StoredPattern {
        let pattern = TestPattern {
            steps: vec![Step::new(action, "")],
            ..TestPattern::new(name, "API")
        };
        StoredPattern { id, pattern }
    }

    fn found(patterns: &[StoredPattern], angles: &[f32]) -> Vec<PatternPair> {
        let mut vectors = VectorIndex::new(2);
        for angle in angles {
            let (sin, cos) = angle.to_radians().sin_cos();
            vectors.push(Some(&Codes::quantise(&[cos, sin]))).unwrap();
        }
        near_duplicates(patterns, &vectors, &NearDuplicates::default())
    }

    #[test]
    fn equal_texts_are_one_and_the_used_one_is_kept() {
        let mut patterns = [
            stored(1, "Export as CSV", "Press Export"),
            stored(2, "export  as CSV", "Press Export"),
            stored(3, "Rotate the map", "Turn the phone"),
        ];
        patterns[1].pattern.frequency = 4;
        let pairs = found(&patterns, &[0.0, 1.0, 80.0]);
        assert_eq!(pairs.len(), 1);
        assert_eq!((pairs[0].keep.id, pairs[0].drop.id), (2, 1));
        assert_eq!(pairs[0].similarity, 1.0);
        assert_eq!(pairs[0].reason, "the same name; the steps are equal");
    }

    #[test]
    fn meaning_alone_or_words_alone_are_not_enough() {
        let patterns = [
            stored(1, "Export as CSV", "Press Export"),
            stored(2, "Save a table", "Choose a format"),
            stored(3, "Export as CSV now", "Press Export"),
        ];
        assert!(found(&patterns, &[0.0, 0.0, 80.0]).is_empty());
        let pairs = found(&patterns, &[0.0, 80.0, 0.0]);
        assert_eq!(pairs.len(), 1);
        assert!(pairs[0].similarity < 1.0 && pairs[0].reason.contains("differ in \"now\""));
    }
}
