//! What the report of an export says: what is new, what has changed, what a format cannot hold.

use std::collections::HashMap;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_128;

use crate::atlas::exchange::is_own;
use crate::domain::{
    Digest, Step, TestAction, TestExport, TestField, TestFormat, TestItem, TestPattern, TicketKey,
};
use crate::exchange::cases::{self, TestCase, Written};
use crate::store::Repositories;
use crate::{Error, Result};

/// What becomes of a test case; a real export notes it.
pub(super) fn classify(
    stored: &Repositories<'_>,
    case: &TestCase,
    options: &TestExport,
    now: Timestamp,
) -> Result<TestItem> {
    let mut item = TestItem {
        action: TestAction::Refused,
        name: case.pattern.name.clone(),
        external_id: case.ids.first().cloned(),
        file: None,
        line: 0,
        column: None,
        reason: None,
        not_held: Vec::new(),
    };
    let Some(id) = case
        .ids
        .first()
        .filter(|_| !case.pattern.name.trim().is_empty())
    else {
        item.reason = Some("it has no name".into());
        return Ok(item);
    };
    let hash = content_hash(case, options)?;
    let format = options.format.as_str();
    item.action = match stored.exchange().exported(format, id)? {
        Some(before) if before == hash => TestAction::Unchanged,
        Some(before) if before == earlier_hash(case, options) => TestAction::Unchanged,
        Some(_) => TestAction::Updated,
        None if case.ids.iter().any(|id| is_of_tool(options.format, id)) => TestAction::Updated,
        None => TestAction::Created,
    };
    stored.exchange().set_exported(format, id, hash, now)?;
    Ok(item)
}

/// Over what is written of a test case.
fn content_hash(case: &TestCase, options: &TestExport) -> Result<u128> {
    let pattern = &case.pattern;
    let steps = serde_json::to_string(&pattern.steps)
        .map_err(|error| Error::invalid("steps", error, "steps that JSON can hold"))?;
    Ok(Digest::default()
        .text(&pattern.name)
        .text(&pattern.pattern_type)
        .option(pattern.component.as_deref())
        .option(pattern.objective.as_deref())
        .option(pattern.precondition.as_deref())
        .text(&steps)
        .texts(&pattern.labels)
        .number(pattern.avg_time_minutes.map(u64::from))
        .number(Some(u64::from(pattern.is_active)))
        .texts(&case.ids)
        .texts(case.tickets.iter().map(TicketKey::as_str))
        .number(Some(u64::from(options.bdd)))
        .option(options.project.as_deref())
        .hash())
}

/// The same as earlier versions made it, for what they have exported.
fn earlier_hash(case: &TestCase, options: &TestExport) -> u128 {
    let pattern = &case.pattern;
    let content = (
        (
            &pattern.name,
            &pattern.pattern_type,
            &pattern.component,
            &pattern.objective,
        ),
        (
            &pattern.precondition,
            &pattern.steps,
            &pattern.labels,
            pattern.avg_time_minutes,
        ),
        (
            pattern.is_active,
            &case.ids,
            &case.tickets,
            options.bdd,
            &options.project,
        ),
    );
    xxh3_128(format!("{content:?}").as_bytes())
}

/// Whether an id was given by the tool that the format is for.
fn is_of_tool(format: TestFormat, id: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    match format {
        TestFormat::TestrailCsv => id.strip_prefix('C').is_some_and(number),
        TestFormat::QaseCsv => id.strip_prefix("QASE-").is_some_and(number),
        TestFormat::ZephyrJson => id.rsplit_once("-T").is_some_and(|(_, n)| number(n)),
        TestFormat::XrayCloud | TestFormat::XrayDc | TestFormat::XrayCsv => {
            TicketKey::parse(id).is_ok_and(|key| !is_own(id) && key.as_str() == id)
        }
        _ => false,
    }
}

/// Reads what was written and says of each test case what is not as it was.
pub(super) fn not_held(
    written: &[Written],
    cases: &[TestCase],
    options: &TestExport,
    items: &mut [TestItem],
) -> Result<()> {
    if !options.format.holds_patterns() {
        return Ok(());
    }
    for one in written.iter().filter(|one| !one.cases.is_empty()) {
        let file = cases::read_again(one, options)?;
        let read = file
            .entries
            .into_iter()
            .filter_map(|entry| entry.value.ok());
        let read: HashMap<String, TestCase> = read
            .filter_map(|case| Some((case.ids.first()?.clone(), case)))
            .collect();
        for &place in &one.cases {
            let (Some(case), Some(item)) = (cases.get(place), items.get_mut(place)) else {
                continue;
            };
            match case.ids.first().and_then(|id| read.get(id)) {
                Some(read) => item.not_held = differences(case, read),
                None => item.reason = Some("it cannot be read again from this format".into()),
            }
        }
    }
    Ok(())
}

fn differences(case: &TestCase, read: &TestCase) -> Vec<TestField> {
    let (ours, theirs) = (&case.pattern, &read.pattern);
    let steps = |pattern: &TestPattern| pattern.steps.clone() as Vec<Step>;
    let same = [
        (TestField::Name, ours.name == theirs.name),
        (
            TestField::PatternType,
            ours.pattern_type == theirs.pattern_type,
        ),
        (TestField::Component, ours.component == theirs.component),
        (TestField::Objective, ours.objective == theirs.objective),
        (
            TestField::Precondition,
            ours.precondition == theirs.precondition,
        ),
        (TestField::Steps, steps(ours) == steps(theirs)),
        (TestField::Labels, ours.labels == theirs.labels),
        (
            TestField::Minutes,
            ours.avg_time_minutes == theirs.avg_time_minutes,
        ),
        (TestField::Active, ours.is_active == theirs.is_active),
        (TestField::Tickets, case.tickets == read.tickets),
    ];
    let differs = same.into_iter().filter(|(_, same)| !same);
    differs.map(|(field, _)| field).collect()
}

pub(super) fn notes(options: &TestExport, written: &[Written]) -> Vec<String> {
    let mut notes = Vec::new();
    match options.format {
        TestFormat::Junit => notes.push(
            "JUnit XML holds names, ids and tickets of tests, and no steps; all are marked as not run"
                .to_owned(),
        ),
        TestFormat::Markdown => notes.push("Markdown is for people and is not read again".into()),
        TestFormat::XrayCloud | TestFormat::XrayCsv => notes.push(
            "Xray makes new tests of every import; use the changes alone for what it has already"
                .into(),
        ),
        _ => {}
    }
    if written.len() > 1 && options.format != TestFormat::Gherkin {
        notes.push(format!(
            "{} files, since Xray takes 1,000 tests at once",
            written.len()
        ));
    }
    notes
}
