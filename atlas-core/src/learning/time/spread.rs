//! Medians that can leave one value out, and the interval that residuals span.

use crate::domain::sum;

/// Values in order; their median is the centre.
#[derive(Debug, Clone, Default)]
pub(super) struct Sorted(Vec<f64>);

impl Sorted {
    pub(super) fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Sorted(values)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        self.0.iter().copied()
    }

    pub(super) fn median(&self) -> Option<f64> {
        middle(self.0.len(), |place| self.0[place])
    }

    /// The median of the others; `value` must be one of them.
    pub(super) fn median_without(&self, value: f64) -> Option<f64> {
        let out = self.0.partition_point(|v| v.total_cmp(&value).is_lt());
        let others = self.0.len().saturating_sub(1);
        middle(others, |place| self.0[place + usize::from(place >= out)])
    }
}

fn middle(len: usize, at: impl Fn(usize) -> f64) -> Option<f64> {
    (len > 0).then(|| (at((len - 1) / 2) + at(len / 2)) / 2.0)
}

/// A mean of evidence and prior: `n` values around `centre` against `weight` values' worth of
/// `prior` (Bühlmann's credibility).
pub(super) fn shrunk(centre: f64, n: usize, prior: f64, weight: f64) -> f64 {
    let n = n as f64;
    (n * centre + weight * prior) / (n + weight)
}

/// Residuals below this number (or weight) say too little; the default stands in.
pub(super) const ENOUGH: f64 = 10.0;
/// What is left out at each end of an 80 % interval.
const TAIL: f64 = 0.1;

/// How far the truth lies from an estimate, as logarithms: 80 % between `low` and `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// 0 or below.
    pub low: f64,
    /// 0 or above.
    pub high: f64,
}

impl Spread {
    /// Half to double is `times(2.0)`.
    pub(super) fn times(factor: f64) -> Self {
        Spread {
            low: -factor.ln(),
            high: factor.ln(),
        }
    }

    /// From residuals (truth minus estimate) with their weights: the tenth and the ninetieth
    /// percentile, one more unseen residual allowed for, as split conformal prediction does
    /// (Vovk, Gammerman and Shafer, 2005).
    pub(super) fn of(mut residuals: Vec<(f64, f64)>, default: Spread) -> Self {
        let weight = sum(residuals.iter().map(|(_, weight)| *weight));
        if weight < ENOUGH {
            return default;
        }
        residuals.sort_by(|a, b| a.0.total_cmp(&b.0));
        let outside = TAIL * (weight + 1.0);
        let low = cut(residuals.iter().copied(), outside);
        let high = cut(residuals.iter().rev().copied(), outside);
        Spread {
            low: low.unwrap_or(default.low).min(0.0),
            high: high.unwrap_or(default.high).max(0.0),
        }
    }

    /// Wider or narrower.
    pub(super) fn scaled(self, factor: f64) -> Self {
        Spread {
            low: self.low * factor,
            high: self.high * factor,
        }
    }
}

/// The last residual up to which no more than `outside` of the weight lies; the first at least.
fn cut(residuals: impl Iterator<Item = (f64, f64)>, outside: f64) -> Option<f64> {
    let (mut seen, mut found) = (0.0, None);
    for (residual, weight) in residuals {
        seen += weight;
        if found.is_some() && seen > outside + 1e-9 {
            break;
        }
        found = Some(residual);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_leave_one_out() {
        let values = Sorted::new(vec![5.0, 1.0, 3.0, 3.0]);
        assert_eq!(values.median(), Some(3.0));
        assert_eq!(values.median_without(3.0), Some(3.0));
        assert_eq!(values.median_without(5.0), Some(3.0));
        let two = Sorted::new(vec![1.0, 9.0]);
        assert_eq!(
            (two.median(), two.median_without(1.0)),
            (Some(5.0), Some(9.0))
        );
        assert_eq!(Sorted::new(vec![1.0]).median_without(1.0), None);
        assert_eq!(Sorted::default().median(), None);
    }

    #[test]
    fn percentiles_leave_a_tenth_outside_at_each_end() {
        let residuals: Vec<(f64, f64)> = (0..99).map(|i| (f64::from(i) - 49.0, 1.0)).collect();
        let spread = Spread::of(residuals, Spread::times(2.0));
        assert_eq!((spread.low, spread.high), (-40.0, 40.0));
    }

    #[test]
    fn few_residuals_are_not_believed() {
        let default = Spread::times(2.0);
        assert_eq!(Spread::of(vec![(0.0, 1.0); 9], default), default);
        let same = Spread::of(vec![(0.0, 1.0); 10], default);
        assert_eq!((same.low, same.high), (0.0, 0.0));
        // Twenty runs of one pattern are one pattern.
        assert_eq!(Spread::of(vec![(0.1, 0.05); 20], default), default);
    }

    #[test]
    fn an_interval_holds_its_estimate() {
        let spread = Spread::of(vec![(1.0, 1.0); 20], Spread::times(2.0));
        assert_eq!((spread.low, spread.high), (0.0, 1.0));
    }
}
