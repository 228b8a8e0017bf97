//! Lists of values in a sentence: "CSV, PDF and XLSX".

use std::ops::Range;

use super::language::{Form, Language};
use super::sentence::Sentence;

/// The longest item, in words: longer ones are clauses.
const LONGEST_ITEM: usize = 4;
/// More items are not written out.
const MOST: usize = 12;

/// The first list of at least three values, or of two alternatives ("either A or B").
pub(crate) fn list(sentence: &Sentence<'_>, language: &Language) -> Option<Vec<String>> {
    let words = &sentence.words;
    let joint = |at: &usize| language.joins.contains(&words[*at].lower);
    (1..words.len())
        .filter(joint)
        .find_map(|at| list_around(sentence, at, language))
}

/// The list whose last two items a word joins.
fn list_around(sentence: &Sentence<'_>, joint: usize, language: &Language) -> Option<Vec<String>> {
    let words = &sentence.words;
    let mut items = vec![last_item(sentence, joint + 1, language)?];
    // "A, B, and C" has a comma before the joint, "A, B and C" has none.
    let mut end = joint;
    loop {
        let is_first = items.len() >= MOST;
        let from = item_start(sentence, end, language);
        let comma = from.checked_sub(1).map(|at| words[at].mark);
        items.push(from..end);
        match comma {
            Some(Some(',' | '、')) if !is_first => end = from,
            _ => break,
        }
    }
    items.reverse();
    // Without verbs, "HL7 exportiert" cannot be cut by them.
    let longest = items[..items.len() - 1].iter().map(Range::len).max();
    if let (false, Some(last), Some(longest)) = (language.has_verbs(), items.last_mut(), longest) {
        last.end = last.end.min(last.start + longest);
    }
    let either = items[0].start.checked_sub(1);
    let either = either.is_some_and(|at| language.either.contains(&words[at].lower));
    let first = items[0].clone();
    items[0] = sentence.named(first, language)?;
    let enough = items.len() >= if either { 2 } else { 3 };
    let are_names = items
        .iter()
        .all(|item| is_name(sentence, item, either, language));
    let texts = items.iter().map(|item| sentence.slice(item).to_owned());
    (enough && are_names).then(|| texts.collect())
}

/// Where the item begins that ends at a place: behind a mark or a word that ends a noun phrase.
fn item_start(sentence: &Sentence<'_>, end: usize, language: &Language) -> usize {
    let words = &sentence.words;
    let mut start = end;
    while start > 0 && end - start < LONGEST_ITEM {
        let before = &words[start - 1];
        let ends = language.ends.contains(&before.lower)
            || language.auxiliaries.contains(&before.lower)
            || language.either.contains(&before.lower);
        if (start < end && before.mark.is_some()) || ends {
            break;
        }
        start -= 1;
    }
    start
}

/// The item behind the joint.
fn last_item(sentence: &Sentence<'_>, from: usize, language: &Language) -> Option<Range<usize>> {
    let words = &sentence.words;
    let most = sentence.end_of_part(from).min(from + LONGEST_ITEM);
    let mut end = from;
    while end < most
        && !language.ends.contains(&words[end].lower)
        && !language.auxiliaries.contains(&words[end].lower)
    {
        end += 1;
    }
    (end > from).then_some(from..end)
}

/// Whether an item is a name: no pronoun, and no clause with a verb that does something.
/// Of two alternatives one may be a state, such as "closed".
fn is_name(
    sentence: &Sentence<'_>,
    item: &Range<usize>,
    may_be_state: bool,
    language: &Language,
) -> bool {
    let words = sentence.words.get(item.clone()).unwrap_or_default();
    let vague = words.iter().any(|word| {
        language.pronouns.contains(&word.lower) || language.negation.contains(&word.lower)
    });
    // "Opens a form, fills it and saves" lists actions.
    let acts = words.first().is_some_and(|word| {
        let forms = language.verbs(&word.lower);
        let does = forms.iter().any(|(form, _)| *form != Form::Plain);
        words.len() > 1 && !forms.is_empty() || does && !may_be_state
    });
    !words.is_empty() && !vague && !acts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::grammar::Languages;

    #[test]
    fn lists_of_names_are_found_and_lists_of_actions_are_not() {
        let languages = Languages::shipped().unwrap();
        let of = |text: &str| list(&Sentence::new(text), languages.named("en").unwrap());
        for (text, items) in [
            (
                "Cases can be exported as CSV, PDF and XLSX",
                vec!["CSV", "PDF", "XLSX"],
            ),
            (
                "It works in Chrome, Firefox, and Safari on phones",
                vec!["Chrome", "Firefox", "Safari"],
            ),
            (
                "The status is either open or closed.",
                vec!["open", "closed"],
            ),
            (
                "Filter by date, status, assignee or label",
                vec!["date", "status", "assignee", "label"],
            ),
        ] {
            assert_eq!(of(text).unwrap_or_default(), items, "{text}");
        }
        for text in [
            "The user opens the form, fills it and saves",
            "Name and address are kept",
            "A card can be added, edited and removed",
            "It is shown, but it cannot be chosen, and it stays",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
