//! The lines of a description outside code, each with its section.

use super::super::plain::outside_code;
use super::criteria::sentences;
use super::label::{HeadingLabel, label};
use super::{TicketStepsKind, item};

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PassageSection {
    /// Nothing in particular.
    Prose,
    /// Acceptance criteria, test steps or a reproduction.
    Steps(TicketStepsKind),
    /// What should happen.
    Expected,
    /// What happens instead.
    Actual,
    /// What the ticket leaves out.
    Excluded,
}

/// A line of a description.
#[derive(Debug)]
pub(crate) struct Passage<'a> {
    /// Its number in the description, from 1.
    pub line: usize,
    /// Its text without marks of lists and headings; of a heading, the text behind it.
    pub text: &'a str,
    pub section: PassageSection,
    /// Of a heading that is known by its words, these.
    pub heading: Option<&'a str>,
    /// Whether the heading has no text below it.
    pub is_empty_section: bool,
}

impl Passage<'_> {
    /// Its sentences.
    pub fn sentences(&self) -> impl Iterator<Item = String> {
        sentences(self.text)
    }
}

/// The lines of a description that say something.
pub(crate) fn passages(description: &str) -> Vec<Passage<'_>> {
    let all: Vec<&str> = description.lines().collect();
    let mut walk = PassageWalk {
        section: PassageSection::Prose,
        level: 0,
        paragraph_only: false,
        after_blank: false,
    };
    let mut found = Vec::new();
    let mut number = 0;
    for line in outside_code(description) {
        // Lines in code are left out: the next one that is the same slice.
        while all
            .get(number)
            .is_some_and(|all| !std::ptr::eq(all.as_ptr(), line.as_ptr()))
        {
            number += 1;
        }
        number += 1;
        let passage = walk.line(line, number);
        found.extend(passage.map(|passage| Passage {
            is_empty_section: passage.heading.is_some()
                && passage.text.is_empty()
                && nothing_follows(line, all.get(number..).unwrap_or_default()),
            ..passage
        }));
    }
    found
}

/// Where a description has come to.
struct PassageWalk {
    section: PassageSection,
    /// The level of the section's heading; 0 for a label.
    level: usize,
    /// Whether it ends with its paragraph or list.
    paragraph_only: bool,
    after_blank: bool,
}

impl PassageWalk {
    fn line<'a>(&mut self, line: &'a str, number: usize) -> Option<Passage<'a>> {
        let level = line.bytes().take_while(|&b| b == b'#').count();
        let found = label(line);
        let mut text = item(line).unwrap_or(line.trim()).trim_start_matches('>');
        let mut heading = None;
        match found {
            Some((label, rest)) => {
                let is_known = label != HeadingLabel::Other || !rest.is_empty() || level == 0;
                self.enter(label, level);
                text = rest;
                heading = Some(line.trim_matches(|c: char| !c.is_alphanumeric()))
                    .filter(|_| is_known || is_named(line));
            }
            None if self.paragraph_only && self.after_blank && item(line).is_none() => {
                self.section = PassageSection::Prose;
                self.paragraph_only = false;
            }
            None => {}
        }
        self.after_blank = line.trim().is_empty();
        (heading.is_some() || !text.trim().is_empty()).then_some(Passage {
            line: number,
            text: text.trim(),
            section: self.section,
            heading,
            is_empty_section: false,
        })
    }

    fn enter(&mut self, label: HeadingLabel, level: usize) {
        let section = match label {
            HeadingLabel::Steps(kind) => PassageSection::Steps(kind),
            HeadingLabel::Expected => PassageSection::Expected,
            HeadingLabel::Actual => PassageSection::Actual,
            HeadingLabel::Excluded => PassageSection::Excluded,
            // A deeper heading divides a section.
            HeadingLabel::Other if level > self.level && self.level > 0 => return,
            HeadingLabel::Other => PassageSection::Prose,
        };
        self.section = section;
        self.level = level;
        self.paragraph_only = section == PassageSection::Excluded && level == 0;
    }
}

/// Whether a heading has words that are known, and is none of the author's own.
fn is_named(line: &str) -> bool {
    let name = format!("{}:", line.trim_start_matches(['#', ' ']).trim_end());
    label(&name).is_some()
}

/// Whether the lines below a heading are blank up to the next heading that is not deeper.
fn nothing_follows(heading: &str, below: &[&str]) -> bool {
    let level = |line: &str| line.bytes().take_while(|&b| b == b'#').count();
    let next = below.iter().find(|line| !line.trim().is_empty());
    next.is_none_or(|next| {
        let (own, next_level) = (level(heading), level(next));
        label(next).is_some() && (next_level == 0 || own == 0 || next_level <= own)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_number_and_section() {
        let text = "Intro.\n\n```\ncode\n```\n# Acceptance criteria\n- One\n## Form\n- Two\n\n# Out of scope\n- Three\n\n# Notes\nFour. Five!";
        let found = passages(text);
        let shown: Vec<(usize, &str, bool)> = found
            .iter()
            .filter(|p| !p.text.is_empty())
            .map(|p| (p.line, p.text, p.section == PassageSection::Excluded))
            .collect();
        assert_eq!(
            shown,
            [
                (1, "Intro.", false),
                (7, "One", false),
                (9, "Two", false),
                (12, "Three", true),
                (15, "Four. Five!", false)
            ]
        );
        let criteria = PassageSection::Steps(TicketStepsKind::AcceptanceCriteria);
        let of = |line| found.iter().find(|p| p.line == line).unwrap();
        assert_eq!((of(7).section, of(9).section), (criteria, criteria));
        assert_eq!(of(15).sentences().count(), 2);
    }

    #[test]
    fn a_label_of_what_is_left_out_ends_with_its_list() {
        let found = passages("Out of scope: cards\n- fast\n\nIt must be fast");
        let excluded: Vec<bool> = found
            .iter()
            .map(|p| p.section == PassageSection::Excluded)
            .collect();
        assert_eq!(excluded, [true, true, false]);
    }

    #[test]
    fn headings_with_nothing_under_them_are_told() {
        let empty = |text: &str| -> Vec<String> {
            let found = passages(text).into_iter().filter(|p| p.is_empty_section);
            found.filter_map(|p| p.heading.map(str::to_owned)).collect()
        };
        assert_eq!(
            empty("# Description\n\n# Notes\nx\n# Environment"),
            ["Description", "Environment"]
        );
        assert_eq!(
            empty("Expected result:\n\nActual result: y"),
            ["Expected result"]
        );
        let none: [&str; 0] = [];
        assert_eq!(
            empty("# Description\n## Form\nx\n# Steps\n```\nx()\n```"),
            none
        );
        assert_eq!(empty("# It broke!\n# Notes\nx"), none);
    }
}
