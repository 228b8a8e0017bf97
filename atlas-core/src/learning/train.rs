//! Training: fit a ranker, calibrate it on what it has not seen, and let the better one speak.
//!
//! # One retraining, step by step
//!
//! 1. `replay` goes through the judged tickets (at most the newest 2,000) in order of time. Each is
//!    asked about with an index whose history ends before it (`History::before`), and with
//!    components guessed from earlier tickets, so its signals are what they were then. The result
//!    is an `Example`: a table of patterns × signals (`features`), the weighted sum's list, and
//!    what was right and wrong.
//! 2. `listwise::fit` finds the weights of the signals: a softmax over the pool, a ridge penalty,
//!    Newton's method. The problem is convex, so equal pasts give equal weights.
//! 3. The later 60 % of the past is predicted in four blocks, each by a ranker that has seen only
//!    what was before. On these lists a map from scores to probabilities is fitted: a logistic
//!    curve, or from 200 right and 200 wrong scenarios on an isotonic one. With fewer than 30
//!    judged scenarios there is no map, and the result says how many are missing. An imported past
//!    lists all that was tested, so there the ten best count as judged; otherwise only what the
//!    tester answered does.
//! 4. The same lists decide who answers. The learned blend does if its mean reciprocal rank is
//!    higher by more than chance explains (1.28 standard errors), or is not lower while its Brier
//!    score is lower. Otherwise the weighted sum does. The weighted sum has a map of its own, which
//!    scales its parts too.
//! 5. If there are 20 tickets that the serving version has not seen, it is compared on the later
//!    half of them with a ranker trained on everything before that half. If it does better it
//!    stays, and the new version is stored as `refused`.
//! 6. One transaction stores the version with its log in `atlas_models` and lets it serve. If an
//!    observation was taken back meanwhile, the training starts again, five times at most. Until
//!    then, and after a kill, the old version answers.
//!
//! A learned score has a part for each signal: the way from the probability of the ticket's average
//! candidate to its own, shared out in proportion to what each signal adds to the score (integrated
//! gradients of a function of a sum). If a plugin that the ranker listens to has not voted, or the
//! encoder is another one, the weighted sum answers.

use ndarray::Array1;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::example::{Contest, Example, JudgedScore, Scored};
use super::features::Features;
use super::listwise::{self, Group};
use super::model::{Model, RankedBy, Setting};
use crate::Result;

/// So many judged scenarios a calibration needs.
pub const JUDGED_NEEDED: usize = 30;
/// So many tickets with a right scenario a ranker needs.
const TICKETS_NEEDED: usize = 20;
/// The part of the past that is only learned from; the rest is also predicted.
const LEARNED_FIRST: f64 = 0.4;
/// The rest is predicted in so many blocks, each by a ranker that knows all before it.
const BLOCKS: usize = 4;
/// The penalty per ticket, and at the same time a prior worth so many tickets.
const RIDGE: f64 = 0.01;
/// See [`RIDGE`].
const PRIOR_TICKETS: f64 = 3.0;
/// Standard errors of a gain that chance reaches once in ten times.
const HARDLY_CHANCE: f64 = 1.28;
/// So many new tickets it takes to compare a new model with the serving one on them.
const NEW_TICKETS: usize = 20;

/// What a training run did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TrainingLog {
    /// Judged tickets.
    pub tickets: usize,
    /// Their observations.
    pub observations: usize,
    /// Judged scenarios that the calibration rests on.
    pub judged: usize,
    /// Mean negative log-likelihood of the right scenarios before training (all scenarios alike).
    pub loss_before: Option<f64>,
    /// The same after it.
    pub loss_after: Option<f64>,
    /// How the weighted sum did on the later part of the past.
    pub usual: Scored,
    /// How rankers did there that had seen only what was before.
    pub learned: Option<Scored>,
    /// How the model that served until now did on the newest tickets, and how the new one.
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Scored>>))]
    pub serving_and_new: Option<(Scored, Scored)>,
    /// What was decided and why, in one sentence.
    pub decision: String,
}

/// A model with its log. `refused` when the one that serves already is better.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// What happened.
    pub log: TrainingLog,
    /// Whether the serving model did better on the newest tickets.
    pub refused: bool,
}

/// A ranked list per example that was predicted by a ranker which had not seen it.
type OutOfSample<'e> = Vec<(&'e Example, Vec<(i64, f64)>)>;

/// Learns from examples in order of time, whose tables have the columns `features`.
///
/// `serving` is the model that serves now with the newest observation that it has seen.
///
/// # Errors
/// None for too few examples: the model then says nothing beyond the weighted sum.
pub fn train(
    features: &Features,
    list: &[Example],
    serving: Option<(&Model, i64)>,
    setting: &Setting,
) -> Result<Trained> {
    let weighted_sum_lists: OutOfSample<'_> =
        list.iter().map(|e| (e, e.weighted_sum_ranking())).collect();
    let judged = judged(&weighted_sum_lists);
    let weighted_sum_map = calibration(&judged);
    let mut log = TrainingLog {
        tickets: list.len(),
        observations: list.iter().map(|e| e.observations).sum(),
        judged: judged.len(),
        ..TrainingLog::default()
    };
    let mut model = Model {
        ranked_by: RankedBy::WeightedSum,
        features: features.clone(),
        weights: Vec::new(),
        learned: None,
        weighted_sum: weighted_sum_map,
        plugins: setting.plugins.clone(),
        encoder: setting.encoder.clone(),
        judged: judged.len(),
    };
    let later = out_of_sample(list);
    let from = list.len() - later.len();
    let usual = Contest::of(&weighted_sum_lists[from..], model.weighted_sum.as_ref());
    log.usual = usual.scored;
    let groups = groups_of(list);
    if let Some(weights) = fit(&groups, &mut log)? {
        model.weights = weights.to_vec();
        model.learned = calibration(&self::judged(&later));
        let learned = Contest::of(&later, model.learned.as_ref());
        log.learned = Some(learned.scored);
        if model.learned.is_some() && better(&learned, &usual) {
            model.ranked_by = RankedBy::Learned;
        }
    }
    let refused = serving.is_some_and(|(serving, newest_seen)| {
        serving.features == *features && serving_is_better(list, serving, newest_seen, &mut log)
    });
    log.decision = decision(&model, &log, groups.len(), refused);
    Ok(Trained {
        model,
        log,
        refused,
    })
}

/// Fits weights to examples; `None` when there are too few with a right scenario to try.
fn weights_of(list: &[Example]) -> Result<Option<Array1<f64>>> {
    let groups = groups_of(list);
    if groups.len() < TICKETS_NEEDED / 2 {
        return Ok(None);
    }
    fitted(&groups).map(Some)
}

/// Fits the weights that may serve, and logs what that gave.
fn fit(groups: &[Group], log: &mut TrainingLog) -> Result<Option<Array1<f64>>> {
    if groups.len() < TICKETS_NEEDED {
        return Ok(None);
    }
    let weights = fitted(groups)?;
    log.loss_before = Some(listwise::loss(groups, &Array1::zeros(weights.len())));
    log.loss_after = Some(listwise::loss(groups, &weights));
    Ok(Some(weights))
}

fn groups_of(list: &[Example]) -> Vec<Group> {
    list.par_iter().filter_map(Example::group).collect()
}

fn fitted(groups: &[Group]) -> Result<Array1<f64>> {
    let ridge = RIDGE.max(PRIOR_TICKETS / groups.len() as f64);
    Ok(listwise::fit(groups, ridge)?.weights)
}

/// Predicts the later part of the past block by block, each from all that was before it.
fn out_of_sample(list: &[Example]) -> OutOfSample<'_> {
    let first = ((list.len() as f64 * LEARNED_FIRST) as usize).min(list.len());
    let rest = list.len() - first;
    let block = |n: usize| first + rest * n / BLOCKS;
    let blocks = (0..BLOCKS).into_par_iter().map(|n| {
        let (from, to) = (block(n), block(n + 1));
        let weights = weights_of(&list[..from]).ok().flatten();
        let weights = weights.unwrap_or_else(|| Array1::zeros(width(list)));
        let predict = |e: &'_ Example| e.ranking(&weights);
        list[from..to].iter().map(|e| (e, predict(e))).collect()
    });
    let blocks: Vec<OutOfSample<'_>> = blocks.collect();
    blocks.into_iter().flatten().collect()
}

fn width(list: &[Example]) -> usize {
    list.first().map_or(0, |e| e.table.signals.ncols())
}

fn judged(lists: &OutOfSample<'_>) -> Vec<JudgedScore> {
    let judged = lists
        .iter()
        .flat_map(|(example, ranked)| example.judged(ranked));
    judged.filter(|(score, _)| score.is_finite()).collect()
}

fn calibration(judged: &[JudgedScore]) -> Option<Calibration> {
    (judged.len() >= JUDGED_NEEDED).then(|| Calibration::fit(judged).ok())?
}

/// Whether the ranker is to speak: it ranks better and that is hardly chance, or it ranks as well
/// with better probabilities.
fn better(learned: &Contest, usual: &Contest) -> bool {
    let gains: Vec<f64> = learned
        .ranks
        .iter()
        .zip(&usual.ranks)
        .map(|(a, b)| a - b)
        .collect();
    let (mean, error) = mean_and_error(&gains);
    mean > HARDLY_CHANCE * error && mean > 0.0
        || mean >= 0.0 && learned.scored.brier < usual.scored.brier
}

/// The mean of values and its standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(2) as f64;
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// Whether the serving model, as it is, ranks the newest tickets better than one that was trained
/// on everything before them. Neither has seen these tickets.
fn serving_is_better(
    list: &[Example],
    model: &Model,
    newest_seen: i64,
    log: &mut TrainingLog,
) -> bool {
    let seen = |e: &Example| e.first_observation <= newest_seen;
    let known = list.iter().rposition(seen).map_or(0, |place| place + 1);
    if model.ranked_by != RankedBy::Learned || list.len() - known < NEW_TICKETS {
        return false;
    }
    let newest = known + (list.len() - known) / 2;
    let Ok(Some(weights)) = weights_of(&list[..newest]) else {
        return false;
    };
    let score = |weights: &Array1<f64>| {
        let lists: OutOfSample<'_> = list[newest..]
            .iter()
            .map(|e| (e, e.ranking(weights)))
            .collect();
        Contest::of(&lists, model.learned.as_ref()).scored
    };
    let (old, new) = (score(&Array1::from(model.weights.clone())), score(&weights));
    log.serving_and_new = Some((old, new));
    old.mrr > new.mrr
}

/// What was decided and why; `learnable` tickets have a right scenario among their candidates.
fn decision(model: &Model, log: &TrainingLog, learnable: usize, refused: bool) -> String {
    if let Some((old, new)) = log.serving_and_new.filter(|_| refused) {
        return format!(
            "The serving model stays: on the {} newest tickets it has an MRR of {:.3}, a new one {:.3}.",
            old.tickets, old.mrr, new.mrr
        );
    }
    let Some(learned) = log.learned else {
        return format!(
            "The weighted sum speaks: learning needs {TICKETS_NEEDED} judged tickets that have a right scenario, and {learnable} of {} have one.",
            log.tickets
        );
    };
    let who = match model.ranked_by {
        RankedBy::Learned => "The learned blend speaks",
        RankedBy::WeightedSum => "The weighted sum speaks",
    };
    format!(
        "{who}: on {} tickets that it had not seen, learning has an MRR of {:.3} and a Brier score of {:.3}, the weighted sum {:.3} and {:.3}.",
        learned.tickets, learned.mrr, learned.brier, log.usual.mrr, log.usual.brier
    )
}
