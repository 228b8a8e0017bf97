//! Text without the character U+0000: no file of text can hold it.

use std::borrow::Cow;

use super::{TestCase, TestResult};

/// The test cases without it.
pub(super) fn cases(cases: &[TestCase]) -> Cow<'_, [TestCase]> {
    let cleaned = |case: &TestCase| {
        let mut case = case.clone();
        texts(&mut case).for_each(|text| text.retain(|c| c != '\0'));
        case
    };
    let has = |case: &TestCase| texts(&mut case.clone()).any(|text| text.contains('\0'));
    match cases.iter().any(has) {
        true => Cow::Owned(cases.iter().map(cleaned).collect()),
        false => Cow::Borrowed(cases),
    }
}

fn texts(case: &mut TestCase) -> impl Iterator<Item = &mut String> {
    let pattern = &mut case.pattern;
    let options = [
        &mut pattern.key,
        &mut pattern.component,
        &mut pattern.objective,
        &mut pattern.precondition,
        &mut case.scope,
    ];
    let steps = pattern.steps.iter_mut().flat_map(|step| {
        let more = [&mut step.expected, &mut step.data];
        std::iter::once(&mut step.action).chain(more.into_iter().flatten())
    });
    [&mut pattern.name, &mut pattern.pattern_type]
        .into_iter()
        .chain(options.into_iter().flatten())
        .chain(steps)
        .chain(&mut pattern.labels)
        .chain(&mut case.ids)
}

/// The results without it.
pub(super) fn results(results: &[TestResult]) -> Vec<TestResult> {
    let cleaned = |result: &TestResult| {
        let mut result = result.clone();
        let options = [&mut result.group, &mut result.comment];
        let texts = std::iter::once(&mut result.name)
            .chain(options.into_iter().flatten())
            .chain(&mut result.ids);
        texts.for_each(|text| text.retain(|c| c != '\0'));
        result
    };
    results.iter().map(cleaned).collect()
}
