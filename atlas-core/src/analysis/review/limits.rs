//! Limits without a number: "large files", "too often", "after a while".

use std::ops::Range;

use super::rules::WordList;
use super::statement::{Parsed, is_small};
use super::{Context, Raised};
use crate::text::grammar::limits;

/// A number at most so many words behind a vague limit belongs to it.
const MEASURED_WITHIN: usize = 3;
/// How near the thing that a vague limit is about stands to it, in words.
const NEAR: usize = 3;

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let tested = context.tested();
    tested
        .filter_map(|parsed| unmeasured(parsed, context))
        .collect()
}

fn unmeasured(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Raised> {
    let known = context.known;
    let until = parsed.before_purpose(known);
    let degree = degree(parsed, context).filter(|range| range.end <= until);
    let named = degree
        .as_ref()
        .map(|range| parsed.sentence.slice(range).to_owned());
    let words = parsed.vague(WordList::Unmeasured, known, until).or(named)?;
    // "Large files (over 10 MB)"; "who leaves too often is banned for 30 minutes" has none.
    let listed = parsed
        .all(known.words.list(WordList::Unmeasured))
        .into_iter();
    let phrases: Vec<Range<usize>> = listed.chain(degree).collect();
    let is_measured = phrases.iter().any(|range| {
        let behind = parsed.sentence.words.iter().skip(range.end);
        let mut near = behind.take(MEASURED_WITHIN);
        near.any(|word| word.text.contains(|c: char| c.is_ascii_digit()))
    });
    if is_measured {
        return None;
    }
    // Another criterion may name the limit of the same thing.
    let about = phrases.first().map_or(0..0, |range| {
        range.start.saturating_sub(NEAR)..(range.end + NEAR).min(parsed.sentence.words.len())
    });
    let own = parsed.content(about, known.language);
    let is_told = context.tested().any(|other| {
        let is_other = other.statement.text != parsed.statement.text;
        let limited = || !limits(&other.sentence, known.language).is_empty();
        let theirs = || other.content(other.sentence.all(), known.language);
        is_other && limited() && !own.is_disjoint(&theirs())
    });
    (!is_told).then(|| Raised::about("limit-without-number", parsed.statement).with("word", words))
}

/// "Too high", "large files": a degree of something that has none yet.
fn degree(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Range<usize>> {
    let known = context.known;
    let words = &parsed.sentence.words;
    let list = |list| parsed.all(known.words.list(list)).into_iter();
    let harmless: Vec<Range<usize>> = list(WordList::Harmless).collect();
    let is_harmless = |range: &Range<usize>| harmless.iter().any(|h| h.contains(&range.start));
    let with_next = |range: Range<usize>| {
        let goes_on = words[range.end - 1].mark.is_none() && range.end < words.len();
        goes_on.then_some(range.start..range.end + 1)
    };
    let too = list(WordList::Too)
        .filter_map(with_next)
        .find(|range| !is_small(&words[range.end - 1].lower, known.language));
    // "The old values" are known; "old entries" are not.
    let several = list(WordList::Sizes).filter_map(with_next).find(|range| {
        let noun = words[range.end - 1].lower.as_str();
        let is_known = parsed.is_definite(range.start, known);
        noun.len() > 3
            && noun.ends_with('s')
            && !noun.ends_with("ss")
            && !is_known
            && !is_harmless(range)
    });
    too.or(several)
}
