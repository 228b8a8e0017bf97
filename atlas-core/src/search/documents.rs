//! What of a ticket or a pattern is encoded and counted.

use xxhash_rust::xxh3::xxh3_128;

use crate::domain::{Draft, TestPattern};
use crate::text::prose::{READ_LIMIT, prose};

/// A ticket or a pattern as text: its name, and its body without the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// A ticket's summary or a pattern's name.
    pub name: String,
    /// The prose of the rest: what is encoded.
    pub body: String,
    /// The rest with code and logs: what words are counted in.
    pub full: String,
}

impl Document {
    /// The text of a ticket: its summary, and the first [`READ_LIMIT`] characters of its
    /// description.
    pub fn of_ticket(draft: &Draft) -> Self {
        let description = draft.description.as_deref().unwrap_or_default();
        Document {
            name: draft.summary.trim().to_owned(),
            body: prose(description),
            full: description.chars().take(READ_LIMIT).collect(),
        }
    }

    /// The text of a pattern: its name, and its component, purpose and steps.
    pub fn of_pattern(pattern: &TestPattern) -> Self {
        let mut body = String::new();
        let mut say = |text: &str| {
            if !text.trim().is_empty() {
                body.push_str(text.trim());
                body.push('\n');
            }
        };
        let component = pattern.component.as_deref();
        say(component.unwrap_or_default());
        if component != Some(pattern.pattern_type.as_str()) {
            say(&pattern.pattern_type);
        }
        say(&pattern.labels.join(", "));
        say(pattern.objective.as_deref().unwrap_or_default());
        say(pattern.precondition.as_deref().unwrap_or_default());
        for step in &pattern.steps {
            say(&step.action);
            say(step.expected.as_deref().unwrap_or_default());
        }
        Document {
            name: pattern.name.trim().to_owned(),
            body: prose(&body),
            full: body,
        }
    }

    /// Name and body, as encoded.
    pub fn whole(&self) -> String {
        if self.body.is_empty() {
            self.name.clone()
        } else {
            format!("{}\n{}", self.name, self.body)
        }
    }
}

/// The tokens of a text that can be encoded.
const TOKENS: std::ops::RangeInclusive<usize> = 8..=512;

/// Whether a hash of [`text_hash`] is one of this text, however many of its tokens are encoded.
///
/// ```
/// use atlas_core::search::documents::{is_hash_of, text_hash};
/// assert!(is_hash_of(text_hash("Export", 64), "Export"));
/// assert!(!is_hash_of(text_hash("Export", 64), "Import"));
/// ```
pub fn is_hash_of(hash: u128, text: &str) -> bool {
    let rest = hash ^ xxh3_128(text.as_bytes());
    TOKENS.clone().any(|tokens| rest == of_tokens(tokens))
}

/// The hash under which a text's vector is kept; `max_tokens` is part of it because a vector of
/// the first 64 tokens is not that of the first 256.
pub fn text_hash(text: &str, max_tokens: usize) -> u128 {
    xxh3_128(text.as_bytes()) ^ of_tokens(max_tokens)
}

fn of_tokens(max_tokens: usize) -> u128 {
    (max_tokens as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
}
