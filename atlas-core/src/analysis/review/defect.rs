//! What the report of a defect lacks: steps, what is expected, where it was seen.

use super::rules::WordList;
use super::statement::{Parsed, Role};
use super::{Context, Raised};
use crate::text::grammar::{Form, clauses, predicate};
use crate::text::steps::{PassageSection, TicketStepsKind};

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let ticket = context.ticket;
    let missing = [
        (!tells_steps(context), "no-steps"),
        (!tells_expected(context), "no-expected-result"),
        (!tells_environment(context), "no-environment"),
    ];
    let missing = missing.into_iter().filter(|(is_missing, _)| *is_missing);
    missing
        .map(|(_, code)| Raised::missing(code, ticket.draft))
        .collect()
}

fn has(context: &Context<'_>, list: WordList) -> bool {
    let phrases = context.known.words.list(list);
    context.parsed.iter().any(|parsed| parsed.has(phrases))
}

/// Steps, code, words such as "reproduce", an instruction, or "when I press Export".
fn tells_steps(context: &Context<'_>) -> bool {
    let ticket = context.ticket;
    let is_told = |passage: &crate::text::steps::Passage<'_>| {
        passage.section == PassageSection::Steps(TicketStepsKind::Reproduction)
            && !passage.text.is_empty()
    };
    ticket.steps.is_some()
        || ticket.description.contains("```")
        || ticket.passages.iter().any(is_told)
        || has(context, WordList::Reproduced)
        || context
            .parsed
            .iter()
            .any(|parsed| instructs(parsed, context))
}

/// Whether a sentence tells what somebody does.
fn instructs(parsed: &Parsed<'_>, context: &Context<'_>) -> bool {
    let language = context.known.language;
    let sentence = &parsed.sentence;
    let Some(first) = sentence.words.first() else {
        return false;
    };
    let is_plain = language.verb(&first.lower, Form::Plain).is_some();
    // "Open the form and …"; a summary such as "Export fails" has a subject first.
    if parsed.statement.role != Role::Summary && is_plain && sentence.words.len() > 3 {
        return true;
    }
    if parsed.statement.role != Role::Summary && tells_event(parsed, context) {
        return true;
    }
    let condition = clauses(sentence, language).condition;
    condition.is_some_and(|condition| {
        let told = predicate(sentence, &condition.words, language);
        let begins = sentence.words.get(condition.words.start);
        let goes_on = begins.is_some_and(|w| language.verb(&w.lower, Form::Ing).is_some());
        // A condition of the summary is too short for the way there.
        parsed.statement.role != Role::Summary
            && (goes_on || told.is_some_and(|told| told.verb.is_some()))
    })
}

/// "When I move to the price nothing is read aloud": no comma ends the condition.
fn tells_event(parsed: &Parsed<'_>, context: &Context<'_>) -> bool {
    let language = context.known.language;
    let words = &parsed.sentence.words;
    (0..words.len()).any(|at| {
        let part = at + 1..words.len().min(at + 6);
        let told = || predicate(&parsed.sentence, &part, language);
        language.event.contains(&words[at].lower)
            && part.len() > 2
            && told().is_some_and(|told| told.auxiliary.is_none() && told.verb.is_some())
    })
}

fn tells_expected(context: &Context<'_>) -> bool {
    let ticket = context.ticket;
    let is_told = |passage: &crate::text::steps::Passage<'_>| {
        passage.section == PassageSection::Expected && !passage.text.is_empty()
    };
    // "It is not shown": the opposite is expected.
    let language = context.known.language;
    let summary = &context.parsed[0].sentence.words;
    let is_denied = summary
        .iter()
        .any(|word| language.negation.contains(&word.lower));
    is_denied
        || ticket.criteria.is_some()
        || ticket.passages.iter().any(is_told)
        || has(context, WordList::Expected)
        || has(context, WordList::Crash)
}

/// A name of a system or the like, or a version such as 4.2.1.
fn tells_environment(context: &Context<'_>) -> bool {
    let draft = context.ticket.draft;
    let names: Vec<&String> = draft.labels.iter().chain(&draft.components).collect();
    let phrases = context.known.words.list(WordList::Environment);
    let is_named = names.into_iter().any(|name| {
        let sentence = crate::text::grammar::Sentence::new(name);
        phrases.first(&sentence.words).is_some()
    });
    let has_version = |parsed: &Parsed<'_>| {
        let mut words = parsed.sentence.words.iter();
        words.any(|word| is_version(word.text))
    };
    is_named || has(context, WordList::Environment) || context.parsed.iter().any(has_version)
}

/// `4.2.1`, `v2`.
fn is_version(word: &str) -> bool {
    let bare = word.strip_prefix(['v', 'V']).unwrap_or(word);
    let parts: Vec<&str> = bare.split('.').collect();
    let are_numbers = parts
        .iter()
        .take(2)
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    are_numbers && (parts.len() >= 3 || bare.len() < word.len())
}
