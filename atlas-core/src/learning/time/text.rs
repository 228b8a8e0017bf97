//! How long something takes, judged by its text.

use ndarray::{Array1, Array2, ArrayViewMut1};

use super::ridge;
use super::spread::{Sorted, Spread};
use crate::{Error, Result};

/// Fewer known values say nothing about texts: the median is the estimate.
pub const FEWEST_KNOWN: usize = 20;
/// How much of what the text says is believed; the rest is the median. Chosen, as the vectors and
/// the columns were, on splits of the training rows of 16 projects with story points
/// (`evaluate --storypoints`): later tickets differ from earlier ones.
const BELIEVED: f64 = 0.7;
/// What a count weighs against one dimension of a vector.
const COUNT_WEIGHT: f64 = 3.0;
/// Values further from the median than so many deviations are drawn in to there before the fit.
const FURTHEST: f64 = 4.0;
/// The least deviation, as a logarithm, that is assumed for that.
const LEAST_DEVIATION: f64 = 0.5;

/// What of a text the estimate rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextFacts {
    /// How many steps it lists.
    pub steps: usize,
    /// How many words it has.
    pub words: usize,
    /// The encoder's vectors of it, one after the other; of one length everywhere, or empty.
    pub vector: Vec<f32>,
}

/// Estimates a positive quantity (minutes, story points) from texts with known values.
///
/// Ridge regression of the value's logarithm on ln(1 + steps), ln(1 + words) and the vectors. Where
/// that predicts the known values no better than their median (each without itself), the median
/// is the estimate. Estimates stay within the range of the known values.
#[derive(Debug, Clone)]
pub struct TextEstimator {
    median: f64,
    range: (f64, f64),
    line: Option<TextLinear>,
    left_out: Vec<f64>,
    spread: Spread,
}

/// A linear function of a text's columns.
#[derive(Debug, Clone)]
struct TextLinear {
    columns: TextColumns,
    weights: Array1<f64>,
    mean: f64,
}

impl TextEstimator {
    /// Learns from texts with their values; values that are not above 0 count as 1e-6.
    ///
    /// # Errors
    /// `INVALID_VALUE` without any, for one that is no number, or when vectors differ in length.
    ///
    /// ```
    /// use atlas_core::learning::time::{TextEstimator, TextFacts};
    /// let facts = |steps| TextFacts { steps, words: 10 * steps, ..TextFacts::default() };
    /// let known: Vec<(TextFacts, f64)> = (1..40).map(|n| (facts(n), 3.0 * n as f64)).collect();
    /// let texts = TextEstimator::fit(&known)?;
    /// assert!(texts.estimate(&facts(30)) > 2.0 * texts.estimate(&facts(5)));
    /// let (low, high) = texts.interval(&facts(30));
    /// assert!(low < 90.0 && 90.0 < high);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn fit(known: &[(TextFacts, f64)]) -> Result<Self> {
        let logs = check(known)?;
        let sorted = Sorted::new(logs.to_vec());
        let median = sorted.median().unwrap_or_default();
        let range = logs.iter().fold((median, median), |(low, high), &v| {
            (low.min(v), high.max(v))
        });
        let mut texts = TextEstimator {
            median,
            range,
            line: None,
            left_out: sorted_without(&sorted, &logs),
            spread: Spread::times(1.0),
        };
        if known.len() >= FEWEST_KNOWN {
            texts.read(known, &logs);
        }
        let residuals = logs.iter().zip(&texts.left_out);
        let residuals = residuals.map(|(log, left_out)| (log - left_out, 1.0));
        texts.spread = Spread::of(residuals.collect(), super::TEXT_SPREAD);
        Ok(texts)
    }

    /// The value that a text's stands for.
    pub fn estimate(&self, facts: &TextFacts) -> f64 {
        self.log(facts).exp()
    }

    /// The 80 % interval around [`estimate`](Self::estimate), from the errors on the known texts,
    /// each estimated without itself.
    pub fn interval(&self, facts: &TextFacts) -> (f64, f64) {
        let log = self.log(facts);
        (
            (log + self.spread.low).exp(),
            (log + self.spread.high).exp(),
        )
    }

    /// What each known text would have been estimated without its own value, in their order.
    pub fn left_out(&self) -> impl Iterator<Item = f64> + '_ {
        self.left_out.iter().map(|log| log.exp())
    }

    /// Whether texts are used at all; the median is the estimate for every text if not.
    pub fn reads(&self) -> bool {
        self.line.is_some()
    }

    fn log(&self, facts: &TextFacts) -> f64 {
        match &self.line {
            None => self.median,
            Some(line) => {
                let mut row = Array1::zeros(line.weights.len());
                line.columns.fill(facts, row.view_mut());
                self.believed(line.mean + row.dot(&line.weights))
            }
        }
    }

    fn believed(&self, log: f64) -> f64 {
        (self.median + BELIEVED * (log - self.median)).clamp(self.range.0, self.range.1)
    }

    /// Fits the line and keeps it if it is of use.
    fn read(&mut self, known: &[(TextFacts, f64)], logs: &Array1<f64>) {
        let columns = TextColumns::of(known);
        let mut rows = Array2::zeros((known.len(), columns.len()));
        for ((facts, _), row) in known.iter().zip(rows.rows_mut()) {
            columns.fill(facts, row);
        }
        let drawn_in = self.drawn_in(logs);
        let mean = drawn_in.mean().unwrap_or(self.median);
        let Some(ridge) = ridge::fit(&rows, &(drawn_in - mean)) else {
            return;
        };
        let left_out: Vec<f64> = ridge
            .left_out
            .iter()
            .map(|log| self.believed(mean + log))
            .collect();
        let error = |estimates: &[f64]| -> f64 {
            let pairs = logs.iter().zip(estimates);
            pairs.map(|(log, estimate)| (log - estimate).abs()).sum()
        };
        if error(&left_out) < error(&self.left_out) {
            self.left_out = left_out;
            self.line = Some(TextLinear {
                columns,
                weights: ridge.weights,
                mean,
            });
        }
    }

    /// Outliers moved nearer, so that squares do not follow them.
    fn drawn_in(&self, logs: &Array1<f64>) -> Array1<f64> {
        let distances = logs.iter().map(|log| (log - self.median).abs()).collect();
        let deviation = 1.4826 * Sorted::new(distances).median().unwrap_or_default();
        let furthest = FURTHEST * deviation.max(LEAST_DEVIATION);
        logs.mapv(|log| log.clamp(self.median - furthest, self.median + furthest))
    }
}

fn sorted_without(sorted: &Sorted, logs: &Array1<f64>) -> Vec<f64> {
    let without = |log: &f64| sorted.median_without(*log).unwrap_or(*log);
    logs.iter().map(without).collect()
}

fn check(known: &[(TextFacts, f64)]) -> Result<Array1<f64>> {
    let width = known.first().map_or(0, |(facts, _)| facts.vector.len());
    let bad = |value: String| Error::invalid("known", value, "texts with values, vectors alike");
    if known.is_empty() {
        return Err(bad("0 texts".to_owned()));
    }
    for (facts, value) in known {
        if !value.is_finite() || facts.vector.iter().any(|v| !v.is_finite()) {
            return Err(bad(format!("{value}, or a vector that is no number")));
        }
        if facts.vector.len() != width {
            return Err(bad(format!(
                "{} and {width} dimensions",
                facts.vector.len()
            )));
        }
    }
    Ok(known
        .iter()
        .map(|(_, value)| value.max(1e-6).ln())
        .collect())
}

/// How facts become numbers around 0: counts of deviation [`COUNT_WEIGHT`], then the vector, all
/// its dimensions by one scale.
#[derive(Debug, Clone)]
struct TextColumns {
    counts: [(f64, f64); 2],
    vector: Vec<f64>,
    scale: f64,
}

impl TextColumns {
    fn of(known: &[(TextFacts, f64)]) -> Self {
        let n = known.len() as f64;
        let count = |which: usize| {
            let mean = known.iter().map(|(f, _)| logs(f)[which]).sum::<f64>() / n;
            let squares = known.iter().map(|(f, _)| (logs(f)[which] - mean).powi(2));
            (
                mean,
                COUNT_WEIGHT / (squares.sum::<f64>() / n).sqrt().max(1e-9),
            )
        };
        let width = known.first().map_or(0, |(facts, _)| facts.vector.len());
        let mut vector = vec![0.0; width];
        for (facts, _) in known {
            for (mean, v) in vector.iter_mut().zip(&facts.vector) {
                *mean += f64::from(*v) / n;
            }
        }
        let squares = known.iter().flat_map(|(facts, _)| {
            let pairs = facts.vector.iter().zip(&vector);
            pairs.map(|(v, mean)| (f64::from(*v) - mean).powi(2))
        });
        let variance = squares.sum::<f64>() / n / width.max(1) as f64;
        TextColumns {
            counts: [count(0), count(1)],
            vector,
            scale: 1.0 / variance.sqrt().max(1e-9),
        }
    }

    fn len(&self) -> usize {
        self.counts.len() + self.vector.len()
    }

    /// Dimensions that the text lacks count as average.
    fn fill(&self, facts: &TextFacts, mut row: ArrayViewMut1<'_, f64>) {
        for (place, ((mean, scale), log)) in self.counts.iter().zip(logs(facts)).enumerate() {
            row[place] = (log - mean) * scale;
        }
        for (place, (mean, v)) in self.vector.iter().zip(&facts.vector).enumerate() {
            row[self.counts.len() + place] = (f64::from(*v) - mean) * self.scale;
        }
    }
}

fn logs(facts: &TextFacts) -> [f64; 2] {
    [facts.steps, facts.words].map(|count| (count as f64).ln_1p())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repeatable number between -1 and 1.
    fn noise(n: usize) -> f64 {
        let mixed = (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed ^ (mixed >> 29)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn facts(n: usize) -> TextFacts {
        TextFacts {
            steps: n % 13,
            words: 20 + (n * 37) % 200,
            vector: (0..8).map(|d| noise(n * 8 + d) as f32).collect(),
        }
    }

    #[test]
    fn vectors_and_steps_are_read() {
        let value = |n: usize| {
            let facts = facts(n);
            (3.0 + f64::from(facts.vector[2]) + 0.05 * facts.steps as f64).exp()
        };
        let known: Vec<_> = (0..150).map(|n| (facts(n), value(n))).collect();
        let texts = TextEstimator::fit(&known).unwrap();
        assert!(texts.reads());
        let error = |n: usize| (texts.estimate(&facts(n)) / value(n)).ln().abs();
        let mean = (200..300).map(error).sum::<f64>() / 100.0;
        assert!(mean < 0.25, "{mean}");
        let inside = (200..300).filter(|&n| {
            let (low, high) = texts.interval(&facts(n));
            low <= value(n) && value(n) <= high
        });
        assert!((70..=92).contains(&inside.count()));
    }

    #[test]
    fn text_that_says_nothing_leaves_the_median() {
        let known: Vec<_> = (0..200)
            .map(|n| (facts(n), (3.0 + noise(n * n + 5000)).exp()))
            .collect();
        let texts = TextEstimator::fit(&known).unwrap();
        let mut values: Vec<f64> = known.iter().map(|k| k.1).collect();
        values.sort_by(f64::total_cmp);
        let middle = (values[99] * values[100]).sqrt();
        for n in 300..320 {
            let estimate = texts.estimate(&facts(n));
            assert!((estimate / middle).ln().abs() < 0.3, "{estimate} {middle}");
        }
        let few = TextEstimator::fit(&known[..19]).unwrap();
        assert!(!few.reads() && few.estimate(&facts(1)) == few.estimate(&facts(2)));
    }

    #[test]
    fn outliers_and_far_texts_do_no_harm() {
        let value = |n: usize| if n == 7 { 1e9 } else { 10.0 + (n % 13) as f64 };
        let known: Vec<_> = (0..100).map(|n| (facts(n), value(n))).collect();
        let texts = TextEstimator::fit(&known).unwrap();
        for n in 100..130 {
            let estimate = texts.estimate(&facts(n));
            assert!((10.0..25.0).contains(&estimate), "{estimate}");
        }
        let long = TextFacts {
            steps: 100_000,
            words: 10_000_000,
            vector: Vec::new(),
        };
        assert!(texts.estimate(&long) <= 1.1e9);
    }

    #[test]
    fn odd_input_is_told() {
        let refused = |known: &[(TextFacts, f64)]| TextEstimator::fit(known).unwrap_err().code();
        assert_eq!(refused(&[]), "INVALID_VALUE");
        assert_eq!(refused(&[(facts(1), f64::NAN)]), "INVALID_VALUE");
        let plain = TextFacts::default();
        assert_eq!(
            refused(&[(facts(1), 1.0), (plain.clone(), 1.0)]),
            "INVALID_VALUE"
        );
        let same = vec![(plain.clone(), 0.0); 30];
        let texts = TextEstimator::fit(&same).unwrap();
        assert!(texts.estimate(&plain).is_finite());
    }
}
