//! A linear listwise ranker: softmax over the candidates of each question.
//!
//! Maximises the likelihood that a right candidate is drawn from the softmax of the linear scores
//! (ListNet with a top-one target: Cao et al., "Learning to Rank: From Pairwise Approach to
//! Listwise Approach", 2007), with a ridge penalty on the weights of standardised signals. The
//! problem is convex and small, so Newton's method solves it in a few steps; equal input gives
//! equal weights.

use ndarray::{Array1, Array2, ArrayView1, Axis};
use rayon::prelude::*;

use crate::{Error, Result};

/// One question: a row of signals per candidate, and which candidates are right.
#[derive(Debug, Clone)]
pub struct Group {
    /// Candidates × signals.
    pub signals: Array2<f64>,
    /// Rows that are right; at least one.
    pub right: Vec<usize>,
}

/// The weights that [`fit`] found, for signals as they are (not standardised).
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRanker {
    /// One weight per signal.
    pub weights: Array1<f64>,
}

impl LinearRanker {
    /// The score of one candidate; only differences between candidates mean something.
    pub fn score(&self, signals: ArrayView1<'_, f64>) -> f64 {
        signals.dot(&self.weights)
    }
}

/// The mean negative log-likelihood of the right candidates: what [`fit`] makes small.
pub fn loss(groups: &[Group], weights: &Array1<f64>) -> f64 {
    objective(groups, weights, 0.0).0
}

/// Newton steps at most; it converges in about ten.
const STEPS: usize = 50;
/// Questions whose derivatives are summed by one thread at a time.
const CHUNK: usize = 16;

/// Fits a ranker.
///
/// `ridge` is the penalty per question on the squared weights of standardised signals; 0.001 to
/// 0.1 is usual.
///
/// # Errors
/// `INVALID_VALUE` when there is nothing to learn from or the signals do not fit together.
///
/// ```
/// use atlas_core::learning::listwise::{Group, fit};
/// use ndarray::array;
/// let group = Group { signals: array![[0.9, 0.1], [0.2, 0.3], [0.1, 0.2]], right: vec![0] };
/// let ranker = fit(&[group.clone()], 0.01)?;
/// assert!(ranker.score(group.signals.row(0)) > ranker.score(group.signals.row(1)));
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn fit(groups: &[Group], ridge: f64) -> Result<LinearRanker> {
    let width = check(groups)?;
    let (groups, deviation) = standardise(groups, width);
    let mut weights = Array1::<f64>::zeros(width);
    let mut loss = objective(&groups, &weights, ridge).0;
    for _ in 0..STEPS {
        let (_, gradient, hessian) = derivatives(&groups, &weights, ridge);
        let Some(step) = solve(hessian, &gradient) else {
            break;
        };
        // Halving keeps far starts from overshooting; near the optimum the full step is taken.
        let mut size = 1.0;
        let (next, next_loss) = loop {
            let next = &weights - &(&step * size);
            let next_loss = objective(&groups, &next, ridge).0;
            if next_loss <= loss || size < 1e-6 {
                break (next, next_loss);
            }
            size *= 0.5;
        };
        let gain = loss - next_loss;
        weights = next;
        loss = next_loss;
        if gain < 1e-10 {
            break;
        }
    }
    Ok(LinearRanker {
        weights: weights / deviation,
    })
}

fn check(groups: &[Group]) -> Result<usize> {
    let invalid = |value: String, expected: &str| Err(Error::invalid("groups", value, expected));
    let Some(width) = groups.first().map(|g| g.signals.ncols()) else {
        return invalid(
            "0 groups".into(),
            "at least one question with a right candidate",
        );
    };
    for group in groups {
        if group.signals.ncols() != width {
            return invalid(
                format!("{} signals", group.signals.ncols()),
                "the same signals everywhere",
            );
        }
        if group.right.is_empty() || group.right.iter().any(|&r| r >= group.signals.nrows()) {
            return invalid(
                format!("right rows {:?}", group.right),
                "rows of the question",
            );
        }
        if group.signals.iter().any(|v| !v.is_finite()) {
            return invalid("NaN or infinity".into(), "finite signals");
        }
    }
    Ok(width)
}

/// Centres each question's signals (a softmax sees only differences) and scales all by their
/// common deviation.
fn standardise(groups: &[Group], width: usize) -> (Vec<Group>, Array1<f64>) {
    let mut groups = groups.to_vec();
    let mut squares = Array1::<f64>::zeros(width);
    let mut rows = 0.0;
    for group in &mut groups {
        if let Some(mean) = group.signals.mean_axis(Axis(0)) {
            group.signals -= &mean;
        }
        squares += &group.signals.mapv(|v| v * v).sum_axis(Axis(0));
        rows += group.signals.nrows() as f64;
    }
    let deviation = squares.mapv(|s| (s / rows).sqrt().max(1e-9));
    for group in &mut groups {
        group.signals /= &deviation;
    }
    (groups, deviation)
}

/// Mean negative log-likelihood with penalty, and each question's probabilities.
fn objective(groups: &[Group], weights: &Array1<f64>, ridge: f64) -> (f64, Vec<Array1<f64>>) {
    let each = groups.par_iter().map(|group| {
        let mut p = group.signals.dot(weights);
        let top = p.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        p.mapv_inplace(|v| (v - top).exp());
        p /= p.sum();
        let share: f64 = group.right.iter().map(|&r| p[r].max(1e-300).ln()).sum();
        (share / group.right.len() as f64, p)
    });
    let (shares, probabilities): (Vec<f64>, Vec<Array1<f64>>) = each.unzip();
    // Summed in order, so that equal input gives equal weights whatever the threads do.
    let likelihood: f64 = shares.iter().sum();
    let penalty = 0.5 * ridge * weights.dot(weights);
    (penalty - likelihood / groups.len() as f64, probabilities)
}

fn derivatives(
    groups: &[Group],
    weights: &Array1<f64>,
    ridge: f64,
) -> (f64, Array1<f64>, Array2<f64>) {
    let width = weights.len();
    let (loss, probabilities) = objective(groups, weights, ridge);
    let share = 1.0 / groups.len() as f64;
    let pairs: Vec<(&Group, &Array1<f64>)> = groups.iter().zip(&probabilities).collect();
    let sums: Vec<(Array1<f64>, Array2<f64>)> = pairs
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut gradient = Array1::<f64>::zeros(width);
            let mut hessian = Array2::<f64>::zeros((width, width));
            for (group, p) in chunk {
                let mean = group.signals.t().dot(*p);
                gradient.scaled_add(share, &mean);
                for &right in &group.right {
                    let part = -share / group.right.len() as f64;
                    gradient.scaled_add(part, &group.signals.row(right));
                }
                let weighted = &group.signals * &p.view().insert_axis(Axis(1));
                hessian.scaled_add(share, &group.signals.t().dot(&weighted));
                let column = mean.view().insert_axis(Axis(1));
                hessian.scaled_add(-share, &column.dot(&mean.view().insert_axis(Axis(0))));
            }
            (gradient, hessian)
        })
        .collect();
    let mut gradient = weights * ridge;
    let mut hessian = Array2::<f64>::eye(width) * ridge;
    for (g, h) in &sums {
        gradient += g;
        hessian += h;
    }
    (loss, gradient, hessian)
}

/// Solves a small symmetric system by Gaussian elimination with pivoting; `None` if singular.
fn solve(mut a: Array2<f64>, b: &Array1<f64>) -> Option<Array1<f64>> {
    let n = b.len();
    let mut x = b.clone();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|&i, &j| a[[i, column]].abs().total_cmp(&a[[j, column]].abs()))?;
        if a[[pivot, column]].abs() < 1e-12 {
            return None;
        }
        if pivot != column {
            for k in 0..n {
                a.swap([pivot, k], [column, k]);
            }
            x.swap(pivot, column);
        }
        for row in column + 1..n {
            let factor = a[[row, column]] / a[[column, column]];
            for k in column..n {
                a[[row, k]] -= factor * a[[column, k]];
            }
            x[row] -= factor * x[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| a[[row, k]] * x[k]).sum();
        x[row] = (x[row] - known) / a[[row, row]];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_system_of_equations_is_solved() {
        let x = solve(array![[0.0, 2.0], [4.0, 1.0]], &array![6.0, 7.0]).unwrap();
        assert!((x[0] - 1.0).abs() < 1e-12 && (x[1] - 3.0).abs() < 1e-12);
        assert!(solve(array![[1.0, 2.0], [2.0, 4.0]], &array![1.0, 2.0]).is_none());
    }

    #[test]
    fn the_signal_that_decides_gets_the_weight() {
        // Signal 0 marks the right candidate, signal 1 is noise, signal 2 says the opposite.
        let groups: Vec<Group> = (0..40)
            .map(|i| {
                let noise = |k: usize| ((i * 31 + k * 17) % 23) as f64 / 23.0;
                let mut signals = Array2::zeros((10, 3));
                for k in 0..10 {
                    let right = k == i % 10;
                    signals[[k, 0]] = noise(k) * 0.5 + if right { 0.4 } else { 0.0 };
                    signals[[k, 1]] = noise(k + 5);
                    signals[[k, 2]] = noise(k + 9) * 0.5 - if right { 0.4 } else { 0.0 };
                }
                Group {
                    signals,
                    right: vec![i % 10],
                }
            })
            .collect();
        let ranker = fit(&groups, 0.01).unwrap();
        assert!(ranker.weights[0] > 1.0 && ranker.weights[2] < -1.0);
        let right = groups.iter().filter(|g| {
            let scores: Vec<f64> = g
                .signals
                .rows()
                .into_iter()
                .map(|r| ranker.score(r))
                .collect();
            (0..10).all(|k| scores[k] <= scores[g.right[0]])
        });
        assert!(right.count() >= 38);
        assert_eq!(ranker, fit(&groups, 0.01).unwrap());
    }

    #[test]
    fn nothing_to_learn_from_is_said() {
        assert_eq!(fit(&[], 0.1).unwrap_err().code(), "INVALID_VALUE");
        let group = Group {
            signals: array![[f64::NAN]],
            right: vec![0],
        };
        assert_eq!(fit(&[group], 0.1).unwrap_err().code(), "INVALID_VALUE");
    }

    #[test]
    fn a_constant_signal_does_no_harm() {
        let group = Group {
            signals: array![[1.0, 5.0], [0.0, 5.0]],
            right: vec![0],
        };
        let ranker = fit(&[group], 0.1).unwrap();
        assert!(ranker.weights.iter().all(|w| w.is_finite()) && ranker.weights[0] > 0.0);
    }
}
