//! What all readers know of patterns: the type without a name, words for retired ones, and the form in
//! which ATLAS writes a pattern itself.

use serde_json::Value;

use crate::domain::TestPattern;
use crate::error::plain_words;

/// The type of a pattern whose library says nothing about it.
pub(crate) const NO_TYPE: &str = "General";

/// Whether a status says that a test case is not used any more.
pub(super) fn is_retired(status: &str) -> bool {
    let retired = ["retired", "deprecated", "obsolete", "archived", "inactive"];
    retired
        .iter()
        .any(|word| status.trim().eq_ignore_ascii_case(word))
}

/// Whether a test case's JSON is a pattern as ATLAS writes it.
pub(super) fn is_written(case: &Value) -> bool {
    case.get("pattern_type").is_some()
}

/// A pattern as ATLAS writes it.
///
/// # Errors
/// The reason, in words.
pub(super) fn read_written(case: &Value) -> Result<TestPattern, String> {
    let mut case = case.clone();
    if let Some(fields) = case.as_object_mut() {
        // Null is empty.
        fields.retain(|_, value| !value.is_null());
    }
    let pattern: TestPattern = serde_json::from_value(case)
        .map_err(|e| format!("not a pattern: {}", plain_words(&e.to_string())))?;
    match pattern.name.trim().is_empty() {
        true => Err("the pattern has no name".into()),
        false => Ok(pattern),
    }
}
