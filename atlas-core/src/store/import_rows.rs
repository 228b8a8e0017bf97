//! Rows as the journal of imports sees them: which tables, what a row's bytes are.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use xxhash_rust::xxh3::xxh3_64;

use super::Repositories;
use crate::{Error, Result};

/// What a row belongs to; what belongs together is taken back together or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowOwner {
    Observation,
    Ticket,
    Pattern,
    Setting,
}

/// A table that imports write.
#[derive(Debug)]
pub(super) struct JournalTableKind {
    pub(super) name: &'static str,
    pub(super) key: &'static [&'static str],
    pub(super) unit: RowOwner,
    /// The column that names the unit's row.
    pub(super) owner: &'static str,
    /// Only these columns, where the others are none of an import's.
    only: Option<&'static [&'static str]>,
}

const fn kind(
    name: &'static str,
    key: &'static [&'static str],
    unit: RowOwner,
    owner: &'static str,
) -> JournalTableKind {
    JournalTableKind {
        name,
        key,
        unit,
        owner,
        only: None,
    }
}

pub(super) const TICKETS: usize = 0;
pub(super) const TICKET_DETAILS: usize = 1;
pub(super) const RUNS: usize = 4;
pub(super) const PATTERNS: usize = 5;
pub(super) const PATTERN_DETAILS: usize = 6;
pub(super) const OBSERVATIONS: usize = 8;
const SETTINGS: usize = 11;
/// Watched for the numbers of patterns; it has no rows in the journal.
pub(super) const PATTERN_BASE: usize = 12;

/// By `table_no`, which is stored: the order never changes.
pub(super) const KINDS: [JournalTableKind; 13] = [
    kind("jira_tickets", &["id"], RowOwner::Ticket, "id"),
    kind(
        "atlas_ticket_details",
        &["ticket_id"],
        RowOwner::Ticket,
        "ticket_id",
    ),
    kind(
        "atlas_ticket_keys",
        &["jira_key"],
        RowOwner::Ticket,
        "ticket_id",
    ),
    kind(
        "atlas_ticket_links",
        &["ticket_id", "kind", "other_key"],
        RowOwner::Ticket,
        "ticket_id",
    ),
    JournalTableKind {
        only: Some(&["id", "ticket_id", "stale"]),
        ..kind(
            "atlas_prediction_runs",
            &["id"],
            RowOwner::Ticket,
            "ticket_id",
        )
    },
    kind("test_patterns", &["id"], RowOwner::Pattern, "id"),
    kind(
        "atlas_pattern_details",
        &["pattern_id"],
        RowOwner::Pattern,
        "pattern_id",
    ),
    kind(
        "atlas_external_ids",
        &["external_id"],
        RowOwner::Pattern,
        "pattern_id",
    ),
    kind("atlas_observations", &["id"], RowOwner::Observation, "id"),
    kind(
        "atlas_test_runs",
        &["observation_id"],
        RowOwner::Observation,
        "observation_id",
    ),
    kind(
        "atlas_test_results",
        &["observation_id", "class", "name"],
        RowOwner::Observation,
        "observation_id",
    ),
    kind("atlas_settings", &["key"], RowOwner::Setting, "key"),
    kind(
        "atlas_pattern_base",
        &["pattern_id"],
        RowOwner::Pattern,
        "pattern_id",
    ),
];

/// The numbers of a pattern that its observations change. In the journal they are those from
/// before the first observation.
pub(super) const NUMBERS: [&str; 4] =
    ["success_rate", "frequency", "avg_time_minutes", "last_used"];

/// Whether a column only says when a ticket was last seen in Jira. That alone is no change.
pub(super) fn is_of_seeing(column: &str) -> bool {
    matches!(column, "synced_from_jira" | "last_synced")
}

impl JournalTableKind {
    /// Whether it is a setting's table.
    pub(super) fn is_setting(number: usize) -> bool {
        number == SETTINGS
    }
}

/// A value with its storage class before it; ordered as numbers are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellImage(Vec<u8>);

impl CellImage {
    pub(super) fn of(value: ValueRef<'_>) -> Self {
        let tagged = |tag: u8, bytes: &[u8]| {
            let mut cell = Vec::with_capacity(bytes.len() + 1);
            cell.push(tag);
            cell.extend_from_slice(bytes);
            CellImage(cell)
        };
        match value {
            ValueRef::Null => tagged(0, &[]),
            ValueRef::Integer(number) => tagged(1, &number.to_be_bytes()),
            ValueRef::Real(number) => tagged(2, &number.to_bits().to_be_bytes()),
            ValueRef::Text(bytes) => tagged(3, bytes),
            ValueRef::Blob(bytes) => tagged(4, bytes),
        }
    }

    fn value(&self) -> ValueRef<'_> {
        let Some((tag, bytes)) = self.0.split_first() else {
            return ValueRef::Null;
        };
        let eight = || <[u8; 8]>::try_from(bytes).map_or(0, u64::from_be_bytes);
        match tag {
            1 => ValueRef::Integer(eight().cast_signed()),
            2 => ValueRef::Real(f64::from_bits(eight())),
            3 => ValueRef::Text(bytes),
            4 => ValueRef::Blob(bytes),
            _ => ValueRef::Null,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.value(), ValueRef::Null)
    }

    pub(super) fn integer(&self) -> Option<i64> {
        match self.value() {
            ValueRef::Integer(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn number(number: i64) -> Self {
        CellImage::of(ValueRef::Integer(number))
    }
}

impl ToSql for CellImage {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.value()))
    }
}

/// The values of a row, in the order of its table's columns.
pub(super) type Image = Vec<CellImage>;

/// Some of a row's columns by name.
pub(super) type RowImage = Vec<(String, CellImage)>;

/// A journaled table as it is in this file: other programs make some of them, with columns of
/// their own.
#[derive(Debug)]
pub(super) struct JournalTable {
    pub(super) kind: &'static JournalTableKind,
    pub(super) columns: Vec<String>,
    pub(super) key: Vec<usize>,
    pub(super) owner: usize,
}

impl JournalTable {
    fn of(connection: &Connection, kind: &'static JournalTableKind) -> Result<Self> {
        let mut statement =
            connection.prepare_cached("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
        let columns = statement.query_map([kind.name], |row| row.get::<_, String>(0))?;
        let mut columns = columns.collect::<rusqlite::Result<Vec<_>>>()?;
        columns.retain(|name| kind.only.is_none_or(|only| only.contains(&name.as_str())));
        let place = |name: &str| {
            columns
                .iter()
                .position(|column| column == name)
                .ok_or_else(|| Error::CorruptDatabase {
                    reason: format!("the table {} has no column {name}", kind.name),
                })
        };
        Ok(JournalTable {
            key: kind
                .key
                .iter()
                .map(|name| place(name))
                .collect::<Result<_>>()?,
            owner: place(kind.owner)?,
            kind,
            columns,
        })
    }

    /// Every journaled table, by its number.
    pub(super) fn all(connection: &Connection) -> Result<Vec<JournalTable>> {
        KINDS
            .iter()
            .map(|kind| JournalTable::of(connection, kind))
            .collect()
    }

    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }

    /// The bytes of a row's key.
    pub(super) fn key_of(&self, row: &[CellImage]) -> Vec<u8> {
        if let [only] = self.key[..] {
            return row[only].0.clone();
        }
        let mut bytes = Vec::new();
        for &place in &self.key {
            push(&mut bytes, &row[place].0);
        }
        bytes
    }

    /// The values in the bytes of a key.
    pub(super) fn cells_of(&self, key: &[u8]) -> Vec<CellImage> {
        if self.key.len() == 1 {
            return vec![CellImage(key.to_vec())];
        }
        let mut rest = key;
        let cells = self.key.iter().map(|_| pull(&mut rest).map(<[u8]>::to_vec));
        cells
            .map(|cell| CellImage(cell.unwrap_or_default()))
            .collect()
    }

    /// What finds a row by its key.
    pub(super) fn by_key(&self) -> String {
        let terms = self
            .kind
            .key
            .iter()
            .map(|name| format!("t.\"{name}\" IS ?"));
        terms.collect::<Vec<_>>().join(" AND ")
    }

    /// The row with a key, as it is now; the numbers of a pattern are those from before its first
    /// observation.
    pub(super) fn image(&self, db: &Repositories<'_>, key: &[u8]) -> Result<Option<Image>> {
        let is_patterns = self.kind.name == KINDS[PATTERNS].name;
        let columns =
            self.columns.iter().map(
                |name| match is_patterns && NUMBERS.contains(&name.as_str()) {
                    true => {
                        format!("CASE WHEN b.pattern_id IS NULL THEN t.{name} ELSE b.{name} END")
                    }
                    false => format!("t.\"{}\"", name.replace('"', "\"\"")),
                },
            );
        let columns = columns.collect::<Vec<_>>().join(", ");
        let base = match is_patterns {
            true => "LEFT JOIN atlas_pattern_base b ON b.pattern_id = t.id",
            false => "",
        };
        let sql = format!(
            "SELECT {columns} FROM {} t {base} WHERE {}",
            self.kind.name,
            self.by_key()
        );
        let width = self.columns.len();
        db.first(&sql, params_from_iter(self.cells_of(key)), |row| {
            (0..width)
                .map(|place| Ok(CellImage::of(row.get_ref(place)?)))
                .collect()
        })
    }

    /// A hash over what is in a row. Columns without a value do not count, so that one which a
    /// later schema adds changes nothing.
    pub(super) fn hash(&self, row: &[CellImage]) -> [u8; 8] {
        let mut cells: Vec<(&String, &CellImage)> = self.columns.iter().zip(row).collect();
        cells.retain(|(name, cell)| !cell.is_null() && !is_of_seeing(name));
        cells.sort_unstable_by_key(|(name, _)| *name);
        let mut bytes = Vec::new();
        for (name, cell) in cells {
            push(&mut bytes, name.as_bytes());
            push(&mut bytes, &cell.0);
        }
        xxh3_64(&bytes).to_be_bytes()
    }

    /// The columns of `row` in which `now` differs; all where there is no row now.
    pub(super) fn changed(&self, row: &[CellImage], now: Option<&Image>) -> RowImage {
        let cells = self.columns.iter().zip(row).enumerate();
        let changed =
            cells.filter(|(place, (_, cell))| now.is_none_or(|now| now.get(*place) != Some(cell)));
        changed
            .map(|(_, (name, cell))| (name.clone(), cell.clone()))
            .collect()
    }

    /// A row with some columns put back.
    pub(super) fn overlaid(&self, row: Option<Image>, columns: &RowImage) -> Image {
        let mut row =
            row.unwrap_or_else(|| vec![CellImage::of(ValueRef::Null); self.columns.len()]);
        for (name, cell) in columns {
            if let Some(place) = self.place(name) {
                row[place] = cell.clone();
            }
        }
        row
    }
}

/// Columns as they are stored; longer ones deflated.
pub(super) fn packed(columns: &RowImage) -> Result<Vec<u8>> {
    let mut plain = Vec::new();
    for (name, cell) in columns {
        push(&mut plain, name.as_bytes());
        push(&mut plain, &cell.0);
    }
    if plain.len() < 256 {
        plain.insert(0, 0);
        return Ok(plain);
    }
    let failed = |source| Error::File {
        path: "atlas_import_rows".into(),
        source,
    };
    let mut encoder = DeflateEncoder::new(vec![1], Compression::fast());
    encoder.write_all(&plain).map_err(failed)?;
    encoder.finish().map_err(failed)
}

/// Columns from their stored form.
pub(super) fn unpacked(bytes: &[u8]) -> Result<RowImage> {
    let corrupt = || Error::CorruptDatabase {
        reason: "a row of atlas_import_rows cannot be read".to_owned(),
    };
    let mut plain = Vec::new();
    match bytes.split_first() {
        None => return Ok(RowImage::new()),
        Some((0, rest)) => plain.extend_from_slice(rest),
        Some((_, rest)) => {
            let read = DeflateDecoder::new(rest).read_to_end(&mut plain);
            read.map_err(|_| corrupt())?;
        }
    }
    let (mut rest, mut columns) = (plain.as_slice(), RowImage::new());
    while !rest.is_empty() {
        let name = pull(&mut rest).ok_or_else(corrupt)?;
        let name = String::from_utf8(name.to_vec()).map_err(|_| corrupt())?;
        let cell = pull(&mut rest).ok_or_else(corrupt)?;
        columns.push((name, CellImage(cell.to_vec())));
    }
    Ok(columns)
}

fn push(bytes: &mut Vec<u8>, part: &[u8]) {
    // A value of SQLite's is shorter than 2 GiB.
    bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
    bytes.extend_from_slice(part);
}

fn pull<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let part = rest.get(..length)?;
    *bytes = rest.get(length..)?;
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_back_as_they_were() {
        let long = "ä".repeat(1_000);
        let columns: RowImage = [
            ("none", ValueRef::Null),
            ("number", ValueRef::Integer(i64::MIN)),
            ("share", ValueRef::Real(-0.0)),
            ("text", ValueRef::Text(&[0xff, 0x41])),
            ("long", ValueRef::Text(long.as_bytes())),
            ("bytes", ValueRef::Blob(&[0, 255])),
        ]
        .map(|(name, value)| (name.to_owned(), CellImage::of(value)))
        .into();
        for count in 0..=columns.len() {
            let some = columns[..count].to_vec();
            assert_eq!(unpacked(&packed(&some).unwrap()).unwrap(), some);
        }
        assert!(packed(&columns).unwrap().len() < 200);
        assert!(unpacked(&[0, 0, 0, 0, 9, 1]).is_err());
    }

    #[test]
    fn keys_of_several_columns_come_back() {
        let store = super::super::Store::open_in_memory().unwrap();
        store
            .write(|db| {
                let tables = JournalTable::all(db.connection())?;
                let links = &tables[3];
                let row = [
                    CellImage::number(7),
                    CellImage::of(ValueRef::Text(b"blocks")),
                    CellImage::of(ValueRef::Text(b"WRKA-8")),
                ];
                assert_eq!(links.cells_of(&links.key_of(&row)), row);
                Ok(())
            })
            .unwrap();
    }
}
