//! People without a role: "authorized users", "with the necessary rights".

use std::ops::Range;

use super::rules::List;
use super::said::{Role, Said};
use super::{Context, Raised};

/// How near "with" stands in front of the rights, in words.
const GRANTED_WITHIN: usize = 4;

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let looked_at =
        |said: &&Said<'_>| said.statement.role.is_tested() || said.statement.role == Role::Story;
    let said = context.said.iter().filter(looked_at);
    said.filter_map(|said| role(said, context)).collect()
}

fn role(said: &Said<'_>, context: &Context<'_>) -> Option<Raised> {
    let known = context.known;
    let range = said
        .first(known.words.list(List::Roles))
        .or_else(|| granted(said, context))?;
    let anybody = known.words.list(List::Anybody);
    let words = &said.sentence.words;
    let is_named = (0..words.len()).any(|at| {
        known.language.actors.contains(&words[at].lower)
            && anybody.at(words, at).is_none()
            && !range.contains(&at)
    });
    let word = said.sentence.slice(&range);
    (!is_named).then(|| Raised::about("role-missing", said.statement).with("word", word))
}

/// "With the corresponding permissions", "who has the rights"; one that is named is in quotation
/// marks or has another noun in front.
fn granted(said: &Said<'_>, context: &Context<'_>) -> Option<Range<usize>> {
    let language = context.known.language;
    let words = &said.sentence.words;
    let grant = said.first(context.known.words.list(List::Grants))?;
    let list = |list| context.known.words.list(list);
    let near = grant.start.saturating_sub(GRANTED_WITHIN)..grant.start;
    let with = near
        .rev()
        .find(|&at| list(List::With).at(words, at).is_some())?;
    let mut between = with + 1..grant.start;
    let is_vague = between.all(|at| {
        language.determiners.contains(&words[at].lower)
            || list(List::Unnamed).at(words, at).is_some()
    });
    (is_vague && !said.has_quotation).then_some(with..grant.end)
}
