//! Ridge regression whose strength the data choose.
//!
//! Hoerl and Kennard, "Ridge Regression" (1970). The strength minimises the generalised
//! cross-validation score (Golub, Heath and Wahba, 1979); predictions for each row without itself
//! come in closed form from the leverages. With fewer rows than columns the dual is solved.

use ndarray::{Array1, Array2, ArrayView1, Axis, s};

/// Strengths that are tried, for columns of deviation 1.
const STRENGTHS: [f64; 8] = [10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 1e5];

/// A fitted ridge.
pub(super) struct Ridge {
    /// One weight per column.
    pub weights: Array1<f64>,
    /// What each row would have been predicted without itself.
    pub left_out: Array1<f64>,
}

/// Fits centred targets to centred columns. `None` where no strength gives finite numbers.
pub(super) fn fit(rows: &Array2<f64>, targets: &Array1<f64>) -> Option<Ridge> {
    let dual = rows.nrows() <= rows.ncols();
    let products = if dual {
        rows.dot(&rows.t())
    } else {
        rows.t().dot(rows)
    };
    let best = STRENGTHS
        .iter()
        .filter_map(|&strength| Solved::new(rows, targets, &products, strength, dual))
        .min_by(|a, b| a.score.total_cmp(&b.score))?;
    Some(best.ridge(rows, targets, dual))
}

/// The solution for one strength.
struct Solved {
    /// Generalised cross-validation: smaller is better.
    score: f64,
    weights: Array1<f64>,
    fitted: Array1<f64>,
    strength: f64,
    /// The inverse of the Cholesky factor.
    inverse: Array2<f64>,
}

impl Solved {
    fn new(
        rows: &Array2<f64>,
        targets: &Array1<f64>,
        products: &Array2<f64>,
        strength: f64,
        dual: bool,
    ) -> Option<Self> {
        let mut system = products.clone();
        system.diag_mut().mapv_inplace(|v| v + strength);
        let inverse = invert_lower(&cholesky(system)?);
        let solve = |b: &Array1<f64>| inverse.t().dot(&inverse.dot(b));
        let weights = if dual {
            rows.t().dot(&solve(targets))
        } else {
            solve(&rows.t().dot(targets))
        };
        let fitted = rows.dot(&weights);
        // The trace of the hat matrix, and one for the mean that was taken off before.
        let trace = inverse.iter().map(|v| v * v).sum::<f64>();
        let freedom = products.nrows() as f64 - strength * trace + 1.0;
        let n = rows.nrows() as f64;
        let left = 1.0 - freedom / n;
        let squares = (targets - &fitted).mapv(|r| r * r).sum();
        let score = squares / (left * left);
        (left > 0.05 && score.is_finite()).then_some(Solved {
            score,
            weights,
            fitted,
            strength,
            inverse,
        })
    }

    fn ridge(self, rows: &Array2<f64>, targets: &Array1<f64>, dual: bool) -> Ridge {
        let leverages: Array1<f64> = if dual {
            let diagonal = self.inverse.mapv(|v| v * v).sum_axis(Axis(0));
            diagonal.mapv(|d| 1.0 - self.strength * d)
        } else {
            rows.dot(&self.inverse.t())
                .mapv(|v| v * v)
                .sum_axis(Axis(1))
        };
        let share = 1.0 / rows.nrows() as f64;
        let left_out = (0..rows.nrows()).map(|i| {
            let kept = (1.0 - leverages[i] - share).max(0.05);
            targets[i] - (targets[i] - self.fitted[i]) / kept
        });
        Ridge {
            left_out: left_out.collect(),
            weights: self.weights,
        }
    }
}

/// The lower factor of a positive definite matrix; `None` if it is none.
fn cholesky(mut a: Array2<f64>) -> Option<Array2<f64>> {
    for i in 0..a.nrows() {
        for j in 0..=i {
            let known = a.slice(s![i, ..j]).dot(&a.slice(s![j, ..j]));
            let rest = a[[i, j]] - known;
            if i > j {
                a[[i, j]] = rest / a[[j, j]];
            } else if rest > 0.0 {
                a[[i, i]] = rest.sqrt();
            } else {
                return None;
            }
        }
        a.slice_mut(s![i, i + 1..]).fill(0.0);
    }
    Some(a)
}

/// The inverse of a lower triangular matrix, row by row.
fn invert_lower(l: &Array2<f64>) -> Array2<f64> {
    let n = l.nrows();
    let mut inverse = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        let (above, mut row) = inverse.view_mut().split_at(Axis(0), i);
        let mut row = row.row_mut(0);
        for (k, factor) in l.row(i).iter().enumerate().take(i) {
            let known: ArrayView1<'_, f64> = above.slice(s![k, ..=k]);
            row.slice_mut(s![..=k]).scaled_add(-factor, &known);
        }
        row[i] = 1.0;
        row.slice_mut(s![..=i]).mapv_inplace(|v| v / l[[i, i]]);
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repeatable number between -1 and 1.
    fn noise(n: usize) -> f64 {
        let mixed = (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed ^ (mixed >> 29)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn centred(mut rows: Array2<f64>, mut targets: Array1<f64>) -> (Array2<f64>, Array1<f64>) {
        let means = rows.mean_axis(Axis(0)).unwrap();
        rows -= &means;
        let mean = targets.mean().unwrap();
        targets -= mean;
        (rows, targets)
    }

    fn data(n: usize, width: usize) -> (Array2<f64>, Array1<f64>) {
        let rows = Array2::from_shape_fn((n, width), |(i, j)| 3.0 * noise(i * width + j));
        let targets = Array1::from_shape_fn(n, |i| {
            2.0 * rows[[i, 0]] - rows[[i, 1]] + 0.1 * noise(7 * i)
        });
        centred(rows, targets)
    }

    #[test]
    fn known_weights_are_found_in_both_forms() {
        for (n, width) in [(200, 5), (60, 80)] {
            let (rows, targets) = data(n, width);
            let ridge = fit(&rows, &targets).unwrap();
            assert!(
                ridge.weights[0] > 0.8 && ridge.weights[1] < -0.3,
                "{n} {width}"
            );
            let error = (&targets - &ridge.left_out).mapv(f64::abs).mean().unwrap();
            assert!(
                error < 0.8 * targets.mapv(f64::abs).mean().unwrap(),
                "{error}"
            );
        }
    }

    #[test]
    fn primal_and_dual_agree_with_leaving_out() {
        let (rows, targets) = data(30, 30);
        let g = rows.t().dot(&rows);
        let k = rows.dot(&rows.t());
        let primal = Solved::new(&rows, &targets, &g, 100.0, false).unwrap();
        let dual = Solved::new(&rows, &targets, &k, 100.0, true).unwrap();
        assert!((primal.score - dual.score).abs() < 1e-8 * dual.score);
        let (a, b) = (
            primal.ridge(&rows, &targets, false),
            dual.ridge(&rows, &targets, true),
        );
        assert!((&a.weights - &b.weights).iter().all(|d| d.abs() < 1e-9));
        assert!((&a.left_out - &b.left_out).iter().all(|d| d.abs() < 1e-9));
        // By hand: fit without row 0, its mean included, and predict it.
        let rest = (
            rows.slice(s![1.., ..]).to_owned(),
            targets.slice(s![1..]).to_owned(),
        );
        let (means, mean) = (rest.0.mean_axis(Axis(0)).unwrap(), rest.1.mean().unwrap());
        let (rest_rows, rest_targets) = centred(rest.0, rest.1);
        let g = rest_rows.t().dot(&rest_rows);
        let without = Solved::new(&rest_rows, &rest_targets, &g, 100.0, false).unwrap();
        let predicted = (&rows.row(0) - &means).dot(&without.weights) + mean;
        assert!((predicted - a.left_out[0]).abs() < 1e-9);
    }

    #[test]
    fn noise_gets_small_weights_and_nonsense_none() {
        let rows = Array2::from_shape_fn((100, 3), |(i, j)| noise(i * 3 + j));
        let targets = Array1::from_shape_fn(100, |i| noise(1000 + i * i));
        let (rows, targets) = centred(rows, targets);
        assert!(
            fit(&rows, &targets)
                .unwrap()
                .weights
                .iter()
                .all(|w| w.abs() < 0.2)
        );
        assert!(fit(&Array2::from_elem((3, 1), f64::NAN), &Array1::zeros(3)).is_none());
    }
}
