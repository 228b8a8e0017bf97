//! The criteria that a ticket states, one by one.

use super::super::plain::outside_code;
use super::label::{HeadingLabel, has_duty, label};
use crate::domain::CriteriaKind;

use super::{LONGEST_STEP, TicketStepsKind, item, shorten};

/// A ticket's criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria {
    /// How they are stated.
    pub kind: CriteriaKind,
    /// At least one, at most 50, each one line of at most 500 characters.
    pub items: Vec<String>,
}

const MOST_CRITERIA: usize = 50;
/// Items that stand where nobody has written criteria yet.
const PLACEHOLDERS: [&str; 8] = ["n/a", "na", "none", "tbd", "tba", "todo", "to do", "-"];

/// The criteria in a summary and a description in the plain form: every item under "Acceptance
/// criteria" and every Given, When, Then scenario; where there is no such section the scenarios
/// anywhere, and without those the sentences with must, should, shall, needs to or has to.
///
/// An item that ends in a colon goes with each item below it. Code is left out.
///
/// ```
/// use atlas_core::domain::CriteriaKind;
/// use atlas_core::text::steps::criteria;
/// let text = "As a clerk I want a filter.\n\n# Acceptance criteria\n- Filter by:\n  - date\n  - status\n- Empty shows all";
/// let found = criteria("Filter cases", text).unwrap();
/// assert_eq!(found.items, ["Filter by: date", "Filter by: status", "Empty shows all"]);
/// let found = criteria("Export", "It is slow. The file must open in Excel.").unwrap();
/// assert_eq!((found.kind, found.items.len()), (CriteriaKind::Sentences, 1));
/// assert_eq!(criteria("Export", "It is slow."), None);
/// ```
pub fn criteria(summary: &str, description: &str) -> Option<Criteria> {
    let lines = outside_code(description);
    let found = [
        (CriteriaKind::Section, of_sections(&lines)),
        (CriteriaKind::Scenarios, stated(&lines, false)),
        (CriteriaKind::Sentences, duties(summary, &lines)),
    ];
    let (kind, mut items) = found.into_iter().find(|(_, items)| !items.is_empty())?;
    let mut seen = std::collections::HashSet::new();
    items.retain(|item| seen.insert(item.clone()));
    items.truncate(MOST_CRITERIA);
    items.iter_mut().for_each(shorten);
    Some(Criteria { kind, items })
}

/// What is stated in all sections of acceptance criteria.
fn of_sections(lines: &[&str]) -> Vec<String> {
    let sections = sections(lines).into_iter();
    sections.flat_map(|lines| stated(&lines, true)).collect()
}

/// The lines of each section of acceptance criteria, and of each part of one.
fn sections<'a>(lines: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    // The level of the section's own heading; 0 for a label that is no heading.
    let mut inside: Option<usize> = None;
    for &line in lines {
        let level = line.bytes().take_while(|&b| b == b'#').count();
        match (label(line), inside) {
            (Some((HeadingLabel::Steps(TicketStepsKind::AcceptanceCriteria), rest)), _) => {
                inside = Some(level);
                found.push(vec![rest]);
            }
            // "- Steps: …" is a criterion like the others.
            (Some((HeadingLabel::Steps(_), rest)), _)
                if !line.starts_with("- ") || rest.is_empty() =>
            {
                inside = None;
            }
            (_, None) => {}
            (Some((HeadingLabel::Excluded, _)), Some(_)) => inside = None,
            (Some((HeadingLabel::Other, _)), Some(own)) if title(line).is_none() => {
                let is_empty = found.last().is_some_and(|lines| lines.concat().is_empty());
                // A deeper heading divides the section; one before any line may be part of it.
                inside = inside.filter(|_| is_empty || own > 0 && level > own);
                found.push(Vec::new());
            }
            (_, Some(_)) => {
                if let Some(lines) = found.last_mut() {
                    lines.push(line);
                }
            }
        }
    }
    found
}

/// The title of a line such as "Scenario: A draft is kept"; may be empty.
fn title(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['#', ' ', '*', '_', '-']);
    let word = ["Scenario Outline", "Scenario", "SCENARIO"];
    let rest = word.iter().find_map(|word| line.strip_prefix(word))?;
    let number = |c: char| c.is_ascii_digit() || c == ' ' || c == '#';
    let (number, title) = rest.split_at(rest.find(|c| !number(c)).unwrap_or(rest.len()));
    let title = title.strip_prefix([':', '.', '-', '–']).or({
        // "Scenario 2" alone, and no sentence that begins with the word.
        (title.is_empty() && !number.is_empty()).then_some("")
    })?;
    Some(title.trim_matches(['*', '_', ' ']))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CriteriaKeyword {
    Given,
    When,
    Then,
    And,
}

fn keyword(line: &str) -> Option<CriteriaKeyword> {
    let text = item(line).unwrap_or(line.trim());
    let text = text.trim_start_matches(['*', '_']);
    let (word, rest) = text.split_once(' ')?;
    let word = word.trim_end_matches([':', ',', '*', '_']);
    let names = [
        ("Given", CriteriaKeyword::Given),
        ("When", CriteriaKeyword::When),
        ("Then", CriteriaKeyword::Then),
        ("And", CriteriaKeyword::And),
        ("But", CriteriaKeyword::And),
    ];
    let is = |name: &str| word == name || word == name.to_uppercase();
    let (_, keyword) = names.into_iter().find(|(name, _)| is(name))?;
    (!rest.trim().is_empty()).then_some(keyword)
}

/// Scenarios, and with `items` the items between them.
fn stated(lines: &[&str], items: bool) -> Vec<String> {
    let mut walk = CriteriaWalk::default();
    for &line in lines {
        walk.line(line);
    }
    walk.end_scenario();
    walk.end_items();
    let found = walk.found.into_iter();
    found
        .filter(|(_, is_scenario)| items || *is_scenario)
        .map(|(text, _)| text)
        .filter(|text| says_something(text))
        .collect()
}

/// Lines on their way to criteria.
#[derive(Default)]
struct CriteriaWalk<'a> {
    /// Criteria, and whether each is a scenario.
    found: Vec<(String, bool)>,
    /// The scenario under way.
    scenario: Vec<(&'a str, Option<CriteriaKeyword>)>,
    title: Option<&'a str>,
    /// Lines that are in no scenario.
    others: Vec<&'a str>,
    after_blank: bool,
}

impl<'a> CriteriaWalk<'a> {
    fn line(&mut self, line: &'a str) {
        if line.trim().is_empty() {
            self.after_blank = true;
            self.others.push("");
            return;
        }
        let in_then = self.has(CriteriaKeyword::Then);
        match (title(line), keyword(line)) {
            (Some(title), _) => {
                self.end_scenario();
                self.title = Some(title);
            }
            (None, Some(CriteriaKeyword::And)) if self.scenario.is_empty() => {
                self.others.push(line)
            }
            (None, Some(keyword)) => {
                let begins = match keyword {
                    CriteriaKeyword::Given => in_then || self.has(CriteriaKeyword::When),
                    CriteriaKeyword::When => in_then,
                    CriteriaKeyword::Then | CriteriaKeyword::And => false,
                };
                if begins {
                    self.end_scenario();
                }
                self.scenario.push((line, Some(keyword)));
            }
            (None, None) => {
                let goes_on = !self.after_blank && item(line).is_none() && !line.starts_with('|');
                match self.scenario.is_empty() || !goes_on {
                    false => self.scenario.push((line, None)),
                    true => {
                        // The rows of an outline's examples are no criteria.
                        let table =
                            line.trim_start().starts_with('|') || line.trim() == "Examples:";
                        if !table {
                            self.end_scenario();
                            self.others.push(line);
                        }
                    }
                }
            }
        }
        self.after_blank = false;
    }

    fn has(&self, wanted: CriteriaKeyword) -> bool {
        self.scenario
            .iter()
            .any(|(_, found)| *found == Some(wanted))
    }

    /// One of the words alone is only a sentence.
    fn end_scenario(&mut self) {
        let title = self.title.take().filter(|title| !title.is_empty());
        let whole = self.has(CriteriaKeyword::Then)
            && (self.has(CriteriaKeyword::When) || self.has(CriteriaKeyword::Given));
        let lines = std::mem::take(&mut self.scenario);
        if whole {
            self.end_items();
            let steps = lines
                .iter()
                .map(|(line, _)| item(line).unwrap_or(line.trim()));
            let text = steps.collect::<Vec<_>>().join(" ");
            let text = title.map_or(text.clone(), |title| format!("{title}: {text}"));
            self.found.push((text, true));
        } else {
            self.others.extend(title);
            self.others.extend(lines.iter().map(|(line, _)| line));
        }
    }

    fn end_items(&mut self) {
        let lines = std::mem::take(&mut self.others);
        let items = listed(&lines).into_iter();
        self.found.extend(items.map(|text| (text, false)));
    }
}

/// Items with the lines that belong to them, each behind the item with a colon that it stands
/// under; without items, every line.
fn listed(lines: &[&str]) -> Vec<String> {
    let has_items = lines.iter().any(|line| item(line).is_some());
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut after_blank = false;
    for line in lines {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim().trim_start_matches(['>', ' ']);
        match item(line) {
            _ if text.is_empty() => {
                after_blank = true;
                continue;
            }
            Some("") => {}
            Some(text) => found.push((indent, text.to_owned())),
            None if !has_items => found.push((0, text.to_owned())),
            // A paragraph after the list is about something else.
            None if after_blank && indent == 0 => {}
            None => {
                if let Some((_, last)) = found.last_mut() {
                    last.push(' ');
                    last.push_str(text);
                }
            }
        }
        after_blank = false;
    }
    under_their_heads(found)
}

fn under_their_heads(found: Vec<(usize, String)>) -> Vec<String> {
    let mut heads: Vec<(usize, String)> = Vec::new();
    let mut whole = Vec::new();
    for (place, (indent, text)) in found.iter().enumerate() {
        heads.retain(|(outer, _)| outer < indent);
        let has_more = found.get(place + 1).is_some_and(|(next, _)| next > indent);
        let head = heads.last().map(|(_, head)| head.as_str()).unwrap_or("");
        let text = format!("{head} {text}").trim().to_owned();
        match has_more && text.ends_with(':') {
            true => heads.push((*indent, text)),
            false => whole.push(text),
        }
    }
    whole
}

/// The sentences that say what must be. What actually happens and what the ticket leaves out is
/// passed over.
fn duties(summary: &str, lines: &[&str]) -> Vec<String> {
    let mut passed = Passed::Nothing;
    let mut after_blank = false;
    let mut found = Vec::new();
    for line in [summary].iter().chain(lines) {
        match label(line) {
            Some((HeadingLabel::Actual, _)) => passed = Passed::Section,
            Some((HeadingLabel::Excluded, _)) if line.starts_with('#') => passed = Passed::Section,
            Some((HeadingLabel::Excluded, _)) => passed = Passed::Paragraph,
            Some(_) => passed = Passed::Nothing,
            None if passed == Passed::Paragraph && after_blank && item(line).is_none() => {
                passed = Passed::Nothing;
            }
            None => {}
        }
        after_blank = line.trim().is_empty();
        if passed == Passed::Nothing {
            let text = item(line)
                .unwrap_or(line.trim())
                .trim_start_matches(['#', ' ']);
            found.extend(sentences(text).filter(|sentence| is_duty(sentence)));
        }
    }
    found
}

/// What is passed over.
#[derive(PartialEq)]
enum Passed {
    Nothing,
    /// Up to the next heading.
    Section,
    /// Up to the next paragraph that is not a list.
    Paragraph,
}

/// A line's sentences: they end where a mark is followed by a blank and a capital.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = String> {
    let mut found = vec![String::new()];
    let mut chars = text.chars().peekable();
    let mut ended = false;
    while let Some(c) = chars.next() {
        if ended && c == ' ' && chars.peek().is_some_and(|next| next.is_uppercase()) {
            found.push(String::new());
        } else if "。！？".contains(c) {
            // These end a sentence whatever follows.
            if let Some(last) = found.last_mut() {
                last.push(c);
            }
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            last.push(c);
        }
        // Some write two blanks behind a sentence.
        ended = ".!?".contains(c) || ended && (c == '"' || c == ' ');
    }
    let found = found.into_iter().map(|sentence| sentence.trim().to_owned());
    found.filter(|sentence| !sentence.is_empty())
}

fn is_duty(sentence: &str) -> bool {
    !sentence.ends_with(['?', '？'])
        && sentence.chars().count() <= LONGEST_STEP
        && has_duty(sentence)
}

fn says_something(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    !PLACEHOLDERS.contains(&bare.to_lowercase().as_str()) && bare.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<String> {
        criteria("", text).map_or_else(Vec::new, |found| found.items)
    }

    #[test]
    fn items_numbers_and_tasks_of_the_section_alone_are_criteria() {
        let text = "We should talk.\n\n# Acceptance Criteria:\n\n1. Saved once\n2. [x] Shown\n   on page 2\n- [ ] Printed\n\nThanks, must go.\n\n# Notes\n- not this";
        assert_eq!(items(text), ["Saved once", "Shown on page 2", "Printed"]);
        let two = "AC:\n- One of all\n\n## Notes\n- no\n\nAcceptance criteria: It opens";
        assert_eq!(items(two), ["One of all", "It opens"]);
    }

    #[test]
    fn deeper_headings_divide_the_section_and_do_not_end_it() {
        let text =
            "## Acceptance criteria\n### Form\n- It opens\n### List\n- It sorts\n## Design\n- blue";
        assert_eq!(items(text), ["It opens", "It sorts"]);
    }

    #[test]
    fn every_scenario_is_one_criterion() {
        let text = "# Acceptance criteria\nScenario: Draft\nGiven a form\nAnd an answer\nWhen the session ends\nThen a draft is kept\nAnd it is offered\n\nScenario 2: None\nGiven no answer\nWhen the session ends\nThen nothing is kept\n\n- Prints as before";
        assert_eq!(
            items(text),
            [
                "Draft: Given a form And an answer When the session ends Then a draft is kept And it is offered",
                "None: Given no answer When the session ends Then nothing is kept",
                "Prints as before",
            ]
        );
        let bare = "Some words.\n\nGiven a\nWhen b\nThen c\nWhen d\nThen e\n\nBye.";
        let found = criteria("", bare).unwrap();
        assert_eq!(found.kind, CriteriaKind::Scenarios);
        assert_eq!(found.items, ["Given a When b Then c", "When d Then e"]);
    }

    #[test]
    fn a_scenario_in_one_item_is_an_item() {
        let text = "Acceptance criteria\n- Given a user, when she saves, then it is kept\n- Given none, when she saves, then it is refused";
        assert_eq!(items(text).len(), 2);
    }

    #[test]
    fn sentences_of_duty_stand_in_where_there_is_no_section() {
        let text = "It is slow. The export must end within 10 s. Should we ask?\n- Umlauts shall be kept\n\nActual result:\nIt says it must be an admin.";
        assert_eq!(
            items(text),
            ["The export must end within 10 s.", "Umlauts shall be kept"]
        );
        let found = criteria("Names should be sorted", "").unwrap();
        assert_eq!(found.items, ["Names should be sorted"]);
    }

    #[test]
    fn what_is_out_of_scope_is_no_criterion() {
        let text = "The list must be sorted.\n\nOut of scope:\n- Gift cards must be shown\n\nNames should be short.";
        assert_eq!(
            items(text),
            ["The list must be sorted.", "Names should be short."]
        );
        let text = "## Acceptance criteria\n- It opens\n\n### Not included\n- It prints\n\n## Non-goals\nIt must fly";
        assert_eq!(items(text), ["It opens"]);
    }

    #[test]
    fn placeholders_and_code_are_no_criteria() {
        assert!(items("# Acceptance criteria\n- TBD\n- n/a\n\n```\n- x must y\n```").is_empty());
        assert!(items("").is_empty());
        let many: String = (0..99).map(|n| format!("- Item {n}\n")).collect();
        assert_eq!(items(&format!("AC:\n{many}")).len(), MOST_CRITERIA);
    }
}
