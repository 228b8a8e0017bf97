//! Sentences that do not go together: one denies the other, two limits, two outcomes.

use std::collections::BTreeSet;

use super::rules::{ReviewLanguage, WordList};
use super::statement::{Parsed, Role};
use super::{Context, Raised};
use crate::text::grammar::{Comparison, LimitKind, clauses, limits, predicate};

type ContentWords = BTreeSet<String>;

/// At most so many sentences are compared with each other.
const MOST_CLAIMS: usize = 100;

/// What a sentence claims, in plain words.
struct Claim<'a> {
    parsed: &'a Parsed<'a>,
    /// Who does it; empty where that is not told.
    agent: ContentWords,
    /// What is done, or the state that something is in.
    verb: String,
    /// What it is done to, or what is in the state.
    object: ContentWords,
    /// What else is said.
    extra: ContentWords,
    is_negated: bool,
    has_actor: bool,
    condition: ContentWords,
}

/// A limit that a sentence sets.
struct Limited<'a> {
    parsed: &'a Parsed<'a>,
    /// The sentence's other words.
    of: ContentWords,
    kind: (LimitKind, Comparison),
    unit: String,
    value: String,
    fact: String,
}

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let known = context.known;
    let compared = || {
        let tested = context.tested();
        let tested = tested.filter(|parsed| parsed.statement.role != Role::Scenario);
        tested.take(MOST_CLAIMS)
    };
    let limited: Vec<Limited<'_>> = compared()
        .flat_map(|parsed| limited(parsed, known))
        .collect();
    let mut found: Vec<Raised> = pairs(&limited)
        .filter(|(a, b)| are_of_different_criteria(a.parsed, b.parsed) && limits_differ(a, b))
        .map(|(a, b)| {
            let raised = Raised::about("limits-differ", a.parsed.statement).and(b.parsed.statement);
            raised
                .with("word", a.fact.as_str())
                .with("other", b.fact.as_str())
        })
        .collect();
    if !known.language.has_verbs() {
        return found;
    }
    let claims: Vec<Claim<'_>> = compared()
        .filter_map(|parsed| claim(parsed, known))
        .collect();
    for (a, b) in pairs(&claims).filter(|(a, b)| are_of_different_criteria(a.parsed, b.parsed)) {
        let about = |code| Raised::about(code, a.parsed.statement).and(b.parsed.statement);
        if contradict(a, b, known) {
            found.push(about("contradiction"));
        } else if outcomes_differ(a, b, known) {
            let condition = clauses(&a.parsed.sentence, known.language).condition;
            let text = condition.map(|c| a.parsed.sentence.slice(&c.words));
            found.push(about("outcomes-differ").with("condition", text.unwrap_or_default()));
        }
    }
    found
}

fn pairs<T>(all: &[T]) -> impl Iterator<Item = (&T, &T)> {
    let firsts = all.iter().enumerate();
    firsts.flat_map(|(at, first)| all[at + 1..].iter().map(move |other| (first, other)))
}

/// Whether two sentences are of different criteria.
fn are_of_different_criteria(a: &Parsed<'_>, b: &Parsed<'_>) -> bool {
    let place = |parsed: &Parsed<'_>| (parsed.statement.part, parsed.statement.number);
    place(a) != place(b) || a.statement.role == Role::Duty && a.statement.text != b.statement.text
}

fn limited<'a>(parsed: &'a Parsed<'a>, known: ReviewLanguage<'_>) -> Vec<Limited<'a>> {
    let language = known.language;
    let neutral = known.words.list(WordList::Neutral);
    let found = limits(&parsed.sentence, language).into_iter();
    let of_limit = |limit: crate::text::grammar::Limit| {
        let comparison = limit.comparison?;
        let start = parsed.sentence.text.find(&limit.fact)?;
        let fact = start..start + limit.fact.len();
        let mut of = ContentWords::new();
        for (at, word) in parsed.sentence.words.iter().enumerate() {
            let is_neutral = neutral.at(&parsed.sentence.words, at).is_some();
            if !fact.contains(&word.start) && !is_neutral {
                of.extend(parsed.content(at..at + 1, language));
            }
        }
        of.retain(|word| {
            neutral
                .at(&crate::text::grammar::Sentence::new(word).words, 0)
                .is_none()
        });
        let unit = limit.value.split_once(' ').map_or("", |(_, unit)| unit);
        Some(Limited {
            parsed,
            of,
            kind: (limit.kind, comparison),
            unit: unit.trim_end_matches('s').to_lowercase(),
            value: limit.value.to_lowercase(),
            fact: limit.fact,
        })
    };
    found.filter_map(of_limit).collect()
}

/// The same limit of the same thing, with two values.
fn limits_differ(a: &Limited<'_>, b: &Limited<'_>) -> bool {
    a.kind == b.kind && a.unit == b.unit && a.value != b.value && a.of == b.of && !a.of.is_empty()
}

fn claim<'a>(parsed: &'a Parsed<'a>, known: ReviewLanguage<'_>) -> Option<Claim<'a>> {
    let language = known.language;
    let sentence = &parsed.sentence;
    let parts = clauses(sentence, language);
    let condition = parts.condition.as_ref();
    let condition_words = condition.map(|c| c.words.clone()).unwrap_or(0..0);
    if condition.is_some_and(|c| c.is_exception) {
        return None;
    }
    let told = predicate(sentence, &parts.main, language)?;
    let subject = parsed.content(told.subject.clone(), language);
    let acts = |range: std::ops::Range<usize>| {
        let mut words = sentence.words.iter().take(range.end).skip(range.start);
        words.any(|word| language.actors.contains(&word.lower))
    };
    let has_actor = acts(told.subject.clone());
    // A condition at the end is not part of the claim.
    let end = match condition_words.start > told.rest.start {
        true => condition_words.start.saturating_sub(1).max(told.rest.start),
        false => told.rest.end,
    };
    let rest = told.rest.start..end;
    let (agent, verb, object, extra) = match &told.verb {
        Some(verb) if !told.is_passive && has_actor => {
            let object = sentence.noun_phrase(rest.start, language).unwrap_or(0..0);
            let object = object.start..object.end.min(end);
            let extra = parsed.content(object.end.max(rest.start)..end, language);
            (
                subject,
                verb.clone(),
                parsed.content(object, language),
                extra,
            )
        }
        Some(verb) => {
            let by = rest
                .clone()
                .find(|&at| sentence.words[at].lower == "by" && acts(at + 1..at + 3));
            let agent = by.and_then(|at| sentence.noun_phrase(at + 1, language));
            let agent = agent.map(|range| parsed.content(range, language));
            let agent = agent.unwrap_or_default();
            let mut extra = parsed.content(rest, language);
            extra.retain(|word| !agent.contains(word));
            (agent, verb.clone(), subject, extra)
        }
        None => {
            let state = sentence
                .words
                .get(rest.start)
                .filter(|_| !rest.is_empty())?;
            let extra = parsed.content(rest.start + 1..end, language);
            (ContentWords::new(), state.lower.clone(), subject, extra)
        }
    };
    (!object.is_empty()).then(|| Claim {
        parsed,
        agent,
        verb,
        object,
        extra,
        is_negated: told.is_negated,
        has_actor,
        condition: parsed.content(condition_words, language),
    })
}

fn contradict(a: &Claim<'_>, b: &Claim<'_>, known: ReviewLanguage<'_>) -> bool {
    let agents = a.agent == b.agent || a.agent.is_empty() || b.agent.is_empty();
    if !agents || a.object != b.object {
        return false;
    }
    if a.is_negated != b.is_negated && a.verb == b.verb {
        let (denied, parsed) = if a.is_negated { (a, b) } else { (b, a) };
        // "Can be moved" and "cannot be moved during a match" go together; the other way round not.
        let at_least_as_wide = denied.extra.is_subset(&parsed.extra)
            && (denied.condition.is_empty() || denied.condition == parsed.condition)
            && (denied.agent.is_empty() || denied.agent == parsed.agent || parsed.agent.is_empty());
        return at_least_as_wide;
    }
    a.is_negated == b.is_negated
        && known.words.are_opposites(&a.verb, &b.verb)
        && a.condition == b.condition
        && a.extra == b.extra
}

/// The same condition, and the same thing goes two ways.
fn outcomes_differ(a: &Claim<'_>, b: &Claim<'_>, known: ReviewLanguage<'_>) -> bool {
    let exclusive = known.words.list(WordList::Exclusive);
    let is_exclusive = |claim: &Claim<'_>| {
        let verb = crate::text::grammar::Sentence::new(&claim.verb);
        claim.has_actor || exclusive.at(&verb.words, 0).is_some()
    };
    !a.condition.is_empty()
        && a.condition == b.condition
        && a.object == b.object
        && a.agent == b.agent
        && a.verb == b.verb
        && a.is_negated == b.is_negated
        && is_exclusive(a)
        && !a.extra.is_subset(&b.extra)
        && !b.extra.is_subset(&a.extra)
}
