//! What the tester says of edge cases.

use super::Predictions;
use crate::domain::{EdgeCaseAnswer, EdgeCaseReceipt};
use crate::{Error, Result};

/// The most answers that are listed at once.
const MOST_LISTED: usize = 1_000;
/// The longest name of a rule.
const LONGEST_RULE: usize = 200;

impl Predictions {
    /// Stores what the tester says of an edge case of a stored ticket, named by its
    /// [`rule`](crate::domain::EdgeCase::rule). A later answer counts in place of an earlier one.
    ///
    /// What is dismissed is not shown any more: for this ticket, or for every ticket of its
    /// components. All answers teach how likely a rule's edge cases are kept, in general and for a
    /// component, and with it their rank.
    ///
    /// # Errors
    /// `INVALID_TICKET_KEY`, `TICKET_NOT_FOUND`; `INVALID_VALUE` for an empty rule, and for
    /// `DismissedForComponent` where the ticket has no component; storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{EdgeCaseAnswer, Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// let ticket = Ticket::new(TicketKey::parse("WRKA-7")?, "Upload of an attachment fails");
    /// atlas.tickets().add(&[ticket])?;
    /// let first = atlas.predict("WRKA-7", 3)?.edge_cases.remove(0);
    /// let predictions = atlas.predictions();
    /// let receipt = predictions.answer_edge_case("WRKA-7", &first.rule, EdgeCaseAnswer::Dismissed)?;
    /// let shown = atlas.predict("WRKA-7", 3)?.edge_cases;
    /// assert!(shown.iter().all(|case| case.rule != first.rule));
    /// predictions.undo_edge_case(receipt.id)?;
    /// assert_eq!(atlas.predict("WRKA-7", 3)?.edge_cases[0], first);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn answer_edge_case(
        &self,
        key: &str,
        rule: &str,
        answer: EdgeCaseAnswer,
    ) -> Result<EdgeCaseReceipt> {
        let rule = rule.trim();
        if rule.is_empty() || rule.chars().count() > LONGEST_RULE {
            let expected = format!("the rule of an edge case, 1 to {LONGEST_RULE} characters");
            return Err(Error::invalid("rule", rule, expected));
        }
        let ticket = self.core.find(key)?;
        let components = &ticket.value.components;
        if answer == EdgeCaseAnswer::DismissedForComponent && components.is_empty() {
            let expected = "dismissed: the ticket has no component";
            return Err(Error::invalid("answer", answer.as_str(), expected));
        }
        let now = (self.core.clock)();
        self.core.store.write(|stored| {
            let answers = stored.edge_cases();
            let id = answers.add(ticket.id, rule, answer, components, now)?;
            answers.by_id(id)?.ok_or(Error::FeedbackNotFound { id })
        })
    }

    /// Takes an answer to an edge case back; the one before it counts again.
    ///
    /// # Errors
    /// `FEEDBACK_NOT_FOUND`, storage errors.
    pub fn undo_edge_case(&self, id: i64) -> Result<EdgeCaseReceipt> {
        self.core.store.write(|stored| {
            let answers = stored.edge_cases();
            let found = answers.by_id(id)?.ok_or(Error::FeedbackNotFound { id })?;
            answers.remove(id)?;
            Ok(found)
        })
    }

    /// The newest answers to edge cases, newest first, at most `limit` (1 to 1,000).
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors.
    pub fn edge_case_answers(&self, limit: usize) -> Result<Vec<EdgeCaseReceipt>> {
        if !(1..=MOST_LISTED).contains(&limit) {
            return Err(Error::invalid(
                "limit",
                limit,
                format!("1 to {MOST_LISTED}"),
            ));
        }
        self.core
            .store
            .read(|stored| stored.edge_cases().recent(limit))
    }
}
