//! Every row of ATLAS's tables, out of one database and into an empty one.
//!
//! An import is one transaction into an empty database. Foreign keys are checked before it ends;
//! the last line of the file says how many rows there are.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use serde_json::{Map, Value};

use super::migrate::in_memory;
use super::{Repositories, Revision, Store, backup};
use crate::{Error, Result};

/// Made again from the other rows: words, vectors, and counters of this file's own changes.
const DERIVED: [&str; 3] = ["atlas_documents", "atlas_vectors", "atlas_revisions"];
/// The numbers that SQLite would give next; not to be given twice.
const SEQUENCES: &str = "sqlite_sequence";

/// A row: columns by name. Bytes are `{"base64": …}`, text that is no UTF-8 `{"text": …}` in
/// base64, and numbers that JSON does not have `{"real": "inf"}`.
pub type JsonRow = Map<String, Value>;

/// Rows of all tables of ATLAS's that are not derived from others. Tables and columns that other
/// programs added are not among them.
#[derive(Debug)]
pub struct Rows<'r> {
    db: &'r Repositories<'r>,
    tables: Vec<RowsTable>,
}

#[derive(Debug)]
struct RowsTable {
    name: String,
    columns: Vec<String>,
    /// What orders the rows.
    order: String,
}

impl<'r> Rows<'r> {
    pub(super) fn new(db: &'r Repositories<'r>) -> Result<Self> {
        // Names come from a schema of our own making, never from a file.
        let fresh = in_memory()?;
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        let names: Vec<String> = fresh
            .prepare(sql)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let travels = |name: &String| !DERIVED.contains(&name.as_str());
        let tables = names.into_iter().filter(travels);
        let tables = tables.map(|name| RowsTable::new(&fresh, name));
        Ok(Rows {
            db,
            tables: tables.collect::<Result<_>>()?,
        })
    }

    /// Every row, table by table, in an order that does not change.
    ///
    /// # Errors
    /// What `f` returns, storage errors.
    pub fn for_each(&self, f: &mut dyn FnMut(&str, JsonRow) -> Result<()>) -> Result<()> {
        for table in &self.tables {
            let mut sql = format!("SELECT {} FROM {}", table.columns.join(", "), table.name);
            if table.name == SEQUENCES {
                let names = self.tables.iter().map(|table| format!("'{}'", table.name));
                let names: Vec<String> = names.collect();
                sql.push_str(&format!(" WHERE name IN ({})", names.join(", ")));
            }
            sql.push_str(&format!(" ORDER BY {}", table.order));
            self.db.each(&sql, [], |row| {
                let mut json = JsonRow::new();
                for (place, column) in table.columns.iter().enumerate() {
                    json.insert(column.clone(), json_of(row.get_ref(place)?));
                }
                f(&table.name, json)
            })?;
        }
        Ok(())
    }

    /// Prepares an empty database: takes out what every new one has (the starter catalogue, a
    /// profile, settings), and lets rows come in any order until the transaction ends.
    ///
    /// # Errors
    /// `DATABASE_NOT_EMPTY` when it holds anything else.
    pub fn make_room(&self) -> Result<()> {
        for table in &self.tables {
            let held = match table.name.as_str() {
                SEQUENCES | "atlas_settings" | "user_profiles" | "atlas_pattern_details" => {
                    continue;
                }
                "test_patterns" => {
                    "SELECT count(*) FROM test_patterns WHERE id NOT IN (SELECT pattern_id
                     FROM atlas_pattern_details WHERE origin = 'starter')"
                }
                other => &format!("SELECT count(*) FROM {other}"),
            };
            let rows = self.db.number(held, [])?;
            if rows > 0 {
                let table = table.name.clone();
                return Err(Error::DatabaseNotEmpty { table, rows });
            }
        }
        self.db.execute("PRAGMA defer_foreign_keys = ON", [])?;
        for table in [
            "atlas_documents",
            "atlas_vectors",
            "atlas_pattern_details",
            "test_patterns",
            "user_profiles",
            "atlas_settings",
        ] {
            self.db.execute(&format!("DELETE FROM {table}"), [])?;
        }
        Ok(())
    }

    /// Stores a row; why it cannot be stored, if its table, a column or a value is none.
    ///
    /// # Errors
    /// Storage errors.
    pub fn insert(&self, table: &str, row: &JsonRow) -> Result<Result<(), String>> {
        let Some(table) = self.tables.iter().find(|known| known.name == table) else {
            return Ok(Err(format!("there is no table \"{table}\"")));
        };
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for (name, json) in row {
            let Some(column) = table.columns.iter().find(|known| *known == name) else {
                return Ok(Err(format!("{} has no column \"{name}\"", table.name)));
            };
            let Some(cell) = BoundValue::of(json) else {
                return Ok(Err(format!("{name} of {} cannot be read", table.name)));
            };
            columns.push(column.as_str());
            values.push(cell);
        }
        if table.name == SEQUENCES {
            let sql = "DELETE FROM sqlite_sequence WHERE name = ?1";
            self.db.execute(sql, [values.first()])?;
        }
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({places})",
            table.name,
            columns.join(", ")
        );
        match self.db.execute(&sql, params_from_iter(values)) {
            Ok(_) => Ok(Ok(())),
            Err(Error::Database(error)) if is_constraint(&error) => {
                Ok(Err(format!("{} refuses it: {error}", table.name)))
            }
            Err(other) => Err(other),
        }
    }

    /// Moves every row of another database in, with the words and vectors that were made of them,
    /// after [`make_room`](Self::make_room).
    ///
    /// # Errors
    /// `DATABASE_NOT_EMPTY`, storage errors.
    pub fn move_in(&self, from: &Store) -> Result<()> {
        self.make_room()?;
        let fresh = in_memory()?;
        let made = ["atlas_documents", "atlas_vectors"];
        let made = made.map(|name| RowsTable::new(&fresh, name.to_owned()));
        let made = made.into_iter().collect::<Result<Vec<_>>>()?;
        from.read(|other| {
            let mut tables = self.tables.iter().chain(&made);
            tables.try_for_each(|table| self.copy(table, other))
        })?;
        for revision in Revision::ALL {
            self.db.changed(revision)?;
        }
        Ok(())
    }

    fn copy(&self, table: &RowsTable, from: &Repositories<'_>) -> Result<()> {
        let columns = table.columns.join(", ");
        let places = vec!["?"; table.columns.len()].join(", ");
        let insert = format!("INSERT INTO {} ({columns}) VALUES ({places})", table.name);
        let mut insert = self.db.prepare(&insert)?;
        from.each(
            &format!("SELECT {columns} FROM {}", table.name),
            [],
            |row| {
                if table.name == SEQUENCES {
                    let sql = "DELETE FROM sqlite_sequence WHERE name = ?1";
                    self.db.execute(sql, [row.get::<_, String>(0)?])?;
                }
                let values = (0..table.columns.len()).map(|place| row.get_ref(place));
                let values = values.collect::<rusqlite::Result<Vec<_>>>()?;
                insert.execute(params_from_iter(
                    values.into_iter().map(ToSqlOutput::Borrowed),
                ))?;
                Ok(())
            },
        )
    }

    /// Ends an import: what the foreign key check finds, and all indexes in memory are stale.
    ///
    /// # Errors
    /// Storage errors.
    pub fn settle(&self) -> Result<Vec<String>> {
        for revision in Revision::ALL {
            self.db.changed(revision)?;
        }
        backup::check_foreign_keys(self.db.connection())
    }
}

impl RowsTable {
    fn new(fresh: &Connection, name: String) -> Result<Self> {
        let sql = "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid";
        let mut statement = fresh.prepare(sql)?;
        let columns: Vec<(String, i64)> = statement
            .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut keys: Vec<&(String, i64)> = columns.iter().filter(|(_, key)| *key > 0).collect();
        keys.sort_by_key(|(_, key)| *key);
        let order: Vec<&str> = keys.iter().map(|(name, _)| name.as_str()).collect();
        Ok(RowsTable {
            order: if order.is_empty() {
                "1".to_owned()
            } else {
                order.join(", ")
            },
            columns: columns.into_iter().map(|(name, _)| name).collect(),
            name,
        })
    }
}

fn is_constraint(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
}

fn json_of(value: ValueRef<'_>) -> Value {
    let tagged =
        |tag: &str, value: String| Value::from(Map::from_iter([(tag.to_owned(), value.into())]));
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) if number.is_finite() => number.into(),
        ValueRef::Real(number) => tagged("real", number.to_string()),
        ValueRef::Blob(bytes) => tagged("base64", BASE64_STANDARD.encode(bytes)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => tagged("text", BASE64_STANDARD.encode(bytes)),
        },
    }
}

/// A value that is bound as the storage class that it had.
enum BoundValue {
    Null,
    Integer(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl BoundValue {
    fn of(json: &Value) -> Option<Self> {
        Some(match json {
            Value::Null => BoundValue::Null,
            Value::Number(number) => match number.as_i64() {
                Some(number) => BoundValue::Integer(number),
                None => BoundValue::Real(number.as_f64()?),
            },
            Value::String(text) => BoundValue::Text(text.clone().into_bytes()),
            Value::Object(tagged) => {
                let (tag, value) = tagged.iter().next()?;
                let value = value.as_str()?;
                match tag.as_str() {
                    "base64" => BoundValue::Blob(BASE64_STANDARD.decode(value).ok()?),
                    "text" => BoundValue::Text(BASE64_STANDARD.decode(value).ok()?),
                    "real" => BoundValue::Real(value.parse().ok()?),
                    _ => return None,
                }
            }
            Value::Bool(_) | Value::Array(_) => return None,
        })
    }
}

impl ToSql for BoundValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            BoundValue::Null => ValueRef::Null,
            BoundValue::Integer(number) => ValueRef::Integer(*number),
            BoundValue::Real(number) => ValueRef::Real(*number),
            BoundValue::Text(text) => ValueRef::Text(text),
            BoundValue::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_storage_class_comes_back() {
        let values = [
            ValueRef::Null,
            ValueRef::Integer(i64::MIN),
            ValueRef::Integer(1),
            ValueRef::Real(1.0),
            ValueRef::Real(0.1 + 0.2),
            ValueRef::Real(5e-324),
            ValueRef::Real(f64::NEG_INFINITY),
            ValueRef::Text("ä\0\u{1f600}".as_bytes()),
            ValueRef::Text(&[0xff, 0x41]),
            ValueRef::Blob(&[0, 255]),
            ValueRef::Blob(&[]),
        ];
        for value in values {
            let text = json_of(value).to_string();
            let cell = BoundValue::of(&serde_json::from_str(&text).unwrap()).unwrap();
            let ToSqlOutput::Borrowed(back) = cell.to_sql().unwrap() else {
                panic!("{text}");
            };
            assert_eq!(back, value, "{text}");
        }
        for wrong in ["true", "[]", "{}", r#"{"base64":"!"}"#, r#"{"x":"y"}"#] {
            assert!(BoundValue::of(&serde_json::from_str(wrong).unwrap()).is_none());
        }
    }
}
