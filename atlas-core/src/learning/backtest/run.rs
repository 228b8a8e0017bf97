//! The replay: predict, score, then learn.

use std::collections::BTreeMap;

use ndarray::Array1;

use super::baselines::{BaselineLists, lists};
use super::drift::drift;
use super::options::BacktestOptions;
use super::report::{ATLAS, BacktestReport, FREQUENCY, GroupScore, LEARNED, WEIGHTED_SUM};
use super::score::{Hit, LOOKED_AT, Resamples};
use super::timeline::{ScoredTicket, Timeline};
use crate::domain::{Progress, ProgressFn, Stage, sum};
use crate::learning::calibration::Reliability;
use crate::learning::example::{Example, Examples, JudgedScore};
use crate::learning::model::{Model, RankedBy, Setting};
use crate::learning::replay::Replay;
use crate::learning::train::train;
use crate::pipeline::diversity::diverse;
use crate::{Error, Result};

/// Stretches of time in the report.
const STRETCHES: usize = 5;
/// Components in the report.
const COMPONENTS: usize = 20;

/// A scored ticket.
struct ScoredPrediction {
    key: String,
    component: String,
    atlas: Hit,
    learned: Hit,
    weighted_sum: Hit,
    baselines: Vec<Hit>,
    by_learned: bool,
}

/// Replays the past in order of time.
///
/// # Errors
/// `INVALID_VALUE` for `retrain_every` 0 or nothing left to score, `CANCELLED`, what the replay
/// returns.
pub fn backtest(
    replay: &Replay<'_>,
    setting: &Setting,
    options: &BacktestOptions,
    progress: &mut ProgressFn<'_>,
) -> Result<BacktestReport> {
    let tickets = replay.index.history.judged().len();
    if options.retrain_every == 0 {
        return Err(Error::invalid("retrain_every", 0, "1 or more"));
    }
    if options.learn_first > tickets {
        let expected = format!("at most {tickets}, the judged tickets there are");
        return Err(Error::invalid("learn_first", options.learn_first, expected));
    }
    let known = |place: usize| match options.frozen {
        true => place.min(options.learn_first),
        false => place,
    };
    let mut examples = Examples::default();
    let seen = replay.run(
        0..tickets,
        &known,
        progress,
        &mut |judged, ticket, query, answers| {
            let example = replay.example(&mut examples, judged, ticket, answers);
            let lists = lists(replay.pipeline, query, answers);
            let own = ticket.components.first().map(|(name, _)| name.clone());
            let component = own.filter(|_| !ticket.draft.components.is_empty());
            Ok((example, lists, ticket.key.to_string(), component))
        },
    )?;
    let mut extras = Vec::with_capacity(seen.len());
    for (example, lists, key, component) in seen {
        let component = component.or_else(|| component_of(replay, &example));
        extras.push((lists, key, component.unwrap_or_default()));
        examples.list.push(example);
    }
    examples.pad();
    score(replay, &examples, &extras, setting, options, progress)
}

/// The component of a ticket's first right pattern.
fn component_of(replay: &Replay<'_>, example: &Example) -> Option<String> {
    let number = replay.index.patterns.number(*example.right.first()?)?;
    replay.index.patterns.rows[number as usize]
        .component
        .clone()
}

/// A model and the newest observation that it has seen.
type Serving = Option<(Model, i64)>;

fn score(
    replay: &Replay<'_>,
    examples: &Examples,
    extras: &[(BaselineLists, String, String)],
    setting: &Setting,
    options: &BacktestOptions,
    progress: &mut ProgressFn<'_>,
) -> Result<BacktestReport> {
    let mut serving: Serving = None;
    let mut trained_at = None;
    let mut predicted: Vec<ScoredPrediction> = Vec::new();
    let mut judged: Vec<JudgedScore> = Vec::new();
    for (place, example) in examples.list.iter().enumerate().skip(options.learn_first) {
        let due = match trained_at {
            None => true,
            Some(at) => !options.frozen && place - at >= options.retrain_every,
        };
        if due {
            tell(progress, place, examples.list.len())?;
            serving = retrained(examples, place, serving, setting)?;
            trained_at = Some(place);
        }
        let shown = Shown::of(replay, example, serving.as_ref().map(|(model, _)| model));
        judged.extend(shown.judged);
        if example.right.is_empty() {
            continue;
        }
        let (lists, key, component) = &extras[place];
        let hit = |list: &[i64]| Hit::of(list, &example.right);
        predicted.push(ScoredPrediction {
            key: key.clone(),
            component: component.clone(),
            atlas: hit(&shown.atlas),
            learned: hit(&shown.learned),
            weighted_sum: hit(&shown.weighted_sum),
            baselines: lists.iter().map(|(_, list)| hit(list)).collect(),
            by_learned: shown.by_learned,
        });
    }
    let names: Vec<String> = extras.first().map_or_else(Vec::new, |(lists, ..)| {
        lists.iter().map(|(name, _)| name.clone()).collect()
    });
    report(replay, &predicted, &names, &judged, options, progress)
}

/// Says how far the learning is, and asks whether to go on.
fn tell(progress: &mut ProgressFn<'_>, done: usize, total: usize) -> Result<()> {
    let told = progress(Progress {
        stage: Stage::Learning,
        done: done as u64,
        total: Some(total as u64),
    });
    match told.is_break() {
        true => Err(Error::Cancelled),
        false => Ok(()),
    }
}

/// A model from the tickets before `place`; one that lost against the serving one is not taken.
fn retrained(
    examples: &Examples,
    place: usize,
    serving: Serving,
    setting: &Setting,
) -> Result<Serving> {
    let past = &examples.list[..place];
    let before = serving.as_ref().map(|(model, newest)| (model, *newest));
    let trained = train(&examples.features, past, before, setting)?;
    if trained.refused {
        return Ok(serving);
    }
    let newest = past.iter().map(|e| e.first_observation).max();
    Ok(Some((trained.model, newest.unwrap_or(0))))
}

/// The lists for one ticket as they would have been shown.
struct Shown {
    atlas: Vec<i64>,
    learned: Vec<i64>,
    weighted_sum: Vec<i64>,
    by_learned: bool,
    /// Calibrated probabilities of what ATLAS showed, and whether each was right.
    judged: Vec<JudgedScore>,
}

impl Shown {
    fn of(replay: &Replay<'_>, example: &Example, model: Option<&Model>) -> Self {
        let weighted_sum = varied(replay, &example.weighted_sum_ranking());
        let learned = match model.filter(|model| !model.weights.is_empty()) {
            Some(model) => {
                let weights = Array1::from(model.weights.clone());
                varied(replay, &example.ranking(&weights))
            }
            None => weighted_sum.clone(),
        };
        let by_learned = model.is_some_and(|model| model.ranked_by == RankedBy::Learned);
        let atlas = if by_learned { &learned } else { &weighted_sum };
        let judged = model.and_then(Model::calibration).map(|map| {
            let judged = example.judged(atlas).into_iter();
            judged
                .map(|(score, right)| (map.probability(score), right))
                .collect()
        });
        let ids = |list: &[(i64, f64)]| list.iter().map(|(id, _)| *id).collect();
        Shown {
            atlas: ids(atlas),
            judged: judged.unwrap_or_default(),
            weighted_sum: ids(&weighted_sum),
            learned: ids(&learned),
            by_learned,
        }
    }
}

/// The first ten of a ranked list without near-equal ones, as they are shown.
fn varied(replay: &Replay<'_>, ranked: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let patterns = &replay.index.patterns;
    let numbers: Vec<Option<u32>> = ranked.iter().map(|(id, _)| patterns.number(*id)).collect();
    let shown = diverse(&numbers, LOOKED_AT, patterns);
    shown.into_iter().map(|place| ranked[place]).collect()
}

fn report(
    replay: &Replay<'_>,
    predicted: &[ScoredPrediction],
    baselines: &[String],
    judged: &[JudgedScore],
    options: &BacktestOptions,
    progress: &mut ProgressFn<'_>,
) -> Result<BacktestReport> {
    let resamples = Resamples::new(predicted.len(), options.resamples, options.seed);
    let hits =
        |of: &dyn Fn(&ScoredPrediction) -> Hit| predicted.iter().map(of).collect::<Vec<Hit>>();
    let mut lists = vec![
        (ATLAS, hits(&|p| p.atlas)),
        (LEARNED, hits(&|p| p.learned)),
        (WEIGHTED_SUM, hits(&|p| p.weighted_sum)),
    ];
    for (at, name) in baselines.iter().enumerate() {
        lists.push((name, hits(&|p| p.baselines[at])));
    }
    let mut methods = Vec::with_capacity(lists.len());
    for (name, hits) in &lists {
        tell(progress, predicted.len(), predicted.len())?;
        methods.push(resamples.score(name, hits));
    }
    let within = |p: &ScoredPrediction| (p.component.clone(), p.atlas.rank.is_some());
    let mut report = BacktestReport {
        summary: String::new(),
        options: options.clone(),
        tickets: predicted.len(),
        learned_first: options.learn_first,
        patterns: replay.index.patterns.rows.len(),
        methods,
        answered_by_learned: predicted.iter().filter(|p| p.by_learned).count(),
        reliability: (!judged.is_empty()).then(|| Reliability::of(judged)),
        calibrated_scenarios: judged.len(),
        minutes: None,
        by_component: by_component(predicted),
        by_time: by_time(predicted),
        timeline: timeline(predicted, baselines),
        drift: drift(&predicted.iter().map(within).collect::<Vec<_>>()),
    };
    report.summary = report.sentence();
    Ok(report)
}

fn group(name: String, of: &[&ScoredPrediction]) -> GroupScore {
    let mean = |value: &dyn Fn(&ScoredPrediction) -> f64| {
        sum(of.iter().map(|p| value(p))) / of.len().max(1) as f64
    };
    GroupScore {
        name,
        tickets: of.len(),
        hit_10: mean(&|p| p.atlas.within(10)),
        mrr: mean(&|p| p.atlas.reciprocal()),
    }
}

fn by_component(predicted: &[ScoredPrediction]) -> Vec<GroupScore> {
    let mut components: BTreeMap<&str, Vec<&ScoredPrediction>> = BTreeMap::new();
    for ticket in predicted.iter().filter(|p| !p.component.is_empty()) {
        components
            .entry(&ticket.component)
            .or_default()
            .push(ticket);
    }
    let mut groups: Vec<GroupScore> = components
        .into_iter()
        .map(|(name, of)| group(name.to_owned(), &of))
        .collect();
    groups.sort_by(|a, b| b.tickets.cmp(&a.tickets).then_with(|| a.name.cmp(&b.name)));
    groups.truncate(COMPONENTS);
    groups
}

fn by_time(predicted: &[ScoredPrediction]) -> Vec<GroupScore> {
    let size = predicted.len().div_ceil(STRETCHES).max(1);
    let stretch = |of: &[ScoredPrediction]| {
        let name = match of {
            [first, .., last] => format!("{} to {}", first.key, last.key),
            _ => of.iter().map(|p| p.key.clone()).collect(),
        };
        group(name, &of.iter().collect::<Vec<_>>())
    };
    predicted.chunks(size).map(stretch).collect()
}

fn timeline(predicted: &[ScoredPrediction], baselines: &[String]) -> Timeline {
    let frequency = baselines.iter().position(|name| name == FREQUENCY);
    let hits = |p: &ScoredPrediction| -> ScoredTicket {
        let frequent = frequency.is_some_and(|at| p.baselines[at].rank.is_some());
        (p.key.clone(), p.atlas.rank.is_some(), frequent)
    };
    Timeline::of(&predicted.iter().map(hits).collect::<Vec<_>>())
}
