//! Tables and indexes that are missing from a database of the present schema: another program
//! dropped them.

use std::collections::BTreeSet;

use atlas_migrations::MIGRATIONS;
use rusqlite::{Connection, TransactionBehavior};

use super::migrate::in_memory;
use super::{Repositories, StoredSettings};
use crate::{Error, Result};

/// The setting that names the tables that were made again without their rows, as a JSON array.
const MADE_AGAIN: &str = "tables_made_again";
/// These hold nothing that is not made again from other tables.
const DERIVED: [&str; 3] = ["atlas_documents", "atlas_vectors", "atlas_revisions"];

/// What of a table's rows can be told from other tables, beside what search makes.
const REFILL: [(&str, &str); 1] = [(
    "atlas_ticket_keys",
    "INSERT OR IGNORE INTO atlas_ticket_keys (jira_key, ticket_id)
     SELECT upper(trim(jira_key)), id FROM jira_tickets ORDER BY id",
)];

/// Makes what is missing, in one transaction. Which tables lost rows by it is kept for
/// [`Store::check`](super::Store::check).
pub(super) fn complete(connection: &mut Connection) -> Result<()> {
    let present = names(connection)?;
    let mut made = MIGRATIONS.iter().flat_map(|step| made_by(step.sql));
    if made.all(|name| present.contains(name)) {
        return Ok(());
    }
    let wanted = statements(&in_memory()?)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let present = names(&transaction)?;
    let mut emptied = Vec::new();
    for statement in wanted.iter().filter(|one| !present.contains(&one.name)) {
        transaction.execute_batch(&statement.sql)?;
        let name = statement.name.as_str();
        if statement.is_table && !DERIVED.contains(&name) {
            emptied.push(name.to_owned());
        }
        if let Some((_, sql)) = REFILL.iter().find(|(table, _)| *table == name) {
            transaction.execute_batch(sql)?;
        }
    }
    if !emptied.is_empty() {
        let stored = Repositories::new(&transaction);
        emptied.extend(made_again(&stored.settings())?);
        emptied.sort();
        emptied.dedup();
        let json = serde_json::to_string(&emptied)
            .map_err(|error| Error::invalid("tables", error, "names that JSON can hold"))?;
        stored.settings().set(MADE_AGAIN, Some(&json))?;
    }
    transaction.commit()?;
    Ok(())
}

/// The tables that were missing and were made again without their rows.
pub(super) fn made_again(settings: &StoredSettings<'_>) -> Result<Vec<String>> {
    let json = settings.get(MADE_AGAIN)?;
    Ok(json
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default())
}

/// Forgets which tables were made again: somebody has been told.
pub(super) fn forget_made_again(settings: &StoredSettings<'_>) -> Result<()> {
    settings.set(MADE_AGAIN, None)
}

/// The names of the tables and indexes that a step makes.
fn made_by(sql: &str) -> impl Iterator<Item = &str> {
    const STARTS: [&str; 3] = ["CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX "];
    sql.lines().filter_map(|line| {
        let rest = STARTS.iter().find_map(|start| line.strip_prefix(start))?;
        let rest = rest.strip_prefix("IF NOT EXISTS ").unwrap_or(rest);
        rest.split([' ', '(']).next()
    })
}

fn names(connection: &Connection) -> Result<BTreeSet<String>> {
    let sql = "SELECT name FROM sqlite_schema";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// A table or an index with the statement that makes it.
struct SchemaStatement {
    name: String,
    is_table: bool,
    sql: String,
}

/// Tables first, since indexes need them; in the order in which they were made.
fn statements(connection: &Connection) -> Result<Vec<SchemaStatement>> {
    let sql = "SELECT name, type = 'table', sql FROM sqlite_schema
               WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
               ORDER BY type = 'table' DESC, rowid";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(SchemaStatement {
            name: row.get(0)?,
            is_table: row.get(1)?,
            sql: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_name_all_that_they_make() {
        let fresh = in_memory().unwrap();
        let made: BTreeSet<&str> = MIGRATIONS.iter().flat_map(|s| made_by(s.sql)).collect();
        let statements = statements(&fresh).unwrap();
        let names: BTreeSet<&str> = statements.iter().map(|s| s.name.as_str()).collect();
        assert!(names.len() > 60);
        assert_eq!(made, names);
    }
}
