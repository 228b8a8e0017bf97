//! The area [`Tickets`]: what is stored of Jira's tickets, and the tester's notes on them.

mod import;
mod not_similar;
mod notes;
mod work;

use std::sync::Arc;

use crate::atlas::ask::feedback::{smaller, withdraw};
use crate::atlas::core::Core;
use crate::domain::{Forgotten, Ticket};
use crate::{Error, Result};

/// The stored tickets, the tester's notes on them, and which of them wait for testing.
#[derive(Clone)]
pub struct Tickets {
    pub(crate) core: Arc<Core>,
}

impl Tickets {
    /// A stored ticket.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`.
    pub fn get(&self, key: &str) -> Result<Ticket> {
        Ok(self.core.find(key)?.value)
    }

    /// A stored ticket by its row id, as [`Session::ticket_id`](crate::domain::Session::ticket_id)
    /// and the specification's `jira_ticket_id` name it.
    ///
    /// # Errors
    /// `TICKET_NOT_FOUND`.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// let atlas = Atlas::open_in_memory()?;
    /// let error = atlas.tickets().of_row(7).unwrap_err();
    /// assert_eq!(error.code(), "TICKET_NOT_FOUND");
    /// assert_eq!(error.details()["ticket_id"], "7");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn of_row(&self, id: i64) -> Result<Ticket> {
        let found = self
            .core
            .store
            .read(|stored| stored.tickets().by_ids(&[id]))?;
        let ticket = found.into_iter().next().map(|stored| stored.value);
        ticket.ok_or(Error::TicketRowNotFound { id })
    }

    /// Every stored ticket, in the order in which they came.
    ///
    /// # Errors
    /// Storage errors.
    pub fn list(&self) -> Result<Vec<Ticket>> {
        self.core.store.read(|stored| {
            let mut tickets = Vec::new();
            stored.tickets().for_each(&mut |ticket| {
                tickets.push(ticket.value);
                Ok(())
            })?;
            Ok(tickets)
        })
    }
}

impl Tickets {
    /// Removes a ticket from everything that was learned: its observations, imported ones too,
    /// its feedback, the answers in its predictions, its pairs that are not similar, its part in
    /// mined patterns; versions of what was learned that had seen any of it are withdrawn. This
    /// cannot be undone. The ticket itself stays, and importing its history again brings that back.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn forget(&self, key: &str) -> Result<Forgotten> {
        let ticket = self.core.find(key)?;
        self.core.observe(|stored| {
            let mut forgotten = Forgotten {
                ticket_key: Some(ticket.value.key.clone()),
                answers: stored.predictions().clear_answers(ticket.id)?,
                observations: stored.observations().count_of_ticket(ticket.id)?,
                not_similar: stored.not_similar().remove_of_ticket(ticket.id)?,
                edge_cases: stored.edge_cases().remove_of_ticket(ticket.id)?,
                pattern_sources: stored.patterns().forget_source(ticket.id)?,
                ..Forgotten::default()
            };
            let mut first: Option<i64> = None;
            for id in stored.feedback().of_ticket(ticket.id)? {
                let removed = stored.feedback().remove(id)?;
                forgotten.feedback += 1;
                forgotten.removed_patterns += removed.patterns;
                first = smaller(first, removed.first_observation);
            }
            first = smaller(first, stored.observations().remove_of_ticket(ticket.id)?);
            forgotten.withdrawn_models = withdraw(stored, first)?;
            Ok(forgotten)
        })
    }
}
