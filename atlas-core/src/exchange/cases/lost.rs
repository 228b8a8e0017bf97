//! The texts in which a character may have been lost: those that a record keeps.

use super::{TestCase, TestResult};

/// The texts of a test case.
pub(super) fn of_case(case: &TestCase) -> impl Iterator<Item = &str> {
    let pattern = &case.pattern;
    let may_be = [
        &pattern.component,
        &pattern.objective,
        &pattern.precondition,
    ];
    let steps = pattern.steps.iter().flat_map(|step| {
        let more = [&step.expected, &step.data].into_iter().flatten();
        [&step.action].into_iter().chain(more).map(String::as_str)
    });
    let named = [pattern.name.as_str(), pattern.pattern_type.as_str()];
    let texts = may_be
        .into_iter()
        .flatten()
        .chain(&pattern.labels)
        .chain(&case.ids);
    named
        .into_iter()
        .chain(steps)
        .chain(texts.map(String::as_str))
}

/// The texts of a result.
pub(super) fn of_result(result: &TestResult) -> impl Iterator<Item = &str> {
    let may_be = [result.group.as_deref(), result.comment.as_deref()];
    let ids = result.ids.iter().map(String::as_str);
    ids.chain([result.name.as_str()])
        .chain(may_be.into_iter().flatten())
}
