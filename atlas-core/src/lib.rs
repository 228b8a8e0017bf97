//! ATLAS reads a tester's JIRA tickets and says what to test.

#![deny(missing_docs)]

pub mod domain;
pub mod error;

pub mod store;
pub mod text;

pub mod search;

pub mod analysis;
pub mod exchange;
pub mod jira;
pub mod pipeline;

pub mod learning;

mod atlas;
pub use atlas::{Atlas, AtlasBuilder, Counts, Settings, SimilarOptions};

pub use error::{Error, ErrorKind, Result};
