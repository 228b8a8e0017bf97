//! Tickets, their links and their former keys.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::Row;

use super::{Repositories, Revision, Stored, columns};
use crate::Result;
use crate::domain::{Priority, Ticket, TicketKey, TicketLink, folded_name};

/// What of a ticket fits into memory for all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketHeader {
    /// The row id.
    pub id: i64,
    /// The present key.
    pub key: TicketKey,
    /// Story, Task, Bug, …
    pub ticket_type: String,
    /// To Do, In Progress, Done, …
    pub status: String,
    /// Display name.
    pub reporter: Option<String>,
    /// Component names.
    pub components: Vec<String>,
    /// Labels.
    pub labels: Vec<String>,
    /// When it was filed.
    pub created: Option<Timestamp>,
    /// Whether Jira no longer has it.
    pub gone: bool,
}

/// Which ticket of Jira's a row stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketIdentity {
    /// The row id.
    pub id: i64,
    /// The present key, if it is one.
    pub key: Option<TicketKey>,
    /// Jira's own id.
    pub jira_id: String,
    /// Whether it was read from a live Jira.
    pub synced: bool,
    /// Whether Jira no longer has it.
    pub gone: bool,
}

/// Tickets.
///
/// A row whose key is not a ticket key (another program may have written it) is not seen.
#[derive(Debug)]
pub struct Tickets<'r>(pub(super) &'r Repositories<'r>);

const SELECT: &str = "SELECT t.id, t.jira_key, t.summary, t.description, t.ticket_type, t.status,
                    t.priority, t.assignee, t.reporter, t.components, t.labels, t.created_date,
                    t.updated_date, t.resolved_date, d.jira_id, d.resolution, d.parent_key
             FROM jira_tickets t LEFT JOIN atlas_ticket_details d ON d.ticket_id = t.id";

impl Tickets<'_> {
    /// The ticket that has this key, or had it before it was moved.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_key(&self, key: &TicketKey) -> Result<Option<Stored<Ticket>>> {
        if let Some(ticket) = self.one(&format!("{SELECT} WHERE t.jira_key = ?1"), key.as_str())? {
            return Ok(Some(ticket));
        }
        let sql = "SELECT ticket_id FROM atlas_ticket_keys WHERE jira_key = ?1";
        match self.0.first(sql, [key.as_str()], |row| row.get(0))? {
            Some(id) => self.by_id(id),
            None => Ok(None),
        }
    }

    /// The key of the ticket with this id of Jira's.
    ///
    /// # Errors
    /// Storage errors.
    pub fn key_by_jira_id(&self, jira_id: &str) -> Result<Option<TicketKey>> {
        let sql = "SELECT t.jira_key FROM atlas_ticket_details d
                   JOIN jira_tickets t ON t.id = d.ticket_id WHERE d.jira_id = ?1";
        Ok(self
            .0
            .first(sql, [jira_id], |row| Ok(key_of(row, 0)))?
            .flatten())
    }

    /// The ticket with a row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_id(&self, id: i64) -> Result<Option<Stored<Ticket>>> {
        self.one(&format!("{SELECT} WHERE t.id = ?1"), id)
    }

    /// The tickets with these row ids, in their order; those that are not there are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_ids(&self, ids: &[i64]) -> Result<Vec<Stored<Ticket>>> {
        ids.iter()
            .filter_map(|id| self.by_id(*id).transpose())
            .collect()
    }

    /// A person's tickets, in one status or in all: most urgent first, then newest change first.
    /// Those that Jira no longer has are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_assignee(&self, assignee: &str, status: Option<&str>) -> Result<Vec<Stored<Ticket>>> {
        let sql = &format!(
            "{SELECT} WHERE atlas_folded(t.assignee) = ?1
             AND (?2 IS NULL OR atlas_folded(t.status) = ?2) AND coalesce(d.gone, 0) = 0"
        );
        let (assignee, status) = (folded_name(assignee), status.map(folded_name));
        let mut tickets = self.many(sql, (assignee, status))?;
        tickets.sort_by_key(|ticket| {
            let rank = Priority::rank(ticket.value.priority.as_deref());
            (rank, std::cmp::Reverse(ticket.value.updated), ticket.id)
        });
        Ok(tickets)
    }

    /// The `n` tickets that changed last, newest first, of those that Jira still has.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recent(&self, n: usize) -> Result<Vec<Stored<Ticket>>> {
        let sql = &format!(
            "{SELECT} WHERE coalesce(d.gone, 0) = 0
             ORDER BY t.updated_date DESC, t.id DESC LIMIT ?1"
        );
        self.many(sql, [i64::try_from(n).unwrap_or(i64::MAX)])
    }

    /// The projects that a ticket is or was of: what decides whether `UTF-8` is a key.
    ///
    /// # Errors
    /// Storage errors.
    pub fn projects(&self) -> Result<BTreeSet<String>> {
        let mut projects = BTreeSet::new();
        let sql = "SELECT DISTINCT upper(substr(jira_key, 1, instr(jira_key, '-') - 1))
                   FROM (SELECT jira_key FROM jira_tickets
                         UNION ALL SELECT jira_key FROM atlas_ticket_keys)
                   WHERE instr(jira_key, '-') > 1";
        self.0.each(sql, [], |row| {
            projects.extend(columns::text(row, 0));
            Ok(())
        })?;
        Ok(projects)
    }

    /// Every present key, in the order of their text.
    ///
    /// # Errors
    /// Storage errors.
    pub fn keys(&self) -> Result<Vec<TicketKey>> {
        let mut keys = Vec::new();
        self.0.each(
            "SELECT jira_key FROM jira_tickets ORDER BY jira_key",
            [],
            |row| {
                keys.extend(key_of(row, 0));
                Ok(())
            },
        )?;
        Ok(keys)
    }

    /// How many there are.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count(&self) -> Result<u64> {
        self.0.number("SELECT count(*) FROM jira_tickets", [])
    }

    /// Every ticket without its texts, by id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn for_each_header(&self, f: &mut dyn FnMut(TicketHeader)) -> Result<()> {
        let sql = "SELECT t.id, t.jira_key, t.ticket_type, t.status, t.reporter, t.components,
                          t.labels, t.created_date, d.gone
                   FROM jira_tickets t LEFT JOIN atlas_ticket_details d ON d.ticket_id = t.id
                   ORDER BY t.id";
        self.0.each(sql, [], |row| {
            if let Some(key) = key_of(row, 1) {
                f(TicketHeader {
                    id: row.get(0)?,
                    key,
                    ticket_type: columns::text(row, 2).unwrap_or_default(),
                    status: columns::text(row, 3).unwrap_or_default(),
                    reporter: columns::text(row, 4),
                    components: columns::names(row, 5),
                    labels: columns::names(row, 6),
                    created: columns::time(row, 7),
                    gone: columns::integer(row, 8) == Some(1),
                });
            }
            Ok(())
        })
    }

    /// Every ticket, one after the other, by id.
    ///
    /// # Errors
    /// What `f` returns, storage errors.
    pub fn for_each(&self, f: &mut dyn FnMut(Stored<Ticket>) -> Result<()>) -> Result<()> {
        self.0.each(
            &format!("{SELECT} ORDER BY t.id"),
            [],
            |row| match ticket_of(row)? {
                Some(ticket) => f(self.with_links(ticket)?),
                None => Ok(()),
            },
        )
    }

    /// Notes that Jira no longer has a ticket. Storing it again takes that back.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set_gone(&self, id: i64) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_ticket_details (ticket_id, gone) VALUES (?1, 1)
             ON CONFLICT(ticket_id) DO UPDATE SET gone = 1",
            [id],
        )?;
        self.0.changed(Revision::Tickets)
    }

    /// Notes that a ticket was read from Jira at `now`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set_synced(&self, id: i64, now: Timestamp) -> Result<()> {
        let sql = "UPDATE jira_tickets SET synced_from_jira = 1, last_synced = ?2 WHERE id = ?1";
        self.0.execute(sql, (id, columns::time_text(now)))?;
        Ok(())
    }

    /// Every ticket that has an id of Jira's, by row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn for_each_identity(&self, f: &mut dyn FnMut(TicketIdentity)) -> Result<()> {
        let sql = "SELECT t.id, t.jira_key, d.jira_id, t.synced_from_jira, d.gone
                   FROM jira_tickets t JOIN atlas_ticket_details d ON d.ticket_id = t.id
                   WHERE d.jira_id IS NOT NULL ORDER BY t.id";
        self.0.each(sql, [], |row| {
            f(TicketIdentity {
                id: row.get(0)?,
                key: key_of(row, 1),
                jira_id: columns::text(row, 2).unwrap_or_default(),
                synced: columns::integer(row, 3) == Some(1),
                gone: columns::integer(row, 4) == Some(1),
            });
            Ok(())
        })
    }

    fn one(&self, sql: &str, param: impl rusqlite::ToSql) -> Result<Option<Stored<Ticket>>> {
        match self.0.first(sql, [param], ticket_of)?.flatten() {
            Some(ticket) => Ok(Some(self.with_links(ticket)?)),
            None => Ok(None),
        }
    }

    fn many(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Stored<Ticket>>> {
        let mut tickets = Vec::new();
        self.0.each(sql, params, |row| {
            if let Some(ticket) = ticket_of(row)? {
                tickets.push(self.with_links(ticket)?);
            }
            Ok(())
        })?;
        Ok(tickets)
    }

    fn with_links(&self, mut ticket: Stored<Ticket>) -> Result<Stored<Ticket>> {
        let sql = "SELECT kind, other_key FROM atlas_ticket_links WHERE ticket_id = ?1
                   ORDER BY kind, other_key";
        let links = &mut ticket.value.links;
        self.0.each(sql, [ticket.id], |row| {
            if let Some(key) = key_of(row, 1) {
                let kind = columns::text(row, 0).unwrap_or_default();
                links.push(TicketLink { kind, key });
            }
            Ok(())
        })?;
        Ok(ticket)
    }
}

pub(super) fn key_of(row: &Row<'_>, column: usize) -> Option<TicketKey> {
    TicketKey::parse(&columns::text(row, column)?).ok()
}

/// The ticket in a row, its links still missing.
fn ticket_of(row: &Row<'_>) -> rusqlite::Result<Option<Stored<Ticket>>> {
    let Some(key) = key_of(row, 1) else {
        return Ok(None);
    };
    let value = Ticket {
        key,
        jira_id: columns::text(row, 14),
        summary: columns::text(row, 2).unwrap_or_default(),
        description: columns::text(row, 3),
        ticket_type: columns::text(row, 4).unwrap_or_default(),
        status: columns::text(row, 5).unwrap_or_default(),
        priority: columns::text(row, 6),
        resolution: columns::text(row, 15),
        assignee: columns::text(row, 7),
        reporter: columns::text(row, 8),
        components: columns::names(row, 9),
        labels: columns::names(row, 10),
        created: columns::time(row, 11),
        updated: columns::time(row, 12),
        resolved: columns::time(row, 13),
        parent: key_of(row, 16),
        links: Vec::new(),
    };
    let id = row.get(0)?;
    Ok(Some(Stored { id, value }))
}
