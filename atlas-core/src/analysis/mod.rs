//! What a ticket is about: components and types of scenario.

pub mod components;
pub mod coverage;
pub mod scenario_types;
