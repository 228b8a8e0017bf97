//! Marks between an action and its result, in files that have no place for results.
//!
//! | mark | splits |
//! |---|---|
//! | ` => ` | where a step has it once, and no code stands around it (`x => x + 1`) |
//! | ` -> `, ` \| ` | where all steps, and at least two, have it once, and none is a path through menus (`File -> Export`) |
//!
//! Marks between backticks or quotes count as text.

use crate::domain::Step;

/// Splits actions at their marks.
pub(super) fn split(steps: Vec<&mut Step>) {
    let open: Vec<&mut Step> = steps
        .into_iter()
        .filter(|step| step.expected.is_none())
        .collect();
    if open.iter().any(|step| arrow(&step.action).is_some()) {
        for step in open {
            if let Some((action, expected)) = arrow(&step.action).map(owned) {
                *step = Step {
                    data: step.data.take(),
                    ..Step::new(action, expected)
                };
            }
        }
        return;
    }
    for mark in [" -> ", " | "] {
        let cut = |step: &&mut Step| {
            once(&step.action, mark)
                .filter(|cut| !is_menu(*cut))
                .map(owned)
        };
        let cuts: Option<Vec<_>> = open.iter().map(cut).collect();
        if let Some(cuts) = cuts.filter(|cuts| cuts.len() > 1) {
            for (step, (action, expected)) in open.into_iter().zip(cuts) {
                *step = Step {
                    data: step.data.take(),
                    ..Step::new(action, expected)
                };
            }
            return;
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
    let words = |text: &str| -> Vec<String> {
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
    expected.trim_start().starts_with(['{', '(']) || names.iter().any(|name| again.contains(name))
}

/// `Choose File -> Export`: what follows is a name of few words, each with a capital letter.
fn is_menu((_, expected): (&str, &str)) -> bool {
    let words: Vec<&str> = expected.split_whitespace().collect();
    let capital = |word: &&str| word.starts_with(|c: char| c.is_uppercase());
    words.len() <= 3 && words.iter().all(capital)
}
