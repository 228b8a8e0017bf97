//! Learning from the past.

pub mod listwise;
