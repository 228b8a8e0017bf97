//! The index in memory, kept in step with the database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Core;
use crate::Result;
use crate::search::Index;
use crate::search::load::{self, Spoiled};
use crate::store::{Repositories, Revision};

/// The newest index and what it was made from.
#[derive(Default)]
pub(crate) struct State {
    newest: Mutex<Option<Loaded>>,
    /// Whether stored texts are known to be counted as this version counts.
    recounted: AtomicBool,
}

impl State {
    pub(crate) fn is_recounted(&self) -> bool {
        self.recounted.load(Ordering::Acquire)
    }

    pub(crate) fn set_recounted(&self) {
        self.recounted.store(true, Ordering::Release);
    }
}

struct Loaded {
    stamp: u64,
    revisions: Revisions,
    index: Arc<Index>,
}

/// Counters that move with what the index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Revisions {
    tickets: u64,
    patterns: u64,
    vectors: u64,
    observations: u64,
    models: u64,
}

impl Revisions {
    pub(crate) fn read(stored: &Repositories<'_>) -> Result<Self> {
        let revisions = stored.revisions();
        Ok(Revisions {
            tickets: revisions.get(Revision::Tickets)?,
            patterns: revisions.get(Revision::Patterns)?,
            vectors: revisions.get(Revision::Vectors)?,
            observations: revisions.get(Revision::Observations)?,
            models: revisions.get(Revision::Models)?,
        })
    }

    /// Whether an index of one is as good as of the other.
    fn same_index(&self, other: &Revisions) -> bool {
        self.observations == other.observations && self.same_texts(other)
    }

    /// Whether what estimates of time rest on is the same: patterns, observations, and the
    /// priorities of tickets.
    pub(crate) fn same_times(&self, other: &Revisions) -> bool {
        let times = |revisions: &Revisions| Revisions {
            vectors: 0,
            models: 0,
            ..*revisions
        };
        times(self) == times(other)
    }

    fn same_texts(&self, other: &Revisions) -> bool {
        let texts = |revisions: &Revisions| Revisions {
            observations: 0,
            models: 0,
            ..*revisions
        };
        texts(self) == texts(other)
    }
}

impl Core {
    /// The index as of the last commit of any process, and its revisions. Loading happens under
    /// the lock: a second caller waits for the first instead of doing the same work.
    pub(crate) fn index(&self) -> Result<(Arc<Index>, Revisions)> {
        self.recount()?;
        self.store.check_process()?;
        let mut state = self
            .state
            .newest
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let stamp = self.store.change_stamp()?;
        if let Some(loaded) = state.as_ref().filter(|loaded| loaded.stamp == stamp) {
            return Ok((loaded.index.clone(), loaded.revisions));
        }
        let encoder = self.encoder.get()?;
        let load = || {
            self.store.read(|stored| {
                let revisions = Revisions::read(stored)?;
                let mut spoiled = Spoiled::default();
                let index = match state.as_ref() {
                    Some(loaded) if loaded.revisions.same_index(&revisions) => loaded.index.clone(),
                    Some(loaded) if loaded.revisions.same_texts(&revisions) => {
                        Arc::new(load::reload_history(stored, &loaded.index)?)
                    }
                    _ => {
                        let loaded = load::load(stored, encoder.id(), encoder.dimensions())?;
                        spoiled = loaded.1;
                        Arc::new(loaded.0)
                    }
                };
                Ok((revisions, index, spoiled))
            })
        };
        if state.is_none() {
            self.document_missing()?;
        }
        let (mut revisions, mut index, spoiled) = load()?;
        if !spoiled.is_empty() && self.mend_vectors(&spoiled)? {
            (revisions, index, _) = load()?;
        }
        let before = state.replace(Loaded {
            stamp,
            revisions,
            index: index.clone(),
        });
        if before.is_none_or(|before| !Arc::ptr_eq(&before.index.tickets, &index.tickets)) {
            self.prepare_approximate(&index);
        }
        Ok((index, revisions))
    }

    #[cfg(feature = "hnsw")]
    fn prepare_approximate(&self, index: &Index) {
        self.background.start(
            index.tickets.clone(),
            self.settings.approximate_from,
            // What is only read gets no folder beside it.
            self.store
                .path()
                .filter(|_| self.store.read_only().is_none()),
        );
    }

    #[cfg(not(feature = "hnsw"))]
    fn prepare_approximate(&self, _: &Index) {}
}
