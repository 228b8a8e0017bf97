//! ATLAS reads a tester's Jira tickets and says what to test.
//!
//! Synchronous, no runtime, one file, and no network unless a live Jira is asked. You open a database, import tickets, test
//! patterns and the past, and ask: which scenarios, with steps, minutes, confidence and reasons;
//! which edge cases; which earlier tickets were alike. Nothing is global: two databases can be open
//! at once, and [`Atlas`] is `Send + Sync`.
//!
//! ```
//! use atlas_core::domain::{Ticket, TicketKey};
//! use atlas_core::{Atlas, Result};
//!
//! fn main() -> Result<()> {
//!     let atlas = Atlas::open_in_memory()?; // or Atlas::open("work.db")
//!     let key = TicketKey::parse("WRKA-7")?;
//!     atlas.tickets().add(&[Ticket::new(key, "CSV export drops umlauts")])?;
//!     let prediction = atlas.predict("WRKA-7", 3)?;
//!     assert_eq!(prediction.scenarios.len(), 3);
//!     println!("{prediction:#?}");
//!     Ok(())
//! }
//! ```
//!
//! # Concepts
//!
//! - A [`Ticket`](domain::Ticket) is what Jira filed; a [`Draft`](domain::Draft) is a text to ask
//!   about that is not filed. A [`TestPattern`](domain::TestPattern) is a reusable scenario with
//!   [`Step`](domain::Step)s. An [`Observation`](domain::Observation) says that a pattern was right
//!   or wrong for a ticket. An empty database is given the [starter catalogue](pipeline::starter).
//! - [`Atlas`] is the object that a host holds; [`Atlas::builder`] sets plugins, weights, rules and
//!   numbers before it opens. It answers the questions: [`Atlas::predict`], [`Atlas::analyze`],
//!   [`Atlas::similar`], [`Atlas::duplicates`], [`Atlas::gaps`] (which acceptance criteria and usual
//!   types of scenario nothing chosen covers), [`Atlas::review`]. A question is about a [`Subject`]:
//!   the key of a stored ticket, or a draft.
//! - Everything else is in an area: [`Tickets`], [`Patterns`], [`Predictions`], [`Learning`],
//!   [`Sessions`], [`Play`], [`Memory`], [`LiveJira`], [`Tester`], [`Database`], each a small object
//!   that `Atlas` gives, such as `atlas.tickets()`. Imports: [`Tickets::import_file`],
//!   [`Patterns::import_file`], [`Learning::import_history`]. A live Jira:
//!   [`JiraClient`](jira::JiraClient), [`Atlas::sync`], [`LiveJira::schedule`].
//! - A [`Prediction`](domain::Prediction) holds [`Scenario`](domain::Scenario)s, most confident
//!   first. Confidence, 0 to 100, is the sum of its parts; the parts, the reasons, and where steps
//!   and minutes come from, are there to be shown. Results are serde types; their JSON has the names
//!   of the specification.
//! - [`Feedback`](domain::Feedback) on a scenario or a whole prediction becomes observations:
//!   [`Atlas::feedback`], [`Atlas::missed`]. [`Atlas::undo`] takes it back exactly,
//!   [`Tickets::forget`] removes a ticket from everything that was learned, and
//!   [`Tickets::mark_not_similar`] keeps two tickets apart. [`Predictions::questions`] tells which
//!   answers would teach the most.
//! - A [`Predictor`](pipeline::Predictor) is a plugin that names scenarios and edge cases for a
//!   [`Query`](pipeline::Query). A [`Blender`](pipeline::Blender) sums the votes. A plugin that fails
//!   is named in [`Prediction::degraded`](domain::Prediction::degraded) and costs only its own vote.
//! - Long calls report [`Progress`](domain::Progress) to a callback that can stop them;
//!   [`silent`](domain::silent) is for callers that do not care.
//! - Every failure is an [`Error`] with a stable [`code`](Error::code), a message for people,
//!   [`details`](Error::details) for programs and a [`kind`](Error::kind) that says what to do.
//!
//! # Floors
//!
//! A module uses only modules of floors below its own, and its neighbours where
//! `ARCHITECTURE.md` says so.
//!
//! | floor | module | what it holds |
//! |---|---|---|
//! | 6 | [`Atlas`] | the one object of a host, and its areas: wires the floors below |
//! | 5 | [`learning`] | learning from feedback, retraining, calibration, the backtest; minutes; patterns found in tickets; questions worth asking |
//! | 4 | [`pipeline`] | predictors, the blender, minutes, edge cases, the starter catalogue |
//! | 4 | [`analysis`] | components and types of scenario of a ticket; coverage of criteria |
//! | 4 | [`jira`] | the live Jira and keeping in step with it; its JSON and CSV, and MCP servers, as tickets |
//! | 4 | [`play`] | sessions, experience, streaks, achievements, challenges, the coach, from a log of events |
//! | 4 | [`exchange`] | files of test patterns, of the past, of training data and of whole databases |
//! | 3 | [`search`] | vectors for meaning, BM25 for words, and their fused ranking |
//! | 2 | [`store`] | SQLite: opening, upgrading, backup, one repository per family of tables |
//! | 2 | [`http`] | a transport that a host can replace, retries, secrets |
//! | 2 | [`text`] | ADF, wiki markup, HTML and Markdown as plain text; words; the encoder |
//! | 1 | [`domain`] | plain types with their validation |
//! | 1 | [`error`] | the one error type |
//!
//! # Cargo features
//!
//! - `bundled-model` (default): the ticket encoder, 10 MB, is compiled in.
//! - `charts` (default): the picture of a backtest.
//! - `excel` (default): Excel workbooks of test cases and of tickets.
//! - `hnsw` (default): an approximate vector index for very large stores.
//! - `languages` (default): words of Chinese, Japanese, Thai, Khmer, Lao and Burmese by dictionary.
//! - `network` (default): the built-in HTTP transport; without it a host brings its own.
//! - `schema`: results implement `utoipa::ToSchema`, for hosts that describe them in OpenAPI.

#![deny(missing_docs)]

pub mod domain;
pub mod error;
mod whole_file;

#[cfg(doctest)]
mod book;

pub mod http;
pub mod store;
pub mod text;

pub mod search;

pub mod analysis;
pub mod exchange;
pub mod jira;
pub mod pipeline;
pub mod play;

pub mod learning;

mod atlas;
pub use atlas::{
    Atlas, AtlasBuilder, BlendPolicy, Counts, Database, Learning, LiveJira, Memory, ModelVersion,
    Patterns, Play, Predictions, ReadOnly, Sessions, Settings, SimilarOptions, Subject,
    SyncProgressFn, Tester, Tickets, TrainingStatus,
};

pub use error::{Error, ErrorKind, Result};
