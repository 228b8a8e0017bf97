//! The tester's work: tickets, most urgent first, with what is known of each.
//!
//! An index has tickets in this order, rank of priority included, so a page out of 22,371 takes 1
//! to 3 ms. The rank is written in SQL word for word as in `Priority::rank`; a test compares them.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde_json::json;

use super::notes::difficulty_of;
use super::tickets::key_of;
use super::{Repositories, columns};
use crate::Result;
use crate::domain::{PredictionSummary, WorkChoices, WorkFilter, WorkItem, WorkOrder, folded_name};

/// Tickets as work.
#[derive(Debug)]
pub struct Work<'r>(pub(super) &'r Repositories<'r>);

/// `Priority::rank` as the indexes of migration 4 have it, word for word.
const RANK: &str = "CASE lower(trim(coalesce(priority, '')))
        WHEN 'blocker' THEN 0
        WHEN 'highest' THEN 1 WHEN 'critical' THEN 1 WHEN 'urgent' THEN 1 WHEN 'p0' THEN 1
        WHEN 'high' THEN 2 WHEN 'major' THEN 2 WHEN 'p1' THEN 2
        WHEN 'low' THEN 4 WHEN 'minor' THEN 4 WHEN 'p3' THEN 4
        WHEN 'lowest' THEN 5 WHEN 'trivial' THEN 5 WHEN 'p4' THEN 5
        ELSE 3 END";

impl Work<'_> {
    /// The tickets that pass a filter: most urgent first by rank of priority, then newest change
    /// first; at most `limit`, after the first `offset`. Each with the user's note and difficulty,
    /// its newest prediction in short, and the user's open session if that is on it. Tickets that
    /// Jira no longer has are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn list(
        &self,
        user_id: i64,
        filter: &WorkFilter,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<WorkItem>> {
        self.items(user_id, self.ids(filter, limit, offset)?)
    }

    /// The tickets with these row ids as work, in this order.
    fn items(&self, user_id: i64, ids: impl IntoIterator<Item = i64>) -> Result<Vec<WorkItem>> {
        let open = self.0.sessions().open(user_id)?;
        let mut items = Vec::new();
        for id in ids {
            let Some((mut item, run)) = self.item(id, user_id)? else {
                continue;
            };
            item.prediction = run.map_or(Ok(None), |run| self.prediction(run))?;
            let session = open.as_ref();
            item.session = session
                .filter(|open| open.ticket_key == item.ticket_key)
                .cloned();
            items.push(item);
        }
        Ok(items)
    }

    /// The page's row ids, from the index alone.
    fn ids(&self, filter: &WorkFilter, limit: usize, offset: usize) -> Result<Vec<i64>> {
        let index = index(filter);
        let (conditions, mut params) = self.conditions(filter)?;
        let at = params.len();
        let order = order_by(filter.order.unwrap_or_default());
        let sql = format!(
            "SELECT id FROM jira_tickets INDEXED BY {index} WHERE {conditions}
             ORDER BY {order} LIMIT ?{} OFFSET ?{}",
            at + 1,
            at + 2
        );
        let number = |n| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
        params.extend([number(limit), number(offset)]);
        let mut ids = Vec::new();
        self.0.each(&sql, params_from_iter(params), |row| {
            ids.push(row.get(0)?);
            Ok(())
        })?;
        Ok(ids)
    }

    /// A ticket with its note, and the run of its newest prediction; nothing where its key is
    /// none.
    fn item(&self, id: i64, user_id: i64) -> Result<Option<(WorkItem, Option<i64>)>> {
        let sql = "SELECT t.jira_key, t.summary, t.ticket_type, t.status, t.priority, t.assignee,
                          t.components, t.updated_date, n.note, n.difficulty_rating,
                          (SELECT max(id) FROM atlas_prediction_runs WHERE ticket_id = t.id)
                   FROM jira_tickets t
                   LEFT JOIN ticket_notes n ON n.jira_ticket_id = t.id AND n.user_id = ?2
                   WHERE t.id = ?1";
        let found = self.0.first(sql, (id, user_id), |row| {
            let run: Option<i64> = row.get(10)?;
            Ok(item_of(row).map(|item| (item, run)))
        })?;
        Ok(found.flatten())
    }

    /// How many tickets pass a filter.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count(&self, filter: &WorkFilter) -> Result<u64> {
        let index = index(filter);
        let (conditions, params) = self.conditions(filter)?;
        let sql =
            format!("SELECT count(*) FROM jira_tickets INDEXED BY {index} WHERE {conditions}");
        self.0.number(&sql, params_from_iter(params))
    }

    /// What the filter asks for, with its values.
    pub(super) fn conditions(&self, filter: &WorkFilter) -> Result<(String, Vec<Value>)> {
        let mut sql = String::from(
            "jira_tickets.id NOT IN (SELECT ticket_id FROM atlas_ticket_details WHERE gone = 1)",
        );
        let mut params = Vec::new();
        let mut number = |value: String| {
            params.push(Value::Text(value));
            format!("?{}", params.len())
        };
        if let Some(assignee) = &filter.assignee {
            let spellings = self.spellings(assignee)?.into_iter().map(&mut number);
            let spellings = spellings.collect::<Vec<_>>().join(", ");
            sql += &match spellings.contains(',') {
                // So the index gives them in order.
                false => format!(" AND assignee = {spellings} COLLATE NOCASE"),
                true => format!(" AND assignee COLLATE NOCASE IN ({spellings})"),
            };
        }
        if let Some(status) = &filter.status {
            let status = number(folded_name(status));
            sql += &format!(" AND atlas_folded(status) = {status}");
        }
        if let Some(project) = &filter.project {
            let project = number(project.trim().to_owned());
            sql += &format!(" AND project_key = {project} COLLATE NOCASE");
        }
        if filter.unresolved {
            let done = number(json!(self.0.statuses().done()?).to_string());
            sql += &format!(
                " AND coalesce(resolved_date, '') = ''
                  AND atlas_folded(coalesce(status, '')) NOT IN (SELECT value FROM json_each({done}))"
            );
        }
        for word in filter
            .words
            .iter()
            .flat_map(|words| words.split_whitespace())
        {
            let word = number(folded_name(word));
            sql += &format!(" AND instr(atlas_folded({TEXT}), {word}) > 0");
        }
        Ok((sql, params))
    }

    /// What the tickets can be filtered by; tickets that Jira no longer has are left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn choices(&self) -> Result<WorkChoices> {
        Ok(WorkChoices {
            assignees: self.values_of("assignee")?,
            statuses: self.values_of("status")?,
            projects: self.values_of("project_key")?,
        })
    }

    /// The values of a column of the tickets, at most a thousand.
    fn values_of(&self, column: &str) -> Result<Vec<String>> {
        let sql = format!(
            "SELECT DISTINCT {column} FROM jira_tickets WHERE trim(coalesce({column}, '')) <> ''
                 AND id NOT IN (SELECT ticket_id FROM atlas_ticket_details WHERE gone = 1)
             ORDER BY {column} COLLATE NOCASE, {column} LIMIT 1000"
        );
        let mut values = Vec::new();
        self.0.each(&sql, [], |row| {
            values.extend(columns::text(row, 0));
            Ok(())
        })?;
        Ok(values)
    }

    /// How an assignee's name is written in the tickets, one for those that differ in the case of
    /// A to Z alone; as it was given where no ticket has it.
    fn spellings(&self, assignee: &str) -> Result<Vec<String>> {
        // From name to name over the index, so that the tickets of each are not read.
        let sql = "WITH RECURSIVE names(name) AS (
                SELECT (SELECT assignee FROM jira_tickets WHERE assignee > ''
                        ORDER BY assignee COLLATE NOCASE LIMIT 1)
                UNION ALL
                SELECT (SELECT assignee FROM jira_tickets
                        WHERE assignee > names.name COLLATE NOCASE
                        ORDER BY assignee COLLATE NOCASE LIMIT 1)
                FROM names WHERE name IS NOT NULL)
            SELECT name FROM names WHERE atlas_folded(name) = ?1";
        let mut spellings = Vec::new();
        self.0.each(sql, [folded_name(assignee)], |row| {
            spellings.extend(columns::text(row, 0));
            Ok(())
        })?;
        if spellings.is_empty() {
            spellings.push(assignee.trim().to_owned());
        }
        Ok(spellings)
    }

    /// The tickets that the user dealt with last (a session, a note, a prediction), newest first, at
    /// most `limit`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recent(&self, user_id: i64, limit: usize) -> Result<Vec<WorkItem>> {
        // One row for each ticket and list: however often a ticket was dealt with, no other is
        // crowded out.
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut dealt: Vec<(Timestamp, i64)> = Vec::new();
        for sql in [
            "SELECT jira_ticket_id, max(coalesce(ended_at, started_at)) AS dealt
             FROM testing_sessions WHERE +user_id = ?1
             GROUP BY jira_ticket_id ORDER BY dealt DESC LIMIT ?2",
            "SELECT jira_ticket_id, max(updated_at) AS dealt FROM ticket_notes
             WHERE user_id = ?1 GROUP BY jira_ticket_id ORDER BY dealt DESC LIMIT ?2",
            "SELECT ticket_id, max(created_at) AS dealt FROM atlas_prediction_runs
             WHERE ?1 IS NOT NULL GROUP BY ticket_id ORDER BY dealt DESC LIMIT ?2",
        ] {
            self.0.each(sql, (user_id, most), |row| {
                let ticket: i64 = row.get(0)?;
                dealt.extend(columns::time(row, 1).map(|at| (at, ticket)));
                Ok(())
            })?;
        }
        dealt.sort_by(|a, b| b.cmp(a));
        let mut seen = HashSet::new();
        dealt.retain(|(_, ticket)| seen.insert(*ticket));
        let newest = dealt.into_iter().take(limit);
        self.items(user_id, newest.map(|(_, ticket)| ticket))
    }

    /// A stored prediction in short.
    ///
    /// # Errors
    /// Storage errors.
    fn prediction(&self, run: i64) -> Result<Option<PredictionSummary>> {
        let sql = "SELECT count(*), sum(p.user_feedback IS NOT NULL),
                          CAST(total(CASE WHEN p.estimated_time_minutes BETWEEN 0 AND 1000000
                                          THEN p.estimated_time_minutes END) AS INTEGER)
                   FROM atlas_prediction_run_items i JOIN predictions p ON p.id = i.prediction_id
                   WHERE i.run_id = ?1";
        let count = |row: &Row<'_>, column| columns::count(row, column).unwrap_or(0);
        let sums = |row: &Row<'_>| Ok([0, 1, 2].map(|column| count(row, column)));
        let [scenarios, answered, total_minutes] =
            self.0.first(sql, [run], sums)?.unwrap_or_default();
        // A scenario that is no stored pattern has its name in the whole prediction only.
        let sql = "SELECT r.created_at, r.stale, p.confidence_score,
                          CASE WHEN p.id IS NOT NULL THEN coalesce(t.pattern_name,
                              CASE WHEN json_valid(r.body)
                                   THEN json_extract(r.body, '$.predictions[0].scenario_name') END) END
                   FROM atlas_prediction_runs r
                   LEFT JOIN atlas_prediction_run_items i ON i.run_id = r.id AND i.position = 0
                   LEFT JOIN predictions p ON p.id = i.prediction_id
                   LEFT JOIN test_patterns t ON t.id = p.pattern_id
                   WHERE r.id = ?1";
        self.0.first(sql, [run], |row| {
            Ok(PredictionSummary {
                id: run,
                created_at: columns::time(row, 0),
                scenarios,
                answered,
                total_minutes,
                top_scenario: columns::text(row, 3),
                top_confidence: columns::real(row, 2).map(|confidence| confidence as f32),
                stale: columns::names(row, 1),
            })
        })
    }
}

/// Where the words of a filter are looked for.
const TEXT: &str = "coalesce(jira_key, '') || ' ' || coalesce(summary, '') || ' '
    || coalesce(components, '') || ' ' || coalesce(assignee, '') || ' '
    || coalesce((SELECT group_concat(note, ' ') FROM ticket_notes
                 WHERE jira_ticket_id = jira_tickets.id), '')";

/// An order of tickets in SQL.
fn order_by(order: WorkOrder) -> String {
    match order {
        WorkOrder::Priority => format!("{RANK}, updated_date DESC"),
        WorkOrder::Updated => "updated_date DESC, id".to_owned(),
        WorkOrder::Key => "upper(project_key),
            CAST(substr(jira_key, instr(jira_key, '-') + 1) AS INTEGER), jira_key, id"
            .to_owned(),
        WorkOrder::Minutes => format!(
            "(SELECT total(p.estimated_time_minutes) FROM atlas_prediction_run_items i
                 JOIN predictions p ON p.id = i.prediction_id
              WHERE p.estimated_time_minutes BETWEEN 0 AND 1000000 AND i.run_id =
                 (SELECT max(id) FROM atlas_prediction_runs WHERE ticket_id = jira_tickets.id)) DESC,
             {RANK}, updated_date DESC, id"
        ),
        WorkOrder::Difficulty => format!(
            "(SELECT max(difficulty_rating) FROM ticket_notes
              WHERE jira_ticket_id = jira_tickets.id) DESC, {RANK}, updated_date DESC, id"
        ),
    }
}

/// The index that has the tickets in their order. Left to itself, SQLite does not always see it.
fn index(filter: &WorkFilter) -> &'static str {
    match filter.assignee {
        Some(_) => "atlas_jira_tickets_work_of",
        None => "atlas_jira_tickets_work",
    }
}

fn item_of(row: &Row<'_>) -> Option<WorkItem> {
    Some(WorkItem {
        ticket_key: key_of(row, 0)?,
        summary: columns::text(row, 1).unwrap_or_default(),
        ticket_type: columns::text(row, 2).unwrap_or_default(),
        status: columns::text(row, 3).unwrap_or_default(),
        priority: columns::text(row, 4),
        assignee: columns::text(row, 5),
        components: columns::names(row, 6),
        updated: columns::time(row, 7),
        my_note: columns::text(row, 8),
        difficulty: difficulty_of(row, 9),
        prediction: None,
        session: None,
    })
}
