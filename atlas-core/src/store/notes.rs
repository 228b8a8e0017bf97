//! Notes and difficulties of tickets: the table `ticket_notes`.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Row;

use super::tickets::key_of;
use super::{Repositories, columns};
use crate::Result;
use crate::domain::{TicketNote, folded_name};

/// What users wrote on tickets.
#[derive(Debug)]
pub struct Notes<'r>(pub(super) &'r Repositories<'r>);

const SELECT: &str =
    "SELECT n.jira_ticket_id, t.jira_key, n.note, n.difficulty_rating, n.updated_at
                      FROM ticket_notes n JOIN jira_tickets t ON t.id = n.jira_ticket_id";

impl Notes<'_> {
    /// Sets a ticket's note; `None` clears it. Whether that changed anything.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an empty or overlong note, storage errors.
    pub fn set_note(
        &self,
        ticket_id: i64,
        user_id: i64,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        let note = note.map(TicketNote::check_text).transpose()?;
        let changed = self.0.execute(
            "INSERT INTO ticket_notes (jira_ticket_id, user_id, note, created_at, updated_at)
             SELECT ?1, ?2, ?3, ?4, ?4 WHERE ?3 IS NOT NULL OR EXISTS
                 (SELECT 1 FROM ticket_notes WHERE jira_ticket_id = ?1 AND user_id = ?2)
             ON CONFLICT(jira_ticket_id, user_id) DO UPDATE SET
                 note = excluded.note, updated_at = excluded.updated_at
             WHERE note IS NOT excluded.note",
            (ticket_id, user_id, note, columns::time_text(now)),
        )?;
        self.remove_empty(ticket_id, user_id)?;
        Ok(changed > 0)
    }

    /// Sets how hard a ticket is to test, 1 to 5; `None` clears it. Whether that changed anything.
    ///
    /// # Errors
    /// `INVALID_VALUE` for another number, storage errors.
    pub fn set_difficulty(
        &self,
        ticket_id: i64,
        user_id: i64,
        difficulty: Option<u8>,
        now: Timestamp,
    ) -> Result<bool> {
        difficulty.map_or(Ok(()), TicketNote::check_difficulty)?;
        let changed = self.0.execute(
            "INSERT INTO ticket_notes
                 (jira_ticket_id, user_id, difficulty_rating, created_at, updated_at)
             SELECT ?1, ?2, ?3, ?4, ?4 WHERE ?3 IS NOT NULL OR EXISTS
                 (SELECT 1 FROM ticket_notes WHERE jira_ticket_id = ?1 AND user_id = ?2)
             ON CONFLICT(jira_ticket_id, user_id) DO UPDATE SET
                 difficulty_rating = excluded.difficulty_rating, updated_at = excluded.updated_at
             WHERE difficulty_rating IS NOT excluded.difficulty_rating",
            (ticket_id, user_id, difficulty, columns::time_text(now)),
        )?;
        self.remove_empty(ticket_id, user_id)?;
        Ok(changed > 0)
    }

    /// Removes a ticket's note and difficulty; whether there was one.
    ///
    /// # Errors
    /// Storage errors.
    pub fn clear(&self, ticket_id: i64, user_id: i64) -> Result<bool> {
        let sql = "DELETE FROM ticket_notes WHERE jira_ticket_id = ?1 AND user_id = ?2";
        Ok(self.0.execute(sql, (ticket_id, user_id))? > 0)
    }

    /// A ticket's note and difficulty, if it has either.
    ///
    /// # Errors
    /// Storage errors.
    pub fn get(&self, ticket_id: i64, user_id: i64) -> Result<Option<TicketNote>> {
        let sql = format!("{SELECT} WHERE n.jira_ticket_id = ?1 AND n.user_id = ?2");
        let found = self.0.first(&sql, (ticket_id, user_id), |row| {
            Ok(note_of(row).map(|(_, note)| note))
        })?;
        Ok(found.flatten())
    }

    /// The notes and difficulties of many tickets, by their row ids; those without are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_tickets(&self, user_id: i64, ids: &[i64]) -> Result<HashMap<i64, TicketNote>> {
        let sql = format!("{SELECT} WHERE n.jira_ticket_id = ?1 AND n.user_id = ?2");
        let mut notes = HashMap::new();
        for id in ids {
            let found = self.0.first(&sql, (id, user_id), |row| Ok(note_of(row)))?;
            notes.extend(found.flatten());
        }
        Ok(notes)
    }

    /// The user's notes in which every one of these words stands, whole or as a part of another,
    /// upper or lower case; newest change first, at most `limit`. Without words all of them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn search(&self, user_id: i64, words: &str, limit: usize) -> Result<Vec<TicketNote>> {
        let words: Vec<String> = words.split_whitespace().map(folded_name).collect();
        let mut found = Vec::new();
        let sql = format!("{SELECT} WHERE n.user_id = ?1 ORDER BY n.jira_ticket_id");
        self.0.each(&sql, [user_id], |row| {
            let Some((id, note)) = note_of(row) else {
                return Ok(());
            };
            let text = folded_name(note.note.as_deref().unwrap_or_default());
            if words.iter().all(|word| text.contains(word)) {
                found.push((id, note));
            }
            Ok(())
        })?;
        // Sorted here: other programs write times in forms that do not sort with ours.
        found.sort_by_key(|(id, note)| std::cmp::Reverse((note.updated_at, *id)));
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, note)| note).collect())
    }

    /// How many tickets the user has a note or a difficulty on.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count(&self, user_id: i64) -> Result<u64> {
        let sql = "SELECT count(*) FROM ticket_notes WHERE user_id = ?1";
        self.0.number(sql, [user_id])
    }

    fn remove_empty(&self, ticket_id: i64, user_id: i64) -> Result<()> {
        self.0.execute(
            "DELETE FROM ticket_notes WHERE jira_ticket_id = ?1 AND user_id = ?2
             AND note IS NULL AND difficulty_rating IS NULL",
            (ticket_id, user_id),
        )?;
        Ok(())
    }
}

/// The ticket's row id and its note; nothing where the ticket's key is none.
fn note_of(row: &Row<'_>) -> Option<(i64, TicketNote)> {
    let note = TicketNote {
        ticket_key: key_of(row, 1)?,
        note: columns::text(row, 2),
        difficulty: difficulty_of(row, 3),
        updated_at: columns::time(row, 4),
    };
    Some((columns::integer(row, 0)?, note))
}

/// 1 to 5; another program's other numbers count as absent.
pub(super) fn difficulty_of(row: &Row<'_>, column: usize) -> Option<u8> {
    let number = columns::integer(row, column)?;
    u8::try_from(number).ok().filter(|n| (1..=5).contains(n))
}
