//! Bringing a database to the present schema.

use std::collections::HashSet;
use std::path::Path;

use atlas_migrations::{APPLICATION_ID, MIGRATIONS, Migration};
use rusqlite::{Connection, TransactionBehavior};

use super::connection::configure;
use crate::{Error, Result};

/// The one connection of a database in memory.
pub(super) fn in_memory() -> Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection)?;
    migrate(&mut connection, Path::new(":memory:"), MIGRATIONS)?;
    Ok(connection)
}

/// Runs the steps that the database lacks, all of them or none.
pub(super) fn migrate(connection: &mut Connection, path: &Path, steps: &[Migration]) -> Result<()> {
    let marked: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let version = start_version(connection, path, steps)?;
    if version == steps.len() && marked == APPLICATION_ID {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Again: another process may have been faster.
    let start = start_version(&transaction, path, steps)?;
    for step in &steps[start..] {
        transaction.execute_batch(step.sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", steps.len() as u32)?;
    transaction.commit()?;
    Ok(())
}

/// The number of steps that the database already has.
pub(super) fn start_version(
    connection: &Connection,
    path: &Path,
    steps: &[Migration],
) -> Result<usize> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if application != 0 && application != APPLICATION_ID {
        let expected = "an ATLAS database; this one belongs to another program";
        return Err(Error::invalid("path", path.display(), expected));
    }
    if found as usize > steps.len() {
        return Err(Error::NewerDatabase {
            path: path.to_owned(),
            found,
            supported: steps.len() as u32,
        });
    }
    if application == APPLICATION_ID {
        return Ok(found as usize);
    }
    // Without our mark the version is another program's; the tables say what the file is.
    unmarked_version(connection, steps)?.ok_or_else(|| {
        let expected = "an ATLAS database, or one with the nine tables of the specification; this \
                        one belongs to another program";
        Error::invalid("path", path.display(), expected)
    })
}

/// How many steps a file without our mark has: an empty one none, one with the specification's
/// tables those whose tables are all there (SQLite's `.dump` loses the mark). `None` for a file of
/// another program.
fn unmarked_version(connection: &Connection, steps: &[Migration]) -> Result<Option<usize>> {
    let sql = "SELECT lower(name) FROM sqlite_schema
               UNION SELECT lower(s.name) || '.' || lower(c.name)
               FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table'";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let names: HashSet<String> = names.collect::<rusqlite::Result<_>>()?;
    if names.is_empty() {
        return Ok(Some(0));
    }
    let was_run = |step: &&Migration| made_by(step.sql).all(|name| names.contains(&name));
    let specification = MIGRATIONS.first().is_some_and(|step| was_run(&step));
    let own = steps.iter().skip(1).take_while(was_run).count();
    Ok(specification.then(|| if own == 0 { 0 } else { own + 1 }))
}

/// The tables that a step makes, and the columns that it adds to others as `table.column`.
fn made_by(sql: &str) -> impl Iterator<Item = String> {
    let word = |text: &str| {
        text.split(['(', ' ', ';'])
            .next()
            .unwrap_or(text)
            .to_owned()
    };
    sql.lines().filter_map(move |line| {
        if let Some((table, column)) = line
            .strip_prefix("ALTER TABLE ")
            .and_then(|rest| rest.split_once(" ADD COLUMN "))
        {
            return Some(format!("{}.{}", word(table), word(column)));
        }
        let rest = line.strip_prefix("CREATE TABLE ")?;
        Some(word(rest.strip_prefix("IF NOT EXISTS ").unwrap_or(rest)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> Vec<(String, Option<String>)> {
        let sql = "SELECT type || ' ' || name, sql FROM sqlite_schema ORDER BY 1";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn every_start_version_reaches_the_same_schema() {
        let fresh = schema(&in_memory().unwrap());
        assert!(fresh.len() > 40);
        for start in 0..=MIGRATIONS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate(&mut connection, Path::new("x"), &MIGRATIONS[..start]).unwrap();
            migrate(&mut connection, Path::new("x"), MIGRATIONS).unwrap();
            assert_eq!(schema(&connection), fresh, "from version {start}");
        }
    }

    #[test]
    fn names_are_numbered_in_order() {
        for (index, step) in MIGRATIONS.iter().enumerate() {
            assert!(step.name.starts_with(&format!("{:04}_", index + 1)));
        }
    }

    #[test]
    fn a_version_of_another_program_is_not_ours() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        migrate(&mut connection, Path::new("x"), MIGRATIONS).unwrap();
        assert_eq!(schema(&connection), schema(&in_memory().unwrap()));
    }
}
