//! Putting rows back and taking new ones out, as it was decided.

use rusqlite::params_from_iter;

use super::{JournalEntry, TakeBackDecision, UNANSWERED, Undoing};
use crate::Result;
use crate::store::Revision;
use crate::store::import_rows::{
    CellImage, NUMBERS, OBSERVATIONS, PATTERN_DETAILS, PATTERNS, RowImage, RowOwner,
    TICKET_DETAILS, TICKETS,
};

impl Undoing<'_> {
    pub(super) fn apply(&mut self) -> Result<()> {
        let mut entries: Vec<&JournalEntry> = Vec::new();
        for group in self.groups.values() {
            if group.verdict == TakeBackDecision::TakeBack {
                entries.extend(&group.entries);
            }
        }
        entries.sort_by_key(|entry| entry.number);
        let moved = |entry: &&JournalEntry| {
            let unique = ["jira_key", "jira_id", "pattern_key"];
            unique.iter().any(|column| entry.changed(column))
        };
        if entries.iter().any(moved) {
            entries.iter().try_for_each(|entry| self.free_keys(entry))?;
        }
        for entry in entries.iter().filter(|entry| entry.before.is_some()) {
            self.restore(entry)?;
        }
        // What refers to tickets and patterns goes before them.
        let new: Vec<&JournalEntry> = entries.into_iter().filter(|e| e.before.is_none()).collect();
        let is_owner = |entry: &&&JournalEntry| matches!(entry.number, TICKETS | PATTERNS);
        for entry in new.iter().rev().filter(|entry| !is_owner(entry)) {
            self.remove(entry)?;
        }
        let mut predictions = 0;
        let ids = |number| new.iter().filter(move |entry| entry.number == number);
        for entry in ids(TICKETS) {
            predictions += self.remove_predictions_of(entry)?;
            self.remove(entry)?;
        }
        for entry in ids(PATTERNS) {
            predictions += self.remove_predictions_that_name(entry)?;
            self.remove(entry)?;
        }
        self.done.removed_predictions = predictions;
        for ((_, id), group) in &self.groups {
            if let (TakeBackDecision::Retire, Some(id)) = (&group.verdict, id.integer()) {
                self.db.patterns().set_active(id, false)?;
            }
        }
        Revision::ALL
            .into_iter()
            .try_for_each(|revision| self.db.changed(revision))?;
        self.count()
    }

    /// Gives up what must be unique, so that it can be given in any order.
    fn free_keys(&self, entry: &JournalEntry) -> Result<()> {
        let (column, sql) = match entry.number {
            TICKETS => (
                "jira_key",
                "UPDATE jira_tickets SET jira_key = 'taken back #' || id WHERE id = ?1",
            ),
            TICKET_DETAILS => (
                "jira_id",
                "UPDATE atlas_ticket_details SET jira_id = NULL WHERE ticket_id = ?1",
            ),
            PATTERN_DETAILS => (
                "pattern_key",
                "UPDATE atlas_pattern_details SET pattern_key = NULL WHERE pattern_id = ?1",
            ),
            _ => return Ok(()),
        };
        if entry.before.is_none() || entry.changed(column) {
            let key = self.tables[entry.number].cells_of(&entry.key);
            self.db.execute(sql, params_from_iter(key))?;
        }
        Ok(())
    }

    fn restore(&self, entry: &JournalEntry) -> Result<()> {
        let table = &self.tables[entry.number];
        let (numbers, columns): (RowImage, RowImage) = entry
            .before
            .iter()
            .flatten()
            .filter(|(name, _)| table.place(name).is_some())
            .cloned()
            .partition(|(name, _)| entry.number == PATTERNS && NUMBERS.contains(&name.as_str()));
        let key = table.cells_of(&entry.key);
        if entry.now.is_none() {
            let names: Vec<String> = columns
                .iter()
                .map(|(name, _)| format!("\"{name}\""))
                .collect();
            let places = vec!["?"; names.len()].join(", ");
            let names = names.join(", ");
            let sql = format!(
                "INSERT INTO {} ({names}) VALUES ({places})",
                table.kind.name
            );
            self.db
                .execute(&sql, params_from_iter(columns.iter().map(|(_, cell)| cell)))?;
            return Ok(());
        }
        self.set(table.kind.name, &columns, &key, &table.by_key())?;
        if numbers.is_empty() {
            return Ok(());
        }
        // Numbers from before the first observation are in a row of their own, if there is one.
        let base = "SELECT 1 FROM atlas_pattern_base WHERE pattern_id = ?1";
        match self.db.first(base, params_from_iter(&key), |_| Ok(()))? {
            Some(()) => self.set("atlas_pattern_base", &numbers, &key, "t.pattern_id IS ?"),
            None => self.set(table.kind.name, &numbers, &key, &table.by_key()),
        }
    }

    fn set(&self, table: &str, columns: &RowImage, key: &[CellImage], by_key: &str) -> Result<()> {
        if columns.is_empty() {
            return Ok(());
        }
        let sets = columns
            .iter()
            .map(|(name, _)| format!("\"{}\" = ?", name.replace('"', "\"\"")));
        let sets = sets.collect::<Vec<_>>().join(", ");
        let sql = format!("UPDATE {table} AS t SET {sets} WHERE {by_key}");
        let values = columns.iter().map(|(_, cell)| cell).chain(key);
        self.db.execute(&sql, params_from_iter(values))?;
        Ok(())
    }

    fn remove(&self, entry: &JournalEntry) -> Result<()> {
        let table = &self.tables[entry.number];
        let sql = format!(
            "DELETE FROM {} AS t WHERE {}",
            table.kind.name,
            table.by_key()
        );
        self.db
            .execute(&sql, params_from_iter(table.cells_of(&entry.key)))?;
        if entry.number == OBSERVATIONS
            && let Some(pattern) = self.pattern_of(entry)
        {
            self.db.observations().to_count(pattern)?;
        }
        Ok(())
    }

    /// The pattern of an observation.
    fn pattern_of(&self, entry: &JournalEntry) -> Option<i64> {
        let place = self.tables[OBSERVATIONS].place("pattern_id")?;
        entry.now.as_ref()?.get(place)?.integer()
    }

    /// A new ticket's predictions have no answer, or it would be kept.
    fn remove_predictions_of(&self, entry: &JournalEntry) -> Result<u64> {
        let key = self.tables[TICKETS].cells_of(&entry.key);
        let sql = "DELETE FROM predictions WHERE jira_ticket_id = ?1";
        Ok(self.db.execute(sql, params_from_iter(key))? as u64)
    }

    /// Whole predictions that name a pattern and have no answer.
    fn remove_predictions_that_name(&self, entry: &JournalEntry) -> Result<u64> {
        let key = self.tables[PATTERNS].cells_of(&entry.key);
        let mut runs: Vec<i64> = Vec::new();
        self.db.each(UNANSWERED, params_from_iter(key), |row| {
            runs.push(row.get(0)?);
            Ok(())
        })?;
        let mut removed = 0;
        for run in runs {
            let sql = "DELETE FROM predictions WHERE id IN
                           (SELECT prediction_id FROM atlas_prediction_run_items WHERE run_id = ?1)";
            removed += self.db.execute(sql, [run])? as u64;
            self.db
                .execute("DELETE FROM atlas_prediction_runs WHERE id = ?1", [run])?;
        }
        Ok(removed)
    }

    /// Counts what was done, and what is to be derived again.
    fn count(&mut self) -> Result<()> {
        for ((unit, owner), group) in &self.groups {
            if group.verdict != TakeBackDecision::TakeBack || !group.is_felt() {
                continue;
            }
            let Some(id) = owner.integer() else { continue };
            let counts = match group.is_new() {
                true => &mut self.done.removed,
                false => &mut self.done.put_back,
            };
            match unit {
                RowOwner::Ticket => {
                    counts.tickets += 1;
                    self.done.tickets.push(id);
                }
                RowOwner::Pattern => {
                    counts.patterns += 1;
                    self.done.patterns.push(id);
                    if !group.is_new() {
                        self.db.observations().to_count(id)?;
                    }
                }
                RowOwner::Observation => {
                    counts.observations += 1;
                    let first = self.done.first_observation;
                    self.done.first_observation = Some(first.map_or(id, |first| first.min(id)));
                    let entries = group.entries.iter();
                    for pattern in entries.filter_map(|entry| self.pattern_of(entry)) {
                        if !group.is_new() {
                            self.db.observations().to_count(pattern)?;
                        }
                    }
                }
                RowOwner::Setting => {}
            }
        }
        Ok(())
    }
}
