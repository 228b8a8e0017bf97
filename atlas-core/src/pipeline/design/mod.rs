//! The plugin `design`: tests made from the ticket's own sentences.
//!
//! It reads the acceptance criteria, or the sentences of duty where there are none. Each becomes a
//! scenario of its own. Then it finds facts in them (limits, durations, lists, conditions, actors,
//! words of `data/design.toml`) and applies the techniques of test design to these: boundary value
//! analysis, equivalence partitioning, decision tables, state transitions and error guessing, as
//! the ISTQB Foundation Level syllabus names them. What a ticket says to be out of scope is never
//! tested. Every scenario says which sentence it comes from, by which technique and rule.

mod criterion;
mod facts;
mod rules;
#[cfg(test)]
mod tests;

use super::kept_rules::{KeptRules, RuleCounts, Stated};
use super::{Candidate, OwnScenario, Predictor, Query, Suggestions};
use crate::Result;
use crate::domain::{CriteriaKind, Draft, Reason, ReasonKind, StepsOrigin};
use crate::text::grammar::{Language, Sentence, Word};
use crate::text::steps::criteria;
use crate::text::ticket_type;
use facts::DesignFact;
use rules::DesignRules;

/// The plugin's name.
pub const DESIGN: &str = "design";

/// The scenario of a criterion, and how likely a tester keeps it.
const CRITERION: Stated<'_> = Stated {
    rule: "criterion",
    probability: 0.75,
};
/// The same where it is only a sentence with "must" or "should".
const DUTY: Stated<'_> = Stated {
    rule: "duty",
    probability: 0.62,
};
/// What variants of a sentence with "must" or "should" count.
const OF_DUTY: f32 = 0.8;
/// What variants of a summary count: they stand behind the reproduction of a defect.
const SUMMARY: f32 = 0.5;
/// Later criteria stand behind earlier ones by so little.
const ORDER: f32 = 0.001;
/// At most so many variants of one sentence.
const OF_ONE: usize = 3;
/// At most so many variants of a ticket.
const VARIANTS: usize = 16;
/// Minutes of a criterion's scenario: so many, and so many more for each step behind the first.
const MINUTES: u32 = 5;
/// See [`MINUTES`].
const MINUTES_A_STEP: u32 = 2;

/// The predictor that designs tests. It is on by default, with a user's own rules where there are
/// some ([`AtlasBuilder::design_rules`](crate::AtlasBuilder::design_rules)).
///
/// ```
/// use atlas_core::Atlas;
/// use atlas_core::domain::Draft;
/// let atlas = Atlas::open_in_memory()?;
/// let mut draft = Draft::new("Pay with a saved card");
/// draft.description = Some("Acceptance criteria:\n- An expired card cannot be chosen".into());
/// let first = atlas.predict(&draft, 5)?.scenarios.remove(0);
/// assert_eq!(first.name, "An expired card cannot be chosen");
/// assert_eq!(first.steps[0].action, "Try to choose an expired card");
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Design {
    rules: DesignRules,
}

impl Design {
    /// The rules that ship and a user's own (TOML, the shape of `data/design.toml`); one with a
    /// known id replaces it.
    ///
    /// # Errors
    /// `INVALID_VALUE` naming what is wrong with the user's rules.
    pub fn new(own: &[String]) -> Result<Self> {
        Ok(Design {
            rules: DesignRules::new(own)?,
        })
    }
}

impl Predictor for Design {
    fn name(&self) -> &str {
        DESIGN
    }

    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        Ok(Suggestions {
            scenarios: scenarios(&self.rules, query.draft, &Taste::of(query)),
            edge_cases: Vec::new(),
        })
    }
}

/// Whether the reasons of a designed test name a variant, and not the test of a criterion itself.
pub fn is_variant(reasons: &[Reason]) -> bool {
    let rule = reasons.iter().find_map(|reason| reason.rule.as_deref());
    rule.is_some_and(|rule| rule != CRITERION.rule && rule != DUTY.rule)
}

/// What the tester kept so far, for tickets of some components.
struct Taste<'a> {
    kept: Option<&'a KeptRules>,
    components: Vec<&'a str>,
}

impl<'a> Taste<'a> {
    fn of(query: &Query<'a>) -> Self {
        let components = query.components.iter();
        Taste {
            kept: query.kept_designs,
            components: components.map(|(name, _)| name.as_str()).collect(),
        }
    }

    /// Whether nothing was answered yet.
    fn is_unknown(&self) -> bool {
        self.kept.is_none_or(KeptRules::is_empty)
    }

    fn probability(&self, stated: Stated<'_>, technique: &[Stated<'_>]) -> f32 {
        self.kept.map_or(stated.probability, |kept| {
            kept.probability(stated, technique, &self.components)
        })
    }

    /// What was answered to tests of a rule, in words.
    fn answers(&self, rule: &str) -> Option<Reason> {
        let RuleCounts { kept, answered } = self.kept?.of(rule);
        let text = format!("you kept {kept} of {answered} tests of the rule {rule}");
        (answered > 0).then(|| Reason::new(ReasonKind::Rule, text))
    }
}

/// A sentence that tests are made from.
struct DesignSource {
    text: String,
    /// How its own scenario is made; none for a summary, which has none of its own.
    own: Option<Stated<'static>>,
    /// What the confidence of variants is multiplied by.
    weight: f32,
    /// What it is, in words: "acceptance criterion 2 of 4".
    named: String,
    /// Whether only rules for defects apply.
    is_report: bool,
}

/// Everything that is designed for a ticket: first a scenario for each criterion, then variants.
fn scenarios(rules: &DesignRules, draft: &Draft, taste: &Taste<'_>) -> Vec<Candidate> {
    let description = draft.description.as_deref().unwrap_or_default();
    let text = format!("{} {description}", draft.summary);
    let known = rules.language_of(&text);
    let sources = sources(draft, description, known.map(|known| known.language));
    let actor = known.and_then(|known| story_actor(draft, description, known.language));
    let mut found: Vec<Candidate> = sources
        .iter()
        .enumerate()
        .filter_map(|(place, source)| {
            let own = source.own?;
            let confidence = taste.probability(own, &[CRITERION, DUTY]) - ORDER * place as f32;
            let summary = draft.summary.as_str();
            let designed = criterion::design(&source.text, summary, actor.as_deref(), known);
            let reasons = taste.answers(own.rule).into_iter().collect();
            Some(of_criterion(
                designed,
                source,
                own.rule,
                confidence.max(0.0),
                reasons,
            ))
        })
        .collect();
    let Some(known) = known else {
        return found;
    };
    let context = facts::FactContext {
        rules,
        language: known.language,
        name: known.name,
        by: known.by,
        summary: &draft.summary,
    };
    let mut variants: Vec<Candidate> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    if let Some(actor) = actor
        .as_deref()
        .filter(|_| sources.iter().any(|s| s.own.is_some()))
    {
        let facts = facts::of_actor(&context, actor);
        variants.extend(
            facts
                .into_iter()
                .map(|fact| of_fact(fact.weighed(rules, taste), &sources[0], 1.0, true, taste)),
        );
    }
    for source in &sources {
        let parts = criterion::parts(&source.text, known.language);
        let mut facts: Vec<DesignFact> = parts
            .into_iter()
            .flat_map(|part| facts::of_sentence(&context, &Sentence::new(part)))
            .collect();
        facts.retain(|fact| !source.is_report || fact.reports);
        facts.retain(|fact| seen.insert(fact.key.clone()));
        let mut facts: Vec<DesignFact> = facts
            .into_iter()
            .map(|fact| fact.weighed(rules, taste))
            .collect();
        facts.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let kept = facts.into_iter().take(OF_ONE);
        variants.extend(kept.map(|fact| of_fact(fact, source, source.weight, false, taste)));
    }
    // Stable: of equal ones the earlier sentence goes first.
    variants.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    variants.truncate(VARIANTS);
    found.extend(variants);
    found
}

/// The sentences that tests are made from.
fn sources(draft: &Draft, description: &str, language: Option<&Language>) -> Vec<DesignSource> {
    let stated = criteria(&draft.summary, description);
    let is_defect = ticket_type::is_defect(&draft.ticket_type);
    let summary = DesignSource {
        text: draft.summary.clone(),
        own: None,
        weight: SUMMARY,
        named: "the summary".to_owned(),
        is_report: true,
    };
    let Some(stated) = stated else {
        return vec![summary];
    };
    let only_sentences = stated.kind == CriteriaKind::Sentences;
    let count = stated.items.len();
    let (what, own, weight) = match stated.kind {
        CriteriaKind::Section => ("acceptance criterion", CRITERION, 1.0),
        CriteriaKind::Scenarios => ("scenario", CRITERION, 1.0),
        CriteriaKind::Sentences => ("sentence that says what must be", DUTY, OF_DUTY),
    };
    let items = stated
        .items
        .into_iter()
        .zip(1..)
        .filter(|(text, _)| !only_sentences || is_duty_of_product(text, language))
        .map(|(text, number)| DesignSource {
            text,
            own: Some(own),
            weight,
            named: format!("{what} {number} of {count}"),
            is_report: is_defect,
        });
    items.chain([summary]).collect()
}

/// Whether a sentence with "must" or "should" says what the product does. Talk among people, notes,
/// what a tester has to do, and sentences that go on elsewhere say something else.
fn is_duty_of_product(text: &str, language: Option<&Language>) -> bool {
    if text.trim_end().ends_with([':', '…']) {
        return false;
    }
    let Some(language) = language else {
        return true;
    };
    let sentence = Sentence::new(text);
    let words = &sentence.words;
    let is_note = |word: &Word<'_>| word.mark == Some(':') && language.notes.contains(&word.lower);
    let is_aside = language.asides.at(words, 0).is_some() || words.first().is_some_and(is_note);
    let is_talk = language.talk.at(words, 0).is_some() && language.abilities.first(words).is_none();
    let breaks_off = words.last().is_some_and(|word| word.lower == "to");
    !is_aside && !is_talk && !breaks_off && language.of_tests.first(words).is_none()
}

/// "As a logged-in customer, I want …": who wants it.
fn story_actor(draft: &Draft, description: &str, language: &Language) -> Option<String> {
    let lines = std::iter::once(draft.summary.as_str()).chain(description.lines().take(20));
    for line in lines {
        let sentence = Sentence::new(line);
        let words = &sentence.words;
        let Some(length) = language.story.at(words, 0) else {
            continue;
        };
        let until = (length..words.len()).find(|&at| language.want.at(words, at).is_some());
        let Some(until) = until else {
            continue;
        };
        let part = sentence.end_of_part(length).min(until);
        if part > length && part - length <= 6 {
            // The article is part of "as a".
            let from = length.saturating_sub(usize::from(length > 1));
            let role = sentence.slice(&(from..part));
            return Some(role.to_owned());
        }
    }
    None
}

fn of_criterion(
    designed: criterion::Designed,
    source: &DesignSource,
    rule: &str,
    confidence: f32,
    learned: Vec<Reason>,
) -> Candidate {
    let more = u32::try_from(designed.steps.len())
        .unwrap_or(1)
        .saturating_sub(1);
    let scenario = OwnScenario {
        name: designed.name,
        steps: designed.steps,
        minutes: Some(MINUTES + MINUTES_A_STEP * more),
        steps_origin: StepsOrigin::Designed,
    };
    let mut candidate = Candidate::new(scenario, confidence);
    let text = format!("{}: \"{}\"", source.named, source.text);
    candidate.reasons.push(Reason {
        rule: Some(rule.to_owned()),
        ..Reason::new(ReasonKind::Rule, text)
    });
    candidate.reasons.extend(learned);
    candidate
}

fn of_fact(
    fact: DesignFact,
    source: &DesignSource,
    weight: f32,
    is_story: bool,
    taste: &Taste<'_>,
) -> Candidate {
    let scenario = OwnScenario {
        name: fact.name,
        steps: fact.steps,
        minutes: Some(fact.minutes),
        steps_origin: StepsOrigin::Designed,
    };
    let mut candidate = Candidate::new(scenario, fact.probability * weight);
    let place = match is_story {
        true => "the story".to_owned(),
        false => format!("{}: \"{}\"", source.named, source.text),
    };
    candidate.reasons.push(Reason {
        words: vec![fact.about.clone()],
        rule: Some(fact.rule.clone()),
        ..Reason::new(
            ReasonKind::Rule,
            format!(
                "{} of \"{}\" (rule {}), in {place}",
                fact.technique, fact.about, fact.rule
            ),
        )
    });
    candidate.reasons.extend(taste.answers(&fact.rule));
    candidate
}
