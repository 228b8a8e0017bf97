//! From a score to a probability that can be believed: of what gets 0.7, seven in ten are right.

use serde::{Deserialize, Serialize};

use super::platt::Platt;
use crate::Result;

/// From so many judged scores of each kind on, the free-form isotonic map is fitted; below, two
/// numbers are all that the evidence bears.
const ISOTONIC_FROM: usize = 200;
/// How many scores one step of the isotonic map rests on at least; a step of few would follow chance.
const LEAST_IN_STEP: usize = 20;

/// A monotone map from scores to probabilities.
///
/// ```
/// use atlas_core::learning::calibration::Calibration;
/// let judged: Vec<(f64, bool)> = (0..100).map(|i| (i as f64 / 100.0, i >= 50)).collect();
/// let calibration = Calibration::fit(&judged)?;
/// assert!(calibration.probability(0.9) > 0.9 && calibration.probability(0.1) < 0.1);
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// A logistic curve.
    Platt(Platt),
    /// Points with straight lines between them, scores and probabilities ascending.
    Isotonic(Vec<(f64, f64)>),
}

impl Calibration {
    /// Fits the map to scores and whether each was right.
    ///
    /// # Errors
    /// `INVALID_VALUE` unless there are right and wrong ones and all scores are finite.
    pub fn fit(judged: &[(f64, bool)]) -> Result<Self> {
        let platt = Platt::fit(judged)?;
        let right = judged.iter().filter(|(_, right)| *right).count();
        // A curve that falls says that scores mean nothing here; it must not turn the order round.
        let platt = Platt {
            slope: platt.slope.max(0.0),
            ..platt
        };
        if right.min(judged.len() - right) < ISOTONIC_FROM {
            return Ok(Calibration::Platt(platt));
        }
        Ok(Calibration::Isotonic(isotonic(judged)))
    }

    /// The probability of a score, 0 to 1.
    pub fn probability(&self, score: f64) -> f64 {
        match self {
            Calibration::Platt(curve) => curve.probability(score),
            Calibration::Isotonic(points) => interpolate(points, score),
        }
    }
}

/// Isotonic regression by pooling adjacent violators (Ayer et al., 1955; Zadrozny and Elkan,
/// "Transforming classifier scores into accurate multiclass probability estimates", 2002), each
/// step smoothed by one right and one wrong.
fn isotonic(judged: &[(f64, bool)]) -> Vec<(f64, f64)> {
    struct CalibrationStep {
        from: f64,
        to: f64,
        right: f64,
        count: f64,
    }
    let mut sorted = judged.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut steps: Vec<CalibrationStep> = Vec::new();
    let mut at = 0;
    while at < sorted.len() {
        // Equal scores belong to one step.
        let mut end = (at + LEAST_IN_STEP).min(sorted.len());
        if sorted.len() - end < LEAST_IN_STEP {
            end = sorted.len();
        }
        while end < sorted.len() && sorted[end].0 == sorted[end - 1].0 {
            end += 1;
        }
        let part = &sorted[at..end];
        steps.push(CalibrationStep {
            from: part[0].0,
            to: part[part.len() - 1].0,
            right: part.iter().filter(|(_, right)| *right).count() as f64,
            count: part.len() as f64,
        });
        while let [.., a, b] = steps.as_slice()
            && a.right / a.count >= b.right / b.count
        {
            let merged = CalibrationStep {
                from: a.from,
                to: b.to,
                right: a.right + b.right,
                count: a.count + b.count,
            };
            steps.truncate(steps.len() - 2);
            steps.push(merged);
        }
        at = end;
    }
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(2 * steps.len());
    for step in &steps {
        let p = (step.right + 1.0) / (step.count + 2.0);
        // Smoothing may bend a small step under its neighbour.
        let p = points.last().map_or(p, |before| p.max(before.1));
        points.push((step.from, p));
        if step.to > step.from {
            points.push((step.to, p));
        }
    }
    points
}

fn interpolate(points: &[(f64, f64)], score: f64) -> f64 {
    let next = points.partition_point(|point| point.0 <= score);
    match (next.checked_sub(1).map(|at| points[at]), points.get(next)) {
        (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (score - a.0) / (b.0 - a.0),
        (Some(a), None) => a.1,
        (None, Some(b)) => b.1,
        (None, None) => 0.0,
    }
}

/// One band of a reliability table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ReliabilityBand))]
pub struct Band {
    /// The least probability in the band.
    pub from: f64,
    /// The probability where it ends.
    pub to: f64,
    /// How many scenarios were in it.
    pub count: usize,
    /// Their mean probability.
    pub said: f64,
    /// The share of them that was right.
    pub right: f64,
}

/// How well probabilities keep their promise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reliability {
    /// Mean squared difference of probability and truth (Brier, 1950): 0 is perfect.
    pub brier: f64,
    /// Expected calibration error: the mean difference of what was said and what was right, over
    /// the bands, weighed by their counts (Naeini et al., 2015): 0 is perfect.
    pub calibration_error: f64,
    /// Ten bands of equal width.
    pub bands: Vec<Band>,
}

/// How many bands a reliability table has.
const BANDS: usize = 10;

impl Reliability {
    /// Measures probabilities and whether each was right.
    ///
    /// ```
    /// use atlas_core::learning::calibration::Reliability;
    /// let judged = [(0.75, true), (0.75, true), (0.75, true), (0.75, false)];
    /// let reliability = Reliability::of(&judged);
    /// assert_eq!(reliability.calibration_error, 0.0);
    /// assert_eq!((reliability.bands[7].count, reliability.bands[7].right), (4, 0.75));
    /// ```
    pub fn of(judged: &[(f64, bool)]) -> Self {
        let mut bands: Vec<Band> = (0..BANDS)
            .map(|band| Band {
                from: band as f64 / BANDS as f64,
                to: (band + 1) as f64 / BANDS as f64,
                ..Band::default()
            })
            .collect();
        let mut squares = 0.0;
        for &(p, right) in judged {
            let right = if right { 1.0 } else { 0.0 };
            squares += (p - right).powi(2);
            let band = &mut bands[((p * BANDS as f64) as usize).min(BANDS - 1)];
            band.count += 1;
            band.said += p;
            band.right += right;
        }
        let all = judged.len().max(1) as f64;
        let mut error = 0.0;
        for band in &mut bands {
            let count = band.count.max(1) as f64;
            error += (band.said - band.right).abs() / all;
            band.said /= count;
            band.right /= count;
        }
        Reliability {
            brier: squares / all,
            calibration_error: error,
            bands,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores whose truth follows `p`, without randomness: every score 50 times.
    fn judged(p: impl Fn(f64) -> f64) -> Vec<(f64, bool)> {
        (0..40)
            .flat_map(|i| {
                let score = f64::from(i) / 40.0;
                let right = (p(score) * 50.0).round() as usize;
                (0..50).map(move |trial| (score, trial < right))
            })
            .collect()
    }

    #[test]
    fn much_evidence_finds_a_bent_curve() {
        let truth = |score: f64| if score < 0.6 { 0.1 } else { 0.8 };
        let judged = judged(truth);
        let calibration = Calibration::fit(&judged).unwrap();
        assert!(matches!(calibration, Calibration::Isotonic(_)));
        assert!((calibration.probability(0.3) - 0.1).abs() < 0.02);
        assert!((calibration.probability(0.9) - 0.8).abs() < 0.02);
        let said: Vec<_> = judged
            .iter()
            .map(|&(score, right)| (calibration.probability(score), right))
            .collect();
        assert!(Reliability::of(&said).calibration_error < 0.02);
    }

    #[test]
    fn the_map_never_falls() {
        let odd = judged(|score| 0.5 + 0.4 * (score * 20.0).sin());
        let calibration = Calibration::fit(&odd).unwrap();
        let p: Vec<f64> = (0..100)
            .map(|i| calibration.probability(f64::from(i) / 100.0))
            .collect();
        assert!(p.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
        let falling = Calibration::fit(&[(0.1, true), (0.2, true), (0.8, false)]).unwrap();
        assert!(falling.probability(0.9) >= falling.probability(0.1));
    }

    #[test]
    fn one_sided_evidence_is_refused() {
        assert!(Calibration::fit(&[(0.5, true); 50]).is_err());
    }
}
