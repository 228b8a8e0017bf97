//! Learning from the past.

pub mod listwise;
pub mod mining;
pub mod near_duplicates;
pub mod platt;
