//! The pattern library: listing, adding, changing, retiring, and finding what repeats.

mod mining;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use crate::atlas::core::Core;
use crate::domain::{
    ImportReport, PatternFilter, PatternMerge, PatternPair, StoredPattern, TestPattern, silent,
};
use crate::learning::near_duplicates::{NearDuplicates, near_duplicates};
use crate::search::documents::Document;
use crate::search::vectors::VectorIndex;
use crate::store::{Owner, Repositories, Stored};
use crate::{Error, Result};

/// Longer names cannot be read in a list.
const LONGEST_NAME: usize = 300;

/// The library of test patterns, and patterns found in tickets.
#[derive(Clone)]
pub struct Patterns {
    pub(super) core: Arc<Core>,
}

impl Patterns {
    /// The stored patterns that a filter lets pass, by row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn list(&self, filter: &PatternFilter) -> Result<Vec<StoredPattern>> {
        let mut found = Vec::new();
        self.core.store.read(|stored| {
            stored.patterns().for_each(&mut |pattern| {
                if filter.accepts(&pattern.value) {
                    found.push(named(pattern));
                }
                Ok(())
            })
        })?;
        Ok(found)
    }

    /// A pattern by its row id, its key, or its name where only one active pattern has it.
    ///
    /// # Errors
    /// `PATTERN_NOT_FOUND`; `INVALID_VALUE` for a name that several have.
    pub fn get(&self, id_or_key: &str) -> Result<StoredPattern> {
        let wanted = id_or_key.trim();
        self.core.store.read(|stored| {
            let patterns = stored.patterns();
            if let Ok(id) = wanted.parse()
                && let Some(found) = patterns.by_id(id)?
            {
                return Ok(named(found));
            }
            if let Some(found) = patterns.by_key(wanted)? {
                return Ok(named(found));
            }
            let mut of_name = patterns.by_name(wanted)?;
            let active = of_name.iter().filter(|p| p.value.is_active).count();
            if active > 1 || (active == 0 && of_name.len() > 1) {
                let expected = "a row id or a key: several patterns have this name";
                return Err(Error::invalid("pattern", wanted, expected));
            }
            if of_name.is_empty() {
                let pattern = Error::invalid("pattern", wanted, "").details()["value"].clone();
                return Err(Error::PatternNotFound { pattern });
            }
            Ok(named(of_name.swap_remove(0)))
        })
    }

    /// Stores and encodes a new pattern.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an empty name or type, and when there is one with the same key, or
    /// without a key with the same name, type and component; storage errors.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{PatternFilter, TestPattern}};
    /// let atlas = Atlas::open_in_memory()?;
    /// let added = atlas.patterns().add(&TestPattern::new("Umlauts survive the export", "Data Export"))?;
    /// atlas.patterns().retire(&added.id.to_string())?;
    /// let retired = atlas.patterns().list(&PatternFilter { active: Some(false), ..PatternFilter::default() })?;
    /// assert_eq!(retired[0].pattern.name, "Umlauts survive the export");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn add(&self, pattern: &TestPattern) -> Result<StoredPattern> {
        check(pattern)?;
        self.core.store.write(|stored| {
            let id = self.core.put_new_pattern(stored, pattern)?;
            pattern_of_row(stored, id)
        })
    }

    /// Writes a stored pattern anew and encodes it. What it has learned stays: success rate,
    /// frequency, last use, an average of minutes that were really taken, and whether it is
    /// retired.
    ///
    /// # Errors
    /// `PATTERN_NOT_FOUND`, `INVALID_VALUE`, storage errors.
    pub fn update(&self, id: i64, pattern: &TestPattern) -> Result<StoredPattern> {
        check(pattern)?;
        self.core.store.write(|stored| {
            let shown = stored.patterns().by_id(id)?;
            let mut pattern = Cow::Borrowed(pattern);
            if shown.is_some_and(|shown| shown.value.avg_time_minutes == pattern.avg_time_minutes) {
                // It may be the average that was measured, which the library does not give.
                pattern.to_mut().avg_time_minutes = None;
            }
            stored.patterns().replace(id, &pattern)?;
            self.core
                .put_encoded(stored, Owner::Pattern, id, &Document::of_pattern(&pattern))?;
            pattern_of_row(stored, id)
        })
    }

    /// Gives a pattern another name.
    ///
    /// # Errors
    /// As [`Patterns::get`](crate::Patterns::get) and [`Patterns::update`](crate::Patterns::update).
    pub fn rename(&self, id_or_key: &str, name: &str) -> Result<StoredPattern> {
        let StoredPattern { id, mut pattern } = self.get(id_or_key)?;
        pattern.name = name.trim().to_owned();
        self.update(id, &pattern)
    }

    /// Keeps a pattern and what it learned, and predicts it no more.
    ///
    /// # Errors
    /// As [`Patterns::get`](crate::Patterns::get).
    pub fn retire(&self, id_or_key: &str) -> Result<StoredPattern> {
        self.set_active(id_or_key, false)
    }

    /// Predicts a retired pattern again.
    ///
    /// # Errors
    /// As [`Patterns::get`](crate::Patterns::get).
    pub fn reactivate(&self, id_or_key: &str) -> Result<StoredPattern> {
        self.set_active(id_or_key, true)
    }

    /// Active patterns that were never used, and those last used before `since`. A use without a
    /// date counts as long ago. Patterns of the starter catalogue are left out: they step back by
    /// themselves.
    ///
    /// # Errors
    /// Storage errors.
    pub fn unused(&self, since: Option<Timestamp>) -> Result<Vec<StoredPattern>> {
        let mut patterns = self.list(&PatternFilter {
            active: Some(true),
            ..PatternFilter::default()
        })?;
        patterns.retain(|stored| {
            let pattern = &stored.pattern;
            let never = pattern.frequency == 0 && pattern.last_used.is_none();
            let before = since.is_some_and(|since| pattern.last_used.is_none_or(|at| at < since));
            pattern.origin != crate::domain::PatternOrigin::Starter && (never || before)
        });
        Ok(patterns)
    }

    /// Pairs of active patterns that say much the same, most similar first.
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors.
    pub fn duplicates(&self, options: &NearDuplicates) -> Result<Vec<PatternPair>> {
        options.check()?;
        self.core.encode_owner(Owner::Pattern, &mut silent)?;
        let patterns = self.list(&PatternFilter {
            active: Some(true),
            ..PatternFilter::default()
        })?;
        let (index, _) = self.core.index()?;
        let mut vectors = VectorIndex::new(self.core.encoder.get()?.dimensions());
        for stored in &patterns {
            let number = index.patterns.number(stored.id);
            let codes = number.and_then(|number| index.patterns.text.whole(number));
            vectors.push(codes.as_ref())?;
        }
        Ok(near_duplicates(&patterns, &vectors, options))
    }

    /// Makes two patterns one: `drop` is retired, `keep` stays as it is and takes over the tickets
    /// that `drop` came from. Observations are facts about the pattern that was shown, so they
    /// stay where they are; reactivating `drop` undoes the merge but for the sources.
    ///
    /// # Errors
    /// As [`Patterns::get`](crate::Patterns::get); `INVALID_VALUE` when both are the same one, or when the one
    /// to keep is retired.
    pub fn merge(&self, keep: &str, drop: &str) -> Result<PatternMerge> {
        let (kept, dropped) = (self.get(keep)?, self.get(drop)?);
        if kept.id == dropped.id {
            let expected = "another pattern than the one to keep";
            return Err(Error::invalid("drop", drop, expected));
        }
        if !kept.pattern.is_active {
            return Err(Error::invalid("keep", keep, "an active pattern"));
        }
        self.core.store.write(|stored| {
            let sources_moved = stored.proposals().copy_sources(dropped.id, kept.id)?;
            stored.patterns().set_active(dropped.id, false)?;
            Ok(PatternMerge {
                kept: kept.id,
                retired: dropped.id,
                sources_moved,
                observations_left: stored.patterns().observations(dropped.id)?,
            })
        })
    }
}

impl Patterns {
    /// Stores patterns that the host has; returns what an import would.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a number that is out of its range; storage errors. Nothing is stored then.
    pub fn add_all(&self, patterns: &[TestPattern]) -> Result<ImportReport> {
        patterns.iter().try_for_each(TestPattern::check_numbers)?;
        self.core.add(patterns, |stored, pattern| {
            self.core.put_pattern(stored, pattern)
        })
    }
}

impl Patterns {
    fn set_active(&self, id_or_key: &str, active: bool) -> Result<StoredPattern> {
        let found = self.get(id_or_key)?;
        self.core.store.write(|stored| {
            stored.patterns().set_active(found.id, active)?;
            pattern_of_row(stored, found.id)
        })
    }
}

impl Core {
    /// Stores a pattern that must not be there yet, with its documents and vectors; returns its
    /// row id.
    pub(crate) fn put_new_pattern(
        &self,
        stored: &Repositories<'_>,
        pattern: &TestPattern,
    ) -> Result<i64> {
        if stored.patterns().same(pattern)?.is_some() {
            return Err(match &pattern.key {
                Some(key) => Error::invalid("key", key, "a key that no pattern has yet"),
                None => Error::invalid(
                    "name",
                    &pattern.name,
                    "a name that no pattern of this type and component has yet",
                ),
            });
        }
        let (id, _) = stored.patterns().upsert(pattern)?;
        self.put_encoded(stored, Owner::Pattern, id, &Document::of_pattern(pattern))?;
        Ok(id)
    }
}

/// Whether a pattern can be stored.
pub(crate) fn check(pattern: &TestPattern) -> Result<()> {
    let named = |name: &str| (1..=LONGEST_NAME).contains(&name.trim().chars().count());
    if !named(&pattern.name) {
        return Err(Error::invalid("name", &pattern.name, "1 to 300 characters"));
    }
    if !named(&pattern.pattern_type) {
        let expected = "a type such as Form Submission, 1 to 300 characters";
        return Err(Error::invalid(
            "pattern_type",
            &pattern.pattern_type,
            expected,
        ));
    }
    pattern.check_numbers()
}

/// A stored pattern as calls return it.
pub(crate) fn pattern_of_row(stored: &Repositories<'_>, id: i64) -> Result<StoredPattern> {
    let found = stored.patterns().by_id(id)?;
    found.map(named).ok_or_else(|| Error::PatternNotFound {
        pattern: format!("with row id {id}"),
    })
}

fn named(stored: Stored<TestPattern>) -> StoredPattern {
    StoredPattern {
        id: stored.id,
        pattern: stored.value,
    }
}
