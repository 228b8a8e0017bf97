//! Facts in a sentence, and the tests that the rules make of them.

use super::super::kept_rules::Stated;
use super::Taste;
use super::criterion::lowercased;
use super::rules::{DesignRule, DesignRules, FactKind, FoundBy, Values};
use crate::domain::Step;
use crate::text::grammar::{
    Form, GrammarPhrases, Language, Limit, LimitKind, Sentence, Word, clauses, limits, list,
    predicate,
};

/// What all sentences of a ticket share.
pub(super) struct FactContext<'a> {
    pub rules: &'a DesignRules,
    pub language: &'a Language,
    /// The language's name.
    pub name: &'a str,
    /// The rules by what fires them.
    pub by: &'a FoundBy,
    pub summary: &'a str,
}

/// A fact with the test that a rule makes of it.
#[derive(Debug)]
pub(super) struct DesignFact {
    pub rule: String,
    pub technique: String,
    /// The words that it was found in.
    pub about: String,
    /// Equal for facts that make the same test.
    pub key: String,
    pub probability: f32,
    pub minutes: u32,
    pub reports: bool,
    pub name: String,
    pub steps: Vec<Step>,
}

impl DesignFact {
    fn new(rule: &DesignRule, language: &str, about: String, values: &Values) -> Option<Self> {
        let wording = rule.wording(language)?;
        let name = wording.name(values);
        // A word says the same wherever it is found; an object or a criterion makes a difference.
        let key = match rule.fact == FactKind::Words && !wording.names_object() {
            true => String::new(),
            false => name.to_lowercase().replace("s ", " "),
        };
        Some(DesignFact {
            key: format!("{} {key}", rule.id),
            rule: rule.id.clone(),
            technique: rule.technique.clone(),
            probability: rule.probability,
            minutes: rule.minutes,
            reports: rule.reports,
            name,
            steps: wording.steps(values),
            about,
        })
    }
}

impl DesignFact {
    /// With the probability that the tester's answers so far say.
    pub fn weighed(mut self, rules: &DesignRules, taste: &Taste<'_>) -> Self {
        if taste.is_unknown() {
            return self;
        }
        let stated = Stated {
            rule: &self.rule,
            probability: self.probability,
        };
        self.probability = taste.probability(stated, &rules.stated(&self.technique));
        self
    }
}

/// The facts of a sentence, in no order.
pub(super) fn of_sentence(context: &FactContext<'_>, sentence: &Sentence<'_>) -> Vec<DesignFact> {
    let mut values = Values::default();
    values.texts.push(("criterion", sentence.text.to_owned()));
    values
        .texts
        .push(("summary", context.summary.trim().to_owned()));
    let mut found = of_limits(context, sentence, &values);
    found.extend(of_list(context, sentence, &values));
    found.extend(of_condition(context, sentence, &values));
    found.extend(of_only(context, sentence));
    found.extend(of_words(context, sentence, &values));
    found.extend(of_verbs(context, sentence, &values));
    found
}

/// The tests for somebody who is not the one that a story names.
pub(super) fn of_actor(context: &FactContext<'_>, actor: &str) -> Vec<DesignFact> {
    // "A user" is everybody.
    match is_anybody(actor, context.language) {
        true => Vec::new(),
        false => of_nobody_else(context, actor),
    }
}

/// "Only the owner can …".
fn of_only(context: &FactContext<'_>, sentence: &Sentence<'_>) -> Vec<DesignFact> {
    let told = predicate(sentence, &sentence.all(), context.language);
    let told = told.filter(|told| told.only && !told.is_passive);
    told.map_or_else(Vec::new, |told| {
        of_nobody_else(context, sentence.slice(&told.subject))
    })
}

fn of_nobody_else(context: &FactContext<'_>, actor: &str) -> Vec<DesignFact> {
    let mut values = Values::default();
    values.texts.push(("actor", actor.to_owned()));
    values
        .texts
        .push(("summary", context.summary.trim().to_owned()));
    made(context, FactKind::Actor, actor, &values)
}

/// Whether a role is no more than "a user" or "a customer".
fn is_anybody(actor: &str, language: &Language) -> bool {
    let sentence = Sentence::new(actor);
    let named = sentence.named(sentence.all(), language);
    let Some(named) = named else {
        return true;
    };
    named.len() == 1
        && matches!(
            sentence.words[named.start].lower.as_str(),
            "user"
                | "customer"
                | "visitor"
                | "player"
                | "person"
                | "guest"
                | "benutzer"
                | "nutzer"
                | "kunde"
        )
}

/// A test by every rule that needs this kind of fact.
fn made(
    context: &FactContext<'_>,
    kind: FactKind,
    about: &str,
    values: &Values,
) -> Vec<DesignFact> {
    let rules = context.rules.of_kind(kind);
    rules
        .filter_map(|(_, rule)| DesignFact::new(rule, context.name, about.to_owned(), values))
        .collect()
}

fn of_limits(
    context: &FactContext<'_>,
    sentence: &Sentence<'_>,
    values: &Values,
) -> Vec<DesignFact> {
    let limits = limits(sentence, context.language);
    let of_one = |limit: Limit| {
        let mut values = values.clone();
        values.texts.extend([
            ("fact", limit.fact.clone()),
            ("value", limit.value),
            ("inside_values", limit.inside_values),
            ("outside_values", limit.outside_values),
        ]);
        values
            .lists
            .extend([("inside", limit.inside), ("outside", limit.outside)]);
        let kind = match limit.kind {
            LimitKind::Limit => FactKind::Limit,
            LimitKind::Duration => FactKind::Duration,
            LimitKind::Count => FactKind::Count,
        };
        made(context, kind, &limit.fact, &values)
    };
    limits.into_iter().flat_map(of_one).collect()
}

fn of_list(context: &FactContext<'_>, sentence: &Sentence<'_>, values: &Values) -> Vec<DesignFact> {
    let Some(items) = list(sentence, context.language) else {
        return Vec::new();
    };
    let mut values = values.clone();
    let line = items.join(", ");
    values.texts.push(("items", line.clone()));
    values.lists.push(("item", items));
    made(context, FactKind::List, &line, &values)
}

/// A condition that is a state has another case; an event that did not come has none.
fn of_condition(
    context: &FactContext<'_>,
    sentence: &Sentence<'_>,
    values: &Values,
) -> Vec<DesignFact> {
    let parts = clauses(sentence, context.language);
    let Some(condition) = parts.condition else {
        return Vec::new();
    };
    let told = predicate(sentence, &condition.words, context.language);
    let is_state = told.is_some_and(|told| told.auxiliary.is_some() && !told.is_passive);
    if condition.is_event && !is_state {
        return Vec::new();
    }
    let text = sentence.slice(&condition.words).to_owned();
    let mut values = values.clone();
    values.texts.push(("condition", text.clone()));
    values
        .texts
        .push(("main", sentence.slice(&parts.main).to_owned()));
    made(context, FactKind::Condition, &text, &values)
}

/// The first word of each rule that has one here.
fn of_words(
    context: &FactContext<'_>,
    sentence: &Sentence<'_>,
    values: &Values,
) -> Vec<DesignFact> {
    let of_rule = |(place, phrases): &(usize, GrammarPhrases)| {
        let (start, length) = phrases.first(&sentence.words)?;
        let word = sentence.slice(&(start..start + length));
        let mut values = values.clone();
        values.texts.push(("word", word.to_owned()));
        let rule = context.rules.rule(*place);
        DesignFact::new(rule, context.name, word.to_lowercase(), &values)
    };
    context.by.words.iter().filter_map(of_rule).collect()
}

/// The rules of each verb whose object is named.
fn of_verbs(
    context: &FactContext<'_>,
    sentence: &Sentence<'_>,
    values: &Values,
) -> Vec<DesignFact> {
    let mut found = Vec::new();
    for (place, word) in sentence.words.iter().enumerate() {
        for (form, verb) in context.language.verbs(&word.lower) {
            let Some(rules) = context.by.verbs.get(verb) else {
                continue;
            };
            let Some(object) = object(context, sentence, place, *form) else {
                continue;
            };
            let mut values = values.clone();
            values.texts.push(("verb", verb.clone()));
            values.texts.push(("object", object.clone()));
            let about = format!("{verb} {object}").to_lowercase();
            found.extend(rules.iter().filter_map(|rule| {
                DesignFact::new(
                    context.rules.rule(*rule),
                    context.name,
                    about.clone(),
                    &values,
                )
            }));
        }
    }
    found
}

/// Where the clause begins that a place is in: behind a mark or a word such as "after".
fn clause_start(sentence: &Sentence<'_>, place: usize, language: &Language) -> usize {
    let words = &sentence.words;
    let begins = |at: &usize| {
        let conditions = at.checked_sub(1).is_some_and(|before| {
            words[before].mark.is_some() || language.condition.at(words, before) == Some(1)
        });
        *at == 0 || conditions
    };
    (0..place).rev().find(begins).unwrap_or(0)
}

/// Whether a text has both marks of each quotation.
fn is_balanced(text: &str) -> bool {
    let count = |mark: char| text.chars().filter(|c| *c == mark).count();
    count('"') % 2 == 0 && count('“') == count('”') && count('(') == count(')')
}

/// What a verb is done to, without its determiner.
fn object(
    context: &FactContext<'_>,
    sentence: &Sentence<'_>,
    place: usize,
    form: Form,
) -> Option<String> {
    let language = context.language;
    let words = &sentence.words;
    let range = match form {
        Form::Participle => {
            // Only behind "is" or "be": "saved cards" are not being saved.
            let before = place.checked_sub(1).map(|at| words[at].lower.as_str())?;
            if !matches!(
                before,
                "be" | "is" | "are" | "been" | "not" | "then" | "automatically"
            ) {
                return None;
            }
            let from = clause_start(sentence, place, language);
            let told = predicate(sentence, &(from..words.len()), language)?;
            // "Can be removed" is done by people, "is rejected" by the product.
            let by_people = !matches!(
                told.auxiliary.as_deref(),
                Some("is" | "are" | "was" | "were")
            );
            let fits = by_people && told.is_passive && told.rest.start == place + 1;
            let end = told
                .subject
                .clone()
                .find(|&at| language.ends.contains(&words[at].lower));
            let subject = told.subject.start..end.unwrap_or(told.subject.end);
            sentence.named(subject, language).filter(|_| fits)?
        }
        Form::Plain | Form::Third => {
            // "The order" is a noun; a verb follows an auxiliary, "to" or its subject.
            let before = place.checked_sub(1).map(|at| &words[at])?;
            let follows = language.auxiliaries.contains(&before.lower)
                || language.actors.contains(&before.lower)
                || matches!(
                    before.lower.as_str(),
                    "to" | "not" | "i" | "we" | "you" | "and" | "or" | "only"
                );
            if !follows || words[place].mark.is_some() {
                return None;
            }
            sentence.noun_phrase(place + 1, language)?
        }
        Form::Ing => return None,
    };
    let object = sentence.slice(&range);
    // "After 3 seconds the tab is removed" and half a quotation name no object.
    let is_time = |word: &Word<'_>| language.time_units.contains(&word.lower);
    if sentence.words[range.clone()].iter().any(is_time) || !is_balanced(object) {
        return None;
    }
    // "Transfers are booked": a capital at the beginning belongs to the sentence.
    Some(match range.start {
        0 => lowercased(object),
        _ => object.to_owned(),
    })
}
