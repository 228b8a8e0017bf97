//! Text: from what trackers write to plain text, to words and to vectors.

pub mod adf;
pub mod encoder;
pub mod html;
pub mod markdown;
pub mod plain;
pub mod prose;
pub mod steps;
pub mod terms;
pub mod wiki;
pub mod wordpiece;
