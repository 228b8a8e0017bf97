//! text

pub mod encoder;
pub mod terms;
pub mod wordpiece;
