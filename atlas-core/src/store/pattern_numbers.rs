//! What observations make of a pattern: its frequency, success rate, average minutes, last use.
//!
//! The numbers are derived: those from before the first observation, which `atlas_pattern_base`
//! keeps, and the observations that are there. So taking one back is exact, in any order.

use jiff::Timestamp;

use super::{Observations, Revision, columns};
use crate::Result;

/// A pattern's observations in numbers.
struct Observed {
    uses: u32,
    right: u32,
    /// The rounded mean of the known ones.
    minutes: Option<u32>,
    last: Option<Timestamp>,
}

/// What observations make of a pattern.
struct PatternCounts {
    frequency: u32,
    rate: f64,
    minutes: Option<u32>,
    last: Option<Timestamp>,
}

impl PatternCounts {
    /// Whether stored numbers are these; the rate to a rounding.
    fn is_like(&self, counted: &PatternCounts) -> bool {
        self.frequency == counted.frequency
            && (self.rate - counted.rate).abs() < 1e-9
            && (counted.minutes.is_none() || self.minutes == counted.minutes)
            && (counted.last.is_none() || self.last == counted.last)
    }
}

impl Observations<'_> {
    /// Keeps a pattern's numbers as they are before its first observation.
    pub(super) fn keep_base(&self, pattern_id: i64) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_pattern_base
                 (pattern_id, success_rate, frequency, avg_time_minutes, last_used)
             SELECT id, success_rate, frequency, avg_time_minutes, last_used
             FROM test_patterns WHERE id = ?1 ON CONFLICT DO NOTHING",
            [pattern_id],
        )?;
        Ok(())
    }

    /// Notes that a pattern's observations have changed.
    pub(super) fn to_count(&self, pattern_id: i64) -> Result<()> {
        self.0.uncounted.borrow_mut().insert(pattern_id);
        self.0.changed(Revision::Observations)
    }

    /// Counts every pattern whose observations have changed. The end of the transaction does it
    /// too.
    ///
    /// # Errors
    /// Storage errors.
    pub(super) fn count_again(&self) -> Result<()> {
        let patterns = self.0.uncounted.take();
        patterns.into_iter().try_for_each(|id| self.count_one(id))
    }

    /// Sets the minutes that a pattern's library gives. `false` when it has no observations.
    pub(super) fn set_base_minutes(&self, pattern_id: i64, minutes: Option<u32>) -> Result<bool> {
        let sql = "UPDATE atlas_pattern_base SET avg_time_minutes = coalesce(?2, avg_time_minutes)
                   WHERE pattern_id = ?1";
        let has_base = self.0.execute(sql, (pattern_id, minutes))? > 0;
        if has_base {
            self.count_one(pattern_id)?;
        }
        Ok(has_base)
    }

    /// The minutes that a pattern's library gives, whatever testers took.
    pub(super) fn given_minutes(&self, pattern_id: i64) -> Result<Option<u32>> {
        let sql = "SELECT CASE WHEN b.pattern_id IS NULL THEN p.avg_time_minutes
                               ELSE b.avg_time_minutes END
                   FROM test_patterns p LEFT JOIN atlas_pattern_base b ON b.pattern_id = p.id
                   WHERE p.id = ?1";
        let minutes = self
            .0
            .first(sql, [pattern_id], |row| Ok(columns::count(row, 0)))?;
        Ok(minutes.flatten())
    }

    /// Forgets the minutes that a pattern's library gave.
    pub(super) fn clear_given_minutes(&self, pattern_id: i64) -> Result<()> {
        let sql = "UPDATE atlas_pattern_base SET avg_time_minutes = NULL WHERE pattern_id = ?1";
        if self.0.execute(sql, [pattern_id])? > 0 {
            return self.count_one(pattern_id);
        }
        let sql = "UPDATE test_patterns SET avg_time_minutes = NULL WHERE id = ?1";
        self.0.execute(sql, [pattern_id])?;
        Ok(())
    }

    /// The patterns whose numbers are not what their observations make of them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn miscounted(&self) -> Result<Vec<i64>> {
        let mut observed: Vec<i64> = Vec::new();
        let sql = "SELECT DISTINCT pattern_id FROM atlas_observations ORDER BY pattern_id";
        self.0.each(sql, [], |row| {
            observed.push(row.get(0)?);
            Ok(())
        })?;
        let mut miscounted = Vec::new();
        for id in observed {
            let sql = "SELECT frequency, success_rate, avg_time_minutes, last_used
                       FROM test_patterns WHERE id = ?1";
            let stored = self.0.first(sql, [id], |row| {
                Ok(PatternCounts {
                    frequency: columns::count(row, 0).unwrap_or(u32::MAX),
                    rate: columns::real(row, 1).unwrap_or(f64::NAN),
                    minutes: columns::count(row, 2),
                    last: columns::time(row, 3),
                })
            })?;
            if let (Some(stored), Some(numbers)) = (stored, self.numbers(id)?)
                && !stored.is_like(&numbers)
            {
                miscounted.push(id);
            }
        }
        Ok(miscounted)
    }

    /// Counts a pattern again.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count_one(&self, pattern_id: i64) -> Result<()> {
        let Some(numbers) = self.numbers(pattern_id)? else {
            return self.restore_base(pattern_id);
        };
        self.0.execute(
            "UPDATE test_patterns SET frequency = ?2, success_rate = ?3,
                 avg_time_minutes = coalesce(?4,
                     (SELECT avg_time_minutes FROM atlas_pattern_base WHERE pattern_id = ?1)),
                 last_used = coalesce(?5,
                     (SELECT last_used FROM atlas_pattern_base WHERE pattern_id = ?1))
             WHERE id = ?1",
            (
                pattern_id,
                numbers.frequency,
                numbers.rate,
                numbers.minutes,
                numbers.last.map(columns::time_text),
            ),
        )?;
        Ok(())
    }

    /// What a pattern's observations make of it; `None` where it has none. Without minutes or a
    /// last use of theirs those from before stand.
    fn numbers(&self, pattern_id: i64) -> Result<Option<PatternCounts>> {
        let Some(observed) = self.observed(pattern_id)? else {
            return Ok(None);
        };
        let sql = "SELECT frequency, success_rate, last_used FROM atlas_pattern_base
                   WHERE pattern_id = ?1";
        let base = self.0.first(sql, [pattern_id], |row| {
            let frequency = columns::count(row, 0).unwrap_or(0);
            let rate = columns::real(row, 1).unwrap_or(0.0);
            Ok((frequency, rate, columns::time(row, 2)))
        })?;
        // Uses counted before ATLAS knew the pattern keep their weight.
        let (frequency, rate, last_used) = base.unwrap_or_default();
        let uses = frequency.saturating_add(observed.uses);
        let right = rate * f64::from(frequency) + f64::from(observed.right);
        let last = observed
            .last
            .filter(|last| last_used.is_none_or(|base| *last > base));
        Ok(Some(PatternCounts {
            frequency: uses,
            rate: right / f64::from(uses),
            minutes: observed.minutes,
            last,
        }))
    }

    /// `None` when there are no observations.
    fn observed(&self, pattern_id: i64) -> Result<Option<Observed>> {
        // Without its Z a time sorts before the same second with a fraction.
        let sql = "SELECT count(*), count(CASE WHEN verdict = 'right' THEN 1 END),
                          CAST(round(avg(minutes)) AS INTEGER),
                          max(rtrim(observed_at, 'Z')) || 'Z'
                   FROM atlas_observations WHERE pattern_id = ?1";
        let observed = self.0.first(sql, [pattern_id], |row| {
            Ok(Observed {
                uses: columns::count(row, 0).unwrap_or(u32::MAX),
                right: columns::count(row, 1).unwrap_or(u32::MAX),
                minutes: columns::count(row, 2),
                last: columns::time(row, 3),
            })
        })?;
        Ok(observed.filter(|observed| observed.uses > 0))
    }

    fn restore_base(&self, pattern_id: i64) -> Result<()> {
        self.0.execute(
            "UPDATE test_patterns
             SET (success_rate, frequency, avg_time_minutes, last_used) =
                 (SELECT success_rate, frequency, avg_time_minutes, last_used
                  FROM atlas_pattern_base WHERE pattern_id = ?1)
             WHERE id = ?1 AND EXISTS (SELECT 1 FROM atlas_pattern_base WHERE pattern_id = ?1)",
            [pattern_id],
        )?;
        let sql = "DELETE FROM atlas_pattern_base WHERE pattern_id = ?1";
        self.0.execute(sql, [pattern_id])?;
        Ok(())
    }
}
