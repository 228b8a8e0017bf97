//! A criterion as a scenario of its own: named as the ticket words it, with steps by its shape.

use std::ops::Range;

use super::rules::{KnownDesign, Values, capitalized};
use crate::domain::Step;
use crate::text::grammar::{Language, Predicate, Sentence, clauses, predicate};

/// Longer names are cut, in characters.
const LONGEST_NAME: usize = 140;

/// A criterion's name and steps.
#[derive(Debug, PartialEq)]
pub(super) struct Designed {
    pub name: String,
    pub steps: Vec<Step>,
}

/// The scenario of a criterion. `known` is `None` where no words of the text's language are
/// known: its only step is then the ticket's summary.
pub(super) fn design(
    criterion: &str,
    summary: &str,
    actor: Option<&str>,
    known: Option<KnownDesign<'_>>,
) -> Designed {
    if let Some(designed) = gherkin(criterion, known) {
        return designed;
    }
    let bare = bare(criterion, known.map(|known| known.language));
    let steps = match known {
        Some(known) => steps(bare, summary, actor, known),
        None => vec![Step::new(summary, bare)],
    };
    Designed {
        name: shortened(&capitalized(bare)),
        steps,
    }
}

/// A criterion without its final stop and words such as "Verify that".
pub(super) fn bare<'a>(criterion: &'a str, language: Option<&Language>) -> &'a str {
    let text = criterion.trim().trim_end_matches(['.', ';', ',', '。']);
    let Some(language) = language else {
        return text;
    };
    let sentence = Sentence::new(text);
    let lead = language.lead_ins.at(&sentence.words, 0);
    match lead.and_then(|length| sentence.words.get(length)) {
        Some(first) => &text[first.start..],
        None => text,
    }
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => {
            let cut = name[..end].rfind(' ').unwrap_or(end);
            format!("{}…", name[..cut].trim_end_matches([',', ';', ' ']))
        }
        None => name.to_owned(),
    }
}

/// Steps of a criterion that is a sentence.
fn steps(criterion: &str, summary: &str, actor: Option<&str>, known: KnownDesign<'_>) -> Vec<Step> {
    let language = known.language;
    let sentence = Sentence::new(criterion);
    let parts = clauses(&sentence, language);
    let stands_alone = |main: &Range<usize>| {
        let first = sentence.words.get(main.start);
        let vague = first.is_none_or(|word| language.pronouns.contains(&word.lower));
        // Other languages turn the words round behind a condition.
        main.start == 0 || language.has_verbs() && !vague
    };
    let expected = match parts.condition {
        Some(_) if stands_alone(&parts.main) => capitalized(sentence.slice(&parts.main)),
        _ => capitalized(criterion),
    };
    let texts = |texts: Vec<(&'static str, String)>| Values {
        texts,
        lists: Vec::new(),
    };
    if let Some(condition) = &parts.condition {
        let text = sentence.slice(&condition.words);
        let predicate = predicate(&sentence, &condition.words, language);
        let template = if condition.is_exception {
            known.texts.get("except")
        } else {
            known.texts.get("bring_about")
        };
        let done = predicate
            .filter(|_| !condition.is_exception)
            .and_then(|predicate| deed(&sentence, &predicate, condition.is_event, known));
        let plain = || texts(vec![("condition", text.to_owned())]).fill(template);
        return vec![Step::new(done.unwrap_or_else(plain), expected)];
    }
    let predicate = predicate(&sentence, &parts.main, language);
    let deed = predicate.and_then(|predicate| {
        let may = predicate.auxiliary.as_deref().is_none_or(|auxiliary| {
            matches!(auxiliary, "can" | "cannot" | "can't" | "could" | "may")
                || is_able(&sentence, &predicate)
        });
        match may {
            true => deed(&sentence, &predicate, true, known),
            false => look(&sentence, &predicate, known),
        }
    });
    let generic = || {
        let mut values = texts(vec![("summary", summary.trim().to_owned())]);
        let name = match actor.filter(|_| !known.texts.get("generic_actor").is_empty()) {
            Some(actor) => {
                values.texts.push(("actor", actor.to_owned()));
                "generic_actor"
            }
            None => "generic",
        };
        values.fill(known.texts.get(name))
    };
    vec![Step::new(deed.unwrap_or_else(generic), expected)]
}

/// "Should be able to", "must not be able to".
fn is_able(sentence: &Sentence<'_>, predicate: &Predicate) -> bool {
    let between = sentence
        .words
        .get(predicate.subject.end..predicate.rest.start);
    between.is_some_and(|words| words.iter().any(|word| word.lower == "able"))
}

/// What a person does, as an instruction: "a card can be removed" is "Remove a card".
fn deed(
    sentence: &Sentence<'_>,
    predicate: &Predicate,
    is_event: bool,
    known: KnownDesign<'_>,
) -> Option<String> {
    let language = known.language;
    let verb = predicate.verb.as_deref()?;
    let rest = sentence.slice(&predicate.rest);
    let mut values = Values::default();
    values.texts.push(("verb", verb.to_owned()));
    let template = if predicate.is_passive {
        // "The name is set" is a state; "when a card is removed" and "can be removed" are deeds.
        if !is_event || is_seen(verb) {
            return None;
        }
        let subject = sentence.named(predicate.subject.clone(), language)?;
        // The determiner stays: "Remove a card".
        let object = sentence.slice(&(predicate.subject.start..subject.end));
        let object = format!("{} {rest}", lowercased(object));
        values.texts.push(("object", object.trim().to_owned()));
        if predicate.is_negated { "try" } else { "do" }
    } else {
        let words = sentence.words.get(predicate.subject.clone())?;
        let acts = words
            .iter()
            .any(|word| language.actors.contains(&word.lower));
        let is_i = matches!(words, [one] if matches!(one.lower.as_str(), "i" | "we" | "you"));
        if !acts && !is_i {
            return None;
        }
        values.texts.push(("object", rest.to_owned()));
        let actor = lowercased(sentence.slice(&predicate.subject));
        values.texts.push(("actor", actor));
        match (is_i, predicate.is_negated) {
            (true, false) => "do",
            (true, true) => "try",
            (false, false) => "do_as",
            (false, true) => "try_as",
        }
    };
    let template = known.texts.get(template);
    (!template.is_empty()).then(|| values.fill(template).trim().to_owned())
}

/// "Saved cards are shown masked": where they are shown is where to look.
fn look(sentence: &Sentence<'_>, predicate: &Predicate, known: KnownDesign<'_>) -> Option<String> {
    let verb = predicate.verb.as_deref().filter(|verb| is_seen(verb))?;
    let auxiliary = predicate.auxiliary.as_deref()?;
    let template = known.texts.get("look");
    let plain = predicate.is_passive && !predicate.is_negated && matches!(auxiliary, "is" | "are");
    let subject = sentence.named(predicate.subject.clone(), known.language)?;
    if !plain || template.is_empty() {
        return None;
    }
    let object = lowercased(sentence.slice(&(predicate.subject.start..subject.end)));
    let seen = sentence.words.get(predicate.rest.start.checked_sub(1)?)?;
    let mut values = Values::default();
    let object = format!("{object} {auxiliary} {}", seen.lower);
    values
        .texts
        .extend([("verb", verb.to_owned()), ("object", object)]);
    Some(values.fill(template))
}

/// Verbs of what the product shows rather than of what somebody does.
fn is_seen(verb: &str) -> bool {
    matches!(
        verb,
        "show" | "display" | "list" | "see" | "highlight" | "offer"
    )
}

/// A text with a small letter at its beginning, unless its first word is a name.
pub(super) fn lowercased(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_name = first
        .chars()
        .skip(1)
        .any(|c| c.is_uppercase() || c.is_ascii_digit());
    let mut chars = text.chars();
    match chars.next() {
        Some(c) if !is_name && first != "I" => c.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// A scenario of Given, When and Then in one line, with or without a title before it.
fn gherkin(criterion: &str, known: Option<KnownDesign<'_>>) -> Option<Designed> {
    let (title, body) = match criterion.find("Given ").or(criterion.find("When ")) {
        Some(0) => (None, criterion),
        Some(at) => {
            let title = criterion[..at].trim().strip_suffix(':')?;
            (Some(title.trim()), &criterion[at..])
        }
        None => return None,
    };
    let parts = keyword_parts(body);
    let texts = |wanted: &str| -> Vec<&str> {
        let mut current = "";
        let mut found = Vec::new();
        for (keyword, text) in &parts {
            if !matches!(*keyword, "And" | "But") {
                current = keyword;
            }
            if current == wanted {
                found.push(*text);
            }
        }
        found
    };
    let (given, when, then) = (texts("Given"), texts("When"), texts("Then"));
    if then.is_empty() || given.is_empty() && when.is_empty() {
        return None;
    }
    let actions = given
        .iter()
        .chain(&when)
        .map(|text| Step::new(capitalized(text), ""));
    let mut steps: Vec<Step> = actions.collect();
    if let Some(last) = steps.last_mut() {
        let results: Vec<String> = then.iter().map(|text| capitalized(text)).collect();
        last.expected = Some(results.join("\n"));
    }
    let name = match title {
        Some(title) if !title.is_empty() => title.to_owned(),
        _ => {
            let (word, condition) = match when.last() {
                Some(when) => ("when", when),
                None => ("given", given.last()?),
            };
            let word = known.map_or("when", |known| known.texts.get(word));
            format!("{} {word} {}", then[0], lowercased(condition))
        }
    };
    Some(Designed {
        name: shortened(&capitalized(&name)),
        steps,
    })
}

/// The sentences of a criterion: the parts of a scenario, else all of it.
pub(super) fn parts<'a>(criterion: &'a str, language: &Language) -> Vec<&'a str> {
    let parts = keyword_parts(criterion);
    match parts.iter().any(|(keyword, _)| *keyword == "Then") && parts.len() > 1 {
        true => parts.into_iter().map(|(_, text)| text).collect(),
        false => vec![bare(criterion, Some(language))],
    }
}

/// `Given a form And an answer When …` as its parts.
fn keyword_parts(text: &str) -> Vec<(&str, &str)> {
    const KEYWORDS: [&str; 5] = ["Given", "When", "Then", "And", "But"];
    let mut starts: Vec<(usize, &str)> = Vec::new();
    let mut from = 0;
    for word in text.split_whitespace() {
        let start = text[from..].find(word).map_or(from, |at| from + at);
        from = start + word.len();
        let bare = word.trim_matches(['*', '_', ':', ',']);
        // "Given a user, when she saves, then it is kept": small letters behind a comma.
        let after_comma = text[..start].trim_end().ends_with([',', ';']);
        let keyword = KEYWORDS.iter().find(|keyword| {
            bare == **keyword
                || after_comma
                    && !starts.is_empty()
                    && bare.eq_ignore_ascii_case(keyword)
                    && matches!(**keyword, "When" | "Then")
        });
        if let Some(keyword) = keyword {
            starts.push((start, keyword));
        }
    }
    let ends: Vec<usize> = starts
        .iter()
        .skip(1)
        .map(|(at, _)| *at)
        .chain([text.len()])
        .collect();
    let parts = starts.iter().zip(ends).map(|((start, keyword), end)| {
        let body = text[*start..end]
            .split_once(char::is_whitespace)
            .map_or("", |(_, rest)| rest);
        (*keyword, body.trim().trim_end_matches([',', '.', ';']))
    });
    parts.filter(|(_, body)| !body.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::design::rules::DesignRules;

    fn designed(criterion: &str) -> Designed {
        let rules = DesignRules::new(&[]).unwrap();
        design(
            criterion,
            "Pay with a saved card",
            None,
            rules.language_of("a card is shown"),
        )
    }

    #[test]
    fn steps_follow_the_shape_of_the_criterion() {
        for (criterion, action, expected) in [
            (
                "Saved cards are shown masked to the last four digits.",
                "Go to where saved cards are shown",
                "Saved cards are shown masked to the last four digits",
            ),
            (
                "The CVV is asked again for every payment",
                "Run through \"Pay with a saved card\" with typical data",
                "The CVV is asked again for every payment",
            ),
            (
                "A card can be removed",
                "Remove a card",
                "A card can be removed",
            ),
            (
                "An expired card cannot be chosen",
                "Try to choose an expired card",
                "An expired card cannot be chosen",
            ),
            (
                "The user can sort orders by date",
                "As the user, sort orders by date",
                "The user can sort orders by date",
            ),
            (
                "Guests must not be able to delete comments",
                "As guests, try to delete comments",
                "Guests must not be able to delete comments",
            ),
            (
                "When the user enters a wrong CVV, the payment is refused",
                "As the user, enter a wrong CVV",
                "The payment is refused",
            ),
            (
                "If the name is empty, Save is disabled",
                "Set this up: the name is empty",
                "Save is disabled",
            ),
            (
                "An e-mail is sent when a card is removed",
                "Remove a card",
                "An e-mail is sent",
            ),
            (
                "The banner is shown unless the user has dismissed it",
                "Make sure this is not so: the user has dismissed it",
                "The banner is shown",
            ),
            (
                "Verify that totals are rounded",
                "Run through \"Pay with a saved card\" with typical data",
                "Totals are rounded",
            ),
        ] {
            let found = designed(criterion);
            assert_eq!(found.steps, [Step::new(action, expected)], "{criterion}");
        }
    }

    #[test]
    fn names_are_the_tickets_own_words() {
        assert_eq!(
            designed("verify that an expired card cannot be chosen.").name,
            "An expired card cannot be chosen"
        );
        assert!(designed(&"word ".repeat(99)).name.ends_with("word…"));
    }

    #[test]
    fn given_when_then_are_kept_as_steps() {
        let found = designed(
            "Draft: Given a form And an answer When the session ends Then a draft is kept And it is offered",
        );
        assert_eq!(found.name, "Draft");
        assert_eq!(found.steps.len(), 3);
        assert_eq!(
            found.steps[2],
            Step::new("The session ends", "A draft is kept\nIt is offered")
        );
        let found = designed("Given no answer When the session ends Then nothing is kept");
        assert_eq!(found.name, "Nothing is kept when the session ends");
        let found = designed("Given a user, when she saves, then it is kept");
        assert_eq!(
            found.steps,
            [
                Step::new("A user", ""),
                Step::new("She saves", "It is kept")
            ]
        );
    }

    #[test]
    fn a_language_without_words_keeps_the_tickets_own() {
        let found = design("保存された請求書を削除できる。", "請求書の管理", None, None);
        assert_eq!(
            found.steps,
            [Step::new("請求書の管理", "保存された請求書を削除できる")]
        );
    }
}
