//! Pattern libraries: test cases of test-management tools as [`TestPattern`]s.
//!
//! **JSON**: one object a line, an array, or an object with a `patterns`, `testcases` or
//! `test_cases` array. An object with `pattern_type` is a [`TestPattern`] as ATLAS writes it.
//! Any other object is a test case, of which these fields are read, by these names or any other
//! that a table's column may have:
//!
//! | field | meaning |
//! |---|---|
//! | `name` (or `title`, `summary`) | the name, kept as it is; the one field that must be there |
//! | `key` (or `id`) | the library's key |
//! | `folder`, `path` | the type, where there is no `type`: the folder, or the path's last part |
//! | `component` | the component; without one, the folder |
//! | `objective`, `precondition` | Markdown |
//! | `steps` (or `test_steps`) | texts, or objects with `action` (`step`), `expected` (`expected_result`), `test_data` (`data`), in Markdown or HTML; a numbered list in one step becomes several steps; Given, When and Then count as in feature files |
//! | `labels`, `tags` | words that help to find it |
//! | `status` | retired, deprecated, obsolete and archived test cases are not active |
//! | `minutes` (or `avg_time_minutes`, `estimated_minutes`) | how long it takes |
//!
//! **CSV**: a column for the name (`name`, `title`, `test case`, `scenario`, `summary`), others
//! where they are there: component, type, steps, expected, minutes, key, objective,
//! precondition, labels, data, status. Steps stand in one cell, as a list or one a line; or one a
//! row, where the name is repeated or empty. A table without a column for results may write
//! `Submit => It is saved`; ` -> ` and ` | ` count where every step of the cell, and at least two,
//! has one.

use std::ops::ControlFlow;
use std::path::Path;

use serde_json::Value;

use super::cases::{self, table};
use super::input::{Delivery, Input};
use super::kind::Content;
use super::table::Table;
use super::{Each, ReadSummary, json, pattern_fields};
use crate::Result;
use crate::domain::{ReadOptions, Step, TestPattern};

const EXPECTED: &str = "patterns come as JSON (one test case a line, an array, or an object with \
    \"patterns\") with a \"name\" each, or as CSV with a column for the name (\"name\", \"title\" or \"test case\")";

const CASES: json::Shape = json::Shape {
    pages: &["patterns", "testcases", "test_cases", "testCases"],
    fields: &["name", "title", "summary"],
    weak: &[],
    expected: EXPECTED,
};

/// Reads the patterns of a file, one after the other. The format is told by the content.
///
/// # Errors
/// `FILE_FAILED` when the file cannot be read, `UNKNOWN_FORMAT` when it holds no patterns.
///
/// ```
/// use std::ops::ControlFlow;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("library.csv");
/// std::fs::write(&path, "Name,Type,Steps\nLog in,Authentication,\"1. Open the page => A form\n2. Submit\"\n").unwrap();
/// let mut patterns = Vec::new();
/// atlas_core::exchange::patterns::read_patterns(&path, &mut |record| {
///     patterns.extend(record.value);
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(patterns[0].steps.len(), 2);
/// assert_eq!(patterns[0].steps[0].expected.as_deref(), Some("A form"));
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn read_patterns(path: &Path, each: Each<'_, TestPattern>) -> Result<ReadSummary> {
    let options = ReadOptions::default();
    let input = Input::open(path, &options)?;
    match (input.content(), input.content().refusal()) {
        (_, Some(reason)) => Err(input.file.unknown(format!("{reason}; {EXPECTED}"))),
        (Content::Json, None) => json::read(input, &CASES, pattern_from_json, each),
        _ => read_table(input, &options, each),
    }
}

fn read_table(
    input: Input<'_>,
    options: &ReadOptions,
    each: Each<'_, TestPattern>,
) -> Result<ReadSummary> {
    let mut table = Table::open(input, options, &table::known_plain)?;
    let Some(mut cases) = table::plain(&table.columns) else {
        let shown = table.shown();
        let expected = format!("it has no column for the name ({shown}); {EXPECTED}");
        return Err(table.file.unknown(expected));
    };
    let mut delivery = Delivery::new(&table.file, each);
    let mut stopped = false;
    let truncated = table.each_row(|line, row| {
        let flow = cases.row_or_fault(line, row, &mut |line, case| {
            delivery.record(line, case.map(table::keyed))
        });
        stopped = flow.is_break();
        flow
    })?;
    if !stopped {
        let _: ControlFlow<()> =
            cases.finish(&mut |line, case| delivery.record(line, case.map(table::keyed)));
    }
    Ok(delivery.finish(truncated, table.account.finish()))
}

/// The pattern that a test case's JSON means; the format is described [above](self).
///
/// # Errors
/// The reason, in words.
pub fn pattern_from_json(case: &Value) -> std::result::Result<TestPattern, String> {
    match pattern_fields::is_written(case) {
        true => pattern_fields::read_written(case),
        false => cases::pattern_of_json(case),
    }
}

/// Steps as people write them: a list, or a line each, `2. Submit => It is saved` with or without
/// the number; or a JSON array in any form that a library may have. Numbers are taken away where
/// they are the list's own: 1, 2, 3 in order.
///
/// ```
/// use atlas_core::{domain::Step, exchange::patterns::steps_of_text};
/// let steps = steps_of_text("1. Open the form\n2. Submit => It is saved\n");
/// assert_eq!(steps[1], Step::new("Submit", "It is saved"));
/// assert_eq!(steps_of_text(r#"[{"action": "Submit", "expected": "It is saved"}]"#), steps[1..]);
/// ```
pub fn steps_of_text(text: &str) -> Vec<Step> {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ Value::Array(_)) => cases::steps_of_json(&value),
        _ => cases::steps::of_text(text, false),
    }
}
