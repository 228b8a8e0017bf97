//! What needs no words of a language: no criteria, placeholders, empty sections.

use super::Raised;
use super::rules::ReviewRules;
use super::statement::quote;
use super::ticket::{CRITERIA, ReviewedTicket, TicketKind};
use crate::domain::TicketPart;
use crate::text::grammar::Sentence;
use crate::text::steps::{Passage, PassageSection, TicketStepsKind};

/// At most so many empty headings are quoted.
const MOST_HEADINGS: usize = 5;

pub(super) fn find(ticket: &ReviewedTicket<'_>, rules: &ReviewRules) -> Vec<Raised> {
    let mut found = placeholders(ticket, rules);
    let of_criteria = |passage: &&Passage<'_>| passage.section == CRITERIA;
    let in_criteria = ticket.passages.iter().filter(of_criteria);
    let is_open = in_criteria
        .clone()
        .any(|passage| placeholder(passage, ticket.kind, rules).is_some());
    let announces = |passage: &Passage<'_>| {
        let sentence = Sentence::new(passage.text);
        rules.stated.first(&sentence.words).is_some()
    };
    let untold = ticket.criteria.is_none()
        && ticket.steps != Some(TicketStepsKind::TestSteps)
        && !ticket.passages.iter().any(announces);
    if ticket.kind == TicketKind::Story && untold && !is_open {
        found.push(Raised::missing("no-criteria", ticket.draft));
    }
    found.extend(empty_sections(ticket));
    found
}

fn placeholders(ticket: &ReviewedTicket<'_>, rules: &ReviewRules) -> Vec<Raised> {
    let of_line = |passage: &Passage<'_>| {
        let word = placeholder(passage, ticket.kind, rules)?;
        let (part, number) = match ticket.criterion_of(passage, passage.text) {
            Some(number) => (TicketPart::Criterion, number),
            None => (TicketPart::Description, passage.line),
        };
        let whole = match passage.heading {
            Some(heading) => heading,
            None => passage.text,
        };
        Some(Raised {
            code: "placeholder",
            quotes: vec![quote(whole, part, Some(number))],
            values: vec![("word", word)],
        })
    };
    ticket.passages.iter().filter_map(of_line).collect()
}

/// Text that templates put where the author has to write.
fn placeholder(passage: &Passage<'_>, kind: TicketKind, rules: &ReviewRules) -> Option<String> {
    let sentence = Sentence::new(passage.text);
    if let Some((at, length)) = rules.placeholders.first(&sentence.words) {
        let end = at + length;
        // "Have yet to be defined in a glossary" says something else.
        let ends = end == sentence.words.len() || sentence.words[end - 1].mark.is_some();
        let is_name = passage.text.to_lowercase().contains("lorem ipsum");
        if length == 1 || ends || is_name {
            return Some(sentence.slice(&(at..end)).to_owned());
        }
    }
    let mut pieces = passage.text.split_whitespace().peekable();
    let mut is_first = true;
    let mut after_colon = true;
    while let Some(piece) = pieces.next() {
        let bare = piece.trim_matches(|c: char| "()[]{}<>*_.,;:".contains(c));
        let is_last = pieces.peek().is_none();
        // "TODO list" and "shows ???" name things.
        let alone = is_last && (is_first || after_colon) || piece.ends_with(':');
        let stands = alone || is_last && kind != TicketKind::Defect;
        if stands && rules.marks.iter().any(|mark| mark == bare) {
            return Some(bare.to_owned());
        }
        is_first = false;
        after_colon = piece.ends_with(':');
    }
    None
}

/// Headings of a template with nothing under them.
fn empty_sections(ticket: &ReviewedTicket<'_>) -> Option<Raised> {
    let is_asked_otherwise = |section: PassageSection| match ticket.kind {
        TicketKind::Story => section == CRITERIA,
        TicketKind::Defect => matches!(
            section,
            PassageSection::Expected | PassageSection::Steps(TicketStepsKind::Reproduction)
        ),
        TicketKind::Other => false,
    };
    let empty = ticket.passages.iter().filter_map(|passage| {
        let heading = passage.heading.filter(|_| passage.is_empty_section)?;
        (!is_asked_otherwise(passage.section)).then_some((heading, passage.line))
    });
    let empty: Vec<(&str, usize)> = empty.take(MOST_HEADINGS).collect();
    let names: Vec<&str> = empty.iter().map(|(name, _)| *name).collect();
    (!empty.is_empty()).then(|| Raised {
        code: "empty-section",
        quotes: empty
            .iter()
            .map(|(name, line)| quote(name, TicketPart::Description, Some(*line)))
            .collect(),
        values: vec![("word", names.join("\", \""))],
    })
}
