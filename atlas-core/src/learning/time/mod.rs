//! How many minutes a scenario takes, with an 80 % interval.
//!
//! Everything is reckoned in logarithms of minutes, after the priority's factor is taken out: the
//! time of a test is never negative and errs by factors. A pattern's own times give their median,
//! which is shrunk towards what would have been said without them ([`TimeModel`]). The interval is
//! what left-out observations were off by; [`backtest`] checks it. [`TextEstimator`] judges
//! patterns by their text.
//!
//! | the pattern has | estimate | `minutes_origin` |
//! |---|---|---|
//! | own times | their median, shrunk towards the estimate that the rows below give: n times count n, the prior counts 2; from 20 left-out times on it counts what these say, 0.5 to 16 | `observed` |
//! | an average that it came with | that average, as the specification has it | `pattern` |
//! | neither, and 20 patterns are timed | what its text says: a ridge on its vectors, its steps and its words, 30 % of the way back to the median; the median alone where texts say nothing | `text` |
//! | neither, and others were measured | the median of its component's patterns, shrunk to that of all, and this to 45 | `component` |
//! | nothing | 45 | `default` |
//!
//! The priority's factor is 1.2 for high and 0.8 for low. The median is robust: one forgotten clock
//! moves nothing. `atlas_pattern_base` has the average from before ATLAS's own observations.
//!
//! The interval is wider for one own time than for ten. Below ten residuals wide defaults apply:
//! 1.75 times either way for one own time and 1.6 for many, 2 for an average, 2.5 for text and
//! component, 3 for nothing.

mod backtest;
mod ridge;
mod spread;
mod text;

use std::collections::HashMap;

use crate::domain::{MinutesOrigin, Priority};
use crate::pipeline::minutes::{DEFAULT_MINUTES, MOST_MINUTES, with_priority};

pub use backtest::{TimeBacktest, backtest};
use spread::{Sorted, Spread, shrunk};
pub use text::{FEWEST_KNOWN, TextEstimator, TextFacts};

/// How many observations a pattern's average, text or component is worth against its own times,
/// until the data say.
const PRIOR_WEIGHT: f64 = 2.0;
/// What they may be worth by the data.
const PRIOR_WEIGHTS: [f64; 6] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0];
/// So many left-out times must speak for a weight.
const ENOUGH_TO_WEIGH: usize = 20;
/// How many patterns the whole store is worth against a component's, and 45 minutes against the
/// whole store.
const POOL_WEIGHT: f64 = 2.0;

// Intervals where fewer than ten residuals are known: down to a part of the estimate and up to as
// many times it. They are wide on purpose.
const OWN_SPREAD: f64 = 1.75;
const AVERAGE_SPREAD: f64 = 2.0;
const POOL_SPREAD: f64 = 2.5;
const DEFAULT_SPREAD: f64 = 3.0;
const TEXT_SPREAD: Spread = Spread {
    low: -0.916_290_731_874_155,
    high: 0.916_290_731_874_155,
};

/// Minutes with the interval that holds the true ones four times in five.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Whole minutes, 1 or more.
    pub minutes: u32,
    /// The interval's lower end, 1 to `minutes`.
    pub low: u32,
    /// The interval's upper end, `minutes` or more.
    pub high: u32,
    /// What the estimate rests on.
    pub origin: MinutesOrigin,
}

impl Estimate {
    /// Minutes that somebody states, such as a plugin: half to double is allowed for.
    pub fn stated(minutes: u32) -> Self {
        let minutes = minutes.clamp(1, MOST_MINUTES);
        Estimate {
            minutes,
            low: (minutes / 2).max(1),
            high: minutes * 2,
            origin: MinutesOrigin::Pattern,
        }
    }

    /// Nothing is known: 45 minutes and the priority, a third to three times.
    pub fn unknown(priority: Priority) -> Self {
        let log = f64::from(DEFAULT_MINUTES).ln();
        let spread = Spread::times(DEFAULT_SPREAD);
        Estimate::new(log, spread, priority, MinutesOrigin::Default)
    }

    fn new(log: f64, spread: Spread, priority: Priority, origin: MinutesOrigin) -> Self {
        let factor = priority.minutes_factor();
        let most = f64::from(MOST_MINUTES);
        let base = log.exp().round().clamp(1.0, most) as u32;
        let minutes = with_priority(base, priority).max(1);
        let end = |off: f64| ((log + off).exp() * factor).clamp(1.0, most);
        Estimate {
            minutes,
            // The tiny amounts keep what is whole up to rounding.
            low: ((end(spread.low) + 1e-6) as u32).clamp(1, minutes),
            high: ((end(spread.high) - 1e-6).ceil() as u32).max(minutes),
            origin,
        }
    }
}

/// How long a pattern took once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed {
    /// The pattern's row id.
    pub pattern: i64,
    /// Minutes that it took; 0 counts as not measured.
    pub minutes: u32,
    /// The ticket's priority.
    pub priority: Priority,
}

/// What is known of a pattern's time before anyone measured it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PatternTime {
    /// The pattern's row id.
    pub id: i64,
    /// Its component.
    pub component: Option<String>,
    /// The average that it came with, in minutes.
    pub average: Option<u32>,
    /// Minutes by its text, its own value left out.
    pub text: Option<f64>,
}

/// Times of patterns, from what was measured and what they came with.
///
/// A pattern with times of its own: the median of their logarithms, shrunk with the weight
/// n / (n + k) (Bühlmann's credibility) to its average, else to its text, else to its component's
/// centre. k is 2 for each of the three until 20 times can be left out one by one; then it is the
/// one of 0.5 to 16 with which the others of a pattern tell its left-out time best. The component's
/// centre is the median over the component's other measured patterns, shrunk by two
/// patterns' worth to that over all, and this to 45 minutes. A pattern without own times: its
/// average as it is, else its text, else the component's centre, else 45 minutes.
///
/// The interval spans the tenth to the ninetieth percentile of the residuals of left-out
/// observations: for patterns with own times each observation against the others, for those
/// without each pattern against all others, by what the estimate rests on. It is wider the fewer
/// own times there are. Below ten residuals a wide default stands in.
///
/// ```
/// use atlas_core::domain::{MinutesOrigin, Priority};
/// use atlas_core::learning::time::{PatternTime, TimeModel, Timed};
/// let patterns = [PatternTime { id: 1, average: Some(30), ..PatternTime::default() }];
/// let model = TimeModel::fit(&patterns, &[]);
/// let estimate = model.estimate(1, Priority::High);
/// assert_eq!((estimate.minutes, estimate.origin), (36, MinutesOrigin::Pattern));
/// assert_eq!((estimate.low, estimate.high), (18, 72));
///
/// let took = |minutes| Timed { pattern: 1, minutes, priority: Priority::Medium };
/// let model = TimeModel::fit(&patterns, &[took(60), took(55), took(900)]);
/// let estimate = model.estimate(1, Priority::Medium);
/// assert!((40..60).contains(&estimate.minutes) && estimate.origin == MinutesOrigin::Observed);
/// ```
#[derive(Debug, Clone)]
pub struct TimeModel {
    patterns: HashMap<i64, Pattern>,
    pool: Pool,
    /// Of patterns with own times, for an endless number of them.
    own: Spread,
    /// Of patterns without, by [`kind`].
    cold: [Spread; 3],
    /// What the prior is worth against own times, by [`kind`].
    weights: [f64; 3],
}

/// The place of what a prior rests on: average, text, pool.
fn kind(origin: MinutesOrigin) -> usize {
    match origin {
        MinutesOrigin::Pattern => 0,
        MinutesOrigin::Text => 1,
        _ => 2,
    }
}

#[derive(Debug, Clone)]
struct Pattern {
    known: PatternTime,
    times: Sorted,
}

impl TimeModel {
    /// Learns from patterns and measured times; times of patterns that are not listed are left
    /// out.
    pub fn fit(patterns: &[PatternTime], timed: &[Timed]) -> Self {
        let mut times: HashMap<i64, Vec<f64>> = HashMap::new();
        for timed in timed.iter().filter(|timed| timed.minutes > 0) {
            let log = (f64::from(timed.minutes) / timed.priority.minutes_factor()).ln();
            times.entry(timed.pattern).or_default().push(log);
        }
        let mut with_times = |known: &PatternTime| Pattern {
            times: Sorted::new(times.remove(&known.id).unwrap_or_default()),
            known: known.clone(),
        };
        let patterns: Vec<Pattern> = patterns.iter().map(&mut with_times).collect();
        let mut model = TimeModel {
            pool: Pool::new(&patterns),
            patterns: HashMap::new(),
            // The default holds for one own time.
            own: Spread::times(OWN_SPREAD).scaled(1.0 / unsureness(1, PRIOR_WEIGHT)),
            cold: [
                Spread::times(AVERAGE_SPREAD),
                TEXT_SPREAD,
                Spread::times(POOL_SPREAD),
            ],
            weights: [PRIOR_WEIGHT; 3],
        };
        model.weigh(&patterns);
        model.spread(&patterns);
        model.patterns = patterns.into_iter().map(|p| (p.known.id, p)).collect();
        model
    }

    /// Minutes of a pattern for a ticket of a priority; a pattern that was not known to
    /// [`fit`](Self::fit) is one of which nothing is known.
    pub fn estimate(&self, pattern: i64, priority: Priority) -> Estimate {
        let Some(pattern) = self.patterns.get(&pattern) else {
            return Estimate::unknown(priority);
        };
        let (prior, origin) = self.pool.prior(pattern);
        if let Some(centre) = pattern.times.median() {
            let n = pattern.times.len();
            let weight = self.weights[kind(origin)];
            let log = shrunk(centre, n, prior, weight);
            let spread = self.own.scaled(unsureness(n, weight));
            return Estimate::new(log, spread, priority, MinutesOrigin::Observed);
        }
        match origin {
            MinutesOrigin::Default => Estimate::unknown(priority),
            _ => Estimate::new(prior, self.cold[kind(origin)], priority, origin),
        }
    }

    /// Whether a text would be asked for: the pattern came without an average.
    pub fn asks_text(&self, pattern: i64) -> bool {
        let pattern = self.patterns.get(&pattern);
        pattern.is_some_and(|pattern| average(&pattern.known).is_none())
    }

    /// Minutes without the priority of every pattern with times or an average, by id: the median
    /// of its times, or the average.
    pub fn known(&self) -> Vec<(i64, f64)> {
        let log = |p: &Pattern| p.times.median().or_else(|| average(&p.known));
        let known = self.patterns.iter();
        let mut known: Vec<(i64, f64)> = known
            .filter_map(|(id, p)| Some((*id, log(p)?.exp())))
            .collect();
        known.sort_by_key(|(id, _)| *id);
        known
    }

    /// Finds what each kind of prior is worth.
    fn weigh(&mut self, patterns: &[Pattern]) {
        let mut left_out: [Vec<LeftOut>; 3] = Default::default();
        for pattern in patterns {
            let (prior, origin) = self.pool.prior(pattern);
            left_out[kind(origin)].extend(LeftOut::each(pattern, prior));
        }
        for (weight, left_out) in self.weights.iter_mut().zip(&left_out) {
            let error = |weight: f64| -> f64 {
                let residuals = left_out.iter().map(|one| one.residual(weight).abs());
                residuals.sum()
            };
            if left_out.len() >= ENOUGH_TO_WEIGH {
                let tried = PRIOR_WEIGHTS.into_iter();
                let best = tried.min_by(|a, b| error(*a).total_cmp(&error(*b)));
                *weight = best.unwrap_or(PRIOR_WEIGHT);
            }
        }
    }

    /// Finds what left-out observations are off by.
    fn spread(&mut self, patterns: &[Pattern]) {
        let mut own = Vec::new();
        let mut cold: [Vec<(f64, f64)>; 3] = Default::default();
        for pattern in patterns {
            let (prior, origin) = self.pool.prior(pattern);
            let (kind, n) = (kind(origin), pattern.times.len());
            // Every pattern counts as one: the next cold one is another pattern.
            let share = 1.0 / n as f64;
            cold[kind].extend(pattern.times.iter().map(|time| (time - prior, share)));
            let weight = self.weights[kind];
            let wider = unsureness(n.saturating_sub(1), weight);
            let left_out = LeftOut::each(pattern, prior);
            own.extend(left_out.map(|one| (one.residual(weight) / wider, 1.0)));
        }
        self.own = Spread::of(own, self.own);
        for (spread, residuals) in self.cold.iter_mut().zip(cold) {
            *spread = Spread::of(residuals, *spread);
        }
    }
}

/// One of several own times of a pattern, as the others tell it.
struct LeftOut {
    time: f64,
    /// The others' median, and how many they are.
    others: (f64, usize),
    prior: f64,
}

impl LeftOut {
    fn each(pattern: &Pattern, prior: f64) -> impl Iterator<Item = LeftOut> + '_ {
        let times = &pattern.times;
        times.iter().filter_map(move |time| {
            let others = (times.median_without(time)?, times.len() - 1);
            Some(LeftOut {
                time,
                others,
                prior,
            })
        })
    }

    fn residual(&self, weight: f64) -> f64 {
        self.time - shrunk(self.others.0, self.others.1, self.prior, weight)
    }
}

/// How much wider than one run's spread an interval is when the centre itself rests on `n` runs
/// and a prior that is worth `weight`.
fn unsureness(n: usize, weight: f64) -> f64 {
    (1.0 + 1.0 / (n as f64 + weight)).sqrt()
}

/// The logarithm of the average that the pattern came with.
fn average(known: &PatternTime) -> Option<f64> {
    let minutes = known.average.filter(|minutes| *minutes > 0)?;
    Some(f64::from(minutes).ln())
}

/// Centres of the patterns that were measured.
#[derive(Debug, Clone)]
struct Pool {
    all: Sorted,
    components: HashMap<String, Sorted>,
}

impl Pool {
    fn new(patterns: &[Pattern]) -> Self {
        let mut components: HashMap<String, Vec<f64>> = HashMap::new();
        let mut all = Vec::new();
        for pattern in patterns {
            if let Some(centre) = pattern.times.median() {
                all.push(centre);
                if let Some(component) = &pattern.known.component {
                    components
                        .entry(component.clone())
                        .or_default()
                        .push(centre);
                }
            }
        }
        let components = components.into_iter();
        Pool {
            all: Sorted::new(all),
            components: components.map(|(c, v)| (c, Sorted::new(v))).collect(),
        }
    }

    /// What would be said of a pattern without its own times.
    fn prior(&self, pattern: &Pattern) -> (f64, MinutesOrigin) {
        let known = &pattern.known;
        if let Some(average) = average(known) {
            return (average, MinutesOrigin::Pattern);
        }
        if let Some(text) = known.text.filter(|text| text.is_finite() && *text > 0.0) {
            return (text.ln(), MinutesOrigin::Text);
        }
        let own = pattern.times.median();
        let mut log = f64::from(DEFAULT_MINUTES).ln();
        let mut origin = MinutesOrigin::Default;
        let component = known.component.as_ref();
        let component = component.and_then(|component| self.components.get(component));
        for pool in [Some(&self.all), component].into_iter().flatten() {
            let (centre, n) = match own {
                Some(own) => (pool.median_without(own), pool.len().saturating_sub(1)),
                None => (pool.median(), pool.len()),
            };
            if let Some(centre) = centre {
                log = shrunk(centre, n, log, POOL_WEIGHT);
                origin = MinutesOrigin::Component;
            }
        }
        (log, origin)
    }
}

#[cfg(test)]
mod tests;
