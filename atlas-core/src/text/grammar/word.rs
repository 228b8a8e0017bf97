//! A word of a sentence, and its place.

/// A word of a sentence.
#[derive(Debug)]
pub(crate) struct Word<'a> {
    /// As it was written, without the marks around it.
    pub text: &'a str,
    /// In lower case, with straight apostrophes.
    pub lower: String,
    /// Where it begins in the sentence, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The mark behind it that ends a part of the sentence, such as a comma.
    pub mark: Option<char>,
}
