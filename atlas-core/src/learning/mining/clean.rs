//! Steps as people typed them into tickets, made fit for a library: no markup, code, logs or
//! addresses.

use super::markup::{capitalised, decoded, is_code, shortened, unmarked, without_loose_end};
use super::vocabulary::{FAULTS, HEADINGS, LEADS, PASSING, REMARKS, SETUP, VERBS};
use crate::domain::{Step, TicketKey};
use crate::text::prose::prose;

/// More steps than this are several scenarios.
const MOST_STEPS: usize = 15;

/// A ticket's steps, cleaned, and how clear they are.
#[derive(Debug, Clone, PartialEq)]
pub struct CleanSteps {
    /// The steps that can be used.
    pub steps: Vec<Step>,
    /// The share of the ticket's steps that say what to do or what should be seen, 0 to 1.
    pub clarity: f32,
}

/// Cleans the steps of a ticket: entities, markup, numbering, code, logs and addresses go, steps
/// of one word and remarks too, and so do last steps that only tell what went wrong. Items that
/// are the way through a menu become one step. A step that speaks of code in the ticket says which
/// ticket.
///
/// ```
/// use atlas_core::domain::{Step, TicketKey};
/// use atlas_core::learning::mining::clean::clean;
/// let key = TicketKey::parse("WRKA-7")?;
/// let typed = ["1. run the code below", "Settings", "Privacy", "tap *Save* (http://x.y)", "var a = {};", "See"];
/// let typed: Vec<Step> = typed.iter().map(|text| Step::new(*text, "")).collect();
/// let steps = clean(&typed, &key).steps;
/// let actions: Vec<&str> = steps.iter().map(|step| step.action.as_str()).collect();
/// assert_eq!(actions, ["Run the code below (in WRKA-7)", "Go to Settings > Privacy", "Tap Save"]);
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn clean(steps: &[Step], ticket: &TicketKey) -> CleanSteps {
    let mut cleaned: Vec<Step> = Vec::new();
    let (mut way, mut lost) = (Vec::new(), 0);
    for step in steps {
        let Some(action) = sentence(&step.action) else {
            lost += usize::from(!step.action.trim().is_empty());
            if let Some(place) = place(&step.action) {
                way.push(place);
                lost -= 1;
            }
            continue;
        };
        if step.expected.is_none()
            && let Some(place) = place(&action)
        {
            way.push(place);
            continue;
        }
        walk(&mut way, &mut cleaned, &mut lost);
        let expected = step.expected.as_deref().and_then(expectation);
        if let (true, Some(last)) = (is_expectation(&action), cleaned.last_mut()) {
            last.expected.get_or_insert(action);
            continue;
        }
        cleaned.push(Step {
            action: with_source(action, ticket),
            expected,
            data: None,
        });
    }
    walk(&mut way, &mut cleaned, &mut lost);
    cleaned.retain(|step| step.expected.is_some() || !notices_a_fault(&step.action));
    without_fault(&mut cleaned);
    cleaned.dedup_by(|a, b| a.action == b.action);
    cleaned.truncate(MOST_STEPS);
    let clear = cleaned.iter().filter(|step| is_clear(step)).count();
    CleanSteps {
        clarity: clear as f32 / (cleaned.len() + lost).max(1) as f32,
        steps: cleaned,
    }
}

/// Turns menu items that follow each other into one step; one alone was no way.
fn walk(way: &mut Vec<String>, steps: &mut Vec<Step>, lost: &mut usize) {
    match way.len() {
        0 => {}
        1 => *lost += 1,
        _ => steps.push(Step::new(format!("Go to {}", way.join(" > ")), "")),
    }
    way.clear();
}

/// An item of a menu: one to three words that are no instruction.
fn place(text: &str) -> Option<String> {
    let text = unmarked(&decoded(text));
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || c == '-');
    let starts_upper = text.chars().next().is_some_and(char::is_uppercase);
    let is_place = (1..=3).contains(&words.len())
        && words.iter().all(is_name)
        && starts_upper
        && !is_instruction(&text)
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !PASSING.contains(&text.to_lowercase().as_str());
    is_place.then_some(text)
}

/// A step's text as one readable sentence, or nothing.
pub fn sentence(text: &str) -> Option<String> {
    let text = decoded(text);
    let text = text.split("```").next().unwrap_or_default();
    // The words of a line that is code, a log or an address are not there in its prose.
    let lines: Vec<String> = text
        .lines()
        .filter(|line| !is_code(line))
        .map(prose)
        .filter(|line| !line.is_empty())
        .collect();
    let text = unmarked(&lines.join(" "));
    let text = shortened(&without_telling(&text))?;
    let text = text
        .trim_end_matches([':', ',', ';', '-', '–', '=', '>', '(', ' ', '.', '*', '+'])
        .trim();
    let text = without_loose_end(text);
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        .count();
    let letters = text
        .chars()
        .filter(|c| c.is_alphabetic() || *c == ' ')
        .count();
    let readable = letters * 10 >= text.chars().count() * 7;
    if words < 2 || !readable || is_code(text) || is_remark(text) {
        return None;
    }
    Some(capitalised(text))
}

/// Without the sentences after the first that tell a fault: "Tap the row. It does not open."
fn without_telling(text: &str) -> String {
    let mut sentences = text.split(". ");
    let first = sentences.next().unwrap_or_default();
    let kept =
        sentences.take_while(|sentence| is_instruction(sentence) || !speaks_of_a_fault(sentence));
    std::iter::once(first)
        .chain(kept)
        .collect::<Vec<_>>()
        .join(". ")
}

fn speaks_of_a_fault(text: &str) -> bool {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .any(|word| FAULTS.contains(&word))
}

/// What is expected, cleaned. Unlike a step it may be one word, such as "Saved".
fn expectation(text: &str) -> Option<String> {
    let first = text.split("\n\n").next().unwrap_or(text);
    sentence(first).or_else(|| {
        let text = unmarked(&decoded(first));
        let says_nothing = ["unknown", "none", "nothing"].contains(&text.to_lowercase().as_str());
        let is_word = text.len() >= 4 && text.chars().all(char::is_alphabetic) && !says_nothing;
        is_word.then(|| capitalised(&text))
    })
}

fn is_remark(text: &str) -> bool {
    let lower = text.to_lowercase();
    REMARKS.iter().any(|start| lower.starts_with(start))
        || lower.ends_with("app.js") && lower.split_whitespace().count() <= 2
        || HEADINGS.contains(&lower.trim_end_matches(|c: char| !c.is_alphabetic()))
        || [
            "lorem ipsum",
            "this ticket",
            "this issue",
            "this bug",
            "pull request",
            " pr ",
            "github issue",
        ]
        .iter()
        .any(|part| lower.contains(part))
}

/// Whether a step is what should be seen, written as a step of its own.
fn is_expectation(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "expected:",
        "expected result",
        "expect ",
        "should ",
        "you should",
        "it should",
        "the app should",
    ]
    .iter()
    .any(|start| lower.starts_with(start))
}

/// Takes off last steps that only say how it goes wrong: what the report is about, not what a test
/// does. What they expect belongs to the step before.
fn without_fault(steps: &mut Vec<Step>) {
    while steps.len() > 1
        && steps
            .last()
            .is_some_and(|step| tells_the_fault(&step.action))
    {
        let expected = steps.pop().and_then(|step| step.expected);
        if let (Some(expected), Some(last)) = (expected, steps.last_mut()) {
            last.expected.get_or_insert(expected);
        }
    }
}

fn tells_the_fault(action: &str) -> bool {
    let first = first_word(action);
    ["notice", "you", "you'll"].contains(&first.as_str())
        || !is_instruction(action)
        || notices_a_fault(action)
}

/// Whether a step looks at what goes wrong: "Notice that it is blue instead of red".
fn notices_a_fault(action: &str) -> bool {
    let looks = [
        "observe", "see", "watch", "look", "note", "notice", "get", "check", "you", "you'll",
    ];
    looks.contains(&first_word(action).as_str()) && speaks_of_a_fault(action)
}

fn first_word(text: &str) -> String {
    let bare = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    text.split_whitespace().next().map(bare).unwrap_or_default()
}

/// Says which ticket holds the code that a step speaks of.
fn with_source(action: String, ticket: &TicketKey) -> String {
    let lower = action.to_lowercase();
    let holds = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let of_the_ticket = holds(&[
        "code",
        "attached",
        "snippet",
        "test case",
        "testcase",
        "the above",
        "the below",
        "the following to",
        "with the following",
    ]);
    let of_something_else = holds(&[
        "source code",
        "xcode",
        "qr code",
        "barcode",
        "error code",
        "status code",
        "zip code",
        "vscode",
        "code analysis",
        "codec",
        "encode",
        "decode",
    ]);
    if of_the_ticket && !of_something_else {
        format!("{action} (in {ticket})")
    } else {
        action
    }
}

/// Whether steps do more than prepare: not only create, build or start something. Where that is
/// all, it must be said what is to be seen, and it must not be all about code in the ticket.
pub fn test_something(steps: &[Step], ticket: &TicketKey) -> bool {
    let prepares = |step: &Step| SETUP.contains(&first_word(&step.action).as_str());
    let of_the_ticket = |step: &Step| step.action.contains(&format!("(in {ticket})"));
    let says = steps.iter().any(|step| step.expected.is_some());
    !steps.iter().all(prepares) || (says && !steps.iter().any(of_the_ticket))
}

/// Whether steps say what is to be seen, of their own or within what is to be done.
pub fn says_what_is_seen(steps: &[Step]) -> bool {
    let words = ["should", "verify", "ensure", "confirm", "expect"];
    let within = |action: &str| {
        let lower = action.to_lowercase();
        words.iter().any(|word| lower.contains(word))
    };
    steps
        .iter()
        .any(|step| step.expected.is_some() || within(&step.action))
}

fn is_clear(step: &Step) -> bool {
    step.expected.is_some() || is_instruction(&step.action)
}

/// Whether one of the first words is what a tester is told to do, or a way through menus is shown.
pub fn is_instruction(text: &str) -> bool {
    let lower = text.to_lowercase();
    if text.contains(" > ") || text.contains(" -> ") || text.matches('>').count() >= 2 {
        return true;
    }
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'')
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    is_verb(first)
        // "In the form, tap Save", "Once it is open, tap Save", "You should see"
        || (LEADS.contains(&first)
            && lower.split_whitespace().skip(1).take(12).any(|word| is_verb(word.trim_end_matches([',', '.', ':']))))
}

fn is_verb(word: &str) -> bool {
    VERBS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(typed: &[&str]) -> Vec<String> {
        let typed: Vec<Step> = typed.iter().map(|text| Step::new(*text, "")).collect();
        let key = TicketKey::parse("WRKA-7").unwrap();
        let steps = clean(&typed, &key).steps;
        steps.into_iter().map(|step| step.action).collect()
    }

    #[test]
    fn verbs_are_sorted_for_binary_search() {
        assert!(VERBS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn code_logs_addresses_and_single_words_are_no_steps() {
        let typed = [
            "win.addEventListener('open', function(e) {",
            "[ERROR] could not open the file",
            "at com.a.b.C.d(C.java:12)",
            "http://x.y/z",
            "2011-04-07 10:34:44.123 something happened",
            "<img src=\"x\"/>",
            "Run",
            "&nbsp;",
            "----",
            "",
            "E/Tag( 82): failed to open",
        ];
        assert_eq!(actions(&typed), [""; 0]);
    }

    #[test]
    fn markup_and_numbers_go_and_words_stay() {
        for (typed, cleaned) in [
            (
                "1. open *Settings* &gt; Privacy</p>",
                "Open Settings > Privacy",
            ),
            ("Step 3: tap {{Save}}", "Tap Save"),
            ("download it from https://x.y/z.zip", "Download it"),
            ("turn the switch on", "Turn the switch on"),
            ("iOS: build the app", "iOS: build the app"),
            (
                "3.2 seconds later tap the map",
                "3.2 seconds later tap the map",
            ),
        ] {
            assert_eq!(sentence(typed).as_deref(), Some(cleaned), "{typed}");
        }
        assert_eq!(sentence(&"word ".repeat(100)), None);
        assert_eq!(
            sentence(&format!("Tap the button. {}", "word ".repeat(100))).as_deref(),
            Some("Tap the button")
        );
    }

    #[test]
    fn what_went_wrong_is_no_step_and_what_should_be_seen_is_expected() {
        let typed = [
            "Open the list",
            "Notice the title is still there",
            "Delete a row",
            "The app crashes on Android",
        ];
        assert_eq!(actions(&typed), ["Open the list", "Delete a row"]);
        let typed = ["Tap the row. It does not open", "Wait for it. Tap again"];
        assert_eq!(actions(&typed), ["Tap the row", "Wait for it. Tap again"]);
        let mut typed: Vec<Step> = ["Open the list", "Delete a row", "Notice it crashes"]
            .iter()
            .map(|t| Step::new(*t, ""))
            .collect();
        typed[2].expected = Some("row is gone".to_owned());
        let key = TicketKey::parse("WRKA-7").unwrap();
        let cleaned = clean(&typed, &key);
        assert_eq!(cleaned.steps.len(), 2);
        assert_eq!(cleaned.steps[1].expected.as_deref(), Some("Row is gone"));
        let typed = ["Press Save now", "It should say that it is saved"].map(|t| Step::new(t, ""));
        let cleaned = clean(&typed, &key);
        assert_eq!(
            cleaned.steps[0].expected.as_deref(),
            Some("It should say that it is saved")
        );
    }

    #[test]
    fn clarity_falls_with_what_cannot_be_followed() {
        let key = TicketKey::parse("WRKA-7").unwrap();
        let clear = ["Open the list", "Delete a row"].map(|t| Step::new(t, ""));
        assert_eq!(clean(&clear, &key).clarity, 1.0);
        let unclear = [
            "Open the list",
            "Something odd about rows",
            "Delete a row",
            "x = {};",
        ]
        .map(|t| Step::new(t, ""));
        assert_eq!(clean(&unclear, &key).clarity, 0.5);
        assert_eq!(
            clean(&[], &key),
            CleanSteps {
                steps: Vec::new(),
                clarity: 0.0
            }
        );
    }
}
