//! The past in memory: which patterns were right or wrong for which tickets.

use std::collections::HashMap;

use crate::domain::Verdict;

/// What was observed for one ticket and one pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The pattern's number in the pattern index.
    pub pattern: u32,
    /// Whether it was right.
    pub verdict: Verdict,
}

/// Observations by the ticket's number in the ticket index.
#[derive(Debug, Default, Clone)]
pub struct History {
    by_ticket: HashMap<u32, Vec<Outcome>>,
}

impl History {
    /// Adds an observation.
    pub fn add(&mut self, ticket: u32, outcome: Outcome) {
        self.by_ticket.entry(ticket).or_default().push(outcome);
    }

    /// What was observed for a ticket.
    pub fn of(&self, ticket: u32) -> &[Outcome] {
        self.by_ticket.get(&ticket).map_or(&[], Vec::as_slice)
    }

    /// Whether a ticket has a past.
    pub fn knows(&self, ticket: u32) -> bool {
        self.by_ticket.contains_key(&ticket)
    }

    /// Whether nothing was observed.
    pub fn is_empty(&self) -> bool {
        self.by_ticket.is_empty()
    }
}
