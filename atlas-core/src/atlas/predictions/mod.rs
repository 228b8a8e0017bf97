//! The area [`Predictions`]: what was predicted, and which answers would teach the most.

mod edge_cases;
mod questions;

use std::sync::Arc;

use crate::atlas::core::Core;
use crate::domain::{FeedbackReceipt, Prediction, Scenario};
use crate::{Error, Result};

/// Stored predictions with the tester's answers, and the questions that would teach the most.
#[derive(Clone)]
pub struct Predictions {
    pub(crate) core: Arc<Core>,
}

impl Predictions {
    /// The newest stored prediction of every ticket that has one, in the tickets' order; see
    /// [`Predictions::latest`](crate::Predictions::latest).
    ///
    /// # Errors
    /// Storage errors.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::{Ticket, TicketKey}};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// atlas.predict("WRKA-7", 3)?;
    /// let newest = atlas.predict("WRKA-7", 5)?;
    /// assert_eq!(atlas.predictions().latest_of_all()?, [newest]);
    /// assert_eq!(atlas.tickets().list()?[0].summary, "Export is empty");
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn latest_of_all(&self) -> Result<Vec<Prediction>> {
        self.core
            .store
            .read(|stored| stored.predictions().latest_of_all())
    }
}

impl Predictions {
    /// The newest feedback that was not taken back, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recent_feedback(&self, limit: usize) -> Result<Vec<FeedbackReceipt>> {
        self.core
            .store
            .read(|stored| stored.feedback().recent(limit))
    }

    /// The answers to a ticket's scenarios that were not taken back, newest first.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Feedback, FeedbackTarget, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// let prediction = atlas.predict("WRKA-7", 2)?;
    /// let scenario = FeedbackTarget::Scenario(prediction.scenarios[0].prediction_id.unwrap());
    /// atlas.feedback(scenario, &Feedback::accepted().rating(4))?;
    /// assert_eq!(atlas.predictions().feedback_of("WRKA-7")?[0].items[0].rating, Some(4));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn feedback_of(&self, key: &str) -> Result<Vec<FeedbackReceipt>> {
        let ticket = self.core.find(key)?;
        self.core
            .store
            .read(|stored| stored.feedback().receipts_of(ticket.id))
    }

    /// The ticket's newest stored prediction; [`Prediction::stale`] says what of the ticket has
    /// changed since.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn latest(&self, key: &str) -> Result<Option<Prediction>> {
        let ticket = self.core.find(key)?;
        self.core
            .store
            .read(|stored| stored.predictions().latest(ticket.id))
    }
}

impl Predictions {
    /// A scenario as it was predicted, by its [`Scenario::prediction_id`]; the steps of a session's
    /// plan are found so.
    ///
    /// # Errors
    /// `PREDICTION_NOT_FOUND`, storage errors.
    pub fn scenario(&self, prediction_id: i64) -> Result<Scenario> {
        let scenario =
            |stored: &crate::store::Repositories<'_>| stored.predictions().scenario(prediction_id);
        let (what, id) = ("scenario", prediction_id);
        let found = self.core.store.read(scenario)?;
        found.ok_or(Error::PredictionNotFound { what, id })
    }
}
