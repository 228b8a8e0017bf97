//! Which of the scenarios that were named are shown: the user's library before a designed test of
//! the same, every criterion before variants, and no two that are near-equal.
//!
//! Where a stored pattern covers the criterion of a designed test (`analysis::coverage`; words
//! decide where that is worth encoding texts), the pattern takes its place and says so. Of the
//! designed tests those of criteria come first, then the variants with the most probability a
//! minute. `pipeline::diversity` passes over scenarios that are near-equal to a better one.

use crate::Result;
use crate::analysis::coverage::{COVERED, Covering, Criterion};
use crate::atlas::core::Core;
use crate::domain::{Part, PatternOrigin, Reason, ReasonKind, Source, sum};
use crate::pipeline::blender::sort;
use crate::pipeline::design::{DESIGN, is_variant};
use crate::pipeline::diversity::diverse;
use crate::pipeline::{Blended, OwnScenario, ScenarioRef};
use crate::search::Index;
use crate::text::terms;

/// A pattern is compared with a designed test where it holds this share of the test's words,
/// weighed by rarity.
const SHARED_WORDS: f32 = 0.6;
/// One of so many scenarios is a likely pattern of the user's own, where there are enough.
const OWN_SHARE: usize = 3;
/// From this confidence on a pattern is likely.
const LIKELY: f32 = 30.0;
/// So many patterns are compared with a designed test.
const COMPARED: usize = 2;

/// A stored pattern that covers a designed test.
struct Cover {
    /// The designed test's place.
    place: usize,
    pattern: i64,
    score: f32,
}

impl Core {
    /// The `top_k` scenarios to show, most confident first.
    pub(crate) fn choose(
        &self,
        scenarios: Vec<Blended>,
        top_k: usize,
        index: &Index,
    ) -> Result<Vec<Blended>> {
        let covers = self.covers(&scenarios, top_k, index)?;
        let scenarios = criteria_first(library_first(scenarios, &covers));
        let scenarios = with_own_patterns(scenarios, top_k, index);
        Ok(varied(scenarios, top_k, index))
    }

    /// The stored patterns that cover designed tests of criteria. Words say where it is worth
    /// encoding texts; [`crate::analysis::coverage`] decides.
    fn covers(&self, scenarios: &[Blended], top_k: usize, index: &Index) -> Result<Vec<Cover>> {
        let mut covers = Vec::new();
        let designed = scenarios.iter().enumerate().take(2 * top_k);
        for (place, blended) in designed {
            let Some(own) = criterion_of(blended) else {
                continue;
            };
            let near = near_in_words(&own.name, index);
            let Some(criterion) = self.criterion(&near, own)? else {
                continue;
            };
            let patterns = self.store.read(|stored| stored.patterns().by_ids(&near))?;
            let mut best: Option<Cover> = None;
            for pattern in patterns {
                let (name, steps) = (pattern.value.name.as_str(), &pattern.value.steps);
                let texts = Covering::texts(name, steps);
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                let covering = Covering::new(name, steps, &self.codes_of(&texts)?);
                let score = covering.map_or(0.0, |covering| criterion.score(&covering));
                if score >= COVERED && best.as_ref().is_none_or(|best| best.score < score) {
                    let pattern = pattern.id;
                    best = Some(Cover {
                        place,
                        pattern,
                        score,
                    });
                }
            }
            covers.extend(best);
        }
        Ok(covers)
    }

    /// A designed test's criterion, ready to be compared; `None` where there is nothing to compare.
    fn criterion(&self, near: &[i64], own: &OwnScenario) -> Result<Option<Criterion>> {
        if near.is_empty() {
            return Ok(None);
        }
        let codes = self.codes_of(&[&own.name])?;
        Ok(codes
            .into_iter()
            .next()
            .map(|codes| Criterion::new(&own.name, codes)))
    }
}

/// The user's own patterns that hold most of a text's words, those that hold the most first.
fn near_in_words(text: &str, index: &Index) -> Vec<i64> {
    let words = index.patterns.text.words();
    let terms = terms::count(text);
    let all = sum(terms.iter().map(|&(hash, _)| words.idf(hash)));
    if all <= 0.0 || index.patterns.own == 0 {
        return Vec::new();
    }
    let shared = words.shared(&terms, |hash| words.idf(hash));
    let rows = index.patterns.rows.iter().zip(shared);
    let mut near: Vec<(f32, i64)> = rows
        .filter(|(row, shared)| {
            row.origin != PatternOrigin::Starter && *shared >= SHARED_WORDS * all
        })
        .map(|(row, shared)| (shared, row.id))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    near.into_iter().take(COMPARED).map(|(_, id)| id).collect()
}

/// A designed test of a criterion.
fn criterion_of(blended: &Blended) -> Option<&OwnScenario> {
    match &blended.scenario {
        ScenarioRef::Own(own) if is_designed(blended) && !is_variant(&blended.reasons) => Some(own),
        _ => None,
    }
}

fn is_designed(blended: &Blended) -> bool {
    matches!(blended.scenario, ScenarioRef::Own(_)) && blended.source.as_str() == DESIGN
}

/// Replaces designed tests by the patterns that cover them; each pattern says which.
fn library_first(scenarios: Vec<Blended>, covers: &[Cover]) -> Vec<Blended> {
    if covers.is_empty() {
        return scenarios;
    }
    let mut kept = Vec::with_capacity(scenarios.len());
    let mut covered = Vec::new();
    for (place, blended) in scenarios.into_iter().enumerate() {
        match covers.iter().find(|cover| cover.place == place) {
            Some(cover) => covered.push((cover, blended)),
            None => kept.push(blended),
        }
    }
    for (cover, designed) in covered {
        let same = |other: &&mut Blended| other.scenario == ScenarioRef::Pattern(cover.pattern);
        match kept.iter_mut().find(same) {
            Some(pattern) => stand_in(pattern, cover, &designed),
            None => {
                let mut pattern = Blended {
                    scenario: ScenarioRef::Pattern(cover.pattern),
                    confidence: 0.0,
                    parts: Vec::new(),
                    source: designed.source.clone(),
                    reasons: Vec::new(),
                    calibrated: false,
                };
                stand_in(&mut pattern, cover, &designed);
                kept.push(pattern);
            }
        }
    }
    sort(&mut kept);
    kept
}

/// Gives a pattern the place and the reasons of the designed test that it covers.
fn stand_in(pattern: &mut Blended, cover: &Cover, designed: &Blended) {
    let missing = designed.confidence - pattern.confidence;
    if missing > 0.0 {
        if !pattern.parts.is_empty() {
            pattern.source = Source::Hybrid;
        }
        match pattern.parts.iter_mut().find(|part| part.name == DESIGN) {
            Some(part) => part.value += missing,
            None => pattern.parts.push(Part::new(DESIGN, missing)),
        }
        pattern.confidence = sum(pattern.parts.iter().map(|part| part.value));
        pattern.calibrated = false;
    }
    let of = designed
        .reasons
        .first()
        .map_or("", |reason| reason.text.as_str());
    pattern.reasons.push(Reason {
        score: Some(cover.score),
        ..Reason::new(ReasonKind::Rule, format!("your library covers {of}"))
    });
}

/// Puts the tests of criteria into the first places of designed tests, then the variants, those with
/// the most probability a minute first. Everything else keeps its place.
fn criteria_first(mut scenarios: Vec<Blended>) -> Vec<Blended> {
    let slots: Vec<usize> = (0..scenarios.len())
        .filter(|&place| is_designed(&scenarios[place]))
        .collect();
    let designed = slots.iter().map(|&place| scenarios[place].clone());
    let (mut variants, criteria): (Vec<Blended>, Vec<Blended>) =
        designed.partition(|blended| is_variant(&blended.reasons));
    let worth = |blended: &Blended| match &blended.scenario {
        ScenarioRef::Own(own) => blended.confidence / own.minutes.unwrap_or(1).max(1) as f32,
        ScenarioRef::Pattern(_) => 0.0,
    };
    // Stable: of equal ones the more probable goes first.
    variants.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    for (place, designed) in slots.into_iter().zip(criteria.into_iter().chain(variants)) {
        scenarios[place] = designed;
    }
    scenarios
}

/// Moves likely patterns of the user's own up where designed tests would leave them less than their
/// share of the list. The confidence of `design` is not calibrated with that of the others, so the
/// two cannot be compared point by point.
fn with_own_patterns(mut scenarios: Vec<Blended>, top_k: usize, index: &Index) -> Vec<Blended> {
    let is_own = |blended: &Blended| match blended.scenario {
        ScenarioRef::Pattern(id) => index.patterns.number(id).is_some_and(|number| {
            let row = &index.patterns.rows[number as usize];
            row.origin != PatternOrigin::Starter && blended.confidence >= LIKELY
        }),
        ScenarioRef::Own(_) => false,
    };
    let wanted = top_k.div_ceil(OWN_SHARE);
    loop {
        let shown = top_k.min(scenarios.len());
        let there = scenarios[..shown].iter().filter(|one| is_own(one)).count();
        let next = (shown..scenarios.len()).find(|&place| is_own(&scenarios[place]));
        let last = (0..shown)
            .rev()
            .find(|&place| is_designed(&scenarios[place]));
        match (next, last) {
            (Some(next), Some(last)) if there < wanted => {
                let pattern = scenarios.remove(next);
                scenarios.insert(last, pattern);
            }
            _ => return scenarios,
        }
    }
}

/// The best scenarios without near-equal ones, most confident first.
fn varied(scenarios: Vec<Blended>, top_k: usize, index: &Index) -> Vec<Blended> {
    let number = |blended: &Blended| match blended.scenario {
        ScenarioRef::Pattern(id) => index.patterns.number(id),
        ScenarioRef::Own(_) => None,
    };
    let ranked: Vec<Option<u32>> = scenarios.iter().map(number).collect();
    let shown = diverse(&ranked, top_k, &index.patterns);
    let mut places = shown.into_iter().peekable();
    let chosen = scenarios.into_iter().enumerate();
    let mut chosen: Vec<Blended> = chosen
        .filter_map(|(place, blended)| places.next_if_eq(&place).map(|_| blended))
        .collect();
    // Stable: scenarios of one probability keep the ranker's order.
    chosen.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    chosen
}
