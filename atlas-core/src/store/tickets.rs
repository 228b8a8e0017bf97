//! Tickets, their links and their former keys.

use std::borrow::Cow;

use jiff::Timestamp;
use rusqlite::Row;
use xxhash_rust::xxh3::xxh3_128;

use super::{Absent, Change, Owner, Repositories, Revision, Stored, columns};
use crate::domain::{Priority, Ticket, TicketKey, TicketLink};
use crate::{Error, Result};

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
}

/// A stored ticket that a given one stands for.
struct Match {
    id: i64,
    /// The key that the row has after the update.
    key: TicketKey,
    jira_id: Option<String>,
    hash: Option<u128>,
    gone: bool,
}

/// Tickets.
///
/// A row whose key is not a ticket key (another program may have written it) is not seen.
#[derive(Debug)]
pub struct Tickets<'r>(pub(super) &'r Repositories<'r>);

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.jira_key, t.summary, t.description, t.ticket_type, t.status,
                    t.priority, t.assignee, t.reporter, t.components, t.labels, t.created_date,
                    t.updated_date, t.resolved_date, d.jira_id, d.resolution, d.parent_key
             FROM jira_tickets t LEFT JOIN atlas_ticket_details d ON d.ticket_id = t.id ",
            $rest
        )
    };
}

impl Tickets<'_> {
    /// The ticket that has this key, or had it before it was moved.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_key(&self, key: &TicketKey) -> Result<Option<Stored<Ticket>>> {
        if let Some(ticket) = self.one(select!("WHERE t.jira_key = ?1"), key.as_str())? {
            return Ok(Some(ticket));
        }
        let sql = "SELECT ticket_id FROM atlas_ticket_keys WHERE jira_key = ?1";
        match self.0.first(sql, [key.as_str()], |row| row.get(0))? {
            Some(id) => self.by_id(id),
            None => Ok(None),
        }
    }

    /// The ticket with a row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_id(&self, id: i64) -> Result<Option<Stored<Ticket>>> {
        self.one(select!("WHERE t.id = ?1"), id)
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
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_assignee(&self, assignee: &str, status: Option<&str>) -> Result<Vec<Stored<Ticket>>> {
        let sql = select!("WHERE t.assignee = ?1 AND (?2 IS NULL OR t.status = ?2 COLLATE NOCASE)");
        let mut tickets = self.many(sql, (assignee, status))?;
        tickets.sort_by_key(|ticket| {
            let rank = Priority::rank(ticket.value.priority.as_deref());
            (rank, std::cmp::Reverse(ticket.value.updated), ticket.id)
        });
        Ok(tickets)
    }

    /// The `n` tickets that changed last, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recent(&self, n: usize) -> Result<Vec<Stored<Ticket>>> {
        let sql = select!("ORDER BY t.updated_date DESC, t.id DESC LIMIT ?1");
        self.many(sql, [i64::try_from(n).unwrap_or(i64::MAX)])
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
        let sql = "SELECT id, jira_key, ticket_type, status, reporter, components, labels,
                          created_date FROM jira_tickets ORDER BY id";
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
        self.0
            .each(select!("ORDER BY t.id"), [], |row| match ticket_of(row)? {
                Some(ticket) => f(self.with_links(ticket)?),
                None => Ok(()),
            })
    }

    /// Stores a ticket, or updates the stored one: the one with the same Jira id (a moved ticket
    /// keeps its row, and its old key still finds it), else the one that has or had the key.
    ///
    /// `absent` says what empty fields do to a stored ticket. The Jira id is never cleared.
    ///
    /// # Errors
    /// Storage errors.
    pub fn upsert(&self, ticket: &Ticket, absent: Absent) -> Result<(i64, Change)> {
        let found = self.find(ticket)?;
        let ticket = self.merged(ticket, found.as_ref(), absent)?;
        let hash = content_hash(&ticket)?;
        let (id, change) = match found {
            Some(found) if found.hash == Some(hash) && !found.gone => {
                return Ok((found.id, Change::Unchanged));
            }
            Some(found) => {
                self.free_key(&ticket.key, found.id)?;
                self.update(found.id, &ticket)?;
                (found.id, Change::Updated)
            }
            None => (self.insert(&ticket)?, Change::New),
        };
        self.put_details(id, &ticket, hash)?;
        self.put_key(&ticket.key, id)?;
        self.put_links(id, &ticket.links, change)?;
        self.0.changed(Revision::Tickets)?;
        Ok((id, change))
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

    fn find(&self, ticket: &Ticket) -> Result<Option<Match>> {
        macro_rules! by {
            ($rest:literal) => {
                concat!(
                    "SELECT t.id, t.jira_key, d.jira_id, d.content_hash, d.gone
                     FROM jira_tickets t LEFT JOIN atlas_ticket_details d ON d.ticket_id = t.id ",
                    $rest
                )
            };
        }
        let find = |sql, value: &str, keep_key: bool| {
            self.0.first(sql, [value], |row| {
                let stored_key = key_of(row, 1).filter(|_| keep_key);
                Ok(Match {
                    id: row.get(0)?,
                    key: stored_key.unwrap_or_else(|| ticket.key.clone()),
                    jira_id: columns::text(row, 2),
                    hash: columns::hash(row, 3),
                    gone: columns::integer(row, 4) == Some(1),
                })
            })
        };
        if let Some(jira_id) = &ticket.jira_id
            && let Some(found) = find(by!("WHERE d.jira_id = ?1"), jira_id, false)?
        {
            return Ok(Some(found));
        }
        // The same key under another Jira id is the same ticket on a migrated site.
        let key = ticket.key.as_str();
        if let Some(found) = find(by!("WHERE t.jira_key = ?1"), key, false)? {
            return Ok(Some(found));
        }
        // A source that names a former key does not move the ticket back.
        let by_history =
            by!("JOIN atlas_ticket_keys k ON k.ticket_id = t.id WHERE k.jira_key = ?1");
        let former = find(by_history, key, true)?;
        Ok(former.filter(|f| f.jira_id.is_none() || ticket.jira_id.is_none()))
    }

    /// The ticket as it is to be stored; the given one itself where nothing is to be changed.
    fn merged<'t>(
        &self,
        ticket: &'t Ticket,
        found: Option<&Match>,
        absent: Absent,
    ) -> Result<Cow<'t, Ticket>> {
        let mut merged = Cow::Borrowed(ticket);
        if let Some(found) = found {
            if found.key != ticket.key {
                merged.to_mut().key = found.key.clone();
            }
            if ticket.jira_id.is_none() && found.jira_id.is_some() {
                merged.to_mut().jira_id = found.jira_id.clone();
            }
            if absent == Absent::Keep
                && let Some(stored) = self.by_id(found.id)?
            {
                fill_empty(merged.to_mut(), stored.value);
            }
        }
        if !ticket.links.is_sorted() {
            merged.to_mut().links.sort();
        }
        Ok(merged)
    }

    fn insert(&self, ticket: &Ticket) -> Result<i64> {
        self.0.insert(
            "INSERT INTO jira_tickets
                 (jira_key, summary, description, ticket_type, status, priority, assignee,
                  reporter, components, labels, created_date, updated_date, resolved_date,
                  project_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            (
                ticket.key.as_str(),
                &ticket.summary,
                &ticket.description,
                &ticket.ticket_type,
                &ticket.status,
                &ticket.priority,
                &ticket.assignee,
                &ticket.reporter,
                columns::names_text(&ticket.components),
                columns::names_text(&ticket.labels),
                ticket.created.map(columns::time_text),
                ticket.updated.map(columns::time_text),
                ticket.resolved.map(columns::time_text),
                ticket.key.project(),
            ),
        )
    }

    fn update(&self, id: i64, ticket: &Ticket) -> Result<()> {
        self.0.execute(
            "UPDATE jira_tickets SET
                 jira_key = ?2, summary = ?3, description = ?4, ticket_type = ?5, status = ?6,
                 priority = ?7, assignee = ?8, reporter = ?9, components = ?10, labels = ?11,
                 created_date = ?12, updated_date = ?13, resolved_date = ?14, project_key = ?15
             WHERE id = ?1",
            (
                id,
                ticket.key.as_str(),
                &ticket.summary,
                &ticket.description,
                &ticket.ticket_type,
                &ticket.status,
                &ticket.priority,
                &ticket.assignee,
                &ticket.reporter,
                columns::names_text(&ticket.components),
                columns::names_text(&ticket.labels),
                ticket.created.map(columns::time_text),
                ticket.updated.map(columns::time_text),
                ticket.resolved.map(columns::time_text),
                ticket.key.project(),
            ),
        )?;
        Ok(())
    }

    /// Takes a key from the other row that still has it. Either that ticket was moved and is
    /// stored again under its new key, or it is this same ticket from a source without Jira ids;
    /// its row stays, for what refers to it, under a key that no reader sees.
    fn free_key(&self, key: &TicketKey, id: i64) -> Result<()> {
        let sql = "SELECT id FROM jira_tickets WHERE jira_key = ?1 AND id <> ?2";
        if let Some(other) = self.0.first(sql, (key.as_str(), id), |row| row.get(0))? {
            let sql = "UPDATE jira_tickets SET jira_key = jira_key || '#' || id WHERE id = ?1";
            self.0.execute(sql, [other])?;
            self.set_gone(other)?;
            self.0.documents().remove(Owner::Ticket, other)?;
        }
        // A row of another program may have a key that is not in the history yet.
        self.0.execute(
            "INSERT INTO atlas_ticket_keys (jira_key, ticket_id)
             SELECT upper(trim(jira_key)), id FROM jira_tickets WHERE id = ?1
             ON CONFLICT DO NOTHING",
            [id],
        )?;
        Ok(())
    }

    fn put_details(&self, id: i64, ticket: &Ticket, hash: u128) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_ticket_details
                 (ticket_id, jira_id, resolution, parent_key, content_hash)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(ticket_id) DO UPDATE SET
                 jira_id = excluded.jira_id, resolution = excluded.resolution,
                 parent_key = excluded.parent_key, content_hash = excluded.content_hash, gone = 0",
            (
                id,
                &ticket.jira_id,
                &ticket.resolution,
                ticket.parent.as_ref().map(TicketKey::as_str),
                hash.to_be_bytes(),
            ),
        )?;
        Ok(())
    }

    fn put_key(&self, key: &TicketKey, id: i64) -> Result<()> {
        self.0.execute(
            "INSERT INTO atlas_ticket_keys (jira_key, ticket_id) VALUES (?1, ?2)
             ON CONFLICT(jira_key) DO UPDATE SET ticket_id = excluded.ticket_id
             WHERE ticket_id <> excluded.ticket_id",
            (key.as_str(), id),
        )?;
        Ok(())
    }

    fn put_links(&self, id: i64, links: &[TicketLink], change: Change) -> Result<()> {
        if change != Change::New {
            self.0
                .execute("DELETE FROM atlas_ticket_links WHERE ticket_id = ?1", [id])?;
        }
        for link in links {
            self.0.execute(
                "INSERT INTO atlas_ticket_links (ticket_id, kind, other_key) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO NOTHING",
                (id, &link.kind, link.key.as_str()),
            )?;
        }
        Ok(())
    }
}

/// Fills what `ticket` leaves empty.
fn fill_empty(ticket: &mut Ticket, stored: Ticket) {
    fn text(field: &mut Option<String>, stored: Option<String>) {
        if field.as_deref().is_none_or(str::is_empty) {
            *field = stored;
        }
    }
    fn string(field: &mut String, stored: String) {
        if field.is_empty() {
            *field = stored;
        }
    }
    fn list<T>(field: &mut Vec<T>, stored: Vec<T>) {
        if field.is_empty() {
            *field = stored;
        }
    }
    string(&mut ticket.summary, stored.summary);
    text(&mut ticket.description, stored.description);
    string(&mut ticket.ticket_type, stored.ticket_type);
    string(&mut ticket.status, stored.status);
    text(&mut ticket.priority, stored.priority);
    text(&mut ticket.resolution, stored.resolution);
    text(&mut ticket.assignee, stored.assignee);
    text(&mut ticket.reporter, stored.reporter);
    list(&mut ticket.components, stored.components);
    list(&mut ticket.labels, stored.labels);
    list(&mut ticket.links, stored.links);
    ticket.created = ticket.created.or(stored.created);
    ticket.updated = ticket.updated.or(stored.updated);
    ticket.resolved = ticket.resolved.or(stored.resolved);
    ticket.parent = ticket.parent.take().or(stored.parent);
}

/// Over every field.
fn content_hash(ticket: &Ticket) -> Result<u128> {
    let content = serde_json::to_vec(ticket)
        .map_err(|error| Error::invalid("ticket", error, "a ticket that JSON can hold"))?;
    Ok(xxh3_128(&content))
}

fn key_of(row: &Row<'_>, column: usize) -> Option<TicketKey> {
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
