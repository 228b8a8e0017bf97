//! Training data out of one database and into another.
//!
//! An import uses stored tickets and patterns as they are and makes the others. It recognizes an
//! observation by the host's id; one of history by ticket and pattern; others by everything that
//! they say, the second of two equal ones by the second. So a second import changes nothing, and
//! export, import into an empty database and export give the same bytes. An answer that came with a
//! call's id carries that id, with the scenario's place behind it where the call judged several.
//!
//! The model learned from an import is the same where the texts are: the descriptions of tickets,
//! and patterns without an observation, do not go along.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::Learning;
use crate::atlas::core::Core;
use crate::atlas::core::import::Outcome;
use crate::domain::{
    ImportKind, ImportReport, Observation, ObservationOrigin, ProgressFn, TestPattern,
};
use crate::exchange::training::{
    TrainingLine, TrainingPattern, TrainingTicket, TrainingWriter, read_training_with,
};
use crate::exchange::{Each, Watch};
use crate::search::documents::Document;
use crate::store::{Change, NamedObservation, Owner, Repositories, Stored};
use crate::whole_file::WholeFile;
use crate::{Error, Result};

/// Patterns of the file and the rows that they stand for.
type Known = HashMap<TrainingPattern, i64>;

/// What an import has met so far.
#[derive(Default)]
struct Met {
    patterns: Known,
    /// How often an observation without an id that would tell it apart was read.
    unnamed: HashMap<String, usize>,
}

impl Learning {
    /// Writes all that was observed as JSON lines: a header, then one observation a line, with its
    /// ticket (key, summary, type, components, priority) and its pattern (everything but what was
    /// learned of it); returns how many. Descriptions of tickets, comments, ratings and the
    /// tester's own steps are not in it. See [`crate::exchange::training`] for the format.
    ///
    /// The same database gives the same bytes, and so does a new one that imported them.
    ///
    /// # Errors
    /// `FILE_FAILED` when the writer fails, storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Feedback, FeedbackTarget, Ticket, TicketKey, silent};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// let first = atlas.predict("WRKA-7", 1)?.scenarios[0].prediction_id.unwrap();
    /// atlas.feedback(FeedbackTarget::Scenario(first), &Feedback::accepted())?;
    /// let mut bytes = Vec::new();
    /// assert_eq!(atlas.learning().export_training(&mut bytes)?, 1);
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("training.jsonl");
    /// std::fs::write(&path, &bytes).unwrap();
    /// let other = Atlas::open_in_memory()?;
    /// assert_eq!(other.learning().import_training(&path, &mut silent)?.new, 1);
    /// assert_eq!(other.learning().import_training(&path, &mut silent)?.unchanged, 1);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn export_training(&self, writer: impl Write) -> Result<u64> {
        let mut writer = TrainingWriter::new(writer)?;
        self.core.store.read_with_callbacks(|stored| {
            let base = stored.observations().base_minutes()?;
            let mut patterns: HashMap<i64, Option<TrainingPattern>> = HashMap::new();
            stored.observations().for_each_named(&mut |named| {
                let NamedObservation {
                    observation,
                    host_id,
                } = named;
                let id = observation.pattern_id;
                if let std::collections::hash_map::Entry::Vacant(entry) = patterns.entry(id) {
                    let pattern = stored.patterns().by_id(id)?;
                    entry.insert(pattern.map(|Stored { value, .. }| {
                        let average = base.get(&id).copied().unwrap_or(value.avg_time_minutes);
                        TrainingPattern::of(&value, average)
                    }));
                }
                let pattern = patterns.get(&id).cloned().flatten();
                let ticket = stored.tickets().by_id(observation.ticket_id)?;
                // A ticket whose key is none (another program's row) is not seen anywhere.
                let (Some(ticket), Some(pattern)) = (ticket, pattern) else {
                    return Ok(());
                };
                writer.line(&TrainingLine {
                    ticket: TrainingTicket::from(&ticket.value),
                    pattern,
                    verdict: observation.verdict,
                    origin: observation.origin,
                    observed_at: observation.observed_at,
                    minutes: observation.minutes,
                    host_id,
                })
            })
        })?;
        writer.finish()
    }

    /// As [`export_training`](Self::export_training), to a file, which appears whole or not at all
    /// and replaces an earlier one. Of two programs that write one name the later one is told.
    ///
    /// # Errors
    /// As [`export_training`](Self::export_training); no file is left then, and an earlier one stays.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("training.jsonl");
    /// assert_eq!(Atlas::open_in_memory()?.learning().export_training_to(&path)?, 0);
    /// assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn export_training_to(&self, path: impl AsRef<Path>) -> Result<u64> {
        let path = path.as_ref();
        WholeFile::begin(path)?.write(|to| {
            let mut buffer = BufWriter::new(to);
            let count = self.export_training(&mut buffer)?;
            buffer.flush().map_err(|source| Error::File {
                path: path.to_owned(),
                source,
            })?;
            Ok(count)
        })
    }

    /// Imports what [`export_training`](Self::export_training) wrote, plain or gzip, into this or
    /// another database.
    ///
    /// Tickets and patterns that are stored are used as they are; others are made from what the
    /// line says of them. Observations keep their origin; those that are there already are not
    /// doubled, so a second import changes nothing. A line that cannot be used is skipped with the
    /// reason.
    ///
    /// # Errors
    /// As [`Tickets::import_file`](crate::Tickets::import_file).
    pub fn import_training(
        &self,
        path: impl AsRef<Path>,
        progress: ProgressFn<'_>,
    ) -> Result<ImportReport> {
        let met = RefCell::new(Met::default());
        let read = |watch: Watch<'_>, each: Each<'_, TrainingLine>| {
            read_training_with(path.as_ref(), watch, each)
        };
        let import = self
            .core
            .new_import(ImportKind::Training, path.as_ref(), false);
        let put = |stored: &Repositories<'_>, line: &TrainingLine| {
            self.core.put_training(stored, line, &mut met.borrow_mut())
        };
        let report = self.core.import(&import, read, progress, put)?;
        self.core.encode_pending(progress)?;
        self.core.retrain_if_due();
        Ok(report)
    }
}

impl Core {
    fn put_training(
        &self,
        stored: &Repositories<'_>,
        line: &TrainingLine,
        met: &mut Met,
    ) -> Result<Outcome> {
        let ticket = stored.tickets().by_key(&line.ticket.key)?;
        let ticket = match (ticket, line.ticket.to_ticket()) {
            (Some(stored), _) => Ok(stored.id),
            (None, Some(new)) => Err(new),
            (None, None) => {
                let key = &line.ticket.key;
                let reason = format!("ticket {key} is not stored and the line has no summary");
                return Ok(Outcome::Refused(reason));
            }
        };
        let Some(pattern_id) = self.pattern_of_line(stored, &line.pattern, &mut met.patterns)?
        else {
            let reason = format!(
                "pattern {} is not stored and the line lacks its name or its type",
                line.pattern.label()
            );
            return Ok(Outcome::Refused(reason));
        };
        // Made only now, so that a line that is refused leaves nothing behind.
        let ticket_id = ticket.or_else(|new| self.made_ticket(stored, &new))?;
        let observation = Observation {
            ticket_id,
            pattern_id,
            verdict: line.verdict,
            origin: line.origin,
            observed_at: line.observed_at,
            minutes: line.minutes,
        };
        let host_id = line.host_id.as_deref();
        let added = !is_there(stored, &observation, host_id, met)?
            && stored.observations().add_uncounted(&observation, host_id)?;
        Ok(Outcome::Done(match added {
            true => Change::New,
            false => Change::Unchanged,
        }))
    }

    /// The row of a line's pattern: the one with its key or, for one without, the one of its name,
    /// type and component, its content too where there are several; made where there is none.
    fn pattern_of_line(
        &self,
        stored: &Repositories<'_>,
        pattern: &TrainingPattern,
        known: &mut Known,
    ) -> Result<Option<i64>> {
        if let Some(&id) = known.get(pattern) {
            return Ok(Some(id));
        }
        let found = match &pattern.key {
            Some(key) => stored.patterns().by_key(key)?.map(|found| found.id),
            None => keyless(stored, pattern, known)?,
        };
        let id = match (found, pattern.to_pattern()) {
            (Some(id), _) => id,
            (None, Some(new)) => self.made_pattern(stored, &new)?,
            (None, None) => return Ok(None),
        };
        known.insert(pattern.clone(), id);
        Ok(Some(id))
    }

    fn made_pattern(&self, stored: &Repositories<'_>, pattern: &TestPattern) -> Result<i64> {
        let id = stored.patterns().add(pattern)?;
        self.put_document(stored, Owner::Pattern, id, &Document::of_pattern(pattern))?;
        Ok(id)
    }
}

/// The stored pattern without a key that a line without one means.
fn keyless(
    stored: &Repositories<'_>,
    pattern: &TrainingPattern,
    known: &Known,
) -> Result<Option<i64>> {
    let Some(name) = &pattern.name else {
        return Ok(None);
    };
    let mut alike = stored.patterns().by_name(name)?;
    alike.retain(|Stored { value, .. }| {
        value.key.is_none()
            && value.component == pattern.component
            && (pattern.pattern_type.as_ref()).is_none_or(|name| *name == value.pattern_type)
    });
    let same = |other: &&Stored<TestPattern>| {
        TrainingPattern::of(&other.value, pattern.avg_time_minutes) == *pattern
    };
    // Two contents under one name in one file are two patterns.
    let free = |other: &&Stored<TestPattern>| !known.values().any(|&id| id == other.id);
    let found = alike.iter().find(same);
    Ok(found.or(alike.iter().find(free)).map(|found| found.id))
}

/// Whether an observation is stored. Those without an id of the host's are counted: the second
/// of two equal ones in the file is the second of two equal ones in the database.
fn is_there(
    stored: &Repositories<'_>,
    observation: &Observation,
    host_id: Option<&str>,
    met: &mut Met,
) -> Result<bool> {
    if observation.origin == ObservationOrigin::History && host_id.is_none() {
        // The database keeps one of these for a ticket and a pattern.
        return Ok(false);
    }
    let named = stored
        .observations()
        .named_of(observation.ticket_id, observation.pattern_id)?;
    if host_id.is_some() {
        return Ok(named
            .iter()
            .any(|other| other.host_id.as_deref() == host_id));
    }
    let equal = named
        .iter()
        .filter(|other| other.host_id.is_none() && other.observation == *observation);
    let read = met.unnamed.entry(format!("{observation:?}")).or_default();
    *read += 1;
    Ok(equal.count() >= *read)
}
