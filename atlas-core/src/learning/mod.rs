//! Learning from the past, and from what stands in the tickets.

pub mod listwise;
pub mod mining;
pub mod near_duplicates;
pub mod platt;
