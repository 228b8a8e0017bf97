//! The tester's notes on tickets, and how hard they are to test.

use super::Tickets;
use crate::Result;
use crate::atlas::core::Core;
use crate::atlas::core::work_log::WorkLog;
use crate::domain::{EventKind, TicketNote};

/// The most notes that a search gives.
const MOST_FOUND: usize = 1_000;

impl Tickets {
    /// Sets the note on a ticket, at most 20,000 characters; `None` clears it.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`; `INVALID_VALUE` for an empty or overlong one.
    pub fn set_note(&self, key: &str, note: Option<&str>) -> Result<Option<TicketNote>> {
        self.core.noted(key, note.is_some(), |log, ticket_id| {
            let notes = log.stored.notes();
            notes.set_note(ticket_id, log.user.id, note, log.now.at)
        })
    }

    /// Sets how hard a ticket is to test, 1 (easy) to 5; `None` clears it.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `INVALID_VALUE`.
    pub fn set_difficulty(&self, key: &str, difficulty: Option<u8>) -> Result<Option<TicketNote>> {
        self.core
            .noted(key, difficulty.is_some(), |log, ticket_id| {
                let notes = log.stored.notes();
                notes.set_difficulty(ticket_id, log.user.id, difficulty, log.now.at)
            })
    }

    /// The note and the difficulty of a ticket, if it has either.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn note(&self, key: &str) -> Result<Option<TicketNote>> {
        let (ticket, user) = (self.core.find(key)?, self.core.user()?);
        self.core
            .store
            .read(|stored| stored.notes().get(ticket.id, user.id))
    }

    /// Removes a ticket's note and difficulty; whether there was one.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, storage errors.
    pub fn clear_note(&self, key: &str) -> Result<bool> {
        let ticket = self.core.find(key)?;
        self.core
            .log_work(|log| log.stored.notes().clear(ticket.id, log.user.id))
    }

    /// The notes in which every one of these words stands, newest change first, at most `limit`
    /// (up to 1,000). Without words all of them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn search_notes(&self, words: &str, limit: usize) -> Result<Vec<TicketNote>> {
        let user = self.core.user()?;
        let limit = limit.min(MOST_FOUND);
        self.core
            .store
            .read(|stored| stored.notes().search(user.id, words, limit))
    }
}

impl Core {
    fn noted(
        &self,
        key: &str,
        written: bool,
        set: impl FnOnce(&WorkLog<'_>, i64) -> Result<bool>,
    ) -> Result<Option<TicketNote>> {
        let ticket = self.find(key)?;
        self.log_work(|log| {
            if set(log, ticket.id)? && written {
                let ticket_id = ticket.id;
                log.append(None, EventKind::TicketNoted { ticket_id })?;
            }
            log.stored.notes().get(ticket.id, log.user.id)
        })
    }
}
