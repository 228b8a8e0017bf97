//! Attempts of one test, and tests of one name, in a file of results.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_128;

use super::{TestFile, TestResult};
use crate::domain::TestOutcome;

/// Marks the attempts that a later one of the same test replaces, and tells tests apart that have
/// one class and name in several suites.
///
/// The later attempt is the one with the later time, else the one further down; one that did not
/// run replaces none.
pub(super) fn settle(file: &mut TestFile<TestResult>) {
    // Hashes instead of names: there may be many.
    let mut newest: HashMap<(u128, u128), usize> = HashMap::new();
    let mut places: HashMap<u128, Option<u128>> = HashMap::new();
    for at in 0..file.entries.len() {
        let Some(result) = value(file, at) else {
            continue;
        };
        let (test, place) = (test(result), place(result));
        let known = places.entry(test).or_insert(Some(place));
        if *known != Some(place) {
            // Several.
            *known = None;
        }
        let newest = newest.entry((place, test)).or_insert(at);
        if *newest != at {
            *newest = replaced(file, *newest, at);
        }
    }
    for at in 0..file.entries.len() {
        let several =
            value(file, at).is_some_and(|result| places.get(&test(result)) == Some(&None));
        if let Some(Ok(result)) = file.entries.get_mut(at).map(|entry| &mut entry.value)
            && several
        {
            let place = &result.around.suites;
            let class = result.group.as_ref().filter(|class| *class != place);
            result.group = Some(match class {
                Some(class) => format!("{place} / {class}"),
                None => place.clone(),
            });
        }
    }
}

/// A result of which it is known what it says.
fn value(file: &TestFile<TestResult>, at: usize) -> Option<&TestResult> {
    let result = file.entries.get(at)?.value.as_ref().ok()?;
    result.around.refused.is_none().then_some(result)
}

/// A test by its ids, class and name, wherever it is.
fn test(result: &TestResult) -> u128 {
    let place = &result.around.suites;
    let class = result.group.as_ref().filter(|class| *class != place);
    xxh3_128(format!("{:?}", (&result.ids, class, &result.name)).as_bytes())
}

fn place(result: &TestResult) -> u128 {
    xxh3_128(result.around.suites.as_bytes())
}

/// Marks one of two attempts as replaced by the other, whose place is the answer.
fn replaced(file: &mut TestFile<TestResult>, first: usize, second: usize) -> usize {
    let (Some(before), Some(after)) = (value(file, first), value(file, second)) else {
        return second;
    };
    let skipped = |result: &TestResult| result.outcome == TestOutcome::Skipped;
    let first_is_later = match (before.ran_at, after.ran_at) {
        (Some(before), Some(after)) => before > after,
        _ => false,
    };
    let keeps_first = match (skipped(before), skipped(after)) {
        (false, true) => true,
        (true, false) => false,
        _ => first_is_later,
    };
    let (kept, gone) = if keeps_first {
        (first, second)
    } else {
        (second, first)
    };
    let failures = value(file, gone).map_or(0, |gone| {
        let failed = matches!(gone.outcome, TestOutcome::Failed | TestOutcome::Blocked);
        gone.around.failed_attempts + u64::from(failed)
    });
    if let Some(Ok(gone)) = file.entries.get_mut(gone).map(|entry| &mut entry.value) {
        gone.around.is_superseded = true;
    }
    if let Some(Ok(kept)) = file.entries.get_mut(kept).map(|entry| &mut entry.value) {
        kept.around.failed_attempts += failures;
    }
    kept
}
