//! `atlas mcp`, driven over its pipes and by the protocol's own Python library.

#[path = "../desk/mod.rs"]
mod desk;

mod agent;
mod conform;
mod protocol;
mod python;
mod tools;
