//! What a ticket is about.

use super::Atlas;
use super::predict::check_draft;
use super::similar::SimilarOptions;
use crate::Result;
use crate::analysis::components;
use crate::analysis::scenario_types::{self, ScenarioTypes};
use crate::domain::{Analysis, ComponentGuess, Draft, TicketKey};
use crate::search::Index;
use crate::search::similar::{alike, same_topic};
use crate::search::text_index::Filter;
use crate::search::ticket_index::TicketQuestion;

/// How many similar tickets an analysis names.
const SIMILAR_TICKETS: usize = 10;

impl Atlas {
    /// Components, scenario types and similar tickets of a stored ticket, each with its score.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn analyze(&self, key: &str) -> Result<Analysis> {
        let ticket = self.find_fresh(key)?;
        let (index, _) = self.index()?;
        let draft = Draft::from(&ticket.value);
        let question = self.question(&draft, &index, index.tickets.number(ticket.id))?;
        self.analyze_now(Some(&ticket.value.key), &draft, &question, &index)
    }

    /// The same for a text that is no stored ticket.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a draft without text.
    pub fn analyze_draft(&self, draft: &Draft) -> Result<Analysis> {
        check_draft(draft)?;
        let (index, _) = self.index()?;
        let question = self.question(draft, &index, None)?;
        self.analyze_now(None, draft, &question, &index)
    }

    fn analyze_now(
        &self,
        key: Option<&TicketKey>,
        draft: &Draft,
        question: &TicketQuestion,
        index: &Index,
    ) -> Result<Analysis> {
        let together = index.filter_for(question.number);
        let neighbours = alike(
            &index.tickets,
            question,
            SIMILAR_TICKETS,
            together.as_deref(),
        );
        let components = components_of(key, draft, question, index, None);
        let scenario_types = self.scenario_types()?.guess(
            &question.text.whole,
            &question.summary_line,
            &question.body_line,
        );
        let options = SimilarOptions {
            limit: SIMILAR_TICKETS,
            ..SimilarOptions::default()
        };
        let similar_tickets = self.describe(&neighbours, question, index, &options)?;
        Ok(Analysis {
            ticket_key: key.cloned(),
            components,
            scenario_types,
            similar_tickets,
        })
    }

    /// The types of scenario that a ticket calls for, with their relevance.
    pub(super) fn scenario_types_of(
        &self,
        question: &TicketQuestion,
    ) -> Result<Vec<(String, f32)>> {
        let types = self.scenario_types()?.guess(
            &question.text.whole,
            &question.summary_line,
            &question.body_line,
        );
        Ok(types
            .into_iter()
            .map(|t| (t.scenario_type, t.relevance))
            .collect())
    }

    /// The table of scenario types with its vectors, encoded once.
    pub(super) fn scenario_types(&self) -> Result<&ScenarioTypes> {
        if let Some(types) = self.scenario_types.get() {
            return Ok(types);
        }
        let table = scenario_types::bundled()?;
        let descriptions: Vec<&str> = table.iter().map(|t| t.description.as_str()).collect();
        let vectors = self.codes_of(&descriptions)?;
        let types = ScenarioTypes::new(table, &vectors)?;
        Ok(self.scenario_types.get_or_init(|| types))
    }
}

/// The components that a ticket names, else those that are likely from the tickets that `filter`
/// lets pass.
pub(super) fn components_of(
    key: Option<&TicketKey>,
    draft: &Draft,
    question: &TicketQuestion,
    index: &Index,
    filter: Filter<'_>,
) -> Vec<ComponentGuess> {
    let tickets = &index.tickets;
    let together = index.filter_for(question.number);
    let both = |other| {
        filter.is_none_or(|passes| passes(other))
            && !index.marked_not_similar(question.number, other)
    };
    let filter: Filter<'_> = match filter {
        Some(_) => Some(&both),
        None => together.as_deref(),
    };
    let neighbours = match draft.components.is_empty() {
        true => same_topic(tickets, question, components::NEIGHBOURS, filter),
        false => Vec::new(),
    };
    let project = key.map(TicketKey::project);
    components::guess(
        tickets,
        &draft.components,
        project,
        &question.summary_line,
        &neighbours,
    )
}
