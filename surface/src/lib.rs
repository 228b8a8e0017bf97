//! What hosts see of ATLAS, read from the source of `atlas-core`: `Atlas` and its areas with their
//! public methods, arguments, results and documentation.
//!
//! `atlas-ffi/build` writes the objects of Kotlin and Swift from it. `tests/parity.rs` compares every
//! host with it.

mod areas;
mod docs;

pub use areas::{Area, Argument, Method, areas, builder};
pub use docs::{documentation, without_links};
