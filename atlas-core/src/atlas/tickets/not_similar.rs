//! Tickets that the user calls not similar.

use super::Tickets;
use crate::atlas::core::Core;
use crate::{Error, Result};

impl Tickets {
    /// Notes that two tickets are not similar: neither is named for the other again, as similar,
    /// as a duplicate or as a past ticket that votes. `false` when that was known.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`, `INVALID_VALUE` for a ticket and itself.
    pub fn mark_not_similar(&self, key: &str, other: &str) -> Result<bool> {
        let (id, other) = self.core.pair(key, other)?;
        self.core
            .store
            .write(|stored| stored.not_similar().add(id, other))
    }

    /// Takes back that two tickets are not similar. `false` when they were not marked.
    ///
    /// # Errors
    /// As [`Tickets::mark_not_similar`](crate::Tickets::mark_not_similar).
    pub fn unmark_not_similar(&self, key: &str, other: &str) -> Result<bool> {
        let (id, other) = self.core.pair(key, other)?;
        self.core
            .store
            .write(|stored| stored.not_similar().remove(id, other))
    }
}

impl Core {
    fn pair(&self, key: &str, other: &str) -> Result<(i64, i64)> {
        let (ticket, second) = (self.find(key)?, self.find(other)?);
        if ticket.id == second.id {
            let expected = format!("a ticket other than {}", ticket.value.key);
            return Err(Error::invalid("other", other, expected));
        }
        Ok((ticket.id, second.id))
    }
}
