//! How criteria are written: a pronoun in place of a noun, two requirements in one sentence.

use std::ops::Range;

use super::rules::WordList;
use super::statement::{Parsed, Role};
use super::{Context, Raised};
use crate::text::grammar::predicate;

/// A criterion of fewer words may hold two requirements.
const LONG: usize = 26;
/// What each of the two has at least.
const LONG_PART: usize = 5;

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let criteria = context.tested();
    let criteria = criteria.filter(|parsed| parsed.statement.role == Role::Criterion);
    let found = criteria.flat_map(|parsed| {
        let pronoun = pronoun(parsed, context);
        pronoun.into_iter().chain(two_requirements(parsed, context))
    });
    found.collect()
}

/// "It is shown in grey": what is?
fn pronoun(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Raised> {
    let known = context.known;
    let words = &parsed.sentence.words;
    let list = |list| known.words.list(list);
    list(WordList::Pronouns).at(words, 0)?;
    let next = words.get(1)?;
    let is_verb = known.language.auxiliaries.contains(&next.lower);
    let in_front = list(WordList::BeforeVerb).at(words, 0).is_some();
    let means_nothing = list(WordList::Impersonal).at(words, 0).is_some();
    let fits = parsed.statement.is_first && !means_nothing && (is_verb || !in_front);
    let word = words[0].text;
    fits.then(|| Raised::about("pronoun", parsed.statement).with("word", word))
}

/// A long sentence of two that "and" joins, each with its own subject and verb.
fn two_requirements(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Raised> {
    let language = context.known.language;
    let words = &parsed.sentence.words;
    if words.len() < LONG {
        return None;
    }
    let tells = |part: Range<usize>| {
        part.len() >= LONG_PART
            && predicate(&parsed.sentence, &part, language).is_some_and(|told| {
                let named = parsed.sentence.named(told.subject.clone(), language);
                told.auxiliary.is_some() && named.is_some() && told.subject.len() <= 6
            })
    };
    let joins = |at: &usize| language.joins.contains(&words[*at].lower);
    let two = (LONG_PART..words.len())
        .filter(joins)
        .any(|at| tells(at + 1..parsed.sentence.end_of_part(at + 1)) && tells(0..at));
    two.then(|| Raised::about("two-requirements", parsed.statement))
}
