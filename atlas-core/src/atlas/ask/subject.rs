//! What a question is about: a stored ticket or a text that is not filed.

use crate::atlas::core::Core;
use crate::domain::{Draft, Ticket, TicketKey};
use crate::search::Index;
use crate::search::ticket_index::TicketQuestion;
use crate::store::Stored;
use crate::{Error, Result};

/// What a question is about: a stored ticket, named by its key, or a [`Draft`].
///
/// ```
/// use atlas_core::{Atlas, Subject, domain::{Draft, Ticket, TicketKey}};
/// let atlas = Atlas::open_in_memory()?;
/// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
/// assert_eq!(atlas.predict("WRKA-7", 3)?.scenarios.len(), 3);
/// assert_eq!(atlas.predict(&Draft::new("Export is empty"), 3)?.scenarios.len(), 3);
/// assert!(matches!(Subject::from("WRKA-7"), Subject::Ticket("WRKA-7")));
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A stored ticket, by its key.
    Ticket(&'a str),
    /// A text that is no stored ticket.
    Draft(&'a Draft),
}

impl<'a> From<&'a str> for Subject<'a> {
    fn from(key: &'a str) -> Self {
        Subject::Ticket(key)
    }
}

impl<'a> From<&'a String> for Subject<'a> {
    fn from(key: &'a String) -> Self {
        Subject::Ticket(key)
    }
}

impl<'a> From<&'a TicketKey> for Subject<'a> {
    fn from(key: &'a TicketKey) -> Self {
        Subject::Ticket(key.as_str())
    }
}

impl<'a> From<&'a Draft> for Subject<'a> {
    fn from(draft: &'a Draft) -> Self {
        Subject::Draft(draft)
    }
}

/// A subject that was looked up.
pub(crate) struct ResolvedSubject {
    /// Nothing for a draft.
    pub(crate) ticket: Option<Stored<Ticket>>,
    pub(crate) draft: Draft,
}

impl ResolvedSubject {
    pub(crate) fn key(&self) -> Option<&TicketKey> {
        self.ticket.as_ref().map(|ticket| &ticket.value.key)
    }
}

impl Core {
    /// The ticket with its documents up to date, or the draft.
    pub(crate) fn resolve(&self, subject: Subject<'_>) -> Result<ResolvedSubject> {
        match subject {
            Subject::Ticket(key) => {
                let ticket = self.find_fresh(key)?;
                Ok(ResolvedSubject {
                    draft: Draft::from(&ticket.value),
                    ticket: Some(ticket),
                })
            }
            Subject::Draft(draft) => {
                check_draft(draft)?;
                Ok(ResolvedSubject {
                    draft: draft.clone(),
                    ticket: None,
                })
            }
        }
    }

    /// What search needs of a subject.
    pub(crate) fn question_about(
        &self,
        subject: &ResolvedSubject,
        index: &Index,
    ) -> Result<TicketQuestion> {
        let ticket = subject.ticket.as_ref();
        let number = ticket.and_then(|ticket| index.tickets.number(ticket.id));
        self.question(&subject.draft, index, number)
    }
}

pub(crate) fn check_draft(draft: &Draft) -> Result<()> {
    let text = [Some(draft.summary.as_str()), draft.description.as_deref()];
    if text
        .into_iter()
        .flatten()
        .all(|text| text.trim().is_empty())
    {
        return Err(Error::invalid(
            "text",
            "",
            "a summary or a description with at least one word",
        ));
    }
    Ok(())
}
