//! Platt scaling: from a score to a probability by a logistic curve.
//!
//! Platt, "Probabilistic Outputs for Support Vector Machines" (1999), with his smoothed targets.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// `p = 1 / (1 + exp(-(slope × score + offset)))`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// How steep the curve is.
    pub slope: f64,
    /// Where it starts.
    pub offset: f64,
}

/// Newton steps at most.
const STEPS: usize = 100;

impl Platt {
    /// The probability of a score.
    pub fn probability(&self, score: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * score + self.offset)).exp())
    }

    /// Fits the curve to scores and whether each was right.
    ///
    /// # Errors
    /// `INVALID_VALUE` unless there are right and wrong ones and all scores are finite.
    ///
    /// ```
    /// use atlas_core::learning::platt::Platt;
    /// let judged: Vec<(f64, bool)> = (0..100).map(|i| (i as f64 / 100.0, i >= 50)).collect();
    /// let curve = Platt::fit(&judged)?;
    /// assert!(curve.probability(0.9) > 0.9 && curve.probability(0.1) < 0.1);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn fit(judged: &[(f64, bool)]) -> Result<Self> {
        let right = judged.iter().filter(|(_, right)| *right).count() as f64;
        let wrong = judged.len() as f64 - right;
        if right == 0.0 || wrong == 0.0 || judged.iter().any(|(score, _)| !score.is_finite()) {
            let given = format!("{right} right and {wrong} wrong");
            return Err(Error::invalid(
                "judged",
                given,
                "finite scores, some right and some wrong",
            ));
        }
        let (high, low) = ((right + 1.0) / (right + 2.0), 1.0 / (wrong + 2.0));
        let target = |right: bool| if right { high } else { low };
        let mut curve = Platt {
            slope: 0.0,
            offset: ((right + 1.0) / (wrong + 1.0)).ln(),
        };
        for _ in 0..STEPS {
            let (mut gradient, mut hessian) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
            for (score, right) in judged {
                let p = curve.probability(*score);
                let (error, weight) = (p - target(*right), p * (1.0 - p));
                gradient[0] += error * score;
                gradient[1] += error;
                hessian[0] += weight * score * score;
                hessian[1] += weight * score;
                hessian[2] += weight;
            }
            let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
            if determinant.abs() < 1e-12 {
                break;
            }
            let slope = (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
            let offset = (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
            // Long steps would overshoot where the classes are far apart.
            let size = 1.0f64.min(5.0 / slope.abs().max(offset.abs()).max(1e-9));
            curve.slope -= size * slope;
            curve.offset -= size * offset;
            if slope.abs() + offset.abs() < 1e-9 {
                break;
            }
        }
        Ok(curve)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_curve_is_found_again() {
        let truth = Platt {
            slope: 4.0,
            offset: -2.0,
        };
        // Each score as often right as the curve says, in a hundred trials.
        let judged: Vec<(f64, bool)> = (0..50)
            .flat_map(|i| {
                let score = i as f64 / 50.0;
                let right = (truth.probability(score) * 100.0).round() as usize;
                (0..100).map(move |trial| (score, trial < right))
            })
            .collect();
        let found = Platt::fit(&judged).unwrap();
        assert!(
            (found.slope - 4.0).abs() < 0.1 && (found.offset + 2.0).abs() < 0.1,
            "{found:?}"
        );
    }

    #[test]
    fn one_sided_evidence_is_refused() {
        assert_eq!(
            Platt::fit(&[(0.5, true)]).unwrap_err().code(),
            "INVALID_VALUE"
        );
        assert_eq!(
            Platt::fit(&[(f64::NAN, true), (0.0, false)])
                .unwrap_err()
                .code(),
            "INVALID_VALUE"
        );
    }

    #[test]
    fn separated_classes_give_finite_numbers() {
        let judged = [(0.0, false), (0.1, false), (0.9, true), (1.0, true)];
        let curve = Platt::fit(&judged).unwrap();
        assert!(curve.slope.is_finite() && curve.probability(1.0) > 0.7);
    }
}
