//! Marks between an action and its result, in files that have no place for results.
//!
//! | mark | splits |
//! |---|---|
//! | ` => ` | where a step has it once, and no code stands around it (`x => x + 1`) |
//! | ` -> `, ` \| ` | where all steps, and at least two, have one of the marks once, and none is a path through menus (`File -> Export`) |
//!
//! Marks between backticks or quotes count as text.

use std::collections::HashSet;

use crate::domain::Step;

/// Splits actions at their marks.
pub(super) fn split(steps: Vec<&mut Step>) {
    let mut open: Vec<&mut Step> = steps
        .into_iter()
        .filter(|step| step.expected.is_none())
        .collect();
    let any = |step: &&mut Step| {
        let weak = || {
            [" -> ", " | "]
                .iter()
                .find_map(|mark| once(&step.action, mark))
        };
        let weak = || weak().filter(|cut| !is_menu(*cut));
        arrow(&step.action).or_else(weak).map(owned)
    };
    let all: Vec<_> = open.iter().map(any).collect();
    let whole = all.len() > 1 && all.iter().all(Option::is_some);
    for (step, cut) in open.iter_mut().zip(all) {
        let cut = cut
            .filter(|_| whole)
            .or_else(|| arrow(&step.action).map(owned));
        if let Some((action, expected)) = cut {
            step.action = action;
            step.expected = Some(expected);
        }
    }
}

fn owned((action, expected): (&str, &str)) -> (String, String) {
    (action.trim().to_owned(), expected.trim().to_owned())
}

/// The parts of `Submit => It is saved`.
fn arrow(text: &str) -> Option<(&str, &str)> {
    once(text, " => ").filter(|cut| !is_code(*cut))
}

/// The parts around a mark that stands once in a text, and not in quotes.
fn once<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let (action, expected) = text.split_once(mark)?;
    let whole = |part: &str| !part.trim().is_empty();
    let closed = ['"', '`']
        .iter()
        .all(|quote| action.matches(*quote).count() % 2 == 0);
    (closed && !expected.contains(mark.trim()) && whole(action) && whole(expected))
        .then_some((action, expected))
}

/// `x => x + 1`, `(a, b) => a`, `() => {`: what stands before the arrow comes again after it.
fn is_code((action, expected): (&str, &str)) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let words = |text: &str| -> HashSet<String> {
        let words = text
            .split(|c: char| !is_name(c))
            .filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let again = words(expected);
    let names = match action
        .trim_end()
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
    {
        Some((_, "")) => return true,
        Some((_, inner)) => words(inner),
        None => words(action.split_whitespace().next_back().unwrap_or_default()),
    };
    let body = expected.trim_start();
    // "Go to the limit => The limit is kept" is a sentence.
    let is_sentence = body.starts_with(char::is_uppercase) && body.contains(' ');
    let again = !is_sentence && names.iter().any(|name| again.contains(name));
    body.starts_with(['{', '(']) || again
}

/// `Choose File -> Export`: what follows is a name of few words, each with a capital letter.
fn is_menu((_, expected): (&str, &str)) -> bool {
    let words: Vec<&str> = expected.split_whitespace().collect();
    let capital = |word: &&str| word.starts_with(|c: char| c.is_uppercase());
    words.len() <= 3 && words.iter().all(capital)
}
