//! Deciding what of an import is taken back.

use std::collections::BTreeSet;

use super::{RowStanding, TakeBackDecision, UNANSWERED, Undoing, word_of};
use crate::Result;
use crate::store::import_rows::{
    CellImage, OBSERVATIONS, PATTERN_DETAILS, RowOwner, TICKET_DETAILS, TICKETS,
};

impl Undoing<'_> {
    /// Decides what is taken back: first by what became of the rows, then by what refers to new
    /// ones, then by whose keys the old ones would take.
    pub(super) fn judge(&mut self) -> Result<()> {
        for group in self.groups.values_mut() {
            let standings = group.entries.iter().map(|entry| entry.standing);
            let later = standings.clone().filter_map(|standing| match standing {
                RowStanding::Later(id) => Some(id),
                _ => None,
            });
            group.verdict = if standings
                .clone()
                .any(|standing| standing == RowStanding::Changed)
            {
                TakeBackDecision::Keep("it was changed since".to_owned())
            } else {
                later
                    .min()
                    .map_or(TakeBackDecision::TakeBack, TakeBackDecision::HandOn)
            };
        }
        let going = self.going();
        let new = self
            .groups
            .iter()
            .filter(|(_, group)| group.verdict == TakeBackDecision::TakeBack && group.is_new());
        let new: Vec<(RowOwner, CellImage)> = new.map(|(unit, _)| unit.clone()).collect();
        for unit in new {
            let verdict = match (unit.0, unit.1.integer()) {
                (RowOwner::Ticket, Some(id)) => self.uses_of_ticket(id, &going)?,
                (RowOwner::Pattern, Some(id)) => self.uses_of_pattern(id, &going)?,
                _ => None,
            };
            if let (Some(verdict), Some(group)) = (verdict, self.groups.get_mut(&unit)) {
                group.verdict = verdict;
            }
        }
        while let Some((unit, reason)) = self.taken_key()? {
            if let Some(group) = self.groups.get_mut(&unit) {
                group.verdict = TakeBackDecision::Keep(reason);
            }
        }
        Ok(())
    }

    /// The observations that are taken out.
    fn going(&self) -> BTreeSet<i64> {
        let groups = self.groups.iter().filter(|((unit, _), group)| {
            *unit == RowOwner::Observation
                && group.verdict == TakeBackDecision::TakeBack
                && group.is_new()
        });
        groups.filter_map(|((_, id), _)| id.integer()).collect()
    }

    fn uses_of_ticket(&self, id: i64, going: &BTreeSet<i64>) -> Result<Option<TakeBackDecision>> {
        let uses = [
            (
                "a session is about it",
                "SELECT 1 FROM testing_sessions WHERE jira_ticket_id = ?1",
            ),
            (
                "a note is about it",
                "SELECT 1 FROM ticket_notes WHERE jira_ticket_id = ?1",
            ),
            (
                "feedback was given on it",
                "SELECT 1 FROM atlas_feedback WHERE ticket_id = ?1
                 UNION ALL SELECT 1 FROM predictions
                 WHERE jira_ticket_id = ?1 AND user_feedback IS NOT NULL",
            ),
            (
                "an edge case of it was answered",
                "SELECT 1 FROM atlas_edge_case_answers WHERE ticket_id = ?1",
            ),
            (
                "it was called not similar to another ticket",
                "SELECT 1 FROM atlas_not_similar WHERE ticket_id = ?1
                 UNION ALL SELECT 1 FROM atlas_not_similar WHERE other_id = ?1",
            ),
            (
                "a pattern was found in it",
                "SELECT 1 FROM atlas_pattern_sources WHERE ticket_id = ?1",
            ),
        ];
        self.first_use(id, &uses)?.map_or_else(
            || self.observed("ticket_id", id, going),
            |reason| Ok(Some(TakeBackDecision::Keep(reason))),
        )
    }

    fn uses_of_pattern(&self, id: i64, going: &BTreeSet<i64>) -> Result<Option<TakeBackDecision>> {
        let uses = [
            (
                "feedback was given on it",
                "SELECT 1 FROM atlas_feedback_items WHERE pattern_id = ?1
                 UNION ALL SELECT 1 FROM predictions
                 WHERE pattern_id = ?1 AND user_feedback IS NOT NULL",
            ),
            (
                "a session tests it",
                "SELECT 1 FROM predictions p JOIN testing_sessions s ON s.prediction_id = p.id
                 WHERE p.pattern_id = ?1",
            ),
            (
                "it was found in a ticket",
                "SELECT 1 FROM atlas_pattern_sources WHERE pattern_id = ?1",
            ),
        ];
        if let Some(reason) = self.first_use(id, &uses)? {
            return Ok(Some(TakeBackDecision::Keep(reason)));
        }
        if let Some(verdict) = self.observed("pattern_id", id, going)? {
            return Ok(Some(verdict));
        }
        // A prediction goes whole or stays whole.
        let sql = format!(
            "SELECT 1 FROM predictions p WHERE p.pattern_id = ?1
               AND p.id NOT IN (SELECT j.prediction_id FROM atlas_prediction_run_items j
                                WHERE j.run_id IN ({UNANSWERED}))"
        );
        let stays = self.db.first(&sql, [id], |_| Ok(()))?;
        Ok(stays.map(|()| TakeBackDecision::Retire))
    }

    fn first_use(&self, id: i64, uses: &[(&str, &str)]) -> Result<Option<String>> {
        for (reason, sql) in uses {
            if self.db.first(sql, [id], |_| Ok(()))?.is_some() {
                return Ok(Some((*reason).to_owned()));
            }
        }
        Ok(None)
    }

    /// Whether an observation stays that names it; one of a later import hands it on to that.
    fn observed(
        &self,
        column: &str,
        id: i64,
        going: &BTreeSet<i64>,
    ) -> Result<Option<TakeBackDecision>> {
        let mut staying = Vec::new();
        let sql = format!("SELECT id FROM atlas_observations WHERE {column} = ?1");
        self.db.each(&sql, [id], |row| {
            let id: i64 = row.get(0)?;
            if !going.contains(&id) {
                staying.push(id);
            }
            Ok(())
        })?;
        let mut imports = BTreeSet::new();
        for id in &staying {
            let sql = "SELECT max(import_id) FROM atlas_import_rows
                       WHERE table_no = ?1 AND row_key = ?2";
            let key = self.tables[OBSERVATIONS].key_of(&[CellImage::number(*id)]);
            let of = (OBSERVATIONS as i64, key);
            let import = self.db.first(sql, of, |row| row.get::<_, Option<i64>>(0))?;
            imports.insert(import.flatten());
        }
        let by_hand = imports.contains(&None);
        Ok(match imports.into_iter().flatten().max() {
            None if staying.is_empty() => None,
            Some(import) if !by_hand => Some(TakeBackDecision::HandOn(import)),
            _ => Some(TakeBackDecision::Keep(
                "something was learned of it otherwise".to_owned(),
            )),
        })
    }

    /// Something whose earlier key another row has now, which keeps it.
    fn taken_key(&self) -> Result<Option<((RowOwner, CellImage), String)>> {
        let unique = [
            (TICKETS, "jira_key", "id", "key"),
            (TICKET_DETAILS, "jira_id", "ticket_id", "Jira id"),
            (PATTERN_DETAILS, "pattern_key", "pattern_id", "key"),
        ];
        for (unit, group) in &self.groups {
            if group.verdict != TakeBackDecision::TakeBack {
                continue;
            }
            for entry in &group.entries {
                let of = unique.iter().find(|(number, ..)| *number == entry.number);
                let Some((number, column, id, word)) = of else {
                    continue;
                };
                let before = entry.before.iter().flatten();
                let Some((_, cell)) = before.into_iter().find(|(name, _)| name == column) else {
                    continue;
                };
                let sql = format!(
                    "SELECT {id} FROM {} WHERE {column} = ?1 AND {id} IS NOT ?2",
                    self.tables[*number].kind.name
                );
                let holder = self
                    .db
                    .first(&sql, (cell, &unit.1), |row| row.get::<_, i64>(0))?;
                if let Some(holder) = holder
                    && !self.gives_up(unit.0, holder, *number, column)
                {
                    let reason = format!("another {} has its earlier {word} now", word_of(unit.0));
                    return Ok(Some((unit.clone(), reason)));
                }
            }
        }
        Ok(None)
    }

    /// Whether a row gives up what is in a column because it is taken back itself.
    fn gives_up(&self, unit: RowOwner, holder: i64, number: usize, column: &str) -> bool {
        let group = self.groups.get(&(unit, CellImage::number(holder)));
        let Some(group) = group.filter(|group| group.verdict == TakeBackDecision::TakeBack) else {
            return false;
        };
        let entry = group.entries.iter().find(|entry| entry.number == number);
        group.is_new() || entry.is_some_and(|entry| entry.changed(column))
    }
}
