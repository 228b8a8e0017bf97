//! What a ticket is about.

use super::subject::Subject;
use crate::Result;
use crate::analysis::components;
use crate::analysis::scenario_types::{self, ScenarioTypes};
use crate::atlas::Atlas;
use crate::atlas::ask::similar::SimilarOptions;
use crate::atlas::core::Core;
use crate::domain::{Analysis, ComponentGuess, Draft, TicketKey};
use crate::search::Index;
use crate::search::similar::{alike, same_topic};
use crate::search::text_index::Filter;
use crate::search::ticket_index::TicketQuestion;

/// How many similar tickets an analysis names.
const SIMILAR_TICKETS: usize = 10;

impl Atlas {
    /// Components, scenario types and similar tickets of a stored ticket or a draft, each with its
    /// score.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `INVALID_VALUE` for a draft without text, storage
    /// errors.
    pub fn analyze<'a>(&self, subject: impl Into<Subject<'a>>) -> Result<Analysis> {
        self.core.analyze(subject.into())
    }
}

impl Core {
    pub(crate) fn analyze(&self, subject: Subject<'_>) -> Result<Analysis> {
        let subject = self.resolve(subject)?;
        let (index, _) = self.index()?;
        let index = &*index;
        let question = &self.question_about(&subject, index)?;
        let (key, draft) = (subject.key(), &subject.draft);
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
    pub(crate) fn scenario_types_of(
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
    pub(crate) fn scenario_types(&self) -> Result<&ScenarioTypes> {
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
pub(crate) fn components_of(
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
