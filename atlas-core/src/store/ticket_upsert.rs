//! Storing tickets: which row a ticket stands for, what of it changes, which keys it leaves.

use std::borrow::Cow;

use jiff::SignedDuration;
use xxhash_rust::xxh3::xxh3_128;

use super::import_rows::TICKETS;
use super::tickets::key_of;
use super::{Change, Owner, Revision, Tickets, columns};
use crate::domain::{Ticket, TicketField, TicketFields, TicketKey, TicketLink};
use crate::{Error, Result};

const MATCH: &str = "SELECT t.id, t.jira_key, d.jira_id, d.content_hash, d.gone
    FROM jira_tickets t LEFT JOIN atlas_ticket_details d ON d.ticket_id = t.id";

/// A stored ticket that a given one stands for.
struct StoredMatch {
    id: i64,
    /// The key that the row has after the update.
    key: TicketKey,
    jira_id: Option<String>,
    hash: Option<u128>,
    gone: bool,
}

impl Tickets<'_> {
    /// Stores a ticket, or updates the stored one: the one with the same Jira id (a moved ticket
    /// keeps its row, and its old key still finds it), else the one that has or had the key.
    ///
    /// A field that is not one of `fields` keeps what is stored; one that is and is empty clears
    /// it. The Jira id and the summary, which no ticket is without, are never cleared. An id that
    /// a ticket of another Jira site already has here, which shows in the time of filing, is not
    /// stored.
    ///
    /// # Errors
    /// Storage errors.
    pub fn upsert(&self, ticket: &Ticket, fields: TicketFields) -> Result<(i64, Change)> {
        let ticket = &*self.with_own_id(ticket)?;
        let found = self.find(ticket)?;
        let ticket = self.merged(ticket, found.as_ref(), fields)?;
        let hash = content_hash(&ticket)?;
        let (id, change) = match found {
            Some(found) if found.hash == Some(hash) && !found.gone => {
                self.0.see(TICKETS, found.id);
                return Ok((found.id, Change::Unchanged));
            }
            Some(found) => {
                self.free_key(&ticket.key, found.id)?;
                self.mark_stale(found.id, &ticket)?;
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

    /// The tickets that are not as ATLAS stored them last: another program changed them, or they are
    /// damaged.
    ///
    /// # Errors
    /// Storage errors.
    pub fn changed_elsewhere(&self) -> Result<Vec<(i64, TicketKey)>> {
        let mut changed = Vec::new();
        let sql = "SELECT content_hash FROM atlas_ticket_details WHERE ticket_id = ?1";
        self.for_each(&mut |ticket| {
            let hash = self
                .0
                .first(sql, [ticket.id], |row| Ok(columns::hash(row, 0)))?;
            if let Some(hash) = hash.flatten()
                && hash != content_hash(&ticket.value)?
            {
                changed.push((ticket.id, ticket.value.key));
            }
            Ok(())
        })?;
        Ok(changed)
    }

    /// Forgets how ATLAS stored a ticket last, so that the next import of it is not taken for a
    /// repetition.
    ///
    /// # Errors
    /// Storage errors.
    pub fn forget_hash(&self, id: i64) -> Result<()> {
        let sql = "UPDATE atlas_ticket_details SET content_hash = NULL WHERE ticket_id = ?1";
        self.0.execute(sql, [id])?;
        Ok(())
    }

    /// Whether a ticket is stored that this one would update.
    ///
    /// # Errors
    /// Storage errors.
    pub fn is_stored(&self, ticket: &Ticket) -> Result<bool> {
        let ticket = &*self.with_own_id(ticket)?;
        Ok(self.find(ticket)?.is_some())
    }

    /// Ids are unique in one Jira site only. A moved ticket keeps the time when it was filed; a day
    /// is allowed for exports that give it without seconds or zone.
    fn with_own_id<'t>(&self, ticket: &'t Ticket) -> Result<Cow<'t, Ticket>> {
        let sql = "SELECT t.jira_key, t.created_date FROM atlas_ticket_details d
                   JOIN jira_tickets t ON t.id = d.ticket_id WHERE d.jira_id = ?1";
        let holder = self.0.first(sql, [&ticket.jira_id], |row| {
            Ok((columns::text(row, 0), columns::time(row, 1)))
        })?;
        let mut own = Cow::Borrowed(ticket);
        if let (Some((key, Some(theirs))), Some(ours)) = (holder, ticket.created)
            && key.as_deref() != Some(ticket.key.as_str())
            && theirs.duration_since(ours).abs() > SignedDuration::from_hours(24)
        {
            own.to_mut().jira_id = None;
        }
        Ok(own)
    }

    fn find(&self, ticket: &Ticket) -> Result<Option<StoredMatch>> {
        let find = |sql: &str, value: &str, keep_key: bool| {
            self.0.first(sql, [value], |row| {
                let stored_key = key_of(row, 1).filter(|_| keep_key);
                Ok(StoredMatch {
                    id: row.get(0)?,
                    key: stored_key.unwrap_or_else(|| ticket.key.clone()),
                    jira_id: columns::text(row, 2),
                    hash: columns::hash(row, 3),
                    gone: columns::integer(row, 4) == Some(1),
                })
            })
        };
        if let Some(jira_id) = &ticket.jira_id
            && let Some(found) = find(&format!("{MATCH} WHERE d.jira_id = ?1"), jira_id, false)?
        {
            return Ok(Some(found));
        }
        // The same key under another Jira id is the same ticket on a migrated site.
        let key = ticket.key.as_str();
        if let Some(found) = find(&format!("{MATCH} WHERE t.jira_key = ?1"), key, false)? {
            return Ok(Some(found));
        }
        // A source that names a former key does not move the ticket back.
        let by_history = &format!(
            "{MATCH} JOIN atlas_ticket_keys k ON k.ticket_id = t.id WHERE k.jira_key = ?1"
        );
        let former = find(by_history, key, true)?;
        Ok(former.filter(|f| f.jira_id.is_none() || ticket.jira_id.is_none()))
    }

    /// The ticket as it is to be stored; the given one itself where nothing is to be changed.
    fn merged<'t>(
        &self,
        ticket: &'t Ticket,
        found: Option<&StoredMatch>,
        fields: TicketFields,
    ) -> Result<Cow<'t, Ticket>> {
        let mut merged = Cow::Borrowed(ticket);
        if let Some(found) = found {
            if found.key != ticket.key {
                merged.to_mut().key = found.key.clone();
            }
            if ticket.jira_id.is_none() && found.jira_id.is_some() {
                merged.to_mut().jira_id = found.jira_id.clone();
            }
            let kept = match ticket.summary.trim().is_empty() {
                true => fields.without(TicketField::Summary),
                false => fields,
            };
            if kept.with(TicketField::JiraId) != TicketFields::ALL
                && let Some(stored) = self.by_id(found.id)?
            {
                keep(merged.to_mut(), stored.value, kept);
            }
        }
        if !merged.links.is_sorted_by(|a, b| a < b) {
            let links = &mut merged.to_mut().links;
            links.sort();
            links.dedup();
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

    /// Tells a ticket's stored predictions what of it is about to change.
    fn mark_stale(&self, id: i64, ticket: &Ticket) -> Result<()> {
        let sql = "SELECT 1 FROM atlas_prediction_runs WHERE ticket_id = ?1";
        if self.0.first(sql, [id], |_| Ok(()))?.is_none() {
            return Ok(());
        }
        match self.by_id(id)? {
            Some(stored) => {
                let changed = changed_fields(&stored.value, ticket);
                self.0.predictions().mark_stale(id, &changed)
            }
            None => Ok(()),
        }
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

/// The fields that a prediction depends on and that differ.
fn changed_fields(stored: &Ticket, ticket: &Ticket) -> Vec<&'static str> {
    let fields = [
        ("summary", stored.summary != ticket.summary),
        ("description", stored.description != ticket.description),
        ("components", stored.components != ticket.components),
        ("priority", stored.priority != ticket.priority),
        ("labels", stored.labels != ticket.labels),
        ("ticket_type", stored.ticket_type != ticket.ticket_type),
    ];
    let changed = fields.into_iter().filter(|(_, differs)| *differs);
    changed.map(|(name, _)| name).collect()
}

/// Keeps what is stored of the fields that are not named.
fn keep(ticket: &mut Ticket, stored: Ticket, fields: TicketFields) {
    fn unless<T>(named: bool, field: &mut T, stored: T) {
        if !named {
            *field = stored;
        }
    }
    let named = |field| fields.has(field);
    unless(
        named(TicketField::Summary),
        &mut ticket.summary,
        stored.summary,
    );
    unless(
        named(TicketField::Description),
        &mut ticket.description,
        stored.description,
    );
    unless(
        named(TicketField::TicketType),
        &mut ticket.ticket_type,
        stored.ticket_type,
    );
    unless(
        named(TicketField::Status),
        &mut ticket.status,
        stored.status,
    );
    unless(
        named(TicketField::Priority),
        &mut ticket.priority,
        stored.priority,
    );
    unless(
        named(TicketField::Resolution),
        &mut ticket.resolution,
        stored.resolution,
    );
    unless(
        named(TicketField::Assignee),
        &mut ticket.assignee,
        stored.assignee,
    );
    unless(
        named(TicketField::Reporter),
        &mut ticket.reporter,
        stored.reporter,
    );
    unless(
        named(TicketField::Components),
        &mut ticket.components,
        stored.components,
    );
    unless(
        named(TicketField::Labels),
        &mut ticket.labels,
        stored.labels,
    );
    unless(
        named(TicketField::Created),
        &mut ticket.created,
        stored.created,
    );
    unless(
        named(TicketField::Updated),
        &mut ticket.updated,
        stored.updated,
    );
    unless(
        named(TicketField::Resolved),
        &mut ticket.resolved,
        stored.resolved,
    );
    unless(
        named(TicketField::Parent),
        &mut ticket.parent,
        stored.parent,
    );
    unless(named(TicketField::Links), &mut ticket.links, stored.links);
}

/// Over every field.
fn content_hash(ticket: &Ticket) -> Result<u128> {
    let content = serde_json::to_vec(ticket)
        .map_err(|error| Error::invalid("ticket", error, "a ticket that JSON can hold"))?;
    Ok(xxh3_128(&content))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports and the check compare with hashes that earlier versions stored. A new field of
    /// [`Ticket`] must leave no trace in the JSON of a ticket that does not have it.
    #[test]
    fn the_hash_of_a_ticket_stays_from_version_to_version() {
        let key = TicketKey::parse("WRKA-7").unwrap();
        let ticket = Ticket {
            description: Some("Steps".to_owned()),
            components: vec!["Forms".to_owned()],
            ..Ticket::new(key, "Form loses the date")
        };
        let hash = format!("{:032x}", content_hash(&ticket).unwrap());
        assert_eq!(hash, "d55a7800000ca34ac80e812ac49627d1");
    }
}
