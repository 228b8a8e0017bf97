//! Taking an import back: what its journal says was before comes back, unless it was changed or
//! used since.
//!
//! All in one transaction:
//!
//! 1. Each row of the journal is compared with the present one: it is as the import left it,
//!    somebody else changed it, or a later import has it too. In the last case the rows from before
//!    the later imports are laid over it, newest first, until it must be as this import left it.
//! 2. Rows that belong together (a ticket with its details, keys and links; a pattern; an
//!    observation) are taken back together or kept. A new ticket or pattern is also kept where
//!    something refers to it: feedback, a session, a note, an observation of another origin. What
//!    is kept is named with the reason.
//! 3. A row that a later import has too becomes that import's: its entry gets the row from before
//!    this import. An import that only found a row as it brings it has an entry that says so, and
//!    keeps the row. So imports can be taken back in any order, and all of them together leave
//!    nothing.
//! 4. First, keys that must be unique are freed. Then old rows are restored, then new ones are
//!    removed. The numbers of patterns are taken from before the first observation
//!    (`atlas_pattern_base`) and counted again. What search knows is made again, and learned
//!    versions that saw the rows are withdrawn.

mod apply;
mod judge;

use std::collections::BTreeMap;

use super::import_journal::{Kept, merged};
use super::import_rows::{
    CellImage, Image, JournalTable, JournalTableKind, OBSERVATIONS, PATTERNS, RUNS, RowImage,
    RowOwner, TICKETS, is_of_seeing, packed, unpacked,
};
use super::{Imports, Repositories};
use crate::domain::{ImportCounts, KeptRecord};
use crate::{Error, Result};

/// What was kept is named up to here.
const MOST_NAMED: usize = 1_000;

/// The stored predictions that name a pattern and of which nothing was answered or tested.
const UNANSWERED: &str = "SELECT DISTINCT i.run_id FROM predictions p
    JOIN atlas_prediction_run_items i ON i.prediction_id = p.id
    WHERE p.pattern_id = ?1 AND NOT EXISTS
        (SELECT 1 FROM atlas_prediction_run_items j JOIN predictions q ON q.id = j.prediction_id
         WHERE j.run_id = i.run_id AND (q.user_feedback IS NOT NULL
             OR EXISTS (SELECT 1 FROM testing_sessions s WHERE s.prediction_id = q.id)
             OR EXISTS (SELECT 1 FROM atlas_feedback_items f WHERE f.prediction_id = q.id)))";

/// What taking an import back did to the rows.
#[derive(Debug, Default)]
pub struct TakenBack {
    /// What is gone.
    pub removed: ImportCounts,
    /// What is as it was before.
    pub put_back: ImportCounts,
    /// What was kept: the first 1,000.
    pub kept: Vec<KeptRecord>,
    /// How many were kept.
    pub kept_count: u64,
    /// Rows of predictions that went.
    pub removed_predictions: u64,
    /// The smallest id of an observation that went or changed.
    pub first_observation: Option<i64>,
    /// The row ids of tickets whose documents are to be made again, or to go.
    pub tickets: Vec<i64>,
    /// The row ids of patterns whose documents are to be made again, or to go.
    pub patterns: Vec<i64>,
}

/// How a row stands to what the import left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowStanding {
    /// It is as it was left.
    Same,
    /// A later import, the first of them, has it too, and nobody else changed it.
    Later(i64),
    /// Somebody else changed it.
    Changed,
}

/// A row of the journal with what there is now.
#[derive(Debug)]
struct JournalEntry {
    number: usize,
    key: Vec<u8>,
    before: Option<RowImage>,
    after: Option<Vec<u8>>,
    now: Option<Image>,
    standing: RowStanding,
}

/// What is done with what belongs together.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TakeBackDecision {
    TakeBack,
    /// A later import has it: it is that import's from now on.
    HandOn(i64),
    Keep(String),
    /// It cannot go, and is not predicted any more.
    Retire,
}

/// Rows that are taken back together.
#[derive(Debug)]
struct RowGroup {
    entries: Vec<JournalEntry>,
    verdict: TakeBackDecision,
}

/// Groups by what they are and its row's key.
type Groups = BTreeMap<(RowOwner, CellImage), RowGroup>;

impl Imports<'_> {
    /// Takes an import back as far as it was not changed or used since.
    ///
    /// # Errors
    /// `IMPORT_NOT_FOUND` for one that is not there, was taken back or is no longer kept; storage
    /// errors.
    pub fn take_back(&self, id: i64) -> Result<TakenBack> {
        let record = self.by_id(id)?;
        if !record.state.can_be_undone() {
            let reason = match record.state {
                crate::domain::ImportState::Undone => "it was taken back already",
                _ => "it is too long ago: what was before is no longer kept",
            };
            return Err(Error::ImportNotFound { id, reason });
        }
        let mut undoing = Undoing {
            db: self.0,
            tables: JournalTable::all(self.0.connection())?,
            groups: Groups::new(),
            done: TakenBack::default(),
        };
        undoing.load(id)?;
        undoing.judge()?;
        undoing.hand_on()?;
        undoing.apply()?;
        undoing.name_kept()?;
        self.close(id, "undone")?;
        Ok(undoing.done)
    }
}

/// A taking back under way.
struct Undoing<'r> {
    db: &'r Repositories<'r>,
    tables: Vec<JournalTable>,
    groups: Groups,
    done: TakenBack,
}

impl Undoing<'_> {
    fn load(&mut self, id: i64) -> Result<()> {
        let mut rows: Vec<(usize, Vec<u8>, Kept)> = Vec::new();
        let sql = "SELECT table_no, row_key, before, after FROM atlas_import_rows
                   WHERE import_id = ?1 ORDER BY table_no, row_key";
        self.db.each(sql, [id], |row| {
            let kept = Kept {
                before: row.get(2)?,
                after: row.get(3)?,
            };
            rows.push((usize::from(row.get::<_, u16>(0)?), row.get(1)?, kept));
            Ok(())
        })?;
        for (number, key, kept) in rows {
            // What it only has seen it does not take away.
            let Some(table) = self.tables.get(number).filter(|_| !kept.is_seen()) else {
                continue;
            };
            let now = table.image(self.db, &key)?;
            let before = kept.before.as_deref().map(unpacked).transpose()?;
            if now.is_none() && (before.is_none() || number == RUNS) {
                continue;
            }
            let mut entry = JournalEntry {
                number,
                key,
                before,
                after: kept.after,
                now,
                standing: RowStanding::Same,
            };
            entry.standing = self.standing(&entry, id)?;
            if number == RUNS && entry.standing != RowStanding::Same {
                continue;
            }
            self.group(entry);
        }
        Ok(())
    }

    fn group(&mut self, entry: JournalEntry) {
        let table = &self.tables[entry.number];
        let of_now = entry.now.as_ref().map(|row| row[table.owner].clone());
        let of_before = || {
            let before = entry.before.iter().flatten();
            let owner = before
                .into_iter()
                .find(|(name, _)| name == table.kind.owner);
            owner.map(|(_, cell)| cell.clone())
        };
        let owner = of_now.or_else(of_before).unwrap_or_else(|| {
            let first = table.cells_of(&entry.key).into_iter().next();
            first.unwrap_or_else(|| CellImage::number(0))
        });
        let group = self
            .groups
            .entry((table.kind.unit, owner))
            .or_insert(RowGroup {
                entries: Vec::new(),
                verdict: TakeBackDecision::TakeBack,
            });
        group.entries.push(entry);
    }

    /// Goes back from what there is, over what later imports say was before them.
    fn standing(&self, entry: &JournalEntry, id: i64) -> Result<RowStanding> {
        if JournalTableKind::is_setting(entry.number) {
            // An earlier mark of how far a sync is only makes the next one read more.
            return Ok(RowStanding::Same);
        }
        let table = &self.tables[entry.number];
        let later = self.later(entry, id)?;
        let hash = |row: &Option<Image>| row.as_ref().map(|row| table.hash(row).to_vec());
        let mut row = entry.now.clone();
        for (_, kept) in later.iter().rev().filter(|(_, kept)| !kept.is_seen()) {
            if hash(&row) != kept.after {
                return Ok(RowStanding::Changed);
            }
            row = match &kept.before {
                Some(before) => Some(table.overlaid(row, &unpacked(before)?)),
                None => None,
            };
        }
        Ok(match (hash(&row) == entry.after, later.first()) {
            (false, _) => RowStanding::Changed,
            (true, Some((later, ..))) => RowStanding::Later(*later),
            (true, None) => RowStanding::Same,
        })
    }

    /// What later imports say of a row, oldest first.
    fn later(&self, entry: &JournalEntry, id: i64) -> Result<Vec<(i64, Kept)>> {
        let mut later = Vec::new();
        let sql = "SELECT import_id, before, after FROM atlas_import_rows
                   WHERE table_no = ?1 AND row_key = ?2 AND import_id > ?3 ORDER BY import_id";
        self.db
            .each(sql, (entry.number as i64, &entry.key, id), |row| {
                let (before, after) = (row.get(1)?, row.get(2)?);
                later.push((row.get(0)?, Kept { before, after }));
                Ok(())
            })?;
        Ok(later)
    }

    /// Makes what a later import has that import's: taking that one back brings what was before
    /// this one.
    fn hand_on(&self) -> Result<()> {
        for group in self.groups.values() {
            let TakeBackDecision::HandOn(heir) = group.verdict else {
                continue;
            };
            for entry in &group.entries {
                let own = match entry.standing {
                    RowStanding::Later(id) => id,
                    _ => heir,
                };
                let theirs = Kept::read(self.db, entry.number, &entry.key, own)?;
                let mut before = entry.before.clone();
                let mut after = entry.after.clone();
                if let Some(theirs) = theirs {
                    if !theirs.is_seen() {
                        after.clone_from(&theirs.after);
                    }
                    let later = theirs.before.as_deref().map(unpacked).transpose()?;
                    before = before.map(|own| merged(own, later.unwrap_or_default()));
                }
                let before = before.as_ref().map(packed).transpose()?;
                Kept { before, after }.write(self.db, entry.number, &entry.key, own)?;
            }
        }
        Ok(())
    }

    fn name_kept(&mut self) -> Result<()> {
        let order = [RowOwner::Ticket, RowOwner::Pattern, RowOwner::Observation];
        for wanted in order {
            let groups = self.groups.iter().filter(|((unit, _), _)| *unit == wanted);
            for ((unit, owner), group) in groups {
                let reason = match &group.verdict {
                    TakeBackDecision::TakeBack => continue,
                    _ if !group.is_felt() => continue,
                    TakeBackDecision::Keep(reason) => reason.clone(),
                    TakeBackDecision::Retire => {
                        "an answered prediction names it: it is retired instead".to_owned()
                    }
                    TakeBackDecision::HandOn(id) => {
                        let source = Imports(self.db).by_id(*id).map(|import| import.source);
                        let source = source.unwrap_or_default();
                        format!("import {id} ({source}) has it too")
                    }
                };
                self.done.kept_count += 1;
                if self.done.kept.len() < MOST_NAMED {
                    self.done.kept.push(KeptRecord {
                        what: word_of(*unit).to_owned(),
                        name: self.name_of(*unit, owner)?,
                        reason,
                    });
                }
            }
        }
        Ok(())
    }

    fn name_of(&self, unit: RowOwner, owner: &CellImage) -> Result<String> {
        let sql = match unit {
            RowOwner::Ticket => "SELECT jira_key FROM jira_tickets WHERE id = ?1",
            RowOwner::Pattern => "SELECT pattern_name FROM test_patterns WHERE id = ?1",
            _ => {
                "SELECT t.jira_key || ' · ' || p.pattern_name FROM atlas_observations o
                 JOIN jira_tickets t ON t.id = o.ticket_id
                 JOIN test_patterns p ON p.id = o.pattern_id WHERE o.id = ?1"
            }
        };
        let name = self
            .db
            .first(sql, [owner], |row| Ok(super::columns::text(row, 0)))?;
        let id = owner.integer().unwrap_or_default();
        Ok(name.flatten().unwrap_or_else(|| format!("row {id}")))
    }
}

impl RowGroup {
    /// Whether its ticket, pattern or observation came with the import.
    fn is_new(&self) -> bool {
        let main =
            |entry: &&JournalEntry| matches!(entry.number, TICKETS | PATTERNS | OBSERVATIONS);
        let main = self.entries.iter().find(main);
        main.is_some_and(|entry| entry.before.is_none())
    }

    /// Whether anything of it changed that a person sees.
    fn is_felt(&self) -> bool {
        self.entries.iter().any(|entry| {
            let columns = entry.before.as_ref();
            entry.number != RUNS
                && columns.is_none_or(|columns| columns.iter().any(|(name, _)| !is_of_seeing(name)))
        })
    }
}

impl JournalEntry {
    /// Whether the import changed a column of it.
    fn changed(&self, column: &str) -> bool {
        self.before.iter().flatten().any(|(name, _)| name == column)
    }
}

fn word_of(unit: RowOwner) -> &'static str {
    match unit {
        RowOwner::Ticket => "ticket",
        RowOwner::Pattern => "pattern",
        RowOwner::Observation => "observation",
        RowOwner::Setting => "setting",
    }
}
