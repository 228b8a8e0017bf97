//! Which fields of a ticket a source speaks about: what it does not name keeps what is stored.

use super::Ticket;

/// A field of a [`Ticket`](super::Ticket) beside its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "each is the field of the same name")]
pub enum TicketField {
    JiraId,
    Summary,
    Description,
    TicketType,
    Status,
    Priority,
    Resolution,
    Assignee,
    Reporter,
    Components,
    Labels,
    Created,
    Updated,
    Resolved,
    Parent,
    Links,
}

impl TicketField {
    /// Every one of them.
    pub const ALL: [TicketField; 16] = [
        TicketField::JiraId,
        TicketField::Summary,
        TicketField::Description,
        TicketField::TicketType,
        TicketField::Status,
        TicketField::Priority,
        TicketField::Resolution,
        TicketField::Assignee,
        TicketField::Reporter,
        TicketField::Components,
        TicketField::Labels,
        TicketField::Created,
        TicketField::Updated,
        TicketField::Resolved,
        TicketField::Parent,
        TicketField::Links,
    ];
}

/// The fields that a source names. Absent is not empty: a field that is named and empty clears
/// what is stored, one that is not named keeps it.
///
/// ```
/// use atlas_core::domain::{TicketField, TicketFields};
/// let fields = TicketFields::NONE.with(TicketField::Status);
/// assert!(fields.has(TicketField::Status) && !fields.has(TicketField::Summary));
/// assert!(TicketFields::ALL.has(TicketField::Links));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TicketFields(u32);

impl TicketFields {
    /// No field.
    pub const NONE: TicketFields = TicketFields(0);
    /// Every field.
    pub const ALL: TicketFields = TicketFields((1 << TicketField::ALL.len()) - 1);

    /// The fields of a ticket that are not empty, for sources that say nothing of the others.
    pub fn filled(ticket: &Ticket) -> Self {
        let has = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        let filled = [
            (TicketField::JiraId, has(&ticket.jira_id)),
            (TicketField::Summary, !ticket.summary.is_empty()),
            (TicketField::Description, has(&ticket.description)),
            (TicketField::TicketType, !ticket.ticket_type.is_empty()),
            (TicketField::Status, !ticket.status.is_empty()),
            (TicketField::Priority, has(&ticket.priority)),
            (TicketField::Resolution, has(&ticket.resolution)),
            (TicketField::Assignee, has(&ticket.assignee)),
            (TicketField::Reporter, has(&ticket.reporter)),
            (TicketField::Components, !ticket.components.is_empty()),
            (TicketField::Labels, !ticket.labels.is_empty()),
            (TicketField::Created, ticket.created.is_some()),
            (TicketField::Updated, ticket.updated.is_some()),
            (TicketField::Resolved, ticket.resolved.is_some()),
            (TicketField::Parent, ticket.parent.is_some()),
            (TicketField::Links, !ticket.links.is_empty()),
        ];
        let filled = filled.into_iter().filter(|(_, filled)| *filled);
        filled.map(|(field, _)| field).collect()
    }

    /// These and one more.
    pub const fn with(self, field: TicketField) -> Self {
        TicketFields(self.0 | 1 << field as u8)
    }

    /// These without one.
    pub const fn without(self, field: TicketField) -> Self {
        TicketFields(self.0 & !(1 << field as u8))
    }

    /// Whether a field is one of them.
    pub const fn has(self, field: TicketField) -> bool {
        self.0 & 1 << field as u8 != 0
    }
}

impl FromIterator<TicketField> for TicketFields {
    fn from_iter<I: IntoIterator<Item = TicketField>>(fields: I) -> Self {
        fields
            .into_iter()
            .fold(TicketFields::NONE, TicketFields::with)
    }
}
