//! Test patterns.

use rusqlite::Row;

use super::import_rows::PATTERNS;
use super::{Change, Repositories, Revision, Stored, columns};
use crate::domain::{Digest, PatternOrigin, TestPattern};
use crate::{Error, Result};

/// What of a pattern fits into memory for all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternHeader {
    /// The row id.
    pub id: i64,
    /// The key in its library.
    pub key: Option<String>,
    /// The scenario's name.
    pub name: String,
    /// The scenario's type.
    pub pattern_type: String,
    /// The component or folder.
    pub component: Option<String>,
    /// Where it came from.
    pub origin: PatternOrigin,
    /// Average minutes, if known.
    pub avg_time_minutes: Option<u32>,
    /// Share of uses that were right, 0 to 1.
    pub success_rate: f64,
    /// Number of uses.
    pub frequency: u32,
    /// Whether it is predicted.
    pub is_active: bool,
}

/// Test patterns.
#[derive(Debug)]
pub struct Patterns<'r>(pub(super) &'r Repositories<'r>);

const SELECT: &str =
    "SELECT p.id, d.pattern_key, p.pattern_name, p.pattern_type, p.component, d.origin,
                    p.avg_time_minutes, p.success_rate, p.frequency, p.is_active,
                    p.last_used, d.objective, d.precondition, d.labels, p.test_steps
             FROM test_patterns p LEFT JOIN atlas_pattern_details d ON d.pattern_id = p.id";

impl Patterns<'_> {
    /// Stores a pattern, or updates the stored one: the one with the same key, or for a pattern
    /// without a key the keyless one of the same name, component and type.
    ///
    /// What a stored pattern has learned stays: success rate, frequency, last use, an average of
    /// minutes that testers really took, and whether it is retired. Minutes that are given count
    /// again should those of the testers be taken back.
    ///
    /// # Errors
    /// Storage errors.
    pub fn upsert(&self, pattern: &TestPattern) -> Result<(i64, Change)> {
        let steps = steps_text(pattern)?;
        let hash = content_hash(pattern, &steps);
        let (id, change) = match self.find(pattern)? {
            Some((id, stored)) if stored == Some(hash) => {
                self.0.see(PATTERNS, id);
                return Ok((id, Change::Unchanged));
            }
            // An earlier version wrote the hash in another way.
            Some((id, _)) if self.says(id, pattern)? => {
                self.put_details(id, pattern, hash)?;
                return Ok((id, Change::Unchanged));
            }
            Some((id, _)) => {
                self.update(id, pattern, &steps)?;
                (id, Change::Updated)
            }
            None => (self.insert(pattern, &steps)?, Change::New),
        };
        self.put_details(id, pattern, hash)?;
        self.0.changed(Revision::Patterns)?;
        Ok((id, change))
    }

    /// Stores a pattern of the user's own as a new row, whatever is stored.
    ///
    /// # Errors
    /// Storage errors.
    pub fn add(&self, pattern: &TestPattern) -> Result<i64> {
        let steps = steps_text(pattern)?;
        let id = self.insert(pattern, &steps)?;
        self.put_details(id, pattern, content_hash(pattern, &steps))?;
        self.0.changed(Revision::Patterns)?;
        Ok(id)
    }

    /// Writes a stored pattern anew, whatever its key and name were. What it has learned stays:
    /// success rate, frequency, last use, an average of minutes that testers really took, and
    /// whether it is retired.
    ///
    /// # Errors
    /// `PATTERN_NOT_FOUND`; `INVALID_VALUE` when another pattern has its key; storage errors.
    pub fn replace(&self, id: i64, pattern: &TestPattern) -> Result<()> {
        if self.by_id(id)?.is_none() {
            let pattern = id.to_string();
            return Err(Error::PatternNotFound { pattern });
        }
        if let Some(key) = &pattern.key
            && self.by_key(key)?.is_some_and(|other| other.id != id)
        {
            return Err(Error::invalid(
                "key",
                key,
                "a key that no other pattern has",
            ));
        }
        let steps = steps_text(pattern)?;
        self.update(id, pattern, &steps)?;
        self.put_details(id, pattern, content_hash(pattern, &steps))?;
        self.0.changed(Revision::Patterns)
    }

    /// The same where anything is different; what is stored as it was imported last, or says the
    /// same now, is left alone. Minutes that are absent are cleared where they are `told`, those of
    /// the library and not what testers took.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn renew(&self, id: i64, pattern: &TestPattern, told_minutes: bool) -> Result<Change> {
        let clears = told_minutes
            && pattern.avg_time_minutes.is_none()
            && self.0.observations().given_minutes(id)?.is_some();
        if !clears && self.says(id, pattern)? {
            self.0.see(PATTERNS, id);
            return Ok(Change::Unchanged);
        }
        self.replace(id, pattern)?;
        if clears {
            self.0.observations().clear_given_minutes(id)?;
        }
        Ok(Change::Updated)
    }

    /// Whether a stored pattern says what this one does, or was imported as such last.
    fn says(&self, id: i64, pattern: &TestPattern) -> Result<bool> {
        let hash = content_hash(pattern, &steps_text(pattern)?);
        let sql = "SELECT content_hash FROM atlas_pattern_details WHERE pattern_id = ?1";
        let known = self
            .0
            .first(sql, [id], |row| Ok(columns::hash(row, 0)))?
            .flatten();
        if known == Some(hash) {
            return Ok(true);
        }
        let Some(stored) = self.by_id(id)?.map(|stored| stored.value) else {
            return Ok(false);
        };
        let steps = steps_text(&stored)?;
        let stored = TestPattern {
            avg_time_minutes: pattern.avg_time_minutes.and(stored.avg_time_minutes),
            ..stored
        };
        Ok(content_hash(&stored, &steps) == hash)
    }

    /// The stored patterns without a key that have the name, component and type of this one; at most
    /// two hundred.
    ///
    /// # Errors
    /// Storage errors.
    pub fn keyless(&self, pattern: &TestPattern) -> Result<Vec<Stored<TestPattern>>> {
        let mut patterns = Vec::new();
        let sql = &format!(
            "{SELECT} WHERE p.pattern_name = ?1 AND p.component IS ?2 AND p.pattern_type = ?3
               AND d.pattern_key IS NULL ORDER BY p.id LIMIT 200"
        );
        let of = (&pattern.name, &pattern.component, &pattern.pattern_type);
        self.0.each(sql, of, |row| {
            patterns.push(pattern_of(row)?);
            Ok(())
        })?;
        Ok(patterns)
    }

    /// The row id of the stored pattern that [`upsert`](Self::upsert) would update.
    ///
    /// # Errors
    /// Storage errors.
    pub fn same(&self, pattern: &TestPattern) -> Result<Option<i64>> {
        Ok(self.find(pattern)?.map(|(id, _)| id))
    }

    /// How many observations a pattern has.
    ///
    /// # Errors
    /// Storage errors.
    pub fn observations(&self, id: i64) -> Result<u64> {
        let sql = "SELECT count(*) FROM atlas_observations WHERE pattern_id = ?1";
        self.0.number(sql, [id])
    }

    /// The pattern with a row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_id(&self, id: i64) -> Result<Option<Stored<TestPattern>>> {
        self.0
            .first(&format!("{SELECT} WHERE p.id = ?1"), [id], pattern_of)
    }

    /// The patterns with these row ids, in their order; those that are not there are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_ids(&self, ids: &[i64]) -> Result<Vec<Stored<TestPattern>>> {
        ids.iter()
            .filter_map(|id| self.by_id(*id).transpose())
            .collect()
    }

    /// The pattern with a library's key.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_key(&self, key: &str) -> Result<Option<Stored<TestPattern>>> {
        self.0.first(
            &format!("{SELECT} WHERE d.pattern_key = ?1"),
            [key],
            pattern_of,
        )
    }

    /// The patterns with a name: active ones first, then the most frequent.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_name(&self, name: &str) -> Result<Vec<Stored<TestPattern>>> {
        let mut patterns = Vec::new();
        let sql = &format!(
            "{SELECT} WHERE p.pattern_name = ?1
             ORDER BY coalesce(p.is_active, 1) DESC, coalesce(p.frequency, 0) DESC, p.id"
        );
        self.0.each(sql, [name], |row| {
            patterns.push(pattern_of(row)?);
            Ok(())
        })?;
        Ok(patterns)
    }

    /// Every pattern without its texts, by id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn for_each_header(&self, f: &mut dyn FnMut(PatternHeader)) -> Result<()> {
        self.0.each(&format!("{SELECT} ORDER BY p.id"), [], |row| {
            f(header_of(row)?);
            Ok(())
        })
    }

    /// Every pattern, one after the other, by id.
    ///
    /// # Errors
    /// What `f` returns, storage errors.
    pub fn for_each(&self, f: &mut dyn FnMut(Stored<TestPattern>) -> Result<()>) -> Result<()> {
        self.0.each(&format!("{SELECT} ORDER BY p.id"), [], |row| {
            f(pattern_of(row)?)
        })
    }

    /// How many there are, of one origin or of all.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count(&self, origin: Option<PatternOrigin>) -> Result<u64> {
        let sql = "SELECT count(*) FROM test_patterns p
                   LEFT JOIN atlas_pattern_details d ON d.pattern_id = p.id
                   WHERE ?1 IS NULL OR coalesce(d.origin, 'user') = ?1";
        self.0.number(sql, [origin.map(PatternOrigin::as_str)])
    }

    /// Retires a pattern or takes it back.
    ///
    /// # Errors
    /// `PATTERN_NOT_FOUND`, storage errors.
    pub fn set_active(&self, id: i64, active: bool) -> Result<()> {
        let sql = "UPDATE test_patterns SET is_active = ?2 WHERE id = ?1";
        if self.0.execute(sql, (id, active))? == 0 {
            let pattern = id.to_string();
            return Err(Error::PatternNotFound { pattern });
        }
        self.0.changed(Revision::Patterns)
    }

    /// Removes a ticket from the sources of mined patterns; how many named it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn forget_source(&self, ticket_id: i64) -> Result<u64> {
        let sql = "DELETE FROM atlas_pattern_sources WHERE ticket_id = ?1";
        Ok(self.0.execute(sql, [ticket_id])? as u64)
    }

    /// The row that a pattern stands for, and the hash of its content.
    fn find(&self, pattern: &TestPattern) -> Result<Option<(i64, Option<u128>)>> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, columns::hash(row, 1)));
        match &pattern.key {
            Some(key) => self.0.first(
                "SELECT pattern_id, content_hash FROM atlas_pattern_details WHERE pattern_key = ?1",
                [key],
                read,
            ),
            None => self.0.first(
                "SELECT p.id, d.content_hash FROM test_patterns p
                 LEFT JOIN atlas_pattern_details d ON d.pattern_id = p.id
                 WHERE p.pattern_name = ?1 AND p.component IS ?2 AND p.pattern_type = ?3
                   AND d.pattern_key IS NULL ORDER BY p.id",
                (&pattern.name, &pattern.component, &pattern.pattern_type),
                read,
            ),
        }
    }

    fn insert(&self, pattern: &TestPattern, steps: &str) -> Result<i64> {
        self.0.insert(
            "INSERT INTO test_patterns
                 (pattern_type, pattern_name, test_steps, success_rate, frequency,
                  avg_time_minutes, component, last_used, is_active)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                &pattern.pattern_type,
                &pattern.name,
                steps,
                pattern.success_rate,
                pattern.frequency,
                pattern.avg_time_minutes,
                &pattern.component,
                pattern.last_used.map(columns::time_text),
                pattern.is_active,
            ),
        )
    }

    fn update(&self, id: i64, pattern: &TestPattern, steps: &str) -> Result<()> {
        self.0.execute(
            "UPDATE test_patterns SET pattern_type = ?2, pattern_name = ?3, test_steps = ?4,
                 component = ?5
             WHERE id = ?1",
            (
                id,
                &pattern.pattern_type,
                &pattern.name,
                steps,
                &pattern.component,
            ),
        )?;
        let minutes = pattern.avg_time_minutes;
        if minutes.is_some() && !self.0.observations().set_base_minutes(id, minutes)? {
            let sql = "UPDATE test_patterns SET avg_time_minutes = ?2 WHERE id = ?1";
            self.0.execute(sql, (id, minutes))?;
        }
        Ok(())
    }

    fn put_details(&self, id: i64, pattern: &TestPattern, hash: u128) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_pattern_details
                 (pattern_id, pattern_key, origin, objective, precondition, labels, content_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT(pattern_id) DO UPDATE SET
                 pattern_key = excluded.pattern_key, origin = excluded.origin,
                 objective = excluded.objective, precondition = excluded.precondition,
                 labels = excluded.labels, content_hash = excluded.content_hash",
            (
                id,
                &pattern.key,
                pattern.origin.as_str(),
                &pattern.objective,
                &pattern.precondition,
                columns::names_text(&pattern.labels),
                hash.to_be_bytes(),
            ),
        )?;
        Ok(())
    }
}

fn steps_text(pattern: &TestPattern) -> Result<String> {
    serde_json::to_string(&pattern.steps)
        .map_err(|error| Error::invalid("steps", error, "steps that JSON can hold"))
}

/// Over what an import can change.
fn content_hash(pattern: &TestPattern, steps: &str) -> u128 {
    Digest::default()
        .option(pattern.key.as_deref())
        .text(&pattern.name)
        .text(&pattern.pattern_type)
        .option(pattern.component.as_deref())
        .option(pattern.objective.as_deref())
        .option(pattern.precondition.as_deref())
        .text(steps)
        .texts(&pattern.labels)
        .number(pattern.avg_time_minutes.map(u64::from))
        .text(pattern.origin.as_str())
        .hash()
}

fn header_of(row: &Row<'_>) -> rusqlite::Result<PatternHeader> {
    Ok(PatternHeader {
        id: row.get(0)?,
        key: columns::text(row, 1),
        name: columns::text(row, 2).unwrap_or_default(),
        pattern_type: columns::text(row, 3).unwrap_or_default(),
        component: columns::text(row, 4),
        origin: PatternOrigin::from_name(&columns::text(row, 5).unwrap_or_default()),
        avg_time_minutes: columns::count(row, 6),
        success_rate: columns::real(row, 7).unwrap_or(0.0).clamp(0.0, 1.0),
        frequency: columns::count(row, 8).unwrap_or(0),
        is_active: columns::integer(row, 9) != Some(0),
    })
}

fn pattern_of(row: &Row<'_>) -> rusqlite::Result<Stored<TestPattern>> {
    let header = header_of(row)?;
    Ok(Stored {
        id: header.id,
        value: TestPattern {
            key: header.key,
            name: header.name,
            pattern_type: header.pattern_type,
            component: header.component,
            objective: columns::text(row, 11),
            precondition: columns::text(row, 12),
            steps: columns::steps(row, 14),
            labels: columns::names(row, 13),
            avg_time_minutes: header.avg_time_minutes,
            success_rate: header.success_rate,
            frequency: header.frequency,
            last_used: columns::time(row, 10),
            is_active: header.is_active,
            origin: header.origin,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_hash_that_an_earlier_version_wrote_makes_no_change() {
        let pattern = TestPattern::new("Überprüfung\u{200b} of the form", "Form Submission");
        let store = Store::open_in_memory().unwrap();
        let changes = store.write(|db| {
            let patterns = db.patterns();
            let (id, _) = patterns.upsert(&pattern)?;
            db.execute(
                "UPDATE atlas_pattern_details SET content_hash = zeroblob(16)",
                [],
            )?;
            let revision = || db.revisions().get(Revision::Patterns);
            let before = revision()?;
            let again = patterns.upsert(&pattern)?;
            assert_eq!((again, revision()?), ((id, Change::Unchanged), before));
            // It is written anew, and a real change is still one.
            let hash = content_hash(&pattern, &steps_text(&pattern)?);
            assert_eq!(patterns.find(&pattern)?, Some((id, Some(hash))));
            let renamed = TestPattern {
                objective: Some("other".to_owned()),
                ..pattern.clone()
            };
            patterns.upsert(&renamed)
        });
        assert_eq!(changes.unwrap().1, Change::Updated);
    }
}
