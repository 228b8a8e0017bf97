//! Looking for damage, and putting right what can be derived again.
//!
//! `check` compares hashes of tickets, words, numbers of patterns, and what the log adds up to.
//! `repair` derives them again and keeps a copy of the database.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Database;
use crate::atlas::core::Core;
use crate::domain::{Draft, ProgressFn, Repair, Session, SessionSummary, TicketKey};
use crate::play::session_of;
use crate::search::bundled_vectors;
use crate::search::documents::Document;
use crate::search::load::Spoiled;
use crate::search::vectors::Codes;
use crate::store::{Field, Owner, Repositories, Revision};
use crate::text::terms;
use crate::{Error, Result};

/// So many rows are named for each finding; the others are counted.
const NAMED: usize = 20;

/// What is derived and is not what it would be if it were derived now.
#[derive(Default)]
struct Derived {
    /// Tickets and patterns whose words are not those of their text.
    documents: Vec<(Owner, i64)>,
    vectors: Spoiled,
    /// Sound vectors that are another text's, and all that may be.
    exchanged: Vec<i64>,
    unsure: Vec<i64>,
    /// Documents of tickets and patterns that are not there.
    ownerless: u64,
    /// Patterns whose numbers are not what their observations make of them.
    miscounted: Vec<i64>,
    /// Tickets that are not as they were stored last.
    changed: Vec<(i64, TicketKey)>,
    /// What of the specification's tables does not say what the log says.
    progress: Vec<String>,
}

impl Database {
    /// Looks for damage; every line is a fault, no line means sound. A line names table, row and
    /// column where it is about a value, and says what mends it: `encode`
    /// ([`Database::encode`](crate::Database::encode)), `rebuild`
    /// ([`Play::rebuild`](crate::Play::rebuild)), a repair ([`Database::repair`](crate::Database::repair)), or a
    /// backup ([`Database::restore`](crate::Database::restore)). Nothing is changed.
    ///
    /// Looked at are the file, the values that other programs wrote, tickets by the hash of their
    /// content, and what ATLAS derives: words and vectors of texts, numbers of patterns, and what the
    /// log amounts to. Whether a vector is its text's is tried on at most 48 of them, the unlikeliest
    /// among these.
    ///
    /// # Errors
    /// Storage errors.
    pub fn check(&self) -> Result<Vec<String>> {
        let mut findings = self.core.store.check()?;
        match self.core.derived() {
            Ok(derived) => findings.extend(derived.findings()),
            // Damage that was found already keeps rows from being read.
            Err(_) if !findings.is_empty() => {}
            Err(error) => return Err(error),
        }
        Ok(findings)
    }

    /// Puts right what [`Database::check`](crate::Database::check) finds and what can be derived again: words, vectors,
    /// indexes, numbers of patterns, what the log amounts to. A ticket that another program changed
    /// counts as new from then on, so that the next import stores it whole. What other programs
    /// wrote and what cannot be read stays as it is and is named in [`Repair::left`].
    ///
    /// Before anything is changed the database is copied to a new file beside it
    /// (`work.before-repair.db`), whose name is in [`Repair::copy`].
    ///
    /// # Errors
    /// `CANCELLED` when `progress` says so; `READ_ONLY_DATABASE`, `FILE_FAILED`, storage errors.
    ///
    /// ```
    /// use atlas_core::{Atlas, domain::silent};
    /// let atlas = Atlas::open_in_memory()?;
    /// assert!(atlas.database().check()?.is_empty());
    /// assert!(atlas.database().repair(&mut silent)?.repaired.is_empty());
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn repair(&self, progress: ProgressFn<'_>) -> Result<Repair> {
        let before = self.check()?;
        if before.is_empty() {
            return Ok(Repair::default());
        }
        let copy = self.core.copy_before_repair()?;
        if before.iter().any(|finding| finding.contains(" index ")) {
            // Where rows contradict an index, the check goes on naming it.
            let _ = self.core.store.make_indexes_again();
        }
        let derived = self.core.derived()?;
        self.core
            .store
            .write(|stored| self.core.derive_again(stored, &derived))?;
        self.core.encode_pending(progress)?;
        if !derived.progress.is_empty() || before.iter().any(|one| is_of_progress(one)) {
            self.core.rebuild_progress()?;
        }
        let left = self.check()?;
        self.core.store.forget_missing_tables()?;
        let (left, repaired): (Vec<String>, Vec<String>) = before
            .into_iter()
            .partition(|finding| left.contains(finding));
        if repaired.is_empty()
            && let Some(copy) = &copy
        {
            let _ = std::fs::remove_file(copy);
        }
        Ok(Repair {
            copy: copy.filter(|_| !repaired.is_empty()),
            repaired,
            left,
        })
    }
}

impl Core {
    /// Copies the database beside itself, under a name that is free.
    fn copy_before_repair(&self) -> Result<Option<PathBuf>> {
        let Some(path) = self.store.path() else {
            return Ok(None);
        };
        let mut number = 1;
        loop {
            let ending = match number {
                1 => "before-repair.db".to_owned(),
                _ => format!("before-repair-{number}.db"),
            };
            let copy = path.with_extension(ending);
            if !copy.exists() {
                self.store.backup_to(&copy)?;
                return Ok(Some(copy));
            }
            number += 1;
        }
    }

    fn derive_again(&self, stored: &Repositories<'_>, derived: &Derived) -> Result<()> {
        for &(owner, id) in &derived.documents {
            if let Some(document) = self.document(stored, owner, id)? {
                self.put_document(stored, owner, id, &document)?;
            }
        }
        let documents = stored.documents();
        documents.drop_ownerless()?;
        documents.drop_vectors(&derived.vectors.vectors)?;
        if !derived.exchanged.is_empty() {
            // A few were tried; any other may be wrong as well.
            documents.drop_vectors(&derived.unsure)?;
        }
        documents.put_astray_right(&self.encoder.id()?)?;
        documents.prune()?;
        for &id in &derived.miscounted {
            stored.observations().count_one(id)?;
        }
        for (id, _) in &derived.changed {
            stored.tickets().forget_hash(*id)?;
        }
        // Counters that cannot be read count again from here on.
        Revision::ALL
            .into_iter()
            .try_for_each(|revision| stored.revisions().bump(revision))
    }

    fn derived(&self) -> Result<Derived> {
        let progress = self.progress_differs()?;
        self.store.read(|stored| {
            let mut derived = Derived {
                ownerless: stored.documents().ownerless()?,
                miscounted: stored.observations().miscounted()?,
                changed: stored.tickets().changed_elsewhere()?,
                progress,
                ..Derived::default()
            };
            // Nothing was searched yet, or an earlier version counted otherwise: the next search
            // makes it all.
            if self.counts_as_now(stored)? {
                derived.documents = self.documents_that_differ(stored)?;
                let mut sound = BTreeMap::new();
                derived.vectors = self.spoiled(stored, &mut sound)?;
                derived.exchanged = self.vectors_of_other_texts(stored, &sound)?;
                derived.unsure = sound.into_keys().collect();
            }
            Ok(derived)
        })
    }

    fn documents_that_differ(&self, stored: &Repositories<'_>) -> Result<Vec<(Owner, i64)>> {
        let mut differ = Vec::new();
        stored.tickets().for_each(&mut |ticket| {
            let document = Document::of_ticket(&Draft::from(&ticket.value));
            if !self.says(stored, Owner::Ticket, ticket.id, &document)? {
                differ.push((Owner::Ticket, ticket.id));
            }
            Ok(())
        })?;
        stored.patterns().for_each(&mut |pattern| {
            let document = Document::of_pattern(&pattern.value);
            if !self.says(stored, Owner::Pattern, pattern.id, &document)? {
                differ.push((Owner::Pattern, pattern.id));
            }
            Ok(())
        })?;
        Ok(differ)
    }

    /// Whether the stored words of a ticket or pattern are those of this text.
    fn says(
        &self,
        stored: &Repositories<'_>,
        owner: Owner,
        id: i64,
        document: &Document,
    ) -> Result<bool> {
        if !self.fits(stored, owner, id, document)? {
            return Ok(false);
        }
        for (field, text) in [
            (Field::Name, &document.name),
            (Field::Whole, &document.full),
        ] {
            let found = stored.documents().get(owner, id, field)?;
            let counted = terms::to_bytes(&terms::count(text));
            if found.is_none_or(|(_, terms)| terms != counted) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Vectors that cannot be used. Those that can be, and do not ship, are put into `sound`.
    fn spoiled(
        &self,
        stored: &Repositories<'_>,
        sound: &mut BTreeMap<i64, Codes>,
    ) -> Result<Spoiled> {
        let encoder = self.encoder.get()?;
        let (model, width) = (encoder.id(), encoder.dimensions());
        let mut spoiled = Spoiled::default();
        let mut hashes = BTreeMap::new();
        stored.documents().for_each_vector(model, &mut |vector| {
            let ships = vector
                .text_hash
                .and_then(|hash| bundled_vectors::find(model, hash));
            let codes = Codes::sound(vector.codes, width)
                .filter(|_| ships.is_none_or(|codes| codes == vector.codes));
            let Some(codes) = codes else {
                return spoiled.vectors.push(vector.id);
            };
            hashes.insert(vector.id, vector.text_hash);
            if ships.is_none() {
                sound.insert(vector.id, codes);
            }
        })?;
        for owner in [Owner::Ticket, Owner::Pattern] {
            stored.documents().for_each(model, owner, &mut |document| {
                let hash = document.vector_id.and_then(|id| hashes.get(&id));
                spoiled.astray += u64::from(hash.is_some_and(|hash| *hash != document.text_hash));
            })?;
        }
        Ok(spoiled)
    }

    /// What of the rows that are derived from the log does not say what the log says.
    fn progress_differs(&self) -> Result<Vec<String>> {
        if self
            .store
            .read(|stored| stored.profiles().current())?
            .is_none()
        {
            return Ok(Vec::new());
        }
        let looked = self.look_at_work(|stored, user, tally, now| {
            let mut differ = Vec::new();
            let sessions = stored.sessions().ids(user.id)?;
            if sessions.is_empty() {
                // What another program counted stands until something is tested here.
                return Ok(differ);
            }
            let mut say = |row: i64, table: &str, column: &str| {
                differ.push(format!(
                    "row {row} of {table}: {column} is not what the log says; `rebuild` mends it"
                ));
            };
            let standing = tally.standing(now);
            if user.xp_total != standing.xp {
                say(user.id, "user_profiles", "xp_total");
            }
            if user.xp_level != standing.level {
                say(user.id, "user_profiles", "xp_level");
            }
            for id in sessions {
                let Some(row) = stored.sessions().by_id(id)? else {
                    continue;
                };
                if let Ok(session) = session_of(&stored.events().of_session(id)?)
                    && let Some(column) = column_that_differs(&row, &session)
                {
                    say(id, "testing_sessions", column);
                }
            }
            Ok(differ)
        });
        match looked {
            // The value that cannot be read is named with its row.
            Err(Error::CorruptDatabase { .. }) => Ok(Vec::new()),
            other => other,
        }
    }
}

fn column_that_differs(row: &SessionSummary, session: &Session) -> Option<&'static str> {
    let steps_done = u32::try_from(session.steps_done.len()).unwrap_or(u32::MAX);
    let columns = [
        ("status", row.status == session.status),
        ("outcome", row.outcome == session.outcome),
        ("duration_minutes", row.minutes == session.minutes()),
        ("break_count", row.breaks == session.breaks),
        ("steps_completed", row.steps_completed == steps_done),
        ("steps_total", row.steps_total == session.steps_total()),
    ];
    let different = columns.into_iter().find(|(_, same)| !same);
    different.map(|(column, _)| column)
}

/// Whether a finding is about a table that the log makes.
fn is_of_progress(finding: &str) -> bool {
    [
        "testing_sessions",
        "user_profiles",
        "achievements",
        "daily_challenges",
    ]
    .iter()
    .any(|table| finding.contains(&format!(" of {table}: ")))
}

impl Derived {
    fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let table = |owner| match owner {
            Owner::Ticket => "jira_tickets",
            Owner::Pattern => "test_patterns",
        };
        for owner in [Owner::Ticket, Owner::Pattern] {
            let rows = self.documents.iter().filter(|(of, _)| *of == owner);
            let rows: Vec<String> = rows.map(|(_, id)| id.to_string()).collect();
            let why =
                "search has no words of its text, or those of another; a repair makes them again";
            name(&mut findings, table(owner), &rows, why);
        }
        let rows: Vec<String> = self.vectors.vectors.iter().map(i64::to_string).collect();
        let why = "codes are no vector of the model; `encode` makes them again";
        name(&mut findings, "atlas_vectors", &rows, why);
        let rows: Vec<String> = self.exchanged.iter().map(i64::to_string).collect();
        let why = "codes are the vector of another text; a repair makes all vectors again";
        name(&mut findings, "atlas_vectors", &rows, why);
        if self.vectors.astray > 0 {
            let count = self.vectors.astray;
            findings.push(format!(
                "vectors of other texts in atlas_documents: {count}; `encode` makes them again"
            ));
        }
        if self.ownerless > 0 {
            let count = self.ownerless;
            findings.push(format!(
                "words of tickets and patterns that are not there, in atlas_documents: {count}; a \
                 repair drops them"
            ));
        }
        let rows: Vec<String> = self.miscounted.iter().map(i64::to_string).collect();
        let why = "frequency, success_rate, avg_time_minutes or last_used is not what its \
                   observations make of it; a repair counts again";
        name(&mut findings, "test_patterns", &rows, why);
        let rows = self.changed.iter().map(|(id, key)| format!("{id} ({key})"));
        let rows: Vec<String> = rows.collect();
        let why = "it is not as ATLAS stored it last: another program changed it, or it is damaged; \
                   import it again or restore a backup, or accept it with a repair";
        name(&mut findings, "jira_tickets", &rows, why);
        findings.extend(self.progress.iter().cloned());
        findings
    }
}

/// A line for each row, and one for all beyond [`NAMED`].
fn name(findings: &mut Vec<String>, table: &str, rows: &[String], why: &str) {
    let named = rows.iter().take(NAMED);
    findings.extend(named.map(|row| format!("row {row} of {table}: {why}")));
    if rows.len() > NAMED {
        let more = rows.len() - NAMED;
        findings.push(format!("{more} more rows of {table}: {why}"));
    }
}
