//! The starter catalogue: general test patterns for a database that has none.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::domain::{PatternOrigin, Step, TestPattern};
use crate::{Error, Result};

/// The catalogue that ships with ATLAS.
const CATALOGUE: &str = include_str!("../../data/starter_patterns.toml");

#[derive(Deserialize)]
struct Catalogue {
    #[serde(rename = "pattern")]
    patterns: Vec<StarterEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StarterEntry {
    key: String,
    name: String,
    #[serde(rename = "type")]
    pattern_type: String,
    words: Vec<String>,
    minutes: u32,
    objective: String,
    #[serde(default)]
    precondition: Option<String>,
    steps: Vec<Step>,
}

/// The patterns of the starter catalogue.
///
/// # Errors
/// None in a released version: the catalogue is checked by tests.
///
/// ```
/// let patterns = atlas_core::pipeline::starter::patterns()?;
/// assert!(patterns.len() >= 60);
/// assert!(patterns.iter().all(|pattern| !pattern.steps.is_empty()));
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn patterns() -> Result<Vec<TestPattern>> {
    shared().map(<[TestPattern]>::to_vec)
}

/// The same, read once in a process.
///
/// # Errors
/// As [`patterns`].
pub(crate) fn shared() -> Result<&'static [TestPattern]> {
    static PATTERNS: OnceLock<Vec<TestPattern>> = OnceLock::new();
    if let Some(patterns) = PATTERNS.get() {
        return Ok(patterns);
    }
    let read = read()?;
    Ok(PATTERNS.get_or_init(|| read))
}

fn read() -> Result<Vec<TestPattern>> {
    let catalogue: Catalogue = toml::from_str(CATALOGUE).map_err(|error| {
        Error::invalid(
            "starter_patterns.toml",
            error.message(),
            "a table of patterns",
        )
    })?;
    let patterns = catalogue.patterns.into_iter().map(|entry| TestPattern {
        key: Some(entry.key),
        objective: Some(entry.objective),
        precondition: entry.precondition,
        steps: entry.steps,
        labels: entry.words,
        avg_time_minutes: Some(entry.minutes),
        origin: PatternOrigin::Starter,
        ..TestPattern::new(entry.name, entry.pattern_type)
    });
    Ok(patterns.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_read_once_in_a_process() {
        let (first, second) = (shared().unwrap(), shared().unwrap());
        assert!(std::ptr::eq(first, second));
        assert_eq!(first, patterns().unwrap());
    }
}
