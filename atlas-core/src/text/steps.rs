//! The steps that a ticket itself tells: test steps, acceptance criteria, reproduction.

mod criteria;
mod label;
mod passages;
mod sentences;

use super::list_items::numbered;
use super::plain::outside_code;
use crate::domain::Step;
use label::{HeadingLabel, label};

pub use criteria::{Criteria, criteria};
pub(crate) use passages::{Passage, PassageSection, passages};
pub use sentences::{SentenceKind, TicketSentence, ticket_sentences};

/// What kind of steps a ticket tells, in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketStepsKind {
    /// Under a heading such as "Test steps" or "How to test".
    TestSteps,
    /// Under a heading such as "Steps to reproduce".
    Reproduction,
    /// Under "Acceptance criteria", or as Given, When, Then.
    AcceptanceCriteria,
    /// A numbered list without a heading that says what it is.
    Numbered,
}

/// A ticket's own steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketSteps {
    /// What they are.
    pub kind: TicketStepsKind,
    /// At least one, at most 30; no text longer than 500 characters.
    pub steps: Vec<Step>,
}

const MOST_STEPS: usize = 30;
const LONGEST_STEP: usize = 500;
/// So many numbers are tried as a list's start, and so many lines read from there on.
const MOST_LISTS: usize = 100;
const LONGEST_LIST: usize = 300;

/// The steps in a description in the plain form: the kind that testers want most, of those there.
///
/// "Expected result:" becomes what is expected of the last step, "Actual result:" is left out,
/// and so is code. Of Given, When and Then, Then is what is expected.
///
/// ```
/// use atlas_core::text::steps::{TicketStepsKind, ticket_steps};
/// let found = ticket_steps("It crashes.\n\nSteps to reproduce:\n1. Open\n2. Tap Save\n\nExpected: saved\nActual: crash").unwrap();
/// assert_eq!(found.kind, TicketStepsKind::Reproduction);
/// assert_eq!(found.steps[1].expected.as_deref(), Some("saved"));
/// assert_eq!(ticket_steps("It crashes."), None);
/// ```
pub fn ticket_steps(description: &str) -> Option<TicketSteps> {
    use TicketStepsKind::{AcceptanceCriteria, Numbered, Reproduction, TestSteps};
    let lines = outside_code(description);
    let section = |kind| in_sections(&lines, kind);
    let found = [
        (TestSteps, section(TestSteps)),
        (Reproduction, section(Reproduction)),
    ];
    let found = found.into_iter().find(|(_, steps)| !steps.is_empty());
    let found = found.or_else(|| {
        let rest = [
            (AcceptanceCriteria, section(AcceptanceCriteria)),
            (AcceptanceCriteria, scenario(&lines)),
            (Numbered, numbered_list(&lines)),
        ];
        rest.into_iter().find(|(_, steps)| !steps.is_empty())
    });
    let (kind, mut steps) = found?;
    steps.truncate(MOST_STEPS);
    for step in &mut steps {
        shorten(&mut step.action);
        step.expected.as_mut().map(shorten);
    }
    Some(TicketSteps { kind, steps })
}

fn shorten(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_STEP - 1)
        && text.chars().count() > LONGEST_STEP
    {
        text.truncate(end);
        text.push('…');
    }
}

/// The steps of all sections of a kind.
fn in_sections(lines: &[&str], kind: TicketStepsKind) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut inside, mut body) = (false, Body::default());
    for line in lines {
        match label(line) {
            Some((HeadingLabel::Steps(found), rest)) => {
                body.end(&mut steps);
                inside = found == kind;
                body.add(rest);
            }
            Some((HeadingLabel::Expected, rest)) if inside => body.expect(rest),
            Some((HeadingLabel::Actual, _)) if inside => body.skip(),
            // A heading before any step may only divide the section.
            Some((ended, _)) if ended.ends_section() => {
                if ended == HeadingLabel::Excluded || !body.is_empty() {
                    inside = false;
                }
                body.end(&mut steps);
            }
            _ => body.add(line),
        }
        if !inside {
            body = Body::default();
        }
    }
    body.end(&mut steps);
    steps
}

/// The lines of a section.
#[derive(Default)]
struct Body<'a> {
    actions: Vec<&'a str>,
    expected: Vec<&'a str>,
    part: BodyPart,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum BodyPart {
    #[default]
    Actions,
    Expected,
    Skipped,
}

impl<'a> Body<'a> {
    fn add(&mut self, line: &'a str) {
        match self.part {
            BodyPart::Actions => self.actions.push(line),
            // What is expected ends with its paragraph.
            BodyPart::Expected if line.is_empty() && !self.expected.is_empty() => self.skip(),
            BodyPart::Expected if !line.is_empty() => self.expected.push(line.trim()),
            _ => {}
        }
    }

    fn expect(&mut self, rest: &'a str) {
        self.part = BodyPart::Expected;
        self.add(rest);
    }

    fn skip(&mut self) {
        self.part = BodyPart::Skipped;
    }

    fn is_empty(&self) -> bool {
        self.actions.iter().all(|line| line.is_empty())
    }

    /// Turns the section into steps.
    fn end(&mut self, steps: &mut Vec<Step>) {
        let body = std::mem::take(self);
        let mut found = scenario(&body.actions);
        if found.is_empty() {
            found = items(&body.actions);
        }
        if let Some(last) = found.last_mut()
            && !body.expected.is_empty()
        {
            last.expected = Some(body.expected.join("\n"));
        }
        steps.append(&mut found);
    }
}

/// Bullets that stand for themselves or before a blank.
const BULLETS: [char; 20] = [
    '•', '・', '●', '○', '◦', '·', '‣', '▪', '▫', '✓', '✔', '☐', '☑', '□', '■', '◆', '◇', '►', '▶',
    '★',
];

/// The text of a list item.
fn item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let marks = ["- ", "* ", "+ ", "– ", "— "];
    let bullet = marks.iter().find_map(|mark| line.strip_prefix(mark));
    let bullet = bullet.or_else(|| line.strip_prefix(BULLETS));
    let text = numbered(line)
        .map(|(_, text)| text)
        .or(bullet)
        .or_else(|| oddly_numbered(line))?;
    let task = text
        .strip_prefix("[ ]")
        .or_else(|| text.strip_prefix("[x]"));
    Some(task.unwrap_or(text).trim())
}

/// The text behind a number that is written otherwise: `(1) …`, `1、…`, `１．…`, `①…`, `5 .…`, `6  …`,
/// `a) …`.
fn oddly_numbered(line: &str) -> Option<&str> {
    let circled = |c: char| matches!(c, '\u{2460}'..='\u{249b}' | '\u{2776}'..='\u{2793}');
    if let Some(rest) = line.strip_prefix(circled) {
        return Some(rest.trim_start_matches(['.', ' ', '、', '．', '\u{3000}']))
            .filter(|r| !r.is_empty());
    }
    let open = line.strip_prefix(['(', '（']);
    let body = open.unwrap_or(line);
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '\u{ff10}'..='\u{ff19}');
    let end = body.find(|c| !digit(c)).unwrap_or(body.len());
    let (number, rest) = body.split_at(end);
    let few = (1..=3).contains(&number.chars().count());
    let text = match (few, open.is_some()) {
        (true, true) => rest.strip_prefix([')', '）']),
        (true, false) => rest
            .strip_prefix(['、', '．', '）'])
            .or_else(|| rest.strip_prefix(" ."))
            .or_else(|| rest.strip_prefix("  "))
            .or_else(|| rest.strip_prefix('\t'))
            .or_else(|| {
                (!number.is_ascii())
                    .then(|| rest.strip_prefix(['.', ')']))
                    .flatten()
            }),
        (false, _) => lettered(body),
    };
    let text = text?.trim_start();
    let says = text.starts_with(|c: char| !c.is_ascii_digit() && !c.is_whitespace());
    says.then_some(text)
}

/// The text behind `a) `; `e.g.` and "I) " are none.
fn lettered(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(|c: char| c.is_ascii_lowercase())?;
    rest.strip_prefix(") ")
}

/// Items with the lines that belong to them; without items, every line is a step.
fn items(lines: &[&str]) -> Vec<Step> {
    let has_items = lines.iter().any(|line| item(line).is_some());
    let mut steps: Vec<Step> = Vec::new();
    let mut after_blank = false;
    for line in lines {
        let text = line.trim().trim_start_matches(['>', ' ']);
        let is_marker_only = text.starts_with("[attachment") || text.starts_with("```");
        if text.is_empty() || is_marker_only {
            after_blank = after_blank || text.is_empty();
            continue;
        }
        match (item(line), steps.last_mut()) {
            (Some(""), _) => {}
            (Some(text), _) => steps.push(Step::new(text, "")),
            (None, Some(last)) if has_items && (!after_blank || line.starts_with(' ')) => {
                last.action.push(' ');
                last.action.push_str(text);
            }
            // A paragraph after the list ends it.
            (None, Some(_)) if has_items => break,
            (None, None) if has_items => {}
            _ => steps.push(Step::new(text, "")),
        }
        after_blank = false;
    }
    steps
}

/// Given, When and Then.
fn scenario(lines: &[&str]) -> Vec<Step> {
    let (mut steps, mut in_then, mut whens, mut thens) = (Vec::<Step>::new(), false, 0, 0);
    for line in lines {
        let text = item(line).unwrap_or(line.trim());
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let word = word.trim_end_matches([':', ',']);
        let is = |name: &str| word == name || word == name.to_uppercase();
        let goes_on = ["And", "But"].iter().any(|name| is(name));
        if rest.is_empty() {
            continue;
        }
        if is("Then") || (goes_on && in_then) {
            thens += usize::from(!goes_on);
            in_then = true;
            if let Some(last) = steps.last_mut() {
                let expected = last.expected.get_or_insert_default();
                expected.push_str(if expected.is_empty() { "" } else { "\n" });
                expected.push_str(rest);
            }
        } else if is("Given") || is("When") || (goes_on && !steps.is_empty()) {
            whens += usize::from(is("When"));
            in_then = false;
            let given = if is("Given") { text } else { rest };
            steps.push(Step::new(given, ""));
        }
    }
    // One of the words alone is only a sentence.
    if whens > 0 && thens > 0 {
        steps
    } else {
        Vec::new()
    }
}

/// The first list of at least two numbered items.
fn numbered_list(lines: &[&str]) -> Vec<Step> {
    let is_numbered = |line: &&str| numbered(line).is_some();
    let mut rest = lines;
    for _ in 0..MOST_LISTS {
        let Some(start) = rest.iter().position(is_numbered) else {
            break;
        };
        let list = &rest[start..];
        let mut body = Body::default();
        for line in list.iter().take(LONGEST_LIST) {
            match label(line) {
                Some((HeadingLabel::Expected, text)) => body.expect(text),
                Some((HeadingLabel::Actual, _)) => body.skip(),
                Some(_) => break,
                None => body.add(line),
            }
        }
        let mut steps = Vec::new();
        body.end(&mut steps);
        if steps.len() >= 2 {
            return steps;
        }
        rest = &list[1..];
    }
    Vec::new()
}
