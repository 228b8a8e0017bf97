//! Attempts of one test, and tests of one name, in a file of results.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_128;

use super::{TestFile, TestResult};
use crate::domain::{Digest, TestOutcome};

/// Marks the attempts that a later one of the same test replaces, and tells tests apart that have
/// one class and name in several suites or places.
///
/// Tests of several places are no attempts of one another: each keeps its result, the second of
/// them as `class (2)`, because hosts and lines change from run to run.
///
/// The later attempt is the one with the later time, else the one further down; one that did not
/// run replaces none.
pub(super) fn settle(file: &mut TestFile<TestResult>) {
    // Hashes instead of names: there may be many.
    // With how many places of the test there were before, and this one.
    let mut newest: HashMap<(u128, u128, u128), (usize, usize)> = HashMap::new();
    let mut suites: HashMap<u128, Option<u128>> = HashMap::new();
    let mut places: HashMap<(u128, u128), usize> = HashMap::new();
    for at in 0..file.entries.len() {
        let Some(result) = value(file, at) else {
            continue;
        };
        let (test, suite, place) = (test(result), suite(result), place(result));
        let known = suites.entry(test).or_insert(Some(suite));
        if *known != Some(suite) {
            // Several.
            *known = None;
        }
        let count = places.entry((suite, test)).or_default();
        let (newest, _) = newest.entry((suite, test, place)).or_insert_with(|| {
            *count += 1;
            (at, *count)
        });
        if *newest != at {
            *newest = replaced(file, *newest, at);
        }
    }
    for at in 0..file.entries.len() {
        let Some(result) = value(file, at) else {
            continue;
        };
        let (test, suite, place) = (test(result), suite(result), place(result));
        let several = suites.get(&test) == Some(&None);
        let nth = newest.get(&(suite, test, place)).map(|(_, nth)| *nth);
        let Some(Ok(result)) = file.entries.get_mut(at).map(|entry| &mut entry.value) else {
            continue;
        };
        if several {
            let path = &result.around.suites;
            let class = result.group.as_ref().filter(|class| *class != path);
            result.group = Some(match class {
                Some(class) => format!("{path} / {class}"),
                None => path.clone(),
            });
        }
        if let Some(nth) = nth.filter(|nth| *nth > 1) {
            let group = result.group.take().unwrap_or_default();
            let group = format!("{group} ({nth})");
            result.group = Some(group.trim_start().to_owned());
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
    let class = class.map(String::as_str);
    let test = Digest::default().texts(&result.ids).option(class);
    test.text(&result.name).hash()
}

fn suite(result: &TestResult) -> u128 {
    xxh3_128(result.around.suites.as_bytes())
}

fn place(result: &TestResult) -> u128 {
    xxh3_128(result.around.place.as_bytes())
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
