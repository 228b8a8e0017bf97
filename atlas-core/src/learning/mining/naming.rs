//! Names of scenarios: what is verified, said as it should be, from the title of a report that
//! says how it is not.

use super::markup::capitalised;
use crate::text::prose::{prose, summary_without_prefix};

/// Longer names are cut.
const LONGEST: usize = 90;

/// A title turned into what a test verifies: "X does not open when …" becomes "X opens when …".
/// `None` where the title says no fault that can be turned around.
///
/// ```
/// use atlas_core::learning::mining::naming::turned_around;
/// for (report, scenario) in [
///     ("Label doesn't update when rotated", "Label updates when rotated"),
///     ("App crashes when the list is empty", "App does not crash when the list is empty"),
///     ("Unable to open the camera on Android 6", "Open the camera on Android 6"),
///     ("Crash on closing a window", "No crash on closing a window"),
/// ] {
///     assert_eq!(turned_around(report).as_deref(), Some(scenario));
/// }
/// assert_eq!(turned_around("Label is cut when it does not fit"), None);
/// ```
pub fn turned_around(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    // A fault after "when" is the condition of another one.
    let end = words
        .iter()
        .position(|word| CONDITIONS.contains(&word.to_lowercase().as_str()))
        .unwrap_or(words.len());
    let at = |place: usize| {
        words
            .get(place)
            .map_or(String::new(), |word| word.to_lowercase().replace('’', "'"))
    };
    for place in 0..end {
        for length in (1..=3).rev() {
            let phrase: Vec<String> = (place..place + length).map(at).collect();
            let phrase = phrase.join(" ");
            let phrase = phrase.trim_end_matches([',', '.', '!']);
            let Some((_, turn)) = FAULTS.iter().find(|(fault, _)| *fault == phrase) else {
                continue;
            };
            let after = place + length;
            let rest = words.get(after..).unwrap_or_default();
            let turned = turn_now(*turn, &words[..place], rest)?;
            return Some(capitalised(&turned));
        }
    }
    None
}

/// How a phrase is turned around.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// Replaced by this.
    By(&'static str),
    /// Left out, and the verb after it gets its ending: "does not open", "opens".
    Verb,
    /// Left out: "never opens", "opens".
    Nothing,
    /// Left out at the beginning, "can" elsewhere: "unable to open".
    Ability,
    /// "does not" before the verb's plain form, "No" at the beginning.
    Deny(&'static str),
    /// "No" before it at the beginning; says nothing elsewhere.
    None(&'static str),
}

fn turn_now(turn: Turn, before: &[&str], after: &[&str]) -> Option<String> {
    // Turned around, "does not give any rows" is "gives rows".
    let after: Vec<&str> = after
        .iter()
        .copied()
        .filter(|word| *word != "any")
        .collect();
    let after = after.as_slice();
    // What these words say cannot be turned around with the verb.
    if after.iter().any(|word| {
        ["anything", "anyone", "either", "only", "but"]
            .contains(&word.to_lowercase().trim_end_matches(','))
    }) {
        return None;
    }
    let (start, rest) = (before.join(" "), after.join(" "));
    let joined = |middle: &str| {
        [start.as_str(), middle, rest.as_str()]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    };
    match turn {
        Turn::By(_) | Turn::Verb | Turn::Nothing if before.is_empty() => None,
        // "fails with an error": what follows belongs to the fault.
        Turn::By(_)
            if ["with", "due", "to"].contains(&after.first().copied().unwrap_or_default()) =>
        {
            None
        }
        Turn::By(words) => Some(joined(words)),
        Turn::Nothing => Some(joined("")),
        Turn::Verb => {
            let (verb, more) = after.split_first()?;
            let verb = if *verb == "be" {
                "is".to_owned()
            } else {
                third_person(verb)?
            };
            Some([&[start.as_str(), verb.as_str()], more].concat().join(" "))
        }
        Turn::Ability if before.is_empty() => (!after.is_empty()).then(|| rest.clone()),
        Turn::Ability => {
            let last = before.last().map(|word| word.to_lowercase());
            let is = ["is", "are", "be", "was"]
                .iter()
                .any(|word| last.as_deref() == Some(word));
            let start = before[..before.len() - usize::from(is)].join(" ");
            (!start.is_empty() && !after.is_empty()).then(|| format!("{start} can {rest}"))
        }
        Turn::Deny(noun) if before.is_empty() => {
            (!after.is_empty()).then(|| format!("No {noun} {rest}"))
        }
        Turn::Deny(noun) => {
            let last = before
                .last()
                .map(|word| word.to_lowercase())
                .unwrap_or_default();
            let is = [
                "is",
                "are",
                "to",
                "may",
                "will",
                "can",
                "a",
                "the",
                "causes",
                "cause",
                "get",
                "gets",
                "an",
                "in",
                "of",
                "on",
                "and",
                "or",
                "by",
                "without",
                "no",
                "not",
                "intermittent",
                "random",
            ]
            .contains(&last.as_str());
            let plural = last.ends_with('s') && !last.ends_with("ss") && last.len() > 3;
            let auxiliary = if plural { "do not" } else { "does not" };
            (!is).then(|| joined(&format!("{auxiliary} {noun}")))
        }
        Turn::None(noun) => {
            (before.is_empty() && !after.is_empty()).then(|| format!("No {noun} {rest}"))
        }
    }
}

/// Words after which a condition follows.
const CONDITIONS: [&str; 14] = [
    "when", "if", "while", "after", "unless", "because", "that", "which", "once", "whenever",
    "until", "where", "before", "since",
];

/// Phrases that say a fault, in lower case, and how each is turned around.
#[rustfmt::skip]
const FAULTS: &[(&str, Turn)] = &[
    ("does not", Turn::Verb), ("doesn't", Turn::Verb), ("doesnt", Turn::Verb),
    ("did not", Turn::Verb), ("didn't", Turn::Verb), ("will not", Turn::Verb),
    ("won't", Turn::Verb), ("fails to", Turn::Verb), ("failed to", Turn::Verb),
    ("fail to", Turn::Nothing), ("do not", Turn::Nothing), ("don't", Turn::Nothing),
    ("no longer", Turn::Nothing), ("never", Turn::Nothing), ("is not working", Turn::By("works")),
    ("isn't working", Turn::By("works")), ("are not working", Turn::By("work")),
    ("not working", Turn::By("works")), ("stopped working", Turn::By("works")),
    ("stops working", Turn::By("keeps working")), ("not work", Turn::By("works")),
    ("is not", Turn::By("is")), ("isn't", Turn::By("is")), ("are not", Turn::By("are")),
    ("aren't", Turn::By("are")), ("was not", Turn::By("is")), ("wasn't", Turn::By("is")),
    ("were not", Turn::By("are")), ("can not", Turn::Ability), ("cannot", Turn::Ability),
    ("can't", Turn::Ability), ("unable to", Turn::Ability), ("not able to", Turn::Ability),
    ("not possible to", Turn::Ability), ("impossible to", Turn::Ability),
    ("could not", Turn::Ability), ("couldn't", Turn::Ability), ("crashes", Turn::Deny("crash")),
    ("crash", Turn::Deny("crash")), ("crashing", Turn::Deny("crash")),
    ("crashed", Turn::Deny("crash")), ("freezes", Turn::Deny("freeze")),
    ("hangs", Turn::Deny("hang")), ("flickers", Turn::Deny("flicker")),
    ("leaks", Turn::Deny("leak")), ("memory leak", Turn::None("memory leak")),
    ("memory leaks", Turn::None("memory leaks")), ("error", Turn::None("error")),
    ("errors", Turn::None("errors")), ("exception", Turn::None("exception")),
    ("is failing", Turn::By("works")), ("are failing", Turn::By("work")),
    ("fails", Turn::By("succeeds")), ("is broken", Turn::By("works")),
    ("are broken", Turn::By("work")), ("is missing", Turn::By("is there")),
    ("are missing", Turn::By("are there")), ("is ignored", Turn::By("is respected")),
    ("are ignored", Turn::By("are respected")), ("ignores", Turn::By("respects")),
    ("disappears", Turn::By("stays visible")), ("disappear", Turn::By("stay visible")),
    ("incorrectly", Turn::By("correctly")), ("wrongly", Turn::By("correctly")),
    ("improperly", Turn::By("properly")), ("wrong", Turn::By("right")),
    ("incorrect", Turn::By("correct")), ("throws exception", Turn::By("throws no exception")),
    ("throws an exception", Turn::By("throws no exception")),
    ("throws an error", Turn::By("throws no error")),
    ("throws error", Turn::By("throws no error")),
];

/// "open" as "opens"; nothing for what is no plain verb.
fn third_person(verb: &str) -> Option<String> {
    let lower = verb.to_lowercase();
    let verb = if verb.chars().skip(1).any(char::is_uppercase) {
        verb
    } else {
        &lower
    };
    if !verb.chars().all(|c| c.is_ascii_lowercase()) || verb.len() < 2 {
        return None;
    }
    Some(match verb {
        "have" => "has".to_owned(),
        "login" => "logs in".to_owned(),
        _ if verb.ends_with("ing") || verb.ends_with("ed") && verb != "need" => return None,
        // "correctly", "properly": the verb follows.
        _ if verb.ends_with("ly") && verb != "apply" && verb != "reply" => return None,
        _ if ["s", "sh", "ch", "x", "z", "o"]
            .iter()
            .any(|end| verb.ends_with(end)) =>
        {
            format!("{verb}es")
        }
        _ if verb.ends_with('y')
            && !verb.ends_with(['a', 'e', 'o'])
            && !["ay", "ey", "oy", "uy"]
                .iter()
                .any(|end| verb.ends_with(end)) =>
        {
            format!("{}ies", &verb[..verb.len() - 1])
        }
        _ => format!("{verb}s"),
    })
}

/// A scenario's name from the title of its example: without the platform or component that the
/// title begins with, turned around where it tells a fault, and with `topic` before it where the
/// title does not say it.
///
/// ```
/// use atlas_core::learning::mining::naming::name;
/// assert_eq!(name("iOS: Ti.Map: pins don't show", true, Some("Map")), "Map: Pins show");
/// assert_eq!(name("Export of the list to CSV", false, Some("CSV")), "Export of the list to CSV");
/// assert_eq!(name("Title cut in the list", true, None), "Regression: Title cut in the list");
/// ```
pub fn name(title: &str, defect: bool, topic: Option<&str>) -> String {
    let plain = prose(title);
    let plain = if plain.is_empty() {
        title.trim()
    } else {
        &plain
    };
    let bare = without_asides(summary_without_prefix(plain));
    let bare = match bare.split_once(". ") {
        Some((sentence, _)) if sentence.len() >= 20 => sentence,
        _ => &bare,
    };
    let bare = bare.trim_end_matches(['.', ':', ' ', '!', ',', '-', '?']);
    let bare = if bare.split_whitespace().count() < 2 {
        plain
    } else {
        bare
    };
    let said = match turned_around(bare) {
        Some(turned) => turned,
        None if defect => format!("Regression: {}", capitalised(bare)),
        None => capitalised(without_request(bare)),
    };
    let said = match topic.filter(|topic| !holds(&said, topic)) {
        Some(topic) => {
            let said = said.strip_prefix("Regression: ").unwrap_or(&said);
            format!("{topic}: {said}")
        }
        None => said,
    };
    cut(&said)
}

fn holds(text: &str, topic: &str) -> bool {
    text.to_lowercase().contains(&topic.to_lowercase())
}

/// "Add support for X" is X.
fn without_request(title: &str) -> &str {
    let lower = title.to_lowercase();
    [
        "add support for ",
        "implement ",
        "add ability to ",
        "ability to ",
        "provide ",
        "expose ",
    ]
    .iter()
    .find(|start| lower.starts_with(**start))
    .and_then(|start| title.get(start.len()..))
    .unwrap_or(title)
}

/// Without what stands in brackets.
pub fn without_asides(title: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0usize);
    for (place, c) in title.char_indices() {
        match c {
            // "open()" is a name.
            '(' | '[' if depth > 0 || place == 0 || title[..place].ends_with(' ') => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let end = name
        .char_indices()
        .nth(LONGEST)
        .map_or(name.len(), |(end, _)| end);
    let clause = [
        ", ",
        " - ",
        "; ",
        ". ",
        " because ",
        " resulting ",
        " causing ",
    ]
    .iter()
    .filter_map(|stop| name[..end].rfind(stop))
    .filter(|cut| *cut >= 40)
    .max();
    match clause {
        Some(cut) => name[..cut].to_owned(),
        None => {
            let word = name[..end].rfind(' ').unwrap_or(end);
            format!("{}…", name[..word].trim_end_matches([',', ' ', '-', ':']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_turned_around_once_and_not_in_conditions() {
        for (report, scenario) in [
            ("Rows can't be removed", Some("Rows can be removed")),
            ("Window fails to close", Some("Window closes")),
            (
                "Property is ignored on Android",
                Some("Property is respected on Android"),
            ),
            ("Event does not properly fire", None),
            (
                "Color wrong in header when not set",
                Some("Color right in header when not set"),
            ),
            (
                "Rows crash if scrolled",
                Some("Rows do not crash if scrolled"),
            ),
            ("Causes a crash in the list", None),
            ("Search never finishes", Some("Search finishes")),
            ("", None),
            ("not", None),
        ] {
            assert_eq!(turned_around(report).as_deref(), scenario, "{report}");
        }
    }

    #[test]
    fn names_are_short_and_without_asides() {
        let long = format!("The list is shown, {}", "and so on ".repeat(20));
        let cut = name(&long, false, None);
        assert!(cut.chars().count() <= LONGEST + 1, "{cut}");
        assert_eq!(
            name(
                "[Android] setTitle() has no effect (regression in 2.1)",
                false,
                None
            ),
            "setTitle() has no effect"
        );
        assert_eq!(name("", true, None), "Regression: ");
    }
}
