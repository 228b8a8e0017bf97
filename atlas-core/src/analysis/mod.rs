//! What a ticket is about, whether a scenario covers a criterion, and what to ask the author.

pub mod components;
pub mod coverage;
pub mod review;
pub mod scenario_types;
