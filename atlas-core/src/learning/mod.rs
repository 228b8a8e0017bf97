//! Learning from the past.

pub mod listwise;
pub mod platt;
pub mod time;
