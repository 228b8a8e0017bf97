//! text

pub mod encoder;
pub mod wordpiece;
