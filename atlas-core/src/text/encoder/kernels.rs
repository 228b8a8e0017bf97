//! The graph's elementwise parts, as plain loops that the compiler turns into vector instructions.
//!
//! `pulp` picks the widest instructions that the processor has. Sums go through [`LANES`] partial
//! sums in a fixed order, so that a result depends on its row alone.

const LANES: usize = 16;

/// Scale and shift of a layer normalisation.
#[derive(Debug)]
pub(super) struct Norm {
    pub gain: Vec<f32>,
    pub bias: Vec<f32>,
    pub epsilon: f32,
}

/// Adds `bias` to every row of `x`.
pub(super) fn add_bias(x: &mut [f32], bias: &[f32]) {
    each_row(
        x,
        bias.len(),
        #[inline(always)]
        |_, row| add(row, bias),
    );
}

/// `x = gelu(x + bias)` in every row, with the error function, not its tanh approximation.
pub(super) fn bias_gelu(x: &mut [f32], bias: &[f32]) {
    each_row(
        x,
        bias.len(),
        #[inline(always)]
        |_, row| {
            for (x, b) in row.iter_mut().zip(bias) {
                *x = gelu(*x + b);
            }
        },
    );
}

/// `x = norm(x + added + bias)` in every row.
pub(super) fn add_norm(x: &mut [f32], added: &[f32], bias: &[f32], norm: &Norm) {
    let width = bias.len();
    each_row(
        x,
        width,
        #[inline(always)]
        |index, row| {
            add(row, &added[index * width..]);
            add(row, bias);
            normalise(row, norm);
        },
    );
}

/// Layer normalisation of every row.
pub(super) fn norm_rows(x: &mut [f32], norm: &Norm) {
    each_row(
        x,
        norm.gain.len(),
        #[inline(always)]
        |_, row| normalise(row, norm),
    );
}

/// Softmax of every row of `width` numbers.
pub(super) fn softmax_rows(x: &mut [f32], width: usize) {
    each_row(
        x,
        width,
        #[inline(always)]
        |_, row| softmax(row),
    );
}

/// Scales `x` to length 1; a row of zeros stays.
pub(super) fn normalise_length(x: &mut [f32]) {
    let length = reduce(x, 0.0, |x| x * x, |a, b| a + b).sqrt();
    if length > 0.0 {
        for x in x.iter_mut() {
            *x /= length;
        }
    }
}

/// Calls `change` with each row's index and numbers, compiled for the processor at hand.
fn each_row(x: &mut [f32], width: usize, change: impl Fn(usize, &mut [f32])) {
    pulp::Arch::new().dispatch(EachRow { x, width, change });
}

/// A loop for `pulp` to compile once for each set of instructions. All that it calls is inlined,
/// which is how the instructions reach it.
struct EachRow<'a, F> {
    x: &'a mut [f32],
    width: usize,
    change: F,
}

impl<F: Fn(usize, &mut [f32])> pulp::WithSimd for EachRow<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for (index, row) in self.x.chunks_exact_mut(self.width).enumerate() {
            (self.change)(index, row);
        }
    }
}

#[inline(always)]
fn softmax(row: &mut [f32]) {
    let top = reduce(row, f32::MIN, |x| x, |a, b| if a > b { a } else { b });
    for x in row.iter_mut() {
        *x = exp(*x - top);
    }
    let share = 1.0 / reduce(row, 0.0, |x| x, |a, b| a + b);
    for x in row.iter_mut() {
        *x *= share;
    }
}

#[inline(always)]
fn add(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

#[inline(always)]
fn normalise(row: &mut [f32], norm: &Norm) {
    let count = row.len() as f32;
    let mean = reduce(row, 0.0, |x| x, |a, b| a + b) / count;
    let variance = reduce(row, 0.0, |x| (x - mean) * (x - mean), |a, b| a + b) / count;
    let scale = 1.0 / (variance + norm.epsilon).sqrt();
    for ((x, gain), bias) in row.iter_mut().zip(&norm.gain).zip(&norm.bias) {
        *x = (*x - mean) * scale * gain + bias;
    }
}

#[inline(always)]
fn reduce(
    row: &[f32],
    start: f32,
    map: impl Fn(f32) -> f32,
    join: impl Fn(f32, f32) -> f32,
) -> f32 {
    let mut lanes = [start; LANES];
    let (blocks, tail) = row.as_chunks::<LANES>();
    for block in blocks {
        for (lane, x) in lanes.iter_mut().zip(block) {
            *lane = join(*lane, map(*x));
        }
    }
    for (lane, x) in lanes.iter_mut().zip(tail) {
        *lane = join(*lane, map(*x));
    }
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] = join(lanes[i], lanes[i + half]);
        }
        half /= 2;
    }
    lanes[0]
}

#[inline(always)]
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function as a rational of degree 13 over 8 on [-4, 4] (the coefficients are those of
/// Eigen and XLA), within 4e-7 everywhere.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = clamp(x, -4.0, 4.0);
    let s = x * x;
    let p = -2.726_142_3e-10_f32;
    let p = p * s + 2.770_681_4e-8;
    let p = p * s - 2.101_024e-6;
    let p = p * s - 5.692_506_4e-5;
    let p = p * s - 7.349_906_3e-4;
    let p = p * s - 2.954_6e-3;
    let p = p * s - 1.609_603_3e-2;
    let q = -1.456_607_2e-5_f32;
    let q = q * s - 2.133_740_5e-4;
    let q = q * s - 1.682_827e-3;
    let q = q * s - 7.373_329e-3;
    let q = q * s - 1.426_473_9e-2;
    x * p / q
}

/// e^x within a relative 2e-7 on [-87, 88], clamped outside: powers of two by bits, the rest by
/// Cephes' polynomial.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding 1.5 · 2^23 rounds to a whole number, which then stands in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = clamp(x, -87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4_f32;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    let power = shifted
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127)
        << 23;
    p * f32::from_bits(power)
}

/// Comparisons in the form that becomes one instruction (`f32::clamp` keeps NaN apart).
#[inline(always)]
fn clamp(x: f32, low: f32, high: f32) -> f32 {
    let x = if x > low { x } else { low };
    if x < high { x } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// erf by its Maclaurin series or, where that cancels, 1 - erfc by a continued fraction.
    fn exact_erf(x: f64) -> f64 {
        if x.abs() < 2.5 {
            let (mut term, mut sum) = (x, x);
            for n in 1..80 {
                term *= -x * x / n as f64;
                sum += term / (2 * n + 1) as f64;
            }
            return sum * 2.0 / std::f64::consts::PI.sqrt();
        }
        let z = x.abs();
        let fraction = (1..200).rev().fold(z, |f, k| z + k as f64 / 2.0 / f);
        x.signum() * (1.0 - (-z * z).exp() / std::f64::consts::PI.sqrt() / fraction)
    }

    #[test]
    fn erf_and_exp_are_accurate() {
        for i in -60_000..=60_000 {
            let x = i as f32 / 10_000.0;
            let error = (f64::from(erf(x)) - exact_erf(f64::from(x))).abs();
            assert!(error < 4e-7, "erf({x}) is off by {error}");
        }
        for i in -8_700..=8_800 {
            let x = i as f32 / 100.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) - exact).abs() / exact;
            assert!(error < 2e-7, "exp({x}) is off by {error}");
        }
        assert!(exp(-1e9) < 1e-37);
    }

    #[test]
    fn softmax_shares_sum_to_one() {
        let mut x: Vec<f32> = (0..37).map(|i| (i * 7 % 11) as f32).collect();
        softmax_rows(&mut x, 37);
        assert!((x.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((x[3] / x[0] - (10.0_f32).exp()).abs() < 0.05);
    }

    #[test]
    fn normalised_rows_have_mean_zero_and_variance_one() {
        let norm = Norm {
            gain: vec![1.0; 24],
            bias: vec![0.0; 24],
            epsilon: 1e-12,
        };
        let mut x: Vec<f32> = (0..48).map(|i| (i * i % 19) as f32).collect();
        norm_rows(&mut x, &norm);
        for row in x.chunks_exact(24) {
            assert!(row.iter().sum::<f32>().abs() < 1e-4);
            assert!((row.iter().map(|x| x * x).sum::<f32>() / 24.0 - 1.0).abs() < 1e-4);
        }
    }
}
