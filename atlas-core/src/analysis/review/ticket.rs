//! A ticket, read for its review: what kind it is, its sentences and where each stands.

use super::rules::{ReviewLanguage, ReviewRules, WordList};
use super::statement::{Parsed, Role, Statement};
use crate::domain::{CriteriaKind, Draft, TicketPart};
use crate::text::grammar::{Languages, Sentence};
use crate::text::prose::{READ_LIMIT, prose, summary_without_prefix};
use crate::text::steps::{
    Criteria, Passage, PassageSection, TicketStepsKind, criteria, passages, ticket_steps,
};
use crate::text::ticket_type::{is_defect, is_story as is_story_type};

/// More sentences are not looked at.
const MOST_STATEMENTS: usize = 200;
/// A sentence with "should" of more words is a paragraph.
const LONGEST_DUTY: usize = 35;
/// The name of the section of acceptance criteria.
pub(super) const CRITERIA: PassageSection =
    PassageSection::Steps(TicketStepsKind::AcceptanceCriteria);

/// What kind of ticket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TicketKind {
    /// Something that is to be built.
    Story,
    /// Something that is wrong.
    Defect,
    /// A task, an epic, a question.
    Other,
}

/// A ticket with its sentences.
pub(super) struct ReviewedTicket<'a> {
    pub draft: &'a Draft,
    /// The language of its prose, where that is sure.
    pub known: Option<ReviewLanguage<'a>>,
    /// At most so much of it as is read.
    pub description: &'a str,
    pub is_cut: bool,
    pub kind: TicketKind,
    /// Its lines but for those of what it leaves out.
    pub passages: Vec<Passage<'a>>,
    pub criteria: Option<Criteria>,
    pub steps: Option<TicketStepsKind>,
    pub statements: Vec<Statement>,
}

impl<'a> ReviewedTicket<'a> {
    pub fn read(draft: &'a Draft, rules: &'a ReviewRules) -> Self {
        let whole = draft.description.as_deref().unwrap_or_default();
        let end = whole.char_indices().nth(READ_LIMIT).map(|(end, _)| end);
        let description = &whole[..end.unwrap_or(whole.len())];
        let mut passages = passages(description);
        passages.retain(|passage| passage.section != PassageSection::Excluded);
        let mut ticket = ReviewedTicket {
            kind: TicketKind::Other,
            known: rules.language_of(&format!("{} {}", draft.summary, prose(description))),
            criteria: criteria(&draft.summary, description),
            steps: ticket_steps(description).map(|steps| steps.kind),
            statements: Vec::new(),
            is_cut: end.is_some(),
            draft,
            description,
            passages,
        };
        ticket.statements = ticket.read_statements(rules);
        ticket.kind = ticket.guess_kind(rules);
        ticket.pass_over_talk();
        ticket
    }

    /// Whether the ticket states criteria as items or scenarios.
    pub fn has_items(&self) -> bool {
        let stated = self.criteria.as_ref();
        stated.is_some_and(|stated| stated.kind != CriteriaKind::Sentences)
    }

    fn read_statements(&self, rules: &ReviewRules) -> Vec<Statement> {
        let new = |text: String, part, number, role, is_first| Statement {
            text,
            part,
            number,
            role,
            is_first,
        };
        let summary = self.draft.summary.trim().to_owned();
        let mut found = vec![new(summary, TicketPart::Summary, None, Role::Summary, true)];
        let items = self.criteria.as_ref().map_or(&[][..], |c| &c.items);
        if self.has_items() {
            for (item, number) in items.iter().zip(1..) {
                let part = TicketPart::Criterion;
                match is_scenario(item) {
                    true => found.push(new(item.clone(), part, Some(number), Role::Scenario, true)),
                    false => {
                        found.extend(split(item).into_iter().enumerate().map(|(at, text)| {
                            new(text, part, Some(number), Role::Criterion, at == 0)
                        }))
                    }
                }
            }
        }
        for passage in &self.passages {
            for (at, text) in passage.sentences().enumerate() {
                let is_duty = !self.has_items() && items.contains(&text);
                let role = match is_duty {
                    true => Role::Duty,
                    false if is_story(&text, rules) => Role::Story,
                    false => Role::Line,
                };
                let (part, number) = match self.criterion_of(passage, &text) {
                    Some(number) => (TicketPart::Criterion, number),
                    None => (TicketPart::Description, passage.line),
                };
                found.push(new(text, part, Some(number), role, at == 0));
            }
        }
        found.truncate(MOST_STATEMENTS);
        found
    }

    /// The number of the criterion that a sentence of a line is part of.
    pub fn criterion_of(&self, passage: &Passage<'_>, text: &str) -> Option<usize> {
        let stated = self.criteria.as_ref().filter(|_| self.has_items())?;
        let inside = passage.section == CRITERIA || stated.kind == CriteriaKind::Scenarios;
        let holds = |item: &String| inside && item.contains(text);
        stated.items.iter().position(holds).map(|at| at + 1)
    }

    /// Sentences that state nothing to test: talk among people, long ones, and in a
    /// defect all but those under "Expected result".
    fn pass_over_talk(&mut self) {
        let expected: Vec<usize> = (self.passages.iter())
            .filter(|passage| passage.section == PassageSection::Expected)
            .map(|passage| passage.line)
            .collect();
        let known = self.known;
        let kind = self.criteria.as_ref().map(|criteria| criteria.kind);
        for statement in &mut self.statements {
            let parsed = Parsed::new(statement);
            let talks = known.is_some_and(|known| parsed.has(known.words.list(WordList::Talk)));
            let is_long = parsed.sentence.words.len() > LONGEST_DUTY;
            let is_expected = statement
                .number
                .is_some_and(|line| expected.contains(&line));
            let states = !talks && !is_long && (is_expected || self.kind != TicketKind::Defect);
            // "When I open it, then it closes" in a report tells what happens.
            let reports = self.kind == TicketKind::Defect && kind == Some(CriteriaKind::Scenarios);
            if statement.role == Role::Duty && !states
                || statement.role == Role::Scenario && reports
            {
                statement.role = Role::Line;
            }
        }
    }

    fn guess_kind(&self, rules: &ReviewRules) -> TicketKind {
        let name = self.draft.ticket_type.trim();
        let known = self.known;
        let is_task = known.is_some_and(|known| {
            let summary = Sentence::new(summary_without_prefix(&self.draft.summary));
            known
                .words
                .list(WordList::Tasks)
                .at(&summary.words, 0)
                .is_some()
        });
        if !name.is_empty() {
            return match is_defect(name) {
                true if is_task => TicketKind::Other,
                true => TicketKind::Defect,
                false if is_story_type(name) => TicketKind::Story,
                false => TicketKind::Other,
            };
        }
        let is_wanted = |s: &Statement| s.role == Role::Story || is_story(&s.text, rules);
        if self.statements.iter().any(is_wanted) {
            return TicketKind::Story;
        }
        let tells_actual = |p: &Passage<'_>| p.section == PassageSection::Actual;
        if is_task {
            return TicketKind::Story;
        }
        let is_reported = self.steps == Some(TicketStepsKind::Reproduction)
            || self.passages.iter().any(tells_actual);
        let fails = known.is_some_and(|known| {
            let has = |parsed: &Statement, list| Parsed::new(parsed).has(known.words.list(list));
            let crashes = |parsed: &Statement| has(parsed, WordList::Crash);
            has(&self.statements[0], WordList::Defect) || self.statements.iter().any(crashes)
        });
        match is_reported || fails {
            true => TicketKind::Defect,
            false => TicketKind::Story,
        }
    }
}

/// Whether a criterion is a Given-When-Then scenario.
fn is_scenario(item: &str) -> bool {
    let has = |word: &str| item.split_whitespace().any(|found| found == word);
    has("Then") && (has("Given") || has("When"))
}

/// The sentences of an item.
fn split(item: &str) -> Vec<String> {
    let passages = passages(item);
    match passages.as_slice() {
        // A heading in an item is part of it.
        [one] if one.heading.is_none() => one.sentences().collect(),
        _ => vec![item.to_owned()],
    }
}

/// "As a customer I want …", in any language.
fn is_story(text: &str, rules: &ReviewRules) -> bool {
    let sentence = Sentence::new(text);
    let words = &sentence.words;
    let tells = |languages: &Languages| {
        languages.iter().any(|(_, language)| {
            language.story.at(words, 0).is_some()
                && (1..words.len()).any(|at| language.want.at(words, at).is_some())
        })
    };
    tells(rules.languages())
}
