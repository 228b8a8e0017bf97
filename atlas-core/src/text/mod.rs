//! From what people wrote to what machines read: markup to plain text, plain text to words and
//! vectors.

pub mod adf;
pub mod encoder;
pub(crate) mod grammar;
pub mod html;
pub mod markdown;
mod plain;
pub mod prose;
pub mod steps;
pub mod terms;
pub(crate) mod ticket_type;
pub mod wiki;
pub mod wordpiece;
