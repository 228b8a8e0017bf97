//! The repository of each family of tables.

use super::{
    Achievements, Challenges, Documents, EdgeCases, Events, Exchange, Feedbacks, Imports, Memory,
    Models, NotSimilarPairs, Notes, Observations, Patterns, Predictions, Profiles, Proposals,
    Repositories, Revisions, Rows, Sessions, Statuses, StoredSettings, Tickets, Timings, Work,
    WorkloadNumbers,
};
use crate::Result;

impl Repositories<'_> {
    /// Tickets.
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets(self)
    }

    /// Test patterns.
    pub fn patterns(&self) -> Patterns<'_> {
        Patterns(self)
    }

    /// What is known of statuses.
    pub fn statuses(&self) -> Statuses<'_> {
        Statuses(self)
    }

    /// What was learned.
    pub fn observations(&self) -> Observations<'_> {
        Observations(self)
    }

    /// The list of imports.
    pub fn imports(&self) -> Imports<'_> {
        Imports(self)
    }

    /// The tester's answers to predictions.
    pub fn feedback(&self) -> Feedbacks<'_> {
        Feedbacks(self)
    }

    /// The tester's answers to edge cases.
    pub fn edge_cases(&self) -> EdgeCases<'_> {
        EdgeCases(self)
    }

    /// Pairs of tickets that the user called not similar.
    pub fn not_similar(&self) -> NotSimilarPairs<'_> {
        NotSimilarPairs(self)
    }

    /// What was learned from the observations, version by version.
    pub fn models(&self) -> Models<'_> {
        Models(self)
    }

    /// How long patterns took.
    pub fn timings(&self) -> Timings<'_> {
        Timings(self)
    }

    /// What search knows: terms and vectors.
    pub fn documents(&self) -> Documents<'_> {
        Documents(self)
    }

    /// Predictions.
    pub fn predictions(&self) -> Predictions<'_> {
        Predictions(self)
    }

    /// Where mined patterns came from, and dropped proposals.
    pub fn proposals(&self) -> Proposals<'_> {
        Proposals(self)
    }

    /// The log of the tester's work.
    pub fn events(&self) -> Events<'_> {
        Events(self)
    }

    /// What other tools know.
    pub fn exchange(&self) -> Exchange<'_> {
        Exchange(self)
    }

    /// Testing sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// The one user.
    pub fn profiles(&self) -> Profiles<'_> {
        Profiles(self)
    }

    /// Notes and difficulties of tickets.
    pub fn notes(&self) -> Notes<'_> {
        Notes(self)
    }

    /// What the tester could do now, in numbers.
    pub fn workload(&self) -> WorkloadNumbers<'_> {
        WorkloadNumbers(self)
    }

    /// Tickets as the tester's work.
    pub fn work(&self) -> Work<'_> {
        Work(self)
    }

    /// Achievements as play reckons them.
    pub fn achievements(&self) -> Achievements<'_> {
        Achievements(self)
    }

    /// Daily challenges as play reckons them.
    pub fn challenges(&self) -> Challenges<'_> {
        Challenges(self)
    }

    /// The table `agent_memory`.
    pub fn memory(&self) -> Memory<'_> {
        Memory(self)
    }

    /// Counters of change.
    pub fn revisions(&self) -> Revisions<'_> {
        Revisions(self)
    }

    /// Settings that live in the database.
    pub fn settings(&self) -> StoredSettings<'_> {
        StoredSettings(self)
    }

    /// Every row of ATLAS's tables, for moving it to another database.
    ///
    /// # Errors
    /// `DATABASE_FAILED` when memory is short.
    pub fn rows(&self) -> Result<Rows<'_>> {
        Rows::new(self)
    }
}
