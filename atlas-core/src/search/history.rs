//! The past in memory: which patterns were right or wrong for which tickets, oldest first.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::{ObservationOrigin, Verdict};

/// What was observed for one ticket and one pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatternOutcome {
    /// The pattern's number in the pattern index.
    pub pattern: u32,
    /// Whether it was right.
    pub verdict: Verdict,
    /// Where that is known from.
    pub origin: ObservationOrigin,
}

/// A ticket with everything that was observed for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The ticket's number in the ticket index.
    pub ticket: u32,
    /// One outcome per pattern.
    pub outcomes: Vec<PatternOutcome>,
}

impl Judged {
    /// The patterns that were right.
    pub fn right(&self) -> impl Iterator<Item = u32> + '_ {
        self.with(Verdict::Right)
    }

    /// The patterns that were wrong.
    pub fn wrong(&self) -> impl Iterator<Item = u32> + '_ {
        self.with(Verdict::Wrong)
    }

    /// Whether its right patterns are all there are: an imported past lists what was tested, while
    /// a tester judges only what is shown.
    pub fn complete(&self) -> bool {
        let imported = |outcome: &PatternOutcome| outcome.origin == ObservationOrigin::History;
        self.outcomes.iter().any(imported)
    }

    fn with(&self, verdict: Verdict) -> impl Iterator<Item = u32> + '_ {
        let outcomes = self.outcomes.iter();
        outcomes
            .filter(move |outcome| outcome.verdict == verdict)
            .map(|outcome| outcome.pattern)
    }
}

/// Judged tickets in order of time. Cheap to clone, and to cut at a point of the past.
#[derive(Debug, Default, Clone)]
pub struct History {
    timeline: Arc<HistoryTimeline>,
    until: usize,
}

#[derive(Debug, Default)]
struct HistoryTimeline {
    judged: Vec<Judged>,
    places: HashMap<u32, usize>,
}

impl History {
    /// A history of tickets, oldest first, each once.
    ///
    /// ```
    /// use atlas_core::domain::{ObservationOrigin, Verdict};
    /// use atlas_core::search::history::{History, Judged, PatternOutcome};
    /// let outcome = PatternOutcome { pattern: 7, verdict: Verdict::Right, origin: ObservationOrigin::History };
    /// let history = History::new(vec![
    ///     Judged { ticket: 3, outcomes: vec![outcome] },
    ///     Judged { ticket: 1, outcomes: vec![outcome] },
    /// ]);
    /// assert!(history.knows(1) && !history.before(1).knows(1));
    /// ```
    pub fn new(judged: Vec<Judged>) -> Self {
        let places = judged.iter().map(|judged| judged.ticket).zip(0..).collect();
        History {
            until: judged.len(),
            timeline: Arc::new(HistoryTimeline { judged, places }),
        }
    }

    /// The judged tickets, oldest first.
    pub fn judged(&self) -> &[Judged] {
        &self.timeline.judged[..self.until]
    }

    /// The history as it was when only its first `place` tickets were judged.
    pub fn before(&self, place: usize) -> History {
        History {
            timeline: self.timeline.clone(),
            until: place.min(self.until),
        }
    }

    /// What was observed for a ticket.
    pub fn of(&self, ticket: u32) -> &[PatternOutcome] {
        self.place(ticket)
            .map_or(&[], |place| &self.timeline.judged[place].outcomes)
    }

    /// Whether a ticket has a past.
    pub fn knows(&self, ticket: u32) -> bool {
        self.place(ticket).is_some()
    }

    /// Whether nothing was observed.
    pub fn is_empty(&self) -> bool {
        self.until == 0
    }

    fn place(&self, ticket: u32) -> Option<usize> {
        let place = self.timeline.places.get(&ticket).copied();
        place.filter(|&place| place < self.until)
    }
}
