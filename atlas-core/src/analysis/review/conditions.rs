//! Conditions without their other branch.

use std::collections::BTreeSet;

use super::rules::WordList;
use super::statement::{Parsed, Role};
use super::ticket::TicketKind;
use super::{Context, Raised};
use crate::text::grammar::{clauses, limits};

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    if context.ticket.kind == TicketKind::Defect {
        return Vec::new();
    }
    let criteria = context.tested();
    let criteria = criteria.filter(|parsed| parsed.statement.role == Role::Criterion);
    criteria
        .filter_map(|parsed| other_branch(parsed, context))
        .collect()
}

/// "If the player owns a pass, the reward is doubled": and if not?
fn other_branch(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Raised> {
    let known = context.known;
    let (language, words) = (known.language, known.words);
    let sentence = &parsed.sentence;
    let parts = clauses(sentence, language);
    let condition = parts.condition.filter(|c| !c.is_exception && !c.is_event)?;
    let range = condition.words.clone();
    // "Only if" tells both branches.
    let before = &sentence.words[range.start.saturating_sub(2)..range.start];
    let is_only = before
        .iter()
        .any(|word| language.only.contains(&word.lower));
    // "Check if it exists" asks.
    let asks = range
        .start
        .checked_sub(2)
        .is_some_and(|at| words.list(WordList::Asks).at(&sentence.words, at).is_some());
    let inside = |list| {
        let exceptional = parsed.all(words.list(list));
        exceptional.iter().any(|found| range.contains(&found.start))
    };
    let denies = |range: &std::ops::Range<usize>| {
        let denied = &sentence.words[range.clone()];
        denied.iter().any(|w| language.negation.contains(&w.lower))
    };
    let is_exception = inside(WordList::Exceptional) || denies(&range) || parsed.has_number();
    // Nothing happens where a restriction, a message or a limit does not apply.
    let restricts = denies(&parts.main)
        || parsed.has(words.list(WordList::Errors))
        || parsed.has(words.list(WordList::Refused))
        || parsed.has_quotation
        || !limits(sentence, language).is_empty();
    let otherwise = words.list(WordList::Otherwise);
    let next = |other: &Parsed<'_>| {
        other.statement.number == parsed.statement.number.map(|number| number + 1)
    };
    let is_told = context
        .tested()
        .filter(|other| next(other))
        .chain(context.of_one_criterion(parsed))
        .any(|other| other.has(otherwise));
    if is_only || asks || is_exception || restricts || is_told {
        return None;
    }
    let mut own = parsed.content(range.clone(), language);
    let named: BTreeSet<String> = (own.iter())
        .filter(|word| !language.actors.contains(*word))
        .cloned()
        .collect();
    // The player is everywhere; the clan is what it is about.
    if !named.is_empty() {
        own = named;
    }
    let elsewhere = context.tested().any(|other| {
        let is_other = other.statement.number != parsed.statement.number;
        let theirs = other.content(other.sentence.all(), language);
        is_other && own.intersection(&theirs).count() * 2 >= own.len()
    });
    let text = sentence.slice(&range);
    (!elsewhere).then(|| Raised::about("other-branch", parsed.statement).with("condition", text))
}
