//! What to ask a ticket's author before testing.

use super::subject::{Subject, check_draft};
use crate::Result;
use crate::analysis::review;
use crate::atlas::Atlas;
use crate::domain::{Draft, Review};

impl Atlas {
    /// What a tester would ask the author of a ticket or a draft before testing, each with the
    /// sentence that it quotes, the most important first, at most
    /// [`MOST_FINDINGS`](crate::analysis::review::MOST_FINDINGS).
    ///
    /// It reads summary, description and type; where a draft has no type, that is guessed from the
    /// text: a story or a defect. Nothing is stored.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `INVALID_VALUE` for a draft without text, storage
    /// errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// let mut ticket = Ticket::new(TicketKey::parse("WRKA-7")?, "Lock the session");
    /// ticket.description = Some("Acceptance criteria:\n- It is locked after a while".into());
    /// atlas.tickets().add(&[ticket])?;
    /// let codes: Vec<String> = atlas.review("WRKA-7")?.findings.into_iter().map(|f| f.code).collect();
    /// assert_eq!(codes, ["limit-without-number", "pronoun"]);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn review<'a>(&self, subject: impl Into<Subject<'a>>) -> Result<Review> {
        match subject.into() {
            Subject::Ticket(key) => {
                let ticket = self.core.find(key)?.value;
                Ok(Review {
                    ticket_key: Some(ticket.key.clone()),
                    ..review::review(&Draft::from(&ticket))?
                })
            }
            Subject::Draft(draft) => {
                check_draft(draft)?;
                review::review(draft)
            }
        }
    }
}
