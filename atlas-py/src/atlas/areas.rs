//! The areas of `Atlas`, as attributes of it: `db.tickets`, `db.patterns` and so on. Their methods are in the
//! files beside this one.

use std::ops::Deref;

use pyo3::prelude::*;

use super::Atlas;

/// A class for each area, the attribute that gives it, and its documentation.
macro_rules! areas {
    ($($accessor:ident: $name:ident = $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[pyclass(module = "atlas", frozen, weakref)]
            pub struct $name {
                atlas: Py<Atlas>,
            }

            impl Deref for $name {
                type Target = Atlas;

                fn deref(&self) -> &Atlas {
                    self.atlas.get()
                }
            }
        )*

        #[pymethods]
        impl Atlas {
            $(
                #[doc = $doc]
                #[getter]
                fn $accessor(slf: Py<Self>) -> $name {
                    $name { atlas: slf }
                }
            )*
        }
    };
}

areas! {
    tickets: Tickets = "The stored tickets, the tester's notes on them, and which of them wait for testing.";
    patterns: Patterns = "The library of test patterns, and patterns found in tickets.";
    predictions: Predictions = "Stored predictions with the tester's answers, and the questions that would teach the most.";
    learning: Learning = "What is learned: the past, training data, retraining, and the versions of what was learned.";
    sessions: Sessions = "The tester's day: sessions with their steps, breaks, notes and outcome.";
    play: Play = "The game: experience, streak, achievements, challenges and the coach.";
    memory: Memory = "Values that a host remembers, found by key or by meaning.";
    jira: LiveJira = "Keeping in step with a live Jira on a schedule.";
    profile: Tester = "Who the tester is, and what they have set.";
    database: Database = "The file itself: backups, checks, exports of everything, imports and the sample.";
}
