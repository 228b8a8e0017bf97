//! Feedback: what was said of predictions, how it is stored and how it is taken back.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::Row;

use super::in_force::{Subject, put_in_force};
use super::tickets::key_of;
use super::{Owner, Repositories, Revision, columns};
use crate::domain::{AnswerKind, FeedbackItem, FeedbackPart, FeedbackReceipt, RuleAnswer, Step};
use crate::{Error, Result};

/// The tester's answers to predictions.
#[derive(Debug)]
pub struct Feedbacks<'r>(pub(super) &'r Repositories<'r>);

/// A call of feedback that is to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewFeedback<'a> {
    /// The ticket's row id.
    pub ticket_id: i64,
    /// The host's own id of the call.
    pub host_id: Option<&'a str>,
    /// When it was given.
    pub given_at: Timestamp,
    /// What it says, a scenario each. Names are not stored.
    pub items: &'a [FeedbackItem],
}

/// What taking feedback back did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Patterns that had come with it and are gone.
    pub patterns: u64,
    /// The smallest id of an observation that it made, now or before it was superseded.
    pub first_observation: Option<i64>,
}

/// An item with what taking it back needs.
struct StoredItem {
    id: i64,
    subject: Option<Subject>,
    pattern_id: Option<i64>,
    made_pattern: bool,
}

const FEEDBACK: &str = "SELECT f.id, t.jira_key, f.given_at, f.host_id
    FROM atlas_feedback f JOIN jira_tickets t ON t.id = f.ticket_id";

/// A scenario that is no pattern has its name in the prediction alone.
const ITEMS: &str = "SELECT i.prediction_id, i.pattern_id,
        coalesce(p.pattern_name,
                 (SELECT json_extract(r.body, '$.predictions[' || n.position || '].scenario_name')
                  FROM atlas_prediction_run_items n JOIN atlas_prediction_runs r ON r.id = n.run_id
                  WHERE n.prediction_id = i.prediction_id AND json_valid(r.body))),
        i.answer, i.steps, i.rating, i.comments, i.actual_minutes, i.made_pattern
    FROM atlas_feedback_items i LEFT JOIN test_patterns p ON p.id = i.pattern_id
    WHERE i.feedback_id = ?1 ORDER BY i.id";

/// Answers to designed tests, oldest prediction first. The plus keeps SQLite from every designed test
/// that was never answered.
const DESIGNED: &str = "SELECT p.jira_ticket_id,
        json_extract(r.body, '$.predictions[' || n.position || '].scenario_name'),
        json_extract(r.body, '$.predictions[' || n.position || '].reasons[0].rule'),
        t.components, p.user_feedback
    FROM predictions p JOIN atlas_prediction_run_items n ON n.prediction_id = p.id
    JOIN atlas_prediction_runs r ON r.id = n.run_id JOIN jira_tickets t ON t.id = p.jira_ticket_id
    WHERE p.user_feedback IN ('accepted', 'modified', 'rejected') AND +p.source = 'design'
        AND json_valid(r.body)
    ORDER BY p.id";

impl Feedbacks<'_> {
    /// The answers to designed tests: of a test that was predicted several times for a ticket, the
    /// answer to the newest prediction.
    ///
    /// # Errors
    /// Storage errors.
    pub fn designed(&self) -> Result<Vec<RuleAnswer>> {
        let mut newest: BTreeMap<(i64, Option<String>), RuleAnswer> = BTreeMap::new();
        self.0.each(DESIGNED, [], |row| {
            if let Some(rule) = columns::text(row, 2) {
                let answer = RuleAnswer {
                    rule,
                    components: columns::names(row, 3),
                    kept: columns::text(row, 4).as_deref() != Some("rejected"),
                };
                newest.insert((row.get(0)?, columns::text(row, 1)), answer);
            }
            Ok(())
        })?;
        Ok(newest.into_values().collect())
    }

    /// Stores feedback: its items, the rows of its predictions, and the observations that its
    /// patterns learn from. An earlier answer to the same scenario no longer counts.
    ///
    /// # Errors
    /// Storage errors, such as a `host_id` that is stored already.
    pub fn add(&self, feedback: &NewFeedback<'_>) -> Result<FeedbackReceipt> {
        let id = self.0.insert(
            "INSERT INTO atlas_feedback (ticket_id, host_id, given_at) VALUES (?1, ?2, ?3)",
            (
                feedback.ticket_id,
                feedback.host_id,
                columns::time_text(feedback.given_at),
            ),
        )?;
        for item in feedback.items {
            self.insert_item(id, item)?;
            let ids = (item.prediction_id, item.pattern_id);
            if let Some(subject) = Subject::of(feedback.ticket_id, ids) {
                put_in_force(self.0, subject)?;
            }
        }
        self.0.observations().count_again()?;
        self.by_id(id)?.ok_or(Error::FeedbackNotFound { id })
    }

    /// The feedback with an id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn by_id(&self, id: i64) -> Result<Option<FeedbackReceipt>> {
        self.one(&format!("{FEEDBACK} WHERE f.id = ?1"), id)
    }

    /// The feedback with an id of the host's, marked as repeated.
    ///
    /// # Errors
    /// Storage errors.
    pub fn repeated(&self, host_id: Option<&str>) -> Result<Option<FeedbackReceipt>> {
        let Some(host_id) = host_id else {
            return Ok(None);
        };
        let found = self.one(&format!("{FEEDBACK} WHERE f.host_id = ?1"), host_id)?;
        Ok(found.map(|receipt| FeedbackReceipt {
            repeated: true,
            ..receipt
        }))
    }

    /// The newest feedback, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recent(&self, limit: usize) -> Result<Vec<FeedbackReceipt>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = self.ids(
            "SELECT id FROM atlas_feedback ORDER BY id DESC LIMIT ?1",
            limit,
        )?;
        ids.into_iter()
            .filter_map(|id| self.by_id(id).transpose())
            .collect()
    }

    /// A ticket's feedback, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn receipts_of(&self, ticket_id: i64) -> Result<Vec<FeedbackReceipt>> {
        let ids = self.of_ticket(ticket_id)?.into_iter().rev();
        ids.filter_map(|id| self.by_id(id).transpose()).collect()
    }

    /// The ids of a ticket's feedback, oldest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_ticket(&self, ticket_id: i64) -> Result<Vec<i64>> {
        let sql = "SELECT id FROM atlas_feedback WHERE ticket_id = ?1 ORDER BY id";
        self.ids(sql, ticket_id)
    }

    /// Takes feedback back: what it had superseded is in force again, patterns that came with it
    /// go, and its patterns have the numbers that they would have had without it.
    ///
    /// # Errors
    /// `FEEDBACK_NOT_FOUND`, storage errors.
    pub fn remove(&self, id: i64) -> Result<Removed> {
        let sql = "SELECT ticket_id FROM atlas_feedback WHERE id = ?1";
        let ticket_id: i64 = self
            .0
            .first(sql, [id], |row| row.get(0))?
            .ok_or(Error::FeedbackNotFound { id })?;
        let items = self.stored_items(id, ticket_id)?;
        for item in &items {
            self.remove_item(item)?;
        }
        let sql = "DELETE FROM atlas_feedback WHERE id = ?1";
        self.0.execute(sql, [id])?;
        for subject in items.iter().filter_map(|item| item.subject) {
            put_in_force(self.0, subject)?;
        }
        self.0.observations().count_again()?;
        let mut removed = Removed {
            first_observation: items
                .iter()
                .filter(|item| item.pattern_id.is_some())
                .map(|item| item.id)
                .min(),
            ..Removed::default()
        };
        for item in items.iter().filter(|item| item.made_pattern) {
            if let Some(pattern_id) = item.pattern_id {
                removed.patterns += u64::from(self.leave_pattern(pattern_id)?);
            }
        }
        Ok(removed)
    }

    /// The tester's own steps for those of these patterns that have some: the newest version that
    /// is in force.
    ///
    /// # Errors
    /// Storage errors.
    pub fn edited_steps(&self, pattern_ids: &[i64]) -> Result<Vec<(i64, Vec<Step>)>> {
        let sql = "SELECT i.steps FROM atlas_feedback_items i
                   JOIN atlas_observations o ON o.feedback_item_id = i.id
                   WHERE i.pattern_id = ?1 AND i.steps IS NOT NULL ORDER BY i.id DESC";
        let mut edited = Vec::new();
        for &id in pattern_ids {
            let steps = self.0.first(sql, [id], |row| Ok(columns::steps(row, 0)))?;
            edited.extend(steps.map(|steps| (id, steps)));
        }
        Ok(edited)
    }

    /// Items and observations share their numbers, so that an observation that was taken back
    /// and comes again is the same row.
    fn insert_item(&self, feedback_id: i64, item: &FeedbackItem) -> Result<()> {
        let steps = item.steps.as_ref().map(serde_json::to_string).transpose();
        let steps =
            steps.map_err(|error| Error::invalid("steps", error, "steps that JSON can hold"))?;
        self.0.execute(
            "INSERT INTO atlas_feedback_items
                 (id, feedback_id, prediction_id, pattern_id, answer, steps, rating, comments,
                  actual_minutes, made_pattern)
             VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence
                      WHERE name IN ('atlas_observations', 'atlas_feedback_items')),
                     ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                feedback_id,
                item.prediction_id,
                item.pattern_id,
                item.answer.as_str(),
                steps,
                item.rating,
                &item.comments,
                item.actual_minutes,
                item.made_pattern,
            ),
        )?;
        Ok(())
    }

    fn remove_item(&self, item: &StoredItem) -> Result<()> {
        if let Some(pattern_id) = item.pattern_id {
            self.0.observations().remove(item.id, pattern_id)?;
        }
        let sql = "DELETE FROM atlas_feedback_items WHERE id = ?1";
        self.0.execute(sql, [item.id])?;
        Ok(())
    }

    /// What becomes of a pattern when the answer that made it is gone: another answer that speaks
    /// of it keeps it; a prediction that names it keeps its row, retired; else it goes.
    fn leave_pattern(&self, pattern_id: i64) -> Result<bool> {
        let sql = "UPDATE atlas_feedback_items SET made_pattern = 1 WHERE id =
                       (SELECT min(id) FROM atlas_feedback_items WHERE pattern_id = ?1)";
        if self.0.execute(sql, [pattern_id])? > 0 {
            return Ok(false);
        }
        let refers = |sql| self.0.first(sql, [pattern_id], |_| Ok(()));
        // Observed otherwise, or taken over by a library.
        if refers("SELECT 1 FROM atlas_observations WHERE pattern_id = ?1")?.is_some()
            || refers(
                "SELECT 1 FROM atlas_pattern_details WHERE pattern_id = ?1 AND origin <> 'user'",
            )?
            .is_some()
        {
            return Ok(false);
        }
        if refers("SELECT 1 FROM predictions WHERE pattern_id = ?1")?.is_some() {
            self.0.patterns().set_active(pattern_id, false)?;
            return Ok(false);
        }
        self.0.documents().remove(Owner::Pattern, pattern_id)?;
        let sql = "DELETE FROM test_patterns WHERE id = ?1";
        self.0.execute(sql, [pattern_id])?;
        self.0.changed(Revision::Patterns)?;
        Ok(true)
    }

    fn stored_items(&self, id: i64, ticket_id: i64) -> Result<Vec<StoredItem>> {
        let mut items = Vec::new();
        let sql = "SELECT id, prediction_id, pattern_id, made_pattern FROM atlas_feedback_items
                   WHERE feedback_id = ?1 ORDER BY id";
        self.0.each(sql, [id], |row| {
            let pattern_id = row.get(2)?;
            items.push(StoredItem {
                id: row.get(0)?,
                subject: Subject::of(ticket_id, (row.get(1)?, pattern_id)),
                pattern_id,
                made_pattern: row.get(3)?,
            });
            Ok(())
        })?;
        Ok(items)
    }

    fn one(&self, sql: &str, value: impl rusqlite::ToSql) -> Result<Option<FeedbackReceipt>> {
        let found = self.0.first(sql, [value], |row| {
            Ok(FeedbackReceipt {
                feedback_id: row.get(0)?,
                ticket_key: key_of(row, 1),
                given_at: columns::time(row, 2),
                host_id: columns::text(row, 3),
                repeated: false,
                items: Vec::new(),
            })
        })?;
        let Some(mut receipt) = found else {
            return Ok(None);
        };
        self.0.each(ITEMS, [receipt.feedback_id], |row| {
            receipt.items.extend(item_of(row)?);
            Ok(())
        })?;
        Ok(Some(receipt))
    }

    fn ids(&self, sql: &str, param: i64) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        self.0.each(sql, [param], |row| {
            ids.push(row.get(0)?);
            Ok(())
        })?;
        Ok(ids)
    }
}

fn item_of(row: &Row<'_>) -> Result<Option<FeedbackItem>> {
    let Some(answer) = columns::text(row, 3).and_then(|name| AnswerKind::from_name(&name)) else {
        return Ok(None);
    };
    Ok(Some(FeedbackItem {
        prediction_id: row.get(0)?,
        pattern_id: row.get(1)?,
        scenario_name: columns::text(row, 2),
        answer,
        steps: columns::text(row, 4).map(|_| columns::steps(row, 4)),
        // A part that was cleared is 0 or an empty text.
        rating: columns::count(row, 5)
            .and_then(|rating| u8::try_from(rating).ok())
            .filter(|rating| *rating > 0),
        comments: columns::text(row, 6).filter(|text| !text.is_empty()),
        actual_minutes: columns::count(row, 7).filter(|minutes| *minutes > 0),
        cleared: cleared(row),
        made_pattern: row.get(8)?,
    }))
}

/// What an item clears: parts that are 0 or an empty text.
fn cleared(row: &Row<'_>) -> Vec<FeedbackPart> {
    let parts = [
        (FeedbackPart::Rating, columns::integer(row, 5) == Some(0)),
        (
            FeedbackPart::Comments,
            columns::text(row, 6).is_some_and(|text| text.is_empty()),
        ),
        (
            FeedbackPart::ActualMinutes,
            columns::integer(row, 7) == Some(0),
        ),
    ];
    let cleared = parts.into_iter().filter(|(_, cleared)| *cleared);
    cleared.map(|(part, _)| part).collect()
}
