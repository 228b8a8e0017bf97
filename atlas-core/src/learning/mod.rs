//! Learning from the past.

pub mod listwise;
pub mod mining;
pub mod platt;
