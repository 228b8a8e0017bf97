//! What ATLAS remembers for its host: values by type and key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Error, Result};

/// The most bytes that a value may have.
const LARGEST_VALUE: usize = 1 << 20;
/// The most characters that a type may have, and a key.
const LONGEST: [usize; 2] = [100, 1_000];

/// One remembered value.
///
/// ```
/// use atlas_core::domain::MemoryEntry;
/// let outcome = MemoryEntry::json("session", "WRKA-7/outcome", r#"{"outcome": "passed"}"#)?;
/// assert_eq!(outcome.to_json().unwrap()["outcome"], "passed");
/// assert!(MemoryEntry::json("session", "k", "{passed}").is_err());
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemoryEntry {
    /// `pattern`, `context`, `preference`, `session`, or a host's own word.
    #[serde(rename = "type")]
    pub memory_type: String,
    /// Unique within its type.
    pub key: String,
    /// JSON or text, at most 1 MiB.
    pub value: String,
    /// From when on it is forgotten; never, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When its key was first stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

impl MemoryEntry {
    /// A text.
    pub fn text(
        memory_type: impl Into<String>,
        key: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        MemoryEntry {
            memory_type: memory_type.into(),
            key: key.into(),
            value: value.into(),
            expires_at: None,
            created_at: None,
        }
    }

    /// A value that is to be JSON.
    ///
    /// # Errors
    /// `INVALID_VALUE` when it is not.
    pub fn json(
        memory_type: impl Into<String>,
        key: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self> {
        let entry = MemoryEntry::text(memory_type, key, value);
        match serde_json::from_str::<Value>(&entry.value) {
            Ok(_) => Ok(entry),
            Err(error) => Err(Error::invalid(
                "value",
                &entry.value,
                format!("JSON: {}", crate::error::plain_words(&error.to_string())),
            )),
        }
    }

    /// Forgotten from this time on.
    pub fn expires(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// The value as JSON, if it is.
    pub fn to_json(&self) -> Option<Value> {
        serde_json::from_str(&self.value).ok()
    }

    /// Whether it may be stored at `now`.
    ///
    /// # Errors
    /// `INVALID_VALUE` for an empty or overlong type or key (100 and 1,000 characters), a value of
    /// more than 1 MiB, and an end that has passed.
    pub fn check(&self, now: Timestamp) -> Result<()> {
        let named = [("type", &self.memory_type), ("key", &self.key)];
        for ((field, text), longest) in named.into_iter().zip(LONGEST) {
            if text.trim().is_empty() || text.chars().count() > longest {
                let expected = format!("1 to {longest} characters, not all of them spaces");
                return Err(Error::invalid(field, text, expected));
            }
        }
        if self.value.len() > LARGEST_VALUE {
            let given = format!("{} bytes", self.value.len());
            let expected = format!("at most {LARGEST_VALUE} bytes");
            return Err(Error::invalid("value", given, expected));
        }
        match self.expires_at {
            Some(end) if end <= now => Err(Error::invalid("expires_at", end, "a time to come")),
            _ => Ok(()),
        }
    }
}

/// Which entries are asked for. Empty fields ask for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemoryFilter {
    /// Of this type.
    #[serde(rename = "type")]
    pub memory_type: Option<String>,
    /// Whose key begins with this.
    pub key_prefix: Option<String>,
}

impl MemoryFilter {
    /// Whether an entry is asked for.
    pub fn accepts(&self, entry: &MemoryEntry) -> bool {
        let of_type = self.memory_type.as_ref();
        let prefix = self.key_prefix.as_ref();
        of_type.is_none_or(|asked| *asked == entry.memory_type)
            && prefix.is_none_or(|prefix| entry.key.starts_with(prefix))
    }
}

/// An entry that was found by meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemoryHit {
    /// The entry.
    #[serde(flatten)]
    pub entry: MemoryEntry,
    /// The cosine of what was asked and what is remembered, -1 to 1.
    pub similarity: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_stored_is_named() {
        let now: Timestamp = "2024-05-01T09:30:00Z".parse().unwrap();
        let wrong = |entry: MemoryEntry| {
            let error = entry.check(now).unwrap_err();
            assert_eq!(error.code(), "INVALID_VALUE");
            error.details()["field"].clone()
        };
        assert!(MemoryEntry::text("context", "k", "").check(now).is_ok());
        assert_eq!(wrong(MemoryEntry::text(" ", "k", "v")), "type");
        assert_eq!(wrong(MemoryEntry::text("context", "", "v")), "key");
        assert_eq!(
            wrong(MemoryEntry::text("context", "k".repeat(1001), "v")),
            "key"
        );
        let largest = "v".repeat(LARGEST_VALUE);
        assert!(
            MemoryEntry::text("context", "k", largest.clone())
                .check(now)
                .is_ok()
        );
        assert_eq!(
            wrong(MemoryEntry::text("context", "k", largest + "v")),
            "value"
        );
        assert_eq!(
            wrong(MemoryEntry::text("context", "k", "v").expires(now)),
            "expires_at"
        );
        let error = MemoryEntry::json("context", "k", "{").unwrap_err();
        assert_eq!(error.details()["field"], "value");
    }
}
