//! text

pub mod terms;
