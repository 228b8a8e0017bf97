//! Errors and refusals that do not say which message or code one gets, or what happens then.

use super::rules::WordList;
use super::statement::{Parsed, Role};
use super::ticket::TicketKind;
use super::{Context, Raised};
use crate::text::grammar::{Clauses, clauses, predicate};

/// Words behind a refusal that tell what happens then, at least.
const CONSEQUENCE: usize = 3;

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    // A defect itself says what is expected.
    let is_defect = context.ticket.kind == TicketKind::Defect;
    let looked_at = |parsed: &&Parsed<'_>| !is_defect || parsed.statement.role != Role::Duty;
    let tested = context.tested().filter(looked_at);
    tested
        .filter_map(|parsed| error_not_shown(parsed, context))
        .collect()
}

/// "An error is shown", "the request is rejected": with which message, and what then?
fn error_not_shown(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Raised> {
    let about_error = shows_error(parsed, context);
    let refusal = refusal(parsed, context);
    if !about_error && refusal.is_none() {
        return None;
    }
    let words = context.known.words;
    let tells = |other: &Parsed<'_>| {
        other.has_quotation
            || other.has(words.list(WordList::ErrorShown))
            || other.sentence.words.iter().any(|word| is_code(word.text))
    };
    // "The message names the reason."
    let told_elsewhere = |other: &Parsed<'_>| {
        let known = other.all(words.list(WordList::Errors)).into_iter();
        let mut known = known.filter(|range| other.is_definite(range.start, context.known));
        known.next().is_some() && tells(other)
    };
    let is_told =
        context.of_one_criterion(parsed).any(tells) || context.tested().any(told_elsewhere);
    let goes_on = refusal.is_some_and(|end| {
        !about_error && (tells_consequence(parsed, end, context) || more_follows(parsed, context))
    });
    (!is_told && !goes_on).then(|| Raised::about("error-without-message", parsed.statement))
}

/// Whether a message is shown that was not named before: "an error is shown".
fn shows_error(parsed: &Parsed<'_>, context: &Context<'_>) -> bool {
    let (language, words) = (context.known.language, context.known.words);
    let sentence = &parsed.sentence;
    let is_new = parsed
        .all(words.list(WordList::Errors))
        .into_iter()
        .any(|range| {
            let ends = sentence.words.get(range.end).is_none_or(|next| {
                sentence.words[range.end - 1].mark.is_some()
                    || language.ends.contains(&next.lower)
                    || language.auxiliaries.contains(&next.lower)
                    || words
                        .list(WordList::Shown)
                        .at(&sentence.words, range.end)
                        .is_some()
            });
            !parsed.is_definite(range.start, context.known) && ends
        });
    let parts = clauses(sentence, language);
    let told = predicate(sentence, &parts.main, language);
    let is_denied = told.is_some_and(|told| told.is_negated);
    let leads_to = || leads_to_error(parsed, &parts, context);
    is_new && !is_denied && (leads_to() || parsed.has(words.list(WordList::Shown)))
}

/// "Leads to an error", outside a condition; "a message" may be anything.
fn leads_to_error(parsed: &Parsed<'_>, parts: &Clauses, context: &Context<'_>) -> bool {
    let sentence = &parsed.sentence;
    let errors = parsed.all(context.known.words.list(WordList::Errors));
    errors.into_iter().any(|range| {
        let before = range.start.checked_sub(1);
        let article = before.map(|at| sentence.words[at].lower.as_str());
        let condition = parts.condition.as_ref();
        let in_condition = condition.is_some_and(|c| c.words.contains(&range.start));
        let text = &sentence.words[range.start].lower;
        let is_error = text.starts_with("error") || text.starts_with("warning");
        matches!(article, Some("a" | "an")) && is_error && !in_condition
    })
}

/// The place behind "is rejected".
fn refusal(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<usize> {
    let language = context.known.language;
    let words = &parsed.sentence.words;
    let found = parsed.all(context.known.words.list(WordList::Refused));
    let behind = found.into_iter().find(|range| {
        let before = range
            .start
            .checked_sub(1)
            .map(|at| words[at].lower.as_str());
        // "A rejected request" is not being rejected; other languages have no order of words to trust.
        let is_done = before.is_some_and(|word| {
            language.auxiliaries.contains(word)
                || ["be", "been", "not", "get", "gets"].contains(&word)
        });
        is_done || !language.has_verbs()
    })?;
    // "If a request is rejected, it is sent again": a condition asks for nothing.
    let condition = clauses(&parsed.sentence, language).condition;
    let in_condition = condition.is_some_and(|c| c.words.contains(&behind.start));
    (!in_condition).then_some(behind.end)
}

/// Whether words behind a refusal tell what happens then: "… and the event is logged".
fn tells_consequence(parsed: &Parsed<'_>, end: usize, context: &Context<'_>) -> bool {
    let language = context.known.language;
    let words = &parsed.sentence.words;
    let marked = words[end - 1].mark.is_some();
    (end..words.len()).any(|at| {
        let joins = language.joins.contains(&words[at].lower);
        let begins = joins || at == end && marked;
        let rest = words.get(at..).unwrap_or_default();
        let says = rest.iter().skip(1).any(|word| {
            language.auxiliaries.contains(&word.lower) || !language.verbs(&word.lower).is_empty()
        });
        begins && rest.len() > CONSEQUENCE && (says || !language.has_verbs())
    })
}

/// Whether the same criterion has another sentence behind this one.
fn more_follows(parsed: &Parsed<'_>, context: &Context<'_>) -> bool {
    parsed.statement.role == Role::Criterion && context.of_one_criterion(parsed).count() > 1
}

/// `401`, `E-31`, `TOO_MANY_LINES`.
fn is_code(word: &str) -> bool {
    let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "_-".contains(c);
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_status = word.len() == 3 && digits == 3;
    let is_class = word.len() == 3 && word.ends_with("xx") && digits == 1;
    let is_name = word.len() >= 3
        && word.chars().all(is_upper)
        && (word.contains('_') || word.contains('-') && digits > 0);
    is_status || is_class || is_name
}
