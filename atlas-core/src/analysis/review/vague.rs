//! Words that everybody reads otherwise: "fast", "etc.", "as needed", "some".

use super::rules::WordList;
use super::statement::{Parsed, Role};
use super::ticket::TicketKind;
use super::{Context, Raised};
use crate::text::grammar::limits;

/// The lists of vague words with their findings.
const ALL: [(WordList, &str); 4] = [
    (WordList::Quality, "vague-quality"),
    (WordList::Open, "open-list"),
    (WordList::Discretion, "discretion"),
    (WordList::Quantity, "vague-quantity"),
];

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let parsed = context.parsed.iter();
    parsed
        .flat_map(|parsed| vague_words(parsed, context))
        .collect()
}

fn vague_words(parsed: &Parsed<'_>, context: &Context<'_>) -> Vec<Raised> {
    let known = context.known;
    let role = parsed.statement.role;
    let is_story = context.ticket.kind == TicketKind::Story;
    let lists: &[(WordList, &'static str)] = match role {
        _ if role.is_tested() && role != Role::Duty => &ALL,
        // In prose "some" is rarely a number.
        Role::Duty => &ALL[..3],
        // A story tells why as well; only what is wanted is looked at.
        Role::Story if !context.ticket.has_items() => &[
            (WordList::Quality, "vague-quality"),
            (WordList::Open, "open-list"),
        ],
        Role::Summary if is_story && !context.ticket.has_items() => {
            &[(WordList::Quality, "vague-quality")]
        }
        _ => return Vec::new(),
    };
    let until = parsed.before_purpose(known);
    // "Fast: within 2 seconds" has its measure.
    let is_measured = !limits(&parsed.sentence, known.language).is_empty();
    let gives_examples = parsed.has(known.words.list(WordList::Examples));
    let of_list = |(list, code): &(WordList, &'static str)| {
        if *list == WordList::Open && gives_examples {
            return None;
        }
        let is_quality = matches!(list, WordList::Quality | WordList::Quantity);
        let as_possible = (*list == WordList::Quality)
            .then(|| as_possible(parsed, until))
            .flatten();
        let words = parsed.vague(*list, known, until).or(as_possible)?;
        let about = Raised::about(code, parsed.statement).with("word", words);
        (!(is_quality && is_measured)).then_some(about)
    };
    lists.iter().filter_map(of_list).collect()
}

/// "As little time as possible".
fn as_possible(parsed: &Parsed<'_>, until: usize) -> Option<String> {
    let words = &parsed.sentence.words;
    let is = |at: usize, text: &str| words.get(at).is_some_and(|word| word.lower == text);
    let end = (2..until).find(|&at| is(at, "possible") && is(at - 1, "as"))?;
    let start = (end.saturating_sub(5)..end - 1).find(|&at| is(at, "as"))?;
    Some(parsed.sentence.slice(&(start..end + 1)).to_owned())
}
