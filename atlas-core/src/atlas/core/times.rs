//! How long patterns take, kept in step with the database.
//!
//! The model is kept while patterns, observations and tickets stay the same. It takes a millisecond
//! to fit. The texts are read only when a scenario without an average needs them, in a tenth of a
//! second, from at most 400 timed patterns. The starter catalog's minutes teach only while fewer
//! than 20 of the user's own patterns are timed.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::Core;
use crate::Result;
use crate::atlas::core::index::Revisions;
use crate::domain::{PatternOrigin, Priority};
use crate::learning::time::{
    Estimate, FEWEST_KNOWN, PatternTime, TextEstimator, TextFacts, TimeBacktest, TimeModel, Timed,
    backtest,
};
use crate::search::Index;
use crate::search::pattern_index::PatternIndex;
use crate::store::{PatternTiming, Repositories, StepCount, Timing};

/// Texts that are learned from at most: these take a tenth of a second.
const MOST_KNOWN: usize = 400;

/// The newest times and what they were made from.
#[derive(Default)]
pub(crate) struct Times(Mutex<Option<Loaded>>);

struct Loaded {
    revisions: Revisions,
    patterns: Vec<PatternTiming>,
    observed: Vec<Timing>,
    /// Without texts: enough for patterns that came with an average.
    plain: TimeModel,
    /// With texts; made when first asked for.
    with_texts: Option<TimeModel>,
}

impl Core {
    /// Minutes of stored patterns for a ticket of a priority, by row id.
    pub(crate) fn times(
        &self,
        patterns: &[i64],
        priority: Priority,
    ) -> Result<HashMap<i64, Estimate>> {
        let mut times = self.times.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = self.store.read(|stored| {
            let revisions = Revisions::read(stored)?;
            match times.as_ref() {
                Some(loaded) if loaded.revisions.same_times(&revisions) => Ok(None),
                _ => load(stored, revisions).map(Some),
            }
        })?;
        if newer.is_some() {
            *times = newer;
        }
        let Some(loaded) = times.as_mut() else {
            return Ok(HashMap::new());
        };
        if loaded.with_texts.is_none() && patterns.iter().any(|id| loaded.plain.asks_text(*id)) {
            let (index, _) = self.index()?;
            let counts = self.store.read(|stored| stored.timings().step_counts())?;
            loaded.with_texts = Some(loaded.read(&index, &counts)?);
        }
        let estimate = |id: &i64| {
            let texts = loaded.with_texts.as_ref();
            let model = texts.filter(|_| loaded.plain.asks_text(*id));
            let estimate = model.unwrap_or(&loaded.plain).estimate(*id, priority);
            (*id, estimate)
        };
        Ok(patterns.iter().map(estimate).collect())
    }
}

impl Core {
    /// How estimates would have done on the measured times, each made from those before it and
    /// without what texts say.
    pub(crate) fn time_backtest(&self) -> Result<Option<TimeBacktest>> {
        let (patterns, observed) = self
            .store
            .read(|stored| Ok((stored.timings().patterns()?, stored.timings().observed()?)))?;
        Ok(backtest(
            &known(&patterns, &HashMap::new()),
            &timed(&observed),
        ))
    }
}

fn load(stored: &Repositories<'_>, revisions: Revisions) -> Result<Loaded> {
    let patterns = stored.timings().patterns()?;
    let observed = stored.timings().observed()?;
    Ok(Loaded {
        plain: model(&patterns, &observed, &HashMap::new()),
        revisions,
        patterns,
        observed,
        with_texts: None,
    })
}

fn model(
    patterns: &[PatternTiming],
    observed: &[Timing],
    by_text: &HashMap<i64, f64>,
) -> TimeModel {
    TimeModel::fit(&known(patterns, by_text), &timed(observed))
}

fn known(patterns: &[PatternTiming], by_text: &HashMap<i64, f64>) -> Vec<PatternTime> {
    let known = patterns.iter().map(|pattern| PatternTime {
        id: pattern.id,
        component: pattern.component.clone(),
        average: pattern.average,
        text: by_text.get(&pattern.id).copied(),
    });
    known.collect()
}

fn timed(observed: &[Timing]) -> Vec<Timed> {
    let timed = observed.iter().map(|timing| Timed {
        pattern: timing.pattern_id,
        minutes: timing.minutes,
        priority: timing.priority,
    });
    timed.collect()
}

impl Loaded {
    /// The times with what texts say of the patterns that came without an average.
    fn read(&self, index: &Index, counts: &[StepCount]) -> Result<TimeModel> {
        let facts: HashMap<i64, TextFacts> = counts
            .iter()
            .filter_map(|count| Some((count.id, facts(&index.patterns, count)?)))
            .collect();
        let known = self.known(&facts);
        if known.len() < FEWEST_KNOWN {
            return Ok(self.plain.clone());
        }
        let ids: Vec<i64> = known.iter().map(|(id, _)| *id).collect();
        let known: Vec<(TextFacts, f64)> = known
            .into_iter()
            .filter_map(|(id, minutes)| Some((facts.get(&id)?.clone(), minutes)))
            .collect();
        let texts = TextEstimator::fit(&known)?;
        let mut by_text: HashMap<i64, f64> = self
            .patterns
            .iter()
            .filter(|pattern| self.plain.asks_text(pattern.id))
            .filter_map(|pattern| Some((pattern.id, texts.estimate(facts.get(&pattern.id)?))))
            .collect();
        // Those that were learned from are told without their own times.
        by_text.extend(ids.into_iter().zip(texts.left_out()));
        Ok(model(&self.patterns, &self.observed, &by_text))
    }

    /// Patterns to learn from, with their minutes: the user's own, or while these are few, the
    /// starter catalogue's as well.
    fn known(&self, facts: &HashMap<i64, TextFacts>) -> Vec<(i64, f64)> {
        let starter = |pattern: &&PatternTiming| pattern.origin == PatternOrigin::Starter;
        let starter: HashSet<i64> = self.patterns.iter().filter(starter).map(|p| p.id).collect();
        let mut known = self.plain.known();
        known.retain(|(id, _)| facts.contains_key(id));
        let own = known.iter().filter(|(id, _)| !starter.contains(id)).count();
        if own >= FEWEST_KNOWN {
            known.retain(|(id, _)| !starter.contains(id));
        }
        let every = known.len().div_ceil(MOST_KNOWN).max(1);
        known.into_iter().step_by(every).collect()
    }
}

/// What the estimate reads of an active, encoded pattern.
fn facts(patterns: &PatternIndex, count: &StepCount) -> Option<TextFacts> {
    let (name, whole) = patterns.text.vectors(patterns.number(count.id)?)?;
    let mut vector = name.to_vector();
    vector.extend(whole.to_vector());
    Some(TextFacts {
        steps: count.steps,
        words: count.words,
        vector,
    })
}
