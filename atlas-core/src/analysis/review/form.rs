//! How criteria are written: a pronoun in place of a noun, two requirements in one sentence.

use std::ops::Range;

use super::rules::List;
use super::said::{Role, Said};
use super::{Context, Raised};
use crate::text::grammar::predicate;

/// A criterion of fewer words may hold two requirements.
const LONG: usize = 26;
/// What each of the two has at least.
const LONG_PART: usize = 5;

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let criteria = context.tested();
    let criteria = criteria.filter(|said| said.statement.role == Role::Criterion);
    let found = criteria.flat_map(|said| {
        let pronoun = pronoun(said, context);
        pronoun.into_iter().chain(two_requirements(said, context))
    });
    found.collect()
}

/// "It is shown in grey": what is?
fn pronoun(said: &Said<'_>, context: &Context<'_>) -> Option<Raised> {
    let known = context.known;
    let words = &said.sentence.words;
    let list = |list| known.words.list(list);
    list(List::Pronouns).at(words, 0)?;
    let next = words.get(1)?;
    let is_verb = known.language.auxiliaries.contains(&next.lower);
    let in_front = list(List::BeforeVerb).at(words, 0).is_some();
    let means_nothing = list(List::Impersonal).at(words, 0).is_some();
    let fits = said.statement.is_first && !means_nothing && (is_verb || !in_front);
    let word = words[0].text;
    fits.then(|| Raised::about("pronoun", said.statement).with("word", word))
}

/// A long sentence of two that "and" joins, each with its own subject and verb.
fn two_requirements(said: &Said<'_>, context: &Context<'_>) -> Option<Raised> {
    let language = context.known.language;
    let words = &said.sentence.words;
    if words.len() < LONG {
        return None;
    }
    let tells = |part: Range<usize>| {
        part.len() >= LONG_PART
            && predicate(&said.sentence, &part, language).is_some_and(|told| {
                let named = said.sentence.named(told.subject.clone(), language);
                told.auxiliary.is_some() && named.is_some() && told.subject.len() <= 6
            })
    };
    let joins = |at: &usize| language.joins.contains(&words[*at].lower);
    let two = (LONG_PART..words.len())
        .filter(joins)
        .any(|at| tells(at + 1..said.sentence.end_of_part(at + 1)) && tells(0..at));
    two.then(|| Raised::about("two-requirements", said.statement))
}
