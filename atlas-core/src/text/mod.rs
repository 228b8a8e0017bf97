//! From what people wrote to what machines read: markup to plain text, plain text to words and
//! vectors.

pub mod adf;
mod adf_document;
pub mod encoder;
pub(crate) mod grammar;
pub mod html;
mod list_items;
pub mod markdown;
pub mod markdown_steps;
mod plain;
pub mod prose;
pub mod steps;
mod tags;
pub mod terms;
pub(crate) mod ticket_type;
pub mod wiki;
pub mod wordpiece;
