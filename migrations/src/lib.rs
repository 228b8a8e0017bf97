//! The SQL that makes and upgrades an ATLAS database, in order and forward only.
//!
//! Step `n` (from 1) takes a database from `user_version` `n - 1` to `n`. A released step is never
//! edited: a change is a new step. `NOTES.md` beside this crate lists the traps.
//!
//! ```
//! assert_eq!(atlas_migrations::MIGRATIONS[0].name, "0001_specification");
//! ```

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
];
