//! Test cases and results in the formats of other tools, in and out.
//!
//! 1. `exchange::cases` reads a whole file (at most 256 MB): `detect` finds the format by the
//!    content, `names` knows what each tool calls its columns, `table` puts rows together to test
//!    cases, `gherkin` reads feature files line by line, `xml` makes a tree that knows its lines. A
//!    reader says which parts its format can hold (`TestFile::holds`).
//! 2. `plan` compares the records of the file with each other before the first is stored: an id
//!    that comes twice with another title or other steps is a conflict, and neither record is
//!    stored; a record that repeats another one is one with it. `known` finds the stored pattern:
//!    by an id with its scope (`12@Cart`), by the id alone, else by name, type and component among
//!    the patterns without a key; never one that came with the catalog or was mined. The scope is
//!    the project that the user gives, or a project, suite or sheet of the file. A key stays as the
//!    tool has it unless another test case has it already. New ids are remembered in
//!    `atlas_external_ids`, so one pattern may be C7 to TestRail and WRKA-8 to Xray.
//! 3. An export gives a pattern without a key a permanent id (`ATLAS-` and twelve digits), so a new
//!    name changes nothing. Our own reader reads what was written, and each difference is listed in
//!    `not_held`. `atlas_exports` keeps a hash of the last output.
//! 4. A result is an observation of history. `atlas_test_results` has the newest result of each
//!    test, and `atlas_test_runs` the worst of those that cover the pattern. Outcomes that are not
//!    known are refused. Earlier attempts in one file are reported and not stored
//!    (`cases/attempts`). A word that looks like a key (UTF-8) is a ticket where its project is
//!    stored: readers hand on candidates, the import asks the store.
//! 5. A dry run is the same in a transaction that is rolled back (`Store::rehearse`).
//!
//! The crate `gherkin` did not fit: its time grows with the square of the lines, one mistake loses
//! the whole file, and the position of a mistake is private. The languages are those of Cucumber,
//! in `data/gherkin_keywords.tsv`.

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
