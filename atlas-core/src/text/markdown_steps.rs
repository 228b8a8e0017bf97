//! Test-case steps in Markdown to plain steps.

use std::borrow::Cow;
use std::collections::HashMap;

use super::html;
use super::list_items::numbered;
use super::markdown::to_text;
use crate::domain::Step;

/// Plain steps from one step of a test case, as testers write it in Markdown.
///
/// A numbered list in the action becomes one step an item: its numbers are 1, 2, 3 in order, but
/// for slips. Other numbers are text. HTML is undone. What is expected is paired with it
/// where it says so: by the same numbering, or by "On step 2, …" and "After step II:" (where the
/// action has "Step II:" headings, that is the heading's last step). Otherwise all of it
/// belongs to the last step, and the data to the first. A title that is underlined with dashes
/// is left out where steps follow.
///
/// ```
/// use atlas_core::text::markdown_steps;
/// let steps = markdown_steps::steps("1. Open **Settings**\n2. Tap [Save](http://x.y)", "1. A form\n2. Saved", "");
/// assert_eq!(steps.len(), 2);
/// assert_eq!(steps[1].action, "Tap Save (http://x.y)");
/// assert_eq!(steps[1].expected.as_deref(), Some("Saved"));
/// ```
pub fn steps(action: &str, expected: &str, data: &str) -> Vec<Step> {
    steps_after(&mut 0, action, expected, data)
}

/// The same for a step that comes after another one, whose list ended with the number `last`: this
/// one may go on with it.
pub(crate) fn steps_after(last: &mut u32, action: &str, expected: &str, data: &str) -> Vec<Step> {
    let expected = plain(expected);
    let action = plain(action);
    let goes_on = *last;
    let first = first_number(&action);
    let spoken_of = expected.lines().next().and_then(reference);
    let follows = |last: u32, number: u32| match last {
        0 => {
            let known = [Some(1), first, spoken_of.map(|(number, _)| number)];
            known.contains(&Some(number)) || (goes_on > 0 && is_next(goes_on, number))
        }
        last => is_next(last, number),
    };
    let actions = parts(&action, own_mark, &follows);
    *last = actions
        .iter()
        .filter_map(|a| a.place.number)
        .next_back()
        .unwrap_or(0);
    let mut steps: Vec<Step> = actions.iter().map(|a| Step::new(&a.text, "")).collect();
    if steps.is_empty() && !(expected.is_empty() && data.trim().is_empty()) {
        steps.push(Step::default());
    }
    let most = actions
        .iter()
        .filter_map(|a| a.place.number.max(a.place.group))
        .max();
    let most = most.unwrap_or(0);
    let spoken = |last, number| is_next(last, number) || (number > last && number <= most);
    let results = parts(&expected, referring_mark, &spoken);
    let last = steps.len().saturating_sub(1);
    if results.iter().any(|r| r.place != StepPlace::default()) && last > 0 {
        let targets = targets(&actions);
        for result in &results {
            let number = result.place.group.or(result.place.number);
            let at = number.and_then(|number| targets.get(&number));
            add_expected(&mut steps[*at.unwrap_or(&last)], &result.text);
        }
    } else if let Some(last) = steps.last_mut() {
        add_expected(last, &expected);
    }
    let data = plain(data);
    if let Some(first) = steps.first_mut()
        && !data.is_empty()
    {
        first.data = Some(data);
    }
    steps
}

/// The plain text, without the backslashes that line breaks leave where they were escaped twice.
pub(crate) fn plain(markdown: &str) -> String {
    let text = match html::undone(markdown) {
        Cow::Owned(text) if markdown.trim_start().starts_with('<') => text,
        text => to_text(&escaped(&text)),
    };
    if !text.contains("\\\n") && !text.ends_with('\\') {
        return text;
    }
    let lines = text
        .lines()
        .filter(|line| !line.trim().chars().all(|c| c == '\\'));
    let lines: Vec<&str> = lines
        .map(|line| line.trim_end_matches(['\\', ' ']))
        .collect();
    lines.join("\n")
}

/// Whether an item's number may follow another's: people leave some out, or write one twice.
fn is_next(last: u32, number: u32) -> bool {
    (last.saturating_sub(1)..=last + 4).contains(&number)
}

/// Where a list starts that does not begin with 1 and has at least two items.
fn first_number(text: &str) -> Option<u32> {
    let mut numbers = text.lines().filter_map(numbered).map(|(number, _)| number);
    let first = numbers.next()?;
    let second = numbers.next()?;
    (second == first + 1).then_some(first)
}

/// Markdown in which what is no list does not become one: `10) items`, `+ button`.
fn escaped(markdown: &str) -> Cow<'_, str> {
    let begins = |line: &str| -> Option<(usize, u64)> {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let rest = line.get(digits..)?;
        let marks = rest.starts_with(['.', ')']) && rest.get(1..)?.starts_with(' ');
        let number = line.get(..digits).filter(|_| marks)?.parse().ok()?;
        Some((digits, number))
    };
    let is_plus = |line: &&str| line.trim_start().starts_with("+ ");
    let first = markdown.trim_start();
    let at = match begins(first) {
        Some((at, number)) if number > 1 => at,
        None if is_plus(&first) && markdown.lines().filter(is_plus).count() == 1 => 0,
        _ => return Cow::Borrowed(markdown),
    };
    let (number, rest) = first.split_at(at);
    Cow::Owned(format!("{number}\\{rest}"))
}

fn add_expected(step: &mut Step, text: &str) {
    if !text.is_empty() {
        let expected = step.expected.get_or_insert_default();
        expected.push_str(if expected.is_empty() { "" } else { "\n" });
        expected.push_str(text);
    }
}

/// Where the step is that a result speaks of by a number: a group's last step, or else an item.
fn targets(actions: &[StepPart]) -> HashMap<u32, usize> {
    let mut targets = HashMap::new();
    for (i, action) in actions.iter().enumerate() {
        if let Some(number) = action.place.number {
            targets.entry(number).or_insert(i);
        }
    }
    let groups = actions.iter().map(|action| action.place.group).enumerate();
    targets.extend(groups.filter_map(|(i, group)| Some((group?, i))));
    targets
}

/// Where a part stands: the number of its item, and of the "Step 2:" above it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct StepPlace {
    group: Option<u32>,
    number: Option<u32>,
}

#[derive(Debug, Default)]
struct StepPart {
    place: StepPlace,
    text: String,
}

/// How a line begins a part, and what is left of it.
enum StepMark<'a> {
    Item(u32, &'a str),
    Group(u32, &'a str),
}

/// Cuts a text at its marks; what comes before the first one is a part of its own. `follows` says
/// which number may come after another one, 0 at the start; 1 begins anew.
fn parts(
    text: &str,
    mark: fn(&str) -> Option<StepMark<'_>>,
    follows: &dyn Fn(u32, u32) -> bool,
) -> Vec<StepPart> {
    let mut parts = vec![StepPart::default()];
    let (mut group, mut in_code, mut last) = (None, false, 0);
    for line in text.lines().filter(|line| !line.is_empty()) {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        let place = |number| StepPlace { group, number };
        let in_order = |mark: &StepMark<'_>| match mark {
            StepMark::Item(number, _) => *number == 1 || follows(last, *number),
            StepMark::Group(..) => true,
        };
        match mark(line).filter(|mark| !in_code && in_order(mark)) {
            Some(StepMark::Item(number, rest)) => {
                last = number;
                parts.push(StepPart {
                    place: place(Some(number)),
                    text: rest.to_owned(),
                });
            }
            Some(StepMark::Group(number, rest)) => {
                (group, last) = (Some(number), 0);
                parts.push(StepPart {
                    place: StepPlace {
                        group,
                        number: None,
                    },
                    text: rest.to_owned(),
                });
            }
            None => {
                let part = parts.last_mut();
                part.into_iter().for_each(|part| add_line(part, line));
            }
        }
    }
    parts.retain(|part| !part.text.is_empty());
    join_introductions(parts)
}

fn add_line(part: &mut StepPart, line: &str) {
    let is_rule = line.chars().count() >= 3 && line.chars().all(|c| "-–—_=*~\\ ".contains(c));
    if is_rule {
        // What is underlined is a title.
        let start = part.text.rfind('\n').unwrap_or(0);
        part.text.truncate(start);
        return;
    }
    let line = line.trim_start_matches('#').trim_end();
    let line = if part.text.is_empty() {
        line.trim_start()
    } else {
        line
    };
    if matches!(
        line.to_ascii_lowercase().as_str(),
        "steps:" | "steps" | "test steps:"
    ) {
        return;
    }
    part.text
        .push_str(if part.text.is_empty() { "" } else { "\n" });
    part.text.push_str(line);
}

/// "As an admin:" belongs to the step that it introduces.
fn join_introductions(parts: Vec<StepPart>) -> Vec<StepPart> {
    let mut joined: Vec<StepPart> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last)
                if last.place.number.is_none()
                    && last.text.ends_with(':')
                    && part.place.number.is_some() =>
            {
                last.text = format!("{} {}", last.text, part.text);
                last.place = part.place;
            }
            _ => joined.push(part),
        }
    }
    joined
}

/// `2. Do it`, or `Step 2:` above a list.
fn own_mark(line: &str) -> Option<StepMark<'_>> {
    numbered(line)
        .map(|(number, rest)| StepMark::Item(number, rest))
        .or_else(|| {
            let (number, rest) = step_label(line)?;
            Some(StepMark::Group(number, rest))
        })
}

/// `2. It is done`, `On step 2, it is done`, `After step II:`.
fn referring_mark(line: &str) -> Option<StepMark<'_>> {
    own_mark(line).or_else(|| reference(line).map(|(number, rest)| StepMark::Group(number, rest)))
}

/// `On step 2, it is done`, `On 2. it is done`.
fn reference(line: &str) -> Option<(u32, &str)> {
    let line = line.strip_prefix("- ").unwrap_or(line);
    let rest = ["On ", "After ", "In ", "At "]
        .iter()
        .find_map(|word| line.strip_prefix(word))?;
    step_label(rest).or_else(|| {
        let (number, rest) = number_at(rest.trim_start_matches('#'))?;
        Some((number, rest.strip_prefix(['.', ',', ':'])?.trim_start()))
    })
}

/// `Step 2: text` and `Step II`.
fn step_label(line: &str) -> Option<(u32, &str)> {
    let word = line.get(..4).filter(|w| w.eq_ignore_ascii_case("step"))?;
    let rest = line[word.len()..]
        .trim_start_matches('s')
        .strip_prefix(' ')?;
    let (number, rest) = number_at(rest)?;
    match rest.strip_prefix([':', ',', '.', ')']) {
        Some(rest) => Some((number, rest.trim())),
        None => rest.is_empty().then_some((number, "")),
    }
}

/// A number, Arabic or Roman, at the start.
fn number_at(text: &str) -> Option<(u32, &str)> {
    const ROMAN: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let roman = || ROMAN.iter().position(|r| *r == word).map(|i| i as u32 + 1);
    let number = word.parse().ok().or_else(roman)?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(action: &str, expected: &str) -> Vec<(String, String)> {
        let steps = steps(action, expected, "");
        let pair = |s: Step| (s.action, s.expected.unwrap_or_default());
        steps.into_iter().map(pair).collect()
    }

    #[test]
    fn a_numbered_list_is_many_steps() {
        let steps = pairs(
            "1\\. Go to *Users*\\\n2.post it\n\n3. Save\n   1. Choose\n   2. Confirm",
            "On step 2, it is there.\\\nOn 3. it is saved\n\n- for ever",
        );
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[0], ("Go to Users".into(), String::new()));
        assert_eq!(steps[1], ("post it".into(), "it is there.".into()));
        assert_eq!(steps[2].0, "Save\n  1. Choose\n  2. Confirm");
        assert_eq!(steps[2].1, "it is saved\n- for ever");
    }

    #[test]
    fn groups_end_where_their_result_is_seen() {
        let steps = pairs(
            "Title\\\n–––––\\\nStep I:\n\n1. a\n2. b\n\nStep II:\n\n1. c",
            "After step I:\n\n- seen\n\nAfter step II:\n\n- heard",
        );
        let expected = [("a", ""), ("b", "- seen"), ("c", "- heard")];
        assert_eq!(steps, expected.map(|(a, e)| (a.to_owned(), e.to_owned())));
    }

    #[test]
    fn one_result_belongs_to_the_last_step() {
        let steps = pairs("As admin:\n\n1. Log in\n2. Use 2.5 GB", "It works");
        assert_eq!(steps[0], ("As admin: Log in".into(), String::new()));
        assert_eq!(steps[1], ("Use 2.5 GB".into(), "It works".into()));
        assert_eq!(
            pairs("Look", "1. a\n2. b"),
            [("Look".into(), "1. a\n2. b".into())]
        );
        assert!(pairs("", "").is_empty());
    }
}
