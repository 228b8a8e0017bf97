//! Test cases and results in the formats of other tools, in and out.

mod export;
mod known;
mod patterns;
mod plan;
mod results;

use crate::Result;
use crate::domain::{Digest, TestAction, TestItem, TestPattern};
use crate::exchange::cases::Entry;
use crate::store::{Change, Repositories};

/// What the ids begin with that ATLAS gives to patterns without a key.
const OWN: &str = "ATLAS-";

/// Whether ATLAS gave this id.
fn is_own(id: &str) -> bool {
    let code = id.strip_prefix(OWN).unwrap_or("");
    code.len() == 12 && code.chars().all(|c| c.is_ascii_hexdigit())
}

/// An id for what has none, the same for the same words.
fn own_id(words: &[&str], salt: usize) -> String {
    let hash = Digest::default()
        .texts(words)
        .number(Some(salt as u64))
        .hash();
    format!("{OWN}{:012x}", hash >> 80)
}

/// The id that a pattern is exported by: its key, or one that was given to it for good.
fn external_id(stored: &Repositories<'_>, id: i64, pattern: &TestPattern) -> Result<String> {
    if let Some(key) = &pattern.key {
        return Ok(key.clone());
    }
    if let Some(own) = stored.exchange().ids(id)?.into_iter().find(|id| is_own(id)) {
        return Ok(own);
    }
    let component = pattern.component.as_deref().unwrap_or("");
    let words = [&pattern.name, &pattern.pattern_type, component];
    let mut salt = 0;
    loop {
        let own = own_id(&words, salt);
        if stored.exchange().pattern(&own)?.is_none() {
            stored.exchange().name(&own, id)?;
            return Ok(own);
        }
        salt += 1;
    }
}

fn action(change: Change) -> TestAction {
    match change {
        Change::New => TestAction::Created,
        Change::Updated => TestAction::Updated,
        Change::Unchanged => TestAction::Unchanged,
    }
}

/// What is said of a record before it is known what becomes of it.
fn item<T>(entry: &Entry<T>, name: &str) -> TestItem {
    TestItem {
        action: TestAction::Refused,
        name: name.to_owned(),
        external_id: None,
        file: entry.file.clone(),
        line: entry.line,
        column: entry.column,
        reason: None,
        not_held: Vec::new(),
    }
}
