//! Which stored pattern a record of a file is, if any.

use std::collections::HashMap;

use super::is_own;
use super::plan::{Id, Planned, hash_of};
use crate::Result;
use crate::domain::{PatternOrigin, TestPattern};
use crate::exchange::identity;
use crate::exchange::pattern_fields::NO_TYPE;
use crate::exchange::report::shortened;
use crate::store::{Repositories, Stored};

/// What a record is to the patterns that are stored.
pub(super) enum Known {
    /// This one.
    Is(Box<Stored<TestPattern>>),
    /// None of them; the key for it, if it has an id.
    New(Option<String>),
    /// One of them has its id and is another test case.
    Conflict(String),
}

/// The rows that records of the import stand for so far, by their places in the file.
pub(super) type Taken = HashMap<i64, usize>;

/// Finds the stored pattern of a record: by its ids, or by name, type and component among the
/// patterns without a key.
pub(super) fn find(stored: &Repositories<'_>, record: &Planned, taken: &Taken) -> Result<Known> {
    for id in &record.ids {
        match with_id(stored, record, id)? {
            Some(Known::Is(found)) if is_taken(taken, record, found.id) => {
                let is_equal = identity::is_equal(&found.value, &record.case.pattern);
                return Ok(match is_equal {
                    true => Known::Is(found),
                    false => Known::Conflict(format!(
                        "the id {} is that of \"{}\", which another record of the file stands for",
                        shortened(&id.plain),
                        shortened(&found.value.name),
                    )),
                });
            }
            Some(known) => return Ok(known),
            None => {}
        }
    }
    if let Some(found) = keyless(stored, record, taken)? {
        return Ok(Known::Is(Box::new(found)));
    }
    let Some(id) = record.ids.iter().find(|id| !is_own(&id.plain)) else {
        return Ok(Known::New(None));
    };
    let is_free = exactly(stored, &id.plain)?.is_none();
    let key = match &id.scoped {
        Some(scoped) if !is_free => scoped,
        _ => &id.plain,
    };
    Ok(Known::New(Some(key.clone())))
}

/// Remembers the ids of a record for its pattern; one that another pattern has stays with it.
pub(super) fn remember(
    stored: &Repositories<'_>,
    record: &Planned,
    row: i64,
    key: Option<&str>,
) -> Result<()> {
    for id in &record.ids {
        let is_free = exactly(stored, &id.plain)?.is_none();
        if is_free && Some(id.plain.as_str()) != key {
            stored.exchange().name(&id.plain, row)?;
        }
        if let Some(scoped) = &id.scoped {
            stored.exchange().name(scoped, row)?;
        }
    }
    Ok(())
}

/// The pattern with a key, or that is known by an id elsewhere; none where an id without its scope
/// means several.
pub(super) fn by_id(stored: &Repositories<'_>, id: &str) -> Result<Option<Stored<TestPattern>>> {
    let exact = exactly(stored, id)?;
    let mut rows: Vec<i64> = exact.iter().map(|found| found.id).collect();
    let scoped = stored.exchange().starting(&identity::scoped_start(id))?;
    rows.extend(scoped.into_iter().map(|(_, row)| row));
    rows.sort_unstable();
    rows.dedup();
    match rows[..] {
        [row] if exact.is_none() => stored.patterns().by_id(row),
        [_] => Ok(exact),
        _ => Ok(None),
    }
}

fn exactly(stored: &Repositories<'_>, id: &str) -> Result<Option<Stored<TestPattern>>> {
    if let Some(found) = stored.patterns().by_key(id)? {
        return Ok(Some(found));
    }
    match stored.exchange().pattern(id)? {
        Some(row) => stored.patterns().by_id(row),
        None => Ok(None),
    }
}

fn is_taken(taken: &Taken, record: &Planned, row: i64) -> bool {
    taken.get(&row).is_some_and(|place| *place != record.place)
}

/// What an id says.
fn with_id(stored: &Repositories<'_>, record: &Planned, id: &Id) -> Result<Option<Known>> {
    let pattern = &record.case.pattern;
    let own = id.scoped.as_deref().unwrap_or(&id.plain);
    if let Some(found) = exactly(stored, own)? {
        let is_same = is_own(own) || identity::is_same(&found.value, pattern, id.is_unique);
        return Ok(Some(match is_same {
            true => Known::Is(Box::new(found)),
            false => Known::Conflict(conflict(&id.plain, &found.value, pattern)),
        }));
    }
    let plain = id.scoped.as_ref().map(|_| &id.plain);
    for unscoped in plain.into_iter().chain(&id.before) {
        let Some(found) = exactly(stored, unscoped)? else {
            continue;
        };
        // Stored without a scope, or by another one of the same file that says the same.
        let mut scopes = stored
            .exchange()
            .starting(&identity::scoped_start(unscoped))?;
        scopes.retain(|(_, row)| *row == found.id);
        let is_it = match scopes.is_empty() {
            _ if id.is_unique && !record.is_project => {
                identity::is_same(&found.value, pattern, true)
            }
            true => identity::is_surely_same(&found.value, pattern),
            false => !record.is_project && identity::is_equal(&found.value, pattern),
        };
        // A number that one project has taken over is not another project's.
        let is_given =
            id.before.as_ref() == Some(unscoped) && has_foreign_id(stored, record, found.id)?;
        if is_it && !is_given {
            return Ok(Some(Known::Is(Box::new(found))));
        }
    }
    Ok(None)
}

/// The pattern without a key that has the name, type and component of a record. What the catalogue
/// brought and what was found in tickets is never meant.
fn keyless(
    stored: &Repositories<'_>,
    record: &Planned,
    taken: &Taken,
) -> Result<Option<Stored<TestPattern>>> {
    let pattern = &record.case.pattern;
    let mut found = stored.patterns().keyless(pattern)?;
    // A workbook's only sheet becomes one of several.
    let is_sheet = record.case.scope.as_deref() == Some(&pattern.pattern_type);
    if found.is_empty() && is_sheet {
        let folderless = TestPattern {
            pattern_type: NO_TYPE.to_owned(),
            ..pattern.clone()
        };
        found = stored.patterns().keyless(&folderless)?;
        found.retain(|one| one.value.steps == pattern.steps);
    }
    let mut candidates = Vec::new();
    for one in found {
        let is_other = matches!(
            one.value.origin,
            PatternOrigin::Starter | PatternOrigin::Mined
        ) || is_taken(taken, record, one.id)
            || has_other_id(stored, record, one.id)?;
        if !is_other {
            candidates.push(one);
        }
    }
    Ok(best(record, candidates))
}

/// Whether a pattern has an id of the same kind as a record's, and another one.
fn has_other_id(stored: &Repositories<'_>, record: &Planned, row: i64) -> Result<bool> {
    let known = stored.exchange().ids(row)?;
    let mut ids = record.ids.iter().map(|id| &id.plain);
    Ok(ids.any(|id| {
        let other =
            |known: &&String| !is_own(known) && *known != id && identity::same_kind(known, id);
        known.iter().any(|one| other(&one))
    }))
}

/// Whether a pattern has an id that a record does not have.
fn has_foreign_id(stored: &Repositories<'_>, record: &Planned, row: i64) -> Result<bool> {
    let known = stored.exchange().ids(row)?;
    let has = |known: &String| record.ids.iter().any(|id| id.plain == *known);
    Ok(known.iter().any(|known| !is_own(known) && !has(known)))
}

/// Of patterns of one name, type and component the one that a record is.
fn best(record: &Planned, mut candidates: Vec<Stored<TestPattern>>) -> Option<Stored<TestPattern>> {
    let pattern = &record.case.pattern;
    let equal = |one: &Stored<TestPattern>| one.value.steps == pattern.steps;
    if let Some(place) = candidates.iter().position(equal) {
        return Some(candidates.swap_remove(place));
    }
    if let Some(alike) = &record.alike {
        candidates.retain(|one| !alike.contains(&hash_of(&one.value.steps)));
    }
    if record.alike.is_none() && candidates.len() == 1 {
        return candidates.pop();
    }
    let likeness = |one: &Stored<TestPattern>| {
        identity::steps_alike(&one.value.steps, &pattern.steps).unwrap_or(ENOUGH)
    };
    candidates.retain(|one| likeness(one) >= ENOUGH);
    candidates
        .into_iter()
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
}

/// So much of the steps has to be the same where title and folder alone do not tell.
const ENOUGH: f64 = 0.3;

fn conflict(id: &str, stored: &TestPattern, pattern: &TestPattern) -> String {
    let is_titled = identity::is_titled(stored, pattern);
    let other = match (is_titled, identity::is_placed(stored, pattern)) {
        (true, false) => "another folder or section and other steps",
        (true, true) => "other steps",
        (false, _) => "another title and other steps",
    };
    format!(
        "the id {} is that of \"{}\", and \"{}\" has {other}: nothing was \
         replaced. If it is a test case of another project or sheet, import it with --project NAME; \
         if it is the same one, change title and steps one after the other",
        shortened(id),
        shortened(&stored.name),
        shortened(&pattern.name),
    )
}
