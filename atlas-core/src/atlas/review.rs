//! What to ask a ticket's author before testing.

use super::Atlas;
use super::predict::check_draft;
use crate::Result;
use crate::analysis::review;
use crate::domain::{Draft, Review};

impl Atlas {
    /// What a tester would ask the author of a stored ticket before testing, each with the sentence
    /// that it quotes, the most important first, at most
    /// [`MOST_FINDINGS`](crate::analysis::review::MOST_FINDINGS).
    ///
    /// It reads summary, description and type. Nothing is stored.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// let mut ticket = Ticket::new(TicketKey::parse("WRKA-7")?, "Lock the session");
    /// ticket.description = Some("Acceptance criteria:\n- It is locked after a while".into());
    /// atlas.add_tickets(&[ticket])?;
    /// let codes: Vec<String> = atlas.review("WRKA-7")?.findings.into_iter().map(|f| f.code).collect();
    /// assert_eq!(codes, ["limit-without-number", "pronoun"]);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn review(&self, key: &str) -> Result<Review> {
        let ticket = self.find(key)?.value;
        let review = review::review(&Draft::from(&ticket))?;
        Ok(Review {
            ticket_key: Some(ticket.key),
            ..review
        })
    }

    /// The same for a text that is no stored ticket. Where it has no type, that is guessed from the
    /// text: a story or a defect.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a draft without text.
    pub fn review_draft(&self, draft: &Draft) -> Result<Review> {
        check_draft(draft)?;
        review::review(draft)
    }
}
