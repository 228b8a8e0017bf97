//! What a predictor is asked: a ticket, prepared once, with work that all share.

use std::sync::OnceLock;

use super::edge_case_answers::EdgeCaseAnswers;
use super::kept_rules::KeptRules;
use super::past::Past;
use super::pool;
use crate::domain::{Draft, TicketKey};
use crate::search::Index;
use crate::search::similar::{self, Similar};
use crate::search::text_index::Match;
use crate::search::ticket_index::TicketQuestion;

/// How many similar tickets predictors look at.
pub(crate) const NEIGHBOURS: usize = 30;

/// A ticket to predict for.
///
/// Similar tickets and matching patterns are searched once, whoever asks first.
pub struct Query<'a> {
    /// The ticket's key; none for free text.
    pub key: Option<&'a TicketKey>,
    /// Its text and facts.
    pub draft: &'a Draft,
    /// The same, prepared for searching.
    pub question: &'a TicketQuestion,
    /// Everything stored.
    pub index: &'a Index,
    /// Scenario types that the ticket calls for, with their relevance 0 to 1, most relevant first.
    pub scenario_types: &'a [(String, f32)],
    /// Components of the ticket: those it names, else those that are likely, with confidence.
    pub components: &'a [(String, f32)],
    /// What the tester kept and refused of designed tests.
    pub kept_designs: Option<&'a KeptRules>,
    /// The tester's answers to edge cases.
    pub edge_case_answers: Option<&'a EdgeCaseAnswers>,
    similar: OnceLock<Vec<Similar>>,
    similar_with_past: OnceLock<Vec<Similar>>,
    past: OnceLock<Past>,
    pool: OnceLock<Vec<Match>>,
}

impl<'a> Query<'a> {
    /// A query over an index.
    pub fn new(
        key: Option<&'a TicketKey>,
        draft: &'a Draft,
        question: &'a TicketQuestion,
        index: &'a Index,
        scenario_types: &'a [(String, f32)],
        components: &'a [(String, f32)],
    ) -> Self {
        Query {
            key,
            draft,
            question,
            index,
            scenario_types,
            components,
            kept_designs: None,
            edge_case_answers: None,
            similar: OnceLock::new(),
            similar_with_past: OnceLock::new(),
            past: OnceLock::new(),
            pool: OnceLock::new(),
        }
    }

    /// The same, with the tester's answers to designed tests and edge cases.
    pub fn with_answers(mut self, designs: &'a KeptRules, edge_cases: &'a EdgeCaseAnswers) -> Self {
        self.kept_designs = Some(designs);
        self.edge_case_answers = Some(edge_cases);
        self
    }

    /// The stored tickets that are most alike by content, most alike first.
    pub fn similar(&self) -> &[Similar] {
        self.similar.get_or_init(|| {
            let together = self.index.filter_for(self.question.number);
            let tickets = &self.index.tickets;
            similar::alike(tickets, self.question, NEIGHBOURS, together.as_deref())
        })
    }

    /// The same among the tickets for which it is known what was right or wrong.
    pub fn similar_with_past(&self) -> &[Similar] {
        self.similar_with_past.get_or_init(|| {
            let own = self.question.number;
            let judged = self.index.history.judged().iter();
            let known: Vec<u32> = judged
                .map(|judged| judged.ticket)
                .filter(|&ticket| {
                    Some(ticket) != own && !self.index.marked_not_similar(own, ticket)
                })
                .collect();
            similar::alike_among(&self.index.tickets, self.question, NEIGHBOURS, &known)
        })
    }

    /// What these say.
    pub fn past(&self) -> &Past {
        self.past
            .get_or_init(|| Past::of(self.index, self.similar_with_past()))
    }

    /// The patterns that are worth a closer look, by number, each compared with the ticket.
    pub fn pool(&self) -> &[Match] {
        self.pool
            .get_or_init(|| pool::find(self.index, self.question, self.past()))
    }
}
