//! Names of scenarios: what is verified, said as it should be, from the title of a report that
//! says how it is not.

mod denied;
mod faulty;
#[cfg(test)]
mod tests;
mod title;
mod turned;
mod verbs;

use super::markup::capitalised;
use crate::text::grammar::Languages;
use crate::text::prose::{prose, summary_without_prefix};

/// Longer names are cut.
const LONGEST: usize = 90;

/// A defect's title turned into what a test verifies: "X does not open when …" becomes "X opens
/// when …". `None` where the title tells no fault, is not English, or cannot be turned around with
/// certainty; then only its own words keep its meaning.
///
/// ```
/// use atlas_core::learning::mining::naming::turned_around;
/// for (report, scenario) in [
///     ("Label doesn't update when rotated", "Label updates when rotated"),
///     ("App crashes when the list is empty", "App does not crash when the list is empty"),
///     ("Unable to open the camera on Android 6", "Open the camera on Android 6"),
///     ("Crash on closing a window", "No crash on closing a window"),
///     ("Error message is not shown", "Error message is shown"),
///     ("An order can be sent with an expired card", "An order cannot be sent with an expired card"),
/// ] {
///     assert_eq!(turned_around(report).as_deref(), Some(scenario));
/// }
/// assert_eq!(turned_around("Label is cut when it does not fit"), None);
/// ```
pub fn turned_around(title: &str) -> Option<String> {
    // The words ship with the library; without them every title is kept.
    let (name, language) = Languages::shipped().ok()?.of(title)?;
    let turned = (name == "en").then(|| turned::turned(title, language))??;
    Some(capitalised(&turned))
}

/// A scenario's name from the title of its example: without the platform or component that the
/// title begins with, of a defect turned around, and with `topic` before it where the title does
/// not name it. A defect's title that cannot be turned around keeps its words behind "Regression:".
///
/// ```
/// use atlas_core::learning::mining::naming::name;
/// assert_eq!(name("iOS: Ti.Map: pins don't show", true, Some("Map")), "Map: Pins show");
/// assert_eq!(name("Export of the list to CSV", false, Some("CSV")), "Export of the list to CSV");
/// assert_eq!(name("Title cut in the list", true, None), "Regression: Title cut in the list");
/// assert_eq!(name("Guests cannot delete posts", false, None), "Guests cannot delete posts");
/// ```
pub fn name(title: &str, defect: bool, topic: Option<&str>) -> String {
    let plain = prose(title);
    let plain = if plain.is_empty() {
        title.trim()
    } else {
        &plain
    };
    let whole = without_asides(without_prefix(plain));
    let whole = match whole.split_whitespace().count() {
        0 | 1 => plain,
        _ => whole.as_str(),
    };
    let (said, kept) = match defect {
        true => of_defect(whole),
        false => (
            capitalised(without_request(ended(first_sentence(whole)))),
            false,
        ),
    };
    let said = match topic.filter(|topic| !holds(&said, topic)) {
        Some(topic) => format!("{topic}: {said}"),
        None => said,
    };
    match kept {
        true => cut(&format!("Regression: {said}")),
        false => cut(&said),
    }
}

/// What a defect's name says, and whether these are the reporter's words.
fn of_defect(title: &str) -> (String, bool) {
    let first = first_sentence(title);
    // The second sentence may have the fault.
    match turned_around(first) {
        Some(turned) => (ended(&turned).to_owned(), false),
        None => (capitalised(ended(title)), true),
    }
}

/// A title without the names that it begins with; what would lose its subject or a denial keeps
/// them.
fn without_prefix(title: &str) -> &str {
    let bare = summary_without_prefix(title);
    let cut = &title[..title.len() - bare.len()];
    let mut words = bare.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let first = words.find(|word| !word.is_empty()).unwrap_or_default();
    let lacks_subject = VERBS_ALONE.contains(&first.to_lowercase().as_str());
    let says = cut.split_whitespace().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        SAYING.contains(&word.to_lowercase().as_str())
    });
    let is_code = cut.ends_with(':');
    match lacks_subject || says || is_code {
        true => title,
        false => bare,
    }
}

/// Words at the beginning of what has its subject before the colon.
const VERBS_ALONE: [&str; 23] = [
    "is", "are", "does", "doesn't", "has", "have", "not", "no", "never", "only", "fails",
    "crashes", "hangs", "throws", "shows", "returns", "broken", "missing", "ignored", "wrong",
    "but", "and", "or",
];

/// Words that a prefix may have and a name has not.
const SAYING: [&str; 17] = [
    "not",
    "cannot",
    "can't",
    "unable",
    "fails",
    "failed",
    "error",
    "crash",
    "crashes",
    "no",
    "exception",
    "when",
    "if",
    "doesn't",
    "is",
    "are",
    "setting",
];

/// The first sentence of a title, where it is long enough to be one.
fn first_sentence(title: &str) -> &str {
    match title.split_once(". ") {
        Some((sentence, _)) if sentence.len() >= 20 => sentence,
        _ => title,
    }
}

/// Without the marks at its end; a question stays one.
fn ended(title: &str) -> &str {
    title.trim_end_matches(['.', ':', ' ', '!', ',', '-'])
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

/// Without round brackets and their text, and without square ones at the beginning.
pub fn without_asides(title: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0usize);
    for (place, c) in title.char_indices() {
        match c {
            // "open()" is a name.
            '(' if depth > 0 || place == 0 || title[..place].ends_with(' ') => depth += 1,
            // "[X]" inside a sentence is a name.
            '[' if depth > 0 || out.trim().is_empty() => depth += 1,
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
    // "If the list is long, …" says nothing without the rest.
    let said = name.strip_prefix("Regression: ").unwrap_or(name);
    let first = said.split_whitespace().next().unwrap_or_default();
    let is_condition = ["if", "when", "after", "on", "once", "while", "in", "with"]
        .contains(&first.to_lowercase().as_str());
    let stops = ["; ", ". ", " because ", " resulting ", " causing "];
    let clause = stops
        .iter()
        .chain(&[", ", " - "])
        .filter(|_| !is_condition)
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
