//! The SQL that makes and upgrades an ATLAS database, in order and forward only.
//!
//! Step `n` (from 1) takes a database from `user_version` `n - 1` to `n`. A released step is never
//! edited: a change is a new step. `NOTES.md` beside this crate lists the traps.
//!
//! ```
//! assert_eq!(atlas_migrations::MIGRATIONS[0].name, "0001_specification");
//! ```
//!
//! # The tables
//!
//! `0001_specification.sql` makes the nine tables of the specification, with its names, columns and
//! defaults: `jira_tickets`, `test_patterns`, `predictions`, `testing_sessions`, `user_profiles`,
//! `achievements`, `ticket_notes`, `daily_challenges`, `agent_memory`. They are read leniently:
//! other programs write them too. `testing_sessions`, `achievements`, `daily_challenges` and the
//! points and streaks of `user_profiles` are derived from the log.
//!
//! The other steps make tables that begin with `atlas_`:
//!
//! | table | what it holds |
//! |---|---|
//! | `atlas_ticket_details` | Jira's own id, resolution, parent, content hash, whether the ticket is gone |
//! | `atlas_ticket_keys` | every key that a ticket ever had |
//! | `atlas_ticket_links` | links between tickets |
//! | `atlas_pattern_details` | the pattern's key, origin, objective, precondition, labels, content hash |
//! | `atlas_documents` | per ticket or pattern and field (`name`, `whole`): the text's hash, its counted words, its vector |
//! | `atlas_vectors` | one row per distinct text and model: a scale and 384 bytes |
//! | `atlas_observations` | for this ticket, this pattern was right or wrong; where from, when, how long it took |
//! | `atlas_prediction_runs`, `atlas_prediction_run_items` | whole predictions with their fingerprints, and their rows in `predictions`; `stale` notes what of the ticket has changed since |
//! | `atlas_revisions` | counters that move when tickets, patterns, observations, vectors or models change |
//! | `atlas_settings` | settings by key |
//! | `atlas_feedback`, `atlas_feedback_items` | calls of feedback that can be taken back, and their answer to each scenario |
//! | `atlas_pattern_base` | a pattern's numbers from before its first observation |
//! | `atlas_not_similar` | pairs of tickets that the user called not similar |
//! | `atlas_models` | versions of what was learned from the observations |
//! | `atlas_pattern_sources`, `atlas_dropped_proposals` | for mined patterns |
//! | `atlas_events` | the log of the tester's work |
//! | `atlas_achievement_details`, `atlas_challenge_details` | which rows of the specification's tables are ATLAS's |
//! | `atlas_external_ids`, `atlas_exports` | ids of patterns in other tools, and a hash of the last export |
//! | `atlas_test_results`, `atlas_test_runs` | the newest result of each test; the worst of those that cover a pattern |
//! | `atlas_edge_case_answers` | what the tester says of edge cases |
//! | `atlas_imports`, `atlas_import_rows` | the list of imports, and the rows from before each of them |

/// Marks a file as an ATLAS database in SQLite's header: "ATLS".
pub const APPLICATION_ID: i32 = 0x4154_4C53;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// The file's name without its ending.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

/// All steps, oldest first.
pub static MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_specification",
        sql: include_str!("../sql/0001_specification.sql"),
    },
    Migration {
        name: "0002_atlas",
        sql: include_str!("../sql/0002_atlas.sql"),
    },
    Migration {
        name: "0003_learning",
        sql: include_str!("../sql/0003_learning.sql"),
    },
    Migration {
        name: "0004_work",
        sql: include_str!("../sql/0004_work.sql"),
    },
    Migration {
        name: "0005_exchange",
        sql: include_str!("../sql/0005_exchange.sql"),
    },
    Migration {
        name: "0006_results",
        sql: include_str!("../sql/0006_results.sql"),
    },
    Migration {
        name: "0007_imports",
        sql: include_str!("../sql/0007_imports.sql"),
    },
    Migration {
        name: "0008_edge_cases",
        sql: include_str!("../sql/0008_edge_cases.sql"),
    },
];
