//! Replaying the past: every judged ticket, predicted from what was known before it.

use std::ops::Range;
use std::sync::Arc;

use super::example::{Example, Examples};
use crate::domain::{Draft, Progress, ProgressFn, Stage, TicketKey};
use crate::pipeline::blender::Blended;
use crate::pipeline::{Answers, Pipeline, Query, ScenarioRef, WeightedSum};
use crate::search::Index;
use crate::search::history::Judged;
use crate::search::ticket_index::TicketQuestion;
use crate::{Error, Result};

/// Tickets that are asked about at once.
const BATCH: usize = 64;
/// How much of the weighted sum's list is kept.
const KEPT: usize = 100;

/// A ticket of the past, ready to be asked about.
#[derive(Debug)]
pub struct PastTicket {
    /// Its key.
    pub key: TicketKey,
    /// Its text and facts.
    pub draft: Draft,
    /// The same, prepared for searching.
    pub question: TicketQuestion,
    /// Its types of scenario.
    pub scenario_types: Vec<(String, f32)>,
    /// Its components.
    pub components: Vec<(String, f32)>,
    /// The oldest of its observations.
    pub first_observation: i64,
}

/// Gives the judged tickets at some places of the history, in order.
pub type Load<'a> = dyn Fn(Range<usize>) -> Result<Vec<PastTicket>> + 'a;

/// What is replayed: the judged tickets of an index, asked about with a pipeline.
pub struct Replay<'a> {
    /// Everything stored; its history is cut for every ticket.
    pub index: &'a Index,
    /// The plugins.
    pub pipeline: &'a Pipeline,
    /// Reads tickets.
    pub load: &'a Load<'a>,
}

impl Replay<'_> {
    /// Asks about the judged tickets at `places`; the one at place `n` knows the first `known(n)`
    /// judged tickets, at most `n`. `each` makes of every ticket what is wanted.
    ///
    /// # Errors
    /// What `load` and `each` return; `CANCELLED`.
    pub fn run<T>(
        &self,
        places: Range<usize>,
        known: &dyn Fn(usize) -> usize,
        progress: &mut ProgressFn<'_>,
        each: &mut dyn FnMut(&Judged, &PastTicket, &Query<'_>, &Answers) -> Result<T>,
    ) -> Result<Vec<T>> {
        let judged = self.index.history.judged();
        let mut made = Vec::with_capacity(places.len());
        let mut start = places.start;
        while start < places.end {
            let batch = start..(start + BATCH).min(places.end);
            let tickets = (self.load)(batch.clone())?;
            let indexes: Vec<Index> = batch
                .clone()
                .map(|place| self.index_before(known(place).min(place)))
                .collect();
            let queries: Vec<Query<'_>> = tickets
                .iter()
                .zip(&indexes)
                .map(|(ticket, index)| ticket.query(index))
                .collect();
            let answers = self.pipeline.ask(&queries)?;
            for (((place, ticket), query), answers) in
                batch.clone().zip(&tickets).zip(&queries).zip(&answers)
            {
                made.push(each(&judged[place], ticket, query, answers)?);
            }
            start = batch.end;
            let done = Progress {
                stage: Stage::Replaying,
                done: (start - places.start) as u64,
                total: Some(places.len() as u64),
            };
            if progress(done).is_break() {
                return Err(Error::Cancelled);
            }
        }
        Ok(made)
    }

    /// Examples of the judged tickets at `places`; see [`run`](Self::run).
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn examples(
        &self,
        places: Range<usize>,
        progress: &mut ProgressFn<'_>,
    ) -> Result<Examples> {
        let mut examples = Examples::default();
        let list = self.run(
            places,
            &|place| place,
            progress,
            &mut |judged, ticket, _, answers| {
                Ok(self.example(&mut examples, judged, ticket, answers))
            },
        )?;
        examples.list = list;
        examples.pad();
        Ok(examples)
    }

    /// The example of a ticket; columns that are new are added to the others'.
    pub fn example(
        &self,
        examples: &mut Examples,
        judged: &Judged,
        ticket: &PastTicket,
        answers: &Answers,
    ) -> Example {
        let votes = self.pipeline.votes(answers);
        examples.features.extend(&votes);
        let weighted_sum = WeightedSum.sum(&votes);
        let id = |number: u32| self.index.patterns.rows[number as usize].id;
        Example {
            first_observation: ticket.first_observation,
            observations: judged.outcomes.len(),
            table: examples.features.table(&votes),
            weighted_sum: weighted_sum.iter().filter_map(named).take(KEPT).collect(),
            right: judged.right().map(id).collect(),
            wrong: judged.wrong().map(id).collect(),
            complete: judged.complete(),
        }
    }

    fn index_before(&self, place: usize) -> Index {
        Index {
            history: Arc::new(self.index.history.before(place)),
            ..self.index.clone()
        }
    }
}

impl PastTicket {
    fn query<'a>(&'a self, index: &'a Index) -> Query<'a> {
        Query::new(
            Some(&self.key),
            &self.draft,
            &self.question,
            index,
            &self.scenario_types,
            &self.components,
        )
    }
}

fn named(blended: &Blended) -> Option<(i64, f32)> {
    match blended.scenario {
        ScenarioRef::Pattern(id) => Some((id, blended.confidence)),
        ScenarioRef::Own(_) => None,
    }
}
