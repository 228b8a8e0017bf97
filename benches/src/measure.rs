//! Measures of a ranked list.

use std::collections::BTreeSet;

/// Means over questions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measures {
    /// How many questions.
    pub questions: usize,
    /// Share of questions with a right answer first.
    pub hit_1: f64,
    /// Share with one among the first ten.
    pub hit_10: f64,
    /// Mean of one over the first right answer's rank, 0 beyond ten.
    pub mrr: f64,
}

impl Measures {
    /// The same where each question has one right answer.
    pub fn of_one_right(answers: Vec<(Vec<usize>, usize)>) -> Self {
        let (ranked, right): (Vec<_>, Vec<_>) = answers
            .into_iter()
            .map(|(ranked, right)| (ranked, BTreeSet::from([right])))
            .unzip();
        Measures::of(ranked.into_iter().zip(&right))
    }

    /// Measures ranked answers against the right ones, question by question.
    pub fn of<'a>(answers: impl IntoIterator<Item = (Vec<usize>, &'a BTreeSet<usize>)>) -> Self {
        let mut sum = Measures::default();
        for (ranked, right) in answers {
            sum.questions += 1;
            if let Some(rank) = ranked
                .iter()
                .take(10)
                .position(|answer| right.contains(answer))
            {
                sum.hit_1 += if rank == 0 { 1.0 } else { 0.0 };
                sum.hit_10 += 1.0;
                sum.mrr += 1.0 / (rank + 1) as f64;
            }
        }
        let n = sum.questions.max(1) as f64;
        Measures {
            questions: sum.questions,
            hit_1: sum.hit_1 / n,
            hit_10: sum.hit_10 / n,
            mrr: sum.mrr / n,
        }
    }
}

impl std::fmt::Display for Measures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let no_zero = |v: f64| format!("{v:.3}").trim_start_matches('0').to_owned();
        write!(
            f,
            "hit@1 {:>4}  hit@10 {:>4}  MRR {:>4}  (n = {})",
            no_zero(self.hit_1),
            no_zero(self.hit_10),
            no_zero(self.mrr),
            self.questions
        )
    }
}
