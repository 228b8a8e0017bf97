//! Measures of ranked lists, with intervals.

use fastrand::Rng;

use super::report::{Interval, MethodScore};
use crate::domain::sum;

/// One ticket's measures for one list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hit {
    /// The first right rank, from 1; `None` beyond ten.
    pub rank: Option<usize>,
    /// Share of the right ones among the first ten.
    pub recall: f64,
}

/// How long a list is looked at.
pub const LOOKED_AT: usize = 10;

impl Hit {
    /// Measures a list against the right patterns, of which there is at least one.
    pub fn of(list: &[i64], right: &[i64]) -> Self {
        let looked_at = &list[..list.len().min(LOOKED_AT)];
        let is_right = |id: &&i64| right.contains(id);
        Hit {
            rank: looked_at
                .iter()
                .position(|id| right.contains(id))
                .map(|at| at + 1),
            recall: looked_at.iter().filter(is_right).count() as f64 / right.len().max(1) as f64,
        }
    }

    /// One over the rank, 0 beyond ten.
    pub fn reciprocal(&self) -> f64 {
        self.rank.map_or(0.0, |rank| 1.0 / rank as f64)
    }

    /// 1 for a right one among the first `k`.
    pub fn within(&self, k: usize) -> f64 {
        f64::from(u8::from(self.rank.is_some_and(|rank| rank <= k)))
    }
}

/// Numbers of tickets, drawn with replacement, as often as asked: one draw serves all methods.
pub struct Resamples(Vec<Vec<u32>>);

impl Resamples {
    /// `count` resamples of `tickets` tickets.
    pub fn new(tickets: usize, count: usize, seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let draw = |_| {
            (0..tickets)
                .map(|_| random.u32(0..tickets as u32))
                .collect()
        };
        Resamples(if tickets == 0 {
            Vec::new()
        } else {
            (0..count).map(draw).collect()
        })
    }

    fn interval(&self, values: &[f64]) -> Interval {
        let mean = |sum: f64| sum / values.len().max(1) as f64;
        let value = mean(sum(values.iter().copied()));
        let mut means: Vec<f64> = self
            .0
            .iter()
            .map(|tickets| mean(sum(tickets.iter().map(|&t| values[t as usize]))))
            .collect();
        means.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * means.len() as f64) as usize;
            means
                .get(place.min(means.len().saturating_sub(1)))
                .copied()
                .unwrap_or(value)
        };
        Interval {
            value,
            low: at(0.025),
            high: at(0.975),
        }
    }

    /// A method's means over tickets.
    pub fn score(&self, name: &str, hits: &[Hit]) -> MethodScore {
        let interval = |measure: &dyn Fn(&Hit) -> f64| {
            self.interval(&hits.iter().map(measure).collect::<Vec<f64>>())
        };
        MethodScore {
            name: name.to_owned(),
            hit_1: interval(&|hit| hit.within(1)),
            hit_5: interval(&|hit| hit.within(5)),
            hit_10: interval(&|hit| hit.within(10)),
            mrr: interval(&Hit::reciprocal),
            recall_10: interval(&|hit| hit.recall),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_measured_by_its_first_ten() {
        let list: Vec<i64> = (1..=20).collect();
        let hit = Hit::of(&list, &[3, 9, 15]);
        assert_eq!(hit.rank, Some(3));
        assert!((hit.recall - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!((hit.within(1), hit.within(5)), (0.0, 1.0));
        assert_eq!(Hit::of(&list, &[11]).reciprocal(), 0.0);
    }

    #[test]
    fn intervals_hold_the_mean_and_narrow_with_evidence() {
        let half = |n: usize| -> Vec<Hit> {
            let rank = |i| (i % 2 == 0).then_some(1);
            (0..n)
                .map(|i| Hit {
                    rank: rank(i),
                    recall: 0.0,
                })
                .collect()
        };
        let few = Resamples::new(20, 500, 1).score("few", &half(20)).hit_1;
        let many = Resamples::new(2_000, 500, 1)
            .score("many", &half(2_000))
            .hit_1;
        assert_eq!((few.value, many.value), (0.5, 0.5));
        assert!(few.low < 0.4 && few.high > 0.6);
        assert!(many.low > 0.46 && many.high < 0.54 && many.low < 0.5 && many.high > 0.5);
        let again = Resamples::new(20, 500, 1).score("few", &half(20)).hit_1;
        assert_eq!(few, again);
    }
}
