//! Answers to edge cases.

use jiff::Timestamp;
use rusqlite::Row;

use super::{Repositories, columns};
use crate::Result;
use crate::domain::{EdgeCaseAnswer, EdgeCaseReceipt, TicketKey};

/// The columns of an answer.
const ANSWER: &str =
    "SELECT a.id, t.jira_key, a.rule, a.answer, a.components, a.given_at, a.ticket_id
    FROM atlas_edge_case_answers a JOIN jira_tickets t ON t.id = a.ticket_id";

/// Answers to edge cases; of two to the same edge case the later one counts.
#[derive(Debug)]
pub struct EdgeCases<'r>(pub(super) &'r Repositories<'r>);

impl EdgeCases<'_> {
    /// Stores an answer; returns its row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn add(
        &self,
        ticket_id: i64,
        rule: &str,
        answer: EdgeCaseAnswer,
        components: &[String],
        given_at: Timestamp,
    ) -> Result<i64> {
        let sql =
            "INSERT INTO atlas_edge_case_answers (ticket_id, rule, answer, components, given_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let (components, at) = (
            columns::names_text(components),
            columns::time_text(given_at),
        );
        self.0
            .insert(sql, (ticket_id, rule, answer.as_str(), components, at))
    }

    /// An answer by its row id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_id(&self, id: i64) -> Result<Option<EdgeCaseReceipt>> {
        let found = self
            .0
            .first(&format!("{ANSWER} WHERE a.id = ?1"), [id], receipt)?;
        Ok(found.flatten())
    }

    /// Takes an answer back; the one before it counts again.
    ///
    /// # Errors
    /// Storage errors.
    pub fn remove(&self, id: i64) -> Result<()> {
        let sql = "DELETE FROM atlas_edge_case_answers WHERE id = ?1";
        self.0.execute(sql, [id]).map(drop)
    }

    /// Takes back every answer of a ticket; how many there were.
    ///
    /// # Errors
    /// Storage errors.
    pub fn remove_of_ticket(&self, ticket_id: i64) -> Result<u64> {
        let sql = "DELETE FROM atlas_edge_case_answers WHERE ticket_id = ?1";
        Ok(self.0.execute(sql, [ticket_id])? as u64)
    }

    /// The newest answers, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recent(&self, limit: usize) -> Result<Vec<EdgeCaseReceipt>> {
        let mut found = Vec::new();
        let sql = format!("{ANSWER} ORDER BY a.id DESC LIMIT ?1");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.0.each(&sql, [limit], |row| {
            found.extend(receipt(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Every answer with its ticket's row id, oldest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn all(&self) -> Result<Vec<(i64, EdgeCaseReceipt)>> {
        let mut found = Vec::new();
        self.0.each(&format!("{ANSWER} ORDER BY a.id"), [], |row| {
            let ticket_id = row.get(6)?;
            found.extend(receipt(row)?.map(|receipt| (ticket_id, receipt)));
            Ok(())
        })?;
        Ok(found)
    }
}

/// An answer; nothing where another program wrote one that ATLAS does not know.
fn receipt(row: &Row<'_>) -> rusqlite::Result<Option<EdgeCaseReceipt>> {
    let answer = columns::text(row, 3).and_then(|text| EdgeCaseAnswer::parse(&text));
    let (Some(rule), Some(answer)) = (columns::text(row, 2), answer) else {
        return Ok(None);
    };
    let key = columns::text(row, 1).and_then(|key| TicketKey::parse(&key).ok());
    Ok(Some(EdgeCaseReceipt {
        id: row.get(0)?,
        ticket_key: key,
        rule,
        answer,
        components: columns::names(row, 4),
        given_at: columns::time(row, 5),
    }))
}
