//! Recording what an import changes: triggers that last for a transaction tell the rows as they
//! were, and the journal gets them before the transaction ends.
//!
//! An import that finds or changes nothing has no row. Otherwise it has one from its first such
//! transaction on, so an import that was stopped or killed can be taken back too. The journal keeps
//! the columns as they were, and a hash of the row as the import left it. For new tickets this
//! takes 63 bytes each, 2 to 3 % of the file.
//!
//! SQLite's session extension could do this, but rusqlite needs libclang for it at build time, and
//! its changesets hold every new row a second time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;

use super::import_rows::{
    CellImage, Image, JournalTable, JournalTableKind, KINDS, NUMBERS, OBSERVATIONS, PATTERN_BASE,
    PATTERNS, RUNS, RowImage, RowOwner, TICKETS, is_of_seeing, packed, unpacked,
};
use super::imports::{Gained, ImportUnit};
use super::{Repositories, SeenRow};
use crate::Result;

/// Takes a row from a trigger: the table's number, whether it was inserted, the row.
const RECORD: &str = "atlas_import_record";

/// A row at its first change: as it was, or as it came where there was none.
#[derive(Debug, Clone)]
struct First {
    was_there: bool,
    row: Image,
}

/// Rows by table and key.
type RecordedRows = BTreeMap<(usize, Vec<u8>), First>;

/// What the triggers of the transaction under way have told.
#[derive(Debug, Default)]
struct Recording {
    tables: Vec<JournalTable>,
    rows: RecordedRows,
}

/// The place where triggers of a writing connection put what they see.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Option<Recording>>>);

impl Recorder {
    /// Lets the connection's triggers call the recorder.
    pub(super) fn attach(&self, connection: &Connection) -> Result<()> {
        let recorder = self.clone();
        connection.create_scalar_function(RECORD, -1, FunctionFlags::SQLITE_UTF8, move |call| {
            recorder.note(call).map(|()| Value::Null)
        })?;
        Ok(())
    }

    fn note(&self, call: &Context<'_>) -> rusqlite::Result<()> {
        let mut recording = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Recording { tables, rows }) = recording.as_mut() else {
            return Ok(());
        };
        let number = usize::from(call.get::<u16>(0)?);
        let inserted: bool = call.get(1)?;
        let row: Image = (2..call.len())
            .map(|place| CellImage::of(call.get_raw(place)))
            .collect();
        let Some(table) = tables
            .get(number)
            .filter(|table| table.columns.len() == row.len())
        else {
            return Ok(());
        };
        rows.entry((number, table.key_of(&row))).or_insert(First {
            was_there: !inserted,
            row,
        });
        Ok(())
    }

    /// Begins to record what a transaction changes.
    pub(super) fn start(&self, connection: &Connection) -> Result<()> {
        let tables = JournalTable::all(connection)?;
        for (number, table) in tables.iter().enumerate() {
            connection.execute_batch(&triggers(number, table))?;
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Recording {
            tables,
            rows: RecordedRows::new(),
        });
        Ok(())
    }

    /// Forgets what was recorded; a transaction that is taken back takes the triggers with it.
    pub(super) fn stop(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Ends the recording and writes what changed to the journal of `import`, which gets its row
    /// now if it has none: an import that finds and changes nothing has none.
    pub(super) fn finish(
        &self,
        db: &Repositories<'_>,
        import: &ImportUnit,
    ) -> Result<Option<(i64, Gained)>> {
        let recording = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Recording { tables, mut rows }) = recording else {
            return Ok(None);
        };
        for number in 0..tables.len() {
            db.connection().execute_batch(&dropped(number))?;
        }
        take_base_numbers(db, &tables, &mut rows)?;
        let mut changes = Vec::new();
        for ((number, key), first) in &rows {
            let table = &tables[*number];
            if !comes_and_goes_with_its_owner(table, first, &rows) {
                changes.extend(RowChange::of(db, table, (*number, key), first)?);
            }
        }
        let seen = db.seen.take();
        if import.id().is_none()
            && !changes.iter().any(RowChange::is_felt)
            && (seen.is_empty() || import.is_sync())
        {
            return Ok(None);
        }
        let id = db.imports().add(import)?;
        let mut gained = Gained::default();
        for change in changes {
            change.write(db, id, &mut gained)?;
        }
        for SeenRow(number, row_id) in seen {
            note_seen(db, (number, row_id, id), &mut gained)?;
        }
        Ok(Some((id, gained)))
    }
}

/// The triggers of a table. Of stored predictions only what has become stale is an import's.
fn triggers(number: usize, table: &JournalTable) -> String {
    let name = table.kind.name;
    let values = |row: &str| {
        let columns = table.columns.iter();
        let columns = columns.map(|column| format!("{row}.\"{}\"", column.replace('"', "\"\"")));
        columns.collect::<Vec<_>>().join(", ")
    };
    let trigger = |word: &str, event: &str, inserted: u8, row: &str| {
        format!(
            "CREATE TEMP TRIGGER atlas_import_{word}_{number} AFTER {event} ON main.{name} BEGIN
                 SELECT {RECORD}({number}, {inserted}, {}); END;\n",
            values(row)
        )
    };
    if number == RUNS {
        return trigger("update", "UPDATE OF stale", 0, "OLD");
    }
    trigger("insert", "INSERT", 1, "NEW")
        + &trigger("update", "UPDATE", 0, "OLD")
        + &trigger("delete", "DELETE", 0, "OLD")
}

fn dropped(number: usize) -> String {
    let words = ["insert", "update", "delete"];
    let drops =
        words.map(|word| format!("DROP TRIGGER IF EXISTS temp.atlas_import_{word}_{number};"));
    drops.join("\n")
}

/// Puts the numbers from before a pattern's first observation into its recorded row, and takes the
/// rows of the table that keeps them out.
fn take_base_numbers(
    db: &Repositories<'_>,
    tables: &[JournalTable],
    rows: &mut RecordedRows,
) -> Result<()> {
    let (patterns, base) = (&tables[PATTERNS], &tables[PATTERN_BASE]);
    let bases: BTreeMap<Vec<u8>, First> = {
        let all = std::mem::take(rows);
        let (bases, others) = all
            .into_iter()
            .partition(|((number, _), _)| *number == PATTERN_BASE);
        *rows = others;
        let bases: RecordedRows = bases;
        bases
            .into_iter()
            .map(|((_, key), first)| (key, first))
            .collect()
    };
    for key in bases.keys() {
        // Numbers that are watched in one table alone.
        if !rows.contains_key(&(PATTERNS, key.clone()))
            && let Some(row) = raw(db, patterns, key)?
        {
            let first = First {
                was_there: true,
                row,
            };
            rows.insert((PATTERNS, key.clone()), first);
        }
    }
    for ((number, key), first) in rows.iter_mut() {
        if *number != PATTERNS || !first.was_there {
            continue;
        }
        let before = match bases.get(key) {
            // It came in this transaction: before it, the pattern's own numbers were meant.
            Some(base) if !base.was_there => None,
            Some(base) => Some(base.row.clone()),
            None => raw(db, base, key)?,
        };
        let Some(before) = before else { continue };
        for name in NUMBERS {
            if let (Some(to), Some(from)) = (patterns.place(name), base.place(name)) {
                first.row[to] = before[from].clone();
            }
        }
    }
    Ok(())
}

/// A row as it is stored.
fn raw(db: &Repositories<'_>, table: &JournalTable, key: &[u8]) -> Result<Option<Image>> {
    let sql = format!(
        "SELECT t.* FROM {} t WHERE {}",
        table.kind.name,
        table.by_key()
    );
    let width = table.columns.len();
    db.first(
        &sql,
        rusqlite::params_from_iter(table.cells_of(key)),
        |row| {
            (0..width)
                .map(|place| Ok(CellImage::of(row.get_ref(place)?)))
                .collect()
        },
    )
}

/// Whether a new row belongs to a ticket, pattern or observation that is new as well, and goes
/// with it. What tells whether that was changed since has rows of its own all the same.
fn comes_and_goes_with_its_owner(table: &JournalTable, first: &First, rows: &RecordedRows) -> bool {
    if first.was_there
        || matches!(
            table.kind.name,
            "atlas_ticket_details" | "atlas_pattern_details"
        )
    {
        return false;
    }
    let main = match table.kind.unit {
        RowOwner::Ticket => TICKETS,
        RowOwner::Pattern => PATTERNS,
        RowOwner::Observation => OBSERVATIONS,
        RowOwner::Setting => return false,
    };
    if table.kind.name == KINDS[main].name {
        return false;
    }
    let Some(owner) = first.row[table.owner].integer() else {
        return false;
    };
    let owner = tables_key(owner);
    rows.get(&(main, owner))
        .is_some_and(|owner| !owner.was_there)
}

/// The key of a row whose key is a number.
fn tables_key(id: i64) -> Vec<u8> {
    let mut key = vec![1];
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// An entry of the journal as it is stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    pub(super) before: Option<Vec<u8>>,
    pub(super) after: Option<Vec<u8>>,
}

impl Kept {
    /// Whether the import only found the row as it brings it.
    pub(super) fn is_seen(&self) -> bool {
        self.after.is_none() && self.before.as_ref().is_some_and(Vec::is_empty)
    }

    /// What an import's journal has of a row.
    pub(super) fn read(
        db: &Repositories<'_>,
        number: usize,
        key: &[u8],
        id: i64,
    ) -> Result<Option<Kept>> {
        let sql = "SELECT before, after FROM atlas_import_rows
                   WHERE table_no = ?1 AND row_key = ?2 AND import_id = ?3";
        db.first(sql, (number as i64, key, id), |row| {
            Ok(Kept {
                before: row.get(0)?,
                after: row.get(1)?,
            })
        })
    }

    pub(super) fn write(
        &self,
        db: &Repositories<'_>,
        number: usize,
        key: &[u8],
        id: i64,
    ) -> Result<()> {
        let sql = "INSERT INTO atlas_import_rows (table_no, row_key, import_id, before, after)
                   VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO UPDATE SET before = excluded.before, after = excluded.after";
        db.execute(sql, (number as i64, key, id, &self.before, &self.after))?;
        Ok(())
    }
}

/// What a transaction changed of a row.
#[derive(Debug)]
struct RowChange<'k> {
    number: usize,
    key: &'k [u8],
    /// Over the row as it was found.
    found: Option<Vec<u8>>,
    before: Option<RowImage>,
    /// Over the row as it is left.
    after: Option<Vec<u8>>,
}

impl<'k> RowChange<'k> {
    /// `None` where it is as it was.
    fn of(
        db: &Repositories<'_>,
        table: &JournalTable,
        (number, key): (usize, &'k [u8]),
        first: &First,
    ) -> Result<Option<Self>> {
        let now = table.image(db, key)?;
        let before = first
            .was_there
            .then(|| table.changed(&first.row, now.as_ref()));
        let is_same = match &before {
            None => now.is_none(),
            Some(columns) => now.is_some() && columns.is_empty(),
        };
        Ok((!is_same).then(|| RowChange {
            number,
            key,
            found: first.was_there.then(|| table.hash(&first.row).to_vec()),
            before,
            after: now.as_ref().map(|now| table.hash(now).to_vec()),
        }))
    }

    /// Whether a person sees it: more than a setting, and than when a ticket was last in Jira.
    fn is_felt(&self) -> bool {
        let before = self.before.as_ref();
        !JournalTableKind::is_setting(self.number)
            && before.is_none_or(|columns| columns.iter().any(|(name, _)| !is_of_seeing(name)))
    }

    /// Writes an entry, or makes it one with what the import wrote of the row before.
    fn write(self, db: &Repositories<'_>, id: i64, gained: &mut Gained) -> Result<()> {
        let (number, key) = (self.number, self.key);
        let earlier = Kept::read(db, number, key, id)?.filter(|earlier| !earlier.is_seen());
        let mut after = self.after;
        let before = match earlier {
            None => {
                count(number, self.before.as_ref(), gained);
                self.before.as_ref().map(packed).transpose()?
            }
            Some(earlier) => {
                if earlier.before.is_none() && after.is_none() {
                    return forget(db, (number, key, id));
                }
                if earlier.after != self.found {
                    // Somebody else wrote it meanwhile: it is never as the import left it.
                    after = Some(Vec::new());
                }
                let later = self.before.unwrap_or_default();
                let kept = earlier
                    .before
                    .map(|kept| packed(&merged(unpacked(&kept)?, later)));
                kept.transpose()?
            }
        };
        gained.bytes += size(key, before.as_deref());
        Kept { before, after }.write(db, number, key, id)
    }
}

/// The columns as they were first.
pub(super) fn merged(mut first: RowImage, later: RowImage) -> RowImage {
    for (name, cell) in later {
        if !first.iter().any(|(known, _)| *known == name) {
            first.push((name, cell));
        }
    }
    first
}

fn forget(db: &Repositories<'_>, entry: (usize, &[u8], i64)) -> Result<()> {
    let sql = "DELETE FROM atlas_import_rows
               WHERE table_no = ?1 AND row_key = ?2 AND import_id = ?3";
    db.execute(sql, (entry.0 as i64, entry.1, entry.2))?;
    Ok(())
}

/// Notes that an import has a row that it left as it was. It keeps the row when the import that
/// brought it is taken back.
fn note_seen(
    db: &Repositories<'_>,
    (number, row_id, id): (usize, i64, i64),
    gained: &mut Gained,
) -> Result<()> {
    let key = tables_key(row_id);
    let sql = "INSERT INTO atlas_import_rows (table_no, row_key, import_id, before, after)
               VALUES (?1, ?2, ?3, x'', NULL) ON CONFLICT DO NOTHING";
    if db.execute(sql, (number as i64, &key, id))? > 0 {
        gained.bytes += size(&key, None);
    }
    Ok(())
}

fn count(number: usize, before: Option<&RowImage>, gained: &mut Gained) {
    let place = match number {
        TICKETS => 0,
        PATTERNS => 1,
        OBSERVATIONS => 2,
        _ => return,
    };
    match before {
        None => gained.new[place] += 1,
        Some(columns) if columns.iter().all(|(name, _)| is_of_seeing(name)) => {}
        Some(_) => gained.updated[place] += 1,
    }
}

/// About what an entry takes in the file.
fn size(key: &[u8], before: Option<&[u8]>) -> i64 {
    (key.len() + before.map_or(0, <[u8]>::len) + 20) as i64
}
