//! People without a role: "authorized users", "with the necessary rights".

use std::ops::Range;

use super::rules::WordList;
use super::statement::{Parsed, Role};
use super::{Context, Raised};

/// "With" at most so many words in front of the rights belongs to them.
const GRANTED_WITHIN: usize = 4;

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let looked_at = |parsed: &&Parsed<'_>| {
        parsed.statement.role.is_tested() || parsed.statement.role == Role::Story
    };
    let parsed = context.parsed.iter().filter(looked_at);
    parsed.filter_map(|parsed| role(parsed, context)).collect()
}

fn role(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Raised> {
    let known = context.known;
    let range = parsed
        .first(known.words.list(WordList::Roles))
        .or_else(|| granted(parsed, context))?;
    let anybody = known.words.list(WordList::Anybody);
    let words = &parsed.sentence.words;
    let is_named = (0..words.len()).any(|at| {
        known.language.actors.contains(&words[at].lower)
            && anybody.at(words, at).is_none()
            && !range.contains(&at)
    });
    let word = parsed.sentence.slice(&range);
    (!is_named).then(|| Raised::about("role-missing", parsed.statement).with("word", word))
}

/// "With the corresponding permissions", "who has the rights"; one that is named is in quotation
/// marks or has another noun in front.
fn granted(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<Range<usize>> {
    let language = context.known.language;
    let words = &parsed.sentence.words;
    let grant = parsed.first(context.known.words.list(WordList::Grants))?;
    let list = |list| context.known.words.list(list);
    let near = grant.start.saturating_sub(GRANTED_WITHIN)..grant.start;
    let with = near
        .rev()
        .find(|&at| list(WordList::With).at(words, at).is_some())?;
    let mut between = with + 1..grant.start;
    let is_vague = between.all(|at| {
        language.determiners.contains(&words[at].lower)
            || list(WordList::Unnamed).at(words, at).is_some()
    });
    (is_vague && !parsed.has_quotation).then_some(with..grant.end)
}
